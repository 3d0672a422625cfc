"""Contracts and payments ahead of the due days, drawn by a seed."""

import random

from kuanxian.loan import (
    Conventions,
    DayCount,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Part,
    Terms,
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


def scheduled(seed: int, rule: FutureRule) -> tuple[Terms, Conventions, random.Random]:
    """Draw a contract with scheduled interest."""
    terms, settings, chance = daily(seed, rule)
    settings = settings._replace(
        method=chance.choice((*METHODS, Method.FLAT)),
        interest_basis=chance.choice((InterestBasis.PERIOD, InterestBasis.FLAT)),
    )
    return terms, settings, chance


def paid_ahead(terms: Terms, chance: random.Random) -> list[Event]:
    """Draw a few payments of the first month, some designated."""
    return [
        Event(
            number,
            Kind.PAYMENT,
            terms.disbursed_on + chance.randrange(1, 26),
            chance.randrange(100, terms.principal_fen // 3),
            part=chance.choice((Part.ANY, Part.ANY, Part.INTEREST)),
            count=chance.choice((0, chance.randrange(1, terms.instalments + 1))),
        )
        for number in range(1, 1 + chance.randrange(1, 3))
    ]
