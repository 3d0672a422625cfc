"""Days off: weekends, and the mainland calendar as the State Council announced it."""

import datetime

import pytest

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.calendar import DAYS_COVERED, mainland, mainland_known_until, weekends
from kuanxian.base.days import date_of, day_number


def on(date: str) -> int:
    return day_number(datetime.date.fromisoformat(date))


def test_weekends_are_saturdays_and_sundays_and_nothing_else() -> None:
    table = weekends()

    assert len(table) == DAYS_COVERED > DAY_MAX + 14
    assert all(table[day] == (date_of(day).weekday() >= 5) for day in range(DAYS_COVERED))


# As announced for 2026: National Day off from 1 to 7 October, worked on 20 September and
# 10 October.
OCTOBER_2026 = [
    ("2026-09-20", 0, "a Sunday worked for National Day"),
    ("2026-09-25", 1, "Mid-Autumn, a Friday"),
    ("2026-09-30", 0, "an ordinary Wednesday"),
    *[(f"2026-10-0{day}", 1, f"National Day, day {day}") for day in range(1, 8)],
    ("2026-10-08", 0, "the Thursday after National Day"),
    ("2026-10-10", 0, "a Saturday worked for National Day"),
    ("2026-10-11", 1, "an ordinary Sunday"),
]


@pytest.mark.parametrize(("date", "off"), [row[:2] for row in OCTOBER_2026])
def test_national_day_2026_is_as_announced(date: str, off: int) -> None:
    assert mainland()[on(date)] == off


def test_beyond_the_published_years_weekends_stand_in() -> None:
    known_until = mainland_known_until()

    assert date_of(known_until).isoformat()[5:] == "12-31"
    assert mainland()[known_until + 1 :] == weekends()[known_until + 1 :]
    assert mainland()[: known_until + 1] != weekends()[: known_until + 1]
