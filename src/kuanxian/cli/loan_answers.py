"""What ``kuanxian loan … --json`` prints: a stable shape for programs.

Amounts are whole fen, days ISO dates or null, codes the lower-case names of their enums.
Each answer begins with ``format``; a change of shape changes its number.
"""

from collections.abc import Iterable
from typing import Any, Final

from kuanxian.base.days import NO_DAY, date_of
from kuanxian.intake.loan_file import LoanFile
from kuanxian.loan import Entry, Letter, Part, Payoff, Position, Refused, Row, Status, What
from kuanxian.loan.apr import AnnualRate, AprMethod
from kuanxian.loan.unit_period import UnitKind

_CODES: Final = {
    "status": Status,
    "letter": Letter,
    "refused_reason": Refused,
    "part": Part,
    "what": What,
}


def schedule_answer(rows: Iterable[Row]) -> dict[str, Any]:
    """Answer ``loan schedule``: each row with its total, and the totals of all rows."""
    listed = [_fields(row) | {"total_fen": row_total_fen(row)} for row in rows]
    names = ("principal_fen", "interest_fen", "fee_fen", "total_fen")
    total = {name: sum(row[name] for row in listed) for name in names}
    return {"format": "kuanxian-schedule/1", "rows": listed, "total": total}


def position_answer(
    as_of_on: int, at: Position, entries: Iterable[Entry] | None, loan: LoanFile
) -> dict[str, Any]:
    """Answer ``loan position``; with ``trace`` where it was asked for."""
    answer: dict[str, Any] = {"format": "kuanxian-position/1", "as_of_on": iso_day(as_of_on)}
    answer |= _fields(at)
    if entries is not None:
        answer["trace"] = [_entry(entry, loan) for entry in entries]
    return answer


def payoff_answer(on: int, quote: Payoff) -> dict[str, Any]:
    """Answer ``loan payoff``."""
    return {"format": "kuanxian-payoff/1", "on": iso_day(on)} | _fields(quote)


def apr_answer(rates: Iterable[tuple[AprMethod, AnnualRate | str]]) -> dict[str, Any]:
    """Answer ``loan apr``: a rate, or why there is none, for each method."""
    answers: list[dict[str, Any]] = []
    for method, rate in rates:
        answer: dict[str, Any] = {"convention": method.name.lower().replace("_", "-")}
        if isinstance(rate, str):
            answer["refused"] = rate
        else:
            answer |= {
                "rate_ppb": rate.rate_ppb,
                "unit": UnitKind(rate.unit.kind).name.lower(),
                "units": rate.unit.units,
                "period_rate_ppb": rate.period_rate_ppb,
                "residual_fen": rate.residual_fen,
            }
        answers.append(answer)
    return {"format": "kuanxian-apr/1", "rates": answers}


def row_total_fen(row: Row) -> int:
    """Add up what a row of the schedule asks for."""
    return row.principal_fen + row.interest_fen + row.fee_fen


def iso_day(day_on: int) -> str | None:
    """Write a day as an ISO date, no day as nothing.

    Example:
        >>> iso_day(20781), iso_day(-1)
        ('2026-11-24', None)
    """
    return None if day_on == NO_DAY else date_of(day_on).isoformat()


def _fields(figures: Any) -> dict[str, Any]:
    return {name: _value(name, figure) for name, figure in figures._asdict().items()}


def _value(name: str, figure: int) -> Any:
    if name in _CODES:
        return _CODES[name](figure).name.lower()
    if name == "on" or name.endswith("_on"):
        return iso_day(figure)
    return figure


def _entry(entry: Entry, loan: LoanFile) -> dict[str, Any]:
    """Write one entry of a trace; a refusal has a reason in place of an amount."""
    answer: dict[str, Any] = {
        "day_on": iso_day(entry.day_on),
        "seq": entry.seq or None,
        "id": loan.labels.get(entry.seq),
        "instalment": entry.row or None,
        "what": What(entry.what).name.lower(),
        "part": Part(entry.part).name.lower(),
    }
    if entry.what == What.REFUSED:
        return answer | {"refused": Refused(entry.amount_fen).name.lower()}
    return answer | {"amount_fen": entry.amount_fen}
