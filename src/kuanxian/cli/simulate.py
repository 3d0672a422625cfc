"""``kuanxian simulate``: a lender's life, made up from a seed, as a book folder."""

import datetime
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

LOANS_HELP = "How many loans the book has."
YEARS_HELP = "Over how many years they were paid out, 1 to 20."
SEED_HELP = "Any whole number; the same seed gives the same bytes."
OUT_HELP = "The folder to make. It must not exist, or be empty."
UNTIL_HELP = "The last day of the book, YYYY-MM-DD; by default 2026-10-31."
JSON_HELP = "Print what was made as JSON, for a program."
UNTIL = datetime.datetime.fromisoformat("2026-10-31")
"""A fixed day, not today: the same command is to give the same book next year."""


def register(app: typer.Typer) -> None:
    """Add ``kuanxian simulate`` to the command line."""
    app.command("simulate")(simulate)


def simulate(
    loans: Annotated[int, typer.Option("--loans", help=LOANS_HELP, min=1)],
    out: Annotated[Path, typer.Option("--out", help=OUT_HELP)],
    years: Annotated[int, typer.Option("--years", help=YEARS_HELP, min=1, max=20)] = 3,
    seed: Annotated[int, typer.Option("--seed", help=SEED_HELP)] = 1,
    until: Annotated[
        datetime.datetime,
        typer.Option("--until", help=UNTIL_HELP, formats=["%Y-%m-%d"], show_default=False),
    ] = UNTIL,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Make up a loan book: applications, payments, lateness, plans, reversals, write-offs.

    Nobody in it exists. The folder is one that kuanxian close reads.

    \b
    Examples:
      kuanxian simulate --loans 10000 --out book
      kuanxian simulate --loans 1000000 --years 4 --seed 7 --until 2026-06-30 --out book
      kuanxian simulate --loans 500 --out book --json
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.base.days import day_number

    choices = {"loans": loans, "years": years, "seed": seed, "until_on": day_number(until.date())}
    book = _write(out, choices)
    if as_json:
        typer.echo(json.dumps(book.facts, sort_keys=True, ensure_ascii=False))
        return
    principal, paid = (_yuan(book.facts[name]) for name in ("principal_fen", "payment_fen"))
    typer.echo(f"{book.loans:,} loans, {book.events:,} events in {out}")
    typer.echo(f"{principal} yuan paid out, {paid} yuan paid in")


def _write(out: Path, choices: dict[str, int]) -> Any:
    """Write the book under a progress bar on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from kuanxian import simulate

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task("loans", total=choices["loans"])
        return simulate.book(out, **choices, tick=lambda count: progress.advance(task, count))


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen // 100:,}.{amount_fen % 100:02d}"
