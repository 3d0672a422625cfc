"""Places: which draw of a loan is used for what. Two uses never share one."""

from enum import IntEnum


class Place(IntEnum):
    """Draws of a contract; draws of a month follow from ``MONTHLY``."""

    ID = 0
    PRODUCT = 1
    CHANNEL = 2
    TIER = 3
    TERM = 4
    LENDER = 5
    DAY = 6
    PRINCIPAL = 7
    """Two of them: 7 and 8."""
    BAD_END = 9
    """Four of them: 9 to 12."""
    MONTHLY = 16


class Monthly(IntEnum):
    """Draws of one month of one loan."""

    WHAT = 0
    """Which habit or turn."""
    WHEN = 1
    HOW_MUCH = 2
    DETAIL = 3
    BOOKED = 4


_EACH_MONTH = 8


def month_place(month: int, use: Monthly) -> int:
    """Find the place of a monthly draw.

    Example:
        >>> month_place(1, Monthly.WHEN)
        25
    """
    return int(Place.MONTHLY) + month * _EACH_MONTH + use
