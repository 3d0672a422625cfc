"""Daily interest while principal moves about, against fractions day by day."""

import random
from fractions import Fraction

import pytest
from tests.loan.naive import annuity, due_dates, rounded
from tests.loan.story import Story, name_of, read_stories

from kuanxian.loan import (
    Conventions,
    DayCount,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Terms,
    position,
)

DAILY = Conventions(
    method=Method.LEVEL, interest_basis=InterestBasis.DAILY, day_count=DayCount.ACT_365
)

STORIES = """
# principal repaid early is no part of the instalments computed anew: 11,000.00 in twelve
with principal=12000.00 instalments=12 rate=18% method=LEVEL
with interest_basis=DAILY future_rule=REAMORTISE
payment 02-01 1000.00
= 02-02 next_due_on=02-15 next_due_fen=1008.48
= 02-15 due_principal=835.48 due_interest=173.00
row 2 03-15 856.01 152.47
row 12 2027-01-15 1002.86 15.04

# nor where the borrower says so and the contract holds what comes early
with principal=12000.00 instalments=12 rate=18% method=LEVEL interest_basis=DAILY
payment 02-01 1000.00 part=PRINCIPAL
= 02-15 due_principal=835.48 due_interest=173.00

# nor is principal that was waived
with instalments=12 rate=18% method=LEVEL interest_basis=DAILY
waiver 02-01 100.00 part=PRINCIPAL
reamortise 02-01
= 02-02 next_due=100.85
= 02-15 due_principal=83.55 due_interest=17.30

# an instalment re-aged into it is asked for besides: 110.02 and 110.02, and 100.85
with instalments=12 rate=18% method=LEVEL interest_basis=DAILY penalty_rate=0%
reage 02-20
= 02-20 next_due=220.04

# instalments at the end whose principal is repaid bear nothing, and are not left
with interest_basis=DAILY future_rule=LAST
payment 01-16 1000.00
= 01-16 next_due=202.33 instalments_left=1
= 02-15 due_principal=200.00 due_interest=2.33 instalments_left=1

# but for a fee
with interest_basis=DAILY future_rule=LAST fee=5.00
payment 01-16 1000.00
= 01-16 instalments_left=3

# one that runs has its interest so far: 17 days on 1,200.00
with interest_basis=DAILY
waiver 02-01 1200.00 part=PRINCIPAL
= 02-01 instalments_left=1
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_an_equal_instalment_with_daily_interest_is(story: Story) -> None:
    story.check()


def test_equal_instalments_with_daily_interest_follow_the_days_of_each_month() -> None:
    """The instalment is that of twelfths of a year; the last row takes what months are off."""
    terms = Terms(1_200_000, 20_468, 12, rate_ppb=180_000_000)
    aim_fen = rounded(annuity(1_200_000, Fraction(18, 1200), 12), 0)
    left_fen, before_on = 1_200_000, terms.disbursed_on
    events: list[Event] = []
    for k, due_on in enumerate(due_dates(terms), 1):
        interest = Fraction(left_fen * 18 * (due_on - before_on), 100 * 365)
        interest_fen = rounded(interest, 0)
        principal_fen = left_fen if k == 12 else aim_fen - interest_fen
        at = position(terms, DAILY, events, as_of_on=due_on)

        assert (at.due_interest_fen, at.due_principal_fen) == (interest_fen, principal_fen), k
        events.append(Event(k, Kind.PAYMENT, due_on, interest_fen + principal_fen))
        left_fen, before_on = left_fen - principal_fen, due_on
    assert position(terms, DAILY, events, as_of_on=22_000).payoff_fen == 0


@pytest.mark.parametrize("seed", range(40))
def test_prepaid_principal_bears_no_interest_from_its_day_on(seed: int) -> None:
    chance = random.Random(f"prepaid {seed}")
    terms = Terms(chance.randrange(10**5, 10**7), 20_468, 1, rate_ppb=146_000_000)
    settings = DAILY._replace(method=Method.SINGLE, future_rule=FutureRule.LAST)
    days = sorted(chance.sample(range(20_469, 20_499), 4))
    amounts = [chance.randrange(1, terms.principal_fen // 5) for _ in days]
    events = [Event(k, 1, day, fen) for k, (day, fen) in enumerate(zip(days, amounts, strict=True))]
    owed_fen, interest = terms.principal_fen, Fraction(0)
    for day_on in range(20_468, 20_499):
        owed_fen -= sum(fen for day, fen in zip(days, amounts, strict=True) if day == day_on)
        interest += Fraction(owed_fen * 146, 365_000)
    at = position(terms, settings, events, as_of_on=20_499)

    assert at.due_principal_fen == owed_fen
    assert abs(at.due_interest_fen - interest) < Fraction(501, 1_000)


def test_a_payment_a_day_early_saves_a_day_and_is_not_a_fen_short() -> None:
    settings = DAILY._replace(method=Method.EQUAL_PRINCIPAL, future_rule=FutureRule.NEXT)
    terms = Terms(120_000, 20_468, 3, rate_ppb=146_000_000)
    dues = due_dates(terms)
    at = position(terms, settings, as_of_on=dues[0] - 1)
    paid = Event(1, Kind.PAYMENT, dues[0] - 1, at.next_due_fen)
    after = position(terms, settings, [paid], as_of_on=dues[0] + 1)

    # 31 days at 0.04 % a day of 1,200.00; the last of them on 800.00 alone.
    assert at.next_due_fen == 40_000 + 1_488
    assert (after.days_past_due, after.due_principal_fen, after.due_interest_fen) == (0, 0, 0)
    assert after.paid_interest_fen == 1_472
