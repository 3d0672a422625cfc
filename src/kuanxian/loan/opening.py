"""Opening: the first schedule of a loan, as its contract has it."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.due import first_due_day, measure_period, series_day
from kuanxian.loan.layout import spread
from kuanxian.loan.memory import Loan
from kuanxian.loan.rows import PARTS, clear_row
from kuanxian.loan.series import open_series
from kuanxian.loan.terms import Method, Part
from kuanxian.loan.trace import What, log


def open_state(loan: Loan) -> None:
    """Reset the figures of a loan to the day it is paid out."""
    loan.seq = 0
    loan.rows = 0
    loan.open_row = 0
    loan.fallen = 0
    loan.closed = 0
    loan.accrual_row = 0
    loan.plan_first = 0
    loan.plain = 0
    loan.flat_base_fen = 0
    loan.after_fen = 0
    loan.carry_ufen = 0
    loan.outstanding_fen = 0
    loan.future_fen = 0
    loan.credit_fen = 0
    loan.loose_fen = 0
    loan.freed_fen = 0
    loan.paid_fen = 0
    loan.credited_fen = 0
    loan.refunded_fen = 0
    loan.waived_fen = 0
    loan.waived_principal_fen = 0
    loan.capitalised_fen = 0
    loan.drawn_fen = 0
    loan.recovered_fen = 0
    loan.cost_fen = 0
    loan.last_paid_fen = 0
    loan.paid_in_period_fen = 0
    loan.ended = 0
    loan.has_pause = 0
    loan.refused_count = 0
    loan.refused_late = 0
    loan.matured_on = NO_DAY
    loan.refused_seq = 0
    loan.refused_reason = 0
    loan.traced = 0
    for part in range(1, PARTS + 1):
        loan.paid_part_fen[part] = 0
    loan.now_on = loan.terms.disbursed_on
    loan.accrued_to_on = loan.terms.disbursed_on
    loan.rate_ppb = loan.terms.rate_ppb
    loan.method = loan.conventions.method
    loan.instalment_fen = loan.terms.instalment_fen
    loan.due_day = 0
    loan.stops = 0
    loan.default_since_on = NO_DAY
    loan.cured_on = NO_DAY
    loan.last_paid_on = NO_DAY
    loan.ended_on = NO_DAY
    loan.written_off_on = NO_DAY
    loan.penalty_to_on = NO_DAY


def open_loan(loan: Loan) -> None:
    """Lay out the schedule the contract promises.

    A down payment is row 0, due on the day of disbursement. A given schedule has no
    rows yet; they are put in by ``give_row``.
    """
    loan.drawn_fen = loan.terms.principal_fen
    log(loan, -1, What.DRAWN, Part.PRINCIPAL, loan.terms.principal_fen)
    first = 0
    if loan.terms.down_payment_fen > 0:
        clear_row(loan, 0)
        loan.plan[0].start_on = loan.terms.disbursed_on
        loan.plan[0].end_on = loan.terms.disbursed_on
        loan.plan[0].due_on = loan.terms.disbursed_on
        loan.plan[0].asked_fen[Part.PRINCIPAL] = loan.terms.down_payment_fen
        loan.outstanding_fen = loan.terms.down_payment_fen
        loan.future_fen = loan.terms.down_payment_fen
        first = 1
    loan.plan_first = first
    loan.rows = first
    if loan.conventions.method == Method.GIVEN:
        loan.due_day = series_day(loan.terms, first_due_day(loan.terms, loan.conventions))
        return
    open_series(loan, first)
    if loan.terms.fee_fen > 0:
        for row in range(first, first + loan.terms.instalments):
            loan.plan[row].asked_fen[Part.FEE] = loan.terms.fee_fen
    loan.rows = first + loan.terms.instalments
    balance_fen = loan.terms.principal_fen - loan.terms.down_payment_fen
    loan.outstanding_fen += balance_fen
    loan.future_fen += balance_fen
    loan.flat_base_fen = balance_fen
    spread(loan, first, balance_fen, 0)


def give_row(loan: Loan, row_on: int, amounts_fen: tuple[int, int, int]) -> None:
    """Put one row of a given schedule where its due day belongs.

    Args:
        loan: The loan.
        row_on: Its due day.
        amounts_fen: Principal, interest and fee.
    """
    row = loan.rows
    first = loan.plan_first
    clear_row(loan, row)
    while row > first and loan.plan[row - 1].due_on > row_on:
        loan.plan[row].end_on = loan.plan[row - 1].end_on
        loan.plan[row].due_on = loan.plan[row - 1].due_on
        for part in range(1, PARTS + 1):
            loan.plan[row].asked_fen[part] = loan.plan[row - 1].asked_fen[part]
        row -= 1
    loan.plan[row].end_on = row_on
    loan.plan[row].due_on = row_on
    loan.plan[row].asked_fen[Part.PRINCIPAL] = amounts_fen[0]
    loan.plan[row].asked_fen[Part.INTEREST] = amounts_fen[1]
    loan.plan[row].asked_fen[Part.FEE] = amounts_fen[2]
    loan.rows += 1


def close_given(loan: Loan) -> None:
    """Finish a given schedule: periods follow one another, the last row takes the rest.

    Given due days are not rolled: the lender states the day itself. Where no row was
    given at all, everything is due on the first due day of the contract.
    """
    if loan.rows == loan.plan_first:
        give_row(loan, first_due_day(loan.terms, loan.conventions), (0, 0, 0))
    start_on = loan.terms.disbursed_on
    left_fen = loan.terms.principal_fen - loan.outstanding_fen
    for row in range(loan.plan_first, loan.rows):
        loan.plan[row].start_on = start_on
        start_on = loan.plan[row].end_on
        measure_period(loan, row, False, loan.due_day)
        last = row == loan.rows - 1
        principal_fen = (
            left_fen if last else min(loan.plan[row].asked_fen[Part.PRINCIPAL], left_fen)
        )
        loan.plan[row].asked_fen[Part.PRINCIPAL] = principal_fen
        left_fen -= principal_fen
        loan.outstanding_fen += principal_fen
        loan.future_fen += principal_fen
