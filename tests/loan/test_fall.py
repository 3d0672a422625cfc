"""Time passes the same however often one looks on the way."""

import random

import pytest
from tests.loan.story import Story, name_of, read_stories

from kuanxian.loan import Event, Kind, Position, RoundAt, position
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
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_time_passes_so_that(story: Story) -> None:
    story.check()
