"""Identities: what must hold between the book and the positions, loan by loan.

Each identity compares two columns of whole fen. They are checked for every loan while
its slice is in memory, and their totals are the reconciliation of the close. One loan
that breaks one stops the publication.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from kuanxian.close.arrays import Arrays, Bools, Ints
from kuanxian.close.counted import Money
from kuanxian.close.tally import SHOWN
from kuanxian.loan.position import Position
from kuanxian.state.local import Slice

_PARTS: Final = ("principal", "interest", "penalty", "fee")
_AMOUNTS: Final = tuple(name for name in Position._fields if name.endswith("_fen"))


class Check(NamedTuple):
    """One identity over the loans of a slice."""

    name: str
    left: Ints
    right: Ints
    broken: Bools
    """(loans,) where it does not hold."""


def check_slice(
    piece: Slice, positions: Arrays, money: Money, as_of_on: int
) -> dict[str, dict[str, Any]]:
    """Check every identity on a slice.

    Args:
        piece: The slice.
        positions: Its positions, one row a loan, in order.
        money: What the events add up to.
        as_of_on: The day.

    Returns:
        For each identity its two totals, how many loans break it, and the first
        of them by ``loan_no``.
    """
    found: dict[str, dict[str, Any]] = {}
    for check in _identities(piece, positions, money, as_of_on):
        places = np.flatnonzero(check.broken)
        found[check.name] = {
            "left": int(check.left.sum()),
            "right": int(check.right.sum()),
            "broken": len(places),
            "first_loan_nos": [piece.begin.loan_no + int(at) for at in places[:SHOWN]],
        }
    return found


def _identities(piece: Slice, positions: Arrays, money: Money, as_of_on: int) -> Iterator[Check]:
    at = positions
    yield _equal("disbursed", _promised(piece, money, as_of_on, at), at["drawn_fen"])
    yield _equal("received", money.received_fen, at["paid_fen"])
    yield _equal("refunded", money.refunded_fen, at["refunded_fen"])
    yield _equal(
        "principal",
        at["drawn_fen"] + at["capitalised_fen"],
        at["outstanding_principal_fen"] + at["paid_principal_fen"] + at["waived_principal_fen"],
    )
    yield _equal(
        "money",
        at["paid_fen"] + at["credited_fen"],
        at.sum(f"paid_{part}_fen" for part in _PARTS) + at["credit_fen"] + at["refunded_fen"],
    )
    yield _equal(
        "ageing",
        at["overdue_principal_fen"],
        at.sum(f"overdue_principal_{bucket}_fen" for bucket in range(1, 8)),
    )
    yield _nested(at)
    yield _numbered(piece, positions)


def _promised(piece: Slice, money: Money, as_of_on: int, at: Arrays) -> Ints:
    """Compute the principal that should have been paid out by the day.

    A correction may change the principal or the day it was paid out; there the kernel's
    own figure is taken, and the loan is counted as corrected.
    """
    principal = piece.loans.column("principal_fen").to_numpy()
    disbursed_on = piece.loans.column("disbursed_on").cast("int32").to_numpy()
    promised = np.where(disbursed_on <= as_of_on, principal + money.drawn_fen, 0)
    return np.where(money.corrected, at["drawn_fen"], promised)


def _equal(name: str, left: Ints, right: Ints) -> Check:
    return Check(name, left, right, left != right)


def _nested(at: Arrays) -> Check:
    """Overdue is part of due, due is part of outstanding, and nothing is negative."""
    broken = np.zeros(at.rows, np.bool_)
    for name in _AMOUNTS:
        broken |= at[name] < 0
    for part in _PARTS:
        due = at[f"due_{part}_fen"]
        broken |= at[f"overdue_{part}_fen"] > due
        broken |= due > at[f"outstanding_{part}_fen"]
    overdue = at.sum(f"overdue_{part}_fen" for part in _PARTS)
    return Check("parts", overdue, overdue, broken)


def _numbered(piece: Slice, positions: Arrays) -> Check:
    """Loans in, positions out: the same, in the same order."""
    wanted = piece.loans.column("loan_no").to_numpy().astype(np.int64)
    given = positions["loan_no"]
    if len(wanted) != len(given):
        broken = np.ones(len(wanted), np.bool_)
    else:
        broken = wanted != given
    return Check("loans", np.ones_like(wanted), np.ones_like(given), broken)
