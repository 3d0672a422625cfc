"""``kuanxian close``: close a day over a whole book."""

import datetime
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Self

import typer

from kuanxian.cli.evening import Send, end_evening, run_evening, settings
from kuanxian.cli.gate_place import Registered

Previous = Annotated[
    Path | None, typer.Option("--previous", help="The close of an earlier day, to compare with.")
]
Grades = Annotated[
    Path | None, typer.Option("--policy", help="A TOML file: ageing buckets and grades.")
]
PeriodFrom = Annotated[
    str | None,
    typer.Option("--period-from", help="First day of the period; else that of the month."),
]
Facts = Annotated[
    Path | None,
    typer.Option("--facts", help="A Parquet file: loan_id and further facts for the rules."),
]
LawPolicy = Annotated[
    Path | None, typer.Option("--law-policy", help="A firm's own policy for the rules (TOML).")
]
Country = Annotated[str, typer.Option("--country", help="Whose rules apply.")]
NoLaw = Annotated[bool, typer.Option("--no-law", help="Make no verdicts.parquet.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Then run the evening over the cases in this data folder."),
]
Url = Annotated[
    str | None, typer.Option("--database-url", help="The same in a PostgreSQL of your own.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "close",
        help="Say for every loan of a book where it stands at the close of a day.",
        epilog="Example: kuanxian close BOOK --as-of 2026-09-30 --out closes/2026-09-30",
    )(close)


def close(
    context: typer.Context,
    book: Annotated[
        Path, typer.Argument(help="The book: a folder made by `kuanxian intake` or `simulate`.")
    ],
    *,
    as_of: Annotated[str, typer.Option("--as-of", help="The day to close, YYYY-MM-DD.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to publish; appears whole.")],
    previous: Previous = None,
    policy: Grades = None,
    period_from: PeriodFrom = None,
    threads: Annotated[
        int, typer.Option("--threads", help="Slices worked on at a time; 0: one a processor.")
    ] = 0,
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare every byte of the book with its SHA-256.")
    ] = False,
    facts: Facts = None,
    law_policy: LawPolicy = None,
    country: Country = "cn",
    no_law: NoLaw = False,
    data: Data = None,
    database_url: Url = None,
    registered: Registered = None,
    send: Send = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json.")] = False,
) -> None:
    """Close a day and say where the outcome is."""
    import os

    from kuanxian.base.days import day_number, month_start
    from kuanxian.close.order import Order
    from kuanxian.close.policy import read_policy
    from kuanxian.close.run import close_day
    from kuanxian.close.verdicts import open_law

    as_of_on = day_number(_date("--as-of", as_of))
    from_on = day_number(_date("--period-from", period_from)) if period_from else None
    order = Order(
        book,
        out,
        as_of_on,
        month_start(as_of_on) if from_on is None else from_on,
        read_policy(policy),
        previous,
        threads or os.cpu_count() or 1,
        verify,
        law=None if no_law else open_law(country, law_policy, facts),
    )
    _warn_of_compiling()
    with _Bar() as bar:
        outcome = close_day(order, bar.show)
    if as_json:
        print(json.dumps(outcome.summary, indent=2, sort_keys=True, ensure_ascii=False))
    else:
        _tell(outcome.summary, out, already=outcome.already)
    if data is not None or database_url is not None:
        context.obj = settings(data, database_url, out, registered, country, law_policy)
        told = run_evening(context, out, as_of_on, send)
        end_evening(told, out, as_json=as_json)


def _warn_of_compiling() -> None:
    """Say why nothing moves for a minute, where somebody looks."""
    from kuanxian.state.compiled import cache_folder

    if sys.stderr.isatty() and not cache_folder().exists():
        typer.echo("compiling the kernel for this machine; about a minute, once", err=True)


def _date(option: str, text: str) -> datetime.date:
    from kuanxian.base.errors import CloseError

    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if (
        day is None
        or day.isoformat() != text
        or not datetime.date(1970, 1, 1) <= day <= datetime.date(2199, 12, 31)
    ):
        raise CloseError(option, "is not a day", "give it as YYYY-MM-DD, 1970 to 2199")
    return day


def _tell(summary: dict[str, Any], out: Path, *, already: bool) -> None:
    """Say in a few lines what the day came to."""
    from kuanxian.close.report.amounts import show_count, show_exact

    buckets = summary["ageing"]
    late = sum(row["loans"] for row in buckets[1:])
    late_fen = sum(row["outstanding_principal_fen"] for row in buckets[1:])
    late_amount = show_exact(late_fen, summary["book"]["currency"])
    loans, events = (show_count(summary["book"][name]) for name in ("loans", "events"))
    typer.echo(f"closed {summary['as_of']}: {loans} loans, {events} events")
    typer.echo(f"open: {show_count(sum(row['loans'] for row in buckets))} loans")
    typer.echo(f"overdue: {show_count(late)} loans, outstanding principal {late_amount}")
    typer.echo(f"refused events: {show_count(summary['refusals']['events'])}")
    for warning in _unrecorded(summary["previous"]):
        typer.echo(f"warning: {warning}; see the report", err=True)
    typer.echo(f"report: {out / 'report.html'}")
    if already:
        typer.echo("already closed, verified: nothing was written")


def _unrecorded(previous: dict[str, Any] | None) -> list[str]:
    """Say what is other than at the previous close, and no event says why."""
    if previous is None:
        return []
    cash = previous["cash"]["differences"].get("unrecorded", {"loans": 0})["loans"]
    contracts = previous.get("contracts", {"missing": 0, "changed": 0})
    found = {
        f"the cash of {cash:,} loans changed without a recorded day": cash,
        f"{contracts['missing']:,} loans of the previous close are missing": contracts["missing"],
        f"the contracts of {contracts['changed']:,} loans changed without an event": contracts[
            "changed"
        ],
    }
    return [words for words, loans in found.items() if loans]


class _Bar:
    """A progress bar on standard error, with loans a second; none where nobody looks."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.text import Text

        class Speed(ProgressColumn):
            def render(self, task: Task) -> Text:
                seconds = max(int(task.elapsed or 0), 1)
                return Text(f"{int(task.speed or task.completed // seconds):,} loans/s")

        self._progress = Progress(
            TextColumn("closing"),
            BarColumn(),
            MofNCompleteColumn(),
            Speed(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._task = self._progress.add_task("closing", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, whole: int) -> None:
        """Show how far the close is."""
        self._progress.update(self._task, completed=done, total=whole)
