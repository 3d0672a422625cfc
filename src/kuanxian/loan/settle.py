"""Settle: what ends a loan today, and the events that end it or stop it growing."""

from typing import NamedTuple

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import round_div, share_fen
from kuanxian.loan.accrue import (
    bearing_fen,
    beyond_fen,
    daily_balance_fen,
    free_beyond,
    is_daily,
    running_row,
    touch,
)
from kuanxian.loan.interest import cost_room_fen, period_ufen, round_interest
from kuanxian.loan.memory import Loan
from kuanxian.loan.overdue import cap_row
from kuanxian.loan.row_terms import (
    collecting_row,
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
    """The borrower's money already here, also as interest or fees paid ahead that are not asked
    for any more; it is taken off."""
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


def early_own_fen(loan: Loan, row: int, accrued_fen: int, early_interest: int) -> int:
    """Find the interest of the running row itself that an early settlement pays."""
    if early_interest == EarlyInterest.FULL_PERIOD and has_begun(loan, row):
        return accrued_interest(loan, row, loan.plan[row].end_on)
    return accrued_fen


def put_off_kept(loan: Loan, running: int, own_fen: int) -> int:
    """Find what stays met, in the row that collects it, of the interest put off till today."""
    met_fen = put_off_met_fen(loan, running)
    return min(met_fen, own_fen + deferred_so_far(loan, running)) if met_fen > 0 else 0


def early_asked_fen(loan: Loan, row: int, running: int, interest_fen: tuple[int, int]) -> int:
    """Find what interest a row asks for, from the running one on, if the loan ends today.

    Args:
        loan: The loan.
        row: The row.
        running: The running row: it asks for all that ran till today.
        interest_fen: What is the running row's own, and what was met of what was put off.
    """
    own_fen, kept_fen = interest_fen
    asked_fen = loan.plan[row].brought_interest_fen
    if row == running:
        return asked_fen + own_fen + deferred_so_far(loan, row) - kept_fen
    return asked_fen + kept_fen if kept_fen > 0 and row == collecting_row(loan) else asked_fen


def stop_rows(loan: Loan, early_interest: int) -> None:
    """Reduce the rows not yet due to what they may still ask for if the loan ends today.

    Interest up to today, the whole running period, or all of it; fees likewise. What was
    paid beyond that is free again. Principal is not touched.
    """
    running = running_row(loan, loan.now_on)
    if running == loan.rows or early_interest == EarlyInterest.ALL:
        return
    own_fen = early_own_fen(loan, running, accrued_today(loan), early_interest)
    interest_fen = (own_fen, put_off_kept(loan, running, own_fen))
    touch(loan, loan.now_on)
    for row in range(running, loan.rows):
        asked_fen = early_asked_fen(loan, row, running, interest_fen)
        loan.plan[row].asked_fen[Part.INTEREST] = asked_fen
        loan.plan[row].asked_fen[Part.FEE] = early_fee_fen(loan, row, running, early_interest)
    for row in range(running, loan.rows):
        free_beyond(loan, row, Part.INTEREST)
        free_beyond(loan, row, Part.FEE)


def has_begun(loan: Loan, row: int) -> bool:
    """Say whether a day of a row's period has passed: on the due day before it none has."""
    return loan.plan[row].start_on < loan.now_on


def early_fee_fen(loan: Loan, row: int, running: int, early_interest: int) -> int:
    """Find the fee a row asks for, from the running one on, if the loan ends today.

    That of a whole running period; else none of its own: what was brought was charged before.
    """
    whole = early_interest == EarlyInterest.FULL_PERIOD and has_begun(loan, row)
    if row == running and whole:
        return loan.plan[row].asked_fen[Part.FEE]
    return loan.plan[row].brought_fee_fen


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
    early = loan.conventions.early_interest
    as_asked = running == loan.rows or early == EarlyInterest.ALL or loan.ended_on != NO_DAY
    own_fen = 0 if as_asked else early_own_fen(loan, running, accrued_fen, early)
    own_and_kept_fen = (own_fen, 0 if as_asked else put_off_kept(loan, running, own_fen))
    charged_interest_fen = 0
    charged_fee_fen = 0
    penalty_fen = 0
    ahead_principal_fen = 0
    ahead_interest_fen = 0
    ahead_fee_fen = 0
    freed_fen = 0
    for row in range(loan.open_row, loan.rows):
        penalty_fen += owed_fen(loan, Part.PENALTY, row)
        if row < loan.fallen:
            charged_interest_fen += owed_fen(loan, Part.INTEREST, row)
            charged_fee_fen += owed_fen(loan, Part.FEE, row)
        else:
            ahead_principal_fen += owed_fen(loan, Part.PRINCIPAL, row)
            asked_fen = loan.plan[row].asked_fen[Part.INTEREST]
            asked_fee_fen = loan.plan[row].asked_fen[Part.FEE]
            if row >= running and not as_asked:
                asked_fen = early_asked_fen(loan, row, running, own_and_kept_fen)
                asked_fee_fen = early_fee_fen(loan, row, running, early)
                freed_fen += beyond_fen(loan, row, Part.INTEREST, asked_fen)
                freed_fen += beyond_fen(loan, row, Part.FEE, asked_fee_fen)
            met_fen = loan.plan[row].met_fen[Part.INTEREST]
            brought_fen = max(loan.plan[row].brought_interest_fen - met_fen, 0)
            charged_interest_fen += brought_fen
            ahead_interest_fen += max(asked_fen - met_fen, 0) - brought_fen
            met_fen = loan.plan[row].met_fen[Part.FEE]
            brought_fen = max(loan.plan[row].brought_fee_fen - met_fen, 0)
            charged_fee_fen += brought_fen
            ahead_fee_fen += max(asked_fee_fen - met_fen, 0) - brought_fen
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
    counted_fen = min(interest_fen, freed_fen)
    interest_fen -= counted_fen
    credit_fen = loan.credit_fen + freed_fen - counted_fen
    fee_fen = charged_fee_fen + ahead_fee_fen
    asked_fen = loan.outstanding_fen + interest_fen + penalty_fen + fee_fen + settlement_fee_fen
    return Payoff(
        principal_fen=loan.outstanding_fen,
        interest_fen=interest_fen,
        penalty_fen=penalty_fen,
        fee_fen=fee_fen,
        settlement_fee_fen=settlement_fee_fen,
        credit_fen=credit_fen,
        total_fen=max(asked_fen - credit_fen, 0),
    )
