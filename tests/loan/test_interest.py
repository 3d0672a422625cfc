"""Day counts and interest, against datetime and fractions."""

import calendar
import datetime
import random
from fractions import Fraction

import pytest
from tests.loan.story import BASE, Story, name_of, on, read_stories

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, RATE_PPB_MAX
from kuanxian.base.days import date_of
from kuanxian.base.fen import Rounding
from kuanxian.loan import Conventions, DayCount, PeriodUnit, RateUnit, RoundAt, schedule
from kuanxian.loan.interest import (
    days_30e,
    floor_ufen,
    leap_days,
    nominal_fraction,
    rate_year_days,
    round_interest,
    simple_ufen,
)


def test_simple_interest_is_the_exact_product_rounded_down_to_a_micro_fen() -> None:
    chance = random.Random("simple")
    for _ in range(5_000):
        balance_fen = chance.choice((1, BALANCE_FEN_MAX, chance.randrange(10**8)))
        rate_ppb = chance.choice((1, RATE_PPB_MAX, chance.randrange(RATE_PPB_MAX)))
        days = chance.choice((1, 31, DAY_MAX, chance.randrange(4_000)))
        year_days = chance.choice((360, 364, 365, 366))
        exact = Fraction(balance_fen * rate_ppb * days, 1_000 * year_days)

        assert simple_ufen(balance_fen, rate_ppb, days, year_days) == int(exact)


DAYS_30 = """
2026-01-15 2026-02-15 30
2026-01-30 2026-02-28 30
2026-01-31 2026-02-28 30
2026-02-28 2026-03-31 30
2026-02-28 2026-03-01 1
2026-02-28 2026-03-15 15
2028-02-28 2028-03-01 3
2028-02-29 2028-03-31 30
2026-01-01 2027-01-01 360
2026-08-31 2027-02-28 180
2026-05-30 2026-05-31 0
2026-05-29 2026-05-31 1
"""


@pytest.mark.parametrize("line", DAYS_30.strip().splitlines())
def test_months_of_30_days_end_with_the_month(line: str) -> None:
    """The last day of February counts as a 30th (30E/360 as ISDA has it)."""
    first, last, days = line.split()

    assert days_30e(on(first), on(last)) == int(days)


def test_leap_days_are_the_days_that_start_in_a_leap_year() -> None:
    chance = random.Random("leap")
    for _ in range(60):
        from_on = chance.randrange(0, 40_000)
        to_on = from_on + chance.randrange(0, 2_500)
        each = [calendar.isleap(date_of(day).year) for day in range(from_on, to_on)]

        assert leap_days(from_on, to_on) == sum(each)


YEARS = [
    (DayCount.D30_360, RateUnit.YEAR, 360),
    (DayCount.ACT_360, RateUnit.YEAR, 360),
    (DayCount.ACT_365, RateUnit.YEAR, 365),
    (DayCount.ACT_ACT, RateUnit.YEAR, 365),
    (DayCount.ACT_ACT_PERIOD, RateUnit.YEAR, 365),
    (DayCount.D7_364, RateUnit.YEAR, 364),
    (DayCount.ACT_365, RateUnit.DAY, 1),
    (DayCount.D30_360, RateUnit.MONTH, 30),
]


@pytest.mark.parametrize(("day_count", "rate_unit", "days"), YEARS)
def test_a_rate_is_stated_for_so_many_days(day_count: int, rate_unit: int, days: int) -> None:
    assert rate_year_days(Conventions(day_count=day_count, rate_unit=rate_unit)) == days


NOMINAL = [
    (PeriodUnit.MONTH, 1, RateUnit.YEAR, DayCount.D30_360, Fraction(12, 1200)),
    (PeriodUnit.MONTH, 3, RateUnit.YEAR, DayCount.ACT_365, Fraction(36, 1200)),
    (PeriodUnit.MONTH, 2, RateUnit.MONTH, DayCount.ACT_365, Fraction(24, 100)),
    (PeriodUnit.MONTH, 1, RateUnit.DAY, DayCount.ACT_365, Fraction(360, 100)),
    (PeriodUnit.WEEK, 2, RateUnit.YEAR, DayCount.D7_364, Fraction(24, 5200)),
    (PeriodUnit.WEEK, 1, RateUnit.MONTH, DayCount.D7_364, Fraction(84, 3000)),
    (PeriodUnit.WEEK, 1, RateUnit.DAY, DayCount.D7_364, Fraction(84, 100)),
    (PeriodUnit.DAY, 10, RateUnit.YEAR, DayCount.ACT_365, Fraction(120, 36500)),
    (PeriodUnit.DAY, 10, RateUnit.YEAR, DayCount.D30_360, Fraction(120, 36000)),
    (PeriodUnit.DAY, 10, RateUnit.MONTH, DayCount.ACT_365, Fraction(120, 3000)),
    (PeriodUnit.DAY, 10, RateUnit.DAY, DayCount.ACT_365, Fraction(120, 100)),
]


@pytest.mark.parametrize(("unit", "count", "rate_unit", "day_count", "expected"), NOMINAL)
def test_twelve_per_cent_are_for_a_whole_period(
    unit: int, count: int, rate_unit: int, day_count: int, expected: Fraction
) -> None:
    settings = Conventions(
        period_unit=unit, period_count=count, rate_unit=rate_unit, day_count=day_count
    )
    parts, whole = nominal_fraction(120_000_000, settings)

    assert Fraction(parts, whole) == expected
    assert whole < 2**42


def exact_interest(start: datetime.date, end: datetime.date, day_count: int) -> Fraction:
    """Reckon 12 % on 1,200.00 over whole days, in fen, by the day count's own definition."""
    days = [start + datetime.timedelta(days=k) for k in range((end - start).days)]
    if day_count == DayCount.ACT_ACT:
        years = sum(Fraction(1, 366 if calendar.isleap(day.year) else 365) for day in days)
    else:
        years = Fraction(len(days), {DayCount.ACT_360: 360, DayCount.D7_364: 364}.get(
            DayCount(day_count), 365
        ))  # fmt: skip
    return 14_400 * Fraction(years)


@pytest.mark.parametrize("day_count", [1, 2, 3, 5])
@pytest.mark.parametrize("disbursed", ["2026-01-31", "2027-11-29", "2028-01-15", "2099-12-31"])
def test_every_period_bears_interest_by_its_actual_days(day_count: int, disbursed: str) -> None:
    terms = BASE._replace(disbursed_on=on(disbursed), instalments=14)
    rows = schedule(terms, Conventions(method=2, day_count=day_count))

    for row in rows:
        exact = exact_interest(date_of(row.start_on), date_of(row.end_on), day_count)

        assert row.interest_fen == int(exact + Fraction(1, 2))


def test_by_period_each_month_bears_a_twelfth_whatever_its_length() -> None:
    rows = schedule(
        BASE._replace(disbursed_on=on("2027-12-31"), instalments=14),
        Conventions(method=2, day_count=DayCount.ACT_ACT_PERIOD),
    )

    assert [row.interest_fen for row in rows] == [1_200] * 14


def test_where_interest_is_rounded() -> None:
    once = Conventions(interest_round_at=RoundAt.INSTALMENT)
    total = Conventions(interest_round_at=RoundAt.TOTAL)

    assert round_interest(1_500_000, 400_000, once) == (2, 400_000)
    assert round_interest(1_500_000, -400_000, total) == (1, 100_000)
    assert round_interest(1_500_000, 0, total) == (2, -500_000)
    assert round_interest(100_000, -500_000, total) == (0, -400_000)
    assert floor_ufen(1_999_999) == 1


def test_running_totals_never_drift_by_more_than_a_fen() -> None:
    for mode in Rounding:
        terms = BASE._replace(principal_fen=99_991, rate_ppb=77_777_777, instalments=120)
        settings = Conventions(
            method=2, interest_round_at=RoundAt.TOTAL, interest_rounding=mode
        )  # fmt: skip
        exact = Fraction(99_991 * 77_777_777, 12 * 10**9)
        interests = [row.interest_fen for row in schedule(terms, settings)]

        assert all(abs(sum(interests[:k]) - exact * k) < 1 for k in range(121)), mode


STORIES = """
# by period, an odd first period is a share of a regular one: 41 of 31 days
with day_count=ACT_ACT_PERIOD first_due=02-25
row 1 02-25 400.00 15.87
row 2 03-25 400.00 8.00

# by period of two weeks: a 26th of the year
with day_count=ACT_ACT_PERIOD period_unit=WEEK period_count=2 rate=26%
row 1 01-29 400.00 12.00

# by period of days: over 365
with day_count=ACT_ACT_PERIOD period_unit=DAY period_count=73 rate=10%
row 1 03-29 400.00 24.00

# a rate a day: 0.05 % of 1,200.00 on each of 31 days
with rate_unit=DAY penalty_rate=0% rate=0.05% day_count=ACT_365
row 1 02-15 400.00 18.60

# with months of 30 days, on 30
with rate_unit=DAY penalty_rate=0% rate=0.05%
row 1 02-15 400.00 18.00

# a rate a month: a month of 31 actual days is a little more
with rate_unit=MONTH penalty_rate=0% rate=1% day_count=ACT_365
row 1 02-15 400.00 12.40
row 2 03-15 400.00 7.47

# a leap year of 366 days counts over 365 with ACT/365 and over 366 with ACT/ACT
with disbursed=2028-01-01 first_due=2029-01-01 instalments=1 day_count=ACT_365
row 1 2029-01-01 1200.00 144.39

# the same with ACT/ACT: exactly a year
with disbursed=2028-01-01 first_due=2029-01-01 instalments=1 day_count=ACT_ACT
row 1 2029-01-01 1200.00 144.00

# a period across the new year: 16 days over 365 and 15 over 366
with disbursed=2027-12-16 instalments=1 day_count=ACT_ACT
row 1 2028-01-16 1200.00 12.21

# the cap a day: 0.03 % of 1,200.00 on 31 days is less than 12.00
with daily_cost_cap=0.03%
row 1 02-15 400.00 11.16

# under the cap a fen of principal paid on 01-01 moves no interest: 93.00 is more than 91.67
with principal=10000.00 disbursed=01-01 instalments=1 rate=11% daily_cost_cap=0.03%
with method=INTEREST_ONLY interest_basis=DAILY future_rule=LAST
payment 01-01 0.01
= 02-01 due_interest=91.67

# under the cap a fen of principal paid on 01-16 moves no interest: 93.00 is more than 91.67
with principal=10000.00 disbursed=01-01 instalments=1 rate=11% daily_cost_cap=0.03%
with method=INTEREST_ONLY interest_basis=DAILY future_rule=LAST
payment 01-16 0.01
= 02-01 due_interest=91.67

# under the cap a fen of principal paid on 01-30 moves no interest: 93.00 is more than 91.67
with principal=10000.00 disbursed=01-01 instalments=1 rate=11% daily_cost_cap=0.03%
with method=INTEREST_ONLY interest_basis=DAILY future_rule=LAST
payment 01-30 0.01
= 02-01 due_interest=91.67

# nor does a plan computed anew
with principal=10000.00 disbursed=01-01 instalments=1 rate=11% daily_cost_cap=0.03%
reamortise 01-30
row 1 02-01 10000.00 91.67

# the month that has fewer days than 30 is cut, cut in two or not: 84.00
with principal=10000.00 disbursed=02-01 instalments=1 rate=11% daily_cost_cap=0.03%
reamortise 02-17
row 1 03-01 10000.00 84.00

# rounded at each stretch: a drawdown cuts the month in two, and each half goes up
with principal=1000.01 interest_round_at=ROW interest_rounding=CEIL
drawdown 01-30 0.01
row 1 02-15 333.34 10.02

# rounded once at the instalment
with principal=1000.01 interest_rounding=CEIL
drawdown 01-30 0.01
row 1 02-15 333.34 10.01
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_interest_is_such_that(story: Story) -> None:
    story.check()
