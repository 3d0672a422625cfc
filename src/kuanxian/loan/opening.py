"""Opening: the first schedule of a loan, as its contract has it."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.change import clear_row
from kuanxian.loan.due import first_due_day, measure_period, series_day, set_periods
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import (
    ACCRUED_TO,
    CURED,
    DEFAULT_SINCE,
    DRAWN,
    DUE_DAY,
    DUE_ON,
    END_ON,
    ENDED_ON,
    FEE,
    FUTURE,
    INSTALMENT,
    INTEREST,
    LAST_PAID_ON,
    MET_ON,
    METHOD,
    NOW,
    OUTSTANDING,
    PENALTY_TO,
    PLAN_FIRST,
    PRINCIPAL,
    RATE,
    ROWS,
    START_ON,
    STATE_WIDTH,
    STOP_FROM,
    STOP_UNTIL,
    TRACE_MAX,
    WRITTEN_OFF_ON,
    Grid,
)
from kuanxian.loan.terms import Conventions, Method, Part, Terms
from kuanxian.loan.trace import What, log


def open_state(terms: Terms, conventions: Conventions, state: list[int]) -> None:
    """Reset the figures of a loan to the day it is paid out."""
    trace_max = state[TRACE_MAX]
    for place in range(STATE_WIDTH):
        state[place] = 0
    state[TRACE_MAX] = trace_max
    state[NOW] = terms.disbursed_on
    state[ACCRUED_TO] = terms.disbursed_on
    state[RATE] = terms.rate_ppb
    state[METHOD] = conventions.method
    state[INSTALMENT] = terms.instalment_fen
    state[DUE_DAY] = series_day(terms, conventions)
    state[STOP_FROM] = NO_DAY
    state[STOP_UNTIL] = NO_DAY
    state[DEFAULT_SINCE] = NO_DAY
    state[CURED] = NO_DAY
    state[LAST_PAID_ON] = NO_DAY
    state[ENDED_ON] = NO_DAY
    state[WRITTEN_OFF_ON] = NO_DAY
    state[PENALTY_TO] = NO_DAY


def blank_row(rows: Grid, row: int) -> None:
    """Make a row blank and not yet met."""
    clear_row(rows, row)
    rows[MET_ON, row] = NO_DAY


def open_loan(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    days_off: bytes,
) -> None:
    """Lay out the schedule the contract promises.

    A down payment is row 0, due on the day of disbursement. A given schedule has no
    rows yet; they are put in by ``give_row``.
    """
    open_state(terms, conventions, state)
    state[DRAWN] = terms.principal_fen
    state[OUTSTANDING] = 0
    log(trace, state, -1, What.DRAWN, Part.PRINCIPAL, terms.principal_fen)
    first = 0
    if terms.down_payment_fen > 0:
        blank_row(rows, 0)
        rows[START_ON, 0] = terms.disbursed_on
        rows[END_ON, 0] = terms.disbursed_on
        rows[DUE_ON, 0] = terms.disbursed_on
        rows[PRINCIPAL, 0] = terms.down_payment_fen
        state[OUTSTANDING] = terms.down_payment_fen
        state[FUTURE] = terms.down_payment_fen
        first = 1
    state[PLAN_FIRST] = first
    state[ROWS] = first
    if conventions.method == Method.GIVEN:
        return
    for row in range(first, first + terms.instalments):
        blank_row(rows, row)
        rows[FEE, row] = terms.fee_fen
    anchor = (terms.disbursed_on, first_due_day(terms, conventions), state[DUE_DAY])
    set_periods(rows, first, terms.instalments, anchor, conventions, days_off)
    state[ROWS] = first + terms.instalments
    balance_fen = terms.principal_fen - terms.down_payment_fen
    lay_out(terms, conventions, rows, state, first, balance_fen)


def give_row(rows: Grid, state: list[int], row_on: int, amounts_fen: tuple[int, int, int]) -> None:
    """Put one row of a given schedule where its due day belongs.

    Args:
        rows: The schedule.
        state: The loan's figures.
        row_on: Its due day.
        amounts_fen: Principal, interest and fee.
    """
    row = state[ROWS]
    first = state[PLAN_FIRST]
    blank_row(rows, row)
    while row > first and rows[DUE_ON, row - 1] > row_on:
        for column in (END_ON, DUE_ON, PRINCIPAL, INTEREST, FEE):
            rows[column, row] = rows[column, row - 1]
        row -= 1
    rows[END_ON, row] = row_on
    rows[DUE_ON, row] = row_on
    rows[PRINCIPAL, row] = amounts_fen[0]
    rows[INTEREST, row] = amounts_fen[1]
    rows[FEE, row] = amounts_fen[2]
    state[ROWS] += 1


def close_given(terms: Terms, conventions: Conventions, rows: Grid, state: list[int]) -> None:
    """Finish a given schedule: periods follow one another, the last row takes the rest.

    Given due days are not rolled: the lender states the day itself. Where no row was
    given at all, everything is due on the first due day of the contract.
    """
    if state[ROWS] == state[PLAN_FIRST]:
        give_row(rows, state, first_due_day(terms, conventions), (0, 0, 0))
    start_on = terms.disbursed_on
    left_fen = terms.principal_fen - state[OUTSTANDING]
    for row in range(state[PLAN_FIRST], state[ROWS]):
        rows[START_ON, row] = start_on
        start_on = rows[END_ON, row]
        measure_period(rows, row, False, state[DUE_DAY], conventions)
        last = row == state[ROWS] - 1
        principal_fen = left_fen if last else min(rows[PRINCIPAL, row], left_fen)
        rows[PRINCIPAL, row] = principal_fen
        left_fen -= principal_fen
        state[OUTSTANDING] += principal_fen
        state[FUTURE] += principal_fen
