"""What holds for money paid ahead, and for instalments that are moved and moved back."""

import random

import pytest
from tests.loan.drawn import DISBURSED_ON, METHODS, daily, paid_ahead, scheduled
from tests.loan.story import Story, name_of, read_stories

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Conventions,
    DayCount,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Part,
    Position,
    Status,
    Terms,
    payoff,
    position,
    schedule,
)


def test_the_pay_off_paid_plainly_settles_whatever_was_paid_ahead_and_held() -> None:
    for seed in range(150):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        first_on = terms.disbursed_on + chance.randrange(1, 25)
        ahead = Event(1, Kind.PAYMENT, first_on, chance.randrange(100, terms.principal_fen // 2))
        second_on = first_on + chance.randrange(20)
        quote = payoff(terms, settings, [ahead], on=second_on)
        events = [ahead, Event(2, Kind.PAYMENT, second_on, quote.total_fen)]

        at = position(terms, settings, events, as_of_on=second_on + 300)

        assert at.status == Status.SETTLED, seed
        assert at.credit_fen == 0, seed


def test_money_ahead_does_the_same_in_one_payment_or_in_three() -> None:
    for seed in range(600):
        rule = (FutureRule.NEXT, FutureRule.LAST)[seed % 2]
        terms, settings, chance = (scheduled, daily)[seed // 2 % 2](seed, rule)
        terms = terms._replace(fee_fen=chance.choice((0, 500)))
        settings = settings._replace(total_cost_cap_ppb=chance.choice((0, *CAPS_PPB)))
        paid_on = terms.disbursed_on + chance.randrange(1, 26)
        amounts_fen = [chance.randrange(1, terms.principal_fen // 4) for _ in range(3)]
        count = chance.choice((0, 0, 1))  # as it comes, or for the next instalment
        once = [Event(1, Kind.PAYMENT, paid_on, sum(amounts_fen), count=count)]
        thrice = [
            Event(k + 1, Kind.PAYMENT, paid_on, a, count=count) for k, a in enumerate(amounts_fen)
        ]

        for as_of_on in (paid_on, paid_on + 40, paid_on + 400):
            at = [position(terms, settings, e, as_of_on=as_of_on) for e in (once, thrice)]

            assert at[0]._replace(last_payment_fen=0) == at[1]._replace(last_payment_fen=0), seed


def test_who_pays_the_first_instalment_ahead_and_more_is_not_late_with_it() -> None:
    for seed in range(600):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        terms = terms._replace(
            fee_fen=chance.choice((0, 500)), grace_interest_instalments=chance.choice((0, 1))
        )
        settings = settings._replace(total_cost_cap_ppb=chance.choice((0, CAPS_PPB[2])))
        first = schedule(terms, settings)[0]
        asked_fen = first.principal_fen + first.interest_fen + first.fee_fen
        amount_fen = asked_fen + chance.randrange(1, terms.principal_fen)
        ahead = Event(1, Kind.PAYMENT, terms.disbursed_on + chance.randrange(1, 26), amount_fen)

        at = position(terms, settings, [ahead], as_of_on=first.due_on + 1)

        assert at.status != Status.OVERDUE, seed


def test_who_pays_what_is_overdue_and_the_next_instalment_ahead_is_not_late_with_it() -> None:
    for seed in range(300):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        # What is paid cuts a period in two, which may round a fen otherwise.
        settings = settings._replace(overdue_interest=1, tolerance_fen=1)
        on = schedule(terms, settings)[0].due_on + chance.randrange(1, 25)
        before = position(terms, settings, as_of_on=on)
        overdue_fen = before.due_principal_fen + before.due_interest_fen + before.due_penalty_fen
        paid = Event(1, Kind.PAYMENT, on, overdue_fen + before.next_due_fen)

        at = position(terms, settings, [paid], as_of_on=before.next_due_on + 1)

        assert at.status != Status.OVERDUE, seed


def test_an_instalment_paid_whole_as_designated_stays_so_when_more_comes_ahead() -> None:
    for seed in range(200):
        rule = (FutureRule.NEXT, FutureRule.LAST)[seed % 2]
        terms, settings, chance = scheduled(seed, rule)
        settings = settings._replace(total_cost_cap_ppb=CAPS_PPB[2])
        first = schedule(terms, settings)[0]
        amount_fen = first.principal_fen + first.interest_fen
        on = terms.disbursed_on + 20
        events = [
            Event(1, Kind.PAYMENT, on, amount_fen, count=1),
            Event(2, Kind.PAYMENT, on + 1, chance.randrange(1, terms.principal_fen // 2)),
        ]

        at = position(terms, settings, events, as_of_on=first.due_on + 1)

        assert at.status != Status.OVERDUE, seed


CAPS_PPB = (5_000_000, 50_000_000, 4_000_000_000)
"""Caps on the total cost: one that cuts soon, one that may, one that never does."""


PRINCIPAL_FIRST = (
    *((InterestBasis.DAILY, rule) for rule in (FutureRule.NEXT, FutureRule.LAST)),
    *((basis, FutureRule.REAMORTISE) for basis in InterestBasis),
)
"""Where money ahead of the due days clears all principal, and with it the interest to come."""


def test_the_pay_off_paid_plainly_settles_wherever_it_clears_the_principal() -> None:
    for seed in range(300):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        basis, rule = chance.choice(PRINCIPAL_FIRST)
        method = chance.choice((*METHODS, Method.FLAT, Method.SINGLE))
        if method == Method.FLAT and basis == InterestBasis.DAILY:
            rule = FutureRule.REAMORTISE
        if method == Method.SINGLE:
            terms = terms._replace(instalments=1)
        settings = settings._replace(
            method=method,
            interest_basis=basis,
            future_rule=rule,
            day_count=chance.choice(list(DayCount)),
            interest_rounding=chance.choice(list(Rounding)),
        )
        on = terms.disbursed_on + chance.randrange(1, 28)
        events = []
        if chance.randrange(2):
            paid_fen = chance.randrange(1, terms.principal_fen // 2)
            events.append(Event(1, Kind.PAYMENT, on, paid_fen))
            on += chance.randrange(4)
        quote_fen = payoff(terms, settings, events, on=on).total_fen
        in_time = [*events, Event(2, Kind.PAYMENT, on, quote_fen)]
        day_late = [*events, Event(2, Kind.PAYMENT, on + 1, quote_fen)]
        left_fen = payoff(terms, settings, day_late, on=on + 1).total_fen
        if left_fen > 0:
            day_late.append(Event(3, Kind.PAYMENT, on + 1, left_fen))

        for paid in (in_time, day_late):
            at = position(terms, settings, paid, as_of_on=on + 300)
            assert at.status == Status.SETTLED, (seed, settings)
            assert at.credit_fen == 0, (seed, settings)


def test_interest_paid_ahead_clears_the_last_fen_of_principal_however_it_is_rounded() -> None:
    for seed in range(150):
        terms, settings, chance = scheduled(seed, FutureRule.REAMORTISE)
        settings = settings._replace(interest_rounding=chance.choice(list(Rounding)))
        on = terms.disbursed_on + chance.randrange(1, 26)
        events = [
            Event(
                number,
                Kind.PAYMENT,
                on,
                chance.randrange(100, 3_000),
                part=Part.INTEREST,
                count=chance.randrange(1, terms.instalments + 1),
            )
            for number in range(1, 8)
        ]
        quote_fen = payoff(terms, settings, events, on=on).total_fen
        events.append(Event(9, Kind.PAYMENT, on, quote_fen))

        at = position(terms, settings, events, as_of_on=on + 300)

        assert at.status == Status.SETTLED, (seed, settings)
        assert at.credit_fen == 0, (seed, settings)


CHANGES = (
    Event(8, Kind.RATE, 0, rate_ppb=60_000_000),
    Event(8, Kind.RATE, 0, rate_ppb=0),
    Event(8, Kind.RATE, 0, rate_ppb=360_000_000),
    Event(8, Kind.DUE_DAY, 0, count=5),
    Event(8, Kind.DUE_DAY, 0, count=20),
    Event(8, Kind.REAMORTISE, 0),
    Event(8, Kind.EXTENSION, 0, count=2),
    Event(8, Kind.DRAWDOWN, 0, amount_fen=30_000),
    Event(8, Kind.WAIVER, 0, amount_fen=20_000, part=Part.PRINCIPAL),
    Event(8, Kind.DEFERRAL, 0, count=1, part=Part.INTEREST),
    Event(8, Kind.REINSTALMENT, 0, count=5, rate_ppb=120_000_000),
)


def lived(terms: Terms, settings: Conventions, events: list[Event], on: int) -> Position:
    """Pay what falls due on its day from a day on, to the end."""
    at = position(terms, settings, events, as_of_on=on)
    while at.next_due_on != NO_DAY:
        if at.next_due_fen > 0:
            number = len(events) + 10
            events = [*events, Event(number, Kind.PAYMENT, at.next_due_on, at.next_due_fen)]
        at = position(terms, settings, events, as_of_on=at.next_due_on)
    return at


def test_money_paid_before_the_plan_changes_costs_no_more_than_after() -> None:
    for seed in range(150):
        rule = random.Random(seed).choice((FutureRule.NEXT, FutureRule.LAST))
        terms, settings, chance = scheduled(seed, rule)
        before = paid_ahead(terms, chance)
        on = terms.disbursed_on + 26
        change = chance.choice(CHANGES)._replace(value_on=on)
        after = [event._replace(value_on=on, seq=event.seq + 8) for event in before]
        early = lived(terms, settings, [*before, change], on)
        late = lived(terms, settings, [change, *after], on)
        assert early.status == late.status == Status.SETTLED, (seed, rule)
        assert early.paid_interest_fen <= late.paid_interest_fen + terms.instalments, (
            seed,
            change,
            settings,
        )


STORIES = """
# instalments paid ahead count in an early settlement: 25 days of 24.00, as if nothing had been paid
with rate=24% method=LEVEL future_rule=NEXT
payment 01-20 840.00
payoff 02-10 principal=407.94 interest=0.00 credit=27.94 total=380.00

# and that settles it
with rate=24% method=LEVEL future_rule=NEXT
payment 01-20 840.00
settlement 02-10 380.00
= 02-10 status=SETTLED_EARLY paid_interest=20.00 paid_principal=1200.00 credit=0.00

# more than there is principal left is the borrower's: 23.60 paid, a day of 1,200.00 is 0.40
with future_rule=NEXT
payment 01-16 1223.60
settlement 01-16 0.01
= 01-16 status=SETTLED_EARLY paid_interest=0.40 paid_principal=1200.00 credit=23.21

# written off, what was paid ahead beyond the day is used for what is owed
with future_rule=LAST
payment 01-20 404.00
write_off 01-25
= 01-25 status=WRITTEN_OFF outstanding_principal=800.00 paid_interest=4.00 payoff=800.00

# where money is held, what is freed is held: the rate falls to nothing, 4.00 were paid
payment 02-01 4.00 part=INTEREST count=3
rate 02-15 rate=0%
= 02-14 paid_interest=4.00 credit=0.00
= 02-15 paid_interest=4.00 due_interest=8.00 credit=0.00

# where it re-amortises, too, till nothing is left to free: 24 % for 15 days of 1,200.00
with rate=24% future_rule=REAMORTISE
payment 01-20 24.00 part=INTEREST count=1
payment 01-20 16.00 part=INTEREST count=2
rate 01-30 rate=0%
= 01-30 outstanding_principal=1172.00 paid_interest=12.00 credit=0.00

# what was waived of interest frees nothing: 10.00 were, the 8.00 paid of 18.00 are freed
with rate=18%
waiver 01-20 10.00 part=INTEREST
payment 01-20 8.00 part=INTEREST count=1
rate 01-30 rate=0%
= 01-29 paid_interest=8.00 credit=0.00
= 01-30 paid_interest=0.00 waived=10.00 credit=8.00 next_due=392.00

# three instalments paid on 20 January, the rate falls on the 30th: 12.00 for 15 days, no more
with rate=24% instalments=4 future_rule=NEXT
payment 01-20 954.00
rate 01-30 rate=0%
= 01-30 paid_interest=12.00 outstanding_principal=258.00
"""


@pytest.mark.parametrize("story", read_stories(STORIES), ids=name_of)
def test_interest_paid_ahead_counts(story: Story) -> None:
    story.check()


def moved_and_back(seed: int, basis: InterestBasis) -> tuple[Position, Position]:
    """Look at a loan re-aged or paid ahead, and at the same with its due day moved and moved back.

    With scheduled interest nothing is paid ahead: from a change of the plan on it bears none.
    Equal parts of principal are divided anew, and the last one takes other fen.
    """
    terms, settings, chance = daily(seed, FutureRule.NEXT)
    settings = settings._replace(interest_basis=basis, day_count=DayCount.ACT_365)
    if settings.method == Method.EQUAL_PRINCIPAL:
        settings = settings._replace(method=Method.LEVEL)
    terms = terms._replace(instalments=terms.instalments + 2, first_due_on=DISBURSED_ON + 84)
    on = DISBURSED_ON + 84 + chance.randrange(1, 20)
    if basis == InterestBasis.DAILY and chance.randrange(2):
        paid_fen = terms.principal_fen // 2
        before = Event(1, Kind.PAYMENT, on, paid_fen)
    else:
        before = Event(1, Kind.REAGE, on)
    moved = [
        Event(2, Kind.DUE_DAY, on, count=chance.randrange(1, 28)),
        Event(3, Kind.DUE_DAY, on, count=9),
    ]
    seen = [
        position(terms, settings, events, as_of_on=DISBURSED_ON + 420)
        for events in ([before], [before, *moved])
    ]
    return seen[0], seen[1]


def test_a_due_day_that_is_moved_and_moved_back_changes_nothing() -> None:
    for seed in range(120):
        for basis in (InterestBasis.PERIOD, InterestBasis.DAILY):
            plain, moved = moved_and_back(seed, basis)
            assert plain == moved, (seed, basis)
