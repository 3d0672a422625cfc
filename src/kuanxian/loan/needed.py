"""Needed: what an instalment not yet due will still ask for if nothing more is paid before.

With DAILY interest that is not what was laid out: it follows the principal owed now.
"""

from kuanxian.loan.accrue import daily_balance_fen, daily_interest_fen, level_principal_fen
from kuanxian.loan.interest import period_ufen, round_interest
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import (
    bears_principal,
    collecting_row,
    defers_interest,
    row_rate_ppb,
)
from kuanxian.loan.rows import owed_fen
from kuanxian.loan.terms import Method, Part


def asking_row(loan: Loan) -> int:
    """Find the next row that will ask for anything if nothing more is paid before.

    The running row asks for nothing where its principal was paid, or it has none, and its interest
    is put off or free: money that came in for the next due day must not go past that day.
    """
    for row in range(loan.fallen, loan.rows - 1):
        besides_fen = owed_fen(loan, Part.FEE, row) + owed_fen(loan, Part.PENALTY, row)
        if still_needed_fen(loan, row) + besides_fen > 0:
            return row
    return loan.rows - 1


def still_needed_fen(loan: Loan, row: int) -> int:
    """Compute the interest and principal a row will still ask for if nothing is paid before."""
    interest_fen = interest_needed_fen(loan, row, loan.plan[row].end_on)
    return interest_fen + principal_needed_fen(loan, row)


def principal_needed_fen(loan: Loan, row: int) -> int:
    """Compute what principal a row will still ask for if nothing more is paid before.

    Of an equal instalment it is what the interest leaves, which what is overdue may bear, too.
    """
    principal_fen = loan.plan[row].asked_fen[Part.PRINCIPAL]
    open_level = row >= loan.closed and loan.method == Method.LEVEL
    if open_level and row < loan.rows - 1 and bears_principal(loan, row):
        # More than there is left is no matter: who pays less than all of it holds all he pays.
        # The less interest is put off, because the rest is repaid, the more is left to principal.
        to_on = loan.accrued_to_on if defers_interest(loan, row) else loan.plan[row].end_on
        interest_fen, _ = interest_to(loan, row, to_on, loan.carry_ufen)
        principal_fen = level_principal_fen(loan, row, interest_fen)
    return max(principal_fen - loan.plan[row].met_fen[Part.PRINCIPAL], 0)


def interest_needed_fen(loan: Loan, row: int, to_on: int) -> int:
    """Compute what interest a row will still ask for if it accrues up to a day.

    The rows not yet due before it ask for none; what they put off it may have to collect.
    """
    if row < loan.closed:
        return owed_fen(loan, Part.INTEREST, row)
    carry_ufen = loan.carry_ufen
    more_fen = 0
    for earlier in range(max(loan.fallen, loan.closed), row):
        put_off_fen, carry_ufen = interest_to(loan, earlier, to_on, carry_ufen)
        if defers_interest(loan, earlier):
            # In place of what was laid out, on the principal of that day.
            more_fen += put_off_fen - loan.plan[earlier].deferred_fen
    own_fen, _ = interest_to(loan, row, to_on, carry_ufen)
    asked_fen = daily_interest_fen(loan, row, own_fen)
    if row == collecting_row(loan):
        asked_fen += more_fen
    return max(asked_fen - loan.plan[row].met_fen[Part.INTEREST], 0)


def interest_to(loan: Loan, row: int, to_on: int, carry_ufen: int) -> tuple[int, int]:
    """Compute the daily interest of a row up to a day, on the principal owed now.

    Returns:
        Fen, and the carry for the next row.
    """
    from_on = loan.accrued_to_on
    if row > 0:
        from_on = max(from_on, loan.plan[row - 1].end_on)
    until_on = max(min(to_on, loan.plan[row].end_on), from_on)
    interest_ufen = loan.plan[row].accrued_ufen + period_ufen(
        loan, row, (from_on, until_on), daily_balance_fen(loan), row_rate_ppb(loan, row)
    )
    return round_interest(interest_ufen, carry_ufen, loan.conventions)
