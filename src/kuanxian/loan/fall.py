"""Fall: time passes, and instalments fall due."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import accrue_daily, fix_row, is_daily
from kuanxian.loan.allocate import move_open, pay_due
from kuanxian.loan.memory import (
    BROUGHT_INTEREST,
    COST,
    CREDIT,
    DUE_ON,
    ENDED_ON,
    FALLEN,
    FEE,
    FEE_MET,
    FUTURE,
    INTEREST,
    INTEREST_MET,
    NOW,
    PENALTY_FROM,
    PRINCIPAL,
    PRINCIPAL_MET,
    ROWS,
    SEQ,
    Grid,
)
from kuanxian.loan.overdue import charge_overdue, cost_room_fen, note_cure
from kuanxian.loan.terms import Conventions, Part, PenaltyBase, Terms
from kuanxian.loan.trace import What, log


def advance(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], trace: Grid, to_on: int
) -> None:
    """Let time pass up to the close of a day.

    Rows fall due one by one; the borrower's credit is used on each due day; interest
    accrues; then penalty and late fees are charged up to the day.
    """
    seq = state[SEQ]
    state[SEQ] = 0
    while state[FALLEN] < state[ROWS] and rows[DUE_ON, state[FALLEN]] <= to_on:
        fall_due(terms, conventions, rows, state, trace)
    state[NOW] = to_on
    if is_daily(state, conventions) and state[ENDED_ON] == NO_DAY:
        accrue_daily(terms, conventions, rows, state, to_on)
    charge_overdue(terms, conventions, rows, state, trace, to_on)
    state[SEQ] = seq


def fall_due(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], trace: Grid
) -> None:
    """Let the next row fall due on its day, and use credit for what is due then."""
    row = state[FALLEN]
    due_on = rows[DUE_ON, row]
    state[NOW] = max(state[NOW], due_on)
    if is_daily(state, conventions) and state[ENDED_ON] == NO_DAY:
        fix_row(terms, conventions, rows, state, row)
    if state[CREDIT] > 0 or conventions.penalty_base == PenaltyBase.OUTSTANDING:
        charge_overdue(terms, conventions, rows, state, trace, due_on)
    cap_row(conventions, rows, state, trace, row)
    rows[PENALTY_FROM, row] = due_on
    state[FUTURE] -= rows[PRINCIPAL, row] - rows[PRINCIPAL_MET, row]
    state[FALLEN] = row + 1
    log(trace, state, row, What.DUE, Part.FEE, rows[FEE, row])
    log(trace, state, row, What.DUE, Part.INTEREST, rows[INTEREST, row])
    log(trace, state, row, What.DUE, Part.PRINCIPAL, rows[PRINCIPAL, row])
    if state[CREDIT] > 0:
        use_credit(conventions, rows, state, trace)
    else:
        move_open(rows, state)


def cap_row(conventions: Conventions, rows: Grid, state: list[int], trace: Grid, row: int) -> None:
    """Cut interest and fee of a row to what the cap on the total cost leaves."""
    interest_fen = rows[INTEREST, row] - rows[BROUGHT_INTEREST, row]
    if conventions.total_cost_cap_ppb > 0:
        charged_fen = max(
            cost_room_fen(conventions, state, interest_fen),
            rows[INTEREST_MET, row] - rows[BROUGHT_INTEREST, row],
        )
        log(trace, state, row, What.CAPPED, Part.INTEREST, interest_fen - charged_fen)
        rows[INTEREST, row] -= interest_fen - charged_fen
        interest_fen = charged_fen
    state[COST] += interest_fen
    fee_fen = rows[FEE, row]
    if conventions.total_cost_cap_ppb > 0:
        fee_fen = max(cost_room_fen(conventions, state, fee_fen), rows[FEE_MET, row])
        log(trace, state, row, What.CAPPED, Part.FEE, rows[FEE, row] - fee_fen)
        rows[FEE, row] = fee_fen
    state[COST] += fee_fen


def use_credit(conventions: Conventions, rows: Grid, state: list[int], trace: Grid) -> None:
    """Use the borrower's credit for what has fallen due."""
    credit_fen = state[CREDIT]
    left_fen = pay_due(conventions, rows, state, trace, credit_fen)
    state[CREDIT] = left_fen
    log(trace, state, -1, What.USED, Part.ANY, credit_fen - left_fen)
    note_cure(conventions, rows, state, state[NOW])
