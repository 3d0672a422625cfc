"""Days: the calendar as integers.

A day is an ``int``: days since 1970-01-01, as in Arrow's ``date32``. ``NO_DAY`` (-1)
stands for "no such day" wherever a column may be empty. There is no clock here.

The civil-calendar arithmetic is the proleptic Gregorian calendar in its usual
March-based form; it runs unchanged as plain Python and compiled.
"""

import datetime
from typing import Final

NO_DAY: Final = -1

_EPOCH_ORDINAL: Final = datetime.date(1970, 1, 1).toordinal()


def day_number(date: datetime.date) -> int:
    """Turn a date into a day number.

    Example:
        >>> day_number(datetime.date(2026, 11, 24))
        20781
    """
    return date.toordinal() - _EPOCH_ORDINAL


def date_of(day_on: int) -> datetime.date:
    """Turn a day number into a date.

    Example:
        >>> date_of(20781).isoformat()
        '2026-11-24'
    """
    return datetime.date.fromordinal(day_on + _EPOCH_ORDINAL)


def day_of(year: int, month: int, day: int) -> int:
    """Compute the day number of a civil date. Years 1970 to 2199.

    Example:
        >>> day_of(2026, 11, 24)
        20781
    """
    shifted_year = year - 1 if month <= 2 else year
    shifted_month = month + 9 if month <= 2 else month - 3
    day_of_year = (153 * shifted_month + 2) // 5 + day - 1
    return (
        365 * shifted_year
        + shifted_year // 4
        - shifted_year // 100
        + shifted_year // 400
        + day_of_year
        - 719_468
    )


def civil_of(day_on: int) -> tuple[int, int, int]:
    """Split a day number into year, month and day.

    Example:
        >>> civil_of(20781)
        (2026, 11, 24)
    """
    shifted = day_on + 719_468
    era = shifted // 146_097
    day_of_era = shifted - era * 146_097
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    return year, month, day


def is_leap(year: int) -> bool:
    """Say whether a year has 366 days.

    Example:
        >>> is_leap(2000), is_leap(2100), is_leap(2028)
        (True, False, True)
    """
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month.

    Example:
        >>> days_in_month(2028, 2)
        29
    """
    if month == 2:
        return 29 if is_leap(year) else 28
    # 31 in the odd months up to July and in the even ones from August on.
    return 30 + ((month + (month >> 3)) & 1)


def add_months(day_on: int, months: int, day_of_month: int) -> int:
    """Go ``months`` whole months from a day and land on a day of the month.

    A month too short for ``day_of_month`` gives its last day, and the series does not
    drift: the wanted day is passed each time (31 Jan, 28 Feb, 31 Mar).

    Args:
        day_on: The day counted from; only its month matters.
        months: Whole months, 0 or more.
        day_of_month: The day wanted, 1 to 31.

    Example:
        >>> date_of(add_months(day_of(2026, 1, 31), 1, 31)).isoformat()
        '2026-02-28'
    """
    year, month, _ = civil_of(day_on)
    return day_in_month(year * 12 + month - 1 + months, day_of_month)


def day_in_month(months: int, day_of_month: int) -> int:
    """Find a day of a month, or the month's last day where it is too short.

    Args:
        months: The month, counted from January of year 0.
        day_of_month: The day wanted, 1 to 31.

    Example:
        >>> date_of(day_in_month(2026 * 12 + 1, 31)).isoformat()
        '2026-02-28'
    """
    year = months // 12
    month = months - year * 12 + 1
    return day_of(year, month, min(day_of_month, days_in_month(year, month)))


def month_start(day_on: int) -> int:
    """Find the first day of a day's month.

    Example:
        >>> date_of(month_start(20781)).isoformat()
        '2026-11-01'
    """
    year, month, _ = civil_of(day_on)
    return day_of(year, month, 1)


def weekday(day_on: int) -> int:
    """Find the day of the week, 0 = Monday … 6 = Sunday.

    Example:
        >>> weekday(day_of(2026, 11, 24))
        1
    """
    return (day_on + 3) % 7
