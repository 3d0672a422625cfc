"""Habits: a month of the borrowers who owe nothing from before.

Nearly all pay in time; those are written first, all at once. Each of the others does
one of the things of ``Habit``, in a function of that name.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from kuanxian.base.days import NO_DAY
from kuanxian.loan.events import Kind
from kuanxian.simulate.applications import ANNUITIES, portion_fen
from kuanxian.simulate.cohort import ACTUAL, Cohort, penalty_fen
from kuanxian.simulate.draws import Ints, draw, pick
from kuanxian.simulate.ledger import Ledger
from kuanxian.simulate.places import Monthly, month_place
from kuanxian.simulate.products import GRACE_DAYS
from kuanxian.simulate.segments import Habit, habit_of

_EARLY_DAYS: Final = np.array([0] * 26 + [1, 1, 2, 3, 4, 5], np.int64)
_BOOKED_LATE: Final = 1 << 26
"""Draws below this, one in 64, are payments booked some days after they came in."""
EXTENSION_PERIODS: Final = 3
_SPARE_INSTALMENTS: Final = 2
_SHORTEST_DAYS: Final = 28


class Month(NamedTuple):
    """What a month of a slice is drawn and written with."""

    key: int
    number: int
    """Months since the loans were paid out, from 1."""
    ledger: Ledger

    def draw(self, cohort: Cohort, use: Monthly) -> Ints:
        """Draw an integer below 2**32 for each loan."""
        return draw(self.key, cohort.loan_no, month_place(self.number, use))

    def pick(self, cohort: Cohort, use: Monthly, span: tuple[int, int]) -> Ints:
        """Draw an integer of a span for each loan, both ends included."""
        return pick(self.key, cohort.loan_no, month_place(self.number, use), span)


def live_in_time(month: Month, cohort: Cohort) -> Cohort:
    """Let borrowers who owe nothing from before live the month after a due day.

    Args:
        month: The month.
        cohort: Loans with ``behind`` 0 whose instalment has just fallen due.

    Returns:
        The loans that go on, in the order of the slice.
    """
    use_credit(cohort)
    habit = habit_of(cohort.tier, month.draw(cohort, Monthly.WHAT))
    # Whoever has nothing to pay does nothing out of the ordinary.
    habit[cohort.asked_fen == 0] = Habit.IN_TIME
    parts = [_pay_in_time(month, cohort.keep(habit == Habit.IN_TIME))]
    for number, live in _LIVES.items():
        chosen = np.flatnonzero(habit == number)
        if len(chosen):
            parts.append(live(month, cohort.keep(chosen)))
    return merge(parts)


def use_credit(cohort: Cohort) -> None:
    """Let money we hold meet what has just fallen due."""
    used_fen = np.minimum(cohort.credit_fen, cohort.asked_fen)
    cohort.credit_fen = cohort.credit_fen - used_fen
    cohort.asked_fen = cohort.asked_fen - used_fen


def merge(parts: list[Cohort]) -> Cohort:
    """Put cohorts together again, in the order of the slice."""
    names = list(Cohort.__dataclass_fields__)
    columns = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    merged = Cohort(*columns)
    return merged.keep(np.argsort(merged.row, kind="stable"))


def pay(month: Month, cohort: Cohort, value_on: Ints, amount_fen: Ints) -> Ints:
    """Write a payment for each loan; some are booked days after they came in."""
    booked = month.draw(cohort, Monthly.BOOKED)
    recorded_on = np.where(booked < _BOOKED_LATE, value_on + 1 + (booked & 3), NO_DAY)
    return month.ledger.note(
        cohort.row, Kind.PAYMENT, value_on, amount_fen=amount_fen, recorded_on=recorded_on
    )


def days_after(cohort: Cohort, days: Ints) -> Ints:
    """Cut days after a due day to those before the next one.

    A due day rolled over a long holiday is days later than the period it ends.
    """
    return np.asarray(np.minimum(days, cohort.end_on + _SHORTEST_DAYS - 1 - cohort.due_on))


def _pay_in_time(month: Month, cohort: Cohort) -> Cohort:
    """Pay on the due day; some pay a few days before it."""
    paying = np.flatnonzero(cohort.asked_fen > 0)
    payers = cohort if len(paying) == len(cohort) else cohort.keep(paying)
    early_days = _EARLY_DAYS[month.draw(payers, Monthly.WHEN) >> 27]
    pay(month, payers, payers.due_on - early_days, payers.asked_fen)
    return cohort


def _miss(_: Month, cohort: Cohort) -> Cohort:
    cohort.owed_fen = cohort.asked_fen
    cohort.behind = np.ones(len(cohort), np.int64)
    return cohort


def _late(month: Month, cohort: Cohort) -> Cohort:
    late_days = days_after(cohort, month.pick(cohort, Monthly.WHEN, (GRACE_DAYS + 1, 26)))
    _owe(cohort, cohort.asked_fen)
    amount_fen = cohort.owed_fen + penalty_fen(cohort, late_days)
    pay(month, cohort, cohort.due_on + late_days, amount_fen)
    return _clear(cohort)


def _part(month: Month, cohort: Cohort) -> Cohort:
    """Pay a third to two thirds on the due day; two in three bring the rest later."""
    percent = month.pick(cohort, Monthly.HOW_MUCH, (30, 70))
    first_fen = np.maximum(cohort.asked_fen * percent // 100, 1)
    pay(month, cohort, cohort.due_on, first_fen)
    _owe(cohort, cohort.asked_fen - first_fen)
    late_days = month.pick(cohort, Monthly.WHEN, (1, 20))
    rest_fen = cohort.owed_fen + penalty_fen(cohort, late_days)
    brings = (month.draw(cohort, Monthly.DETAIL) >> 20) % 3 > 0
    payers = brings & (cohort.owed_fen > 0)
    pay(month, cohort.keep(payers), (cohort.due_on + late_days)[payers], rest_fen[payers])
    cohort.owed_fen = np.where(payers, 0, cohort.owed_fen)
    cohort.behind = np.where(cohort.owed_fen > 0, 1, 0)
    return cohort


def _in_grace(month: Month, cohort: Cohort) -> Cohort:
    late_days = month.pick(cohort, Monthly.WHEN, (1, GRACE_DAYS))
    pay(month, cohort, cohort.due_on + late_days, cohort.asked_fen)
    return cohort


def _returned(month: Month, cohort: Cohort) -> Cohort:
    """Pay, have the debit returned a day or two later, and pay again within grace."""
    entry = pay(month, cohort, cohort.due_on, cohort.asked_fen)
    days = month.pick(cohort, Monthly.WHEN, (1, GRACE_DAYS))
    month.ledger.note(
        cohort.row, Kind.REVERSAL, cohort.due_on, ref_seq=entry, recorded_on=cohort.due_on + days
    )
    pay(month, cohort, cohort.due_on + days, cohort.asked_fen)
    return cohort


def _settle(month: Month, cohort: Cohort) -> Cohort:
    """Settle on the due day where it is the end of the period; else pay in time."""
    settles = (cohort.due_on == cohort.end_on) & (cohort.balance_fen > cohort.credit_fen)
    leaving, staying = cohort.keep(settles), cohort.keep(~settles)
    month.ledger.note(
        leaving.row,
        Kind.SETTLEMENT,
        leaving.due_on,
        amount_fen=leaving.asked_fen + leaving.balance_fen - leaving.credit_fen,
    )
    return _pay_in_time(month, staying)


def _split(month: Month, cohort: Cohort) -> Cohort:
    days = month.pick(cohort, Monthly.WHEN, (1, 6))
    first_fen = (cohort.asked_fen + 1) // 2
    pay(month, cohort, cohort.due_on - days, first_fen)
    rest = cohort.asked_fen > first_fen
    pay(month, cohort.keep(rest), cohort.due_on[rest], (cohort.asked_fen - first_fen)[rest])
    return cohort


def _over(month: Month, cohort: Cohort) -> Cohort:
    """Round up to the next hundred yuan; one in three has the surplus sent back."""
    amount_fen = (cohort.asked_fen // 10_000 + 1) * 10_000
    pay(month, cohort, cohort.due_on, amount_fen)
    cohort.credit_fen = cohort.credit_fen + amount_fen - cohort.asked_fen
    asks = (month.draw(cohort, Monthly.DETAIL) >> 20) % 3 == 0
    asking = cohort.keep(asks)
    month.ledger.note(asking.row, Kind.REFUND, asking.due_on + 3, amount_fen=asking.credit_fen)
    cohort.credit_fen = np.where(asks, 0, cohort.credit_fen)
    return cohort


def _defer(month: Month, cohort: Cohort) -> Cohort:
    """Defer the instalments to come by a month or two; amounts stay as they were."""
    cohort = _pay_in_time(month, cohort)
    able = (cohort.fallen < cohort.instalments) & (ACTUAL[cohort.product_no] == 0)
    granted = cohort.keep(able)
    periods = month.pick(granted, Monthly.DETAIL, (1, 2))
    month.ledger.note(granted.row, Kind.DEFERRAL, granted.due_on + 5, count=periods)
    cohort.resting = cohort.resting.copy()
    cohort.resting[able] = periods
    return cohort


def _extend(month: Month, cohort: Cohort) -> Cohort:
    """Add instalments where enough are left; the equal instalment is computed anew."""
    cohort = _pay_in_time(month, cohort)
    left = cohort.instalments - cohort.fallen
    able = (cohort.equal == 1) & (left >= _SPARE_INSTALMENTS) & (cohort.rate_ppb > 0)
    granted = cohort.keep(able)
    periods = np.full(len(granted), EXTENSION_PERIODS, np.int64)
    month.ledger.note(granted.row, Kind.EXTENSION, granted.due_on + 5, count=periods)
    share_ppt = ANNUITIES[granted.product_no, granted.tier, left[able] + EXTENSION_PERIODS]
    cohort.aim_fen = cohort.aim_fen.copy()
    cohort.aim_fen[able] = portion_fen(granted.balance_fen, share_ppt)
    cohort.instalments = cohort.instalments + np.where(able, EXTENSION_PERIODS, 0)
    return cohort


def _goodwill(month: Month, cohort: Cohort) -> Cohort:
    """Credit 5 to 20 yuan after the payment; the next instalment is so much less."""
    cohort = _pay_in_time(month, cohort)
    able = cohort.fallen < cohort.instalments
    granted = cohort.keep(able)
    amount_fen = month.pick(granted, Monthly.HOW_MUCH, (1, 4)) * 500
    month.ledger.note(granted.row, Kind.CREDIT, granted.due_on + 2, amount_fen=amount_fen)
    cohort.credit_fen = cohort.credit_fen.copy()
    cohort.credit_fen[able] += amount_fen
    return cohort


def _owe(cohort: Cohort, amount_fen: Ints) -> None:
    cohort.owed_fen = amount_fen
    cohort.behind = np.ones(len(cohort), np.int64)


def _clear(cohort: Cohort) -> Cohort:
    cohort.owed_fen = np.zeros(len(cohort), np.int64)
    cohort.behind = np.zeros(len(cohort), np.int64)
    return cohort


_LIVES: Final[dict[Habit, Callable[[Month, Cohort], Cohort]]] = {
    Habit.MISS: _miss,
    Habit.LATE: _late,
    Habit.PART: _part,
    Habit.IN_GRACE: _in_grace,
    Habit.RETURNED: _returned,
    Habit.SETTLE: _settle,
    Habit.SPLIT: _split,
    Habit.OVER: _over,
    Habit.DEFER: _defer,
    Habit.EXTEND: _extend,
    Habit.GOODWILL: _goodwill,
}
