"""Tally: what one slice adds to the figures of the day.

Counts and integer sums in small groups. Tallies of slices merge by addition, so the
whole book is never in memory, and a run that was broken off keeps those it has.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.close.arrays import Arrays, Bools, Ints
from kuanxian.loan.events import Kind
from kuanxian.loan.position import Position, Status
from kuanxian.state.local import Slice

STANDING_SUMS: Final = tuple(
    name
    for name in Position._fields
    if name.endswith("_fen") and name not in {"last_payment_fen", "next_due_fen"}
)
"""Amounts added up for each kind of standing."""
KEYS: Final = {
    "standing": ("status", "bucket", "coarse", "grade", "cured"),
    "vintages": ("month", "late"),
}
VINTAGE_SUMS: Final = ("drawn_fen", "outstanding_principal_fen")

COARSE_DAYS: Final = (0, 30, 60, 90, 180)
"""Upper ends of the coarse ageing: none, 1–30, 31–60, 61–90, 91–180, more."""
LATE_DAYS: Final = 30
SHOWN: Final = 10
"""How many offending loans are named."""
_COUNTS: Final = ("loans", "events", "principal_fen", "payment_fen", "refused_events")
_MONEY_IN: Final = pa.array([Kind.PAYMENT, Kind.SETTLEMENT, Kind.RECOVERY], pa.int8())
_KEY_BITS: Final = 12
"""Bits of one key; the largest is a month up to 2199-12, 2,759."""

Tally = dict[str, Any]


def tally_slice(piece: Slice, positions: pa.Table, at: Arrays, period_from_on: int) -> Tally:
    """Count and add up the positions of a slice.

    Args:
        piece: The slice.
        positions: Its positions, in order.
        at: The same as arrays.
        period_from_on: First day of the period cures are counted in.

    Returns:
        ``standing`` and ``vintages``: lists of rows, each the key columns, the count
        of loans, then the sums; and the figures of ``book.json``
        taken anew.
    """
    days = at["days_past_due"]
    status = at["status"]
    standing = [
        status,
        at["bucket"],
        np.searchsorted(np.array(COARSE_DAYS), days, side="left"),
        at["grade"],
        at["cured_on"] >= period_from_on,
    ]
    late: Bools = (days > LATE_DAYS) | (status == Status.WRITTEN_OFF)
    return {
        "loans": piece.loans.num_rows,
        "events": piece.events.num_rows,
        "principal_fen": _sum(piece.loans.column("principal_fen")),
        "payment_fen": _sum(piece.events.column("amount_fen").filter(_is_money(piece))),
        "refused_events": _sum(positions.column("refused_events")),
        "standing": _group(positions, standing, STANDING_SUMS),
        "vintages": _group(positions, [_months(piece, status), late], VINTAGE_SUMS),
    }


def blank() -> Tally:
    """Give the tally of no loans."""
    return dict.fromkeys(_COUNTS, 0) | {"standing": [], "vintages": []}


def merge(left: Tally, right: Tally) -> Tally:
    """Add two tallies up.

    Example:
        >>> one = {"loans": 1, "standing": [[2, 0, 0, 1, 0, 1, 500]]}
        >>> merge(one, one)
        {'loans': 2, 'standing': [[2, 0, 0, 1, 0, 2, 1000]]}
    """
    return {
        name: _add(name, left[name], right[name])
        if name in left and name in right
        else left.get(name, right.get(name))
        for name in sorted({*left, *right})
    }


def _add(name: str, left: Any, right: Any) -> Any:
    if isinstance(left, int):
        return left + right
    if isinstance(left, dict):
        return merge(left, right)
    if name == "first_loan_nos":
        return sorted([*left, *right])[:SHOWN]
    return _add_rows(left, right, len(KEYS[name]))


def _add_rows(left: list[list[int]], right: list[list[int]], keys: int) -> list[list[int]]:
    sums: dict[tuple[int, ...], list[int]] = {}
    for row in (*left, *right):
        key = tuple(row[:keys])
        old = sums.get(key)
        new = row[keys:]
        sums[key] = [a + b for a, b in zip(old, new, strict=True)] if old else new
    return [[*key, *sums[key]] for key in sorted(sums)]


def _group(
    positions: pa.Table, keys: Sequence[npt.NDArray[Any]], sums: Sequence[str]
) -> list[list[int]]:
    """Count rows and sum columns by key; the keys become one number for speed."""
    one = np.zeros(positions.num_rows, np.int64)
    for key in keys:
        one = (one << _KEY_BITS) | key.astype(np.int64)
    table = positions.select(list(sums)).append_column("key", pa.array(one))
    wanted = [("key", "count"), *[(name, "sum") for name in sums]]
    grouped = table.group_by("key", use_threads=False).aggregate(wanted)
    columns = [grouped.column("key_count"), *[grouped.column(f"{name}_sum") for name in sums]]
    rows = zip(
        grouped.column("key").to_pylist(), *[column.to_pylist() for column in columns], strict=True
    )
    return [[*_split(key, len(keys)), *figures] for key, *figures in sorted(rows)]


def _split(key: int, parts: int) -> list[int]:
    return [key >> (_KEY_BITS * place) & (1 << _KEY_BITS) - 1 for place in reversed(range(parts))]


def _months(piece: Slice, status: Ints) -> npt.NDArray[np.int64]:
    """Give each loan's month of disbursement, months since 1970-01; 0: not paid out yet."""
    days = piece.loans.column("disbursed_on").to_numpy()
    months: npt.NDArray[np.int64] = days.astype("datetime64[M]").astype(np.int64)
    return np.where(status == Status.PENDING, 0, months)


def _is_money(piece: Slice) -> pa.ChunkedArray:
    return pc.is_in(piece.events.column("kind"), value_set=_MONEY_IN)


def _sum(column: pa.ChunkedArray) -> int:
    return int(pc.sum(column).as_py() or 0)
