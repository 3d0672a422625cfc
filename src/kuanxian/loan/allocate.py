"""Allocate: which part of the debt a payment clears first.

What is overdue comes before what falls due today, and that before what is not yet due.
Within each, the contract's order decides; where it has none, the statute does.

Source:
    Civil Code art. 561 (V1): unless agreed otherwise, a payment too small for the
    whole debt clears the costs of enforcement, then interest, then principal.
    Art. 560 lets the debtor designate among several debts; an event may designate a
    part or an instalment.
"""

from kuanxian.loan.accrue import is_daily
from kuanxian.loan.interest import floor_ufen, period_ufen, round_interest
from kuanxian.loan.layout import row_rate_ppb
from kuanxian.loan.memory import (
    ACCRUED_TO,
    ACCRUED_UFEN,
    CHARGED,
    CREDIT,
    DUE_ON,
    END_ON,
    FALLEN,
    FUTURE,
    INSTALMENT,
    INTEREST_MET,
    MET,
    MET_ON,
    METHOD,
    NOW,
    OPEN,
    OUTSTANDING,
    PAID_PART,
    PRINCIPAL,
    PRINCIPAL_MET,
    ROWS,
    Grid,
)
from kuanxian.loan.terms import Conventions, Direction, FutureRule, Method, Part, Terms
from kuanxian.loan.trace import What, log

PARTS = 4


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


def meet(rows: Grid, state: list[int], row: int, part: int, amount_fen: int) -> int:
    """Meet one part of one row, as far as the amount goes.

    Returns:
        What was used, fen.
    """
    used_fen = min(amount_fen, rows[CHARGED + part, row] - rows[MET + part, row])
    if used_fen <= 0:
        return 0
    rows[MET + part, row] += used_fen
    if part == Part.PRINCIPAL:
        state[OUTSTANDING] -= used_fen
        if row >= state[FALLEN]:
            state[FUTURE] -= used_fen
    if is_met(rows, row):
        rows[MET_ON, row] = state[NOW]
    return used_fen


def is_met(rows: Grid, row: int) -> bool:
    """Say whether nothing of a row is left."""
    for part in range(1, PARTS + 1):
        if rows[CHARGED + part, row] != rows[MET + part, row]:
            return False
    return True


def pay(rows: Grid, state: list[int], trace: Grid, row: int, part: int, amount_fen: int) -> int:
    """Pay one part of one row.

    Returns:
        What is left of the amount, fen.
    """
    used_fen = meet(rows, state, row, part, amount_fen)
    if used_fen > 0:
        state[PAID_PART + part] += used_fen
        log(trace, state, row, What.PAID, part, used_fen)
    return amount_fen - used_fen


def pay_rows(
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    span: tuple[int, int],
    amount_fen: int,
) -> int:
    """Pay the rows of a span, instalment by instalment or part by part.

    Args:
        conventions: Order and direction.
        rows: The schedule.
        state: The loan's figures.
        trace: Entries go here.
        span: First row and the row after the last.
        amount_fen: What there is.

    Returns:
        What is left, fen.
    """
    first, end = span
    if conventions.direction == Direction.HORIZONTAL:
        for row in range(first, end):
            for place in range(PARTS):
                if amount_fen > 0:
                    part = part_at(conventions.allocation_order, place)
                    amount_fen = pay(rows, state, trace, row, part, amount_fen)
    else:
        for place in range(PARTS):
            part = part_at(conventions.allocation_order, place)
            for row in range(first, end):
                if amount_fen > 0:
                    amount_fen = pay(rows, state, trace, row, part, amount_fen)
    return amount_fen


def pay_due(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, amount_fen: int
) -> int:
    """Pay what has fallen due: the overdue first, then what is due today.

    Returns:
        What is left, fen.
    """
    today = state[FALLEN]
    while today > state[OPEN] and rows[DUE_ON, today - 1] == state[NOW]:
        today -= 1
    amount_fen = pay_rows(conventions, rows, state, trace, (state[OPEN], today), amount_fen)
    if amount_fen > 0:
        amount_fen = pay_rows(conventions, rows, state, trace, (today, state[FALLEN]), amount_fen)
    move_open(rows, state)
    return amount_fen


def move_open(rows: Grid, state: list[int]) -> None:
    """Move past the rows that have fallen due and are fully met."""
    while state[OPEN] < state[FALLEN] and is_met(rows, state[OPEN]):
        state[OPEN] += 1


def pay_designated(
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    wish: tuple[int, int],
    amount_fen: int,
) -> int:
    """Pay what the borrower designates: an instalment, a part, or a part of an instalment.

    Args:
        conventions: The order within an instalment.
        rows: The schedule.
        state: The loan's figures.
        trace: Entries go here.
        wish: Part (0: any) and instalment number (0: any that has fallen due).
        amount_fen: What there is.

    Returns:
        What is left for the ordinary order, fen.
    """
    part, number = wish
    if number > state[ROWS]:
        return amount_fen
    first = number - 1 if number > 0 else state[OPEN]
    end = number if number > 0 else state[FALLEN]
    if part == Part.ANY:
        if number > 0:
            amount_fen = pay_rows(conventions, rows, state, trace, (first, end), amount_fen)
    else:
        for row in range(first, end):
            amount_fen = pay(rows, state, trace, row, part, amount_fen)
    move_open(rows, state)
    return amount_fen


def pay_next(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, amount_fen: int
) -> int:
    """Pay the instalments not yet due, in order (scheduled interest)."""
    return pay_rows(conventions, rows, state, trace, (state[FALLEN], state[ROWS]), amount_fen)


def pay_next_daily(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> int:
    """Pay the instalments not yet due, in order, where interest accrues daily.

    The running instalment first: the interest accrued so far, its fee, its principal;
    then the interest still to accrue in it is held as credit, so that whoever pays a
    day early is not a fen short on the due day. The rest pays principal of the
    instalments after it.
    """
    row = state[FALLEN]
    accrued_fen = floor_ufen(rows[ACCRUED_UFEN, row])
    interest_fen = min(amount_fen, max(accrued_fen - rows[INTEREST_MET, row], 0))
    amount_fen -= interest_fen - pay(rows, state, trace, row, Part.INTEREST, interest_fen)
    for part in (Part.FEE, Part.PENALTY, Part.PRINCIPAL):
        amount_fen = pay(rows, state, trace, row, part, amount_fen)
    held_fen = min(
        amount_fen, max(still_needed_fen(terms, conventions, rows, state) - state[CREDIT], 0)
    )
    amount_fen -= held_fen
    for later in range(row + 1, state[ROWS]):
        amount_fen = pay(rows, state, trace, later, Part.PRINCIPAL, amount_fen)
    return amount_fen + held_fen


def still_needed_fen(terms: Terms, conventions: Conventions, rows: Grid, state: list[int]) -> int:
    """Compute what the running row will still ask for if nothing more is paid before."""
    row = state[FALLEN]
    rest_ufen = rows[ACCRUED_UFEN, row] + period_ufen(
        rows,
        row,
        (state[ACCRUED_TO], rows[END_ON, row]),
        state[FUTURE],
        row_rate_ppb(terms, state, row),
        conventions,
    )
    interest_fen, _ = round_interest(rest_ufen, 0, conventions)
    principal_fen = rows[PRINCIPAL, row]
    if state[METHOD] == Method.LEVEL and row < state[ROWS] - 1:
        principal_fen = max(state[INSTALMENT] - interest_fen, rows[PRINCIPAL_MET, row])
    return interest_fen - rows[INTEREST_MET, row] + principal_fen - rows[PRINCIPAL_MET, row]


def pay_last(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, amount_fen: int
) -> int:
    """Pay the instalments not yet due from the last one backwards."""
    daily = is_daily(state, conventions)
    row = state[ROWS] - 1
    while row >= state[FALLEN] and amount_fen > 0:
        if daily:
            amount_fen = pay(rows, state, trace, row, Part.PRINCIPAL, amount_fen)
        else:
            amount_fen = pay_rows(conventions, rows, state, trace, (row, row + 1), amount_fen)
        row -= 1
    return amount_fen


def pay_future(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> int:
    """Use money that exceeds what is due, by the contract's rule (REAMORTISE apart).

    Returns:
        What is left to be held as credit, fen.
    """
    if conventions.future_rule == FutureRule.NEXT:
        if is_daily(state, conventions):
            return pay_next_daily(terms, conventions, rows, state, trace, amount_fen)
        return pay_next(conventions, rows, state, trace, amount_fen)
    if conventions.future_rule == FutureRule.LAST:
        return pay_last(conventions, rows, state, trace, amount_fen)
    return amount_fen
