"""Figures: the tally of the day arranged the ways people ask for it.

All of it is addition. The rows come from ``tally``: the key columns, the count of
loans, then the sums. Ageing, grades and cures look at loans that are still open
(current or overdue); what was written off or assigned is shown by status.
"""

from collections.abc import Sequence
from typing import Any, Final

from kuanxian.base.days import civil_of, date_of
from kuanxian.close.tally import COARSE_DAYS, KEYS, STANDING_SUMS
from kuanxian.loan.position import Status

BUCKETS: Final = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+")
GRADES: Final = ("normal", "mention", "substandard", "doubtful", "loss")

_OPEN: Final = (Status.CURRENT, Status.OVERDUE)
_KEY: Final = {name: place for place, name in enumerate(KEYS["standing"])}
_LOANS: Final = len(_KEY)
_SUM: Final = {name: _LOANS + 1 + place for place, name in enumerate(STANDING_SUMS)}

_SHOWN: Final = (
    *("outstanding_principal_fen", "outstanding_interest_fen", "outstanding_penalty_fen"),
    *("outstanding_fee_fen", "overdue_principal_fen", "overdue_interest_fen"),
)

Rows = Sequence[Sequence[int]]
Facts = dict[str, Any]


def sum_standing(rows: Rows) -> Facts:
    """Add up every amount over all loans of the book."""
    return _add(rows, STANDING_SUMS)


def by_status(rows: Rows) -> list[Facts]:
    """Arrange by status; every status has a row."""
    return [
        {"status": status.name.lower(), **_add(_where(rows, "status", status), _SHOWN)}
        for status in Status
    ]


def by_bucket(rows: Rows, policy: dict[str, int]) -> list[Facts]:
    """Arrange the open loans by ageing bucket, M0 … M6+.

    ``instalments_principal_fen`` is the overdue principal by the age of the instalment
    it belongs to, not of the loan: a loan in M3 has instalments in M1, M2 and M3.
    """
    ends = [0, *(policy[f"ageing_{bucket}_days"] for bucket in range(1, 7))]
    whole = _add(_open(rows), STANDING_SUMS)
    facts = []
    for bucket, name in enumerate(BUCKETS):
        facts.append(
            {
                "bucket": name,
                "from_days": ends[bucket - 1] + 1 if bucket else 0,
                "to_days": ends[bucket] if bucket < len(ends) else None,
                **_add(_where(_open(rows), "bucket", bucket), _SHOWN),
                "instalments_principal_fen": (
                    whole[f"overdue_principal_{bucket}_fen"] if bucket else 0
                ),
            }
        )
    return facts


def by_days(rows: Rows) -> list[Facts]:
    """Arrange the open loans by 1–30, 31–60, 61–90, 91–180 and more days past due."""
    return [
        {
            "from_days": COARSE_DAYS[place - 1] + 1 if place else 0,
            "to_days": COARSE_DAYS[place] if place < len(COARSE_DAYS) else None,
            **_add(_where(_open(rows), "coarse", place), _SHOWN),
        }
        for place in range(len(COARSE_DAYS) + 1)
    ]


def by_grade(rows: Rows) -> list[Facts]:
    """Arrange the open loans by the five grades."""
    return [
        {"grade": name, **_add(_where(_open(rows), "grade", place), _SHOWN)}
        for place, name in enumerate(GRADES, 1)
    ]


def count_cures(rows: Rows) -> Facts:
    """Count the loans whose last overdue episode ended in the period."""
    cured = _where(rows, "cured", 1)
    settled = [row for row in cured if row[_KEY["status"]] not in _OPEN]
    return {
        "loans": _add(cured, ())["loans"],
        "settled_loans": _add(settled, ())["loans"],
        "outstanding_principal_fen": _add(cured, _SHOWN)["outstanding_principal_fen"],
    }


def by_vintage(rows: Rows, as_of_on: int, earlier: Sequence[Facts]) -> list[Facts]:
    """Arrange by the month of disbursement, with a point for each close.

    Args:
        rows: From the tally: month, late or not, loans, drawn fen, outstanding fen.
        as_of_on: The day of this close.
        earlier: The vintages of the previous close; its points are carried on.

    Returns:
        By month: ``loans``, ``drawn_fen`` and ``points``, the last of them this close:
        how many loans are late (more than 30 days past due, or written off).
    """
    points = {fact["month"]: fact["points"] for fact in earlier}
    year, month_of_year, _ = civil_of(as_of_on)
    this_month = (year - 1970) * 12 + month_of_year - 1
    facts = []
    for month in sorted({row[0] for row in rows if row[0]}):
        name = f"{1970 + month // 12}-{month % 12 + 1:02d}"
        both = [row for row in rows if row[0] == month]
        late = [row for row in both if row[1]]
        point = {
            "as_of": date_of(as_of_on).isoformat(),
            "months": this_month - month,
            "late_loans": sum(row[2] for row in late),
            "late_principal_fen": sum(row[4] for row in late),
            "outstanding_principal_fen": sum(row[4] for row in both),
        }
        facts.append(
            {
                "month": name,
                "loans": sum(row[2] for row in both),
                "drawn_fen": sum(row[3] for row in both),
                "points": [*points.get(name, []), point],
            }
        )
    return facts


def _where(rows: Rows, key: str, value: int) -> Rows:
    return [row for row in rows if row[_KEY[key]] == value]


def _open(rows: Rows) -> Rows:
    return [row for row in rows if row[_KEY["status"]] in _OPEN]


def _add(rows: Rows, names: Sequence[str]) -> Facts:
    sums = {name: sum(row[_SUM[name]] for row in rows) for name in names}
    return {"loans": sum(row[_LOANS] for row in rows), **sums}
