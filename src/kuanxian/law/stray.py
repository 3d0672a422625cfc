"""Stray: rule files where nobody reads them.

A rule that lies a folder too deep, beside the folders, or in one that holds no rules would be left
out of the rulebook without a word, and with it what it forbids.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from kuanxian.base.errors import RuleFileError
from kuanxian.law.table import read_toml

_RULE: Final = frozenset({"verdict", "condition"})
"""Keys by which a file is a rule's."""


def stray_files(folder: Path, not_topics: Collection[str]) -> Iterator[RuleFileError]:
    """Find the rule files of a country that the reader of rules would not open.

    Args:
        folder: The country's folder.
        not_topics: Its folders that hold no rules.
    """
    advice = f"Move it to {folder.name}/<topic>/<rule>.toml."
    for path in sorted(folder.rglob("*")):
        # A copy kept beside (.toml.bak, .toml~) or a blank behind the name takes a rule away too.
        if ".toml" not in path.name.lower() or not path.is_file():
            continue
        place = path.relative_to(folder.parent).as_posix()
        depth = len(path.relative_to(folder).parts)
        if path.suffix != ".toml" or depth > 2:
            yield RuleFileError(place, 1, "no rule is read from here", advice)
        elif (depth == 1 or path.parent.name in not_topics) and _is_rule(path, place):
            yield RuleFileError(place, 1, "it is a rule, and rules are not read from here", advice)


def _is_rule(path: Path, place: str) -> bool:
    try:
        return read_toml(path, place).data.keys() >= _RULE
    except RuleFileError:
        return False  # Whoever reads it says what is wrong with it.
