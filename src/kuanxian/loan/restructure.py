"""Restructure: what is owed becomes a new plan.

Re-instalment (重新分期) closes every row and opens new ones; re-ageing moves what is
overdue into the next instalment. Both leave a trail: what was asked for and met in the
old rows stays there, and each fen that moves is in the trace.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, ROWS_MAX
from kuanxian.base.days import NO_DAY, civil_of
from kuanxian.loan.accrue import running_row
from kuanxian.loan.change import clear_row
from kuanxian.loan.due import set_periods, step
from kuanxian.loan.events import Event, Refused
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import (
    ACCRUAL_ROW,
    ACCRUED_TO,
    BROUGHT_INTEREST,
    BROUGHT_PRINCIPAL,
    CAPITALISED,
    CARRY_UFEN,
    CHARGED,
    DUE_DAY,
    FALLEN,
    FEE,
    FUTURE,
    INSTALMENT,
    INTEREST,
    MET,
    MET_ON,
    METHOD,
    NOW,
    OPEN,
    OUTSTANDING,
    PENALTY,
    PLAIN,
    PLAN_FIRST,
    PRINCIPAL,
    RATE,
    ROWS,
    Grid,
)
from kuanxian.loan.settle import fall_all, payoff_parts, stop_rows
from kuanxian.loan.terms import Conventions, EarlyInterest, Method, Part, Terms
from kuanxian.loan.trace import What, log


def take_out(rows: Grid, state: list[int], trace: Grid, part: int) -> int:
    """Take what is owed of a part out of every row that has fallen due.

    Returns:
        What was taken, fen.
    """
    total_fen = 0
    for row in range(state[OPEN], state[FALLEN]):
        moved_fen = rows[CHARGED + part, row] - rows[MET + part, row]
        rows[CHARGED + part, row] -= moved_fen
        if moved_fen > 0:
            rows[MET_ON, row] = state[NOW]
        log(trace, state, row, What.MOVED, part, moved_fen)
        total_fen += moved_fen
    return total_fen


def bring(
    rows: Grid, state: list[int], trace: Grid, row: int, amounts_fen: tuple[int, int, int]
) -> None:
    """Put fees, penalty and interest taken out elsewhere into one row."""
    fee_fen, penalty_fen, interest_fen = amounts_fen
    rows[FEE, row] += fee_fen
    rows[PENALTY, row] += penalty_fen
    rows[INTEREST, row] += interest_fen
    rows[BROUGHT_INTEREST, row] += interest_fen
    log(trace, state, row, What.BROUGHT, Part.FEE, fee_fen)
    log(trace, state, row, What.BROUGHT, Part.PENALTY, penalty_fen)
    log(trace, state, row, What.BROUGHT, Part.INTEREST, interest_fen)


def reinstal(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    event: Event,
    days_off: bytes,
) -> int:
    """Turn everything owed into ``event.count`` new instalments.

    The old rows keep what was met. Interest up to today, fees and penalty are due with
    the first new instalment, or become principal where the agreement says so.
    """
    count = event.count
    if state[OUTSTANDING] == 0:
        return Refused.NOTHING_LEFT
    if state[ROWS] + count > ROWS_MAX:
        return Refused.OUT_OF_BOUNDS
    first_end_on, day = first_end(conventions, state, event)
    if first_end_on <= state[NOW]:
        return Refused.BAD_FIELD
    owed = payoff_parts(terms, conventions, rows, state)
    owed_fen = owed.total_fen + owed.credit_fen
    if owed_fen > BALANCE_FEN_MAX or step(first_end_on, count, 31, conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    stop_rows(terms, conventions, rows, state, EarlyInterest.TO_DAY)
    fall_all(rows, state)
    principal_fen = take_out(rows, state, trace, Part.PRINCIPAL)
    fee_fen = take_out(rows, state, trace, Part.FEE)
    penalty_fen = take_out(rows, state, trace, Part.PENALTY)
    interest_fen = take_out(rows, state, trace, Part.INTEREST)
    first = state[ROWS]
    open_plan(conventions, rows, state, (first, count, first_end_on, day), days_off)
    state[RATE] = event.rate_ppb
    added_fen = principal_fen
    if event.part == Part.PRINCIPAL:
        added_fen += fee_fen + penalty_fen + interest_fen
        state[CAPITALISED] += added_fen - principal_fen
        log(trace, state, first, What.CAPITALISED, Part.PRINCIPAL, added_fen - principal_fen)
        fee_fen = 0
        penalty_fen = 0
        interest_fen = 0
    state[OUTSTANDING] -= principal_fen
    log(trace, state, first, What.BROUGHT, Part.PRINCIPAL, principal_fen)
    lay_out(terms, conventions, rows, state, first, added_fen)
    bring(rows, state, trace, first, (fee_fen, penalty_fen, interest_fen))
    return Refused.NONE


def first_end(conventions: Conventions, state: list[int], event: Event) -> tuple[int, int]:
    """Find where the first period of a new plan ends, and the day its series aims at."""
    if event.until_on != NO_DAY:
        return event.until_on, civil_of(event.until_on)[2]
    day = civil_of(state[NOW])[2]
    return step(state[NOW], 1, day, conventions), day


def open_plan(
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    plan: tuple[int, int, int, int],
    days_off: bytes,
) -> None:
    """Open the rows of a new plan: blank, dated, without promotion or grace."""
    first, count, first_end_on, day = plan
    for row in range(first, first + count):
        clear_row(rows, row)
        rows[MET_ON, row] = NO_DAY
    set_periods(rows, first, count, (state[NOW], first_end_on, day), conventions, days_off)
    state[ROWS] = first + count
    state[OPEN] = first
    state[FALLEN] = first
    state[ACCRUAL_ROW] = first
    state[ACCRUED_TO] = state[NOW]
    state[CARRY_UFEN] = 0
    state[PLAN_FIRST] = first
    state[PLAIN] = 1
    state[DUE_DAY] = day
    state[INSTALMENT] = 0
    if state[METHOD] == Method.GIVEN or state[METHOD] == Method.PAY_IN_N:
        state[METHOD] = Method.EQUAL_PRINCIPAL
    if state[METHOD] == Method.SINGLE and count > 1:
        state[METHOD] = Method.LEVEL


def reage(rows: Grid, state: list[int], trace: Grid) -> int:
    """Move what has fallen due and is owed into the next instalment."""
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS] or state[OPEN] == state[FALLEN]:
        return Refused.NOTHING_LEFT
    principal_fen = take_out(rows, state, trace, Part.PRINCIPAL)
    fee_fen = take_out(rows, state, trace, Part.FEE)
    penalty_fen = take_out(rows, state, trace, Part.PENALTY)
    interest_fen = take_out(rows, state, trace, Part.INTEREST)
    rows[PRINCIPAL, row] += principal_fen
    rows[BROUGHT_PRINCIPAL, row] += principal_fen
    state[FUTURE] += principal_fen
    state[OPEN] = state[FALLEN]
    log(trace, state, row, What.BROUGHT, Part.PRINCIPAL, principal_fen)
    bring(rows, state, trace, row, (fee_fen, penalty_fen, interest_fen))
    return Refused.NONE
