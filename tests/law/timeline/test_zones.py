"""Local days and minutes, at the edges of days, months, leap years and clock changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.cases import instant

from kuanxian.base.days import day_of
from kuanxian.law.timeline.zones import day_start, local_day, local_minute

MINUTES = """
2026-11-25T07:59:59.999999+08:00  Asia/Shanghai     479
2026-11-25T08:00:00+08:00         Asia/Shanghai     480
2026-11-25T21:59:59.999999+08:00  Asia/Shanghai    1319
2026-11-25T22:00:00+08:00         Asia/Shanghai    1320
2026-11-25T23:59:59.999999+08:00  Asia/Shanghai    1439
2026-11-26T00:00:00+08:00         Asia/Shanghai       0
2026-11-25T23:59:59.999999+08:00  Asia/Urumqi      1319
2026-11-01T05:30:00Z              America/New_York   90
2026-11-01T06:30:00Z              America/New_York   90
2026-03-08T06:59:59Z              America/New_York  119
2026-03-08T07:00:00Z              America/New_York  180
2026-11-25T12:00:00Z              Asia/Kathmandu   1065
"""


@pytest.mark.parametrize("line", MINUTES.strip().splitlines())
def test_the_minute_of_the_local_day(line: str) -> None:
    at, zone, minute = line.split()
    assert local_minute(instant(at), zone) == int(minute)


DAYS = """
2026-11-30T23:59:59.999999+08:00  Asia/Shanghai      2026-11-30
2026-12-01T00:00:00+08:00         Asia/Shanghai      2026-12-01
2028-02-28T23:59:59.999999+08:00  Asia/Shanghai      2028-02-28
2028-02-29T00:00:00+08:00         Asia/Shanghai      2028-02-29
2028-02-29T16:00:00Z              Asia/Shanghai      2028-03-01
2026-12-31T16:00:00Z              Asia/Shanghai      2027-01-01
2026-11-01T03:59:59Z              America/New_York   2026-10-31
2018-11-04T02:59:59Z              America/Sao_Paulo  2018-11-03
2018-11-04T03:00:00Z              America/Sao_Paulo  2018-11-04
"""


@pytest.mark.parametrize("line", DAYS.strip().splitlines())
def test_the_local_day(line: str) -> None:
    at, zone, day = line.split()
    assert local_day(instant(at), zone) == day_of(*map(int, day.split("-")))


def test_a_day_of_25_hours_and_one_whose_midnight_does_not_exist() -> None:
    autumn = day_of(2026, 11, 1)
    hours = day_start(autumn + 1, "America/New_York") - day_start(autumn, "America/New_York")
    assert hours == 25 * 3600 * 1_000_000
    spring = day_start(day_of(2018, 11, 4), "America/Sao_Paulo")
    assert spring == instant("2018-11-04T03:00:00Z")
    assert local_minute(spring, "America/Sao_Paulo") == 60


@given(
    at=st.integers(0, 80_000 * 86_400_000_000),
    zone=st.sampled_from(
        ["Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Africa/Monrovia",
         "Pacific/Apia", "America/Havana", "Australia/Lord_Howe", "Asia/Urumqi"]
    ),
)  # fmt: skip
def test_an_instant_lies_in_its_local_day(at: int, zone: str) -> None:
    day_on = local_day(at, zone)
    assert day_start(day_on, zone) <= at < day_start(day_on + 1, zone)
