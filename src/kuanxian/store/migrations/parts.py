"""Parts of the schema: SQL files, and one function out of one, as a step puts it back."""

import re
from pathlib import Path

# What reserves an act writes into cases alone.
CASES_ALONE = r"""
    IF NOT starts_with(p_streams[1], 'case\:') OR starts_with(p_key, 'vault\:')
        OR starts_with(p_key, 'consent\:') THEN
        RAISE EXCEPTION 'the streams of people and of the vault are written by its own functions'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
"""
FOLDER = Path(__file__).parent / "versions" / "sql"


def part(name: str) -> str:
    """Read a file of SQL, with its colons kept from being taken for parameters."""
    return re.sub(":", r"\\:", (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def function(file: str, name: str) -> str:
    """Take the definition of one function out of a file, to put in place of a later one."""
    found = re.search(
        rf"CREATE (?:OR REPLACE )?FUNCTION {re.escape(name)}\(.*?\n(?:END \$\$;|END;)\n",
        part(file),
        re.DOTALL,
    )
    assert found is not None, name
    return re.sub("^CREATE (OR REPLACE )?", "CREATE OR REPLACE ", found[0])


def changed(text: str, old: str, new: str) -> str:
    """Put other words at the one place of a definition where the old ones stand."""
    assert text.count(old) == 1, old
    return text.replace(old, new)
