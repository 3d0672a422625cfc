"""Native: a carried value as Python and every engine know it: a date, an instant."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from kuanxian.law.tree import Kind, Value

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def native_value(kind: Kind, value: Value) -> bool | int | str | date | datetime:
    """Give a carried value as Python, Arrow, Polars and SQL drivers know it.

    Args:
        kind: What it is.
        value: As the tree carries it: dates in days, instants in microseconds.

    Example:
        >>> native_value(Kind.DATE, 20483).isoformat()
        '2026-01-30'
    """
    if kind is Kind.DATE:
        return _EPOCH.date() + timedelta(days=int(value))
    if kind is Kind.INSTANT:
        return _EPOCH + timedelta(microseconds=int(value))
    return value
