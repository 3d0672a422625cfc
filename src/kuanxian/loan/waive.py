"""Waive: the lender gives up part of what is owed."""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import is_daily, running_row, touch
from kuanxian.loan.allocate import meet, move_open, part_at
from kuanxian.loan.events import Refused
from kuanxian.loan.layout import relay_interest
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import is_flat
from kuanxian.loan.rows import PARTS, owed_fen
from kuanxian.loan.settle import stop_rows
from kuanxian.loan.terms import EarlyInterest, Method, Part
from kuanxian.loan.trace import What, log


def waive_part(loan: Loan, part: int, span: tuple[int, int], amount_fen: int) -> int:
    """Waive one part of the rows of a span, oldest row first.

    Args:
        loan: The loan.
        part: Which part.
        span: First row and the row after the last.
        amount_fen: How much; 0: all of it.

    Returns:
        What was waived, fen. More than is owed cannot be waived.
    """
    waived_fen = 0
    for row in range(span[0], span[1]):
        left_fen = owed_fen(loan, part, row)
        if amount_fen > 0:
            left_fen = min(left_fen, amount_fen - waived_fen)
        used_fen = meet(loan, row, part, left_fen)
        log(loan, row, What.WAIVED, part, used_fen)
        waived_fen += used_fen
        if part == Part.INTEREST:
            loan.plan[row].waived_interest_fen += used_fen
        elif part == Part.FEE:
            loan.plan[row].waived_fee_fen += used_fen
    loan.waived_fen += waived_fen
    if part == Part.PRINCIPAL:
        loan.waived_principal_fen += waived_fen
    return waived_fen


def waive_rows(loan: Loan, part: int, span: tuple[int, int], amount_fen: int) -> int:
    """Waive one part of a span of rows, or of any part in the order payments clear them."""
    total_fen = 0
    for place in range(PARTS):
        each = part_at(loan.conventions.allocation_order, place)
        wanted = part == Part.ANY or part == each
        # Interest that accrues by the day is not there before it has fallen due.
        if each == Part.INTEREST and span[0] >= loan.fallen and is_daily(loan):
            wanted = False
        if wanted and (amount_fen == 0 or total_fen < amount_fen):
            total_fen += waive_part(loan, each, span, max(amount_fen - total_fen, 0))
    return total_fen


def waive(loan: Loan, part: int, amount_fen: int) -> int:
    """Waive an amount of one part, or of any part: what has fallen due, then what has not.

    Args:
        loan: The loan.
        part: Which part; ANY: in the order payments clear them.
        amount_fen: How much; 0: all of it that has fallen due.

    Returns:
        A ``Refused`` code: NOTHING_LEFT where there is nothing to waive.
    """
    total_fen = waive_rows(loan, part, (loan.open_row, loan.fallen), amount_fen)
    if total_fen < amount_fen:
        total_fen += waive_ahead(loan, part, amount_fen - total_fen)
    move_open(loan)
    return Refused.NOTHING_LEFT if total_fen == 0 else Refused.NONE


def waive_ahead(loan: Loan, part: int, amount_fen: int) -> int:
    """Waive what has not fallen due; principal given up bears no interest any more.

    Interest accrued up to today stays. What is scheduled after today is reckoned anew from
    the principal that is left; flat and given interest stays while any is left.

    Returns:
        What was waived, fen.
    """
    ahead = (max(loan.open_row, loan.fallen), loan.rows)
    row = running_row(loan, loan.now_on)
    before_fen = loan.future_fen
    touches = part == Part.ANY or part == Part.PRINCIPAL
    if touches and row < loan.rows and loan.ended_on == NO_DAY and not is_flat(loan):
        touch(loan, loan.now_on)
    total_fen = waive_rows(loan, part, ahead, amount_fen)
    if loan.future_fen < before_fen and row < loan.rows and loan.ended_on == NO_DAY:
        if loan.future_fen == 0:
            stop_rows(loan, EarlyInterest.TO_DAY)
        elif not is_daily(loan) and not is_flat(loan) and loan.method != Method.GIVEN:
            relay_interest(loan, row)
    return total_fen
