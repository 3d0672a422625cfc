"""A loan kept by hand, one day after another, in exact fractions.

Nothing here is lazy, clever or shared with the kernel: every day is lived, every
overdue instalment is charged that day's penalty, dates come from ``datetime``. Covers
instalments by the month with one rate, payments, and money held for the next due day.
"""

import calendar
import datetime
from fractions import Fraction
from typing import NamedTuple

from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Conventions,
    DayCount,
    Direction,
    Event,
    InterestBasis,
    Method,
    Part,
    PenaltyBase,
    Terms,
)

EPOCH = datetime.date(1970, 1, 1)
PPB = 10**9


class TooCloseError(Exception):
    """An amount lies within a ten-thousandth of a fen of where rounding turns.

    The kernel keeps millionths of a fen, so its answer there may be the other one.
    """


def date_of(day_on: int) -> datetime.date:
    return EPOCH + datetime.timedelta(days=day_on)


def rounded(exact: Fraction, mode: int) -> int:
    """Round an exact amount, 0 or more, to a whole number."""
    whole, rest = divmod(exact, 1)
    if mode == Rounding.FLOOR:
        return whole
    if mode == Rounding.CEIL:
        return whole + (rest > 0)
    if rest == Fraction(1, 2):
        return whole + (1 if mode == Rounding.HALF_UP else whole % 2)
    return whole + (rest > Fraction(1, 2))


def rounded_clear(exact: Fraction, mode: int) -> int:
    """Round an accrued amount, unless a millionth of a fen could change the answer."""
    turn = abs(exact * 2 - round(exact * 2))
    if exact > 0 and turn < Fraction(1, 5_000):
        raise TooCloseError
    return rounded(exact, mode)


def due_dates(terms: Terms) -> list[int]:
    """List the due days of monthly instalments, on the day of the month of disbursement."""
    first = date_of(terms.disbursed_on)
    days = []
    for k in range(1, terms.instalments + 1):
        year, month = divmod(first.year * 12 + first.month - 1 + k, 12)
        last = calendar.monthrange(year, month + 1)[1]
        days.append((datetime.date(year, month + 1, min(first.day, last)) - EPOCH).days)
    return days


def year_share(day_on: int, day_count: int) -> Fraction:
    """Find the share of a year that one day is, by actual days."""
    if day_count == DayCount.ACT_ACT:
        return Fraction(1, 366 if calendar.isleap(date_of(day_on).year) else 365)
    return Fraction(1, {DayCount.ACT_360: 360, DayCount.D7_364: 364}.get(DayCount(day_count), 365))


def annuity(balance_fen: int, rate: Fraction, count: int, residual_fen: int = 0) -> Fraction:
    """Find the equal instalment of ``count`` periods at a rate for each, exactly."""
    if rate == 0:
        return Fraction(balance_fen - residual_fen, count)
    discount = (1 + rate) ** -count
    return (balance_fen - residual_fen * discount) * rate / (1 - discount)


class Debt:
    """What one instalment asks for and what of it was paid."""

    def __init__(self, due_on: int, principal_fen: int) -> None:
        self.due_on = due_on
        self.owed = {Part.FEE: 0, Part.PENALTY: 0, Part.INTEREST: 0, Part.PRINCIPAL: principal_fen}
        self.accrued = Fraction(0)
        self.penalty = Fraction(0)
        self.charged_fen = 0
        self.in_grace = True

    def unpaid_fen(self) -> int:
        return sum(fen for part, fen in self.owed.items() if part != Part.PENALTY)


class Figures(NamedTuple):
    """What is compared with the kernel."""

    outstanding_principal_fen: int
    due_principal_fen: int
    due_interest_fen: int
    due_penalty_fen: int
    due_fee_fen: int
    overdue_principal_fen: int
    overdue_interest_fen: int
    days_past_due: int
    overdue_instalments: int
    credit_fen: int
    paid_principal_fen: int
    paid_interest_fen: int
    paid_penalty_fen: int
    paid_fee_fen: int


class Ledger:
    """One loan, lived from day to day."""

    def __init__(self, terms: Terms, conventions: Conventions) -> None:
        self.terms, self.conventions = terms, conventions
        count = terms.instalments
        part_fen = rounded(Fraction(terms.principal_fen, count), conventions.instalment_rounding)
        left_fen = terms.principal_fen
        self.rows = []
        for k, due_on in enumerate(due_dates(terms)):
            wanted_fen = 0 if conventions.method == Method.INTEREST_ONLY else part_fen
            own_fen = left_fen if k == count - 1 else min(wanted_fen, left_fen)
            left_fen -= own_fen
            self.rows.append(Debt(due_on, own_fen))
        self.charged_to_on = terms.disbursed_on
        self.credit_fen = 0
        self.paid = dict.fromkeys((Part.PRINCIPAL, Part.INTEREST, Part.PENALTY, Part.FEE), 0)
        self.plan_fen = [row.owed[Part.PRINCIPAL] for row in self.rows]

    def live(self, events: list[Event], as_of_on: int) -> Figures:
        """Live every day up to one."""
        for day_on in range(self.terms.disbursed_on, as_of_on + 1):
            if day_on > self.terms.disbursed_on:
                self.bear_interest(day_on)
                self.bear_penalty(day_on)
            self.fall(day_on)
            for event in events:
                if event.value_on == day_on:
                    self.credit_fen += event.amount_fen
                    self.spend(day_on)
        return self.figures(as_of_on)

    def bear_interest(self, day_on: int) -> None:
        """Let the day before bear interest into the row that runs."""
        running = [k for k, row in enumerate(self.rows) if row.due_on >= day_on]
        if not running:
            return
        k = running[0]
        balance_fen = sum(row.owed[Part.PRINCIPAL] for row in self.rows[k:])
        if self.conventions.overdue_interest:
            balance_fen = sum(row.owed[Part.PRINCIPAL] for row in self.rows)
        if self.conventions.interest_basis == InterestBasis.PERIOD:
            balance_fen = sum(self.plan_fen[k:])
        if self.conventions.interest_basis == InterestBasis.FLAT:
            balance_fen = self.terms.principal_fen
        share = year_share(day_on - 1, self.conventions.day_count)
        self.rows[k].accrued += balance_fen * Fraction(self.terms.rate_ppb, PPB) * share

    def bear_penalty(self, day_on: int) -> None:
        """Charge each overdue row the penalty of the day, once its grace is over."""
        all_fen = sum(row.owed[Part.PRINCIPAL] for row in self.rows)
        for row in self.rows:
            grace_end_on = row.due_on + self.terms.grace_days
            if row.due_on >= day_on or row.unpaid_fen() <= self.conventions.tolerance_fen:
                continue
            if day_on <= grace_end_on:
                continue
            base_fen = row.owed[Part.PRINCIPAL]
            if self.conventions.penalty_base == PenaltyBase.OVERDUE_INSTALMENT:
                base_fen += row.owed[Part.INTEREST]
            if self.conventions.penalty_base == PenaltyBase.OUTSTANDING:
                base_fen = all_fen
            days = 1
            if row.in_grace and not self.conventions.penalty_grace:
                days = day_on - row.due_on
            if self.conventions.penalty_base == PenaltyBase.OUTSTANDING:
                # No day charges the whole balance twice.
                days = min(days, day_on - self.charged_to_on)
                self.charged_to_on = day_on
            row.in_grace = False
            year_days = {DayCount.ACT_360: 360, DayCount.D7_364: 364}
            rate = Fraction(self.terms.penalty_rate_ppb, PPB)
            rate /= year_days.get(DayCount(self.conventions.day_count), 365)
            row.penalty += base_fen * rate * days
            if self.conventions.penalty_base == PenaltyBase.OUTSTANDING:
                break  # the whole balance is charged once, however many rows are overdue

    def book_penalty(self) -> None:
        """Turn the penalty so far into fen."""
        for row in self.rows:
            total_fen = rounded_clear(row.penalty, self.conventions.penalty_rounding)
            row.owed[Part.PENALTY] += max(total_fen - row.charged_fen, 0)
            row.charged_fen = max(total_fen, row.charged_fen)

    def fall(self, day_on: int) -> None:
        """Let rows fall due on their day and use the credit for them."""
        for row in self.rows:
            if row.due_on == day_on:
                row.owed[Part.INTEREST] = rounded_clear(
                    row.accrued, self.conventions.interest_rounding
                )
                row.owed[Part.FEE] = self.terms.fee_fen
                if self.credit_fen:
                    self.spend(day_on)

    def spend(self, day_on: int) -> None:
        """Use all money there is: first for what is overdue, then for what is due today."""
        self.book_penalty()
        order = [Part(int(digit)) for digit in str(self.conventions.allocation_order)]
        overdue = [row for row in self.rows if row.due_on < day_on]
        today = [row for row in self.rows if row.due_on == day_on]
        for rows in (overdue, today):
            places = [(row, part) for row in rows for part in order]
            if self.conventions.direction == Direction.VERTICAL:
                places = [(row, part) for part in order for row in rows]
            for row, part in places:
                used_fen = min(self.credit_fen, row.owed[part])
                row.owed[part] -= used_fen
                self.paid[part] += used_fen
                self.credit_fen -= used_fen

    def figures(self, day_on: int) -> Figures:
        """Read off what is compared."""
        self.book_penalty()
        due = [row for row in self.rows if row.due_on <= day_on]
        past = [row for row in due if row.due_on < day_on]
        late = [row for row in past if row.unpaid_fen() > self.conventions.tolerance_fen]
        parts = (Part.PRINCIPAL, Part.INTEREST, Part.PENALTY, Part.FEE)
        owed_fen = [sum(row.owed[part] for row in due) for part in parts]
        past_fen = [sum(row.owed[part] for row in late) for part in parts[:2]]
        days = day_on - late[0].due_on if late else 0
        total_fen = sum(row.owed[Part.PRINCIPAL] for row in self.rows)
        paid_fen = [self.paid[part] for part in parts]
        return Figures(
            *(total_fen, *owed_fen, *past_fen, days, len(late), self.credit_fen, *paid_fen)
        )
