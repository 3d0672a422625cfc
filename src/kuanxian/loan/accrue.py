"""Accrue: interest while time passes.

With DAILY interest a row's interest is what accrued on the principal actually owed.
With PERIOD and FLAT interest it is scheduled, and accrual only matters when the plan
changes or the loan is settled inside a period.
"""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.interest import (
    cost_room_fen,
    floor_ufen,
    period_ufen,
    rate_year_days,
    round_interest,
    simple_ufen,
)
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import (
    add_deferred,
    bears_principal,
    defers_interest,
    is_flat,
    row_rate_ppb,
)
from kuanxian.loan.rows import owed_fen
from kuanxian.loan.terms import InterestBasis, Method, Part
from kuanxian.loan.trace import What, log


def is_daily(loan: Loan) -> bool:
    """Say whether interest follows the principal actually owed, day by day."""
    return (
        loan.conventions.interest_basis == InterestBasis.DAILY
        and loan.method != Method.FLAT
        and loan.method != Method.GIVEN
    )


def accrue_daily(loan: Loan, to_on: int) -> None:
    """Accrue daily interest up to a day, period by period.

    The balance is the principal not yet due; overdue principal bears penalty instead,
    unless the contract says that it bears both (``overdue_interest``). In that case
    interest also runs on after the last period and is charged to the last row.
    """
    last = loan.rows - 1
    close_rows(loan, to_on)
    while loan.accrued_to_on < to_on:
        row = loan.accrual_row
        until_on = min(to_on, loan.plan[row].end_on)
        balance_fen = daily_balance_fen(loan)
        rate_ppb = row_rate_ppb(loan, row)
        if until_on > loan.accrued_to_on:
            loan.plan[row].accrued_ufen += period_ufen(
                loan, row, (loan.accrued_to_on, until_on), balance_fen, rate_ppb
            )
            loan.accrued_to_on = until_on
            close_rows(loan, to_on)
        elif row < last:
            loan.accrual_row = row + 1
        else:
            # Between the end of the last period and a due day rolled past it nothing accrues.
            if loan.conventions.overdue_interest == 1 and loan.fallen == loan.rows:
                accrue_after_maturity(loan, rate_ppb, to_on)
            loan.accrued_to_on = to_on


def reckon_ahead(loan: Loan, row: int) -> None:
    """Let a row ask for what will fall due if nothing happens before; those before it did.

    What it was laid out with was reckoned on the principal of that day, before what was
    paid ahead since. For asking alone: nothing may be folded into the loan afterwards.
    """
    if not is_daily(loan) or loan.ended_on != NO_DAY:
        return
    if loan.closed == loan.fallen:
        # As one stretch from the last event on: asking on a day in between splits none.
        loan.plan[loan.fallen].accrued_ufen = loan.asked_ufen
        loan.accrued_to_on = loan.asked_from_on
    accrue_daily(loan, max(loan.plan[row].due_on, loan.plan[row].end_on))


def daily_balance_fen(loan: Loan) -> int:
    """Find the principal that bears daily interest.

    A row whose period has ended bears none until it has fallen due: rolling a due day
    moves no interest.
    """
    balance_fen = loan.future_fen
    if loan.conventions.overdue_interest == 1:
        balance_fen = loan.outstanding_fen
    for row in range(loan.fallen, loan.closed):
        balance_fen -= owed_fen(loan, Part.PRINCIPAL, row)
    return balance_fen


def close_rows(loan: Loan, to_on: int) -> None:
    """Close the rows whose period has ended by a day and whose interest has accrued."""
    while loan.closed < loan.rows and loan.plan[loan.closed].end_on <= min(
        loan.accrued_to_on, to_on
    ):
        close_row(loan, loan.closed)
        loan.closed += 1


def accrue_after_maturity(loan: Loan, rate_ppb: int, to_on: int) -> None:
    """Let interest run on after the last row has fallen due, and charge it to that row."""
    row = loan.rows - 1
    before_fen = floor_ufen(loan.plan[row].accrued_ufen)
    loan.plan[row].accrued_ufen += simple_ufen(
        loan.outstanding_fen, rate_ppb, to_on - loan.accrued_to_on, rate_year_days(loan.conventions)
    )
    charged_fen = cost_room_fen(loan, floor_ufen(loan.plan[row].accrued_ufen) - before_fen)
    loan.plan[row].asked_fen[Part.INTEREST] += charged_fen
    loan.after_fen += charged_fen
    loan.cost_fen += charged_fen


def touch(loan: Loan, day_on: int) -> int:
    """Bring interest up to a day on which the plan changes.

    There must be a running row.

    Returns:
        The running row: the first not yet due whose period ends after the day.
    """
    row = running_row(loan, day_on)
    if is_daily(loan):
        accrue_daily(loan, day_on)
    else:
        loan.plan[row].accrued_ufen += period_ufen(
            loan,
            row,
            (max(loan.accrued_to_on, loan.plan[row].start_on), day_on),
            bearing_fen(loan, row),
            row_rate_ppb(loan, row),
        )
    loan.accrued_to_on = max(loan.accrued_to_on, day_on)
    return row


def running_row(loan: Loan, day_on: int) -> int:
    """Find the first row not yet due whose period ends after a day."""
    row = loan.fallen
    while row < loan.rows and loan.plan[row].end_on <= day_on:
        row += 1
    return row


def bearing_fen(loan: Loan, row: int) -> int:
    """Find what scheduled interest of a row is charged on: what was met ahead since, too."""
    return loan.flat_base_fen if is_flat(loan) else loan.plan[row].base_fen


def beyond_fen(loan: Loan, row: int, part: int, asked_fen: int) -> int:
    """Find what was paid of a row's interest or fee beyond what it is to ask for.

    What was waived counts first. Daily interest is not paid before it has accrued.
    """
    if part == Part.INTEREST and is_daily(loan):
        return 0
    waived_fen = loan.plan[row].waived_fee_fen
    if part == Part.INTEREST:
        waived_fen = loan.plan[row].waived_interest_fen
    return max(loan.plan[row].met_fen[part] - max(asked_fen, waived_fen), 0)


def free_beyond(loan: Loan, row: int, part: int) -> None:
    """Free what was paid of a row's interest or fee beyond what it now asks for.

    It asks for no less than what then is met. ``apply`` uses what is freed as money that
    comes in.
    """
    asked_fen = loan.plan[row].asked_fen[part]
    freed_fen = beyond_fen(loan, row, part, asked_fen)
    if freed_fen > 0:
        loan.plan[row].met_fen[part] -= freed_fen
        loan.paid_part_fen[part] -= freed_fen
        loan.freed_fen += freed_fen
        log(loan, row, What.FREED, part, freed_fen)
    loan.plan[row].asked_fen[part] = max(asked_fen, loan.plan[row].met_fen[part])


def close_row(loan: Loan, row: int) -> None:
    """Settle what a row with DAILY interest asks for, now that its period has ended.

    Interest is what accrued. With equal instalments the principal is the rest of the
    instalment, and the last rows give way.
    """
    interest_fen, loan.carry_ufen = ask_accrued(loan, row, loan.carry_ufen)
    if loan.method == Method.LEVEL and row < loan.rows - 1 and bears_principal(loan, row):
        shift_principal(loan, row, level_principal_fen(loan, row, interest_fen))


def ask_accrued(loan: Loan, row: int, carry_ufen: int) -> tuple[int, int]:
    """Let a row with DAILY interest ask for what has accrued in it.

    Returns:
        Its own interest, fen, and what rounding leaves for the next row.
    """
    interest_fen, carry_ufen = round_interest(
        loan.plan[row].accrued_ufen, carry_ufen, loan.conventions
    )
    if defers_interest(loan, row):
        loan.plan[row].deferred_fen = interest_fen
    loan.plan[row].asked_fen[Part.INTEREST] = max(
        daily_interest_fen(loan, row, interest_fen), loan.plan[row].met_fen[Part.INTEREST]
    )
    return interest_fen, carry_ufen


def level_principal_fen(loan: Loan, row: int, interest_fen: int) -> int:
    """Find the principal an equal instalment leaves a row beside its interest."""
    principal_fen = loan.instalment_fen - interest_fen
    principal_fen += loan.plan[row].brought_principal_fen + loan.plan[row].besides_fen
    return principal_fen + loan.absorbed_fen if row == loan.absorbing_row else principal_fen


def daily_interest_fen(loan: Loan, row: int, own_fen: int) -> int:
    """Find the interest a row with DAILY interest asks for, from what is its own."""
    if defers_interest(loan, row):
        return loan.plan[row].brought_interest_fen
    return loan.plan[row].brought_interest_fen + own_fen + deferred_before(loan, row)


def deferred_before(loan: Loan, row: int) -> int:
    """Add up the interest deferred to this row: the first one that does not defer."""
    if loan.plain == 1 or row - loan.plan_first != min(
        loan.terms.grace_interest_instalments, loan.rows - 1 - loan.plan_first
    ):
        return 0
    return add_deferred(loan, row)


def shift_principal(loan: Loan, row: int, wanted_fen: int) -> None:
    """Give a row the principal it should have, at the expense of the last rows."""
    wanted_fen = max(wanted_fen, loan.plan[row].met_fen[Part.PRINCIPAL])
    change_fen = wanted_fen - loan.plan[row].asked_fen[Part.PRINCIPAL]
    last = loan.rows - 1
    if change_fen < 0:
        loan.plan[row].asked_fen[Part.PRINCIPAL] += change_fen
        loan.plan[last].asked_fen[Part.PRINCIPAL] -= change_fen
        return
    while change_fen > 0 and last > row:
        taken_fen = min(change_fen, owed_fen(loan, Part.PRINCIPAL, last))
        loan.plan[last].asked_fen[Part.PRINCIPAL] -= taken_fen
        loan.plan[row].asked_fen[Part.PRINCIPAL] += taken_fen
        change_fen -= taken_fen
        last -= 1
