"""Calendar: which days are days off, as one byte a day.

The kernel rolls due days with this table and knows no holiday itself. The official
mainland calendar comes from the ``chinesecalendar`` package, which carries the State
Council's yearly notices. Beyond the last year it knows, weekends stand in; a close
that depends on such a day changes once the notice is published.
"""

import datetime  # noqa: F401 - the examples use it
from functools import cache
from typing import Final

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.days import day_number, weekday

DAYS_COVERED: Final = DAY_MAX + 32
"""The table is a little longer than the last day, so that rolling forward stays inside."""


@cache
def weekends() -> bytes:
    """Mark Saturdays and Sundays: byte ``d`` is 1 where day ``d`` is off.

    Example:
        >>> weekends()[day_number(datetime.date(2026, 11, 28))]
        1
    """
    week = bytes(weekday(day_on) >= 5 for day_on in range(7))
    return (week * (DAYS_COVERED // len(week) + 1))[:DAYS_COVERED]


@cache
def mainland() -> bytes:
    """Mark the days off of the official mainland calendar, make-up workdays not.

    Example:
        >>> [mainland()[day_number(datetime.date(2026, 10, day))] for day in (1, 10)]
        [1, 0]
    """
    from chinese_calendar import constants

    days = bytearray(weekends())
    for date in constants.holidays:
        days[day_number(date)] = 1
    for date in constants.workdays:
        days[day_number(date)] = 0
    return bytes(days)


@cache
def mainland_known_until() -> int:
    """Find the last day the official calendar was published for.

    Example:
        >>> mainland_known_until() >= day_number(datetime.date(2026, 12, 31))
        True
    """
    from chinese_calendar import constants

    last = max(constants.holidays)
    return day_number(last.replace(month=12, day=31))
