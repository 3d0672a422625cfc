"""Row terms: what the contract says of one row of a plan.

Its rate, whether it asks for principal, whether its interest is put off to a later one, and
the interest that is its own.
"""

from kuanxian.loan.interest import (
    is_by_days,
    is_half_up,
    period_ufen,
    rate_year_days,
    round_interest,
    simple_fen,
    simple_ufen,
)
from kuanxian.loan.memory import Loan
from kuanxian.loan.terms import InterestBasis, Method, Part


def row_rate_ppb(loan: Loan, row: int) -> int:
    """Find the rate of a row: free, promotional or the contract's."""
    place = row - loan.plan_first
    if loan.plain == 0:
        if place < loan.terms.interest_free_instalments:
            return 0
        if place < loan.terms.promo_instalments:
            return loan.terms.promo_rate_ppb
    return loan.rate_ppb


def bears_principal(loan: Loan, row: int) -> bool:
    """Say whether a row may ask for principal before the last one."""
    if loan.method == Method.INTEREST_ONLY or loan.method == Method.SINGLE:
        return row == loan.rows - 1
    grace = loan.terms.grace_principal_instalments if loan.plain == 0 else 0
    return row - loan.plan_first >= grace or row == loan.rows - 1


def is_flat(loan: Loan) -> bool:
    """Say whether interest is charged on the first principal throughout."""
    return loan.method == Method.FLAT or loan.conventions.interest_basis == InterestBasis.FLAT


def defers_interest(loan: Loan, row: int) -> bool:
    """Say whether the interest of a row is collected with a later one.

    The rows of a given schedule keep what was given.
    """
    return (
        loan.plain == 0
        and row - loan.plan_first < loan.terms.grace_interest_instalments
        and row < loan.rows - 1
        and loan.method != Method.GIVEN
    )


def deferred_so_far(loan: Loan, row: int) -> int:
    """Add up interest deferred by earlier rows and not asked for by one before this row."""
    if loan.plain == 1 or row - loan.plan_first > loan.terms.grace_interest_instalments:
        return 0
    return add_deferred(loan, row)


def add_deferred(loan: Loan, row: int) -> int:
    """Add up the interest the rows of the plan before a row deferred."""
    total_fen = 0
    for earlier in range(loan.plan_first, row):
        total_fen += loan.plan[earlier].deferred_fen
    return total_fen


def collecting_row(loan: Loan) -> int:
    """Find the row that collects the interest the first rows of the plan put off."""
    return min(loan.plan_first + loan.terms.grace_interest_instalments, loan.rows - 1)


def put_off_met_fen(loan: Loan, row: int) -> int:
    """Find what was met already of the interest rows put off, while a row still puts off its own.

    The instalment that collects it may have been paid ahead: what was put off is met first.
    """
    if not defers_interest(loan, row):
        return 0
    collects = collecting_row(loan)
    met_fen = loan.plan[collects].met_fen[Part.INTEREST] - loan.plan[collects].brought_interest_fen
    return min(max(met_fen, 0), add_deferred(loan, collects))


def row_interest(
    loan: Loan,
    row: int,
    opening_fen: int,
    carry_ufen: int,
) -> tuple[int, int]:
    """Compute a row's own interest as scheduled: what accrued so far, and the rest.

    Returns:
        Fen, and the carry for the next row. A given row keeps the interest it was given.
    """
    if loan.method == Method.GIVEN:
        return loan.plan[row].asked_fen[Part.INTEREST] - loan.plan[row].brought_interest_fen, 0
    base_fen = loan.flat_base_fen if is_flat(loan) else opening_fen
    rate_ppb = row_rate_ppb(loan, row)
    start_on = loan.plan[row].start_on
    interest_ufen = loan.plan[row].accrued_ufen
    if loan.accrued_to_on <= start_on and is_by_days(loan.conventions):
        days = loan.plan[row].period_days
        year_days = rate_year_days(loan.conventions)
        if interest_ufen == 0 and is_half_up(loan.conventions):
            return simple_fen(base_fen, rate_ppb, days, year_days), carry_ufen
        interest_ufen += simple_ufen(base_fen, rate_ppb, days, year_days)
    else:
        days_on = (max(loan.accrued_to_on, start_on), loan.plan[row].end_on)
        interest_ufen += period_ufen(loan, row, days_on, base_fen, rate_ppb)
    return round_interest(interest_ufen, carry_ufen, loan.conventions)
