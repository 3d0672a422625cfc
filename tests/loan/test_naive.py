"""The kernel skips from event to event; a ledger that lives every day says the same."""

import random

import pytest
from tests.loan.naive import Figures, Ledger, TooCloseError, due_dates

from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Conventions,
    DayCount,
    Direction,
    Event,
    InterestBasis,
    Kind,
    Method,
    PenaltyBase,
    Terms,
    position,
)

ORDERS = (1324, 1342, 1234, 4321, 3412, 2143, 4123, 3421)
DAY_COUNTS = (DayCount.ACT_360, DayCount.ACT_365, DayCount.ACT_ACT, DayCount.D7_364)


def draw_contract(chance: random.Random) -> tuple[Terms, Conventions]:
    basis = chance.choice(list(InterestBasis))
    terms = Terms(
        principal_fen=chance.choice((1, 100, chance.randrange(1, 10**6), 9 * 10**8)),
        disbursed_on=chance.randrange(19_000, 22_000),
        instalments=chance.choice((1, 2, 3, 6, 12)),
        rate_ppb=chance.choice((0, 36_500_000, 72_000_000, 180_000_000, 360_000_000)),
        fee_fen=chance.choice((0, 0, 1, 3_000)),
        penalty_rate_ppb=chance.choice((0, 180_000_000, 240_000_000, 4_000_000_000)),
        grace_days=chance.choice((0, 0, 1, 3, 40)),
    )
    conventions = Conventions(
        method=chance.choice((Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY)),
        day_count=chance.choice(DAY_COUNTS),
        interest_basis=basis,
        interest_rounding=chance.choice(list(Rounding)),
        instalment_rounding=chance.choice(list(Rounding)),
        allocation_order=chance.choice(ORDERS),
        direction=chance.choice(list(Direction)),
        tolerance_fen=chance.choice((0, 0, 1, 500)),
        overdue_interest=chance.choice((0, 1)) if basis == InterestBasis.DAILY else 0,
        penalty_base=chance.choice(list(PenaltyBase)),
        penalty_grace=chance.choice((0, 1)),
        penalty_rounding=chance.choice(list(Rounding)),
    )
    return terms, conventions


def draw_payments(chance: random.Random, terms: Terms) -> list[Event]:
    dues = due_dates(terms)
    days = sorted(
        max(chance.choice(dues) + chance.choice((-9, -1, 0, 0, 1, 2, 30, 95)), terms.disbursed_on)
        for _ in range(chance.randrange(6))
    )
    ordinary_fen = terms.principal_fen // terms.instalments
    return [
        Event(seq, Kind.PAYMENT, day_on, max(ordinary_fen + chance.randrange(-500, 5_000), 1))
        for seq, day_on in enumerate(days, 1)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_living_every_day_gives_the_same_position(block: int) -> None:
    compared = 0
    for seed in range(block * 150, block * 150 + 150):
        chance = random.Random(f"naive {seed}")
        terms, conventions = draw_contract(chance)
        payments = draw_payments(chance, terms)
        dues = due_dates(terms)
        as_of_on = chance.choice(dues) + chance.choice((-1, 0, 1, 2, 45))
        # After its last period a loan with overdue_interest is a story of its own.
        if conventions.overdue_interest:
            as_of_on = min(as_of_on, dues[-1])
        try:
            lived = Ledger(terms, conventions).live(payments, as_of_on)
        except TooCloseError:
            continue
        compared += 1
        at = position(terms, conventions, payments, as_of_on=as_of_on)

        assert Figures(*(getattr(at, name) for name in Figures._fields)) == lived, seed
    assert compared > 75
