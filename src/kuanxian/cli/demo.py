"""``kuanxian demo``: a made-up book, two month ends, and where to look."""

import datetime
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.base.days import day_number, month_start
from kuanxian.base.errors import BookError
from kuanxian.cli.loan_words import STATUS, Language, default_language

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LOANS = 20_000
YEARS = 2
SEED = 20_261_031
DAYS = (datetime.date(2026, 9, 30), datetime.date(2026, 10, 31))
"""The two month ends; the book ends on the second."""

MARK = "made-by-kuanxian-demo"
"""A folder with this file in it is the demo's own and is made anew."""

WORDS = {
    # Key: Chinese, English.
    "simulating": ("虚构一本贷款台账", "Making up a loan book"),
    "closing": ("日终", "Closing"),
    "compiling": (
        "（先编译计算内核，约一分钟，仅此一次）",
        " (the kernel is compiled first: about a minute, once)",
    ),
    "standing": ("日终状态", "Where the loans stand at the close of"),
    "status": ("状态", "Status"),
    "ageing": ("未结清借款的账龄", "Ageing of the open loans"),
    "bucket": ("账龄", "Bucket"),
    "days": ("逾期天数", "Days past due"),
    "loans": ("笔数", "Loans"),
    "outstanding": ("剩余本金", "Principal"),
    "overdue": ("逾期本金", "Overdue principal"),
    "total": ("合计", "Total"),
    "law": ("逾期借款今日可做与不得做", "What may be done today with the overdue loans"),
    "act": ("行为", "Act"),
    "may": ("可做", "May"),
    "must_not": ("不得做", "Must not"),
    "open": ("未定", "Open: not a yes"),
    "open_means": (
        "台账里没有同意、告知与联系记录：缺少的事实由 --facts 或案卷提供，未定即不得做。",
        "A loan book tells no consents, notices or contacts: --facts or the case does. "
        "Until then it is not a yes.",
    ),
    "reconciled": (
        "对账：{loans} 笔借款、{events} 个事件，{checks} 项核对全部通过；还款 {paid} 逐分入账。",
        "Reconciled: {checks} checks hold over {loans} loans and {events} events; "
        "each fen of the {paid} paid is accounted for.",
    ),
    "report": ("报表", "Report"),
}


class Speech:
    """Words in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = 0 if language == Language.ZH else 1

    def __call__(self, key: str, **figures: str) -> str:
        """Say a word or a sentence."""
        return WORDS[key][self._place].format(**figures)

    def status(self, name: str) -> str:
        """Name a status."""
        return STATUS[name][self._place]


def register(app: typer.Typer) -> None:
    """Add ``kuanxian demo`` to the command line."""
    app.command("demo")(demo)


def demo(
    out: Annotated[
        Path, typer.Option("--out", help="The folder to make; one of an earlier demo is replaced.")
    ] = Path("demo"),
    lang: Annotated[
        Language | None,
        typer.Option("--lang", help="zh or en. By default that of LANG.", show_default=False),
    ] = None,
) -> None:
    """Show the main job: make up a small book, close two month ends, print the result.

    Nobody in the book exists, and it is the same book every time.

    \b
    Examples:
      kuanxian demo
      kuanxian demo --out trial --lang zh
    """  # noqa: D301 - the command line reads the backspace, which a raw string would not hold
    from rich.console import Console

    say = Speech(lang or default_language())
    make_room(out)
    summary = run(out, say, Console(stderr=True, highlight=False))
    show(summary, say, Console(highlight=False))
    typer.echo(f"{say('report')}: {out / DAYS[-1].isoformat() / 'report.html'}")


def make_room(out: Path) -> None:
    """Make the folder, or empty it where an earlier demo made it.

    Raises:
        BookError: It holds something that is not the demo's.
    """
    if out.is_dir() and any(out.iterdir()):
        if not (out / MARK).is_file():
            raise BookError(str(out), "holds something else", "Name another folder with --out.")
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).touch()


def run(out: Path, say: Speech, console: "Console") -> dict[str, Any]:
    """Make the book, close both days, and return the summary of the second."""
    from kuanxian import simulate
    from kuanxian.close.order import Order
    from kuanxian.close.run import close_day
    from kuanxian.close.verdicts import open_law
    from kuanxian.state.compiled import cache_folder

    book = out / "book"
    with _timed(console, say("simulating")):
        simulate.book(book, loans=LOANS, years=YEARS, seed=SEED, until_on=day_number(DAYS[-1]))
    previous, law = None, open_law()
    for date in DAYS:
        as_of_on = day_number(date)
        folder = out / date.isoformat()
        note = "" if cache_folder().is_dir() else say("compiling")
        with _timed(console, f"{say('closing')} {date}{note}"):
            outcome = close_day(
                Order(book, folder, as_of_on, month_start(as_of_on), previous=previous, law=law)
            )
        previous = folder
    return outcome.summary


@contextmanager
def _timed(console: "Console", what: str) -> Iterator[None]:
    """Say what is being done, and when it is done, how long it took."""
    start = time.perf_counter()
    with console.status(f"{what} …"):
        yield
    console.print(f"{what}: {time.perf_counter() - start:.1f} s", soft_wrap=True)


def show(summary: dict[str, Any], say: Speech, console: "Console") -> None:
    """Print where the loans stand, how late they are, what may be done, and that it adds up."""
    from kuanxian.close.report.amounts import show_count, show_exact

    status = _table(f"{say('standing')} {summary['as_of']}", say, "status")
    seen = [row for row in summary["status"] if row["loans"]]
    _fill(status, [(say.status(row["status"]), row) for row in seen], say)
    ageing = _table(say("ageing"), say, "bucket", "days")
    _fill(ageing, [(row["bucket"], _span(row), row) for row in summary["ageing"]], say)
    console.print(status, ageing, _acts(summary["law"], say))
    checks = summary["reconciliation"]
    paid = next(row for row in checks if row["name"] == "book_payment")
    console.print(
        say(
            "reconciled",
            checks=str(sum(row["holds"] for row in checks)),
            loans=show_count(summary["book"]["loans"]),
            events=show_count(summary["book"]["events"]),
            paid=show_exact(paid["right"]),
        ),
        soft_wrap=True,
    )


def _table(title: str, say: Speech, *heads: str) -> "Table":
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", show_footer=True)
    for head in heads:
        table.add_column(say(head))
    for head in ("loans", "outstanding", "overdue"):
        table.add_column(say(head), justify="right")
    return table


def _acts(law: dict[str, Any], say: Speech) -> "Table":
    """Lay out what each act comes to in the overdue loans."""
    from rich.table import Table

    from kuanxian.close.report.amounts import show_count
    from kuanxian.close.said import ANSWERS

    table = Table(
        title=say("law"), title_justify="left", title_style="bold",
        caption=say("open_means"), caption_justify="left",
    )  # fmt: skip
    table.add_column(say("act"))
    for answer in ANSWERS:
        table.add_column(say(answer), justify="right")
    for row in law["acts"]:
        table.add_row(row[say.language.value], *(show_count(row[name]) for name in ANSWERS))
    return table


def _fill(table: "Table", rows: list[tuple[Any, ...]], say: Speech) -> None:
    """Add rows of words and figures, and their sums as the footer."""
    from kuanxian.close.report.amounts import show_count, show_exact

    figures: dict[str, Callable[[int], str]] = {
        "loans": show_count,
        "outstanding_principal_fen": show_exact,
        "overdue_principal_fen": show_exact,
    }
    for *words, row in rows:
        table.add_row(*words, *(write(row[name]) for name, write in figures.items()))
    table.columns[0].footer = say("total")
    sums = [write(sum(row[-1][name] for row in rows)) for name, write in figures.items()]
    for column, total in zip(table.columns[-len(sums) :], sums, strict=True):
        column.footer = total


def _span(row: dict[str, Any]) -> str:
    if row["to_days"] is None:
        return f"> {row['from_days'] - 1}"
    return f"{row['from_days']}–{row['to_days']}" if row["to_days"] else "0"
