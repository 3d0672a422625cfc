"""How a loan is shown: ageing, grades, letters, what is next."""

from fractions import Fraction

import pytest
from tests.loan.story import BASE, EQUAL_PRINCIPAL, Story, name_of, on, read_stories

from kuanxian.base.days import NO_DAY
from kuanxian.loan import (
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Letter,
    Method,
    Policy,
    Position,
    Status,
    position,
)
from kuanxian.loan.standing import bucket_of, grade_of
from kuanxian.simulate import life

AGES = """
days bucket grade letter
   0      0     1 NORMAL
   1      1     2 OVERDUE_1
  30      1     2 OVERDUE_1
  31      2     2 OVERDUE_2
  60      2     2 OVERDUE_2
  61      3     2 OVERDUE_3
  90      3     2 OVERDUE_3
  91      4     3 OVERDUE_4
 120      4     3 OVERDUE_4
 121      5     3 OVERDUE_5
 150      5     3 OVERDUE_5
 151      6     3 OVERDUE_6
 180      6     3 OVERDUE_6
 181      7     3 OVERDUE_7
 270      7     3 OVERDUE_7
 271      7     4 OVERDUE_7
 360      7     4 OVERDUE_7
 361      7     5 OVERDUE_7
"""


@pytest.mark.parametrize("line", AGES.strip().splitlines()[1:])
def test_a_loan_ages_by_the_days_since_its_due_day(line: str) -> None:
    days, bucket, grade, letter = line.split()
    terms = BASE._replace(instalments=1)
    at = position(terms, EQUAL_PRINCIPAL, as_of_on=on("02-15") + int(days))
    aged = [getattr(at, f"overdue_principal_{number}_fen") for number in range(1, 8)]

    assert (at.days_past_due, at.bucket, at.grade) == (int(days), int(bucket), int(grade))
    assert Letter(at.letter).name == letter
    assert aged == [120_000 if number == int(bucket) else 0 for number in range(1, 8)]


def test_buckets_and_grades_follow_the_policy() -> None:
    policy = Policy(10, 10, 20, 30, 40, 50, 5, 15, 25, 35)

    assert [bucket_of(d, policy) for d in (0, 10, 11, 20, 21, 51)] == [0, 1, 3, 3, 4, 7]
    assert [grade_of(d, policy) for d in (5, 6, 15, 16, 26, 36)] == [1, 2, 2, 3, 4, 5]


def test_overdue_principal_is_split_by_the_age_of_each_instalment() -> None:
    at = position(BASE, EQUAL_PRINCIPAL, as_of_on=on("05-01"))

    # 75, 47 and 16 days since 15 February, 15 March and 15 April.
    assert (at.days_past_due, at.overdue_instalments) == (75, 3)
    assert (
        at.overdue_principal_1_fen,
        at.overdue_principal_2_fen,
        at.overdue_principal_3_fen,
    ) == (40_000, 40_000, 40_000)
    assert at.overdue_principal_fen == 120_000


def test_the_policy_changes_how_a_loan_is_shown_and_not_what_is_owed() -> None:
    strict = Policy(ageing_1_days=0, ageing_2_days=0, ageing_3_days=0)
    mild = position(BASE, EQUAL_PRINCIPAL, as_of_on=on("02-20"))
    told = position(BASE, EQUAL_PRINCIPAL, as_of_on=on("02-20"), policy=strict)

    assert (told.bucket, mild.bucket) == (4, 1)
    assert (told.overdue_principal_4_fen, mild.overdue_principal_1_fen) == (40_000, 40_000)
    assert told.payoff_fen == mild.payoff_fen


def test_interest_accrues_a_little_every_day_of_the_period() -> None:
    for day in range(1, 31):
        at = position(BASE, EQUAL_PRINCIPAL, as_of_on=on("01-15") + day)
        elapsed = day - (1 if day > 15 else 0)  # 31 January adds nothing in months of 30 days
        exact = Fraction(120_000 * 12 * elapsed, 100 * 360)

        assert at.accrued_interest_fen == int(exact + Fraction(1, 2)), day


def test_codes_of_a_position_are_the_documented_numbers() -> None:
    assert [status.value for status in Status] == list(range(7))
    assert [letter.value for letter in Letter] == list(range(14))


STORIES = """
# nothing due this month
= 01-31 letter=NOTHING_DUE status=CURRENT next_due_on=02-15 next_due=412.00 instalments_left=3

# due and paid in the month
payment 02-15 412.00
= 02-28 letter=NORMAL instalments_left=2

# due today and not yet paid
= 02-15 letter=NORMAL

# paid late in the month
payment 02-20 413.00
= 02-28 letter=LATE_IN_MONTH status=CURRENT

# a month later there is nothing of it
payment 02-20 413.00
payment 03-15 408.00
= 03-31 letter=NORMAL

# once late in the month, late whatever else was in time
with disbursed=02-01 instalments=4 period_unit=WEEK rate=0%
payment 02-10 300.30
payment 02-15 300.00
payment 02-22 300.00
= 02-28 letter=LATE_IN_MONTH status=CURRENT

# late with the newest and in time with the one before it is late as well
with disbursed=02-01 instalments=4 period_unit=WEEK rate=0%
payment 02-08 300.00
payment 02-17 300.30
= 02-21 letter=LATE_IN_MONTH status=CURRENT

# settled
payment 02-15 412.00
payment 03-15 408.00
payment 04-15 404.00
= 04-15 letter=SETTLED status=SETTLED instalments_left=0 next_due_on=none next_due=0.00 payoff=0.00
= 04-14 letter=NOTHING_DUE status=CURRENT

# not yet paid out
= 01-14 letter=NOT_OPEN status=PENDING outstanding_principal=0.00 drawn=0.00

# on the day it is paid out
= 01-15 letter=NOTHING_DUE status=CURRENT outstanding_principal=1200.00 drawn=1200.00

# ageing stands still on five days, both included
pause 02-18 until=02-22
= 02-17 days_past_due=2
= 02-18 days_past_due=2
= 02-22 days_past_due=2 outstanding_penalty=1.40
= 02-23 days_past_due=3

# two pauses that overlap count each day once
pause 02-18 until=02-22
pause 02-20 until=02-24
= 02-25 days_past_due=3

# a pause inside another adds nothing
pause 02-18 until=02-24
pause 02-19 until=02-20
= 02-25 days_past_due=3

# a pause from before the due day
pause 02-01 until=02-20
= 02-20 days_past_due=0 status=OVERDUE bucket=0 overdue_principal_1=400.00
= 02-21 days_past_due=1

# a pause undone never was
pause 02-18 until=02-22
reversal 02-24 ref=1
= 02-25 days_past_due=10

# money held is taken off what is due next
payment 01-20 12.00
= 01-20 next_due=400.00
= 01-21 credit=12.00 next_due_on=02-15

# an instalment that asks for nothing is not next
with grace_principal_instalments=1 rate=0%
= 01-20 next_due_on=03-15 next_due=600.00

# with daily interest the next instalment is reckoned to its due day
with interest_basis=DAILY
= 01-20 next_due=412.00 accrued_interest=2.00
payoff 01-20 interest=2.00

# in equal instalments with daily interest the instalment stays what it is
with method=LEVEL interest_basis=DAILY
payment 02-15 408.03
= 02-20 next_due=408.03

# with interest put off and daily interest it is collected later
with interest_basis=DAILY grace_interest_instalments=1
= 02-15 due_interest=0.00 due_principal=400.00
payoff 02-15 interest=12.00

# and then with that of the next: 12.00 + 8.00
with interest_basis=DAILY grace_interest_instalments=1
payment 02-15 400.00
= 03-15 due_interest=20.00

# what it will ask for is known before, here 12.00 + 8.00 …
with interest_basis=DAILY grace_interest_instalments=1
payment 02-15 400.00
= 01-20 next_due=400.00
= 02-20 next_due=420.00

# … and where principal is put off 12.00 and no more
with method=LEVEL interest_basis=DAILY grace_principal_instalments=1
= 01-20 next_due=12.00
= 02-15 due_interest=12.00 due_principal=0.00

# daily interest follows what is owed: 800.00 while nothing is paid, 1,200.00 with overdue_interest
with interest_basis=DAILY
= 03-15 due_interest=20.00

# both
with interest_basis=DAILY overdue_interest=1
= 03-15 due_interest=24.00
= 04-15 due_interest=36.00
= 05-15 due_interest=48.00
payoff 02-25 interest=16.00 penalty=2.00

# the day interest comes with overdue_interest, not yet due
with interest_basis=DAILY overdue_interest=1
= 02-25 accrued_interest=4.00

# due on the first of the month and paid on it
with disbursed=01-01
payment 02-01 412.00
= 02-28 letter=NORMAL

# what is next keeps what rounding the total left over: 6.2222 and 0.0033 are 6.23
with rate=10% day_count=ACT_360 interest_basis=DAILY interest_round_at=TOTAL
payment 02-15 410.33
= 02-20 next_due=406.23
= 03-15 due_interest=6.23

# and asking splits no stretch of interest: 28 days at once, not 3 and 25
with rate=10% day_count=ACT_360 interest_basis=DAILY interest_round_at=ROW
payment 02-15 410.33
= 02-18 next_due=406.22
= 03-15 due_interest=6.22

# with daily interest what is next follows what was paid ahead: 8.00 and 29 days on 1,000.00
with principal=12000.00 rate=24% method=LEVEL interest_basis=DAILY future_rule=LAST
payment 01-16 11000.00
= 01-17 next_due=1027.33
= 02-15 due_principal=1000.00 due_interest=27.33
row 1 02-15 3921.06 27.33
row 2 03-15 3999.48 0.00

# never more than is left: 1 day on 12,000.00 and 29 on what is left, less the credit
with principal=12000.00 rate=24% method=LEVEL interest_basis=DAILY future_rule=HOLD
payment 01-16 5000.00 count=3
payment 01-16 4200.00 count=2
= 01-17 next_due=2883.81
= 02-15 due_principal=2883.81 due_interest=0.00

# also for an instalment after the running one: 2 % of 2,000.00, and in the schedule
with principal=12000.00 rate=24% method=INTEREST_ONLY
with interest_basis=DAILY future_rule=LAST interest_free_instalments=1
payment 01-16 10000.00
= 01-17 next_due=40.00 next_due_on=03-15
= 03-15 due_interest=40.00
row 2 03-15 0.00 40.00
row 3 04-15 12000.00 40.00

# and where all is paid ahead nothing is next but the interest of the days before
with principal=12000.00 rate=24% method=INTEREST_ONLY interest_basis=DAILY future_rule=LAST
payment 01-16 12000.00
= 01-17 next_due=8.00 next_due_on=02-15
row 2 03-15 0.00 0.00

# two days of a weekend rolled onto one Monday: both instalments are due next
with period_unit=DAY instalments=4 roll=FORWARD disbursed=05-06
= 05-08 next_due_on=05-11 next_due=600.30
= 05-11 due_principal=1200.00 due_interest=1.00

# with daily interest too, less what is held for them
with period_unit=DAY instalments=4 roll=FORWARD disbursed=05-06 interest_basis=DAILY
payment 05-07 300.40
payment 05-08 600.30
= 05-08 next_due_on=05-11 next_due=300.30 credit=300.00

# the cap on the total cost is foreseen: of 18.00 in all 12.00 are charged
with total_cost_cap=1.5% fee=1.00
payment 02-15 413.00
= 02-16 next_due=405.00
= 03-15 due_principal=400.00 due_interest=5.00 due_fee=0.00

# with ``first`` and equal instalments of daily interest the first one gives way
with principal=1000.00 instalments=4 method=LEVEL absorb=FIRST day_count=ACT_365
with interest_basis=DAILY
row 1 02-15 245.75 10.19
row 3 04-15 251.13 5.15
row 4 05-15 253.78 2.50
= 01-16 next_due=255.94
= 02-15 due_principal=245.75 due_interest=10.19

# and what is held for it is what it will ask for
with principal=1000.00 instalments=4 method=LEVEL absorb=FIRST day_count=ACT_365
with interest_basis=DAILY future_rule=NEXT
payment 02-14 400.00
= 02-15 due_principal=0.00 due_interest=0.00 credit=0.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_a_loan_is_shown_so_that(story: Story) -> None:
    story.check()


def test_what_is_next_with_daily_interest_is_what_falls_due() -> None:
    seen = 0
    for seed in range(400):
        terms, conventions, _ = life(seed)
        conventions = conventions._replace(
            interest_basis=InterestBasis.DAILY, future_rule=FutureRule.LAST
        )
        if conventions.method == Method.GIVEN:
            continue
        day = terms.disbursed_on + 2
        paid = Event(1, Kind.PAYMENT, day - 1, terms.principal_fen * (seed % 8) // 8 + 1)
        at = position(terms, conventions, [paid], as_of_on=day)
        if due_fen(at) > 0 or at.next_due_on == NO_DAY:
            continue
        seen += 1
        then = position(terms, conventions, [paid], as_of_on=at.next_due_on)
        assert due_fen(then) == at.next_due_fen, seed
    assert seen > 100


def due_fen(at: Position) -> int:
    """Add up what has fallen due."""
    return at.due_principal_fen + at.due_interest_fen + at.due_fee_fen + at.due_penalty_fen
