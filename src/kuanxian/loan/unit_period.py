"""Unit-periods: how the time between two days is measured for an annual rate.

Whole numbers throughout: an interval is so many whole periods and a rest over a length.
Months are counted back from the later day, so the odd days of a long or short first
period come in front, where the loan begins.

Source:
    12 CFR 1026 (Regulation Z), Appendix J (b)(3)-(5). Directive 2008/48/EC, Annex I
    part I, remark (c): a year has 365 days, or 366 in a leap year, 52 weeks or 12 equal
    months (read in a copy); days that are left over after whole periods are divided by
    the days of the year that ends with them (Directive 2014/17/EU, Annex I, remark (c),
    from memory).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Final, NamedTuple

from kuanxian.base.days import civil_of, day_of, days_in_month


class UnitKind(IntEnum):
    """What a unit-period is counted in. The first three are those of ``PeriodUnit``."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    SEMIMONTH = 3
    """Twice a month, 15 days each; always one."""


UNITS_A_YEAR: Final = (365, 52, 12, 24)
"""Units of each ``UnitKind`` in a year."""


class UnitPeriod(NamedTuple):
    """The period a rate is first found for: so many days, weeks or months."""

    kind: int
    units: int = 1


YEAR: Final = UnitPeriod(UnitKind.MONTH, 12)


class Span(NamedTuple):
    """A stretch of time: ``whole`` periods and ``rest`` parts of ``length`` of one more."""

    whole: int
    rest: int
    length: int


class YearSpan(NamedTuple):
    """A stretch in years: ``units`` of ``units_a_year``, and ``days`` of ``days_a_year``."""

    units: int
    units_a_year: int
    days: int
    days_a_year: int


def find_unit(days: Sequence[int]) -> UnitPeriod:
    """Find the unit-period: the interval that occurs most often, at most a year.

    Of equally frequent ones the shorter. Where none occurs twice, the standard interval
    nearest to the average. A single payment has its whole term, or a year if longer.

    Args:
        days: Two or more days, rising; the first is that of the first advance.

    Source:
        12 CFR 1026, Appendix J (b)(3), (b)(4), (b)(5)(vi)-(vii).

    Example:
        >>> find_unit([0, 14, 28, 42])
        UnitPeriod(kind=<UnitKind.WEEK: 1>, units=2)
    """
    series_day = _series_day(days)
    if len(days) == 2:
        months, _, _ = _months_back(days[0], days[1], series_day)
        return YEAR if months >= 12 else find_term(days)
    if _is_semimonthly(days[1:]):
        return UnitPeriod(UnitKind.SEMIMONTH)

    def whole_months(early_on: int, late_on: int) -> UnitPeriod | None:
        months, odd_days, _ = _months_back(early_on, late_on, series_day)
        return _months(months) if odd_days == 0 and 1 <= months <= 12 else None

    # Months before weeks before days: 28 days in February are a month and four weeks.
    families = [
        Counter(unit for early, late in pairwise(days) if (unit := measure(early, late)))
        for measure in (whole_months, _whole_weeks, _whole_days)
    ]
    family = max(families, key=lambda counted: max(counted.values(), default=0))
    most = max(family.values(), default=0)
    if most > 1:
        return min(unit for unit, times in family.items() if times == most)
    return _nearest_interval(days[-1] - days[0], len(days) - 1)


def find_term(days: Sequence[int]) -> UnitPeriod:
    """Find the whole term as one unit-period: in months, or in days where some are odd.

    Example:
        >>> find_term([0, 1_096])
        UnitPeriod(kind=<UnitKind.MONTH: 2>, units=36)
    """
    months, odd_days, _ = _months_back(days[0], days[-1], _series_day(days))
    return UnitPeriod(UnitKind.DAY, days[-1] - days[0]) if odd_days else _months(months)


def unit_spans(days: Sequence[int], unit: UnitPeriod) -> list[Span]:
    """Measure each day from the first: whole unit-periods and the fraction of one.

    Args:
        days: Rising days, the first that of the first advance.
        unit: The unit-period.

    Source:
        12 CFR 1026, Appendix J (b)(5): months are counted back from the later day and an
        odd day is 1/30 of a month; what is left of a year is months over 12 if it is
        whole months, else days over 365.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> unit_spans([day_of(2026, 2, 10), day_of(2026, 4, 1)], UnitPeriod(UnitKind.MONTH))
        [Span(whole=0, rest=0, length=30), Span(whole=1, rest=19, length=30)]
    """
    if unit.kind in (UnitKind.DAY, UnitKind.WEEK):
        length = unit.units * (7 if unit.kind == UnitKind.WEEK else 1)
        return [Span(*divmod(day - days[0], length), length) for day in days]
    # The two days of a semimonthly series are each a series of their own.
    series_day = 0 if unit.kind == UnitKind.SEMIMONTH else _series_day(days)
    if unit == YEAR:
        return [_whole_years(days[0], day, series_day) for day in days]
    length = 15 if unit.kind == UnitKind.SEMIMONTH else 30 * unit.units
    back = [_months_back(days[0], day, series_day) for day in days]
    return [Span(*divmod(30 * months + odd, length), length) for months, odd, _ in back]


def year_spans(days: Sequence[int], unit: UnitPeriod) -> list[YearSpan]:
    """Measure each day from the first in equal months, weeks or years, plus days.

    Args:
        days: Rising days, the first that of the first drawdown.
        unit: The unit-period; weeks are measured in weeks, days in years, the rest in
            months.

    Source:
        Directive 2008/48/EC, Annex I part I, remarks (b), (c).

    Example:
        >>> from kuanxian.base.days import day_of
        >>> year_spans([day_of(2026, 1, 1), day_of(2027, 7, 1)], YEAR)[1]
        YearSpan(units=18, units_a_year=12, days=0, days_a_year=365)
    """
    series_day = _series_day(days)
    step = 12 if unit.kind == UnitKind.DAY else 1
    spans = []
    for day in days:
        if unit.kind == UnitKind.WEEK:
            units, odd_days = divmod(day - days[0], 7)
        else:
            units = _months_back(days[0], day, series_day)[0] // step * step
            odd_days = _land(day, units, series_day) - days[0]
        begin = days[0] + odd_days
        days_a_year = begin - _land(begin, 12, 0)
        units_a_year = UNITS_A_YEAR[UnitKind.WEEK if unit.kind == UnitKind.WEEK else UnitKind.MONTH]
        spans.append(YearSpan(units, units_a_year, odd_days, days_a_year))
    return spans


def _series_day(days: Sequence[int]) -> int:
    """Find the day of the month a series runs on, or 0 where it has none.

    A series on the 31st falls on 28 February and is still whole months apart.
    """
    civil = [civil_of(day) for day in days]
    for wanted in (civil[0][2], max(day for _, _, day in civil[1:])):
        if all(day == min(wanted, days_in_month(year, month)) for year, month, day in civil[1:]):
            return wanted
    return 0


def _months_back(start_on: int, end_on: int, series_day: int) -> tuple[int, int, int]:
    """Count whole months back from the later day, then the days left over in front.

    Returns:
        Whole months, days left over, and the day on which the first month begins.
    """
    year, month, _ = civil_of(end_on)
    first_year, first_month, _ = civil_of(start_on)
    months = (year - first_year) * 12 + month - first_month
    begin_on = _land(end_on, months, series_day)
    if begin_on < start_on:
        months -= 1
        begin_on = _land(end_on, months, series_day)
    return months, begin_on - start_on, begin_on


def _land(end_on: int, months: int, series_day: int) -> int:
    """Go whole months back to the day of the series, or of ``end_on`` if it is not in it."""
    year, month, day = civil_of(end_on)
    wanted = series_day if day == min(series_day, days_in_month(year, month)) else day
    total = year * 12 + month - 1 - months
    year, month = total // 12, total % 12 + 1
    return day_of(year, month, min(wanted, days_in_month(year, month)))


def _whole_years(start_on: int, end_on: int, series_day: int) -> Span:
    months, odd_days, _ = _months_back(start_on, end_on, series_day)
    if odd_days == 0:
        return Span(months // 12, months % 12, 12)
    begin_on = _land(end_on, months - months % 12, series_day)
    return Span(months // 12, begin_on - start_on, 365)


def _is_semimonthly(days: Sequence[int]) -> bool:
    """Say whether payments fall twice a month on the same two days."""
    gaps = [late - early for early, late in pairwise(days)]
    if len(days) < 3 or len(set(gaps)) == 1 or not all(13 <= gap <= 17 for gap in gaps):
        return False
    every_other = zip(days, days[2:], strict=False)
    return all(_months_back(early, late, 0)[:2] == (1, 0) for early, late in every_other)


def _months(count: int) -> UnitPeriod:
    return UnitPeriod(UnitKind.MONTH, count)


def _whole_weeks(early_on: int, late_on: int) -> UnitPeriod | None:
    weeks, rest = divmod(late_on - early_on, 7)
    return UnitPeriod(UnitKind.WEEK, weeks) if rest == 0 and weeks <= 52 else None


def _whole_days(early_on: int, late_on: int) -> UnitPeriod | None:
    days = late_on - early_on
    return UnitPeriod(UnitKind.DAY, days) if days <= 365 else None


def _nearest_interval(term_days: int, intervals: int) -> UnitPeriod:
    """Find the standard interval nearest to the average, the shorter of two equally near."""
    # Lengths in twelfths of a day, so that a month of 365/12 days is a whole number.
    standard: list[tuple[int, UnitPeriod]] = [
        (12, UnitPeriod(UnitKind.DAY)),
        (12 * 15, UnitPeriod(UnitKind.SEMIMONTH)),
    ]
    standard += [(12 * 7 * n, UnitPeriod(UnitKind.WEEK, n)) for n in range(1, 53)]
    standard += [(365 * n, _months(n)) for n in range(1, 13)]
    nearness: Callable[[tuple[int, UnitPeriod]], tuple[int, int]] = lambda item: (  # noqa: E731
        abs(item[0] * intervals - 12 * term_days),
        item[0],
    )
    return min(standard, key=nearness)[1]
