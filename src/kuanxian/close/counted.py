"""Counted: which events of a slice count on a day, and what they add up to by loan.

This is the other side of the reconciliation: it reads the events as they came, without
the kernel, and adds the same money up again. Arrays have one entry an event or one
entry a loan of the slice, in the order of the slice; all are integers.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kuanxian.loan.events import Kind
from kuanxian.state.local import Slice

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class Money(NamedTuple):
    """What the events say was moved up to the day, by loan. (loans,) int64 fen."""

    received_fen: Ints
    """Payments, settlements and recoveries."""
    refunded_fen: Ints
    drawn_fen: Ints
    """Drawdowns after the first."""
    corrected: Bools
    """Whether a correction of terms counts."""


def add_up(piece: Slice, as_of_on: int, refused: Ints) -> Money:
    """Add up the money of a slice by loan, from the events alone.

    Left out are events dated after the day, events that a reversal dated on or before
    the day takes back, and those the kernel refused.

    Args:
        piece: The slice.
        as_of_on: The day.
        refused: (r,) keys of refused events, from ``event_keys``; any order.
    """
    kind = as_array(piece, "kind")
    counts = as_array(piece, "value_on") <= as_of_on
    counts &= ~_taken_back(piece, kind, counts)
    if refused.size:
        counts &= ~np.isin(event_keys(piece), refused)
    amount_fen = np.where(counts, as_array(piece, "amount_fen"), 0)
    bounds = _bounds(piece)
    received = (kind == Kind.PAYMENT) | (kind == Kind.SETTLEMENT) | (kind == Kind.RECOVERY)
    return Money(
        _by_loan(amount_fen * received, bounds),
        _by_loan(amount_fen * (kind == Kind.REFUND), bounds),
        _by_loan(amount_fen * (kind == Kind.DRAWDOWN), bounds),
        _by_loan((counts & (kind == Kind.CORRECTION)).astype(np.int64), bounds) > 0,
    )


def as_array(piece: Slice, name: str) -> npt.NDArray[np.int64]:
    """See a column of the slice's events as integers."""
    column = piece.events.column(name)
    if name.endswith("_on"):
        column = column.cast("int32")
    array: npt.NDArray[np.int64] = column.to_numpy()
    return array


def event_keys(piece: Slice, seq: str = "seq") -> Ints:
    """Make one number of loan and sequence number, unique in a book. (events,) int64."""
    return (as_array(piece, "loan_no").astype(np.int64) << 32) + as_array(piece, seq)


def _taken_back(piece: Slice, kind: npt.NDArray[np.int64], in_time: Bools) -> Bools:
    """Find the events that a reversal takes back; it takes back earlier numbers only."""
    seq = as_array(piece, "seq")
    ref_seq = as_array(piece, "ref_seq")
    strikes = in_time & (kind == Kind.REVERSAL) & (ref_seq < seq)
    if not strikes.any():
        return np.zeros(len(kind), np.bool_)
    keys = event_keys(piece)
    targets = event_keys(piece, "ref_seq")
    taken: Bools = np.isin(keys, targets[strikes])
    if (taken & strikes).any():
        strikes = _still_striking(strikes, taken, keys, targets)
        taken = np.isin(keys, targets[strikes])
    return taken


def _still_striking(strikes: Bools, taken: Bools, keys: Ints, targets: Ints) -> Bools:
    """Leave out reversals that a later reversal took back, the latest first."""
    loans = np.isin(keys >> 32, (keys >> 32)[taken & strikes])
    struck: set[int] = set()
    still = strikes.copy()
    rows = np.flatnonzero(strikes & loans)
    for row in rows[np.argsort(-(keys[rows] & 0xFFFFFFFF), kind="stable")]:
        if int(keys[row]) in struck:
            still[row] = False
        else:
            struck.add(int(targets[row]))
    return still


def _bounds(piece: Slice) -> Ints:
    """Find where the events of each loan begin; one more entry for the end."""
    numbers = np.arange(piece.begin.loan_no, piece.end.loan_no + 1)
    bounds: Ints = np.searchsorted(as_array(piece, "loan_no"), numbers)
    return bounds


def _by_loan(amount: Ints, bounds: Ints) -> Ints:
    """Sum by loan: differences of the running total, exact in int64."""
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(amount, dtype=np.int64)))
    sums: Ints = total[bounds[1:]] - total[bounds[:-1]]
    return sums
