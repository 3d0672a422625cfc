"""Settle: what ends a loan today, and the events that end it or stop it growing."""

from typing import NamedTuple

from kuanxian.base.fen import round_div, share_fen
from kuanxian.loan.accrue import bearing_fen, is_daily, running_row, touch
from kuanxian.loan.interest import period_ufen, round_interest
from kuanxian.loan.layout import is_flat, row_rate_ppb
from kuanxian.loan.memory import (
    ACCRUED_TO,
    ACCRUED_UFEN,
    BROUGHT_INTEREST,
    CARRY_UFEN,
    COST,
    CREDIT,
    DEFERRED,
    DUE_ON,
    END_ON,
    FALLEN,
    FEE,
    FEE_MET,
    FUTURE,
    INTEREST,
    INTEREST_MET,
    METHOD,
    NOW,
    OPEN,
    OUTSTANDING,
    PENALTY,
    PENALTY_MET,
    PLAIN,
    PLAN_FIRST,
    PRINCIPAL,
    PRINCIPAL_MET,
    ROWS,
    START_ON,
    Grid,
)
from kuanxian.loan.terms import Conventions, EarlyInterest, Method, Terms


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


def accrued_interest(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], row: int, day_on: int
) -> int:
    """Compute the interest of the running row up to a day, fen.

    Where interest follows a rate it is computed for the days that passed; where the
    lender states the rows, or it is flat, it is the row's interest by days passed.
    """
    start_on = rows[START_ON, row]
    if day_on <= start_on and rows[ACCRUED_UFEN, row] == 0:
        return 0
    if state[METHOD] == Method.GIVEN or is_flat(state, conventions):
        # Interest by days passed needs amount * days inside 63 bits: 8e10 * 84,005 is.
        days = max(rows[END_ON, row] - start_on, 1)
        passed = min(day_on - start_on, days)
        own_fen = rows[INTEREST, row] - rows[BROUGHT_INTEREST, row] + rows[DEFERRED, row]
        return round_div(own_fen * passed, days, conventions.interest_rounding)
    balance_fen = state[FUTURE]
    if not is_daily(state, conventions):
        balance_fen = bearing_fen(conventions, rows, state, row)
    elif conventions.overdue_interest == 1:
        balance_fen = state[OUTSTANDING]
    interest_ufen = rows[ACCRUED_UFEN, row] + period_ufen(
        rows,
        row,
        (max(state[ACCRUED_TO], start_on), day_on),
        balance_fen,
        row_rate_ppb(terms, state, row),
        conventions,
    )
    interest_fen, _ = round_interest(interest_ufen, state[CARRY_UFEN], conventions)
    return interest_fen


def deferred_fen(terms: Terms, rows: Grid, state: list[int], row: int) -> int:
    """Add up interest deferred by earlier rows and not yet asked for by one."""
    if state[PLAIN] == 1 or row - state[PLAN_FIRST] > terms.grace_interest_instalments:
        return 0
    total_fen = 0
    for earlier in range(state[PLAN_FIRST], row):
        total_fen += rows[DEFERRED, earlier]
    return total_fen


def stop_rows(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], early_interest: int
) -> None:
    """Reduce the rows not yet due to what they may still ask for if the loan ends today.

    Interest up to today, the whole running period, or all of it; fees likewise. What
    was already met stays. Principal is not touched.
    """
    row = running_row(rows, state, state[NOW])
    if row == state[ROWS] or early_interest == EarlyInterest.ALL:
        return
    touch(terms, conventions, rows, state, state[NOW])
    interest_fen = accrued_interest(terms, conventions, rows, state, row, state[NOW])
    interest_fen += deferred_fen(terms, rows, state, row)
    if early_interest == EarlyInterest.FULL_PERIOD:
        interest_fen = accrued_interest(terms, conventions, rows, state, row, rows[END_ON, row])
        interest_fen += deferred_fen(terms, rows, state, row)
    else:
        rows[FEE, row] = rows[FEE_MET, row]
    interest_fen += rows[BROUGHT_INTEREST, row]
    rows[INTEREST, row] = max(interest_fen, rows[INTEREST_MET, row])
    for later in range(row + 1, state[ROWS]):
        rows[INTEREST, later] = rows[INTEREST_MET, later]
        rows[FEE, later] = rows[FEE_MET, later]


def fall_all(rows: Grid, state: list[int]) -> None:
    """Let every row fall due today."""
    for row in range(state[FALLEN], state[ROWS]):
        rows[DUE_ON, row] = min(rows[DUE_ON, row], state[NOW])
        state[COST] += rows[INTEREST, row] + rows[FEE, row] - rows[BROUGHT_INTEREST, row]
    state[FALLEN] = state[ROWS]
    state[FUTURE] = 0


def payoff_parts(terms: Terms, conventions: Conventions, rows: Grid, state: list[int]) -> Payoff:
    """Compute what settles the loan today, without changing it.

    The day's interest, penalty and late fees must have been charged before.
    """
    now_on = state[NOW]
    running = running_row(rows, state, now_on)
    interest_fen = 0
    penalty_fen = 0
    fee_fen = 0
    ahead_fen = 0
    for row in range(state[OPEN], state[ROWS]):
        penalty_fen += rows[PENALTY, row] - rows[PENALTY_MET, row]
        if row >= state[FALLEN]:
            ahead_fen += rows[PRINCIPAL, row] - rows[PRINCIPAL_MET, row]
        if row < running or conventions.early_interest == EarlyInterest.ALL:
            interest_fen += rows[INTEREST, row] - rows[INTEREST_MET, row]
            fee_fen += rows[FEE, row] - rows[FEE_MET, row]
        elif row == running:
            until_on = now_on
            if conventions.early_interest == EarlyInterest.FULL_PERIOD:
                until_on = rows[END_ON, row]
                fee_fen += rows[FEE, row] - rows[FEE_MET, row]
            own_fen = accrued_interest(terms, conventions, rows, state, row, until_on)
            own_fen += rows[BROUGHT_INTEREST, row] + deferred_fen(terms, rows, state, row)
            interest_fen += max(own_fen - rows[INTEREST_MET, row], 0)
    settlement_fee_fen = 0
    if running < state[ROWS]:
        settlement_fee_fen = share_fen(
            ahead_fen, conventions.early_fee_ppb, conventions.interest_rounding
        )
    asked_fen = state[OUTSTANDING] + interest_fen + penalty_fen + fee_fen + settlement_fee_fen
    return Payoff(
        principal_fen=state[OUTSTANDING],
        interest_fen=interest_fen,
        penalty_fen=penalty_fen,
        fee_fen=fee_fen,
        settlement_fee_fen=settlement_fee_fen,
        credit_fen=state[CREDIT],
        total_fen=max(asked_fen - state[CREDIT], 0),
    )
