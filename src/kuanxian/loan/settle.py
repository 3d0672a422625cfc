"""Settle: what ends a loan today, and the events that end it or stop it growing."""

from typing import NamedTuple

from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import share_fen
from kuanxian.loan.accrue import beyond_fen, free_beyond, running_row, touch
from kuanxian.loan.early import (
    accrued_today,
    early_asked_fen,
    early_fee_fen,
    early_own_fen,
    put_off_kept,
    stands,
)
from kuanxian.loan.interest import cost_room_fen
from kuanxian.loan.memory import Loan
from kuanxian.loan.overdue import cap_row, under_cap
from kuanxian.loan.rows import owed_fen
from kuanxian.loan.terms import Part

UNCAPPED_FEN = 1 << 60
"""More than any contract asks for: the room where no cap is agreed."""


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


def stop_rows(loan: Loan, early_interest: int) -> None:
    """Reduce the rows not yet due to what they may still ask for if the loan ends today.

    Interest up to today, the whole running period, or all of it; fees likewise. What was
    paid beyond that is free again. Principal is not touched.
    """
    running = running_row(loan, loan.now_on)
    if stands(loan, running, early_interest):
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


def payoff_with(loan: Loan, accrued_fen: int) -> Payoff:
    """Compute what settles the loan today from the interest accrued today."""
    running = running_row(loan, loan.now_on)
    early = loan.conventions.early_interest
    as_asked = stands(loan, running, early)
    own_fen = 0 if as_asked else early_own_fen(loan, running, accrued_fen, early)
    own_and_kept_fen = (own_fen, 0 if as_asked else put_off_kept(loan, running, own_fen))
    interest_fen = 0
    fee_fen = 0
    penalty_fen = 0
    ahead_principal_fen = 0
    freed_fen = 0
    room_fen = cost_room_fen(loan, UNCAPPED_FEN)
    for row in range(loan.open_row, loan.rows):
        penalty_fen += owed_fen(loan, Part.PENALTY, row)
        if row < loan.fallen:
            interest_fen += owed_fen(loan, Part.INTEREST, row)
            fee_fen += owed_fen(loan, Part.FEE, row)
        else:
            ahead_principal_fen += owed_fen(loan, Part.PRINCIPAL, row)
            asked_interest_fen = loan.plan[row].asked_fen[Part.INTEREST]
            asked_fee_fen = loan.plan[row].asked_fen[Part.FEE]
            if row >= running and not as_asked:
                asked_interest_fen = early_asked_fen(loan, row, running, own_and_kept_fen)
                asked_fee_fen = early_fee_fen(loan, row, running, early)
                freed_fen += beyond_fen(loan, row, Part.INTEREST, asked_interest_fen)
                freed_fen += beyond_fen(loan, row, Part.FEE, asked_fee_fen)
            # Each row comes under the cap as it will when it falls due: ``cap_row``.
            brought_fen = loan.plan[row].brought_interest_fen
            met_fen = loan.plan[row].met_fen[Part.INTEREST] - brought_fen
            charge_fen = asked_interest_fen - brought_fen
            charged_fen, room_fen = under_cap(charge_fen, met_fen, room_fen)
            interest_fen += charged_fen - met_fen
            brought_fen = loan.plan[row].brought_fee_fen
            met_fen = loan.plan[row].met_fen[Part.FEE] - brought_fen
            charge_fen = asked_fee_fen - brought_fen
            charged_fen, room_fen = under_cap(charge_fen, met_fen, room_fen)
            fee_fen += charged_fen - met_fen
    settlement_fee_fen = 0
    if running < loan.rows and loan.ended_on == NO_DAY and loan.conventions.early_fee_ppb > 0:
        settlement_fee_fen = share_fen(
            ahead_principal_fen, loan.conventions.early_fee_ppb, loan.conventions.interest_rounding
        )
        settlement_fee_fen = min(settlement_fee_fen, room_fen)
    counted_fen = min(interest_fen, freed_fen)
    interest_fen -= counted_fen
    credit_fen = loan.credit_fen + freed_fen - counted_fen
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
