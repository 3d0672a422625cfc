"""Zones: from instants to local days and minutes, and back.

An instant is microseconds UTC since 1970; a day is days since 1970, half-open: it begins at
the first instant whose local date it is and ends where the next begins. Where clocks go back,
01:30 comes twice and both are minute 90; such a day has 25 hours.
"""

import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kuanxian.base.days import add_months, civil_of, date_of, day_number

_SECOND_US: Final = 1_000_000
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


def local_minute(at: int, zone: str) -> int:
    """Find the minute of the local day, 0 to 1439, the minute begun counting as that minute.

    Example:
        >>> local_minute(0, "Asia/Shanghai")
        480
    """
    local = datetime.datetime.fromtimestamp(at // _SECOND_US, ZoneInfo(zone))
    return local.hour * 60 + local.minute


@lru_cache(maxsize=65_536)
def local_day(at: int, zone: str) -> int:
    """Find the local day of an instant.

    Example:
        >>> local_day(16 * 3600 * 1_000_000, "Asia/Shanghai")
        1
    """
    return day_number(datetime.datetime.fromtimestamp(at // _SECOND_US, ZoneInfo(zone)).date())


@lru_cache(maxsize=65_536)
def day_start(day_on: int, zone: str) -> int:
    """Find the first instant of a local day.

    Where midnight does not exist, that is the instant the clocks went forward.

    Example:
        >>> day_start(1, "Asia/Shanghai") == 16 * 3600 * 1_000_000
        True
    """
    date = date_of(day_on)
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=ZoneInfo(zone))
    return (midnight - _EPOCH) // _MICROSECOND


def years_over(from_on: int, today: int) -> int:
    """Count the whole years that are over: a year is over when its anniversary has ended.

    Of 29 February the anniversary in a common year is 28 February.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> begun = day_of(2020, 2, 29)
        >>> [years_over(begun, day_of(2021, *day)) for day in ((2, 28), (3, 1))]
        [0, 1]
    """
    return months_over(from_on, today) // 12


def months_over(from_on: int, today: int) -> int:
    """Count the whole months that are over: a month is over when its last day has ended.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> [months_over(day_of(2026, 1, 31), day_of(2026, *day)) for day in ((2, 28), (3, 1))]
        [0, 1]
    """
    if today <= from_on:
        return 0
    year, month, day = civil_of(from_on)
    end_year, end_month, _ = civil_of(today)
    months = (end_year - year) * 12 + end_month - month
    return months if add_months(from_on, months, day) < today else months - 1
