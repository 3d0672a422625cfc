"""Settle: what ends a loan today, and the events that end it or stop it growing."""

from typing import NamedTuple

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import round_div, share_fen
from kuanxian.loan.accrue import (
    bearing_fen,
    daily_balance_fen,
    is_daily,
    running_row,
    touch,
)
from kuanxian.loan.interest import cost_room_fen, period_ufen, round_interest
from kuanxian.loan.memory import Loan
from kuanxian.loan.overdue import cap_row
from kuanxian.loan.row_terms import (
    deferred_so_far,
    defers_interest,
    put_off_met_fen,
    row_rate_ppb,
)
from kuanxian.loan.rows import owed_fen
from kuanxian.loan.terms import EarlyInterest, Method, Part


class Payoff(NamedTuple):
    """What settles a loan on a day, by part. Fen, none negative."""

    principal_fen: int
    interest_fen: int
    penalty_fen: int
    fee_fen: int
    settlement_fee_fen: int
    """Fee for settling early, as the contract says."""
    credit_fen: int
    """The borrower's money already here; it is taken off."""
    total_fen: int


def accrued_interest(loan: Loan, row: int, day_on: int) -> int:
    """Compute the interest of the running row up to a day, fen.

    As ``touch`` accrues it, so that what is quoted is what a change of the plan leaves. Where
    the lender states the rows there is no rate: it is the row's interest by the days passed.
    """
    start_on = loan.plan[row].start_on
    if day_on <= start_on and loan.plan[row].accrued_ufen == 0:
        return 0
    own_fen = scheduled_fen(loan, row)
    if loan.method == Method.GIVEN:
        # Interest by days passed needs amount * days inside 63 bits: 8e10 * 84,005 is.
        days = max(loan.plan[row].end_on - start_on, 1)
        passed = min(max(day_on - start_on, 0), days)
        return round_div(own_fen * passed, days, loan.conventions.interest_rounding)
    balance_fen = daily_balance_fen(loan) if is_daily(loan) else bearing_fen(loan, row)
    interest_ufen = loan.plan[row].accrued_ufen + period_ufen(
        loan, row, (max(loan.accrued_to_on, start_on), day_on), balance_fen, row_rate_ppb(loan, row)
    )
    interest_fen, _ = round_interest(interest_ufen, loan.carry_ufen, loan.conventions)
    # A deferral may leave a row more days than its scheduled interest was reckoned for.
    return interest_fen if is_daily(loan) else min(interest_fen, own_fen)


def scheduled_fen(loan: Loan, row: int) -> int:
    """Find the scheduled interest of a row that is its own: neither brought nor put off to it."""
    if defers_interest(loan, row):
        return loan.plan[row].deferred_fen
    own_fen = loan.plan[row].asked_fen[Part.INTEREST] - loan.plan[row].brought_interest_fen
    return own_fen - deferred_so_far(loan, row)


def with_put_off(loan: Loan, row: int, own_fen: int) -> int:
    """Add to a row's own interest what was put off or brought to it, less what was met ahead."""
    put_off_fen = deferred_so_far(loan, row) - put_off_met_fen(loan, row)
    return max(own_fen + put_off_fen, 0) + loan.plan[row].brought_interest_fen


def stop_rows(loan: Loan, early_interest: int) -> None:
    """Reduce the rows not yet due to what they may still ask for if the loan ends today.

    Interest up to today, the whole running period, or all of it; fees likewise. What
    was already met stays. Principal is not touched.
    """
    row = running_row(loan, loan.now_on)
    if row == loan.rows or early_interest == EarlyInterest.ALL:
        return
    until_on = loan.now_on
    if early_interest == EarlyInterest.FULL_PERIOD and has_begun(loan, row):
        until_on = loan.plan[row].end_on
    else:
        drop_fee(loan, row)
    interest_fen = with_put_off(loan, row, accrued_interest(loan, row, until_on))
    touch(loan, loan.now_on)
    loan.plan[row].asked_fen[Part.INTEREST] = max(
        interest_fen, loan.plan[row].met_fen[Part.INTEREST]
    )
    for later in range(row + 1, loan.rows):
        loan.plan[later].asked_fen[Part.INTEREST] = loan.plan[later].met_fen[Part.INTEREST]
        drop_fee(loan, later)


def has_begun(loan: Loan, row: int) -> bool:
    """Say whether a day of a row's period has passed: on the due day before it none has."""
    return loan.plan[row].start_on < loan.now_on


def drop_fee(loan: Loan, row: int) -> None:
    """Let a row ask for no fee of its own; what was brought to it was charged before."""
    loan.plan[row].asked_fen[Part.FEE] = max(
        loan.plan[row].brought_fee_fen, loan.plan[row].met_fen[Part.FEE]
    )


def fall_all(loan: Loan) -> None:
    """Let every row fall due today."""
    for row in range(loan.fallen, loan.rows):
        loan.plan[row].due_on = min(loan.plan[row].due_on, loan.now_on)
        cap_row(loan, row)
    loan.fallen = loan.rows
    loan.future_fen = 0


def payoff_parts(loan: Loan) -> Payoff:
    """Compute what settles the loan today, without changing it.

    The day's interest, penalty and late fees must have been charged before.
    """
    return payoff_with(loan, accrued_today(loan))


def accrued_today(loan: Loan) -> int:
    """Compute the interest of the running row up to today, fen; 0 where there is none."""
    row = running_row(loan, loan.now_on)
    return accrued_interest(loan, row, loan.now_on) if row < loan.rows else 0


def payoff_with(loan: Loan, accrued_fen: int) -> Payoff:
    """Compute what settles the loan today from the interest accrued today."""
    running = running_row(loan, loan.now_on)
    charged_interest_fen = 0
    charged_fee_fen = 0
    penalty_fen = 0
    ahead_principal_fen = 0
    ahead_interest_fen = 0
    ahead_fee_fen = 0
    for row in range(loan.open_row, loan.rows):
        penalty_fen += owed_fen(loan, Part.PENALTY, row)
        if row < loan.fallen:
            charged_interest_fen += owed_fen(loan, Part.INTEREST, row)
            charged_fee_fen += owed_fen(loan, Part.FEE, row)
        else:
            ahead_principal_fen += owed_fen(loan, Part.PRINCIPAL, row)
            brought_fen = max(
                loan.plan[row].brought_interest_fen - loan.plan[row].met_fen[Part.INTEREST], 0
            )
            charged_interest_fen += brought_fen
            ahead_interest_fen += ahead_interest(loan, row, running, accrued_fen) - brought_fen
            brought_fen = max(loan.plan[row].brought_fee_fen - loan.plan[row].met_fen[Part.FEE], 0)
            charged_fee_fen += brought_fen
            ahead_fee_fen += max(ahead_fee(loan, row, running) - brought_fen, 0)
    settlement_fee_fen = 0
    if running < loan.rows and loan.ended_on == NO_DAY and loan.conventions.early_fee_ppb > 0:
        settlement_fee_fen = share_fen(
            ahead_principal_fen, loan.conventions.early_fee_ppb, loan.conventions.interest_rounding
        )
    # What would be charged today comes under the cap on the total cost, interest first.
    room_fen = cost_room_fen(loan, ahead_interest_fen + ahead_fee_fen + settlement_fee_fen)
    ahead_interest_fen = min(ahead_interest_fen, room_fen)
    ahead_fee_fen = min(ahead_fee_fen, room_fen - ahead_interest_fen)
    settlement_fee_fen = min(settlement_fee_fen, room_fen - ahead_interest_fen - ahead_fee_fen)
    interest_fen = charged_interest_fen + ahead_interest_fen
    fee_fen = charged_fee_fen + ahead_fee_fen
    asked_fen = loan.outstanding_fen + interest_fen + penalty_fen + fee_fen + settlement_fee_fen
    return Payoff(
        principal_fen=loan.outstanding_fen,
        interest_fen=interest_fen,
        penalty_fen=penalty_fen,
        fee_fen=fee_fen,
        settlement_fee_fen=settlement_fee_fen,
        credit_fen=loan.credit_fen,
        total_fen=max(asked_fen - loan.credit_fen, 0),
    )


def ahead_interest(loan: Loan, row: int, running: int, accrued_fen: int) -> int:
    """Find the interest of a row not yet due that an early settlement pays."""
    early = loan.conventions.early_interest
    if row < running or early == EarlyInterest.ALL or loan.ended_on != NO_DAY:
        return owed_fen(loan, Part.INTEREST, row)
    if row > running:
        return 0
    own_fen = accrued_fen
    if early == EarlyInterest.FULL_PERIOD and has_begun(loan, row):
        own_fen = accrued_interest(loan, row, loan.plan[row].end_on)
    return max(with_put_off(loan, row, own_fen) - loan.plan[row].met_fen[Part.INTEREST], 0)


def ahead_fee(loan: Loan, row: int, running: int) -> int:
    """Find the fee of a row not yet due that an early settlement pays."""
    early = loan.conventions.early_interest
    full = row == running and early == EarlyInterest.FULL_PERIOD and has_begun(loan, row)
    if row < running or full or early == EarlyInterest.ALL or loan.ended_on != NO_DAY:
        return owed_fen(loan, Part.FEE, row)
    return 0
