"""Trace: how each fen came to be.

The kernel writes an entry whenever an amount is charged, met, moved or dropped. In a
batch there is no room for entries, and writing one costs a comparison.
"""

from enum import IntEnum
from typing import NamedTuple

from kuanxian.loan.memory import Loan


class What(IntEnum):
    """What happened to an amount."""

    DRAWN = 1
    """Principal was paid out."""
    DUE = 2
    """It fell due."""
    CHARGED = 3
    """It was charged besides the schedule: penalty, late fee, fee."""
    PAID = 4
    """It was met by money."""
    WAIVED = 5
    HELD = 6
    """Money is kept as the borrower's credit."""
    USED = 7
    """Credit was used; a PAID entry follows."""
    REFUNDED = 8
    MOVED = 9
    """It was taken out of the row it stood in …"""
    BROUGHT = 10
    """… and put into this one."""
    CAPITALISED = 11
    """It became principal."""
    REFUSED = 12
    """The event was not applied; the amount is the ``Refused`` code."""
    CAPPED = 13
    """It was not charged because a cap was reached."""
    FREED = 14
    """It was paid ahead and is not asked for any more: it is used again, or kept."""


class Entry(NamedTuple):
    """One entry of a trace."""

    day_on: int
    seq: int
    """The event, 0 where time alone did it."""
    row: int
    """The instalment, counted from 1; 0: the loan as a whole."""
    what: int
    part: int
    """A ``Part`` code."""
    amount_fen: int


def log(loan: Loan, row: int, what: int, part: int, amount_fen: int) -> None:
    """Write one entry, where there is room for it.

    Args:
        loan: The loan; the day and the event are taken from it.
        row: The row, counted from 0; -1: the loan as a whole.
        what: A ``What`` code.
        part: A ``Part`` code.
        amount_fen: How much; nothing is written for 0.
    """
    at = loan.traced
    if at >= loan.trace_max or amount_fen == 0:
        return
    loan.trace[0, at] = loan.now_on
    loan.trace[1, at] = loan.seq
    loan.trace[2, at] = row + 1
    loan.trace[3, at] = what
    loan.trace[4, at] = part
    loan.trace[5, at] = amount_fen
    loan.traced = at + 1
