"""Rows: the small things done to one row of a schedule."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.memory import Loan
from kuanxian.loan.terms import Part

PARTS = 4
"""Fee, penalty, interest, principal: ``Part`` 1 to 4."""


def owed_fen(loan: Loan, part: int, row: int) -> int:
    """Find what a row still asks for of a part."""
    return loan.asked_fen[part, row] - loan.met_fen[part, row]


def principal_from_fen(loan: Loan, row: int) -> int:
    """Add up the principal owed by a row and those after it."""
    total_fen = 0
    for later in range(row, loan.rows):
        total_fen += owed_fen(loan, Part.PRINCIPAL, later)
    return total_fen


def unpaid_fen(loan: Loan, row: int) -> int:
    """Add up what a row still asks for, without penalty: what decides ageing."""
    return (
        owed_fen(loan, Part.PRINCIPAL, row)
        + owed_fen(loan, Part.INTEREST, row)
        + owed_fen(loan, Part.FEE, row)
    )


def is_met(loan: Loan, row: int) -> bool:
    """Say whether nothing of a row is left."""
    return (
        loan.asked_fen[Part.PRINCIPAL, row] == loan.met_fen[Part.PRINCIPAL, row]
        and loan.asked_fen[Part.INTEREST, row] == loan.met_fen[Part.INTEREST, row]
        and loan.asked_fen[Part.PENALTY, row] == loan.met_fen[Part.PENALTY, row]
        and loan.asked_fen[Part.FEE, row] == loan.met_fen[Part.FEE, row]
    )


def clear_row(loan: Loan, row: int) -> None:
    """Make a row blank: nothing asked for, nothing met."""
    loan.start_on[row] = 0
    loan.end_on[row] = 0
    loan.due_on[row] = 0
    for part in range(1, PARTS + 1):
        loan.asked_fen[part, row] = 0
        loan.met_fen[part, row] = 0
    loan.met_on[row] = NO_DAY
    loan.accrued_ufen[row] = 0
    loan.deferred_fen[row] = 0
    loan.brought_interest_fen[row] = 0
    loan.brought_principal_fen[row] = 0
    loan.penalty_ufen[row] = 0
    loan.penalty_booked_fen[row] = 0
    loan.penalty_from_on[row] = 0
    loan.late_fee_done[row] = 0
    loan.extra_grace_days[row] = 0
    loan.period_days[row] = 0
    loan.year_days[row] = 0
