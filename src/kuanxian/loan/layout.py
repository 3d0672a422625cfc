"""Layout: principal and interest of the rows of a plan.

One function, ``lay_out``, is used for the first schedule and whenever the plan
changes: it takes the principal that is not yet due and spreads it over the rows that
are not yet due, by the repayment method in force. What was already met on those rows
stays met.
"""

from kuanxian.base.bounds import UFEN
from kuanxian.base.fen import (
    ONE_Q62,
    mul_div,
    mul_q62,
    ratio_q62,
    round_div,
    round_to_multiple,
    round_ufen,
)
from kuanxian.loan.interest import nominal_fraction, period_ufen, round_interest
from kuanxian.loan.memory import (
    ACCRUED_TO,
    ACCRUED_UFEN,
    BROUGHT_INTEREST,
    BROUGHT_PRINCIPAL,
    CARRY_UFEN,
    DEFERRED,
    END_ON,
    FLAT_BASE,
    FUTURE,
    INSTALMENT,
    INTEREST,
    INTEREST_MET,
    METHOD,
    OUTSTANDING,
    PLAIN,
    PLAN_FIRST,
    PRINCIPAL,
    PRINCIPAL_MET,
    RATE,
    ROWS,
    START_ON,
    Grid,
)
from kuanxian.loan.terms import Absorb, Conventions, InterestBasis, Method, Terms


def row_rate_ppb(terms: Terms, state: list[int], row: int) -> int:
    """Find the rate of a row: free, promotional or the contract's."""
    place = row - state[PLAN_FIRST]
    if state[PLAIN] == 0:
        if place < terms.interest_free_instalments:
            return 0
        if place < terms.promo_instalments:
            return terms.promo_rate_ppb
    return state[RATE]


def bears_principal(terms: Terms, state: list[int], row: int) -> bool:
    """Say whether a row may ask for principal before the last one."""
    if state[METHOD] == Method.INTEREST_ONLY or state[METHOD] == Method.SINGLE:
        return row == state[ROWS] - 1
    grace = terms.grace_principal_instalments if state[PLAIN] == 0 else 0
    return row - state[PLAN_FIRST] >= grace or row == state[ROWS] - 1


def defers_interest(terms: Terms, state: list[int], row: int) -> bool:
    """Say whether the interest of a row is collected with a later one."""
    return (
        state[PLAIN] == 0
        and row - state[PLAN_FIRST] < terms.grace_interest_instalments
        and row < state[ROWS] - 1
    )


def is_flat(state: list[int], conventions: Conventions) -> bool:
    """Say whether interest is charged on the first principal throughout."""
    return state[METHOD] == Method.FLAT or conventions.interest_basis == InterestBasis.FLAT


def level_instalment(
    terms: Terms, conventions: Conventions, state: list[int], first: int, balance_fen: int
) -> int:
    """Compute the equal instalment that repays a balance over the rows from ``first``.

    The balance equals the instalments discounted by the nominal rate of each period.
    Discount factors are held to 2**-62; the result is exact to a micro-fen before it
    is rounded, by ``instalment_rounding``, to a multiple of ``instalment_multiple_fen``.

    Returns:
        Fen, 0 or more.
    """
    discount = ONE_Q62
    annuity_q52 = 0
    last_rate_ppb = -1
    factor = ONE_Q62
    for row in range(first, state[ROWS]):
        rate_ppb = row_rate_ppb(terms, state, row)
        if rate_ppb != last_rate_ppb:
            parts, whole = nominal_fraction(rate_ppb, conventions)
            factor = ratio_q62(whole, whole + parts)
            last_rate_ppb = rate_ppb
        if bears_principal(terms, state, row):
            discount = mul_q62(discount, factor)
            annuity_q52 += discount >> 10
    residual_fen = min(terms.residual_fen, balance_fen) if state[PLAIN] == 0 else 0
    instalment_ufen = mul_div(balance_fen * UFEN, 1 << 52, annuity_q52)
    if residual_fen > 0:
        instalment_ufen -= mul_div(residual_fen * UFEN, discount >> 10, annuity_q52)
    instalment_fen = round_ufen(max(instalment_ufen, 0), conventions.instalment_rounding)
    return round_to_multiple(
        instalment_fen, conventions.instalment_multiple_fen, conventions.instalment_rounding
    )


def equal_part(
    terms: Terms, conventions: Conventions, state: list[int], first: int, balance_fen: int
) -> int:
    """Compute the equal part of the principal for the rows from ``first``."""
    count = 0
    for row in range(first, state[ROWS]):
        if bears_principal(terms, state, row):
            count += 1
    residual_fen = min(terms.residual_fen, balance_fen) if state[PLAIN] == 0 else 0
    part_fen = round_div(balance_fen - residual_fen, count, conventions.instalment_rounding)
    return round_to_multiple(
        part_fen, conventions.instalment_multiple_fen, conventions.instalment_rounding
    )


def row_interest(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    row: int,
    opening_fen: int,
    carry_ufen: int,
) -> tuple[int, int]:
    """Compute a row's own interest as scheduled: what accrued so far, and the rest.

    Returns:
        Fen, and the carry for the next row. A given row keeps the interest it was given.
    """
    if state[METHOD] == Method.GIVEN:
        return rows[INTEREST, row] - rows[BROUGHT_INTEREST, row], 0
    base_fen = state[FLAT_BASE] if is_flat(state, conventions) else opening_fen
    interest_ufen = rows[ACCRUED_UFEN, row] + period_ufen(
        rows,
        row,
        (max(state[ACCRUED_TO], rows[START_ON, row]), rows[END_ON, row]),
        base_fen,
        row_rate_ppb(terms, state, row),
        conventions,
    )
    return round_interest(interest_ufen, carry_ufen, conventions)


def walk(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    first: int,
    amounts_fen: tuple[int, int, int],
) -> int:
    """Write principal and interest of the rows from ``first``.

    Args:
        terms: The contract's figures.
        conventions: Its settings.
        rows: The schedule. PRINCIPAL of these rows holds what was already met.
        state: The loan's figures.
        first: The first row.
        amounts_fen: The balance to spread, the instalment (or the part of principal)
            to aim at, and what the first row takes besides.

    Returns:
        By how much the last row differs from the amount aimed at, signed, fen.
    """
    balance_fen, aim_fen, extra_fen = amounts_fen
    by_instalment = state[METHOD] == Method.LEVEL
    carry_ufen = state[CARRY_UFEN]
    deferred_fen = 0
    last = state[ROWS] - 1
    difference_fen = 0
    for row in range(first, last + 1):
        interest_fen, carry_ufen = row_interest(
            terms, conventions, rows, state, row, balance_fen, carry_ufen
        )
        rows[DEFERRED, row] = 0
        own_fen = interest_fen
        if defers_interest(terms, state, row):
            rows[DEFERRED, row] = interest_fen
            deferred_fen += interest_fen
            interest_fen = 0
        else:
            interest_fen += deferred_fen
            deferred_fen = 0
        principal_fen = 0
        if row == last:
            principal_fen = balance_fen
            paid_fen = principal_fen + own_fen if by_instalment else principal_fen
            residual_fen = terms.residual_fen if state[PLAIN] == 0 else 0
            difference_fen = paid_fen - residual_fen - aim_fen
        elif bears_principal(terms, state, row):
            principal_fen = aim_fen - own_fen if by_instalment else aim_fen
            if row == first:
                principal_fen += extra_fen
            principal_fen = min(max(principal_fen, 0), balance_fen)
        balance_fen -= principal_fen
        rows[PRINCIPAL, row] = rows[PRINCIPAL_MET, row] + principal_fen
        rows[INTEREST, row] = max(
            rows[BROUGHT_INTEREST, row] + interest_fen, rows[INTEREST_MET, row]
        )
    return difference_fen


def lay_out(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], first: int, added_fen: int
) -> None:
    """Spread the principal not yet due, and ``added_fen``, over the rows from ``first``.

    Args:
        terms: The contract's figures.
        conventions: Its settings.
        rows: The schedule; PRINCIPAL, INTEREST and DEFERRED are written.
        state: The loan's figures; OUTSTANDING, FUTURE and INSTALMENT are written.
        first: The first row that may change, at least FALLEN, below ROWS.
        added_fen: Principal added (or, negative, taken away), signed.
    """
    balance_fen = added_fen
    for row in range(first, state[ROWS]):
        balance_fen += rows[PRINCIPAL, row] - rows[PRINCIPAL_MET, row]
        rows[BROUGHT_PRINCIPAL, row] = 0
    state[OUTSTANDING] += added_fen
    state[FUTURE] += added_fen
    if is_flat(state, conventions):
        state[FLAT_BASE] = balance_fen
    if state[METHOD] == Method.LEVEL:
        aim_fen = state[INSTALMENT]
        if aim_fen == 0:
            aim_fen = level_instalment(terms, conventions, state, first, balance_fen)
            if conventions.smooth == 1:
                aim_fen = smoothed(terms, conventions, rows, state, first, balance_fen, aim_fen)
        state[INSTALMENT] = aim_fen
    else:
        aim_fen = equal_part(terms, conventions, state, first, balance_fen)
    extra_fen = 0
    difference_fen = walk(terms, conventions, rows, state, first, (balance_fen, aim_fen, 0))
    if conventions.absorb == Absorb.FIRST and first < state[ROWS] - 1 and difference_fen != 0:
        extra_fen = difference_fen
        walk(terms, conventions, rows, state, first, (balance_fen, aim_fen, extra_fen))


def smoothed(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    first: int,
    balance_fen: int,
    aim_fen: int,
) -> int:
    """Correct the equal instalment once, if that brings the last one nearer to it."""
    count = state[ROWS] - first
    before_fen = walk(terms, conventions, rows, state, first, (balance_fen, aim_fen, 0))
    part_fen = round_div(abs(before_fen), count, conventions.instalment_rounding)
    part_fen = round_to_multiple(
        part_fen, conventions.instalment_multiple_fen, conventions.instalment_rounding
    )
    corrected_fen = aim_fen + part_fen if before_fen > 0 else max(aim_fen - part_fen, 0)
    after_fen = walk(terms, conventions, rows, state, first, (balance_fen, corrected_fen, 0))
    return corrected_fen if abs(after_fen) < abs(before_fen) else aim_fen
