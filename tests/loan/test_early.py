"""What an early settlement asks for, whatever was paid ahead before it."""

from tests.loan.drawn import daily, paid_ahead, scheduled

from kuanxian.loan import (
    EarlyInterest,
    Event,
    FutureRule,
    Kind,
    RoundAt,
    Status,
    payoff,
    position,
    schedule,
)


def test_settling_early_costs_the_same_wherever_money_paid_before_was_put() -> None:
    for seed in range(200):
        terms, settings, chance = scheduled(seed, FutureRule.HOLD)
        early = chance.choice((EarlyInterest.TO_DAY, EarlyInterest.FULL_PERIOD))
        settings = settings._replace(early_interest=early)
        terms = terms._replace(penalty_rate_ppb=0, fee_fen=chance.choice((0, 500)))
        designated = paid_ahead(terms, chance)
        plain = [event._replace(part=0, count=0) for event in designated]
        on = terms.disbursed_on + chance.randrange(26, 80)
        paid = []
        for rule, events in (
            (FutureRule.HOLD, plain),
            (FutureRule.HOLD, designated),
            (FutureRule.NEXT, plain),
            (FutureRule.LAST, designated),
        ):
            settings = settings._replace(future_rule=rule)
            quote = payoff(terms, settings, events, on=on)
            settling = Event(9, Kind.SETTLEMENT, on, quote.total_fen)
            at = position(terms, settings, [*events, settling], as_of_on=on + 300)
            assert at.status in (Status.SETTLED_EARLY, Status.SETTLED), (seed, settings)
            assert at.credit_fen == 0, (seed, settings)
            paid.append((at.paid_interest_fen, at.paid_fee_fen))
        assert len(set(paid)) == 1, (seed, paid, settings)


def test_all_daily_interest_is_what_the_schedule_asks_for_after_principal_was_repaid() -> None:
    for seed in range(150):
        terms, settings, chance = daily(seed, FutureRule.NEXT)
        settings = settings._replace(
            future_rule=chance.choice(list(FutureRule)),
            early_interest=EarlyInterest.ALL,
            interest_round_at=chance.choice(list(RoundAt)),
        )
        events = paid_ahead(terms, chance)
        on = max(event.value_on for event in events)
        rows = schedule(terms, settings, events)
        at = position(terms, settings, events, as_of_on=on)
        asked_fen = sum(row.interest_fen for row in rows) - at.paid_interest_fen
        quote = payoff(terms, settings, events, on=on)
        settling = Event(9, Kind.SETTLEMENT, on, quote.total_fen)
        settled = position(terms, settings, [*events, settling], as_of_on=on)

        assert quote.interest_fen == asked_fen, (seed, settings)
        assert settled.status == Status.SETTLED_EARLY, (seed, settings)
        assert settled.credit_fen == 0, (seed, settings)
