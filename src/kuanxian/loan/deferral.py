"""Deferral: the instalments not yet due move to later due days.

Where a calendar rolls a due day, an instalment may have a day or a week between the end of its
period and its due day. It is not yet due then, and moves with the others.
"""

from kuanxian.base.bounds import DAY_MAX, UFEN
from kuanxian.loan.accrue import bearing_fen, is_daily, running_row, touch
from kuanxian.loan.due import measure_period, roll_day, step
from kuanxian.loan.early import scheduled_fen
from kuanxian.loan.events import Refused
from kuanxian.loan.interest import elapsed_days, period_ufen
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import row_rate_ppb
from kuanxian.loan.terms import DayCount, RoundAt


def defer(
    loan: Loan,
    periods: int,
    with_interest: bool,
) -> int:
    """Move all instalments not yet due by whole periods.

    With interest the running period becomes longer and bears interest throughout; it is that
    of the first instalment not yet due, also where its last day has passed.
    Without, the amounts stay as they were, and interest stands still as long as the
    instalments were moved.
    """
    if loan.fallen == loan.rows:
        return Refused.NOTHING_LEFT
    last = loan.plan[loan.rows - 1]
    if step(max(last.end_on, last.due_on), periods, 31, loan.conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    row = running_row(loan, loan.now_on)
    if with_interest:
        if row > loan.fallen:
            reopen(loan, row)
            row = loan.fallen
        else:
            touch(loan, loan.now_on)
        end_on = step(loan.plan[row].end_on, periods, loan.due_day, loan.conventions)
        move_rows(loan, row, end_on, False)
        lay_out(loan, row, 0)
        return Refused.NONE
    for ended in range(loan.fallen, row):
        put_off_due_day(loan, ended, periods)
    if row < loan.rows:
        stand_still(loan, row, periods)
    return Refused.NONE


def stand_still(loan: Loan, row: int, periods: int) -> None:
    """Move the running row and those after it, and let interest stand still meanwhile."""
    touch(loan, loan.now_on)
    left_days = days_to_accrue(loan, row)
    end_on = step(loan.plan[row].end_on, periods, loan.due_day, loan.conventions)
    # Scheduled interest stays by itself, and so does that of a year of equal periods.
    by_days = is_daily(loan) and loan.conventions.day_count != DayCount.ACT_ACT_PERIOD
    move_rows(loan, row, end_on, by_days)
    # Until as many days are left as were: months of 30 days have no day for some of them.
    while days_to_accrue(loan, row) > left_days:
        loan.accrued_to_on += 1


def move_rows(loan: Loan, first: int, end_on: int, keep_days: bool) -> None:
    """Let the period of a row end on another day and the later ones follow it.

    The first row keeps its start: its period is longer or shorter than a regular one.
    Where days are to be kept, interest of a later one starts late enough to run on no more
    days than before.
    """
    days_off = loan.days_off[loan.conventions.days_off]
    for row in range(first, loan.rows):
        days = loan.plan[row].period_days
        if row > first:
            loan.plan[row].start_on = loan.plan[row - 1].end_on
        place = row - first
        loan.plan[row].end_on = (
            step(end_on, place, loan.due_day, loan.conventions) if place > 0 else end_on
        )
        loan.plan[row].due_on = roll_day(loan.plan[row].end_on, loan.conventions.roll, days_off)
        measure_period(loan, row, place > 0, loan.due_day)
        while keep_days and row > first and loan.plan[row].period_days > days:
            loan.plan[row].start_on += 1
            measure_period(loan, row, False, loan.due_day)


def days_to_accrue(loan: Loan, row: int) -> int:
    """Count the days of a period that have not accrued, in the contract's day count."""
    day_count = loan.conventions.day_count
    return loan.plan[row].period_days - elapsed_days(loan, row, loan.accrued_to_on, day_count)


def put_off_due_day(loan: Loan, row: int, periods: int) -> None:
    """Move the due day of a row whose period has ended: its interest is what it is.

    It may have been moved before; it is as many periods after the end as it takes.
    """
    days_off = loan.days_off[loan.conventions.days_off]
    roll = loan.conventions.roll
    end_on = loan.plan[row].end_on
    day_on = end_on
    moved = 0
    while roll_day(day_on, roll, days_off) < loan.plan[row].due_on:
        moved += 1
        day_on = step(end_on, moved, loan.due_day, loan.conventions)
    day_on = step(end_on, moved + periods, loan.due_day, loan.conventions)
    loan.plan[row].due_on = roll_day(day_on, roll, days_off)


def reopen(loan: Loan, running: int) -> None:
    """Let the period of the first row not yet due go on, though its last day has passed.

    What has accrued since, in the rows up to the running one, becomes its own.
    """
    first = loan.fallen
    for row in range(first, running):
        if is_daily(loan):
            reopen_carry(loan, row)
        else:
            days_on = (max(loan.accrued_to_on, loan.plan[row].start_on), loan.plan[row].end_on)
            loan.plan[row].accrued_ufen += period_ufen(
                loan, row, days_on, bearing_fen(loan, row), row_rate_ppb(loan, row)
            )
    if running < loan.rows:
        touch(loan, loan.now_on)
    loan.accrued_to_on = max(loan.accrued_to_on, loan.now_on)
    for row in range(first + 1, min(running + 1, loan.rows)):
        loan.plan[first].accrued_ufen += loan.plan[row].accrued_ufen
        loan.plan[row].accrued_ufen = 0
    loan.closed = first
    loan.accrual_row = first


def reopen_carry(loan: Loan, row: int) -> None:
    """Take back what rounding a row's interest left for the next one; it is rounded again."""
    if loan.conventions.interest_round_at == RoundAt.TOTAL:
        loan.carry_ufen += scheduled_fen(loan, row) * UFEN - loan.plan[row].accrued_ufen
