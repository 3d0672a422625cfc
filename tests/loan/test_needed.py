"""Who pays what an instalment not yet due will ask for is not late with it."""

from tests.loan.drawn import daily

from kuanxian.loan import Event, FutureRule, Kind, Method, Status, position

ASKS_NOTHING = (
    {"grace_interest_instalments": 1},
    {"grace_interest_instalments": 2},
    {"interest_free_instalments": 1},
)
"""Terms by which a running instalment without principal, or with it paid, asks for nothing."""


def test_who_pays_what_is_next_due_ahead_is_not_late_where_the_running_one_asks_nothing() -> None:
    for seed in range(300):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        terms = terms._replace(**chance.choice(ASKS_NOTHING), instalments=chance.randrange(3, 13))
        settings = settings._replace(
            method=chance.choice((Method.INTEREST_ONLY, Method.EQUAL_PRINCIPAL)),
            total_cost_cap_ppb=chance.choice((0, 4_000_000_000)),
            tolerance_fen=1,
        )
        on = terms.disbursed_on + chance.randrange(1, 25)
        events: list[Event] = []
        at = position(terms, settings, as_of_on=on)
        for number in range(1, chance.randrange(2, 5)):
            extra_fen = chance.choice((0, 0, chance.randrange(terms.principal_fen // 3)))
            paid_fen = at.next_due_fen + extra_fen
            next_due_on = at.next_due_on
            events.append(Event(number, Kind.PAYMENT, on, max(paid_fen, 1)))
            at = position(terms, settings, events, as_of_on=on)

        at = position(terms, settings, events, as_of_on=next_due_on + 1)

        assert at.status != Status.OVERDUE, (seed, settings)
