"""Instalment: what the rows of a plan aim at, an equal instalment or an equal part of principal."""

from kuanxian.base.bounds import UFEN
from kuanxian.base.fen import (
    ONE_Q62,
    PPB,
    mul_div,
    mul_q62,
    ratio_q62,
    round_div,
    shift_div,
)
from kuanxian.loan.interest import nominal_fraction
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import bears_principal, is_flat, row_interest, row_rate_ppb
from kuanxian.loan.terms import Method


def level_instalment(loan: Loan, first: int, balance_fen: int) -> int:
    """Compute the equal instalment that repays a balance over the rows from ``first``.

    Flat interest is the same whatever is repaid: the instalment is the mean. Else the
    balance equals the instalments discounted by the nominal rate of each period.
    Discount factors are held to 2**-62; the result is exact to a micro-fen before it
    is rounded, by ``instalment_rounding``, to a multiple of ``instalment_multiple_fen``.

    Returns:
        Fen, 0 or more.
    """
    if is_flat(loan):
        return flat_instalment(loan, first, balance_fen)
    discount = ONE_Q62
    annuity_q51 = 0
    last_rate_ppb = -1
    factor = ONE_Q62
    for row in range(first, loan.rows):
        rate_ppb = row_rate_ppb(loan, row)
        if rate_ppb != last_rate_ppb or loan.conventions.daily_cost_cap_ppb > 0:
            factor = discount_factor(loan, row, rate_ppb)
            last_rate_ppb = rate_ppb
        if bears_principal(loan, row):
            discount = mul_q62(discount, factor)
            annuity_q51 += discount >> 11
    residual_fen = min(loan.terms.residual_fen, balance_fen) if loan.plain == 0 else 0
    instalment_ufen = shift_div(balance_fen * UFEN, 51, annuity_q51)
    if residual_fen > 0:
        instalment_ufen -= mul_div(residual_fen * UFEN, discount >> 11, annuity_q51)
    multiple_fen = loan.conventions.instalment_multiple_fen
    rounding = loan.conventions.instalment_rounding
    return round_div(max(instalment_ufen, 0), multiple_fen * UFEN, rounding) * multiple_fen


def discount_factor(loan: Loan, row: int, rate_ppb: int) -> int:
    """Discount one period at the rate it is charged: the nominal one, or the cap a day.

    Returns:
        The factor, times 2**62.
    """
    parts, whole = nominal_fraction(rate_ppb, loan.conventions)
    factor = ratio_q62(whole, whole + parts)
    cap_ppb = loan.conventions.daily_cost_cap_ppb
    if cap_ppb > 0:
        days = loan.plan[row].end_on - loan.plan[row].start_on
        # A cap of more than a thousandfold a period cuts nothing, and leaves the bounds.
        cap_parts = min(cap_ppb * days, 1_000 * PPB)
        factor = max(factor, ratio_q62(PPB, PPB + cap_parts))
    return factor


def flat_instalment(loan: Loan, first: int, balance_fen: int) -> int:
    """Compute the equal instalment where interest is flat: the balance and all interest, shared.

    Returns:
        Fen, 0 or more.
    """
    count = 0
    total_fen = balance_fen
    if loan.plain == 0:
        total_fen -= min(loan.terms.residual_fen, balance_fen)
    carry_ufen = loan.carry_ufen
    for row in range(first, loan.rows):
        own_fen, carry_ufen = row_interest(loan, row, balance_fen, carry_ufen)
        if bears_principal(loan, row):
            count += 1
            total_fen += own_fen
    multiple_fen = loan.conventions.instalment_multiple_fen
    rounding = loan.conventions.instalment_rounding
    return round_div(total_fen, count * multiple_fen, rounding) * multiple_fen


def equal_part(loan: Loan, first: int, balance_fen: int) -> int:
    """Compute the equal part of the principal for the rows from ``first``."""
    count = 1
    if loan.method != Method.INTEREST_ONLY and loan.method != Method.SINGLE:
        grace = loan.terms.grace_principal_instalments if loan.plain == 0 else 0
        count = loan.rows - max(first, min(loan.plan_first + grace, loan.rows - 1))
    residual_fen = min(loan.terms.residual_fen, balance_fen) if loan.plain == 0 else 0
    multiple_fen = loan.conventions.instalment_multiple_fen
    rounding = loan.conventions.instalment_rounding
    return round_div(balance_fen - residual_fen, count * multiple_fen, rounding) * multiple_fen
