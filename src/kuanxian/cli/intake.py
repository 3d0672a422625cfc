"""``kuanxian intake``: a lender's files into a book."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

EPILOG = """\b
Examples:
  kuanxian intake loans.csv payments.csv --layout kuanxian --out book
  kuanxian intake export/ --layout our-bank.toml --out book --json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("intake", epilog=EPILOG)(intake)


def intake(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files or folders: CSV, JSON lines, Parquet, Excel. "
            "PART=PATH says which part of the layout a file is.",
        ),
    ],
    layout: Annotated[
        str, typer.Option(help="A shipped layout by name, or a layout file (.toml).")
    ],
    out: Annotated[Path, typer.Option(help="The folder of the book to make.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Read a lender's loans and events into a book; refuse, with a reason, what is not right."""
    from kuanxian.intake.layout_file import load_layout
    from kuanxian.intake.read import read_book
    from kuanxian.intake.sources import find_sources

    book = read_book(find_sources(sources), load_layout(layout), out)
    if as_json:
        facts = {key: book.facts[key] for key in ("loans", "events", "products", "refusals")}
        typer.echo(json.dumps({"book": str(out), **facts, **book.facts["source"]}, indent=2))
        return
    typer.echo(f"{out}: {book.loans:,} loans, {book.events:,} events")
    for line in report_lines(book.facts["source"]):
        typer.echo(line)


def report_lines(report: dict[str, Any]) -> list[str]:
    """Write the report of an intake as lines for a person."""
    lines = []
    for file in report["files"]:
        lines.append(
            f"{file['file']} ({file['part']}): {file['rows']:,} rows = "
            f"{file['taken']:,} taken + {file['refused']:,} refused"
        )
        if "encoding_may_be" in file:
            lines.append(
                f"  read as {file['encoding']}; the bytes make sense as {file['encoding_may_be']} "
                "too: if that is meant, say so in the layout"
            )
        named = {what: ", ".join(file[f"columns_{what}"]) for what in ("unread", "absent")}
        lines += [f"  columns {what}: {names}" for what, names in named.items() if names]
        for name, column in file["columns"].items():
            read_fen = column["sum_fen"] - column["refused_fen"]
            lines.append(
                f"  {name}: {yuan(column['sum_fen'])} in all rows = {yuan(read_fen)} in rows read "
                f"+ {yuan(column['refused_fen'])} in rows refused{_doubts(column)}"
            )
        for name, made in file["made"].items():
            lines.append(
                f"  {name}: {made['given']:,} of {yuan(made['given_fen'])} = "
                f"{made['taken']:,} of {yuan(made['taken_fen'])} in the book + "
                f"{made['refused_later']:,} of {yuan(made['refused_later_fen'])} refused"
            )
    lines += [f"refused, {reason}: {count:,}" for reason, count in report["reasons"].items()]
    return lines


def yuan(amount_fen: int) -> str:
    """Write an amount with two decimals.

    Example:
        >>> yuan(-1234567)
        '-12,345.67'
    """
    sign = "-" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def _doubts(column: dict[str, int]) -> str:
    doubts = ""
    if column["unreadable_cells"]:
        doubts += f", {column['unreadable_cells']:,} cells unreadable"
    if column["rounded_cells"]:
        off = column["rounded_off_ufen"]
        doubts += f", {column['rounded_cells']:,} cells rounded, {off:,} millionths of a fen off"
    return doubts
