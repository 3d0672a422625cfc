"""Dates: the calendar over arrays of days. Twin of ``kuanxian.base.days``."""

from functools import cache
from typing import NamedTuple

import numpy as np

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.calendar import mainland
from kuanxian.base.days import civil_of, day_of, days_in_month
from kuanxian.simulate.draws import Ints


class Months(NamedTuple):
    """Every month since January 1970, which is month 0."""

    start_on: Ints
    length_days: Ints


@cache
def months() -> Months:
    """Build the table of months.

    Example:
        >>> int(months().length_days[1])
        28
    """
    last_year, last_month, _ = civil_of(DAY_MAX)
    count = (last_year - 1970) * 12 + last_month
    pairs = [(1970 + number // 12, number % 12 + 1) for number in range(count)]
    return Months(
        np.array([day_of(year, month, 1) for year, month in pairs], np.int64),
        np.array([days_in_month(year, month) for year, month in pairs], np.int64),
    )


def month_of(day_on: Ints) -> Ints:
    """Find the month of each day, months since January 1970."""
    return np.searchsorted(months().start_on, day_on, side="right").astype(np.int64) - 1


def day_in_month(month: Ints, day: Ints) -> Ints:
    """Find a day of the month in each month, the last one where the month is too short.

    Example:
        >>> day_in_month(np.array([0, 1]), np.array([31, 31])).tolist()
        [30, 58]
    """
    table = months()
    return table.start_on[month] + np.minimum(day, table.length_days[month]) - 1


@cache
def workday_from() -> Ints:
    """Build the table that gives, for each day, the first mainland workday from it on.

    Example:
        >>> int(workday_from()[day_of(2026, 11, 28)]) == day_of(2026, 11, 30)
        True
    """
    off = np.frombuffer(mainland(), np.uint8)
    days = np.arange(len(off), dtype=np.int64)
    # A day off is a large number, so that the smallest one to the right is a workday.
    candidates = np.where(off == 0, days, len(off))
    return np.minimum.accumulate(candidates[::-1])[::-1]


@cache
def workday_until() -> Ints:
    """Build the table that gives, for each day, the last mainland workday up to it.

    Example:
        >>> int(workday_until()[day_of(2026, 11, 28)]) == day_of(2026, 11, 27)
        True
    """
    off = np.frombuffer(mainland(), np.uint8)
    days = np.arange(len(off), dtype=np.int64)
    return np.maximum.accumulate(np.where(off == 0, days, 0))
