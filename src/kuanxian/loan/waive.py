"""Waive: the lender gives up part of what is owed."""

from kuanxian.loan.accrue import is_daily
from kuanxian.loan.allocate import PARTS, meet, move_open, part_at
from kuanxian.loan.events import Refused
from kuanxian.loan.memory import (
    CHARGED,
    FALLEN,
    MET,
    OPEN,
    ROWS,
    WAIVED,
    WAIVED_PRINCIPAL,
    Grid,
)
from kuanxian.loan.terms import Conventions, Part
from kuanxian.loan.trace import What, log


def waive_part(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, part: int, amount_fen: int
) -> int:
    """Waive one part, oldest row first.

    Args:
        conventions: The contract's settings.
        rows: The schedule.
        state: The loan's figures.
        trace: Entries go here.
        part: Which part.
        amount_fen: How much; 0: all of it that has fallen due.

    Returns:
        What was waived, fen. More than is owed cannot be waived.
    """
    end = state[ROWS] if amount_fen > 0 else state[FALLEN]
    if part == Part.INTEREST and is_daily(state, conventions):
        end = state[FALLEN]
    waived_fen = 0
    for row in range(state[OPEN], end):
        left_fen = rows[CHARGED + part, row] - rows[MET + part, row]
        if amount_fen > 0:
            left_fen = min(left_fen, amount_fen - waived_fen)
        used_fen = meet(rows, state, row, part, left_fen)
        log(trace, state, row, What.WAIVED, part, used_fen)
        waived_fen += used_fen
    state[WAIVED] += waived_fen
    if part == Part.PRINCIPAL:
        state[WAIVED_PRINCIPAL] += waived_fen
    return waived_fen


def waive(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, part: int, amount_fen: int
) -> int:
    """Waive an amount of one part, or of any part in the order payments clear them.

    Returns:
        A ``Refused`` code: NOTHING_LEFT where there is nothing to waive.
    """
    total_fen = 0
    if part != Part.ANY:
        total_fen = waive_part(conventions, rows, state, trace, part, amount_fen)
    else:
        for place in range(PARTS):
            if amount_fen == 0 or total_fen < amount_fen:
                left_fen = amount_fen - total_fen if amount_fen > 0 else 0
                total_fen += waive_part(
                    conventions,
                    rows,
                    state,
                    trace,
                    part_at(conventions.allocation_order, place),
                    left_fen,
                )
    move_open(rows, state)
    return Refused.NOTHING_LEFT if total_fen == 0 else Refused.NONE
