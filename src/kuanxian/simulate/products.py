"""Products: what the lender of the simulated book offers.

Seven ordinary consumer loans. Rates go by risk tier, best first; there are no fees, and
they cost the borrower at most 24 % a year. Penalty is one and a half times
the contract rate. Due days roll to the next mainland workday except where the lender
debits every day of the year.
"""

from typing import Final, NamedTuple

from kuanxian.loan.terms import (
    Conventions,
    DayCount,
    DaysOff,
    InterestBasis,
    Method,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Roll,
)

GRACE_DAYS: Final = 3
TOLERANCE_FEN: Final = 1_000
SINGLE_DAYS: Final = 30


class Product(NamedTuple):
    """One product: its settings, and from what its loans are drawn."""

    name: str
    conventions: Conventions
    weight: int
    """Loans of this product in a hundred."""
    instalments: tuple[int, ...]
    """Terms on offer, all alike likely."""
    principals_yuan: tuple[int, ...]
    """Amounts on offer, the middle ones likelier."""
    rates_ppb: tuple[int, int, int, int]
    """Contract rate by risk tier, per ``rate_unit``."""


_MONTHLY: Final = Conventions(
    roll=Roll.FORWARD,
    days_off=DaysOff.CN,
    tolerance_fen=TOLERANCE_FEN,
    penalty_base=PenaltyBase.OVERDUE_INSTALMENT,
)
_YEARLY_PPB: Final = (96_000_000, 144_000_000, 180_000_000, 216_000_000)
_DAILY_PPB: Final = (250_000, 350_000, 450_000, 500_000)
_AMOUNTS_YUAN: Final = (1_000, 2_000, 3_000, 5_000, 6_000, 8_000, 10_000, 12_000, 20_000, 50_000)

PRODUCTS: Final = (
    Product("level", _MONTHLY, 32, (6, 12, 12, 24), _AMOUNTS_YUAN, _YEARLY_PPB),
    Product(
        "equal-principal",
        _MONTHLY._replace(method=Method.EQUAL_PRINCIPAL, roll=Roll.FORWARD_IN_MONTH),
        8,
        (6, 12),
        _AMOUNTS_YUAN,
        _YEARLY_PPB,
    ),
    Product(
        "daily",
        _MONTHLY._replace(
            roll=Roll.NONE,
            day_count=DayCount.ACT_365,
            rate_unit=RateUnit.DAY,
            interest_basis=InterestBasis.DAILY,
        ),
        30,
        (6, 12, 12),
        (500, 1_000, 1_500, 2_000, 3_000, 5_000, 8_000, 10_000, 20_000, 30_000),
        _DAILY_PPB,
    ),
    Product(
        "flat",
        _MONTHLY._replace(
            method=Method.FLAT,
            rate_unit=RateUnit.MONTH,
            interest_basis=InterestBasis.FLAT,
        ),
        10,
        (3, 6, 12),
        (600, 1_200, 2_400, 3_600, 6_000, 9_600, 12_000, 18_000),
        (5_000_000, 7_000_000, 9_000_000, 10_000_000),
    ),
    Product(
        "interest-only",
        _MONTHLY._replace(method=Method.INTEREST_ONLY),
        4,
        (6, 12),
        (5_000, 10_000, 20_000, 30_000, 50_000, 100_000, 200_000),
        _YEARLY_PPB,
    ),
    Product(
        "single",
        _MONTHLY._replace(
            method=Method.SINGLE,
            period_unit=PeriodUnit.DAY,
            period_count=SINGLE_DAYS,
            day_count=DayCount.ACT_365,
            rate_unit=RateUnit.DAY,
        ),
        6,
        (1,),
        (500, 800, 1_000, 1_500, 2_000, 3_000, 5_000),
        _DAILY_PPB,
    ),
    Product(
        "pay-in-3",
        _MONTHLY._replace(method=Method.PAY_IN_N),
        10,
        (3,),
        (199, 259, 399, 599, 899, 1_299, 1_999, 2_999, 4_599),
        (0, 0, 0, 0),
    ),
)
"""In the order of ``product_no``."""

PAY_IN_N_PENALTY_PPB: Final = 180_000_000
"""A loan without interest still has a penalty rate a year."""

_ONE_PPT: Final = 1_000_000_000_000


def penalty_rate_ppb(rate_ppb: int) -> int:
    """Compute the penalty rate that goes with a contract rate.

    Example:
        >>> penalty_rate_ppb(144_000_000)
        216000000
    """
    return rate_ppb * 3 // 2 if rate_ppb else PAY_IN_N_PENALTY_PPB


def annuity_ppt(rate_ppb: int, rate_unit: int, instalments: int) -> int:
    """Compute the equal instalment of a loan of one, in parts per trillion, rounded up.

    A month is a twelfth of a year and 30 days, as in ``kuanxian.loan``.

    Args:
        rate_ppb: Contract rate, per ``rate_unit``.
        rate_unit: A ``RateUnit`` code.
        instalments: How many months, 1 or more.

    Example:
        >>> annuity_ppt(144_000_000, RateUnit.YEAR, 12)
        89975433280
    """
    if rate_ppb == 0:
        return -(-_ONE_PPT // instalments)
    per_month = {RateUnit.YEAR: (1, 12), RateUnit.MONTH: (1, 1), RateUnit.DAY: (30, 1)}
    times, over = per_month[RateUnit(rate_unit)]
    part, whole = rate_ppb * times, 1_000_000_000 * over
    grown: int = (whole + part) ** instalments
    first: int = whole**instalments
    # part/whole * grown / (grown - first), all in whole numbers.
    return -(-_ONE_PPT * part * grown // (whole * (grown - first)))
