"""Overdue: penalty interest, late fees, and since when a loan is in default.

Penalty is simple: it never bears interest or penalty itself. Within the grace days
nothing is charged; after them it counts from the due day, or from the end of grace
where the contract says so.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, UFEN
from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import Rounding, round_ufen, share_fen
from kuanxian.loan.accrue import is_daily
from kuanxian.loan.interest import rate_year_days, simple_ufen
from kuanxian.loan.memory import (
    COST,
    CURED,
    DEFAULT_SINCE,
    DRAWN,
    DUE_ON,
    FALLEN,
    FEE,
    FEE_MET,
    GRACE,
    INTEREST,
    INTEREST_MET,
    LATE_FEE_DONE,
    OPEN,
    OUTSTANDING,
    PENALTY,
    PENALTY_BOOKED,
    PENALTY_FROM,
    PENALTY_TO,
    PENALTY_UFEN,
    PRINCIPAL,
    PRINCIPAL_MET,
    RATE,
    STOP_FROM,
    STOP_UNTIL,
    Grid,
)
from kuanxian.loan.terms import Conventions, Part, PenaltyBase, Terms
from kuanxian.loan.trace import What, log


def unpaid_fen(rows: Grid, row: int) -> int:
    """Add up what a row still asks for, without penalty: what decides ageing."""
    return (
        rows[PRINCIPAL, row]
        - rows[PRINCIPAL_MET, row]
        + rows[INTEREST, row]
        - rows[INTEREST_MET, row]
        + rows[FEE, row]
        - rows[FEE_MET, row]
    )


def cost_room_fen(conventions: Conventions, state: list[int], wanted_fen: int) -> int:
    """Cut a charge to what the cap on the total cost leaves."""
    if conventions.total_cost_cap_ppb == 0:
        return wanted_fen
    cap_fen = share_fen(state[DRAWN], conventions.total_cost_cap_ppb, Rounding.FLOOR)
    return min(wanted_fen, max(cap_fen - state[COST], 0))


def charge_overdue(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], trace: Grid, to_on: int
) -> None:
    """Charge penalty and late fees up to a day, and note since when the loan is in default.

    Args:
        terms: The contract's figures.
        conventions: Its settings.
        rows: The schedule; PENALTY and its companions are written.
        state: The loan's figures; DEFAULT_SINCE and COST are written.
        trace: Entries go here.
        to_on: The day, included.
    """
    oldest = True
    for row in range(state[OPEN], state[FALLEN]):
        due_on = rows[DUE_ON, row]
        if due_on >= to_on or unpaid_fen(rows, row) <= conventions.tolerance_fen:
            continue
        if state[DEFAULT_SINCE] == NO_DAY:
            state[DEFAULT_SINCE] = due_on + 1
        grace_end_on = due_on + terms.grace_days + rows[GRACE, row]
        if to_on > grace_end_on:
            if conventions.penalty_base != PenaltyBase.OUTSTANDING or oldest:
                from_on = grace_end_on if conventions.penalty_grace == 1 else due_on
                charge_penalty(terms, conventions, rows, state, row, (from_on, to_on))
            charge_late_fee(terms, conventions, rows, state, row, grace_end_on + 1)
            book_penalty(conventions, rows, state, trace, row)
            oldest = False


def penalty_days(state: list[int], from_on: int, to_on: int) -> int:
    """Count the days after ``from_on`` up to ``to_on``, without those of a penalty stop."""
    days = max(to_on - from_on, 0)
    if state[STOP_FROM] == NO_DAY:
        return days
    stopped_from_on = max(from_on + 1, state[STOP_FROM])
    stopped_to_on = min(to_on, state[STOP_UNTIL])
    return days - max(stopped_to_on - stopped_from_on + 1, 0) if days > 0 else 0


def charge_penalty(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    row: int,
    days_on: tuple[int, int],
) -> None:
    """Accrue penalty interest on one overdue row up to a day."""
    from_on = max(days_on[0], rows[PENALTY_FROM, row])
    base_fen = rows[PRINCIPAL, row] - rows[PRINCIPAL_MET, row]
    if conventions.penalty_base == PenaltyBase.OVERDUE_INSTALMENT:
        base_fen += rows[INTEREST, row] - rows[INTEREST_MET, row]
    if conventions.penalty_base == PenaltyBase.OUTSTANDING:
        base_fen = state[OUTSTANDING]
        from_on = max(from_on, state[PENALTY_TO])
        state[PENALTY_TO] = max(days_on[1], state[PENALTY_TO])
    days = penalty_days(state, from_on, days_on[1])
    rows[PENALTY_FROM, row] = max(days_on[1], rows[PENALTY_FROM, row])
    if days == 0 or terms.penalty_rate_ppb == 0:
        return
    # A single instalment of more than 20 million yuan is outside the bounds; hold the
    # base inside them, so that the product below cannot wrap.
    base_fen = min(base_fen, BALANCE_FEN_MAX)
    penalty_ufen = simple_ufen(base_fen, terms.penalty_rate_ppb, days, rate_year_days(conventions))
    if conventions.daily_cost_cap_ppb > 0:
        room_ufen = simple_ufen(base_fen, conventions.daily_cost_cap_ppb, days, 1)
        if is_daily(state, conventions) and conventions.overdue_interest == 1:
            room_ufen -= simple_ufen(base_fen, state[RATE], days, rate_year_days(conventions))
        penalty_ufen = min(penalty_ufen, max(room_ufen, 0))
    rows[PENALTY_UFEN, row] += penalty_ufen


def charge_late_fee(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], row: int, charged_on: int
) -> None:
    """Charge the late fee of a row, once, the day after its grace."""
    if rows[LATE_FEE_DONE, row] == 1:
        return
    rows[LATE_FEE_DONE, row] = 1
    if state[STOP_FROM] != NO_DAY and state[STOP_FROM] <= charged_on <= state[STOP_UNTIL]:
        return
    part_fen = share_fen(
        unpaid_fen(rows, row), conventions.late_fee_ppb, conventions.penalty_rounding
    )
    rows[PENALTY_UFEN, row] += (terms.late_fee_fen + part_fen) * UFEN


def book_penalty(
    conventions: Conventions, rows: Grid, state: list[int], trace: Grid, row: int
) -> None:
    """Charge the whole fen of a row's penalty, up to the caps."""
    total_fen = round_ufen(rows[PENALTY_UFEN, row], conventions.penalty_rounding)
    if conventions.penalty_cap_ppb > 0:
        asked_fen = rows[PRINCIPAL, row] + rows[INTEREST, row]
        total_fen = min(
            total_fen, share_fen(asked_fen, conventions.penalty_cap_ppb, Rounding.FLOOR)
        )
    wanted_fen = max(total_fen - rows[PENALTY_BOOKED, row], 0)
    charged_fen = cost_room_fen(conventions, state, wanted_fen)
    rows[PENALTY_BOOKED, row] += wanted_fen
    rows[PENALTY, row] += charged_fen
    state[COST] += charged_fen
    log(trace, state, row, What.CHARGED, Part.PENALTY, charged_fen)
    log(trace, state, row, What.CAPPED, Part.PENALTY, wanted_fen - charged_fen)


def note_cure(conventions: Conventions, rows: Grid, state: list[int], day_on: int) -> None:
    """End the overdue episode if nothing is overdue any more."""
    if state[DEFAULT_SINCE] == NO_DAY:
        return
    for row in range(state[OPEN], state[FALLEN]):
        if rows[DUE_ON, row] < day_on and unpaid_fen(rows, row) > conventions.tolerance_fen:
            return
    state[DEFAULT_SINCE] = NO_DAY
    state[CURED] = day_on
