"""Time passes the same however often one looks on the way."""

import random

import pytest
from tests.loan.story import Story, name_of, read_stories

from kuanxian.base.days import NO_DAY
from kuanxian.loan import Event, Kind, Position, RoundAt, Status, position
from kuanxian.simulate import Life, life

LIVES = range(600)
REFUSALS = ("refused_events", "refused_seq", "refused_reason")


def refused_refunds(lived: Life, seed: int, until_on: int) -> list[Event]:
    """Make events the kernel must refuse: more is sent back than anybody ever paid."""
    chance = random.Random(f"refused {seed}")
    number = max((event.seq for event in lived.events), default=0)
    days = [chance.randint(lived.terms.disbursed_on, until_on) for _ in range(3)]
    return [Event(number + k, Kind.REFUND, day, 10**9) for k, day in enumerate(days, 1)]


def without_refusals(at: Position) -> dict[str, int]:
    return {name: value for name, value in at._asdict().items() if name not in REFUSALS}


@pytest.mark.slow
@pytest.mark.parametrize("block", range(0, len(LIVES), 100))
def test_an_event_that_is_refused_moves_no_more_than_a_rounding(block: int) -> None:
    """Caps by the day and rounding by the row are cut at every event, and left out here."""
    compared = 0
    for seed in LIVES[block : block + 100]:
        lived = life(seed)
        settings = lived.conventions
        if settings.interest_round_at == RoundAt.ROW or settings.daily_cost_cap_ppb:
            continue
        if settings.total_cost_cap_ppb and settings.overdue_interest:
            continue
        last_on = max([event.value_on for event in lived.events] + [lived.terms.disbursed_on])
        until_on = min(last_on + 400, 84_005)
        more = refused_refunds(lived, seed, until_on)
        alone = position(*lived, as_of_on=until_on)
        beside = position(
            lived.terms, settings, [*lived.events, *more], as_of_on=until_on
        )  # fmt: skip
        if beside.refunded_fen != alone.refunded_fen:
            continue
        compared += 1
        told, expected = without_refusals(beside), without_refusals(alone)

        assert {name: told[name] - expected[name] for name in told} == pytest.approx(
            dict.fromkeys(told, 0), abs=2
        ), seed
    assert compared > 15


def test_what_is_settled_asks_for_nothing_later() -> None:
    """And what is not asks for something, unless a cap on the total cost may cut it to nothing."""
    settled = 0
    for seed in range(120):
        terms, settings, events = life(seed)
        day = max([event.value_on for event in events] + [terms.disbursed_on]) + seed % 3
        at = position(terms, settings, events, as_of_on=day)
        left = (at.outstanding_principal_fen, at.instalments_left, at.next_due_fen, at.payoff_fen)
        if at.status in (Status.SETTLED, Status.SETTLED_EARLY):
            settled += 1
            later = position(terms, settings, events, as_of_on=min(day + 500, 84_005))

            assert left == (0, 0, 0, 0), seed
            assert (later.status, later.credit_fen) == (at.status, at.credit_fen), seed
        elif at.status == Status.CURRENT and settings.total_cost_cap_ppb == 0:
            assert left[0] > 0 or at.due_penalty_fen > 0 or at.next_due_on != NO_DAY, seed
    assert settled > 5


STORIES = """
# an instalment falls due on its day and is overdue the day after
= 02-14 status=CURRENT due_principal=0.00 next_due=412.00 next_due_on=02-15
= 02-15 status=CURRENT due_principal=400.00 due_interest=12.00 days_past_due=0
= 02-15 overdue_principal=0.00 overdue_instalments=0 outstanding_interest=12.00
= 02-16 status=OVERDUE due_principal=400.00 overdue_principal=400.00 days_past_due=1
= 02-16 default_since=02-16 overdue_instalments=1 oldest_unpaid_due=02-15 outstanding_penalty=0.20

# a payment on the due day is in time
payment 02-15 412.00
= 02-16 status=CURRENT days_past_due=0 default_since=none cured=none outstanding_penalty=0.00

# money paid before the due day is held and used on it, in time
payment 02-10 412.00
= 02-10 credit=412.00 next_due=0.00 paid_principal=0.00
= 02-15 credit=0.00 paid_principal=400.00 paid_interest=12.00 due_principal=0.00
= 02-16 status=CURRENT days_past_due=0

# an overpayment carries over to the next due day
payment 02-15 500.00
= 02-15 credit=88.00 next_due=320.00
= 03-15 credit=0.00 due_principal=320.00 due_interest=0.00

# held money ends a default on the due day that it covers
payment 02-20 413.00
= 02-20 status=CURRENT credit=0.00 paid_penalty=1.00 cured=02-20

# a default of two in a row ends with the last fen: 227.60 and penalty of 0.57 are left
payment 03-20 600.00
payment 03-25 237.20
= 03-20 overdue_instalments=1 days_past_due=5 default_since=02-16
= 03-24 status=OVERDUE cured=none
= 03-25 status=CURRENT cured=03-25 default_since=none credit=9.03

# what was charged in one month comes before the interest of the next under the total cap
with total_cost_cap=1%
= 02-15 due_interest=12.00
= 03-15 due_interest=12.00 due_penalty=0.00

# penalty accrued first is capped last: 12.00 + 0.40 of penalty leave 7.60 of 8.00
with total_cost_cap=1.66666666%
= 02-17 outstanding_penalty=0.40
= 03-15 due_interest=14.39 due_penalty=5.60

# the pay-off amount paid as a plain payment settles: 1,200.00 and 10 days, 4.00
with interest_basis=DAILY future_rule=NEXT
payment 01-25 1204.00
= 01-25 status=SETTLED letter=SETTLED instalments_left=0 outstanding_principal=0.00 credit=0.00
= 01-25 next_due_on=none paid_interest=4.00 payoff=0.00
= 05-25 status=SETTLED credit=0.00 paid_interest=4.00

# also where there is one instalment
with instalments=1 interest_basis=DAILY future_rule=NEXT
payment 01-25 1204.00
= 01-25 status=SETTLED instalments_left=0

# also where the last instalments are paid first
with interest_basis=DAILY future_rule=LAST
payment 01-25 1204.00
= 01-25 status=SETTLED instalments_left=0 credit=0.00

# and where what is paid ahead makes the principal smaller
with future_rule=REAMORTISE
payment 01-25 1204.00
= 01-25 status=SETTLED instalments_left=0 credit=0.00

# what is more stays the borrower's
with interest_basis=DAILY future_rule=NEXT
payment 01-25 1304.00
refund 01-26 100.00
= 01-25 status=SETTLED credit=100.00
= 01-26 status=SETTLED credit=0.00 refused_events=0

# a fen less leaves what has accrued to fall due, in one instalment
with future_rule=REAMORTISE
payment 01-25 1203.99
= 01-25 status=CURRENT instalments_left=1 credit=3.99 next_due=0.01
= 02-15 due_interest=0.01

# and so does principal alone, with daily interest
with interest_basis=DAILY future_rule=LAST
payment 01-25 1200.00
= 01-25 status=CURRENT outstanding_principal=0.00 instalments_left=1 next_due=4.00
payment 02-01 4.00
= 02-01 status=SETTLED credit=0.00

# a fee of each instalment still falls due, and nothing is taken for some of them
with interest_basis=DAILY future_rule=LAST fee=1.00
payment 01-25 1204.00
= 01-25 status=CURRENT instalments_left=3 credit=4.00 next_due=1.00

# unless there is enough for all of them
with interest_basis=DAILY future_rule=LAST fee=1.00
payment 01-25 1207.00
= 01-25 status=SETTLED instalments_left=0 credit=0.00 paid_fee=3.00

# a fee charged afterwards is owed again, more borrowed as well
with interest_basis=DAILY future_rule=NEXT
payment 01-25 1204.00
fee 01-26 5.00
drawdown 01-27 300.00
= 01-26 status=CURRENT next_due=5.00
= 01-27 status=CURRENT outstanding_principal=300.00 instalments_left=3

# money that is held keeps a loan open, as the contract has it
with future_rule=HOLD
payment 01-25 1224.00
= 01-25 status=CURRENT outstanding_principal=1200.00 credit=1224.00 payoff=0.00

# with daily interest, too: principal the borrower designates is paid, the rest waits
with interest_basis=DAILY future_rule=HOLD
payment 01-25 1204.00 part=PRINCIPAL
= 01-25 status=CURRENT outstanding_principal=0.00 instalments_left=1 credit=4.00 next_due=0.00
= 02-15 status=SETTLED credit=0.00

# under a cap on the total cost what is asked for is known on the due day
with interest_basis=DAILY future_rule=NEXT total_cost_cap=1%
payment 01-25 1204.00
= 01-25 status=CURRENT outstanding_principal=0.00 instalments_left=1 credit=4.00 next_due=0.00
= 02-15 status=SETTLED credit=0.00

# what is held for interest to come is held once, in however many payments it comes
with future_rule=NEXT total_cost_cap=10%
payment 01-25 412.00
= 01-25 outstanding_principal=800.00 credit=12.00
payment 01-26 408.00
= 01-26 outstanding_principal=400.00 credit=20.00
= 03-15 status=CURRENT outstanding_principal=400.00 credit=0.00

# also where a later instalment asks for a fee alone
with method=GIVEN
instalment 01-15 1200.00 until=02-15
instalment 01-15 0.00 until=03-15 fee=5.00
payment 02-01 1205.00
= 02-01 status=CURRENT credit=1205.00
= 02-15 status=CURRENT outstanding_principal=0.00 credit=5.00
= 03-15 status=SETTLED credit=0.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_time_passes_so_that(story: Story) -> None:
    story.check()
