"""Annual rates: published examples, an independent twin, and what must hold for any loan."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.days import add_months, day_of
from kuanxian.base.errors import NoRateError
from kuanxian.loan.apr import AprMethod, Flow, annual_rate
from kuanxian.loan.unit_period import UnitKind, UnitPeriod, find_unit, unit_spans

PERCENT = 10_000_000
"""One per cent in parts per billion."""


def monthly(first: tuple[int, int, int], count: int, step: int = 1) -> list[int]:
    """A series of days so many months apart."""
    start = day_of(*first)
    return [add_months(start, step * place, first[2]) for place in range(count)]


def every(days: int, first: tuple[int, int, int], count: int) -> list[int]:
    """A series of days so many days apart."""
    return [day_of(*first) + days * place for place in range(count)]


def loan(
    lent: int, on: tuple[int, int, int], days: Sequence[int], paid: Sequence[int]
) -> list[Flow]:
    """One advance and its payments."""
    payments = [Flow(day, -amount) for day, amount in zip(days, paid, strict=True)]
    return [Flow(day_of(*on), lent), *payments]


# 12 CFR 1026, Appendix J (c)(1)-(c)(5): the amounts in cents, the rate as printed there.
SEMIMONTHLY = sorted(monthly((1978, 3, 1), 12) + monthly((1978, 3, 16), 12))
APPENDIX_J = {
    "(c)(1)(i) monthly, regular": (
        loan(500_000, (1978, 1, 10), monthly((1978, 2, 10), 24), [23_000] * 24), 9.69),
    "(c)(1)(ii) monthly, long first period": (
        loan(600_000, (1978, 2, 10), monthly((1978, 4, 1), 36), [20_000] * 36), 11.82),
    "(c)(1)(iii) semimonthly, short first period": (
        loan(500_000, (1978, 2, 23), SEMIMONTHLY, [21_917] * 24), 10.34),
    "(c)(1)(iv) quarterly, long first period": (
        loan(1_000_000, (1978, 5, 23), monthly((1978, 10, 1), 40, 3), [38_500] * 40), 8.97),
    "(c)(1)(v) weekly, long first period": (
        loan(50_000, (1978, 3, 20), every(7, (1978, 4, 21), 30), [1_760] * 30), 14.96),
    "(c)(2)(i) monthly, odd first payment": (
        loan(500_000, (1978, 1, 10), monthly((1978, 2, 10), 24), [25_000] + [23_000] * 23), 10.08),
    "(c)(2)(ii) every four weeks, long first period, odd first payment": (
        loan(40_000, (1978, 3, 18), every(28, (1978, 4, 20), 12), [3_950] + [3_831] * 11), 28.50),
    "(c)(3)(i) monthly, odd last payment": (
        loan(500_000, (1978, 1, 10), monthly((1978, 2, 10), 24), [23_000] * 23 + [28_000]), 10.50),
    "(c)(3)(ii) every two weeks, short first period, odd last payment": (
        loan(20_000, (1978, 4, 3), every(14, (1978, 4, 11), 20), [950] * 19 + [3_000]), 12.22),
    "(c)(4)(i) monthly, odd first and last payment": (
        loan(500_000, (1978, 1, 10), monthly((1978, 2, 10), 24),
             [25_000] + [23_000] * 22 + [28_000]), 10.90),
    "(c)(4)(ii) every two months, short first period, odd first and last payment": (
        loan(800_000, (1978, 1, 10), monthly((1978, 3, 1), 20, 2),
             [44_936] + [46_500] * 18 + [20_000]), 7.30),
    "(c)(5)(i) one payment after 255 days": (
        loan(100_000, (1978, 1, 3), [day_of(1978, 9, 15)], [108_000]), 11.45),
}  # fmt: skip


@pytest.mark.parametrize(("flows", "percent"), APPENDIX_J.values(), ids=APPENDIX_J)
def test_the_rate_is_the_one_regulation_z_prints(flows: list[Flow], percent: float) -> None:
    rate_ppb = annual_rate(flows, AprMethod.US_ACTUARIAL).rate_ppb
    assert round(rate_ppb / PERCENT, 2) == percent


# Directive 98/7/EC, Annex III, as printed there to one decimal, by equal months.
NEW_YEAR = (1994, 1, 1)
DIRECTIVE = {
    "one payment after a year and a half": (
        loan(100_000, NEW_YEAR, [day_of(1995, 7, 1)], [120_000]), 12.9),
    "the same with 50 of the 1,000 kept back for costs": (
        loan(95_000, NEW_YEAR, [day_of(1995, 7, 1)], [120_000]), 16.9),
    "two payments a year apart": (
        loan(100_000, NEW_YEAR, monthly((1995, 1, 1), 2, 12), [60_000] * 2), 13.1),
    "payments after three, six and twelve months": (
        loan(100_000, NEW_YEAR,
             [day_of(1994, 4, 1), day_of(1994, 7, 1), day_of(1995, 1, 1)],
             [27_200, 27_200, 54_400]), 13.2),
}  # fmt: skip


@pytest.mark.parametrize(("flows", "percent"), DIRECTIVE.values(), ids=DIRECTIVE)
def test_the_rate_is_the_one_the_directive_prints(flows: list[Flow], percent: float) -> None:
    assert round(annual_rate(flows, AprMethod.EU).rate_ppb / PERCENT, 1) == percent


@pytest.mark.parametrize(
    ("method", "percent"), [(AprMethod.CN_SIMPLE, 12.80), (AprMethod.CN_COMPOUND, 13.58)]
)
def test_the_rate_is_the_one_the_central_bank_announcement_prints(
    method: AprMethod, percent: float
) -> None:
    flows = loan(10_000_000, (2026, 1, 15), monthly((2026, 2, 15), 12), [883_330] * 12)
    flows.append(Flow(day_of(2026, 1, 15), -100_000))
    assert round(annual_rate(flows, method).rate_ppb / PERCENT, 2) == percent


# 1,000 yuan on New Year 2026, paid back at once with so much more, worked out by hand.
BY_HAND = [
    (AprMethod.SIMPLE, (2026, 4, 11), 3_000, 109_500_000, "0.03 * 365 / 100"),
    (AprMethod.CN_SIMPLE, (2026, 4, 11), 3_000, 109_500_000, "a term of 100 days"),
    (AprMethod.CN_SIMPLE, (2026, 4, 1), 3_000, 120_000_000, "a term of three months"),
    (AprMethod.CN_COMPOUND, (2026, 7, 1), 10_000, 210_000_000, "1.1 ** 2 - 1"),
    (AprMethod.NOMINAL, (2026, 7, 1), 10_000, 200_000_000, "0.1 * 2"),
    (AprMethod.EFFECTIVE, (2027, 1, 1), 20_000, 200_000_000, "365 days"),
    (AprMethod.EFFECTIVE, (2026, 3, 15), 900_000, 99_999_000_000_000, "10 ** (365 / 73) - 1"),
    (AprMethod.US_ACTUARIAL, (2026, 7, 1), 10_000, 200_000_000, "12 / 6 terms a year"),
    (AprMethod.US_ACTUARIAL, (2027, 7, 1), 32_000, 200_000_000, "1.2 * (1 + 0.2 / 2)"),
    (AprMethod.US_ACTUARIAL, (2027, 3, 15), 24_800, 200_000_000, "1.2 * (1 + 0.2 * 73 / 365)"),
    (AprMethod.EU, (2028, 1, 1), 44_000, 200_000_000, "1.2 ** 2"),
]


@pytest.mark.parametrize(
    ("method", "paid_on", "cost_fen", "rate_ppb"),
    [row[:4] for row in BY_HAND],
    ids=[f"{row[0].name} {row[4]}" for row in BY_HAND],
)
def test_a_single_payment_gives_the_rate_worked_out_by_hand(
    method: AprMethod, paid_on: tuple[int, int, int], cost_fen: int, rate_ppb: int
) -> None:
    flows = loan(100_000, (2026, 1, 1), [day_of(*paid_on)], [100_000 + cost_fen])
    assert annual_rate(flows, method).rate_ppb == rate_ppb


# --- the independent twin -------------------------------------------------------------


def worth_by_decimal(
    flows: Sequence[Flow], days: Sequence[int], unit: UnitPeriod, rate: Decimal
) -> Decimal:
    """Appendix J (b)(8) as printed, to fifty digits."""
    total = Decimal(0)
    for flow, span in zip(flows, unit_spans(days, unit), strict=True):
        part = Decimal(span.rest) / span.length
        total += flow.amount_fen / ((1 + part * rate) * (1 + rate) ** span.whole)
    return total


def rate_by_bisection(flows: Sequence[Flow], unit: UnitPeriod) -> Decimal:
    """The rate of a unit-period of a loan of one advance, by halving alone."""
    days = [flow.day_on for flow in flows]
    low, high = Decimal("-0.99"), Decimal(10)
    while high - low > Decimal("1e-25"):
        middle = (low + high) / 2
        if worth_by_decimal(flows, days, unit, middle) > 0:
            high = middle
        else:
            low = middle
    return low


@st.composite
def advances_repaid(draw: st.DrawFn) -> list[Flow]:
    """One advance and payments at rising days, at no more than a few hundred per cent."""
    gaps = draw(st.lists(st.integers(7, 70), min_size=1, max_size=12))
    lent_on = draw(st.integers(day_of(2019, 1, 1), day_of(2029, 1, 1)))
    days = [lent_on]
    for gap in gaps:
        days.append(days[-1] + gap)
    paid = draw(st.lists(st.integers(1_000, 90_000), min_size=len(gaps), max_size=len(gaps)))
    lent = sum(paid) * draw(st.integers(85, 120)) // 100
    return [Flow(lent_on, lent), *(Flow(d, -a) for d, a in zip(days[1:], paid, strict=True))]


@settings(max_examples=60)
@given(advances_repaid())
def test_the_search_agrees_with_bisection_to_fifty_digits(flows: list[Flow]) -> None:
    unit = find_unit([flow.day_on for flow in flows])
    with localcontext() as context:
        context.prec = 50
        rate = rate_by_bisection(flows, unit) * Decimal(10) ** 9
        expected_ppb = int(rate.to_integral_value())
    found = annual_rate(flows, AprMethod.US_ACTUARIAL)
    assert abs(found.period_rate_ppb - expected_ppb) <= 1
    assert found.unit == unit


# --- what must hold for any loan ------------------------------------------------------

METHODS = st.sampled_from([method for method in AprMethod if method != AprMethod.SIMPLE])


@given(advances_repaid(), METHODS)
def test_the_flows_balance_at_the_rate(flows: list[Flow], method: AprMethod) -> None:
    moved_fen = sum(abs(flow.amount_fen) for flow in flows)
    assert abs(annual_rate(flows, method).residual_fen) <= moved_fen * 1e-12


@given(advances_repaid(), st.sampled_from(AprMethod), st.integers(2, 1_000))
def test_amounts_many_times_larger_give_the_same_rate(
    flows: list[Flow], method: AprMethod, times: int
) -> None:
    larger = [Flow(flow.day_on, flow.amount_fen * times) for flow in flows]
    one = annual_rate(flows, method).rate_ppb
    assert abs(annual_rate(larger, method).rate_ppb - one) <= max(1, abs(one) // 10**12)


@given(advances_repaid(), METHODS)
def test_paying_more_makes_the_rate_higher(flows: list[Flow], method: AprMethod) -> None:
    dearer = [*flows[:-1], flows[-1]._replace(amount_fen=flows[-1].amount_fen - 500)]
    assert annual_rate(dearer, method).rate_ppb > annual_rate(flows, method).rate_ppb


@given(advances_repaid(), st.sampled_from(AprMethod))
def test_the_order_of_the_flows_changes_nothing(flows: list[Flow], method: AprMethod) -> None:
    assert annual_rate(reversed(flows), method) == annual_rate(flows, method)


@pytest.mark.parametrize("method", AprMethod)
def test_paying_back_what_was_lent_is_a_rate_of_zero(method: AprMethod) -> None:
    flows = loan(120_000, (2026, 1, 1), monthly((2026, 2, 1), 12), [10_000] * 12)
    assert annual_rate(flows, method).rate_ppb == 0


@pytest.mark.parametrize("method", AprMethod)
def test_paying_back_less_is_a_negative_rate(method: AprMethod) -> None:
    flows = loan(120_000, (2026, 1, 1), monthly((2026, 2, 1), 12), [9_000] * 12)
    assert -PERCENT * 100 < annual_rate(flows, method).rate_ppb < -PERCENT * 10


@pytest.mark.parametrize("method", [AprMethod.EFFECTIVE, AprMethod.CN_COMPOUND, AprMethod.NOMINAL])
def test_a_rate_of_more_than_64_bits_is_refused(method: AprMethod) -> None:
    flows = loan(1, (2026, 1, 1), [day_of(2026, 1, 2)], [10**9])
    with pytest.raises(NoRateError, match="64 bits"):
        annual_rate(flows, method)


def test_daily_payments_of_forty_years_balance() -> None:
    payments = [Flow(day, -1_000) for day in range(1, 14_611)]
    found = annual_rate([Flow(0, 7_000_000), *payments], AprMethod.EFFECTIVE)
    assert abs(found.residual_fen) < 1e-4
    assert 0 < found.rate_ppb < 10 * PERCENT


@pytest.mark.parametrize(
    "amounts",
    [[], [100], [-100], [100, 200], [-1, -2]],
    ids=["nothing", "in only", "out only", "in twice", "out twice"],
)
def test_money_that_goes_one_way_has_no_rate(amounts: list[int]) -> None:
    with pytest.raises(NoRateError, match="one way only"):
        annual_rate([Flow(day, amount) for day, amount in enumerate(amounts)])


def test_money_paid_back_the_same_day_has_no_rate() -> None:
    with pytest.raises(NoRateError, match="one way only"):
        annual_rate([Flow(7, 50_000), Flow(7, -50_000)])


def test_an_amount_of_more_than_64_bits_is_refused() -> None:
    with pytest.raises(NoRateError, match="an amount"):
        annual_rate([Flow(0, INT64_MAX + 1), Flow(1, -1)])


def test_a_borrower_who_lends_more_than_is_borrowed_has_no_simple_rate() -> None:
    flows = [Flow(0, 100), Flow(10, -900), Flow(365, 700)]
    with pytest.raises(NoRateError, match="lent more than was borrowed"):
        annual_rate(flows, AprMethod.SIMPLE)


def test_the_unit_of_the_contract_can_be_given() -> None:
    flows = loan(100_000, (2026, 1, 1), [day_of(2026, 3, 1), day_of(2026, 4, 1)], [51_000] * 2)
    found = annual_rate(flows, AprMethod.NOMINAL, UnitPeriod(UnitKind.DAY))
    assert found.unit == UnitPeriod(UnitKind.DAY)
    assert found.rate_ppb == pytest.approx(found.period_rate_ppb * 365, abs=200)


def test_several_rates_are_all_named() -> None:
    # 100 * (x - 1.1) * (x - 1.2) with a year between the amounts.
    flows = [Flow(0, 100), Flow(365, -230), Flow(730, 132)]
    with pytest.raises(NoRateError, match=r"2 rates .* 10\.000000%, 20\.000000%"):
        annual_rate(flows, AprMethod.EFFECTIVE)


def test_flows_that_turn_often_have_one_rate_while_the_borrower_owes_throughout() -> None:
    flows = [Flow(0, 100_000)]
    flows += [Flow(7 * week, 50_000 if week % 2 else -50_500) for week in range(1, 200)]
    flows += [Flow(1_400, -110_000)]
    found = annual_rate(flows, AprMethod.EFFECTIVE)
    assert abs(found.residual_fen) < 1e-6
    turns = sum(1 for a, b in pairwise(flows) if (a.amount_fen > 0) != (b.amount_fen > 0))
    assert turns > 64
