"""Interest: what a balance bears over a stretch of days.

Everything accrues in micro-fen, rounded down to a millionth of a fen at each step;
the contract's own rounding to fen is applied later, where the contract says.
"""

from typing import Final

from kuanxian.base.bounds import UFEN
from kuanxian.base.days import civil_of, day_of, days_in_month, is_leap
from kuanxian.base.fen import Rounding, round_ufen, share_fen
from kuanxian.loan.memory import Loan
from kuanxian.loan.terms import Conventions, DayCount, PeriodUnit, RateUnit, RoundAt

_SHORT: Final = 1 << 53
_SHORT_DAYS: Final = 1 << 10
"""Below these a balance times a rate times days fits 63 bits: one division instead of two."""


def simple_ufen(balance_fen: int, rate_ppb: int, days: int, year_days: int) -> int:
    """Compute simple interest, rounded down to a micro-fen.

    Args:
        balance_fen: What bears interest, 0 … BALANCE_FEN_MAX.
        rate_ppb: Parts per billion per ``year_days`` days.
        days: How many days, 0 … PERIOD_DAYS_MAX.
        year_days: The days the rate is stated for: 1, 30, 360, 364, 365, 366.

    Example:
        10,000 yuan at 18 % over 30 days of 360 bear 150 yuan.

        >>> simple_ufen(1_000_000, 180_000_000, 30, 360)
        15000000000
    """
    product = balance_fen * rate_ppb
    scale = 1_000 * year_days
    if product < _SHORT and days < _SHORT_DAYS:
        return product * days // scale
    whole = product // scale
    return whole * days + (product - whole * scale) * days // scale


def simple_fen(balance_fen: int, rate_ppb: int, days: int, year_days: int) -> int:
    """Compute simple interest, rounded down to a micro-fen and then half up to a fen.

    The two roundings of ``simple_ufen`` and ``round_ufen`` in one division, where the
    figures are small enough: (⌊p/s⌋ + u/2) / u and (p + s·u/2) / (s·u) have the same floor.

    Args:
        balance_fen: As for ``simple_ufen``.
        rate_ppb: As for ``simple_ufen``.
        days: As for ``simple_ufen``.
        year_days: 1 … 366.

    Example:
        >>> simple_fen(1_000_000, 180_000_000, 30, 360)
        15000
    """
    product = balance_fen * rate_ppb
    if product < _SHORT and days < _SHORT_DAYS:
        scale = 1_000 * UFEN * year_days
        return (product * days + scale // 2) // scale
    return round_ufen(simple_ufen(balance_fen, rate_ppb, days, year_days), Rounding.HALF_UP)


def days_30e(from_on: int, to_on: int) -> int:
    """Count days in months of 30; the last day of any month counts as the 30th.

    Example:
        >>> days_30e(day_of(2026, 1, 31), day_of(2026, 2, 28))
        30
    """
    from_year, from_month, from_day = civil_of(from_on)
    to_year, to_month, to_day = civil_of(to_on)
    if from_day == days_in_month(from_year, from_month):
        from_day = 30
    if to_day == days_in_month(to_year, to_month):
        to_day = 30
    return (to_year - from_year) * 360 + (to_month - from_month) * 30 + to_day - from_day


def leap_days(from_on: int, to_on: int) -> int:
    """Count the days after ``from_on`` up to ``to_on`` that lie in leap years.

    A day of interest belongs to the year of the day it starts on.

    Example:
        >>> leap_days(day_of(2027, 12, 31), day_of(2028, 1, 31))
        30
    """
    total = 0
    day_on = from_on
    while day_on < to_on:
        year, _, _ = civil_of(day_on)
        year_end_on = day_of(year + 1, 1, 1)
        until_on = min(year_end_on, to_on)
        if is_leap(year):
            total += until_on - day_on
        day_on = until_on
    return total


def elapsed_days(loan: Loan, row: int, day_on: int, day_count: int) -> int:
    """Count the days of a row's period up to a day, in the contract's day count.

    Never more than the period has: with months of 30 days the 31st adds nothing.
    """
    if day_on <= loan.plan[row].start_on:
        return 0
    if day_on >= loan.plan[row].end_on:
        return loan.plan[row].period_days
    if day_count == DayCount.D30_360:
        return min(max(days_30e(loan.plan[row].start_on, day_on), 0), loan.plan[row].period_days)
    return day_on - loan.plan[row].start_on


def rate_year_days(conventions: Conventions) -> int:
    """Find the days a rate is stated for, where that is a fixed number."""
    if conventions.rate_unit == RateUnit.DAY:
        return 1
    if conventions.rate_unit == RateUnit.MONTH:
        return 30
    if conventions.day_count == DayCount.D30_360 or conventions.day_count == DayCount.ACT_360:
        return 360
    if conventions.day_count == DayCount.D7_364:
        return 364
    return 365


def is_by_days(conventions: Conventions) -> bool:
    """Say whether a period's interest is its days times a fixed rate, with no cap a day.

    ``period_ufen`` then comes to ``simple_ufen`` of the period's days.
    """
    by_year = conventions.rate_unit == RateUnit.YEAR and (
        conventions.day_count == DayCount.ACT_ACT
        or conventions.day_count == DayCount.ACT_ACT_PERIOD
    )
    return (
        not by_year
        and conventions.daily_cost_cap_ppb == 0
        and conventions.interest_round_at != RoundAt.ROW
    )


def is_half_up(conventions: Conventions) -> bool:
    """Say whether a row's interest is rounded half up, by itself."""
    return (
        conventions.interest_rounding == Rounding.HALF_UP
        and conventions.interest_round_at == RoundAt.INSTALMENT
    )


def period_ufen(
    loan: Loan,
    row: int,
    days_on: tuple[int, int],
    balance_fen: int,
    rate_ppb: int,
) -> int:
    """Compute the interest of a balance over a stretch inside one row's period.

    Args:
        loan: The loan; its conventions give day count, rate unit and daily cap.
        row: Which row; it gives the period.
        days_on: From and to, days; the part outside the period bears nothing.
        balance_fen: What bears interest, fen.
        rate_ppb: The rate, per ``rate_unit``.

    Returns:
        Micro-fen, rounded down (and once more to fen where interest is rounded a row).
    """
    from_on = max(days_on[0], loan.plan[row].start_on)
    to_on = min(days_on[1], loan.plan[row].end_on)
    if to_on <= from_on or balance_fen <= 0 or rate_ppb == 0:
        return 0
    if loan.conventions.daily_cost_cap_ppb > 0:
        # Over the period so far: in a stretch by itself days of the cap and of the rate differ.
        interest_ufen = capped_ufen(loan, row, to_on, balance_fen, rate_ppb)
        interest_ufen -= capped_ufen(loan, row, from_on, balance_fen, rate_ppb)
    else:
        interest_ufen = stretch_ufen(loan, row, (from_on, to_on), balance_fen, rate_ppb)
    if loan.conventions.interest_round_at == RoundAt.ROW:
        return round_ufen(interest_ufen, loan.conventions.interest_rounding) * UFEN
    return interest_ufen


def capped_ufen(loan: Loan, row: int, to_on: int, balance_fen: int, rate_ppb: int) -> int:
    """Compute interest from the start of a row's period up to a day, no more than the cap a day."""
    start_on = loan.plan[row].start_on
    return min(
        stretch_ufen(loan, row, (start_on, to_on), balance_fen, rate_ppb),
        simple_ufen(balance_fen, loan.conventions.daily_cost_cap_ppb, to_on - start_on, 1),
    )


def stretch_ufen(
    loan: Loan,
    row: int,
    days_on: tuple[int, int],
    balance_fen: int,
    rate_ppb: int,
) -> int:
    """Compute interest over a stretch by the rate alone; it lies within the row's period."""
    from_on, to_on = days_on
    day_count = loan.conventions.day_count
    days = elapsed_days(loan, row, to_on, day_count) - elapsed_days(loan, row, from_on, day_count)
    if loan.conventions.rate_unit == RateUnit.YEAR and day_count == DayCount.ACT_ACT:
        in_leap = leap_days(from_on, to_on)
        return simple_ufen(balance_fen, rate_ppb, in_leap, 366) + simple_ufen(
            balance_fen, rate_ppb, days - in_leap, 365
        )
    if loan.conventions.rate_unit == RateUnit.YEAR and day_count == DayCount.ACT_ACT_PERIOD:
        return _by_period_ufen(
            balance_fen, rate_ppb, days, loan.plan[row].year_days, loan.conventions
        )
    return simple_ufen(balance_fen, rate_ppb, days, rate_year_days(loan.conventions))


def _by_period_ufen(
    balance_fen: int, rate_ppb: int, days: int, period_days: int, conventions: Conventions
) -> int:
    """Interest where a year is so many periods of the period's own length (ICMA)."""
    if conventions.period_unit == PeriodUnit.MONTH:
        return simple_ufen(balance_fen, rate_ppb, days * conventions.period_count, period_days * 12)
    if conventions.period_unit == PeriodUnit.WEEK:
        return simple_ufen(balance_fen, rate_ppb, days * conventions.period_count, period_days * 52)
    return simple_ufen(balance_fen, rate_ppb, days, 365)


def nominal_fraction(rate_ppb: int, conventions: Conventions) -> tuple[int, int]:
    """Express the rate of one whole period as a fraction, for the equal instalment.

    A month is a twelfth of a year and 30 days; a week is a 52nd of a year and 7 days.

    Returns:
        Numerator and denominator, both below 2**42.

    Example:
        >>> nominal_fraction(180_000_000, Conventions())
        (180000000, 12000000000)
    """
    parts = rate_ppb * conventions.period_count
    if conventions.period_unit == PeriodUnit.MONTH:
        if conventions.rate_unit == RateUnit.YEAR:
            return parts, 12_000_000_000
        if conventions.rate_unit == RateUnit.MONTH:
            return parts, 1_000_000_000
        return parts * 30, 1_000_000_000
    days = 7 if conventions.period_unit == PeriodUnit.WEEK else 1
    if conventions.period_unit == PeriodUnit.WEEK and conventions.rate_unit == RateUnit.YEAR:
        return parts, 52_000_000_000
    return parts * days, rate_year_days(conventions) * 1_000_000_000


def round_interest(
    interest_ufen: int, carry_ufen: int, conventions: Conventions
) -> tuple[int, int]:
    """Round a row's interest to fen where the contract rounds it.

    Args:
        interest_ufen: The row's interest, micro-fen.
        carry_ufen: What earlier rows left over, signed; only used with TOTAL.
        conventions: Rounding mode and place.

    Returns:
        The interest in fen, 0 or more, and the new carry.
    """
    if conventions.interest_round_at != RoundAt.TOTAL:
        return round_ufen(interest_ufen, conventions.interest_rounding), carry_ufen
    total_ufen = max(interest_ufen + carry_ufen, 0)
    interest_fen = round_ufen(total_ufen, conventions.interest_rounding)
    return interest_fen, interest_ufen + carry_ufen - interest_fen * UFEN


def floor_ufen(interest_ufen: int) -> int:
    """Whole fen of an amount, for what is shown or collected before its due day."""
    return round_ufen(interest_ufen, Rounding.FLOOR)


def cost_room_fen(loan: Loan, wanted_fen: int) -> int:
    """Cut a charge to what the cap on the total cost leaves."""
    if loan.conventions.total_cost_cap_ppb == 0:
        return wanted_fen
    cap_fen = share_fen(loan.drawn_fen, loan.conventions.total_cost_cap_ppb, Rounding.FLOOR)
    return min(wanted_fen, max(cap_fen - loan.cost_fen, 0))
