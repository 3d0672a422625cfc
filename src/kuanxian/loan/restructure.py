"""Restructure: what is owed becomes a new plan.

Re-instalment (重新分期) closes every row and opens new ones; re-ageing moves what is
overdue into the next instalment. Both leave a trail: what was asked for and met in the
old rows stays there, and each fen that moves is in the trace.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, ROWS_MAX
from kuanxian.base.days import NO_DAY, civil_of
from kuanxian.loan.accrue import running_row
from kuanxian.loan.allocate import due_today, move_open
from kuanxian.loan.due import set_periods, step
from kuanxian.loan.events import Event, Refused
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import Loan
from kuanxian.loan.rows import owed_fen
from kuanxian.loan.settle import fall_all, payoff_parts, stop_rows
from kuanxian.loan.terms import EarlyInterest, Method, Part
from kuanxian.loan.trace import What, log


def take_out(loan: Loan, part: int, end: int) -> int:
    """Take what is owed of a part out of every row before ``end``.

    Returns:
        What was taken, fen.
    """
    total_fen = 0
    for row in range(loan.open_row, end):
        moved_fen = owed_fen(loan, part, row)
        loan.plan[row].asked_fen[part] -= moved_fen
        if moved_fen > 0:
            loan.plan[row].met_on = loan.now_on
        log(loan, row, What.MOVED, part, moved_fen)
        total_fen += moved_fen
    return total_fen


def bring(loan: Loan, row: int, amounts_fen: tuple[int, int, int]) -> None:
    """Put fees, penalty and interest taken out elsewhere into one row."""
    fee_fen, penalty_fen, interest_fen = amounts_fen
    loan.plan[row].asked_fen[Part.FEE] += fee_fen
    loan.plan[row].asked_fen[Part.PENALTY] += penalty_fen
    loan.plan[row].asked_fen[Part.INTEREST] += interest_fen
    loan.plan[row].brought_fee_fen += fee_fen
    loan.plan[row].brought_interest_fen += interest_fen
    log(loan, row, What.BROUGHT, Part.FEE, fee_fen)
    log(loan, row, What.BROUGHT, Part.PENALTY, penalty_fen)
    log(loan, row, What.BROUGHT, Part.INTEREST, interest_fen)


def reinstal(
    loan: Loan,
    event: Event,
) -> int:
    """Turn everything owed into ``event.count`` new instalments.

    The old rows keep what was met. Interest up to today, fees and penalty are due with
    the first new instalment, or become principal where the agreement says so.
    """
    count = event.count
    if loan.outstanding_fen == 0:
        return Refused.NOTHING_LEFT
    if loan.rows + count > ROWS_MAX:
        return Refused.OUT_OF_BOUNDS
    first_end_on, day = first_end(loan, event)
    if first_end_on <= loan.now_on:
        return Refused.BAD_FIELD
    owed = payoff_parts(loan)
    # What was paid of interest ahead was taken off it.
    owed_fen = owed.total_fen + owed.credit_fen + loan.paid_part_fen[Part.INTEREST]
    if owed_fen > BALANCE_FEN_MAX or step(first_end_on, count, 31, loan.conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    stop_rows(loan, EarlyInterest.TO_DAY)
    fall_all(loan)
    principal_fen = take_out(loan, Part.PRINCIPAL, loan.rows)
    fee_fen = take_out(loan, Part.FEE, loan.rows)
    penalty_fen = take_out(loan, Part.PENALTY, loan.rows)
    interest_fen = take_out(loan, Part.INTEREST, loan.rows)
    first = loan.rows
    open_plan(loan, (first, count, first_end_on, day))
    loan.rate_ppb = event.rate_ppb
    added_fen = principal_fen
    if event.part == Part.PRINCIPAL:
        added_fen += fee_fen + penalty_fen + interest_fen
        loan.capitalised_fen += added_fen - principal_fen
        log(loan, first, What.CAPITALISED, Part.PRINCIPAL, added_fen - principal_fen)
        fee_fen = 0
        penalty_fen = 0
        interest_fen = 0
    loan.outstanding_fen -= principal_fen
    log(loan, first, What.BROUGHT, Part.PRINCIPAL, principal_fen)
    lay_out(loan, first, added_fen)
    bring(loan, first, (fee_fen, penalty_fen, interest_fen))
    return Refused.NONE


def first_end(loan: Loan, event: Event) -> tuple[int, int]:
    """Find where the first period of a new plan ends, and the day its series aims at."""
    if event.until_on != NO_DAY:
        return event.until_on, civil_of(event.until_on)[2]
    day = civil_of(loan.now_on)[2]
    return step(loan.now_on, 1, day, loan.conventions), day


def open_plan(
    loan: Loan,
    plan: tuple[int, int, int, int],
) -> None:
    """Open the rows of a new plan: blank, dated, without promotion or grace."""
    first, count, first_end_on, day = plan
    set_periods(loan, first, count, (loan.now_on, first_end_on, day))
    loan.rows = first + count
    loan.open_row = first
    loan.fallen = first
    loan.closed = first
    loan.accrual_row = first
    loan.accrued_to_on = loan.now_on
    loan.after_fen = 0
    loan.flat_base_fen = 0
    loan.carry_ufen = 0
    loan.plan_first = first
    loan.plain = 1
    loan.due_day = day
    loan.instalment_fen = 0
    if loan.method == Method.GIVEN or loan.method == Method.PAY_IN_N:
        loan.method = Method.EQUAL_PRINCIPAL
    if loan.method == Method.SINGLE and count > 1:
        loan.method = Method.LEVEL


def reage(loan: Loan) -> int:
    """Move what is overdue into the next instalment; on the due day one is in time."""
    row = running_row(loan, loan.now_on)
    end = due_today(loan)
    if row == loan.rows or loan.open_row == end:
        return Refused.NOTHING_LEFT
    principal_fen = take_out(loan, Part.PRINCIPAL, end)
    fee_fen = take_out(loan, Part.FEE, end)
    penalty_fen = take_out(loan, Part.PENALTY, end)
    interest_fen = take_out(loan, Part.INTEREST, end)
    loan.plan[row].asked_fen[Part.PRINCIPAL] += principal_fen
    loan.plan[row].brought_principal_fen += principal_fen
    loan.future_fen += principal_fen
    loan.open_row = end
    move_open(loan)
    log(loan, row, What.BROUGHT, Part.PRINCIPAL, principal_fen)
    bring(loan, row, (fee_fen, penalty_fen, interest_fen))
    return Refused.NONE
