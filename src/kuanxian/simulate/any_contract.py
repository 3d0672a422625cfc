"""Any contract: terms and conventions drawn from the whole space, not only likely ones.

Each setting takes every value it may take, ordinary ones more often than the edges:
one fen, ten million yuan, 400 % a year, the 29th of February, the last day we know.

Which settings go together (everything not named here goes with everything):

- ``SINGLE`` has one instalment, hence no grace on principal or interest.
- ``GIVEN`` states its rows as events, hence no instalment, residual, down payment,
  grace, promotion or fee of its own, and no odd first period.
- ``down_payment_fen`` belongs to ``PAY_IN_N``; ``instalment_fen`` to ``LEVEL``;
  ``residual_fen`` to ``LEVEL``, ``EQUAL_PRINCIPAL`` and ``FLAT``.
- Free, promotional and grace instalments are fewer than the instalments.
- ``due_day`` belongs to months. The last due day is at most ``DAY_MAX``.
"""

from collections.abc import Sequence
from typing import Final

from kuanxian.base import bounds, days
from kuanxian.base.fen import Rounding
from kuanxian.loan.terms import (
    Absorb,
    Conventions,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    FutureRule,
    InterestBasis,
    Method,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Roll,
    RoundAt,
    Terms,
)
from kuanxian.simulate.chance import Chance

PERIOD_COUNT_MAX: Final = 366
_ORDERS: Final = (1324, 1342, 1234, 4321, 3412, 2143, 4123, 3421)
_RATE_MAX: Final = {
    RateUnit.DAY: bounds.DAILY_RATE_PPB_MAX,
    RateUnit.MONTH: bounds.MONTHLY_RATE_PPB_MAX,
    RateUnit.YEAR: bounds.RATE_PPB_MAX,
}
_USUAL_RATES: Final = {
    RateUnit.DAY: (100_000, 200_000, 350_000, 500_000),
    RateUnit.MONTH: (3_000_000, 6_000_000, 15_000_000, 20_000_000),
    RateUnit.YEAR: (
        36_000_000,
        72_000_000,
        120_000_000,
        180_000_000,
        240_000_000,
        360_000_000,
    ),
}
_UNIT_DAYS: Final = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7, PeriodUnit.MONTH: 31}


def draw_conventions(chance: Chance) -> Conventions:
    """Draw one snapshot of settings.

    Args:
        chance: The generator; it is advanced.

    Returns:
        Conventions within the bounds of ``kuanxian.loan``.

    Example:
        >>> draw_conventions(Chance(1)) == draw_conventions(Chance(1))
        True
    """
    unit = chance.choices(list(PeriodUnit), (2, 2, 6))[0]
    return Conventions(
        method=chance.choice(list(Method)),
        period_unit=unit,
        period_count=_period_count(chance, unit),
        roll=chance.choices(list(Roll), (4, 2, 1, 1))[0],
        days_off=chance.choice(list(DaysOff)),
        day_count=chance.choice(list(DayCount)),
        rate_unit=chance.choices(list(RateUnit), (3, 2, 5))[0],
        interest_basis=chance.choices(list(InterestBasis), (1, 3, 3))[0],
        interest_rounding=chance.choice(list(Rounding)),
        interest_round_at=chance.choice(list(RoundAt)),
        instalment_rounding=chance.choice(list(Rounding)),
        instalment_multiple_fen=chance.choice((1, 1, 1, 10, 100, 1_000)),
        absorb=chance.choice(list(Absorb)),
        smooth=chance.randrange(2),
        allocation_order=chance.choice(_ORDERS),
        direction=chance.choice(list(Direction)),
        future_rule=chance.choice(list(FutureRule)),
        tolerance_fen=chance.choice((0, 0, 0, 1, 99, 1_000, bounds.TOLERANCE_FEN_MAX)),
        overdue_interest=chance.randrange(2),
        penalty_base=chance.choice(list(PenaltyBase)),
        penalty_grace=chance.randrange(2),
        penalty_rounding=chance.choice(list(Rounding)),
        penalty_cap_ppb=chance.choice((0, 0, 1_000_000, 50_000_000, 1_000_000_000)),
        late_fee_ppb=chance.choice((0, 0, 0, 10_000_000, 50_000_000)),
        ageing_grace=chance.randrange(2),
        early_interest=chance.choice(list(EarlyInterest)),
        early_fee_ppb=chance.choice((0, 0, 10_000_000, 30_000_000)),
        daily_cost_cap_ppb=chance.choice((0, 0, 0, 100_000, 658_000)),
        total_cost_cap_ppb=chance.choice((0, 0, 0, 10_000_000, 360_000_000, 1_000_000_000)),
    )


def draw_terms(chance: Chance, conventions: Conventions) -> Terms:
    """Draw the figures of one loan under given settings.

    Args:
        chance: The generator; it is advanced.
        conventions: The settings the figures are read by.

    Returns:
        Terms within the bounds of ``kuanxian.loan``, in the combinations named above.

    Example:
        >>> chance = Chance(1)
        >>> 1 <= draw_terms(chance, draw_conventions(chance)).instalments <= 480
        True
    """
    method = conventions.method
    period_days = conventions.period_count * _UNIT_DAYS[PeriodUnit(conventions.period_unit)]
    instalments = 1 if method == Method.SINGLE else _instalments(chance, period_days)
    principal_fen = _principal_fen(chance)
    disbursed_on = _disbursed_on(chance, (instalments + 1) * period_days)
    rate_ppb = _rate_ppb(chance, conventions.rate_unit)
    terms = Terms(
        principal_fen=principal_fen,
        disbursed_on=disbursed_on,
        instalments=instalments,
        rate_ppb=rate_ppb,
        penalty_rate_ppb=_penalty_rate_ppb(chance, rate_ppb, conventions.rate_unit),
        late_fee_fen=chance.choice((0, 0, 0, 1, 1_000, 5_000)),
        grace_days=chance.choice((0, 0, 1, 3, 3, 5, 30, bounds.GRACE_DAYS_MAX)),
    )
    if method == Method.GIVEN:
        return terms
    terms = _with_dates(chance, terms, conventions, period_days)
    terms = _with_amounts(chance, terms, method)
    return _with_first_instalments(chance, terms, conventions.rate_unit)


def _period_count(chance: Chance, unit: int) -> int:
    usual = {PeriodUnit.DAY: (7, 10, 14, 15, 30), PeriodUnit.WEEK: (1, 1, 2, 4)}
    if chance.random() < 0.05:
        return chance.choice((2, 5, 13, PERIOD_COUNT_MAX))
    return chance.choice(usual.get(PeriodUnit(unit), (1, 1, 1, 1, 2, 3, 6, 12)))


def _instalments(chance: Chance, period_days: int) -> int:
    """Draw a count whose plan still ends within half the days we know."""
    most = min(bounds.INSTALMENTS_MAX, max(1, bounds.DAY_MAX // 2 // period_days))
    if chance.random() < 0.03:
        return most
    return min(most, chance.choice((1, 2, 3, 3, 4, 6, 6, 9, 12, 12, 12, 18, 24, 36)))


def _principal_fen(chance: Chance) -> int:
    """Draw an amount: mostly hundreds to tens of thousands of yuan, at times an edge."""
    if chance.random() < 0.08:
        edges = (
            1,
            2,
            3,
            7,
            99,
            100,
            101,
            bounds.PRINCIPAL_FEN_MAX - 1,
            bounds.PRINCIPAL_FEN_MAX,
        )
        return chance.choice(edges)
    if chance.random() < 0.6:
        return chance.choice((500, 1_000, 2_000, 3_000, 5_000, 10_000, 30_000, 200_000)) * 100
    return chance.randint(1, 10 ** chance.randint(2, 9))


def _disbursed_on(chance: Chance, life_days: int) -> int:
    latest_on = bounds.DAY_MAX - life_days - 2 * bounds.GRACE_DAYS_MAX
    if chance.random() < 0.05:
        return chance.choice((0, 1, latest_on))
    if chance.random() < 0.25:
        year = chance.choice((2020, 2023, 2024, 2026, 2028))
        month, day = chance.choice(((1, 29), (1, 30), (1, 31), (2, 28), (9, 30), (12, 31)))
        leap_day = chance.random() < 0.3 and days.is_leap(year)
        return min(
            latest_on,
            days.day_of(year, 2, 29) if leap_day else days.day_of(year, month, day),
        )
    return min(latest_on, chance.randint(days.day_of(2018, 1, 1), days.day_of(2027, 12, 31)))


def _rate_ppb(chance: Chance, rate_unit: int) -> int:
    unit = RateUnit(rate_unit)
    if chance.random() < 0.1:
        return 0
    if chance.random() < 0.06:
        return chance.choice((1, _RATE_MAX[unit] - 1, _RATE_MAX[unit]))
    if chance.random() < 0.2:
        return chance.randint(1, _USUAL_RATES[unit][-1])
    return chance.choice(_USUAL_RATES[unit])


def _penalty_rate_ppb(chance: Chance, rate_ppb: int, rate_unit: int) -> int:
    most_ppb = _RATE_MAX[RateUnit(rate_unit)]
    if chance.random() < 0.3:
        return 0
    if chance.random() < 0.1:
        return _rate_ppb(chance, rate_unit)
    return min(most_ppb, rate_ppb * 3 // 2)


def _with_dates(chance: Chance, terms: Terms, conventions: Conventions, period_days: int) -> Terms:
    """Give some loans an odd first period and some a due day of their own."""
    first_due_on, due_day = days.NO_DAY, 0
    if chance.random() < 0.35:
        longest_days = max(1, min(period_days * 2, bounds.GRACE_DAYS_MAX))
        first_due_on = terms.disbursed_on + chance.randint(1, longest_days)
    if conventions.period_unit == PeriodUnit.MONTH and chance.random() < 0.3:
        due_day = chance.choice((1, 5, 15, 20, 28, 29, 30, 31))
    return terms._replace(first_due_on=first_due_on, due_day=due_day)


def _with_amounts(chance: Chance, terms: Terms, method: int) -> Terms:
    """Give some loans a down payment, a balloon, a stated instalment, a fee."""
    principal_fen, instalments = terms.principal_fen, terms.instalments
    down_fen, residual_fen, instalment_fen = 0, 0, 0
    if method == Method.PAY_IN_N and chance.random() < 0.8:
        down_fen = _share(chance, principal_fen, (1, 3, 4, 10))
    if method in (Method.LEVEL, Method.EQUAL_PRINCIPAL, Method.FLAT) and chance.random() < 0.12:
        residual_fen = _share(chance, principal_fen, (2, 5, 20))
    if method == Method.LEVEL and chance.random() < 0.25:
        part_fen = principal_fen // instalments
        stated_fen = part_fen + part_fen * chance.choice((0, 1, 5, 12, 30)) // 100
        instalment_fen = min(stated_fen, bounds.PRINCIPAL_FEN_MAX)
    fee_fen = chance.choice((0, 0, 0, 0, 1, 500, 2_999, principal_fen // 100))
    return terms._replace(
        down_payment_fen=down_fen,
        residual_fen=residual_fen,
        instalment_fen=instalment_fen,
        fee_fen=fee_fen,
    )


def _share(chance: Chance, amount_fen: int, divisors: Sequence[int]) -> int:
    """Draw a part of an amount, less than the whole."""
    return min(amount_fen - 1, amount_fen // chance.choice(divisors))


def _with_first_instalments(chance: Chance, terms: Terms, rate_unit: int) -> Terms:
    """Give some loans a promotion, free interest or grace on their first instalments."""
    most = terms.instalments - 1
    if chance.random() < 0.6 or most < 1:
        return terms
    counts = [chance.randint(0, min(most, 6)) * chance.randrange(2) for _ in range(4)]
    return terms._replace(
        promo_rate_ppb=min(terms.rate_ppb, _rate_ppb(chance, rate_unit)),
        promo_instalments=counts[0],
        interest_free_instalments=counts[1],
        grace_principal_instalments=counts[2],
        grace_interest_instalments=counts[3],
    )
