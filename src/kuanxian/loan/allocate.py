"""Allocate: which part of the debt a payment clears first.

What is overdue comes before what falls due today, and that before what is not yet due.
Within each, the contract's order decides; where it has none, the statute does.

Source:
    Civil Code art. 561 (V1): unless agreed otherwise, a payment too small for the
    whole debt clears the costs of enforcement, then interest, then principal.
    Art. 560 lets the debtor designate among several debts; an event may designate a
    part or an instalment.
"""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import is_daily
from kuanxian.loan.interest import floor_ufen
from kuanxian.loan.memory import Loan
from kuanxian.loan.needed import (
    asking_row,
    interest_needed_fen,
    principal_needed_fen,
    still_needed_fen,
)
from kuanxian.loan.rows import PARTS, is_met, owed_fen, unpaid_fen
from kuanxian.loan.terms import Direction, FutureRule, Part
from kuanxian.loan.trace import What, log


def part_at(order: int, place: int) -> int:
    """Read one digit of an allocation order, from the left.

    Example:
        >>> [part_at(1324, place) for place in range(4)]
        [1, 3, 2, 4]
    """
    if place == 0:
        return order // 1_000
    if place == 1:
        return order // 100 % 10
    if place == 2:
        return order // 10 % 10
    return order % 10


def meet(loan: Loan, row: int, part: int, amount_fen: int) -> int:
    """Meet one part of one row, as far as the amount goes.

    Returns:
        What was used, fen.
    """
    left_fen = owed_fen(loan, part, row)
    used_fen = min(amount_fen, left_fen)
    if used_fen <= 0:
        return 0
    loan.plan[row].met_fen[part] += used_fen
    if part == Part.PRINCIPAL:
        loan.outstanding_fen -= used_fen
        if row >= loan.fallen:
            loan.future_fen -= used_fen
    if used_fen == left_fen and is_met(loan, row):
        loan.plan[row].met_on = loan.now_on
    return used_fen


def pay(loan: Loan, row: int, part: int, amount_fen: int) -> int:
    """Pay one part of one row.

    Returns:
        What is left of the amount, fen.
    """
    if amount_fen <= 0 or owed_fen(loan, part, row) <= 0:
        return amount_fen
    if loan.conventions.total_cost_cap_ppb > 0 and row >= loan.fallen and part != Part.PRINCIPAL:
        # The cap may yet cut what a row not yet due asks for: keep the money till then.
        held_fen = min(amount_fen, beyond_loose_fen(loan, owed_fen(loan, part, row)))
        loan.credit_fen += held_fen
        log(loan, row, What.HELD, part, held_fen)
        return amount_fen - held_fen
    used_fen = meet(loan, row, part, amount_fen)
    loan.paid_part_fen[part] += used_fen
    log(loan, row, What.PAID, part, used_fen)
    return amount_fen - used_fen


def beyond_loose_fen(loan: Loan, wanted_fen: int) -> int:
    """Count on loose credit for what is wanted, as far as there is any; find what it lacks, fen."""
    found_fen = min(loan.loose_fen, wanted_fen)
    loan.loose_fen -= found_fen
    return wanted_fen - found_fen


def pay_rows(
    loan: Loan,
    span: tuple[int, int],
    amount_fen: int,
) -> int:
    """Pay the rows of a span, instalment by instalment or part by part.

    Args:
        loan: The loan; its conventions give order and direction.
        span: First row and the row after the last.
        amount_fen: What there is.

    Returns:
        What is left, fen.
    """
    if loan.conventions.direction == Direction.HORIZONTAL:
        return pay_row_by_row(loan, span, amount_fen)
    for place in range(PARTS):
        part = part_at(loan.conventions.allocation_order, place)
        for row in range(span[0], span[1]):
            if amount_fen > 0:
                amount_fen = pay(loan, row, part, amount_fen)
    return amount_fen


def pay_row_by_row(loan: Loan, span: tuple[int, int], amount_fen: int) -> int:
    """Pay the rows of a span one after the other, each part in the contract's order.

    Returns:
        What is left, fen.
    """
    for row in range(span[0], span[1]):
        if amount_fen == 0:
            return 0
        wanted_fen = unpaid_fen(loan, row) + owed_fen(loan, Part.PENALTY, row)
        if amount_fen >= wanted_fen and (
            row < loan.fallen or loan.conventions.total_cost_cap_ppb == 0
        ):
            pay_whole(loan, row, wanted_fen)
            amount_fen -= wanted_fen
        else:
            for place in range(PARTS):
                part = part_at(loan.conventions.allocation_order, place)
                amount_fen = pay(loan, row, part, amount_fen)
    return amount_fen


def pay_whole(loan: Loan, row: int, wanted_fen: int) -> None:
    """Pay all a row asks for, where there is enough: the order of its parts is then no matter.

    It leaves what ``pay`` part by part would leave.

    Args:
        loan: The loan.
        row: The row.
        wanted_fen: What it asks for, all parts together.
    """
    if wanted_fen == 0:
        return
    for place in range(PARTS):
        part = part_at(loan.conventions.allocation_order, place)
        log(loan, row, What.PAID, part, owed_fen(loan, part, row))
    principal_fen = owed_fen(loan, Part.PRINCIPAL, row)
    loan.outstanding_fen -= principal_fen
    if row >= loan.fallen:
        loan.future_fen -= principal_fen
    for part in range(1, PARTS + 1):
        loan.paid_part_fen[part] += owed_fen(loan, part, row)
        loan.plan[row].met_fen[part] = loan.plan[row].asked_fen[part]
    loan.plan[row].met_on = loan.now_on


def pay_due(loan: Loan, amount_fen: int) -> int:
    """Pay what has fallen due: the overdue first, then what is due today.

    Returns:
        What is left, fen.
    """
    if loan.open_row == loan.fallen:
        return amount_fen
    if loan.conventions.direction == Direction.HORIZONTAL:
        amount_fen = pay_row_by_row(loan, (loan.open_row, loan.fallen), amount_fen)
        move_open(loan)
        return amount_fen
    today = due_today(loan)
    amount_fen = pay_rows(loan, (loan.open_row, today), amount_fen)
    if amount_fen > 0:
        amount_fen = pay_rows(loan, (today, loan.fallen), amount_fen)
    move_open(loan)
    return amount_fen


def due_today(loan: Loan) -> int:
    """Find the first row that falls due today; where none does, the one after the overdue."""
    today = loan.fallen
    while today > loan.open_row and loan.plan[today - 1].due_on == loan.now_on:
        today -= 1
    return today


def move_open(loan: Loan) -> None:
    """Move past the rows that have fallen due and are fully met."""
    while loan.open_row < loan.fallen and is_met(loan, loan.open_row):
        loan.open_row += 1


def pay_designated(
    loan: Loan,
    wish: tuple[int, int],
    amount_fen: int,
) -> int:
    """Pay what the borrower designates: an instalment, a part, or a part of an instalment.

    Args:
        loan: The loan.
        wish: Part (0: any) and instalment number (0: any that has fallen due).
        amount_fen: What there is.

    Returns:
        What is left for the ordinary order, fen.
    """
    part, number = wish
    if number > loan.rows:
        return amount_fen
    first = number - 1 if number > 0 else loan.open_row
    end = number if number > 0 else loan.fallen
    if number > loan.fallen and is_daily(loan) and loan.ended_on == NO_DAY:
        return pay_ahead_daily(loan, first, part, amount_fen)
    if part == Part.ANY:
        amount_fen = pay_rows(loan, (first, end), amount_fen)
    else:
        for row in range(first, end):
            amount_fen = pay(loan, row, part, amount_fen)
    move_open(loan)
    return amount_fen


def pay_ahead_daily(loan: Loan, row: int, part: int, amount_fen: int) -> int:
    """Pay a part (0: all, in order) of one row not yet due whose interest accrues daily.

    Returns:
        What is left, fen: the interest that has not accrued is not there to be paid.
    """
    for place in range(PARTS):
        each = part_at(loan.conventions.allocation_order, place)
        if part == Part.ANY or part == each:
            if each == Part.INTEREST:
                amount_fen = pay_accrued(loan, row, amount_fen)
            else:
                amount_fen = pay(loan, row, each, amount_fen)
    return amount_fen


def pay_accrued(loan: Loan, row: int, amount_fen: int) -> int:
    """Pay the daily interest of a row not yet due as far as it has accrued, or was brought to it.

    Returns:
        What is left, fen.
    """
    accrued_fen = floor_ufen(loan.plan[row].accrued_ufen) + loan.plan[row].brought_interest_fen
    wanted_fen = max(accrued_fen - loan.plan[row].met_fen[Part.INTEREST], 0)
    wanted_fen = min(wanted_fen, owed_fen(loan, Part.INTEREST, row))
    interest_fen = min(amount_fen, beyond_loose_fen(loan, wanted_fen))
    return amount_fen - interest_fen + pay(loan, row, Part.INTEREST, interest_fen)


def pay_next(loan: Loan, amount_fen: int) -> int:
    """Pay the instalments not yet due, in order (scheduled interest).

    Always one instalment after the other: money spread over a part of all of them
    would leave the next one unpaid on its due day.
    """
    return pay_row_by_row(loan, (loan.fallen, loan.rows), amount_fen)


def pay_next_daily(
    loan: Loan,
    amount_fen: int,
) -> int:
    """Pay the instalments not yet due, in order, where interest accrues daily.

    The next one that asks for anything first: the interest accrued so far, its fee, its principal;
    then the interest still to accrue up to it is held as credit, so that whoever pays a
    day early is not a fen short on the due day. The rest pays principal of the
    instalments after it. Where there is enough for all of it, with what was held before, no
    interest is still to come, and nothing is held.
    """
    row = asking_row(loan)
    amount_fen = pay_accrued(loan, row, amount_fen)
    for part in (Part.FEE, Part.PENALTY):
        amount_fen = pay(loan, row, part, amount_fen)
    principal_fen = min(amount_fen, principal_needed_fen(loan, row))
    amount_fen += pay(loan, row, Part.PRINCIPAL, principal_fen) - principal_fen
    held_fen = 0
    # Under a cap fee and penalty were not paid but held; otherwise nothing of them is left.
    besides_fen = owed_fen(loan, Part.FEE, row) + owed_fen(loan, Part.PENALTY, row)
    accrued_fen = interest_needed_fen(loan, row, loan.accrued_to_on)
    if amount_fen + loan.credit_fen < loan.future_fen + accrued_fen + besides_fen:
        needed_fen = still_needed_fen(loan, row) + besides_fen
        held_fen = min(amount_fen, max(needed_fen - loan.credit_fen, 0))
        amount_fen -= held_fen
    else:
        amount_fen = pay(loan, row, Part.PRINCIPAL, amount_fen + loan.credit_fen)
        loan.credit_fen = 0
    for later in range(row + 1, loan.rows):
        amount_fen = pay(loan, later, Part.PRINCIPAL, amount_fen)
    return amount_fen + held_fen


def pay_last(loan: Loan, amount_fen: int) -> int:
    """Pay the instalments not yet due from the last one backwards."""
    daily = is_daily(loan)
    row = loan.rows - 1
    while row >= loan.fallen and amount_fen > 0:
        if daily:
            amount_fen = pay(loan, row, Part.PRINCIPAL, amount_fen)
        else:
            amount_fen = pay_row_by_row(loan, (row, row + 1), amount_fen)
        row -= 1
    return amount_fen


def pay_future(
    loan: Loan,
    amount_fen: int,
) -> int:
    """Use money that exceeds what is due, by the contract's rule (REAMORTISE apart).

    Returns:
        What is left to be held as credit, fen.
    """
    if loan.conventions.total_cost_cap_ppb > 0:
        loan.loose_fen = loan.credit_fen
    if loan.conventions.future_rule == FutureRule.LAST:
        amount_fen = pay_last(loan, amount_fen)
    elif loan.conventions.future_rule == FutureRule.NEXT:
        if is_daily(loan):
            amount_fen = pay_next_daily(loan, amount_fen)
        else:
            amount_fen = pay_next(loan, amount_fen)
    loan.loose_fen = 0
    return amount_fen
