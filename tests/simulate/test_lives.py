"""Single lives: the whole space of settings, and nothing the kernel cannot take."""

from collections import Counter
from enum import IntEnum

import pytest

from kuanxian.base import bounds
from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Absorb,
    Conventions,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Refused,
    Roll,
    RoundAt,
    Status,
    Terms,
    check,
    position,
)
from kuanxian.simulate import Life, life

LIVES = [life(seed) for seed in range(2_000)]

ENUMS = {
    "method": Method,
    "period_unit": PeriodUnit,
    "roll": Roll,
    "days_off": DaysOff,
    "day_count": DayCount,
    "rate_unit": RateUnit,
    "interest_basis": InterestBasis,
    "interest_rounding": Rounding,
    "interest_round_at": RoundAt,
    "instalment_rounding": Rounding,
    "absorb": Absorb,
    "direction": Direction,
    "future_rule": FutureRule,
    "penalty_base": PenaltyBase,
    "penalty_rounding": Rounding,
    "early_interest": EarlyInterest,
}


def test_the_same_seed_gives_the_same_life() -> None:
    assert [life(seed) for seed in range(50)] == LIVES[:50]


def test_different_seeds_give_different_lives() -> None:
    assert len({repr(lived) for lived in LIVES}) == len(LIVES)


@pytest.mark.parametrize(("setting", "codes"), ENUMS.items())
def test_every_code_of_a_setting_is_reached(setting: str, codes: type[IntEnum]) -> None:
    assert {getattr(lived.conventions, setting) for lived in LIVES} == set(codes)


@pytest.mark.parametrize("setting", Conventions._fields)
def test_every_setting_takes_more_than_one_value(setting: str) -> None:
    assert len({getattr(lived.conventions, setting) for lived in LIVES}) > 1


@pytest.mark.parametrize("figure", Terms._fields)
def test_every_figure_of_the_terms_takes_more_than_one_value(figure: str) -> None:
    assert len({getattr(lived.terms, figure) for lived in LIVES}) > 1


def test_every_kind_of_event_happens() -> None:
    assert set(Kind) <= {event.kind for lived in LIVES for event in lived.events}


def test_the_kernel_takes_the_terms_of_every_life() -> None:
    for lived in LIVES:
        check(lived.terms, lived.conventions)


def test_figures_come_at_the_edges_of_their_bounds() -> None:
    assert {1, bounds.PRINCIPAL_FEN_MAX} <= {lived.terms.principal_fen for lived in LIVES}
    assert bounds.RATE_PPB_MAX in {lived.terms.rate_ppb for lived in LIVES}
    assert 0 in {lived.terms.disbursed_on for lived in LIVES}


def test_figures_are_plain_integers_as_a_file_gives_them() -> None:
    terms, conventions, events = LIVES[0]
    assert {type(figure) for row in (terms, conventions, *events) for figure in row} == {int}


def test_booking_numbers_are_unique_and_rise_while_days_do_not() -> None:
    numbers = [[event.seq for event in lived.events] for lived in LIVES]
    assert all(row == sorted(set(row)) for row in numbers)
    days = [[event.value_on for event in lived.events] for lived in LIVES]
    assert any(row != sorted(row) for row in days)


def test_some_events_become_known_after_the_day_they_count_from() -> None:
    late = [
        e.recorded_on - e.value_on for lived in LIVES for e in lived.events if e.recorded_on > 0
    ]
    assert {0, 1, 10, 90} <= set(late)


def end_of(lived: Life) -> Counter[str]:
    found = position(*lived[:2], lived.events, as_of_on=min(lived.terms.disbursed_on + 900, 84_000))
    return Counter([Status(found.status).name, f"refused {Refused(found.refused_reason).name}"])


@pytest.mark.slow
def test_lives_end_in_every_way_and_events_are_refused_for_every_reason() -> None:
    ends = sum((end_of(lived) for lived in LIVES), Counter())
    assert {status.name for status in Status} - {"PENDING"} <= ends.keys()
    assert {f"refused {reason.name}" for reason in Refused} <= ends.keys()
    assert ends["refused NONE"] > len(LIVES) // 4
