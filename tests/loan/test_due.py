"""Where periods end and fall due, against the calendar of the standard library."""

import datetime
import random

import pytest
from tests.loan.story import BASE, Story, name_of, on, read_stories

from kuanxian.base.calendar import mainland, weekends
from kuanxian.base.days import date_of
from kuanxian.loan import (
    Conventions,
    DayCount,
    DaysOff,
    Event,
    InterestBasis,
    Kind,
    Method,
    Roll,
    RoundAt,
    Terms,
    position,
    schedule,
)
from kuanxian.loan.due import roll_day, step

ROLLS = """
2026-10-01 2026-10-08 2026-09-30 2026-10-08 the first day of National Day
2026-10-07 2026-10-08 2026-09-30 2026-10-08 its last day
2026-10-10 2026-10-10 2026-10-10 2026-10-10 a Saturday that is worked
2026-09-30 2026-09-30 2026-09-30 2026-09-30 an ordinary day
2026-10-31 2026-11-02 2026-10-30 2026-10-30 a Saturday that ends the month
2026-11-01 2026-11-02 2026-10-30 2026-11-02 a Sunday that begins it
2026-02-28 2026-02-28 2026-02-28 2026-02-28 a Saturday worked for the Spring Festival
"""


@pytest.mark.parametrize("line", ROLLS.strip().splitlines())
def test_a_due_day_rolls_off_the_official_holidays(line: str) -> None:
    day, forward, back, in_month, *_ = line.split()

    assert roll_day(on(day), Roll.NONE, mainland()) == on(day)
    assert roll_day(on(day), Roll.FORWARD, mainland()) == on(forward)
    assert roll_day(on(day), Roll.BACK, mainland()) == on(back)
    assert roll_day(on(day), Roll.FORWARD_IN_MONTH, mainland()) == on(in_month)


@pytest.mark.parametrize("roll", [Roll.FORWARD, Roll.BACK, Roll.FORWARD_IN_MONTH])
def test_a_rolled_day_is_the_nearest_working_day_on_its_side(roll: Roll) -> None:
    for day_on in range(on("2026-01-01"), on("2027-01-01")):
        date = date_of(day_on)
        past_friday = max(date.weekday() - 4, 0)
        ahead = date + datetime.timedelta(days=3 - past_friday if past_friday else 0)
        behind = date - datetime.timedelta(days=past_friday)
        leaves = roll == Roll.FORWARD_IN_MONTH and ahead.month != date.month
        wanted = behind if roll == Roll.BACK or leaves else ahead

        assert date_of(roll_day(day_on, roll, weekends())) == wanted


@pytest.mark.parametrize(
    ("unit", "count", "periods", "lands_on"),
    [
        (0, 10, 3, "2026-03-02"),
        (0, 1, -1, "2026-01-30"),
        (1, 2, 3, "2026-03-14"),
        (1, 1, 0, "2026-01-31"),
        (2, 1, 1, "2026-02-28"),
        (2, 3, 1, "2026-04-30"),
        (2, 1, -1, "2025-12-31"),
    ],
)
def test_a_step_goes_whole_periods(unit: int, count: int, periods: int, lands_on: str) -> None:
    settings = Conventions(period_unit=unit, period_count=count)

    assert step(on("01-31"), periods, 31, settings) == on(lands_on)


@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_480_months_at_the_month_end_never_drift(day: int) -> None:
    terms = BASE._replace(disbursed_on=on(f"2027-01-{day}"), instalments=480)
    for row in schedule(terms):
        date = date_of(row.due_on)
        last = (date.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        days_in_month = (last - datetime.timedelta(days=1)).day

        assert date.day == min(day, days_in_month)


STORIES = """
# disbursed on 31 January: the last day of each month
with disbursed=01-31
row 1 02-28 400.00 12.00
row 2 03-31 400.00 8.00
row 3 04-30 400.00 4.00

# disbursed on 29 January of a leap year: the 29th throughout
with disbursed=2028-01-29
row 1 2028-02-29 400.00 12.00
row 2 2028-03-29 400.00 8.00

# a first due day stated at the end of a short month aims at the day of disbursement
with disbursed=01-31 first_due=02-28
row 2 03-31 400.00 8.00

# a first due day stated elsewhere is the day of the series
with disbursed=01-31 first_due=02-20
row 1 02-20 400.00 8.00
row 2 03-20 400.00 8.00

# a first due day off the series makes the second period short too: 10 days of 30/360
with first_due=02-25 due_day=5
row 1 02-25 400.00 16.00
row 2 03-05 400.00 2.67
row 3 04-05 400.00 4.00

# ten days at 1 % a month
with period_unit=DAY period_count=10
row 1 01-25 400.00 4.00
row 2 02-04 400.00 2.40
row 3 02-14 400.00 1.33

# two weeks
with period_unit=WEEK period_count=2 day_count=D7_364 rate=13%
row 1 01-29 400.00 6.00
row 2 02-12 400.00 4.00
row 3 02-26 400.00 2.00

# a quarter: three months, 3 %
with period_count=3
row 1 04-15 400.00 36.00
row 2 07-15 400.00 24.00
row 3 10-15 400.00 12.00

# rolling over National Day moves the day and no interest
with disbursed=09-01 roll=FORWARD days_off=CN
row 1 10-08 400.00 12.00
row 2 11-02 400.00 8.00
row 3 12-01 400.00 4.00
= 10-08 days_past_due=0 due_principal=400.00
= 10-09 days_past_due=1
= 10-07 due_principal=0.00

# weekends alone know no National Day
with disbursed=09-01 roll=FORWARD
row 1 10-01 400.00 12.00
row 2 11-02 400.00 8.00

# nor any by the day: 412.00 paid on the Monday, 8.00 on the next one
with roll=FORWARD interest_basis=DAILY
payment 02-16 412.00
= 02-15 next_due=412.00 payoff=1212.00 accrued_interest=0.00
= 03-16 due_interest=8.00 due_principal=400.00

# unpaid, what bears interest though it is overdue does from the Monday on: 0.27 and 11.60
with roll=FORWARD interest_basis=DAILY overdue_interest=1
= 03-16 due_interest=23.87

# equal instalments: 0.40 and 29 days of 0.20, 401.83 are met, 198.17 are left on 1 October
with disbursed=09-01 roll=FORWARD days_off=CN interest_basis=DAILY method=LEVEL future_rule=LAST
payment 09-02 600.00
payment 10-08 408.03
= 10-01 next_due=408.03
= 10-08 due_principal=0.00 due_interest=0.00 outstanding_principal=198.17
= 11-02 due_interest=1.98

# rolling back is due before the holiday
with disbursed=09-01 roll=BACK days_off=CN
row 1 09-30 400.00 12.00
= 10-01 days_past_due=1

# rolling forward stays in the month where it can
with disbursed=09-30 roll=FORWARD_IN_MONTH due_day=31
row 1 10-30 400.00 12.00

# rolled back, no instalment falls due before the money was paid out
with principal=100.00 disbursed=01-31 instalments=2 period_unit=DAY day_count=ACT_365 roll=BACK
= 01-31 days_past_due=0 due_principal=50.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_periods_are_such_that(story: Story) -> None:
    story.check()


def test_a_loan_paid_when_due_asks_what_its_schedule_says_wherever_its_due_days_roll() -> None:
    for seed in range(60):
        chance = random.Random(f"rolled {seed}")
        terms = Terms(chance.randrange(10**5, 10**7), 20_468 + seed, 5, rate_ppb=146_000_000)
        settings = Conventions(
            method=chance.choice((Method.LEVEL, Method.EQUAL_PRINCIPAL)),
            day_count=chance.choice((DayCount.D30_360, DayCount.ACT_365)),
            roll=chance.choice((Roll.FORWARD, Roll.BACK, Roll.FORWARD_IN_MONTH)),
            days_off=DaysOff.CN,
            interest_round_at=chance.choice((RoundAt.INSTALMENT, RoundAt.TOTAL)),
        )
        daily = settings._replace(interest_basis=InterestBasis.DAILY)
        events: list[Event] = []
        for row in schedule(terms, settings):
            asked_fen = row.principal_fen + row.interest_fen
            at = position(terms, daily, events, as_of_on=row.due_on)
            events.append(Event(len(events), Kind.PAYMENT, row.due_on, asked_fen))

            assert at.due_principal_fen + at.due_interest_fen == asked_fen, (seed, row)
