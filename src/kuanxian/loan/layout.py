"""Layout: principal and interest of the rows of a plan.

One function, ``lay_out``, is used for the first schedule and whenever the plan
changes: it takes the principal that is not yet due and spreads it over the rows that
are not yet due, by the repayment method in force. What was already met on those rows
stays met.
"""

from kuanxian.base.bounds import UFEN
from kuanxian.base.fen import (
    ONE_Q62,
    PPB,
    Rounding,
    mul_div,
    mul_q62,
    ratio_q62,
    round_div,
    shift_div,
)
from kuanxian.loan.interest import (
    is_by_days,
    is_half_up,
    nominal_fraction,
    period_ufen,
    rate_year_days,
    round_interest,
    simple_fen,
    simple_ufen,
)
from kuanxian.loan.memory import Loan
from kuanxian.loan.rows import owed_fen, principal_from_fen, still_brought_fen
from kuanxian.loan.terms import Absorb, InterestBasis, Method, Part

ABSORB_STEPS = 8
"""Secant steps for the first row; two or three suffice."""


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


def put_off_met_fen(loan: Loan, row: int) -> int:
    """Find what was met already of the interest rows put off, while a row still puts off its own.

    The instalment that collects it may have been paid ahead: what was put off is met first.
    """
    if not defers_interest(loan, row):
        return 0
    collects = min(loan.plan_first + loan.terms.grace_interest_instalments, loan.rows - 1)
    met_fen = loan.plan[collects].met_fen[Part.INTEREST] - loan.plan[collects].brought_interest_fen
    return min(max(met_fen, 0), add_deferred(loan, collects))


def is_flat(loan: Loan) -> bool:
    """Say whether interest is charged on the first principal throughout."""
    return loan.method == Method.FLAT or loan.conventions.interest_basis == InterestBasis.FLAT


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


def walk(
    loan: Loan,
    first: int,
    amounts_fen: tuple[int, int, int],
) -> int:
    """Write principal and interest of the rows from ``first``.

    Args:
        loan: The loan; what these rows ask for is written.
        first: The first row.
        amounts_fen: The balance to spread, the instalment (or the part of principal)
            to aim at, and what the first row takes besides.

    Returns:
        By how much the last row differs from the amount aimed at, signed, fen.
    """
    balance_fen, aim_fen, extra_fen = amounts_fen
    by_instalment = loan.method == Method.LEVEL
    carry_ufen = loan.carry_ufen
    deferred_fen = deferred_so_far(loan, first)
    last = loan.rows - 1
    difference_fen = 0
    for row in range(first, last + 1):
        own_fen, carry_ufen = row_interest(loan, row, balance_fen, carry_ufen)
        deferred_fen = ask_interest(loan, row, own_fen, deferred_fen)
        principal_fen = 0
        if row == last:
            principal_fen = balance_fen
            paid_fen = principal_fen + own_fen if by_instalment else principal_fen
            residual_fen = loan.terms.residual_fen if loan.plain == 0 else 0
            difference_fen = paid_fen - residual_fen - aim_fen
        elif bears_principal(loan, row):
            principal_fen = aim_fen - own_fen if by_instalment else aim_fen
            if row == first:
                principal_fen += extra_fen
            principal_fen = min(max(principal_fen, 0), balance_fen)
        balance_fen -= principal_fen
        loan.plan[row].asked_fen[Part.PRINCIPAL] = (
            loan.plan[row].met_fen[Part.PRINCIPAL] + principal_fen
        )
    return difference_fen


def ask_interest(loan: Loan, row: int, own_fen: int, deferred_fen: int) -> int:
    """Let a row ask for its interest and what earlier ones deferred, or defer its own.

    Args:
        loan: The loan.
        row: The row.
        own_fen: Its own interest.
        deferred_fen: What the rows before it deferred.

    Returns:
        What is deferred to the rows after it, fen.
    """
    asked_fen = own_fen + deferred_fen
    left_fen = 0
    loan.plan[row].deferred_fen = 0
    if defers_interest(loan, row):
        loan.plan[row].deferred_fen = own_fen
        left_fen = asked_fen
        asked_fen = 0
    loan.plan[row].asked_fen[Part.INTEREST] = max(
        loan.plan[row].brought_interest_fen + asked_fen, loan.plan[row].met_fen[Part.INTEREST]
    )
    return left_fen


def relay_interest(loan: Loan, first: int) -> None:
    """Reckon the interest of the rows from ``first`` anew; their principal stays.

    Interest was brought up to today before.
    """
    balance_fen = principal_from_fen(loan, first)
    carry_ufen = loan.carry_ufen
    deferred_fen = deferred_so_far(loan, first)
    for row in range(first, loan.rows):
        bearing_fen = balance_fen - still_brought_fen(loan, row)
        own_fen, carry_ufen = row_interest(loan, row, bearing_fen, carry_ufen)
        deferred_fen = ask_interest(loan, row, own_fen, deferred_fen)
        balance_fen -= owed_fen(loan, Part.PRINCIPAL, row)


def lay_out(loan: Loan, first: int, added_fen: int) -> None:
    """Spread the principal not yet due, and ``added_fen``, over the rows from ``first``.

    What flat interest is charged on grows by what is added, falls in proportion to what is
    taken away, and stays where neither happens.

    Args:
        loan: The loan; what rows ask for, the principal owed and the instalment in
            force are written.
        first: The first row that may change, not yet due.
        added_fen: Principal added (or, negative, taken away), signed.
    """
    balance_fen = added_fen
    for row in range(first, loan.rows):
        balance_fen += owed_fen(loan, Part.PRINCIPAL, row)
        loan.plan[row].brought_principal_fen = 0
    loan.outstanding_fen += added_fen
    loan.future_fen += added_fen
    if added_fen < 0:
        loan.flat_base_fen = mul_div(loan.flat_base_fen, balance_fen, balance_fen - added_fen)
    else:
        loan.flat_base_fen += added_fen
    spread(loan, first, balance_fen)


def spread(loan: Loan, first: int, balance_fen: int) -> None:
    """Spread a balance over the rows from ``first``, which hold no principal of their own.

    Args:
        loan: The loan; what rows ask for and the instalment in force are written.
        first: The first row that may change, not yet due.
        balance_fen: What to spread, fen.
    """
    if loan.method == Method.LEVEL:
        aim_fen = loan.instalment_fen
        if aim_fen == 0:
            aim_fen = level_instalment(loan, first, balance_fen)
            if loan.conventions.smooth == 1:
                aim_fen = smoothed(loan, first, balance_fen, aim_fen)
        loan.instalment_fen = aim_fen
    else:
        aim_fen = equal_part(loan, first, balance_fen)
    difference_fen = walk(loan, first, (balance_fen, aim_fen, 0))
    if loan.conventions.absorb == Absorb.FIRST and first < loan.rows - 1 and difference_fen != 0:
        if loan.method == Method.LEVEL:
            absorb_first(loan, first, (balance_fen, aim_fen), difference_fen)
        else:
            walk(loan, first, (balance_fen, aim_fen, difference_fen))


def absorb_first(loan: Loan, first: int, amounts_fen: tuple[int, int], difference_fen: int) -> None:
    """Let the first row take what makes the last one equal to the others.

    What the first row pays more saves interest in all rows after it, so the last one
    falls by more than that: the amount is found by a few secant steps. Where no fen does
    it exactly (a fen now is several fen at the end of a long loan), the nearest is kept.

    Args:
        loan: The loan; principal and interest of its rows are written.
        first: The first row.
        amounts_fen: The balance to spread and the amount to aim at.
        difference_fen: By how much the last row differs when the first takes nothing.
    """
    balance_fen, aim_fen = amounts_fen
    best_fen = 0
    best_difference_fen = difference_fen
    before_fen = 0
    before_difference_fen = difference_fen
    extra_fen = difference_fen
    for _ in range(ABSORB_STEPS):
        now_fen = walk(loan, first, (balance_fen, aim_fen, extra_fen))
        if abs(now_fen) < abs(best_difference_fen):
            best_fen = extra_fen
            best_difference_fen = now_fen
        fallen_fen = before_difference_fen - now_fen
        if now_fen == 0 or fallen_fen == 0:
            break
        step_fen = round_div(
            abs(now_fen) * abs(extra_fen - before_fen), abs(fallen_fen), Rounding.HALF_UP
        )
        before_fen = extra_fen
        before_difference_fen = now_fen
        # The last row falls as the first one rises; too high a last row asks for more.
        extra_fen += step_fen if now_fen > 0 else -step_fen
    walk(loan, first, (balance_fen, aim_fen, best_fen))


def smoothed(
    loan: Loan,
    first: int,
    balance_fen: int,
    aim_fen: int,
) -> int:
    """Correct the equal instalment once, if that brings the last one nearer to it."""
    count = loan.rows - first
    before_fen = walk(loan, first, (balance_fen, aim_fen, 0))
    multiple_fen = loan.conventions.instalment_multiple_fen
    rounding = loan.conventions.instalment_rounding
    part_fen = round_div(abs(before_fen), count * multiple_fen, rounding) * multiple_fen
    corrected_fen = aim_fen + part_fen if before_fen > 0 else max(aim_fen - part_fen, 0)
    after_fen = walk(loan, first, (balance_fen, corrected_fen, 0))
    return corrected_fen if abs(after_fen) < abs(before_fen) else aim_fen
