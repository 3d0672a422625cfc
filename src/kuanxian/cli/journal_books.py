"""``kuanxian journal export``: the journal as lines, for other programs."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from kuanxian.cli.journal_place import connected
from kuanxian.cli.up import Data, Url


def register(group: typer.Typer) -> None:
    """Add the commands that move books in and out of the journal."""
    group.command("export")(export)


def export(
    data: Data = None,
    database_url: Url = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write; by default standard output."),
    ] = None,
) -> None:
    """Write every entry as a line of JSON.

    \b
    Example:
      kuanxian journal export --out journal.jsonl
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.journal.evidence import entry_words
    from kuanxian.journal.read import read_entries

    file = out.open("w", encoding="utf-8") if out else sys.stdout
    with connected(data, database_url, "kx_audit") as connection, file:
        for entry in read_entries(connection):
            file.write(json.dumps(entry_words(entry), sort_keys=True, ensure_ascii=False) + "\n")
