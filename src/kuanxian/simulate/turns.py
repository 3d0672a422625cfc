"""Turns: a month of the borrowers who are behind, to the end of a loan that fails.

Each does one of the things of ``Turn``. A loan whose seventh instalment in a row falls
due unpaid is written off, or its claim is passed on; some of it comes in later.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Part
from kuanxian.simulate.cohort import Cohort, full_period_interest_fen, penalty_fen
from kuanxian.simulate.dates import month_of, months
from kuanxian.simulate.draws import Ints, draw, pick
from kuanxian.simulate.habits import Month, days_after, merge, pay, use_credit
from kuanxian.simulate.places import Monthly, Place
from kuanxian.simulate.products import SINGLE_DAYS
from kuanxian.simulate.segments import BROKEN_TIER, Turn, turn_of

BEHIND_MAX: Final = 6
"""Beyond so many unpaid months a loan comes to its end: 180 days or a little more."""
_PLAN_INSTALMENTS: Final = np.array([6, 12, 12, 24], np.int64)
_FEE_FEN: Final = 2_000
_LAST_DAY: Final = 26


def live_behind(month: Month, cohort: Cohort) -> Cohort:
    """Let borrowers who are behind live the month after a due day.

    Args:
        month: The month.
        cohort: Loans with ``behind`` 1 or more.

    Returns:
        The loans that go on, in the order of the slice.
    """
    use_credit(cohort)
    cohort.owed_fen = cohort.owed_fen + cohort.asked_fen
    cohort.behind = cohort.behind + 1
    lost = cohort.behind > BEHIND_MAX
    _end(month, cohort.keep(lost))
    cohort = cohort.keep(~lost)
    turn = turn_of(cohort.tier, cohort.behind - 1, month.draw(cohort, Monthly.WHAT))
    parts = [cohort.keep(turn == Turn.NOTHING)]
    for number, live in _LIVES.items():
        chosen = np.flatnonzero(turn == number)
        if len(chosen):
            parts.append(live(month, cohort.keep(chosen)))
    return merge(parts)


def _when(month: Month, cohort: Cohort) -> Ints:
    """Draw how many days after the due day something happens, before the next one."""
    return days_after(cohort, month.pick(cohort, Monthly.WHEN, (0, _LAST_DAY)))


def _cure(month: Month, cohort: Cohort) -> Cohort:
    days = _when(month, cohort)
    pay(month, cohort, cohort.due_on + days, cohort.owed_fen + penalty_fen(cohort, days))
    return _cleared(cohort)


def _cure_waived(month: Month, cohort: Cohort) -> Cohort:
    """Pay all but the penalty since the last payment; the lender gives up all of it."""
    value_on = cohort.due_on + _when(month, cohort)
    part = np.full(len(cohort), Part.PENALTY, np.int64)
    month.ledger.note(cohort.row, Kind.WAIVER, value_on, part=part)
    pay(month, cohort, value_on, cohort.owed_fen - cohort.penalty_fen)
    return _cleared(cohort)


def _one(month: Month, cohort: Cohort) -> Cohort:
    """Pay what clears the oldest instalment: its share, and the longer penalty on it."""
    days = _when(month, cohort)
    grown_fen = cohort.owed_fen + penalty_fen(cohort, days)
    share_fen = grown_fen // cohort.behind
    amount_fen = np.minimum(grown_fen, share_fen + share_fen * (cohort.behind - 1) // 50 + 100)
    pay(month, cohort, cohort.due_on + days, amount_fen)
    cohort.owed_fen = grown_fen - amount_fen
    cohort.penalty_fen = np.zeros(len(cohort), np.int64)
    cohort.behind = np.where(cohort.owed_fen > 0, np.maximum(cohort.behind - 1, 1), 0)
    return cohort


def _part(month: Month, cohort: Cohort) -> Cohort:
    """Pay between a tenth and half of one instalment."""
    days = _when(month, cohort)
    grown_fen = cohort.owed_fen + penalty_fen(cohort, days)
    percent = month.pick(cohort, Monthly.HOW_MUCH, (10, 50))
    amount_fen = np.maximum(grown_fen // cohort.behind * percent // 100, 1)
    pay(month, cohort, cohort.due_on + days, amount_fen)
    cohort.owed_fen = grown_fen - amount_fen
    cohort.penalty_fen = np.zeros(len(cohort), np.int64)
    return cohort


def _grace(month: Month, cohort: Cohort) -> Cohort:
    days = np.full(len(cohort), 15, np.int64)
    month.ledger.note(cohort.row, Kind.GRACE, cohort.due_on + _when(month, cohort), count=days)
    return cohort


def _pause(month: Month, cohort: Cohort) -> Cohort:
    value_on = cohort.due_on + _when(month, cohort)
    until_on = value_on + month.pick(cohort, Monthly.DETAIL, (1, 3)) * 30
    month.ledger.note(cohort.row, Kind.PAUSE, value_on, until_on=until_on)
    return cohort


def _new_plan(month: Month, cohort: Cohort) -> Cohort:
    """Make everything owed new instalments without interest, a month apart.

    Interest of the running period up to the day is owed too; a whole period's is
    counted here, so that what is paid on the new plan is never too little.
    """
    value_on = cohort.due_on + month.pick(cohort, Monthly.WHEN, (2, 12))
    first_month = month_of(value_on) + 1
    day = np.minimum(value_on - months().start_on[first_month - 1] + 1, 28)
    until_on = months().start_on[first_month] + day - 1
    count = _PLAN_INSTALMENTS[month.draw(cohort, Monthly.DETAIL) >> 30]
    part = np.full(len(cohort), Part.PRINCIPAL, np.int64)
    month.ledger.note(
        cohort.row, Kind.REINSTALMENT, value_on, count=count, until_on=until_on, part=part
    )
    total_fen = cohort.owed_fen + penalty_fen(cohort, value_on - cohort.due_on)
    total_fen = total_fen + full_period_interest_fen(cohort) + cohort.extra_fen
    total_fen = total_fen + cohort.balance_fen
    cohort = _cleared(cohort)
    cohort.balance_fen = total_fen
    cohort.rate_ppb, cohort.extra_fen = cohort.owed_fen, cohort.owed_fen
    cohort.aim_fen = (total_fen + count - 1) // count
    cohort.equal = np.ones(len(cohort), np.int64)
    cohort.instalments, cohort.fallen = count, np.zeros(len(cohort), np.int64)
    cohort.anchor_month, cohort.anchor_day = first_month - 1, day
    cohort.step, cohort.resting = cohort.fallen, cohort.fallen
    # Where periods are counted in days, the first new one ends on ``until_on`` too.
    cohort.anchor_on = until_on - SINGLE_DAYS
    cohort.tier = np.full(len(cohort), BROKEN_TIER, np.int64)
    return cohort


def _fee(month: Month, cohort: Cohort) -> Cohort:
    """Charge a fee; it falls due with the next instalment, if there is one."""
    able = cohort.fallen < cohort.instalments
    charged = cohort.keep(able)
    amount_fen = np.full(len(charged), _FEE_FEN, np.int64)
    value_on = charged.due_on + _when(month, charged)
    month.ledger.note(charged.row, Kind.FEE, value_on, amount_fen=amount_fen)
    cohort.extra_fen = cohort.extra_fen + np.where(able, _FEE_FEN, 0)
    return cohort


def _end(month: Month, cohort: Cohort) -> None:
    """Write most failed loans off, pass some claims on, let some be as they are."""
    if not len(cohort):
        return
    key = month.key
    how = draw(key, cohort.loan_no, Place.BAD_END) >> 28
    value_on = cohort.due_on + pick(key, cohort.loan_no, Place.BAD_END + 1, (1, 60))
    passed = how == 0
    month.ledger.note(cohort.row[passed], Kind.ASSIGNMENT, value_on[passed])
    written = how > 1
    month.ledger.note(cohort.row[written], Kind.WRITE_OFF, value_on[written])
    for number in range(2):
        recovers = written & (how >= 12 + 2 * number)
        payers = cohort.keep(recovers)
        wait = (30 + 200 * number, 200 + 200 * number)
        wait_days = pick(key, payers.loan_no, Place.BAD_END + 2 + number, wait)
        amount_fen = np.maximum(payers.owed_fen // 8, 1)
        month.ledger.note(
            payers.row, Kind.RECOVERY, value_on[recovers] + wait_days, amount_fen=amount_fen
        )


def _cleared(cohort: Cohort) -> Cohort:
    zeros = np.zeros(len(cohort), np.int64)
    cohort.owed_fen, cohort.penalty_fen, cohort.behind = zeros, zeros, zeros
    return cohort


_LIVES: Final[dict[Turn, Callable[[Month, Cohort], Cohort]]] = {
    Turn.CURE: _cure,
    Turn.CURE_WAIVED: _cure_waived,
    Turn.ONE: _one,
    Turn.PART: _part,
    Turn.GRACE: _grace,
    Turn.PAUSE: _pause,
    Turn.NEW_PLAN: _new_plan,
    Turn.FEE: _fee,
}
