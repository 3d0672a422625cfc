"""Terms: what one contract says, as integers.

``Terms`` are the figures of one loan. ``Conventions`` are the settings by which those
figures are read; they are frozen on the contract, and many loans share one snapshot.
Nothing here has a default at run time: the defaults below fill a snapshot once, when
the contract is written, and the snapshot is kept.
"""

from enum import IntEnum
from typing import NamedTuple

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import Rounding


class Method(IntEnum):
    """Repayment method (还款方式)."""

    LEVEL = 0
    """Equal instalments, 等额本息."""
    EQUAL_PRINCIPAL = 1
    """Equal principal, 等额本金."""
    INTEREST_ONLY = 2
    """Interest each period, the principal last, 先息后本."""
    FLAT = 3
    """Equal principal and equal interest on the first principal, 等本等息."""
    SINGLE = 4
    """Principal and interest once, at the end, 一次性还本付息."""
    PAY_IN_N = 5
    """A down payment on the first day and N equal parts after it."""
    GIVEN = 6
    """The lender states each row; rows come as INSTALMENT events."""


class PeriodUnit(IntEnum):
    """What an instalment period is counted in."""

    DAY = 0
    WEEK = 1
    MONTH = 2


class Roll(IntEnum):
    """Where a due day goes that falls on a day off."""

    NONE = 0
    FORWARD = 1
    BACK = 2
    FORWARD_IN_MONTH = 3
    """Forward, but back where forward leaves the month."""


class DaysOff(IntEnum):
    """Which days count as days off for ``Roll``."""

    WEEKEND = 0
    """Saturday and Sunday."""
    CN = 1
    """The official mainland calendar: holidays off, make-up weekends worked."""


class DayCount(IntEnum):
    """How the days between two dates are counted, and over which year."""

    D30_360 = 0
    """Months of 30 days, year of 360 (30E/360)."""
    ACT_360 = 1
    ACT_365 = 2
    """Actual days over 365, also in leap years."""
    ACT_ACT = 3
    """Actual days, those in leap years over 366 and the others over 365 (ISDA)."""
    ACT_ACT_PERIOD = 4
    """Actual days over the days of the period times the periods of a year (ICMA)."""
    D7_364 = 5
    """Actual days over a year of 52 weeks."""


class RateUnit(IntEnum):
    """The time a rate is stated for: 日利率, 月利率, 年利率."""

    DAY = 0
    MONTH = 1
    YEAR = 2


class InterestBasis(IntEnum):
    """What interest is charged on."""

    FLAT = 0
    """On the first principal, every period."""
    PERIOD = 1
    """On the scheduled balance, period by period; the day of payment changes nothing."""
    DAILY = 2
    """On the principal still owed, day by day."""


class RoundAt(IntEnum):
    """Where interest is rounded to fen."""

    ROW = 0
    """Each stretch of days with one balance and one rate."""
    INSTALMENT = 1
    """Once an instalment."""
    TOTAL = 2
    """The running total; an instalment is the difference of two rounded totals."""


class Absorb(IntEnum):
    """Which instalment takes the fen that do not divide."""

    LAST = 0
    FIRST = 1


class Direction(IntEnum):
    """In which direction a payment walks through what is owed."""

    HORIZONTAL = 0
    """Instalment by instalment, oldest first, each part in order."""
    VERTICAL = 1
    """Part by part, each over all instalments, oldest first."""


class FutureRule(IntEnum):
    """What becomes of money that exceeds what is due."""

    HOLD = 0
    """Kept as a credit and used on the next due day."""
    NEXT = 1
    """Pays the next instalments in order."""
    LAST = 2
    """Pays the last instalments, backwards."""
    REAMORTISE = 3
    """Reduces the principal; the instalments still to come are computed anew."""


class PenaltyBase(IntEnum):
    """What penalty interest (罚息) is charged on."""

    OVERDUE_PRINCIPAL = 0
    OVERDUE_INSTALMENT = 1
    """Overdue principal and interest."""
    OUTSTANDING = 2
    """All principal outstanding, while anything is overdue."""


class EarlyInterest(IntEnum):
    """Which interest an early settlement pays."""

    TO_DAY = 0
    """Up to the day of settlement."""
    FULL_PERIOD = 1
    """The whole running period."""
    ALL = 2
    """All that was scheduled."""


class Part(IntEnum):
    """The parts of a debt."""

    ANY = 0
    FEE = 1
    """Costs and fees (费用)."""
    PENALTY = 2
    """Penalty interest and late fees (罚息、违约金)."""
    INTEREST = 3
    PRINCIPAL = 4


class Terms(NamedTuple):
    """The figures of one loan. All integers; see ``docs/reference/loan-file.md``."""

    principal_fen: int
    """What was borrowed, fen, 1 … PRINCIPAL_FEN_MAX. Includes a down payment."""
    disbursed_on: int
    """The day the money was paid out; interest runs from here."""
    instalments: int
    """How many instalments, 1 … INSTALMENTS_MAX (a down payment is not one)."""
    rate_ppb: int = 0
    """Contract rate, parts per billion per ``rate_unit``."""
    first_due_on: int = NO_DAY
    """First due day before rolling; NO_DAY: one period after ``disbursed_on``."""
    due_day: int = 0
    """Day of the month instalments fall due, 1 … 31; 0: that of ``first_due_on``."""
    instalment_fen: int = 0
    """The equal instalment as the contract states it; 0: compute it."""
    residual_fen: int = 0
    """Principal left for the last instalment (balloon)."""
    down_payment_fen: int = 0
    """Part of the principal due on the day of disbursement."""
    fee_fen: int = 0
    """Service fee in each instalment."""
    promo_rate_ppb: int = 0
    """Rate of the first ``promo_instalments`` instalments."""
    promo_instalments: int = 0
    interest_free_instalments: int = 0
    """First instalments that bear no interest."""
    grace_principal_instalments: int = 0
    """First instalments without principal."""
    grace_interest_instalments: int = 0
    """First instalments whose interest is collected with the instalment after them."""
    penalty_rate_ppb: int = 0
    """Penalty rate, parts per billion per ``rate_unit``."""
    late_fee_fen: int = 0
    """Fixed late fee, once an overdue instalment."""
    grace_days: int = 0
    """Days after a due day during which nothing counts as late."""


class Conventions(NamedTuple):
    """The settings by which ``Terms`` are read, frozen on the contract."""

    method: int = Method.LEVEL
    period_unit: int = PeriodUnit.MONTH
    period_count: int = 1
    """Units in a period, 1 … 366."""
    roll: int = Roll.NONE
    days_off: int = DaysOff.WEEKEND
    day_count: int = DayCount.D30_360
    rate_unit: int = RateUnit.YEAR
    interest_basis: int = InterestBasis.PERIOD
    interest_rounding: int = Rounding.HALF_UP
    interest_round_at: int = RoundAt.INSTALMENT
    instalment_rounding: int = Rounding.HALF_UP
    instalment_multiple_fen: int = 1
    """The computed instalment is rounded to a multiple of this."""
    absorb: int = Absorb.LAST
    smooth: int = 0
    """1: correct the computed equal instalment once, by the last one's difference over
    the number of instalments, where that brings the last one nearer to the others."""
    allocation_order: int = 1324
    """Digits of ``Part`` in the order a payment clears them: costs, interest,
    penalty, principal. Civil Code art. 561 unless agreed otherwise."""
    direction: int = Direction.HORIZONTAL
    future_rule: int = FutureRule.HOLD
    tolerance_fen: int = 0
    """An instalment short by no more than this does not count as overdue (容差)."""
    overdue_interest: int = 0
    """With DAILY interest: 1, overdue principal bears contract interest besides the
    penalty; 0, the penalty replaces it."""
    penalty_base: int = PenaltyBase.OVERDUE_PRINCIPAL
    penalty_grace: int = 0
    """After the grace days: 0, penalty counts from the due day; 1, from the end of grace."""
    penalty_rounding: int = Rounding.HALF_UP
    penalty_cap_ppb: int = 0
    """Most penalty of one instalment, as a share of that instalment; 0: no cap."""
    late_fee_ppb: int = 0
    """Late fee as a share of the overdue instalment, besides ``late_fee_fen``."""
    ageing_grace: int = 0
    """1: days past due with grace count from the end of grace, 0: from the due day."""
    early_interest: int = EarlyInterest.TO_DAY
    early_fee_ppb: int = 0
    """Fee for early settlement, as a share of the principal not yet due."""
    daily_cost_cap_ppb: int = 0
    """Most interest and penalty together a day, as a share of what it is charged on; 0: no cap."""
    total_cost_cap_ppb: int = 0
    """Most interest, fees and penalty together, as a share of the principal; 0: no cap."""
