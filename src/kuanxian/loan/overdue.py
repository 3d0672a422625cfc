"""Overdue: penalty interest, late fees, and since when a loan is in default.

Penalty is simple: it never bears interest or penalty itself. Within the grace days
nothing is charged; after them it counts from the due day, or from the end of grace
where the contract says so.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, UFEN
from kuanxian.base.days import NO_DAY
from kuanxian.base.fen import Rounding, round_ufen, share_fen
from kuanxian.loan.accrue import is_daily
from kuanxian.loan.interest import cost_room_fen, rate_year_days, simple_ufen
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import row_rate_ppb
from kuanxian.loan.rows import owed_fen, unpaid_fen
from kuanxian.loan.terms import Part, PenaltyBase
from kuanxian.loan.trace import What, log


def cap_row(loan: Loan, row: int) -> None:
    """Cut interest and fee of a row to what the cap on the total cost leaves.

    What was brought here counted where it was charged first.
    """
    cap_part(loan, row, Part.INTEREST, loan.plan[row].brought_interest_fen)
    cap_part(loan, row, Part.FEE, loan.plan[row].brought_fee_fen)


def cap_part(loan: Loan, row: int, part: int, brought_fen: int) -> None:
    """Cut one part of a row, less what was brought to it, and count it against the cap."""
    own_fen = loan.plan[row].asked_fen[part] - brought_fen
    if loan.conventions.total_cost_cap_ppb > 0:
        met_fen = loan.plan[row].met_fen[part] - brought_fen
        charged_fen, _ = under_cap(own_fen, met_fen, cost_room_fen(loan, own_fen))
        log(loan, row, What.CAPPED, part, own_fen - charged_fen)
        loan.plan[row].asked_fen[part] -= own_fen - charged_fen
        own_fen = charged_fen
    loan.cost_fen += own_fen


def under_cap(own_fen: int, met_fen: int, room_fen: int) -> tuple[int, int]:
    """Cut what a row charges to the room under the cap, but not what was met.

    Returns:
        What it charges, and the room after it, fen.

    Example:
        >>> under_cap(100, 0, 130), under_cap(100, 0, 30), under_cap(100, 50, 30)
        ((100, 30), (30, 0), (50, 0))
    """
    charged_fen = max(min(own_fen, room_fen), met_fen)
    return charged_fen, max(room_fen - charged_fen, 0)


def after_owed_fen(loan: Loan, row: int) -> int:
    """Find what of a row's interest is for days after the last period, and still owed.

    It runs beside the penalty and is no part of the instalment: it bears no penalty and
    no late fee, and raises no cap.
    """
    if row < loan.rows - 1:
        return 0
    return min(loan.after_fen, owed_fen(loan, Part.INTEREST, row))


def charge_overdue(loan: Loan, to_on: int) -> None:
    """Charge penalty and late fees up to a day, and note since when the loan is in default.

    Args:
        loan: The loan; penalties asked for and the start of a default are written.
        to_on: The day, included.
    """
    oldest = True
    for row in range(loan.open_row, loan.fallen):
        due_on = loan.plan[row].due_on
        if due_on >= to_on or unpaid_fen(loan, row) <= loan.conventions.tolerance_fen:
            continue
        if loan.default_since_on == NO_DAY:
            loan.default_since_on = due_on + 1
        grace_end_on = due_on + loan.terms.grace_days + loan.plan[row].extra_grace_days
        if to_on > grace_end_on:
            if loan.conventions.penalty_base != PenaltyBase.OUTSTANDING or oldest:
                from_on = grace_end_on if loan.conventions.penalty_grace == 1 else due_on
                charge_penalty(loan, row, (from_on, to_on))
            charge_late_fee(loan, row, grace_end_on + 1)
            book_penalty(loan, row)
            oldest = False


def penalty_days(loan: Loan, from_on: int, to_on: int) -> int:
    """Count the days after ``from_on`` up to ``to_on`` on which penalty runs.

    Days of a penalty stop do not count, nor days after the loan was ended.
    """
    if loan.ended_on != NO_DAY:
        to_on = min(to_on, loan.ended_on)
    days = max(to_on - from_on, 0)
    for stop in range(loan.stops):
        stopped_from_on = max(from_on + 1, loan.stop_from_on[stop])
        stopped_until_on = min(to_on, loan.stop_until_on[stop])
        days -= max(stopped_until_on - stopped_from_on + 1, 0)
    return days


def charge_penalty(
    loan: Loan,
    row: int,
    days_on: tuple[int, int],
) -> None:
    """Accrue penalty interest on one overdue row up to a day."""
    from_on = max(days_on[0], loan.plan[row].penalty_from_on)
    base_fen = owed_fen(loan, Part.PRINCIPAL, row)
    if loan.conventions.penalty_base == PenaltyBase.OVERDUE_INSTALMENT:
        base_fen += owed_fen(loan, Part.INTEREST, row) - after_owed_fen(loan, row)
    if loan.conventions.penalty_base == PenaltyBase.OUTSTANDING:
        base_fen = loan.outstanding_fen
        from_on = max(from_on, loan.penalty_to_on)
        loan.penalty_to_on = max(days_on[1], loan.penalty_to_on)
    days = penalty_days(loan, from_on, days_on[1])
    loan.plan[row].penalty_from_on = max(days_on[1], loan.plan[row].penalty_from_on)
    if days == 0 or loan.terms.penalty_rate_ppb == 0:
        return
    # A single instalment of more than 20 million yuan is outside the bounds; hold the
    # base inside them, so that the product below cannot wrap.
    base_fen = min(base_fen, BALANCE_FEN_MAX)
    penalty_ufen = simple_ufen(
        base_fen, loan.terms.penalty_rate_ppb, days, rate_year_days(loan.conventions)
    )
    if loan.conventions.daily_cost_cap_ppb > 0:
        room_ufen = simple_ufen(base_fen, loan.conventions.daily_cost_cap_ppb, days, 1)
        if is_daily(loan) and loan.conventions.overdue_interest == 1:
            room_ufen -= simple_ufen(
                base_fen,
                row_rate_ppb(loan, loan.accrual_row),
                days,
                rate_year_days(loan.conventions),
            )
        penalty_ufen = min(penalty_ufen, max(room_ufen, 0))
    loan.plan[row].penalty_ufen += penalty_ufen


def charge_late_fee(loan: Loan, row: int, charged_on: int) -> None:
    """Charge the late fee of a row, once, the day after its grace."""
    if loan.plan[row].late_fee_done == 1:
        return
    loan.plan[row].late_fee_done = 1
    if penalty_days(loan, charged_on - 1, charged_on) == 0:
        return
    part_fen = share_fen(
        unpaid_fen(loan, row) - after_owed_fen(loan, row),
        loan.conventions.late_fee_ppb,
        loan.conventions.penalty_rounding,
    )
    loan.plan[row].penalty_ufen += (loan.terms.late_fee_fen + part_fen) * UFEN


def book_penalty(loan: Loan, row: int) -> None:
    """Charge the whole fen of a row's penalty, up to the caps."""
    total_fen = round_ufen(loan.plan[row].penalty_ufen, loan.conventions.penalty_rounding)
    if loan.conventions.penalty_cap_ppb > 0:
        asked_fen = (
            loan.plan[row].asked_fen[Part.PRINCIPAL] + loan.plan[row].asked_fen[Part.INTEREST]
        )
        if row == loan.rows - 1:
            asked_fen -= loan.after_fen
        total_fen = min(
            total_fen, share_fen(asked_fen, loan.conventions.penalty_cap_ppb, Rounding.FLOOR)
        )
    wanted_fen = max(total_fen - loan.plan[row].penalty_booked_fen, 0)
    charged_fen = cost_room_fen(loan, wanted_fen)
    loan.plan[row].penalty_booked_fen += wanted_fen
    loan.plan[row].asked_fen[Part.PENALTY] += charged_fen
    loan.cost_fen += charged_fen
    log(loan, row, What.CHARGED, Part.PENALTY, charged_fen)
    log(loan, row, What.CAPPED, Part.PENALTY, wanted_fen - charged_fen)


def note_cure(loan: Loan, day_on: int) -> None:
    """End the overdue episode if nothing is overdue any more."""
    if loan.default_since_on == NO_DAY:
        return
    for row in range(loan.open_row, loan.fallen):
        if (
            loan.plan[row].due_on < day_on
            and unpaid_fen(loan, row) > loan.conventions.tolerance_fen
        ):
            return
    loan.default_since_on = NO_DAY
    loan.cured_on = day_on
