"""What ``kuanxian loan`` prints for people: tables, in Chinese or English."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table
from rich.text import Text

from kuanxian.cli.loan_answers import row_total_fen
from kuanxian.cli.loan_words import CONVENTION, STATUS, WORDS, Language, day, percent, word, yuan
from kuanxian.loan import Payoff, Position, Row, Status
from kuanxian.loan.apr import AnnualRate, AprMethod
from kuanxian.loan.unit_period import UnitKind

_PARTS: Final = ("principal", "interest", "penalty", "fee")
_LINES: Final = (
    "days_past_due",
    "days_past_due_grace",
    "bucket",
    "overdue_instalments",
    "oldest_unpaid_due_on",
    "default_since_on",
    "next_due_on",
    "next_due_fen",
    "instalments_left",
    "accrued_interest_fen",
    "credit_fen",
    "payoff_fen",
    "paid_fen",
    "waived_fen",
    "maturity_on",
    "refused_events",
)
_PAYOFF_LINES: Final = (
    ("principal_fen", "principal_fen"),
    ("interest_fen", "interest_fen"),
    ("penalty_fen", "penalty_fen"),
    ("fee_fen", "fee_fen"),
    ("settlement_fee_fen", "settlement_fee_fen"),
    ("credit_fen", "credit_off"),
    ("total_fen", "total_fen"),
)
_UNITS: Final = {
    UnitKind.DAY: ("日", "day"),
    UnitKind.WEEK: ("周", "week"),
    UnitKind.MONTH: ("月", "month"),
    UnitKind.SEMIMONTH: ("半月", "half month"),
}


def schedule_page(rows: list[Row], language: Language) -> list[Table]:
    """Show the rows of a schedule and their totals."""
    table = _table("schedule", language)
    amounts = ("opening_fen", "principal_fen", "interest_fen", "fee_fen")
    for key in ("number", "start_on", "due_on", *amounts, "total"):
        numeric = key in amounts or key in ("number", "total")
        table.add_column(_say(key, language), justify="right" if numeric else "left")
    for row in rows:
        figures = [yuan(getattr(row, name)) for name in amounts]
        cells = [str(row.number), day(row.start_on), day(row.due_on), *figures]
        table.add_row(*cells, yuan(row_total_fen(row)))
    totals = [yuan(sum(getattr(row, name) for row in rows)) for name in amounts[1:]]
    table.add_section()
    table.add_row(_say("total", language), "", "", "", *totals, yuan(sum(map(row_total_fen, rows))))
    return [table]


def position_page(as_of_on: int, at: Position, language: Language) -> list[Table | Text]:
    """Show where a loan stands: its status, what is owed by part, and the rest."""
    title = f"{_say('position', language)} {day(as_of_on)}"
    status = word(STATUS[Status(at.status).name.lower()], language)
    owed = _table("owed", language)
    owed.add_column("")
    for key in ("outstanding", "due", "overdue"):
        owed.add_column(_say(key, language), justify="right")
    for part in _PARTS:
        figures = [getattr(at, f"{key}_{part}_fen") for key in ("outstanding", "due", "overdue")]
        owed.add_row(_say(f"{part}_fen", language), *map(yuan, figures))
    rest = _two_columns()
    rest.add_row(_say("status", language), status)
    for key in _LINES:
        rest.add_row(_say(key, language), _figure(key, getattr(at, key)))
    return [Text(title, style="bold"), rest, owed]


def payoff_page(on: int, quote: Payoff, language: Language) -> list[Table | Text]:
    """Show what settles a loan, part by part."""
    table = _two_columns()
    for field, key in _PAYOFF_LINES:
        if key == "total_fen":
            table.add_section()
        table.add_row(_say(key, language), yuan(getattr(quote, field)))
    return [Text(f"{_say('payoff', language)} {day(on)}", style="bold"), table]


def apr_page(
    rates: Iterable[tuple[AprMethod, AnnualRate | str]], language: Language
) -> list[Table | Text]:
    """Show the annual rate by each convention, or why there is none."""
    table = _table("apr", language)
    for key in ("convention", "rate", "period", "period_rate", "meaning"):
        table.add_column(_say(key, language), justify="right" if "rate" in key else "left")
    for method, rate in rates:
        name = method.name.lower()
        if isinstance(rate, str):
            table.add_row(name.replace("_", "-"), "-", "", "", rate)
            continue
        unit = word(_UNITS[UnitKind(rate.unit.kind)], language)
        table.add_row(
            name.replace("_", "-"),
            percent(rate.rate_ppb),
            f"{rate.unit.units} {unit}",
            percent(rate.period_rate_ppb),
            word(CONVENTION[name], language),
        )
    return [table, Text(_say("apr_note", language), style="dim")]


def _figure(key: str, figure: int) -> str:
    if key.endswith("_fen"):
        return yuan(figure)
    return day(figure) if key.endswith("_on") else str(figure)


def _say(key: str, language: Language) -> str:
    return word(WORDS[key], language)


def _table(title: str, language: Language) -> Table:
    return Table(title=_say(title, language), title_justify="left", title_style="bold")


def _two_columns() -> Table:
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    return table
