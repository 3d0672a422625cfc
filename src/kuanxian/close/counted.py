"""Counted: which events of a slice count on a day, and what they add up to by loan.

This is the other side of the reconciliation: it reads the events as they came, without
the kernel, and adds the same money up again. Arrays have one entry an event or one
entry a loan of the slice, in the order of the slice; all are integers.
"""

from typing import Final, NamedTuple

import numpy as np

from kuanxian.close.arrays import Arrays, Bools, Ints
from kuanxian.loan.events import Kind
from kuanxian.state.local import Slice

_RECEIVED, _REFUNDED, _DRAWN, _CORRECTED, _REVERSAL = range(1, 6)
_SORTS: Final = np.zeros(256, np.uint8)
"""What a kind means for the sums, by its code; 0: nothing. A negative code wraps round."""
for _kind, _sort in {
    Kind.PAYMENT: _RECEIVED,
    Kind.SETTLEMENT: _RECEIVED,
    Kind.RECOVERY: _RECEIVED,
    Kind.REFUND: _REFUNDED,
    Kind.DRAWDOWN: _DRAWN,
    Kind.CORRECTION: _CORRECTED,
    Kind.REVERSAL: _REVERSAL,
}.items():
    _SORTS[_kind] = _sort


class Money(NamedTuple):
    """What the events say was moved up to the day, by loan. (loans,) int64 fen."""

    received_fen: Ints
    """Payments, settlements and recoveries."""
    refunded_fen: Ints
    drawn_fen: Ints
    """Drawdowns after the first."""
    corrected: Bools
    """Whether a correction of terms counts."""


def add_up(piece: Slice, events: Arrays, as_of_on: int, refused: Ints) -> Money:
    """Add up the money of a slice by loan, from the events alone.

    Left out are events dated after the day, events that a reversal dated on or before
    the day takes back, amounts below 0, and those the kernel refused.

    Args:
        piece: The slice.
        events: Its events.
        as_of_on: The day.
        refused: (r,) keys of refused events, from ``event_keys``; any order.
    """
    sort = _SORTS[events["kind"]]
    counts = events["value_on"] <= as_of_on
    loan_at = events["loan_no"] - piece.begin.loan_no
    loans = piece.loans.num_rows
    counts[_taken_back(events, loan_at, loans, counts & (sort == _REVERSAL))] = False
    counts &= events["amount_fen"] >= 0
    if refused.size:
        counts &= ~np.isin(event_keys(events), refused)
    few = np.flatnonzero(counts & (sort > _RECEIVED))

    def sum_few(wanted: int) -> Ints:
        rows = few[sort[few] == wanted]
        sums: Ints = np.zeros(loans, np.int64)
        np.add.at(sums, loan_at[rows], events["amount_fen"][rows])
        return sums

    return Money(
        _received(piece, events, counts & (sort == _RECEIVED)),
        sum_few(_REFUNDED),
        sum_few(_DRAWN),
        np.bincount(loan_at[few[sort[few] == _CORRECTED]], minlength=loans) > 0,
    )


def event_keys(events: Arrays, seq: str = "seq", rows: Ints | None = None) -> Ints:
    """Make one number of loan and sequence number, unique in a book.

    Args:
        events: The events.
        seq: The column of the sequence number.
        rows: Which events; None: all of them.
    """
    loan_no, number = events["loan_no"], events[seq]
    if rows is not None:
        loan_no, number = loan_no[rows], number[rows]
    return (loan_no.astype(np.int64) << 32) + number


def _taken_back(events: Arrays, loan_at: Ints, loans: int, reversals: Bools) -> Ints:
    """Find the rows that a reversal takes back; it takes back earlier numbers only."""
    found = np.flatnonzero(reversals)
    strikes = found[events["ref_seq"][found] < events["seq"][found]]
    if not strikes.size:
        return strikes
    touched = np.zeros(loans, np.bool_)
    touched[loan_at[strikes]] = True
    rows = np.flatnonzero(touched[loan_at])
    keys = event_keys(events, rows=rows)
    targets = event_keys(events, "ref_seq", strikes)
    own = event_keys(events, rows=strikes)
    if np.isin(own, targets).any():
        targets = targets[_still_striking(own, targets)]
    return rows[np.isin(keys, targets)]


def _still_striking(own: Ints, targets: Ints) -> Bools:
    """Leave out reversals that a later reversal took back, the latest first."""
    struck: set[int] = set()
    still = np.ones(len(own), np.bool_)
    for place in np.argsort(-own, kind="stable"):  # loans do not meet: any order of loans
        if int(own[place]) in struck:
            still[place] = False
        else:
            struck.add(int(targets[place]))
    return still


def _received(piece: Slice, events: Arrays, counts: Bools) -> Ints:
    """Sum by loan: differences of the running total, exact in int64."""
    total = np.zeros(events.rows + 1, np.int64)
    np.cumsum(np.where(counts, events["amount_fen"], 0), out=total[1:])
    numbers = np.arange(piece.begin.loan_no, piece.end.loan_no + 1, dtype=np.int32)
    sums: Ints = np.diff(total[np.searchsorted(events["loan_no"], numbers)])
    return sums
