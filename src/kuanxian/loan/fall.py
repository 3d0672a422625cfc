"""Fall: time passes, and instalments fall due."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import accrue_daily, ask_accrued, is_daily
from kuanxian.loan.allocate import move_open, pay_due, pay_row_by_row
from kuanxian.loan.memory import Loan
from kuanxian.loan.overdue import cap_row, charge_overdue, note_cure
from kuanxian.loan.rows import owed_fen, unpaid_fen
from kuanxian.loan.terms import FutureRule, Part, PenaltyBase
from kuanxian.loan.trace import What, log


def advance(loan: Loan, to_on: int) -> None:
    """Let time pass up to the close of a day.

    Rows fall due one by one; the borrower's credit is used on each due day; interest
    accrues; then penalty and late fees are charged up to the day.
    """
    seq = loan.seq
    loan.seq = 0
    while loan.fallen < loan.rows and loan.plan[loan.fallen].due_on <= to_on:
        fall_due(loan)
    loan.now_on = to_on
    if is_daily(loan) and loan.ended_on == NO_DAY:
        loan.asked_from_on = loan.accrued_to_on
        loan.asked_ufen = loan.plan[min(loan.fallen, loan.rows - 1)].accrued_ufen
        accrue_daily(loan, to_on)
    if loan.open_row < loan.fallen:
        charge_overdue(loan, to_on)
    loan.seq = seq


def fall_due(loan: Loan) -> None:
    """Let the next row fall due on its day, and use credit for what is due then."""
    row = loan.fallen
    due_on = loan.plan[row].due_on
    loan.now_on = max(loan.now_on, due_on)
    if is_daily(loan) and loan.ended_on == NO_DAY:
        accrue_daily(loan, max(due_on, loan.plan[row].end_on))
    # What was charged before today comes first under the cap, at the rate in force, and
    # before credit is used.
    if (
        loan.credit_fen > 0
        or loan.conventions.daily_cost_cap_ppb > 0
        or loan.conventions.penalty_base == PenaltyBase.OUTSTANDING
        or loan.conventions.total_cost_cap_ppb > 0
    ):
        charge_overdue(loan, due_on)
    cap_row(loan, row)
    loan.plan[row].penalty_from_on = due_on
    loan.future_fen -= owed_fen(loan, Part.PRINCIPAL, row)
    loan.fallen = row + 1
    log(loan, row, What.DUE, Part.FEE, loan.plan[row].asked_fen[Part.FEE])
    log(loan, row, What.DUE, Part.INTEREST, loan.plan[row].asked_fen[Part.INTEREST])
    log(loan, row, What.DUE, Part.PRINCIPAL, loan.plan[row].asked_fen[Part.PRINCIPAL])
    if loan.credit_fen > 0:
        use_credit(loan)
    else:
        move_open(loan)


def use_credit(loan: Loan) -> None:
    """Use the borrower's credit for what has fallen due."""
    credit_fen = loan.credit_fen
    left_fen = pay_due(loan, credit_fen)
    loan.credit_fen = left_fen
    log(loan, -1, What.USED, Part.ANY, credit_fen - left_fen)
    note_cure(loan, loan.now_on)


def finish(loan: Loan) -> None:
    """Use the borrower's credit for all that will still fall due, now that no principal is left.

    Nothing accrues on none: with daily interest the rows not yet due ask for what has
    accrued and no more. Where the credit is enough for everything, waiting for the due days
    would change nothing, and the loan is settled then and there. It waits where the contract
    holds money till then, and under a cap on the total cost: the due days may yet cut it.
    """
    if loan.fallen == loan.rows or loan.ended_on != NO_DAY:
        return
    if is_daily(loan):
        carry_ufen = loan.carry_ufen
        for row in range(max(loan.closed, loan.fallen), loan.rows):
            _, carry_ufen = ask_accrued(loan, row, carry_ufen)
    wanted_fen = 0
    for row in range(loan.fallen, loan.rows):
        wanted_fen += unpaid_fen(loan, row) + owed_fen(loan, Part.PENALTY, row)
    holds = loan.conventions.future_rule == FutureRule.HOLD
    if wanted_fen <= loan.credit_fen and not holds and loan.conventions.total_cost_cap_ppb == 0:
        log(loan, -1, What.USED, Part.ANY, wanted_fen)
        pay_row_by_row(loan, (loan.fallen, loan.rows), wanted_fen)
        loan.credit_fen -= wanted_fen
