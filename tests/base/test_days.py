"""The calendar as integers, against the standard library's own calendar."""

import calendar
import datetime

import pytest

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.days import (
    add_months,
    civil_of,
    date_of,
    day_in_month,
    day_number,
    day_of,
    days_in_month,
    is_leap,
    month_start,
    weekday,
)

EPOCH = datetime.date(1970, 1, 1)


def test_every_day_the_kernel_knows_agrees_with_the_standard_library() -> None:
    for day_on in range(DAY_MAX + 1):
        date = EPOCH + datetime.timedelta(days=day_on)

        assert civil_of(day_on) == (date.year, date.month, date.day)
        assert day_of(date.year, date.month, date.day) == day_on
        assert weekday(day_on) == date.weekday()


def test_the_last_day_is_the_end_of_2199() -> None:
    assert date_of(DAY_MAX) == datetime.date(2199, 12, 31)
    assert day_number(datetime.date(2199, 12, 31)) == DAY_MAX
    assert day_number(EPOCH) == 0


def test_every_month_has_as_many_days_as_the_standard_library_says() -> None:
    for year in range(1970, 2201):
        assert is_leap(year) == calendar.isleap(year)
        for month in range(1, 13):
            assert days_in_month(year, month) == calendar.monthrange(year, month)[1]


@pytest.mark.parametrize(
    ("from_date", "months", "wanted", "lands_on"),
    [
        ("2026-01-31", 0, 31, "2026-01-31"),
        ("2026-01-31", 1, 31, "2026-02-28"),
        ("2026-01-31", 2, 31, "2026-03-31"),
        ("2026-01-31", 3, 31, "2026-04-30"),
        ("2026-01-31", 11, 31, "2026-12-31"),
        ("2026-01-31", 12, 31, "2027-01-31"),
        ("2028-01-30", 1, 30, "2028-02-29"),
        ("2026-01-29", 1, 29, "2026-02-28"),
        ("2028-01-29", 1, 29, "2028-02-29"),
        ("2028-02-29", 12, 29, "2029-02-28"),
        ("2028-02-29", 48, 29, "2032-02-29"),
        ("2099-12-15", 2, 29, "2100-02-28"),
        ("1999-12-15", 2, 29, "2000-02-29"),
        ("2026-03-31", -1, 31, "2026-02-28"),
        ("2026-01-15", -1, 31, "2025-12-31"),
    ],
)
def test_whole_months_land_on_the_wanted_day_or_the_end_of_a_short_month(
    from_date: str, months: int, wanted: int, lands_on: str
) -> None:
    day_on = day_number(datetime.date.fromisoformat(from_date))

    assert date_of(add_months(day_on, months, wanted)).isoformat() == lands_on


def test_a_series_at_the_month_end_does_not_drift() -> None:
    first_on = day_of(2027, 10, 31)
    series = [date_of(add_months(first_on, k, 31)).isoformat()[5:] for k in range(6)]

    assert series == ["10-31", "11-30", "12-31", "01-31", "02-29", "03-31"]


def test_a_month_is_counted_from_january_of_year_0() -> None:
    assert day_in_month(2028 * 12 + 1, 30) == day_of(2028, 2, 29)
    assert day_in_month(2028 * 12 + 11, 31) == day_of(2028, 12, 31)


@pytest.mark.parametrize("date", ["2026-11-01", "2026-11-24", "2026-11-30", "2028-02-29"])
def test_a_month_starts_on_its_first_day(date: str) -> None:
    given = datetime.date.fromisoformat(date)

    assert month_start(day_number(given)) == day_number(given.replace(day=1))
