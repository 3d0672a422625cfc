"""What holds for every loan, whatever its contract and whatever happened to it.

The lives are drawn by ``simulate.life``: any settings that go together, any events, in
any order, some of them ones the kernel has to refuse. A failing seed is the whole
report: ``life(seed)`` gives the loan back.
"""

import itertools
import random

import pytest

from kuanxian.base.days import NO_DAY
from kuanxian.loan import (
    Conventions,
    DayCount,
    DaysOff,
    Direction,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Part,
    PenaltyBase,
    Position,
    Roll,
    Terms,
    payoff,
    position,
    schedule,
    trace,
)
from kuanxian.loan.trace import What
from kuanxian.simulate import Life, life

SEEDS = range(400)
FEN = [name for name in Position._fields if name.endswith("_fen")]


def days_of_interest(lived: Life) -> list[int]:
    """Pick days on which something may go wrong: around events and due days, and late."""
    days = {lived.terms.disbursed_on - 1, lived.terms.disbursed_on}
    days |= {event.value_on + shift for event in lived.events[:3] for shift in (-1, 0, 1)}
    rows = schedule(lived.terms, lived.conventions)
    days |= {rows[0].due_on, rows[0].due_on + 1, rows[-1].due_on, rows[-1].due_on + 400}
    return sorted(day for day in days if 0 <= day <= 84_005)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(0, len(SEEDS), 50))
def test_every_fen_is_somewhere_and_no_part_is_negative(block: int) -> None:
    for seed in SEEDS[block : block + 50]:
        lived = life(seed)
        for day in days_of_interest(lived):
            at = position(*lived, as_of_on=day)

            assert all(getattr(at, name) >= 0 for name in FEN), (seed, day)
            assert at.drawn_fen + at.capitalised_fen == (
                at.outstanding_principal_fen + at.paid_principal_fen + at.waived_principal_fen
            ), (seed, day)
            assert at.paid_fen + at.credited_fen == (
                at.paid_principal_fen
                + at.paid_interest_fen
                + at.paid_penalty_fen
                + at.paid_fee_fen
                + at.credit_fen
                + at.refunded_fen
            ), (seed, day)


@pytest.mark.parametrize("block", range(0, len(SEEDS), 50))
def test_the_schedule_repays_the_principal_exactly(block: int) -> None:
    for seed in SEEDS[block : block + 50]:
        lived = life(seed)
        given = [event for event in lived.events if event.kind == Kind.INSTALMENT]
        rows = schedule(lived.terms, lived.conventions, given)

        assert sum(row.principal_fen for row in rows) == lived.terms.principal_fen, seed
        assert all(row.principal_fen >= 0 and row.interest_fen >= 0 for row in rows), seed
        assert all(a.due_on <= b.due_on for a, b in itertools.pairwise(rows)), seed


def test_a_position_knows_nothing_of_what_comes_later() -> None:
    for seed in SEEDS[:150]:
        lived = life(seed)
        for day in days_of_interest(lived)[::3]:
            before = [
                event
                for event in lived.events
                if event.value_on <= day or event.kind == Kind.INSTALMENT
            ]
            told = position(*lived, as_of_on=day)

            assert position(lived.terms, lived.conventions, before, as_of_on=day) == told, seed


@pytest.mark.slow
def test_reversing_an_event_is_as_if_it_had_never_been() -> None:
    for seed in SEEDS[:150]:
        lived = life(seed)
        last_on = max((event.value_on for event in lived.events), default=20_000) + 60
        number = max((event.seq for event in lived.events), default=0) + 1
        untouched = {event.ref_seq for event in lived.events if event.kind == Kind.REVERSAL}
        for event in lived.events[:4]:
            if event.kind == Kind.REVERSAL or event.seq in untouched:
                continue
            reversal = Event(number, Kind.REVERSAL, last_on, ref_seq=event.seq)
            without = [other for other in lived.events if other.seq != event.seq]

            assert position(
                lived.terms, lived.conventions, [*lived.events, reversal], as_of_on=last_on + 30
            ) == position(lived.terms, lived.conventions, without, as_of_on=last_on + 30), (
                seed,
                event.seq,
            )


@pytest.mark.slow
def test_an_event_that_came_late_counts_as_if_it_had_come_in_time() -> None:
    for seed in SEEDS[:150]:
        lived = life(seed)
        late = [event._replace(recorded_on=event.value_on + 500) for event in lived.events]
        for day in days_of_interest(lived)[::3]:
            in_time = [event._replace(recorded_on=NO_DAY) for event in lived.events]

            assert position(lived.terms, lived.conventions, late, as_of_on=day) == position(
                lived.terms, lived.conventions, in_time, as_of_on=day
            ), seed


def test_the_order_in_which_events_arrive_changes_nothing() -> None:
    for seed in SEEDS[:150]:
        lived = life(seed)
        day = max((event.value_on for event in lived.events), default=20_000) + 45
        backwards = list(reversed(lived.events))

        assert position(*lived, as_of_on=day) == position(
            lived.terms, lived.conventions, backwards, as_of_on=day
        ), seed


def test_the_trace_accounts_for_every_fen_that_was_paid() -> None:
    for seed in SEEDS[:150]:
        lived = life(seed)
        day = max((event.value_on for event in lived.events), default=20_000) + 45
        at = position(*lived, as_of_on=day)
        told = trace(*lived, as_of_on=day)
        paid_fen = sum(entry.amount_fen for entry in told if entry.what == What.PAID)
        paid_fen -= sum(entry.amount_fen for entry in told if entry.what == What.FREED)
        waived_fen = sum(entry.amount_fen for entry in told if entry.what == What.WAIVED)

        assert paid_fen == (
            at.paid_principal_fen + at.paid_interest_fen + at.paid_penalty_fen + at.paid_fee_fen
        ), seed
        assert waived_fen == at.waived_fen, seed


def cost_fen(at: Position) -> int:
    """Add up what a loan has cost and will still cost to settle, beyond the principal."""
    return (
        at.payoff_fen
        - at.credit_fen
        + at.paid_fen
        + at.credited_fen
        - at.refunded_fen
        + at.waived_fen
        - at.drawn_fen
    )


def is_promised(conventions: Conventions) -> bool:
    """Say whether paying earlier is never dearer: with HOLD and NEXT, unless younger principal
    is cleared before older interest. LAST and REAMORTISE may leave the next instalment unpaid.
    """
    principal_last = conventions.allocation_order % 10 == Part.PRINCIPAL
    return conventions.future_rule in (FutureRule.HOLD, FutureRule.NEXT) and (
        conventions.direction == Direction.HORIZONTAL or principal_last
    )


@pytest.mark.slow
def test_paying_earlier_never_costs_more() -> None:
    """Wherever it is promised.

    Daily interest and penalty on the whole balance are rounded once an instalment, and paying
    earlier shifts what is rounded: there, and only there, a fen an instalment is allowed.
    """
    compared = 0
    for seed in range(4_000):
        lived = life(seed)
        payments = [event for event in lived.events if event.kind == Kind.PAYMENT]
        if (
            not is_promised(lived.conventions)
            or len(payments) < 2
            or any(event.kind not in (Kind.PAYMENT, Kind.INSTALMENT) for event in lived.events)
        ):
            continue
        day = max(event.value_on for event in lived.events) + 400
        for event in payments[:2]:
            if event.part or event.count or event.value_on - 3 < lived.terms.disbursed_on:
                continue
            earlier = [
                other._replace(value_on=other.value_on - 3) if other is event else other
                for other in lived.events
            ]
            late = position(*lived, as_of_on=day)
            early = position(lived.terms, lived.conventions, earlier, as_of_on=day)
            compared += 1

            rounded = (
                lived.conventions.interest_basis == InterestBasis.DAILY
                or lived.conventions.penalty_base == PenaltyBase.OUTSTANDING
            )
            rounded_fen = lived.terms.instalments if rounded else 0
            assert cost_fen(early) <= cost_fen(late) + rounded_fen, (seed, event)
    assert compared > 20


def rolled(seed: int) -> tuple[Terms, Conventions, random.Random]:
    """Draw a loan with interest by the day or by the period and due days that may roll."""
    chance = random.Random(f"rolled {seed}")
    basis = chance.choice((InterestBasis.DAILY, InterestBasis.PERIOD))
    terms = Terms(
        chance.randrange(10**5, 10**6),
        20_468 + chance.randrange(60),
        chance.randrange(1, 7),
        rate_ppb=240_000_000,
        penalty_rate_ppb=chance.choice((0, 360_000_000)),
        fee_fen=chance.choice((0, 500)),
    )
    settings = Conventions(
        method=chance.choice((Method.LEVEL, Method.EQUAL_PRINCIPAL)),
        interest_basis=basis,
        roll=chance.choice((Roll.NONE, Roll.FORWARD, Roll.BACK)),
        days_off=DaysOff.CN,
        future_rule=chance.choice((FutureRule.HOLD, FutureRule.NEXT)),
        overdue_interest=chance.choice((0, 1)) if basis == InterestBasis.DAILY else 0,
        day_count=chance.choice((DayCount.D30_360, DayCount.ACT_365)),
    )
    return terms, settings, chance


def test_designating_a_payment_earlier_never_costs_more_wherever_due_days_roll() -> None:
    for seed in range(150):
        terms, settings, chance = rolled(seed)
        events = [
            Event(
                number,
                Kind.PAYMENT,
                terms.disbursed_on + chance.randrange(8, 70),
                chance.randrange(1, terms.principal_fen // 2),
                part=chance.choice((Part.ANY, Part.PRINCIPAL, Part.INTEREST)),
                count=chance.randrange(1, terms.instalments + 1),
            )
            for number in range(1, 4)
        ]
        settled_on = terms.disbursed_on + chance.randrange(40, 90)
        events.append(Event(4, Kind.SETTLEMENT, settled_on, terms.principal_fen))
        sooner = events[0]._replace(value_on=events[0].value_on - chance.randrange(1, 8))
        day = terms.disbursed_on + 600
        late = position(terms, settings, events, as_of_on=day)
        early = position(terms, settings, [sooner, *events[1:]], as_of_on=day)

        assert cost_fen(early) <= cost_fen(late) + terms.instalments, seed


def test_settling_a_day_earlier_never_costs_more_once_instalments_were_moved() -> None:
    for seed in range(40):
        terms, settings, chance = rolled(seed)
        moved_on = terms.disbursed_on + chance.randrange(60)
        terms = terms._replace(penalty_rate_ppb=0, fee_fen=0)
        events = [
            Event(1, Kind.DEFERRAL, moved_on, count=chance.randrange(1, 3)),
            Event(2, Kind.REAGE, moved_on + chance.randrange(90)),
        ]
        for row in schedule(terms, settings, events):
            if row.due_on > moved_on:
                before, then = (
                    payoff(terms, settings, events, on=row.due_on - shift).total_fen
                    for shift in (1, 0)
                )

                assert before <= then, (seed, row)


def relaid(seed: int) -> tuple[Terms, Conventions, list[Event]]:
    """Draw a loan in equal instalments, principal repaid early, and what lays the plan anew."""
    chance = random.Random(f"relaid {seed}")
    count = chance.randrange(4, 13)
    terms = Terms(
        chance.randrange(10**5, 10**7),
        20_468 + chance.randrange(365),
        count,
        rate_ppb=chance.choice((60_000_000, 180_000_000, 240_000_000)),
    )
    settings = Conventions(
        interest_basis=chance.choice((InterestBasis.DAILY, InterestBasis.PERIOD)),
        future_rule=chance.choice((FutureRule.HOLD, FutureRule.NEXT, FutureRule.REAMORTISE)),
        day_count=chance.choice((DayCount.D30_360, DayCount.ACT_365)),
    )
    met = schedule(terms, settings)[: chance.randrange(count - 2)]
    events = [
        Event(number, Kind.PAYMENT, row.due_on, row.principal_fen + row.interest_fen)
        for number, row in enumerate(met, 1)
    ]
    repaid_on = terms.disbursed_on + 31 * len(met) + chance.randrange(1, 20)
    repaid_fen = chance.randrange(1, terms.principal_fen // count)
    early = Event(len(met) + 1, Kind.PAYMENT, repaid_on, repaid_fen, part=Part.PRINCIPAL)
    change = Event(
        len(met) + 2,
        chance.choice(
            (Kind.REAMORTISE, Kind.EXTENSION, Kind.DRAWDOWN, Kind.RATE, Kind.DUE_DAY, Kind.DEFERRAL)
        ),
        repaid_on + chance.randrange(8),
        count=chance.randrange(1, 4),
        rate_ppb=chance.choice((60_000_000, 120_000_000)),
    )
    if change.kind == Kind.DRAWDOWN:
        change = change._replace(amount_fen=chance.randrange(1, terms.principal_fen))
    if change.kind == Kind.DUE_DAY:
        change = change._replace(count=chance.randrange(1, 29))
    return terms, settings, [*events, early, *chance.choice(((), (change,)))]


def asked_on_due_days(
    terms: Terms, settings: Conventions, events: list[Event]
) -> list[tuple[int, int]]:
    """Pay what a loan asks for next, on its day, to the end: what was asked for, what was due."""
    asked = []
    at = position(terms, settings, events, as_of_on=events[-1].value_on)
    while at.next_due_on != NO_DAY:
        next_fen, due_on = at.next_due_fen, at.next_due_on
        at = position(terms, settings, events, as_of_on=due_on)
        asked.append((next_fen, at.due_principal_fen + at.due_interest_fen))
        events = [*events, Event(len(events) + 1, Kind.PAYMENT, due_on, next_fen)]
        at = position(terms, settings, events, as_of_on=due_on)
    assert at.outstanding_principal_fen == 0
    return asked


def test_equal_instalments_are_equal_whatever_was_repaid_before_the_plan_was_laid_anew() -> None:
    for seed in range(120):
        terms, settings, events = relaid(seed)
        asked = asked_on_due_days(terms, settings, events)
        amounts = {next_fen for next_fen, _ in asked[:-1]}
        last_fen = asked[-1][0]

        assert len(amounts) == 1, (seed, asked)
        assert all(next_fen == due_fen for next_fen, due_fen in asked), (seed, asked)
        # Where days move the instalment stays; what they bear is left to the last.
        if events[-1].kind not in (Kind.DUE_DAY, Kind.DEFERRAL):
            assert 0.9 < last_fen / amounts.pop() < 1.1, (seed, asked)
