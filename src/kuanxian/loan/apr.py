# lint-skip: float, no rate of return is a fraction, and none computed here moves money.
"""APR: what a loan costs a year, as one rate.

A rate that makes two sums of powers equal is irrational, so it is searched for, with
floats: here and in ``rate_search``, and nowhere else. What comes out is a disclosure
rounded to parts per billion; no balance is ever computed from it. Standard library only;
never compiled.

The equation is the same everywhere: what the borrower received and what the borrower
paid are worth the same at the rate found. The methods differ in how they measure the
time between two days and in how the rate of a period becomes a rate of a year.

Source:
    US: 12 CFR 1026 (Regulation Z), Appendix J (b)(1), (b)(8).
    EU: Directive 2008/48/EC, Annex I part I, read in a copy.
    China: PBoC Announcement 〔2021〕3 (中国人民银行公告〔2021〕第3号): an annualised rate
    over interest and directly related fees and the principal actually outstanding, by
    the compound (IRR) or the simple method, the simple one named as such. Read in copies
    (V2). We have seen no word in it on odd days; their treatment here is our own.
    None of this is legal advice.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum
from math import expm1
from typing import NamedTuple

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.errors import NoRateError
from kuanxian.loan.rate_search import FORCE_MAX, Instant, find_force, worth
from kuanxian.loan.unit_period import (
    UNITS_A_YEAR,
    YEAR,
    UnitKind,
    UnitPeriod,
    find_term,
    find_unit,
    unit_spans,
    year_spans,
)


class AprMethod(IntEnum):
    """How the time is measured and the year made up."""

    NOMINAL = 0
    """Rate of a unit-period times the unit-periods of a year; odd days compound."""
    EFFECTIVE = 1
    """Compounded yearly, actual days over 365 (the XIRR of spreadsheets)."""
    SIMPLE = 2
    """No compounding: cost over the sum of balance times time, actual days over 365."""
    US_ACTUARIAL = 3
    """Regulation Z, Appendix J: as NOMINAL, but odd days bear simple interest."""
    EU = 4
    """Directive 2008/48/EC, Annex I: compounded yearly, in equal months or weeks."""
    CN_SIMPLE = 5
    """Announcement 〔2021〕3, simple (单利): the figure of NOMINAL."""
    CN_COMPOUND = 6
    """Announcement 〔2021〕3, compound (复利, 内部收益率法): the rate of a unit-period
    compounded for a year."""


class Flow(NamedTuple):
    """Money on a day: + to the borrower, - from the borrower. Fen."""

    day_on: int
    amount_fen: int


class AnnualRate(NamedTuple):
    """A rate of cost, for showing, with the way it was found."""

    rate_ppb: int
    """Parts per billion a year, half-even. Negative where less was paid than received."""
    method: int
    """An ``AprMethod`` code."""
    unit: UnitPeriod
    """The unit-period; a year for EFFECTIVE and EU, a day for SIMPLE."""
    period_rate_ppb: int
    """The rate of one unit-period, half-even."""
    residual_fen: float
    """What the two sides still differ by at the unrounded rate: on the first day, or on
    the last day where the rate is negative."""


def annual_rate(
    flows: Iterable[Flow],
    method: int = AprMethod.CN_COMPOUND,
    unit: UnitPeriod | None = None,
) -> AnnualRate:
    """Find the annual rate at which money received and money paid are worth the same.

    Args:
        flows: Dated amounts in any order; those of one day are added up.
        method: An ``AprMethod`` code.
        unit: The unit-period of the contract, which decides how odd days are measured;
            None: found from the days (``unit_period.find_unit``).

    Returns:
        The one rate above -100 % that balances the flows.

    Raises:
        NoRateError: Money goes one way only; no rate of up to 64 bits balances it; or
            more than one does, then all are named.

    Source:
        The worked example of Announcement 〔2021〕3, as quoted in copies of it: 100,000
        yuan lent, 1,000 yuan charged at once, twelve months of 8,833.30 yuan; about
        12.80 % simple and 13.58 % compound.

    Example:
        >>> from kuanxian.base.days import add_months, day_of
        >>> lent_on = day_of(2026, 1, 15)
        >>> paid = [Flow(add_months(lent_on, month, 15), -883_330) for month in range(1, 13)]
        >>> flows = [Flow(lent_on, 10_000_000), Flow(lent_on, -100_000), *paid]
        >>> annual_rate(flows, AprMethod.CN_SIMPLE).rate_ppb
        128038019
        >>> annual_rate(flows, AprMethod.CN_COMPOUND).rate_ppb
        135825576
    """
    days, amounts = _merge(flows)
    if method == AprMethod.SIMPLE:
        return _simple_rate(days, amounts)
    if unit is None:
        # Appendix J ends a unit-period after a year; where nothing compounds, a single
        # payment has its whole term.
        simple = method in (AprMethod.NOMINAL, AprMethod.CN_SIMPLE) and len(days) == 2
        unit = find_term(days) if simple else find_unit(days)
    instants, unit = _measure(days, AprMethod(method), unit)
    force = find_force(amounts, instants)
    period_rate = expm1(force)
    units_a_year = UNITS_A_YEAR[unit.kind] / unit.units
    if method != AprMethod.CN_COMPOUND:
        rate = period_rate * units_a_year
    else:
        # What exceeds the bound would not fit in 64 bits either way.
        rate = expm1(min(force * units_a_year, FORCE_MAX))
    return AnnualRate(
        rate_ppb=_to_ppb(rate),
        method=method,
        unit=unit,
        period_rate_ppb=_to_ppb(period_rate),
        residual_fen=worth(amounts, instants, force),
    )


def _merge(flows: Iterable[Flow]) -> tuple[list[int], list[int]]:
    """Add up what falls on one day; refuse a series that cannot have a rate."""
    total_fen: Counter[int] = Counter()
    for day_on, amount_fen in flows:
        total_fen[day_on] += amount_fen
    days = [day for day in sorted(total_fen) if total_fen[day]]
    amounts = [total_fen[day] for day in days]
    if any(abs(amount) > INT64_MAX for amount in amounts):
        raise NoRateError("cash flows", "an amount has more than 64 bits", "Check the amounts.")
    if not (any(amount > 0 for amount in amounts) and any(amount < 0 for amount in amounts)):
        reason = "money goes one way only, so no rate balances it"
        advice = "Give what the borrower received as +, what the borrower paid on other days as -."
        raise NoRateError("cash flows", reason, advice)
    return days, amounts


def _measure(
    days: Sequence[int], method: AprMethod, unit: UnitPeriod
) -> tuple[list[Instant], UnitPeriod]:
    """Measure the days from the first, in the unit-period the method reckons in."""
    if method == AprMethod.EFFECTIVE:
        return [Instant((day - days[0]) / 365) for day in days], YEAR
    if method == AprMethod.EU:
        years = year_spans(days, unit)
        return [
            Instant(span.units / span.units_a_year + span.days / span.days_a_year) for span in years
        ], YEAR
    spans = unit_spans(days, unit)
    if method == AprMethod.US_ACTUARIAL:
        return [Instant(span.whole, span.rest / span.length) for span in spans], unit
    return [Instant(span.whole + span.rest / span.length) for span in spans], unit


def _simple_rate(days: Sequence[int], amounts: Sequence[int]) -> AnnualRate:
    """Divide the cost by the sum of balance times days: one equation without powers."""
    balance_days = sum(a * (days[-1] - day) for day, a in zip(days, amounts, strict=True))
    if balance_days <= 0:
        reason = "over the whole term the borrower lent more than was borrowed"
        advice = "Use the effective method, or check the signs of the amounts."
        raise NoRateError("cash flows", reason, advice)
    daily_rate = -sum(amounts) / balance_days
    return AnnualRate(
        rate_ppb=_to_ppb(daily_rate * 365),
        method=AprMethod.SIMPLE,
        unit=UnitPeriod(UnitKind.DAY),
        period_rate_ppb=_to_ppb(daily_rate),
        residual_fen=0.0,
    )


def _to_ppb(rate: float) -> int:
    """Round a rate to parts per billion, half-even; refuse one of more than 64 bits."""
    if abs(rate) * 1e9 > INT64_MAX:
        reason = "the rate has more than 64 bits"
        raise NoRateError("cash flows", reason, "Check the amounts and the days.")
    return round(rate * 1e9)
