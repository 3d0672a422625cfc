"""Change: events that alter the plan.

Each function brings interest up to the day, alters rows that are not yet due, and lays
the principal out anew. Rows that have fallen due stay as they were, so that what was
once due can always be read back. Each returns a ``Refused`` code.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, GRACE_DAYS_MAX, ROWS_MAX
from kuanxian.base.days import NO_DAY, add_months
from kuanxian.loan.accrue import running_row, touch
from kuanxian.loan.due import measure_period, roll_day, set_periods, step
from kuanxian.loan.events import Refused
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import (
    ACCRUED_TO,
    DRAWN,
    DUE_DAY,
    DUE_ON,
    END_ON,
    GRACE,
    INSTALMENT,
    MET_ON,
    METHOD,
    NOW,
    OPEN,
    OUTSTANDING,
    RATE,
    ROW_WIDTH,
    ROWS,
    START_ON,
    Grid,
)
from kuanxian.loan.overdue import unpaid_fen
from kuanxian.loan.terms import Conventions, Method, Part, PeriodUnit, Terms
from kuanxian.loan.trace import What, log


def clear_row(rows: Grid, row: int) -> None:
    """Make a row blank."""
    for column in range(ROW_WIDTH):
        rows[column, row] = 0


def relay(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], first: int, added_fen: int
) -> None:
    """Lay out anew from a row, with a newly computed instalment."""
    state[INSTALMENT] = 0
    lay_out(terms, conventions, rows, state, first, added_fen)


def draw_down(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> int:
    """Add borrowed principal to the instalments not yet due."""
    if (
        state[OUTSTANDING] + amount_fen > BALANCE_FEN_MAX
        or state[DRAWN] + amount_fen > BALANCE_FEN_MAX
    ):
        return Refused.OUT_OF_BOUNDS
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    touch(terms, conventions, rows, state, state[NOW])
    relay(terms, conventions, rows, state, row, amount_fen)
    state[DRAWN] += amount_fen
    log(trace, state, -1, What.DRAWN, Part.PRINCIPAL, amount_fen)
    return Refused.NONE


def reamortise(terms: Terms, conventions: Conventions, rows: Grid, state: list[int]) -> int:
    """Compute the instalments not yet due anew from the principal not yet due."""
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    touch(terms, conventions, rows, state, state[NOW])
    relay(terms, conventions, rows, state, row, 0)
    return Refused.NONE


def change_rate(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], rate_ppb: int
) -> int:
    """Charge another rate from today on."""
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    touch(terms, conventions, rows, state, state[NOW])
    state[RATE] = rate_ppb
    relay(terms, conventions, rows, state, row, 0)
    return Refused.NONE


def move_rows(
    conventions: Conventions, rows: Grid, state: list[int], first: int, end_on: int, days_off: bytes
) -> None:
    """Let the period of a row end on another day and the later ones follow it.

    The first row keeps its start: its period is longer or shorter than a regular one.
    """
    for row in range(first, state[ROWS]):
        if row > first:
            rows[START_ON, row] = rows[END_ON, row - 1]
        place = row - first
        rows[END_ON, row] = (
            step(end_on, place, state[DUE_DAY], conventions) if place > 0 else end_on
        )
        rows[DUE_ON, row] = roll_day(rows[END_ON, row], conventions.roll, days_off)
        measure_period(rows, row, place > 0, state[DUE_DAY], conventions)


def change_due_day(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], day: int, days_off: bytes
) -> int:
    """Let the next instalment and those after it fall due on another day of the month.

    In the month the next instalment was due in; a month later where that day has passed.
    """
    row = running_row(rows, state, state[NOW])
    if conventions.period_unit != PeriodUnit.MONTH:
        return Refused.BAD_FIELD
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    touch(terms, conventions, rows, state, state[NOW])
    end_on = add_months(rows[END_ON, row], 0, day)
    if end_on <= state[NOW]:
        end_on = add_months(end_on, 1, day)
    state[DUE_DAY] = day
    if step(end_on, state[ROWS] - row, day, conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    move_rows(conventions, rows, state, row, end_on, days_off)
    relay(terms, conventions, rows, state, row, 0)
    return Refused.NONE


def defer(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    periods: int,
    with_interest: bool,
    days_off: bytes,
) -> int:
    """Move all instalments not yet due by whole periods.

    With interest the running period becomes longer and bears interest throughout.
    Without, the amounts stay as they were, and daily interest stands still as long as
    the instalments were moved.
    """
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    old_end_on = rows[END_ON, row]
    if step(rows[END_ON, state[ROWS] - 1], periods, 31, conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    touch(terms, conventions, rows, state, state[NOW])
    end_on = step(old_end_on, periods, state[DUE_DAY], conventions)
    move_rows(conventions, rows, state, row, end_on, days_off)
    if with_interest:
        relay(terms, conventions, rows, state, row, 0)
    else:
        state[ACCRUED_TO] += end_on - old_end_on
    return Refused.NONE


def extend(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    periods: int,
    days_off: bytes,
) -> int:
    """Add periods for the principal not yet due (展期).

    A loan repaid at once gets a later maturity; others get more instalments.

    Source:
        Civil Code art. 678 (V1): the borrower may ask for an extension before the
        term ends; the lender may agree.
    """
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    last = state[ROWS] - 1
    if step(rows[END_ON, last], periods, 31, conventions) > DAY_MAX or last + periods >= ROWS_MAX:
        return Refused.OUT_OF_BOUNDS
    if state[METHOD] == Method.SINGLE:
        return defer(terms, conventions, rows, state, periods, True, days_off)
    touch(terms, conventions, rows, state, state[NOW])
    append_rows(conventions, rows, state, periods, days_off)
    relay(terms, conventions, rows, state, row, 0)
    return Refused.NONE


def append_rows(
    conventions: Conventions, rows: Grid, state: list[int], count: int, days_off: bytes
) -> None:
    """Add blank rows that go on with the series of the last one."""
    last = state[ROWS] - 1
    for row in range(last + 1, last + 1 + count):
        clear_row(rows, row)
        rows[MET_ON, row] = NO_DAY
    end_on = step(rows[END_ON, last], 1, state[DUE_DAY], conventions)
    anchor = (rows[END_ON, last], end_on, state[DUE_DAY])
    set_periods(rows, last + 1, count, anchor, conventions, days_off)
    state[ROWS] += count


def grant_grace(rows: Grid, state: list[int], days: int) -> int:
    """Give the oldest unpaid instalment extra grace days."""
    row = state[OPEN]
    while row < state[ROWS] and unpaid_fen(rows, row) == 0:
        row += 1
    if row == state[ROWS]:
        return Refused.NOTHING_LEFT
    if rows[GRACE, row] + days > GRACE_DAYS_MAX:
        return Refused.OUT_OF_BOUNDS
    rows[GRACE, row] += days
    return Refused.NONE
