"""Early: what the rows not yet due ask for where a loan ends today.

The contract says which interest an early settlement pays (``EarlyInterest``). What a quote
says and what a settlement takes are reckoned here, once.
"""

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import round_div
from kuanxian.loan.accrue import (
    bearing_fen,
    beyond_fen,
    daily_balance_fen,
    is_daily,
    level_principal_fen,
    running_row,
)
from kuanxian.loan.interest import period_ufen, round_interest
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import (
    bears_principal,
    collecting_row,
    deferred_so_far,
    defers_interest,
    put_off_met_fen,
    row_rate_ppb,
)
from kuanxian.loan.rows import owed_fen, principal_from_fen
from kuanxian.loan.terms import EarlyInterest, Method, Part


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
    """Find the interest of the running row itself that an early settlement pays.

    With daily interest and all of it, that of the rows after it, too: what they were laid out
    with was reckoned before principal was repaid.
    """
    if early_interest == EarlyInterest.ALL:
        return interest_to_come(loan, row)
    if early_interest == EarlyInterest.FULL_PERIOD and has_begun(loan, row):
        return accrued_interest(loan, row, loan.plan[row].end_on)
    return accrued_fen


def interest_to_come(loan: Loan, first: int) -> int:
    """Add up the daily interest of the rows from ``first`` if nothing happens before their days."""
    total_fen = 0
    carry_ufen = loan.carry_ufen
    balance_fen = daily_balance_fen(loan)
    left_fen = principal_from_fen(loan, first)
    for row in range(first, loan.rows):
        days_on = (loan.accrued_to_on, loan.plan[row].end_on)
        rate_ppb = row_rate_ppb(loan, row)
        interest_ufen = period_ufen(loan, row, days_on, balance_fen, rate_ppb)
        interest_ufen += loan.plan[row].accrued_ufen
        own_fen, carry_ufen = round_interest(interest_ufen, carry_ufen, loan.conventions)
        total_fen += own_fen
        principal_fen = owed_fen(loan, Part.PRINCIPAL, row)
        if loan.method == Method.LEVEL and bears_principal(loan, row):
            met_fen = loan.plan[row].met_fen[Part.PRINCIPAL]
            principal_fen = max(level_principal_fen(loan, row, own_fen) - met_fen, 0)
        principal_fen = min(principal_fen, left_fen)
        left_fen -= principal_fen
        balance_fen -= principal_fen
    return total_fen


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


def freed_if_cleared_fen(loan: Loan, running: int) -> int:
    """Find how much interest paid ahead would not be asked for if no principal were left."""
    if running == loan.rows or loan.method == Method.GIVEN:
        return 0
    own_fen = accrued_interest(loan, running, loan.now_on)
    own_and_kept_fen = (own_fen, put_off_kept(loan, running, own_fen))
    freed_fen = 0
    for row in range(running, loan.rows):
        asked_fen = early_asked_fen(loan, row, running, own_and_kept_fen)
        freed_fen += beyond_fen(loan, row, Part.INTEREST, asked_fen)
    return freed_fen


def early_fee_fen(loan: Loan, row: int, running: int, early_interest: int) -> int:
    """Find the fee a row asks for, from the running one on, if the loan ends today.

    That of a whole running period, or all; else what was brought, which was charged before.
    """
    whole = early_interest == EarlyInterest.FULL_PERIOD and has_begun(loan, row)
    if early_interest == EarlyInterest.ALL or (row == running and whole):
        return loan.plan[row].asked_fen[Part.FEE]
    return loan.plan[row].brought_fee_fen


def has_begun(loan: Loan, row: int) -> bool:
    """Say whether a day of a row's period has passed: on the due day before it none has."""
    return loan.plan[row].start_on < loan.now_on


def accrued_today(loan: Loan) -> int:
    """Compute the interest of the running row up to today, fen; 0 where there is none."""
    row = running_row(loan, loan.now_on)
    return accrued_interest(loan, row, loan.now_on) if row < loan.rows else 0


def stands(loan: Loan, running: int, early_interest: int) -> bool:
    """Say whether the rows ask for what they asked for before: nothing is dropped or reckoned."""
    whole = early_interest == EarlyInterest.ALL and not is_daily(loan)
    return whole or running == loan.rows or loan.ended_on != NO_DAY
