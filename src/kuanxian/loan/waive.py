"""Waive: the lender gives up part of what is owed."""

from kuanxian.loan.accrue import is_daily
from kuanxian.loan.allocate import meet, move_open, part_at
from kuanxian.loan.events import Refused
from kuanxian.loan.memory import Loan
from kuanxian.loan.rows import PARTS, owed_fen
from kuanxian.loan.terms import Part
from kuanxian.loan.trace import What, log


def waive_part(loan: Loan, part: int, amount_fen: int) -> int:
    """Waive one part, oldest row first.

    Args:
        loan: The loan.
        part: Which part.
        amount_fen: How much; 0: all of it that has fallen due.

    Returns:
        What was waived, fen. More than is owed cannot be waived.
    """
    end = loan.rows if amount_fen > 0 else loan.fallen
    if part == Part.INTEREST and is_daily(loan):
        end = loan.fallen
    waived_fen = 0
    for row in range(loan.open_row, end):
        left_fen = owed_fen(loan, part, row)
        if amount_fen > 0:
            left_fen = min(left_fen, amount_fen - waived_fen)
        used_fen = meet(loan, row, part, left_fen)
        log(loan, row, What.WAIVED, part, used_fen)
        waived_fen += used_fen
    loan.waived_fen += waived_fen
    if part == Part.PRINCIPAL:
        loan.waived_principal_fen += waived_fen
    return waived_fen


def waive(loan: Loan, part: int, amount_fen: int) -> int:
    """Waive an amount of one part, or of any part in the order payments clear them.

    Returns:
        A ``Refused`` code: NOTHING_LEFT where there is nothing to waive.
    """
    total_fen = 0
    if part != Part.ANY:
        total_fen = waive_part(loan, part, amount_fen)
    else:
        for place in range(PARTS):
            if amount_fen == 0 or total_fen < amount_fen:
                left_fen = amount_fen - total_fen if amount_fen > 0 else 0
                total_fen += waive_part(
                    loan,
                    part_at(loan.conventions.allocation_order, place),
                    left_fen,
                )
    move_open(loan)
    return Refused.NOTHING_LEFT if total_fen == 0 else Refused.NONE
