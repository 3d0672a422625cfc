"""``kuanxian journal take`` and ``export``: books into the journal, ledgers and lines out."""

import datetime
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from kuanxian.cli.journal_place import connected
from kuanxian.cli.up import Data, Url, chosen_place

FORMAT_HELP = "jsonl: every entry as a line; beancount: the ledger of all loans."
OUT_HELP = "Where to write; by default standard output."
AS_OF_HELP = "The ledger's last day; by default today."
ACTOR_HELP = "Who brings it in, as the entries will say: one word."


class Form(StrEnum):
    """What an export looks like."""

    JSONL = "jsonl"
    BEANCOUNT = "beancount"


def register(group: typer.Typer) -> None:
    """Add the commands that move books in and out of the journal."""
    group.command("take")(take)
    group.command("export")(export)


def take(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="A book folder.")],
    data: Data = None,
    database_url: Url = None,
    actor: Annotated[str, typer.Option("--actor", help=ACTOR_HELP)] = "system:intake",
) -> None:
    """Append every contract and every event of a book; what is there already is left alone.

    \b
    Examples:
      kuanxian journal take book
      kuanxian journal take book --actor officer:17
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.close.journalled import take_book
    from kuanxian.intake.book import open_book
    from kuanxian.journal.writer import Writer
    from kuanxian.store.place import engine, open_connection

    found = open_book(book)
    made = engine(chosen_place(database_url, data), "kx_app")
    open_connection(made).close()
    with Writer(made) as writer:
        taken = take_book(found, writer, actor)
    typer.echo(f"{taken.appended:,} entries appended, {taken.repeated:,} were there already")


def export(
    data: Data = None,
    database_url: Url = None,
    form: Annotated[Form, typer.Option("--format", help=FORMAT_HELP)] = Form.JSONL,
    out: Annotated[Path | None, typer.Option("--out", help=OUT_HELP, show_default=False)] = None,
    as_of: Annotated[
        datetime.datetime | None,
        typer.Option("--as-of", help=AS_OF_HELP, formats=["%Y-%m-%d"], show_default=False),
    ] = None,
) -> None:
    """Write the journal out: its entries, or the double-entry ledger of all loans.

    The first ledger compiles the kernel, which takes a minute.

    \b
    Examples:
      kuanxian journal export --out journal.jsonl
      kuanxian journal export --format beancount --as-of 2026-10-31 --out loans.beancount
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.base.days import day_number
    from kuanxian.base.errors import JournalError
    from kuanxian.close.accounting import write_ledger
    from kuanxian.close.journalled import tell_loans
    from kuanxian.journal.evidence import entry_words
    from kuanxian.journal.read import read_entries

    until = (as_of or datetime.datetime.now()).date()  # noqa: DTZ005 - the day where we are
    with connected(data, database_url, "kx_audit") as connection, _opened(out) as file:
        if form == Form.BEANCOUNT:
            left_out: list[str] = []
            told, title = tell_loans(connection, left_out=left_out), f"Loans to {until}"
            totals = write_ledger(told, file, as_of_on=day_number(until), title=title)
            said = f"{totals.transactions:,} transactions of {totals.loans:,} loans, balanced"
            typer.echo(said, err=True)
            if left_out:
                first = f"{len(left_out):,} left out, the first {left_out[0]}"
                raise JournalError(first, "holds an entry that is no loan's", "See who wrote it.")
            return
        for entry in read_entries(connection):
            file.write(json.dumps(entry_words(entry), sort_keys=True, ensure_ascii=False) + "\n")


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    """Open a file, or lend standard output."""
    if out is None:
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8") as file:
        yield file
