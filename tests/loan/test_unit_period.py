"""How the time between two days is measured for an annual rate."""

import pytest

from kuanxian.base.days import add_months, day_of
from kuanxian.loan.unit_period import (
    YEAR,
    UnitKind,
    UnitPeriod,
    find_unit,
    unit_spans,
    year_spans,
)

MONTH = UnitPeriod(UnitKind.MONTH)


def on(*dates: str) -> list[int]:
    return [day_of(*map(int, date.split("-"))) for date in dates]


UNITS = [
    ("a month, also where February has four weeks",
     on("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"), MONTH),
    ("a month on the last day, short months too",
     on("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"), MONTH),
    ("a month on the 30th", on("2026-01-05", "2026-01-30", "2026-02-28", "2026-03-30"), MONTH),
    ("four weeks, also where one is a month",
     on("2026-02-01", "2026-03-01", "2026-03-29", "2026-04-26"), UnitPeriod(UnitKind.WEEK, 4)),
    ("two weeks", on("2026-01-05", "2026-01-19", "2026-02-02"), UnitPeriod(UnitKind.WEEK, 2)),
    ("a day after a long first period",
     on("2026-01-01", "2026-02-05", "2026-02-06", "2026-02-07"), UnitPeriod(UnitKind.DAY)),
    ("ten days", on("2026-01-01", "2026-01-11", "2026-01-21"), UnitPeriod(UnitKind.DAY, 10)),
    ("half a month", on("2026-01-01", "2026-01-16", "2026-02-01", "2026-02-16"),
     UnitPeriod(UnitKind.SEMIMONTH)),
    ("no half month where the days differ", on("2026-01-01", "2026-01-14", "2026-01-31",
     "2026-02-13"), UnitPeriod(UnitKind.DAY, 13)),
    ("a quarter", on("2026-01-01", "2026-04-01", "2026-07-01"), UnitPeriod(UnitKind.MONTH, 3)),
    ("a year", on("2026-01-01", "2027-01-01", "2028-01-01"), YEAR),
    ("the shorter of two as frequent", on("2026-01-01", "2026-02-01", "2026-03-01", "2026-05-01",
     "2026-07-01"), MONTH),
    ("nearest to the average where none occurs twice",
     on("2026-01-01", "2026-01-31", "2026-03-01", "2026-04-03"), MONTH),
    ("nearest to the average: a week", on("2026-01-01", "2026-01-07", "2026-01-15"),
     UnitPeriod(UnitKind.WEEK)),
    ("nearest to the average where every interval is beyond a year",
     on("2020-01-01", "2022-01-01", "2025-02-01"), YEAR),
    ("a term of whole months", on("2026-01-15", "2026-07-15"), UnitPeriod(UnitKind.MONTH, 6)),
    ("a term of days", on("2026-01-15", "2026-07-16"), UnitPeriod(UnitKind.DAY, 182)),
    ("a term of a month that ends in a shorter one", on("2026-01-31", "2026-02-28"), MONTH),
    ("at most a year", on("2026-01-15", "2028-03-01"), YEAR),
]  # fmt: skip


@pytest.mark.parametrize(("days", "unit"), [row[1:] for row in UNITS], ids=[r[0] for r in UNITS])
def test_the_unit_period_is(days: list[int], unit: UnitPeriod) -> None:
    assert find_unit(days) == unit


SPANS = [
    ("whole months", MONTH, "2026-01-10", "2026-03-10", (2, 0, 30)),
    ("a long first period has its odd days in front", MONTH, "1978-02-10", "1978-04-01",
     (1, 19, 30)),
    ("thirty odd days are a month", MONTH, "2026-01-01", "2026-01-31", (1, 0, 30)),
    ("the last day of February from the last of January", MONTH, "2026-01-31", "2026-02-28",
     (1, 0, 30)),
    ("two months of 30 days", UnitPeriod(UnitKind.MONTH, 2), "1978-01-10", "1978-03-01",
     (0, 52, 60)),
    ("half months of 15 days", UnitPeriod(UnitKind.SEMIMONTH), "1978-02-23", "1978-04-01",
     (2, 6, 15)),
    ("weeks of 7 days", UnitPeriod(UnitKind.WEEK), "1978-03-20", "1978-04-21", (4, 4, 7)),
    ("days", UnitPeriod(UnitKind.DAY), "2026-01-01", "2026-03-01", (59, 0, 1)),
    ("a year and months", YEAR, "2026-01-10", "2027-04-10", (1, 3, 12)),
    ("a year and days", YEAR, "2026-01-10", "2027-04-11", (1, 91, 365)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "start", "end", "span"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS]
)
def test_a_stretch_of_time_is_measured_as_appendix_j_says(
    unit: UnitPeriod, start: str, end: str, span: tuple[int, int, int]
) -> None:
    first, last = unit_spans(on(start, end), unit)
    assert first[:2] == (0, 0)
    assert last == span


YEARS = [
    ("equal months", MONTH, "2026-01-01", "2026-04-01", (3, 12, 0, 365)),
    ("months and days", MONTH, "2026-01-01", "2026-04-11", (3, 12, 10, 365)),
    ("days in front of a month, in a year that ends in a leap year", MONTH, "2028-02-20",
     "2028-04-01", (1, 12, 10, 366)),
    ("weeks", UnitPeriod(UnitKind.WEEK, 2), "2026-01-01", "2026-02-26", (8, 52, 0, 365)),
    ("weeks and days", UnitPeriod(UnitKind.WEEK), "2026-01-01", "2026-01-19", (2, 52, 4, 365)),
    ("days", UnitPeriod(UnitKind.DAY), "2026-01-01", "2026-04-11", (0, 12, 100, 365)),
    ("years and days", UnitPeriod(UnitKind.DAY), "2026-01-01", "2027-04-11", (12, 12, 100, 365)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "start", "end", "span"), [row[1:] for row in YEARS], ids=[row[0] for row in YEARS]
)
def test_a_stretch_of_years_is_measured_as_the_directive_says(
    unit: UnitPeriod, start: str, end: str, span: tuple[int, int, int, int]
) -> None:
    assert year_spans(on(start, end), unit)[1] == span


def test_a_series_on_the_31st_is_whole_months_throughout() -> None:
    start = day_of(2026, 1, 31)
    days = [start, *(add_months(start, month, 31) for month in range(1, 13))]
    assert [span[:2] for span in unit_spans(days, MONTH)] == [(month, 0) for month in range(13)]
