"""Due days: where the periods of a plan start, end and fall due.

A period ends on the day of the series (31 January, 28 February, 31 March …); the due
day is that day rolled off a day off. Interest follows the series, so rolling moves no
fen, only the day until which a payment is in time.
"""

from collections.abc import Sequence

from kuanxian.base.days import NO_DAY, add_months, civil_of, days_in_month
from kuanxian.loan.interest import days_30e
from kuanxian.loan.memory import Loan
from kuanxian.loan.rows import clear_row
from kuanxian.loan.terms import Conventions, DayCount, PeriodUnit, Roll, Terms


def roll_day(day_on: int, roll: int, days_off: Sequence[int]) -> int:
    """Move a due day off a day off.

    Args:
        day_on: The day of the series.
        roll: A ``Roll`` code.
        days_off: One byte a day, 1 where the day is off.

    Example:
        >>> from kuanxian.base.calendar import weekends
        >>> from kuanxian.base.days import date_of, day_of
        >>> saturday = day_of(2026, 1, 31)
        >>> [date_of(roll_day(saturday, roll, weekends())).isoformat() for roll in Roll]
        ['2026-01-31', '2026-02-02', '2026-01-30', '2026-01-30']
    """
    if roll == Roll.NONE or days_off[day_on] == 0:
        return day_on
    forward_on = day_on
    while days_off[forward_on] == 1:
        forward_on += 1
    if roll == Roll.FORWARD:
        return forward_on
    if roll == Roll.FORWARD_IN_MONTH and civil_of(forward_on)[1] == civil_of(day_on)[1]:
        return forward_on
    while days_off[day_on] == 1:
        day_on -= 1
    return day_on


def step(day_on: int, periods: int, day_of_month: int, conventions: Conventions) -> int:
    """Go a number of periods from a day of the series.

    Args:
        day_on: A day of the series.
        periods: How many periods; may be negative.
        day_of_month: The day of the month the series aims at; used with months.
        conventions: Period unit and count.
    """
    units = periods * conventions.period_count
    if conventions.period_unit == PeriodUnit.MONTH:
        return add_months(day_on, units, day_of_month)
    if conventions.period_unit == PeriodUnit.WEEK:
        return day_on + 7 * units
    return day_on + units


def first_due_day(terms: Terms, conventions: Conventions) -> int:
    """Find the first due day of the contract, before rolling.

    Stated on the contract, or one period after disbursement (on ``due_day`` where the
    contract names one, and always after the day of disbursement).
    """
    if terms.first_due_on != NO_DAY:
        return terms.first_due_on
    day = terms.due_day if terms.due_day > 0 else civil_of(terms.disbursed_on)[2]
    return step(terms.disbursed_on, 1, day, conventions)


def set_periods(
    loan: Loan,
    first: int,
    count: int,
    anchor: tuple[int, int, int],
) -> None:
    """Open ``count`` rows: nothing asked for or met, only their days.

    Args:
        loan: The loan; its rows' days are written.
        first: The first row to write.
        count: How many.
        anchor: The day the first period starts, the day it ends, and the day of the
            month the series aims at.
    """
    start_on, first_end_on, day_of_month = anchor
    conventions = loan.conventions
    days_off = loan.days_off[conventions.days_off]
    monthly = conventions.period_unit == PeriodUnit.MONTH
    year, month, day = civil_of(first_end_on)
    month_on = first_end_on - day + 1
    end_on = first_end_on
    for k in range(count):
        row = first + k
        clear_row(loan, row)
        if k > 0 and monthly:
            # Month by month; going back to the calendar for each row costs five times more.
            for _ in range(conventions.period_count):
                month_on += days_in_month(year, month)
                month += 1
                if month > 12:
                    month = 1
                    year += 1
            end_on = month_on + min(day_of_month, days_in_month(year, month)) - 1
        elif k > 0:
            end_on = step(first_end_on, k, day_of_month, conventions)
        loan.plan[row].start_on = start_on
        loan.plan[row].end_on = end_on
        # Rolled back, an instalment may fall due on the day the plan starts, not before.
        loan.plan[row].due_on = max(roll_day(end_on, conventions.roll, days_off), anchor[0])
        # The first period may be odd, and the second where a first due day is off the series.
        regular = k > 1 or step(end_on, -1, day_of_month, conventions) == start_on
        measure_period(loan, row, regular, day_of_month)
        start_on = end_on


def measure_period(loan: Loan, row: int, regular: bool, day_of_month: int) -> None:
    """Write how many days a row's period has in the contract's day count.

    A regular month has 30 days with 30/360, whatever day it ends on.
    """
    conventions = loan.conventions
    start_on = loan.plan[row].start_on
    end_on = loan.plan[row].end_on
    loan.plan[row].period_days = max(end_on - start_on, 0)
    if conventions.day_count == DayCount.D30_360:
        if regular and conventions.period_unit == PeriodUnit.MONTH:
            loan.plan[row].period_days = 30 * conventions.period_count
        else:
            loan.plan[row].period_days = max(days_30e(start_on, end_on), 0)
    if conventions.day_count == DayCount.ACT_ACT_PERIOD:
        regular_start_on = step(end_on, -1, day_of_month, conventions)
        loan.plan[row].year_days = end_on - regular_start_on


def series_day(terms: Terms, first_on: int) -> int:
    """Find the day of the month the contract's due days aim at.

    The contract's ``due_day``; else that of the first due day, and where the first due
    day is the end of a short month one period after disbursement, that of the
    disbursement (31 January is followed by 28 February and 31 March).
    """
    if terms.due_day > 0:
        return terms.due_day
    year, month, day = civil_of(first_on)
    if day == days_in_month(year, month):
        return max(day, civil_of(terms.disbursed_on)[2])
    return day
