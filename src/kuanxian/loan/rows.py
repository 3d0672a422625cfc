"""Rows: the small things done to one row of a schedule."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.memory import Loan
from kuanxian.loan.terms import Part

PARTS = 4
"""Fee, penalty, interest, principal: ``Part`` 1 to 4."""


def owed_fen(loan: Loan, part: int, row: int) -> int:
    """Find what a row still asks for of a part."""
    return loan.plan[row].asked_fen[part] - loan.plan[row].met_fen[part]


def principal_from_fen(loan: Loan, row: int) -> int:
    """Add up the principal owed by a row and those after it."""
    total_fen = 0
    for later in range(row, loan.rows):
        total_fen += owed_fen(loan, Part.PRINCIPAL, later)
    return total_fen


def still_brought_fen(loan: Loan, row: int) -> int:
    """Find the principal re-ageing moved into a row that is owed still; money meets it last.

    With scheduled interest it bears none: it bore its own where it came from.
    """
    return min(loan.plan[row].brought_principal_fen, owed_fen(loan, Part.PRINCIPAL, row))


def met_ahead_fen(loan: Loan, row: int) -> int:
    """Find the principal met of what the plan in force asks for, without what is besides it."""
    return loan.plan[row].met_fen[Part.PRINCIPAL] - loan.plan[row].besides_fen


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
        owed_fen(loan, Part.PRINCIPAL, row)
        | owed_fen(loan, Part.INTEREST, row)
        | owed_fen(loan, Part.PENALTY, row)
        | owed_fen(loan, Part.FEE, row)
    ) == 0


def rows_left(loan: Loan) -> int:
    """Count the rows not fully met."""
    count = 0
    for row in range(loan.open_row, loan.rows):
        if not is_met(loan, row):
            count += 1
    return count


def clear_row(loan: Loan, row: int) -> None:
    """Make a row blank: nothing asked for, nothing met."""
    blank = loan.plan[row]
    blank.start_on = 0
    blank.end_on = 0
    blank.due_on = 0
    blank.period_days = 0
    blank.year_days = 0
    for part in range(PARTS + 1):
        blank.asked_fen[part] = 0
    for part in range(PARTS + 1):
        blank.met_fen[part] = 0
    blank.waived_interest_fen = 0
    blank.waived_fee_fen = 0
    blank.base_fen = 0
    blank.accrued_ufen = 0
    blank.deferred_fen = 0
    blank.brought_interest_fen = 0
    blank.brought_fee_fen = 0
    blank.brought_principal_fen = 0
    blank.besides_fen = 0
    blank.penalty_ufen = 0
    blank.penalty_booked_fen = 0
    blank.penalty_from_on = 0
    blank.late_fee_done = 0
    blank.extra_grace_days = 0
    blank.met_on = NO_DAY
