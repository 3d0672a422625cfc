"""Accrue: interest while time passes.

With DAILY interest a row's interest is what accrued on the principal actually owed.
With PERIOD and FLAT interest it is scheduled, and accrual only matters when the plan
changes or the loan is settled inside a period.
"""

from kuanxian.loan.interest import (
    floor_ufen,
    period_ufen,
    rate_year_days,
    round_interest,
    simple_ufen,
)
from kuanxian.loan.layout import bears_principal, defers_interest, is_flat, row_rate_ppb
from kuanxian.loan.memory import (
    ACCRUAL_ROW,
    ACCRUED_TO,
    ACCRUED_UFEN,
    BROUGHT_INTEREST,
    BROUGHT_PRINCIPAL,
    CARRY_UFEN,
    COST,
    DEFERRED,
    DUE_ON,
    END_ON,
    FALLEN,
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
    ROWS,
    START_ON,
    Grid,
)
from kuanxian.loan.terms import Conventions, InterestBasis, Method, Terms


def is_daily(state: list[int], conventions: Conventions) -> bool:
    """Say whether interest follows the principal actually owed, day by day."""
    return (
        conventions.interest_basis == InterestBasis.DAILY
        and state[METHOD] != Method.FLAT
        and state[METHOD] != Method.GIVEN
    )


def accrue_daily(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], to_on: int
) -> None:
    """Accrue daily interest up to a day, period by period.

    The balance is the principal not yet due; overdue principal bears penalty instead,
    unless the contract says that it bears both (``overdue_interest``). In that case
    interest also runs on after the last period and is charged to the last row.
    """
    last = state[ROWS] - 1
    while state[ACCRUED_TO] < to_on:
        row = state[ACCRUAL_ROW]
        until_on = min(to_on, rows[END_ON, row])
        balance_fen = state[OUTSTANDING] if conventions.overdue_interest == 1 else state[FUTURE]
        rate_ppb = row_rate_ppb(terms, state, row)
        if until_on > state[ACCRUED_TO]:
            rows[ACCRUED_UFEN, row] += period_ufen(
                rows, row, (state[ACCRUED_TO], until_on), balance_fen, rate_ppb, conventions
            )
            state[ACCRUED_TO] = until_on
        elif row < last:
            state[ACCRUAL_ROW] = row + 1
        else:
            if conventions.overdue_interest == 1:
                accrue_after_maturity(conventions, rows, state, rate_ppb, to_on)
            state[ACCRUED_TO] = to_on


def accrue_after_maturity(
    conventions: Conventions, rows: Grid, state: list[int], rate_ppb: int, to_on: int
) -> None:
    """Let interest run on after the last period; once that has fallen due, charge it."""
    row = state[ROWS] - 1
    before_fen = floor_ufen(rows[ACCRUED_UFEN, row])
    rows[ACCRUED_UFEN, row] += simple_ufen(
        state[OUTSTANDING], rate_ppb, to_on - state[ACCRUED_TO], rate_year_days(conventions)
    )
    if state[FALLEN] == state[ROWS]:
        charged_fen = floor_ufen(rows[ACCRUED_UFEN, row]) - before_fen
        rows[INTEREST, row] += charged_fen
        state[COST] += charged_fen


def touch(terms: Terms, conventions: Conventions, rows: Grid, state: list[int], day_on: int) -> int:
    """Bring interest up to a day on which the plan changes.

    Returns:
        The running row: the first not yet due whose period ends after the day; ROWS
        where there is none.
    """
    row = running_row(rows, state, day_on)
    if is_daily(state, conventions):
        accrue_daily(terms, conventions, rows, state, day_on)
    elif row < state[ROWS]:
        rows[ACCRUED_UFEN, row] += period_ufen(
            rows,
            row,
            (max(state[ACCRUED_TO], rows[START_ON, row]), day_on),
            bearing_fen(conventions, rows, state, row),
            row_rate_ppb(terms, state, row),
            conventions,
        )
    state[ACCRUED_TO] = max(state[ACCRUED_TO], day_on)
    return row


def running_row(rows: Grid, state: list[int], day_on: int) -> int:
    """Find the first row not yet due whose period ends after a day."""
    row = state[FALLEN]
    while row < state[ROWS] and rows[END_ON, row] <= day_on:
        row += 1
    return row


def bearing_fen(conventions: Conventions, rows: Grid, state: list[int], row: int) -> int:
    """Find what scheduled interest of a row is charged on, as far as it is not met."""
    if is_flat(state, conventions):
        return state[FLAT_BASE]
    total_fen = 0
    for later in range(row, state[ROWS]):
        total_fen += rows[PRINCIPAL, later] - rows[PRINCIPAL_MET, later]
    return total_fen


def fix_row(terms: Terms, conventions: Conventions, rows: Grid, state: list[int], row: int) -> None:
    """Settle what a row with DAILY interest asks for, now that it falls due.

    Interest is what accrued. With equal instalments the principal is the rest of the
    instalment, and the last rows give way.
    """
    accrue_daily(terms, conventions, rows, state, max(rows[DUE_ON, row], rows[END_ON, row]))
    interest_fen, carry_ufen = round_interest(
        rows[ACCRUED_UFEN, row], state[CARRY_UFEN], conventions
    )
    state[CARRY_UFEN] = carry_ufen
    own_fen = interest_fen
    if defers_interest(terms, state, row):
        rows[DEFERRED, row] = interest_fen
        interest_fen = 0
    else:
        interest_fen += deferred_before(terms, rows, state, row)
    rows[INTEREST, row] = max(rows[BROUGHT_INTEREST, row] + interest_fen, rows[INTEREST_MET, row])
    if (
        state[METHOD] == Method.LEVEL
        and row < state[ROWS] - 1
        and bears_principal(terms, state, row)
    ):
        shift_principal(
            rows, state, row, state[INSTALMENT] - own_fen + rows[BROUGHT_PRINCIPAL, row]
        )


def deferred_before(terms: Terms, rows: Grid, state: list[int], row: int) -> int:
    """Add up the interest deferred to this row: the first one that does not defer."""
    if state[PLAIN] == 1 or row - state[PLAN_FIRST] != min(
        terms.grace_interest_instalments, state[ROWS] - 1 - state[PLAN_FIRST]
    ):
        return 0
    total_fen = 0
    for earlier in range(state[PLAN_FIRST], row):
        total_fen += rows[DEFERRED, earlier]
    return total_fen


def shift_principal(rows: Grid, state: list[int], row: int, wanted_fen: int) -> None:
    """Give a row the principal it should have, at the expense of the last rows."""
    wanted_fen = max(wanted_fen, rows[PRINCIPAL_MET, row])
    change_fen = wanted_fen - rows[PRINCIPAL, row]
    last = state[ROWS] - 1
    if change_fen < 0:
        rows[PRINCIPAL, row] += change_fen
        rows[PRINCIPAL, last] -= change_fen
        return
    while change_fen > 0 and last > row:
        taken_fen = min(change_fen, rows[PRINCIPAL, last] - rows[PRINCIPAL_MET, last])
        rows[PRINCIPAL, last] -= taken_fen
        rows[PRINCIPAL, row] += taken_fen
        change_fen -= taken_fen
        last -= 1
