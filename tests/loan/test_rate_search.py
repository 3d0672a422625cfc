"""The search for a rate: one, several or none."""

from math import expm1, log, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.errors import NoRateError
from kuanxian.loan.rate_search import TURNS_MAX, Instant, find_force, worth


def yearly(amounts: list[float]) -> tuple[list[float], list[Instant]]:
    return amounts, [Instant(float(year)) for year in range(len(amounts))]


def polynomial(growths: list[float]) -> list[float]:
    """The amounts, a year apart, that balance at each of these growths a year."""
    amounts = [1000.0]
    for growth in growths:
        shifted = [*amounts, 0.0]
        amounts = [a - growth * b for a, b in zip(shifted, [0.0, *amounts], strict=True)]
    return amounts


@given(st.lists(st.integers(6, 40), min_size=2, max_size=4, unique=True).map(sorted))
def test_every_rate_of_a_series_that_turns_often_is_named(tenths: list[int]) -> None:
    growths = [tenth / 10 for tenth in tenths]
    with pytest.raises(NoRateError) as refused:
        find_force(*yearly(polynomial(growths)))
    expected = [f"{growth - 1:.4%}" for growth in growths]
    named = refused.value.reason.split(": ")[1].split(", ")
    assert [f"{float(rate.rstrip('%')) / 100 + 0.0:.4%}" for rate in named] == expected


def test_a_sum_that_only_touches_zero_has_one_rate() -> None:
    assert find_force(*yearly(polynomial([1.5, 1.5]))) == pytest.approx(log(1.5), abs=1e-7)


def test_a_sum_that_never_reaches_zero_has_none() -> None:
    with pytest.raises(NoRateError, match="no rate balances them"):
        find_force(*yearly([100.0, -200.0, 101.0]))


def test_a_sum_that_reaches_zero_once_but_turns_three_times_has_one_rate() -> None:
    # (x - 1.1) * (x * x - 1.6 * x + 1): the second factor has no zero, and the borrower is
    # ahead after the first year.
    amounts = [1000.0, -2700.0, 2760.0, -1100.0]
    assert expm1(find_force(*yearly(amounts))) == pytest.approx(0.1, abs=1e-12)


def test_a_loan_that_starts_with_a_payment_has_the_rate_of_its_mirror() -> None:
    amounts, instants = yearly([-100.0, 30.0, 90.0])
    mirror = [-amount for amount in amounts]
    assert find_force(amounts, instants) == find_force(mirror, instants)


def test_a_rate_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(NoRateError, match="64 bits"):
        find_force(*yearly([1.0, -1e15]))


def test_a_second_advance_with_odd_days_has_one_rate_while_the_borrower_owes() -> None:
    amounts = [1000.0, -100.0, 500.0, -1500.0]
    instants = [Instant(0), Instant(1), Instant(1, 0.5), Instant(12)]
    force = find_force(amounts, instants)
    assert worth(amounts, instants, force) == pytest.approx(0.0, abs=1e-9)


def test_odd_days_and_debts_both_ways_are_refused() -> None:
    instants = [Instant(0), Instant(1, 0.5), Instant(3)]
    with pytest.raises(NoRateError, match="several rates may balance"):
        find_force([100.0, -230.0, 132.0], instants)


def test_too_many_turns_with_debts_both_ways_are_refused() -> None:
    amounts = [100.0 if year % 2 else -300.0 for year in range(TURNS_MAX + 2)]
    with pytest.raises(NoRateError, match="several rates may balance"):
        find_force(*yearly([10.0, *amounts]))


def test_worth_at_no_force_is_the_sum() -> None:
    amounts = [1.5, -2.5, 4.0]
    assert worth(*yearly(amounts), 0.0) == sum(amounts)


@given(st.lists(st.floats(0.5, 3.0), min_size=1, max_size=5))
def test_worth_is_the_product_of_its_factors(growths: list[float]) -> None:
    # At a growth of 2 a year, worth on the first day is the polynomial at 2 over 2 ** n.
    amounts, instants = yearly(polynomial(growths))
    expected = 1000.0 * prod((2.0 - growth) / 2.0 for growth in growths)
    assert worth(amounts, instants, log(2.0)) == pytest.approx(expected, abs=1e-6)
