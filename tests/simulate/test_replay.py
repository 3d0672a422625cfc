"""A made-up book under the kernel: borrowers who mean to pay are current, the rest plausible."""

from collections import Counter
from operator import le

import pytest
from tests.simulate.lived import PLAN, Lived

from kuanxian.loan import Kind, Method, Status, Terms, check, schedule
from kuanxian.simulate.products import PRODUCTS, annuity_ppt

METHODS = [product.conventions.method for product in PRODUCTS]
ORDINARY = {Kind.PAYMENT, Kind.SETTLEMENT}
MONTH_DAYS = 30


def statuses(lives: list[Lived], day_on: int = PLAN.until_on) -> Counter[int]:
    return Counter(lived.at(day_on).status for lived in lives)


def current_percent(lives: list[Lived]) -> int:
    found = statuses(lives)
    return 100 * found[Status.CURRENT] // (found[Status.CURRENT] + found[Status.OVERDUE])


def test_the_kernel_takes_every_contract_and_applies_every_event(lives: list[Lived]) -> None:
    for lived in lives:
        check(lived.terms, lived.conventions)
        assert lived.at(PLAN.until_on).refused_events == 0


def test_every_product_and_every_kind_of_event_is_there(lives: list[Lived]) -> None:
    assert {lived.conventions.method for lived in lives} == set(METHODS)
    kinds = {event.kind for lived in lives for event in lived.events}
    made_up = {"PAYMENT", "REFUND", "REVERSAL", "WAIVER", "FEE", "CREDIT", "GRACE", "DEFERRAL"}
    made_up |= {"PAUSE", "EXTENSION", "REINSTALMENT", "SETTLEMENT", "WRITE_OFF", "RECOVERY"}
    assert {Kind[name] for name in made_up} <= kinds


def asked(lived: Lived) -> list[tuple[int, int]]:
    """What the contract alone asks for: due day and amount, the down payment with it."""
    rows = schedule(lived.terms, lived.conventions)
    return [(row.due_on, row.principal_fen + row.interest_fen + row.fee_fen) for row in rows]


def pays_in_time(lived: Lived) -> bool:
    """Say whether there is one payment an instalment, each on its due day or before."""
    due_on = [day_on for day_on, _ in asked(lived)]
    paid = [event.value_on for event in lived.events if event.kind == Kind.PAYMENT]
    return len(due_on) == len(paid) == len(lived.events) and all(map(le, paid, due_on))


@pytest.mark.parametrize("method", sorted(set(METHODS)), ids=lambda method: method.name)
def test_who_pays_in_time_pays_what_the_schedule_asks_to_the_fen(
    lives: list[Lived], method: Method
) -> None:
    chosen = [lived for lived in lives if lived.conventions.method == method]
    diligent = [lived for lived in chosen if pays_in_time(lived)]
    exact = [
        lived
        for lived in diligent
        if [event.amount_fen for event in lived.events] == [fen for _, fen in asked(lived)]
    ]
    assert len(exact) > 20
    # The others round up, or bring the rest of an instalment later.
    assert len(exact) > len(diligent) * 85 // 100
    assert statuses(exact) == {Status.SETTLED: len(exact)}


@pytest.mark.slow
def test_nine_in_ten_live_loans_are_current_and_most_ended_ones_are_settled(
    lives: list[Lived],
) -> None:
    assert 85 <= current_percent(lives) <= 96
    found = statuses(lives)
    assert found[Status.SETTLED] > 10 * found[Status.WRITTEN_OFF] > 0
    assert found[Status.SETTLED_EARLY] > found[Status.ASSIGNED] > 0


def test_a_better_tier_is_more_often_current(lives: list[Lived]) -> None:
    tiers = [[lived for lived in lives if lived.facts["segment"][-1] == tier] for tier in "ABCD"]
    percents = [current_percent(tier) for tier in tiers]
    assert percents == sorted(percents, reverse=True)
    assert percents[0] > percents[-1] + 5


def behind(lived: Lived, day_on: int) -> int:
    """Months past due, 0 … 6; -1 when the loan is not live."""
    found = lived.at(day_on)
    live = found.status in (Status.CURRENT, Status.OVERDUE)
    return min((found.days_past_due + MONTH_DAYS - 1) // MONTH_DAYS, 6) if live else -1


@pytest.mark.slow
def test_the_deeper_behind_the_rarer_the_cure(lives: list[Lived]) -> None:
    started, cured = Counter[int](), Counter[int]()
    for day_on in range(PLAN.until_on - 600, PLAN.until_on - 30, 90):
        for lived in lives:
            before = behind(lived, day_on)
            if before > 0:
                stage = min(before, 4)
                started[stage] += 1
                cured[stage] += lived.at(day_on + MONTH_DAYS).days_past_due == 0
    percents = [100 * cured[stage] // started[stage] for stage in (1, 2, 4)]
    assert percents == sorted(percents, reverse=True)
    assert percents[0] > 45 > 25 > percents[-1]


def test_a_loan_is_written_off_after_half_a_year_past_due(lives: list[Lived]) -> None:
    ends = [
        (lived, event.value_on)
        for lived in lives
        for event in lived.events
        if event.kind in (Kind.WRITE_OFF, Kind.ASSIGNMENT)
    ]
    late = sorted(lived.at(day_on - 1).days_past_due for lived, day_on in ends)
    assert len(late) > 10
    assert late[len(late) // 10] >= 150
    assert late[len(late) // 2] >= 180


def test_an_early_settlement_settles(lives: list[Lived]) -> None:
    settled = [
        lived for lived in lives if lived.events and lived.events[-1].kind == Kind.SETTLEMENT
    ]
    assert len(settled) > 30
    assert statuses(settled) == {Status.SETTLED_EARLY: len(settled)}


def test_a_returned_debit_that_is_paid_again_within_grace_costs_nothing(lives: list[Lived]) -> None:
    returned = [lived for lived in lives if Kind.REVERSAL in {e.kind for e in lived.events}]
    kinds = ORDINARY | {Kind.REVERSAL}
    plain = [lived for lived in returned if {e.kind for e in lived.events} <= kinds]
    assert len(plain) > 20
    assert sum(lived.at(PLAN.until_on).paid_penalty_fen == 0 for lived in plain) > len(plain) // 2


def test_no_ordinary_loan_costs_more_than_24_percent_a_year() -> None:
    """The yearly rate at which the instalments are worth the loan: 12 times the month's."""
    for product in PRODUCTS:
        terms = Terms(1_000_000, 20_000, max(product.instalments), product.rates_ppb[-1])
        rows = schedule(terms, product.conventions)
        flows = [row.principal_fen + row.interest_fen for row in rows]
        value_fen = sum(fen / 1.02**number for number, fen in enumerate(flows, start=1))
        assert value_fen <= terms.principal_fen + len(rows)


@pytest.mark.parametrize("instalments", [1, 3, 12, 24])
def test_the_stated_instalment_is_the_one_the_kernel_computes(instalments: int) -> None:
    for product in PRODUCTS:
        if product.conventions.method == Method.LEVEL:
            rate_ppb = product.rates_ppb[2]
            share_ppt = annuity_ppt(rate_ppb, product.conventions.rate_unit, instalments)
            terms = Terms(1_000_000, 20_000, instalments + 1, rate_ppb)
            first = schedule(terms._replace(instalments=instalments), product.conventions)[0]
            stated_fen = (1_000_000 * share_ppt + 5 * 10**11) // 10**12
            assert instalments == 1 or first.principal_fen + first.interest_fen == stated_fen
