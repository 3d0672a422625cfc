"""Layout: principal and interest of the rows of a plan.

One function, ``lay_out``, is used for the first schedule and whenever the plan
changes: it takes the principal that is not yet due and spreads it over the rows that
are not yet due, by the repayment method in force. What was already met on those rows
stays met.
"""

from kuanxian.base.fen import Rounding, mul_div, round_div
from kuanxian.loan.accrue import free_beyond
from kuanxian.loan.instalment import equal_part, level_instalment
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import bears_principal, deferred_so_far, defers_interest, row_interest
from kuanxian.loan.rows import met_ahead_fen, owed_fen, principal_from_fen, still_brought_fen
from kuanxian.loan.terms import Absorb, Method, Part

ABSORB_STEPS = 8
"""Secant steps for the first row; two or three suffice."""


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
        loan.plan[row].base_fen = balance_fen
        deferred_fen = ask_interest(loan, row, own_fen, deferred_fen)
        principal_fen = 0
        if row == last:
            principal_fen = balance_fen
            paid_fen = principal_fen + own_fen if by_instalment else principal_fen
            paid_fen += met_ahead_fen(loan, row)
            residual_fen = loan.terms.residual_fen if loan.plain == 0 else 0
            difference_fen = paid_fen - residual_fen - aim_fen
        elif bears_principal(loan, row):
            principal_fen = aim_fen - own_fen if by_instalment else aim_fen
            if row == first:
                principal_fen += extra_fen
            principal_fen -= met_ahead_fen(loan, row)
            principal_fen = min(max(principal_fen, 0), balance_fen)
        balance_fen -= principal_fen
        loan.plan[row].asked_fen[Part.PRINCIPAL] = (
            loan.plan[row].met_fen[Part.PRINCIPAL]
            + loan.plan[row].brought_principal_fen
            + principal_fen
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
    loan.plan[row].asked_fen[Part.INTEREST] = loan.plan[row].brought_interest_fen + asked_fen
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
        loan.plan[row].base_fen = bearing_fen
        own_fen, carry_ufen = row_interest(loan, row, bearing_fen, carry_ufen)
        deferred_fen = ask_interest(loan, row, own_fen, deferred_fen)
        free_beyond(loan, row, Part.INTEREST)
        balance_fen -= owed_fen(loan, Part.PRINCIPAL, row)


def lay_out(loan: Loan, first: int, added_fen: int) -> None:
    """Spread the principal not yet due, and ``added_fen``, over the rows from ``first``.

    What re-ageing brought to a row stays there: what of it was met is besides the plan. What
    flat interest is charged on grows by what is added, falls in proportion to what is taken
    away, and stays where neither happens.

    Args:
        loan: The loan; what rows ask for, the principal owed and the instalment in
            force are written.
        first: The first row that may change, not yet due.
        added_fen: Principal added (or, negative, taken away), signed.
    """
    balance_fen = added_fen
    ahead_fen = 0
    for row in range(first, loan.rows):
        brought_fen = still_brought_fen(loan, row)
        loan.plan[row].besides_fen += loan.plan[row].brought_principal_fen - brought_fen
        loan.plan[row].brought_principal_fen = brought_fen
        balance_fen += owed_fen(loan, Part.PRINCIPAL, row) - brought_fen
        ahead_fen += met_ahead_fen(loan, row)
    loan.outstanding_fen += added_fen
    loan.future_fen += added_fen
    if added_fen < 0:
        loan.flat_base_fen = mul_div(loan.flat_base_fen, balance_fen, balance_fen - added_fen)
    else:
        loan.flat_base_fen += added_fen
    spread(loan, first, balance_fen, ahead_fen)
    for row in range(first, loan.rows):
        free_beyond(loan, row, Part.INTEREST)


def spread(loan: Loan, first: int, balance_fen: int, ahead_fen: int) -> None:
    """Spread a balance over the rows from ``first``, which hold no principal of their own.

    Args:
        loan: The loan; what rows ask for and the instalment in force are written.
        first: The first row that may change, not yet due.
        balance_fen: What to spread, fen.
        ahead_fen: What was met ahead in these rows: it stays where it was put.
    """
    loan.absorbed_fen = 0
    if loan.method == Method.LEVEL:
        aim_fen = loan.instalment_fen
        if aim_fen == 0:
            aim_fen = level_instalment(loan, first, balance_fen)
            if loan.conventions.smooth == 1:
                aim_fen = smoothed(loan, first, balance_fen, aim_fen)
        loan.instalment_fen = aim_fen
    else:
        aim_fen = equal_part(loan, first, balance_fen + ahead_fen)
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
    loan.absorbing_row = first
    loan.absorbed_fen = best_fen


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
