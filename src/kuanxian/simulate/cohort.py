"""Cohort: the running figures of the loans of a slice that are still being lived.

What each owes is followed here only as closely as is needed to make the borrower pay
the right amount: instalments to the fen, penalty as an upper bound. The position of a
loan is never read from here; that is the kernel's work.
"""

from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np

from kuanxian.base.fen import PPB
from kuanxian.loan.terms import DayCount, InterestBasis, Method, PeriodUnit, RateUnit, Roll
from kuanxian.simulate.applications import Contracts
from kuanxian.simulate.dates import day_in_month, month_of, months, workday_from, workday_until
from kuanxian.simulate.draws import Ints
from kuanxian.simulate.products import PRODUCTS, SINGLE_DAYS

_MONTH_DAYS: Final = 30


def _by_product(values: list[int]) -> Ints:
    return np.array(values, np.int64)


_CONVENTIONS: Final = [product.conventions for product in PRODUCTS]
_YEAR_DAYS: Final = {RateUnit.DAY: 1, RateUnit.MONTH: 30, RateUnit.YEAR: 360}
METHOD: Final = _by_product([settings.method for settings in _CONVENTIONS])
RATE_DAYS: Final = _by_product([_YEAR_DAYS[RateUnit(c.rate_unit)] for c in _CONVENTIONS])
"""Days the rate is stated for."""
ACTUAL: Final = _by_product([c.day_count != DayCount.D30_360 for c in _CONVENTIONS])
FLAT: Final = _by_product([c.interest_basis == InterestBasis.FLAT for c in _CONVENTIONS])
ROLLS: Final = _by_product([c.roll for c in _CONVENTIONS])
BY_DAYS: Final = _by_product([c.period_unit == PeriodUnit.DAY for c in _CONVENTIONS])


@dataclass
class Cohort:
    """Loans of a slice; every array is (n,) int64."""

    row: Ints
    """Place in the slice."""
    loan_no: Ints
    product_no: Ints
    tier: Ints
    principal_fen: Ints
    rate_ppb: Ints
    penalty_rate_ppb: Ints
    instalments: Ints
    aim_fen: Ints
    """The equal instalment, or the equal part of the principal."""
    equal: Ints
    """1: ``aim_fen`` is the instalment; 0: it is the part of the principal."""
    anchor_on: Ints
    """The day periods counted in days start from."""
    anchor_month: Ints
    """The month periods counted in months start from, since January 1970."""
    anchor_day: Ints
    """The day of the month the plan aims at."""
    step: Ints
    """Periods since the anchor."""
    fallen: Ints
    """Instalments of the plan that have fallen due."""
    resting: Ints
    """Periods still deferred."""
    end_on: Ints
    """Day the last period ended, before rolling."""
    due_on: Ints
    """The last due day."""
    balance_fen: Ints
    """Principal not yet due."""
    asked_fen: Ints
    """What the instalment that fell due last asks for."""
    extra_fen: Ints
    """Fees due with the next instalment."""
    owed_fen: Ints
    """Fallen due and not paid, penalty included; never less than the truth."""
    penalty_fen: Ints
    """Penalty in it since the last payment."""
    behind: Ints
    """Unpaid instalments in a row."""
    credit_fen: Ints
    """The borrower's money we hold; never more than the truth."""

    def __len__(self) -> int:
        """Count the loans."""
        return len(self.row)

    def keep(self, which: Any) -> Self:
        """Keep some of the loans, by mask or by index."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


def open_cohort(contracts: Contracts) -> Cohort:
    """Start the figures of a slice of loans on the days they were paid out."""
    count = len(contracts.loan_no)
    zeros: Any = np.zeros(count, np.int64)
    month = month_of(contracts.disbursed_on)
    method = METHOD[contracts.product_no]
    financed_fen = contracts.principal_fen - contracts.down_payment_fen
    part_fen = (2 * financed_fen + contracts.instalments) // (2 * contracts.instalments)
    at_end = (method == Method.INTEREST_ONLY) | (method == Method.SINGLE)
    equal = method == Method.LEVEL
    return Cohort(
        row=np.arange(count, dtype=np.int64),
        loan_no=contracts.loan_no,
        product_no=contracts.product_no,
        tier=contracts.tier,
        principal_fen=contracts.principal_fen,
        rate_ppb=contracts.rate_ppb,
        penalty_rate_ppb=contracts.penalty_rate_ppb,
        instalments=contracts.instalments,
        aim_fen=np.where(equal, contracts.instalment_fen, np.where(at_end, 0, part_fen)),
        equal=equal.astype(np.int64),
        anchor_on=contracts.disbursed_on,
        anchor_month=month,
        anchor_day=contracts.disbursed_on - months().start_on[month] + 1,
        step=zeros,
        fallen=zeros,
        resting=zeros,
        end_on=contracts.disbursed_on,
        due_on=contracts.disbursed_on,
        balance_fen=financed_fen,
        asked_fen=zeros,
        extra_fen=zeros,
        owed_fen=zeros,
        penalty_fen=zeros,
        behind=zeros,
        credit_fen=zeros,
    )


def next_period(cohort: Cohort) -> Cohort:
    """Let a period pass: the next due day comes, and with it the next instalment.

    After the last instalment, and while a plan is deferred, nothing new falls due but
    time and penalty go on.

    Returns:
        The cohort with days and amounts of the new period; the old one is used up.
    """
    cohort.step = cohort.step + 1
    end_on = _period_end(cohort)
    due_on = _rolled(end_on, ROLLS[cohort.product_no])
    grow_penalty(cohort, due_on)
    falls = (cohort.fallen < cohort.instalments) & (cohort.resting == 0)
    cohort.resting = np.maximum(cohort.resting - 1, 0)
    days = np.where(ACTUAL[cohort.product_no] == 1, end_on - cohort.end_on, _MONTH_DAYS)
    base_fen = np.where(FLAT[cohort.product_no] == 1, cohort.principal_fen, cohort.balance_fen)
    scale = PPB * RATE_DAYS[cohort.product_no]
    interest_fen = (base_fen * cohort.rate_ppb * days + scale // 2) // scale
    last = cohort.fallen == cohort.instalments - 1
    part_fen = np.where(cohort.equal == 1, cohort.aim_fen - interest_fen, cohort.aim_fen)
    part_fen = np.where(last, cohort.balance_fen, np.clip(part_fen, 0, cohort.balance_fen))
    cohort.asked_fen = np.where(falls, part_fen + interest_fen + cohort.extra_fen, 0)
    cohort.extra_fen = np.where(falls, 0, cohort.extra_fen)
    cohort.balance_fen = np.where(falls, cohort.balance_fen - part_fen, cohort.balance_fen)
    cohort.fallen = cohort.fallen + falls
    cohort.end_on, cohort.due_on = end_on, due_on
    return cohort


def _period_end(cohort: Cohort) -> Ints:
    by_month = day_in_month(cohort.anchor_month + cohort.step, cohort.anchor_day)
    by_days = cohort.anchor_on + cohort.step * SINGLE_DAYS
    return np.where(BY_DAYS[cohort.product_no] == 1, by_days, by_month)


def _rolled(end_on: Ints, roll: Ints) -> Ints:
    """Roll days off a day off; where forward leaves the month, some go back."""
    forward_on = workday_from()[end_on]
    rolled_on = np.where(roll == Roll.NONE, end_on, forward_on)
    leaves = (roll == Roll.FORWARD_IN_MONTH) & (month_of(forward_on) != month_of(end_on))
    return np.where(leaves, workday_until()[end_on], rolled_on)


def grow_penalty(cohort: Cohort, to_on: Ints) -> None:
    """Let what is owed bear penalty from the last due day to another, rounded up."""
    grown_fen = penalty_fen(cohort, to_on - cohort.due_on)
    cohort.owed_fen = cohort.owed_fen + grown_fen
    cohort.penalty_fen = cohort.penalty_fen + grown_fen


def penalty_fen(cohort: Cohort, days: Ints) -> Ints:
    """Compute the most penalty that what is owed may bear over some days.

    Penalty is charged on instalments, each rounded; here it is charged on all that is
    owed and rounded up by a fen for each instalment, so it is never too little.
    """
    scale = PPB * RATE_DAYS[cohort.product_no]
    grown_fen = cohort.owed_fen * cohort.penalty_rate_ppb * days // scale
    return np.where(cohort.owed_fen > 0, grown_fen + cohort.behind, 0)


def full_period_interest_fen(cohort: Cohort) -> Ints:
    """Compute the interest of a whole period of up to 31 days, rounded up."""
    scale = PPB * RATE_DAYS[cohort.product_no]
    base_fen = np.where(FLAT[cohort.product_no] == 1, cohort.principal_fen, cohort.balance_fen)
    return base_fen * cohort.rate_ppb * 31 // scale + 1
