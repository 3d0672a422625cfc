"""What holds for money paid ahead, and for instalments that are moved and moved back."""

import random

from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Conventions,
    DayCount,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Position,
    Status,
    Terms,
    payoff,
    position,
)

DISBURSED_ON = 20_468
METHODS = (Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY)


def daily(seed: int, rule: FutureRule) -> tuple[Terms, Conventions, random.Random]:
    """Draw a contract with daily interest."""
    chance = random.Random(seed)
    terms = Terms(
        chance.randrange(50_000, 2_000_000),
        DISBURSED_ON + chance.randrange(60),
        chance.randrange(2, 13),
        rate_ppb=chance.choice((120_000_000, 240_000_000)),
        penalty_rate_ppb=360_000_000,
    )
    settings = Conventions(
        method=chance.choice(METHODS),
        interest_basis=InterestBasis.DAILY,
        future_rule=rule,
        day_count=chance.choice((DayCount.D30_360, DayCount.ACT_365)),
    )
    return terms, settings, chance


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
