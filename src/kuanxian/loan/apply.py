"""Apply: what each kind of event does.

Time has been brought up to the event's day before. Each function returns a ``Refused``
code; an event that is refused changes nothing.
"""

from kuanxian.base.bounds import (
    BALANCE_FEN_MAX,
    DAY_MAX,
    GRACE_DAYS_MAX,
    INSTALMENTS_MAX,
    PRINCIPAL_FEN_MAX,
    RATE_PPB_MAX,
    ROWS_MAX,
)
from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import running_row
from kuanxian.loan.allocate import (
    move_open,
    pay_designated,
    pay_due,
    pay_future,
    pay_next,
    pay_rows,
)
from kuanxian.loan.change import (
    change_due_day,
    change_rate,
    draw_down,
    extend,
    grant_grace,
    prepay,
    reamortise,
)
from kuanxian.loan.deferral import defer
from kuanxian.loan.events import Event, Kind, Refused
from kuanxian.loan.fall import finish, use_credit
from kuanxian.loan.interest import cost_room_fen
from kuanxian.loan.memory import Loan
from kuanxian.loan.overdue import note_cure
from kuanxian.loan.position import Status
from kuanxian.loan.restructure import reage, reinstal
from kuanxian.loan.rows import clear_row, rows_left, unpaid_fen
from kuanxian.loan.settle import fall_all, payoff_parts, stop_rows
from kuanxian.loan.terms import EarlyInterest, FutureRule, Part
from kuanxian.loan.trace import What, log
from kuanxian.loan.waive import waive


def apply(
    loan: Loan,
    event: Event,
) -> int:
    """Apply one event on its day; ``out_of_place`` was asked before.

    Returns:
        A ``Refused`` code.
    """
    kind = event.kind
    refused: int = Refused.NONE
    if kind == Kind.PAYMENT or kind == Kind.RECOVERY or kind == Kind.SETTLEMENT:
        take_payment(loan, event)
    elif kind == Kind.CREDIT:
        loan.credited_fen += event.amount_fen
        spend(loan, event.amount_fen)
    elif kind == Kind.REFUND:
        refused = refund(loan, event.amount_fen)
    elif kind == Kind.WAIVER:
        refused = waive(loan, event.part, event.amount_fen)
    elif kind == Kind.FEE:
        refused = charge_fee(loan, event.amount_fen)
    elif kind == Kind.WRITE_OFF or kind == Kind.ASSIGNMENT:
        refused = end_loan(loan, kind)
    else:
        refused = alter_plan(loan, event)
    if refused == Refused.NONE:
        use_freed(loan)
        if loan.credit_fen > 0 and loan.open_row < loan.fallen:
            use_credit(loan)
        if loan.outstanding_fen == 0:
            finish(loan)
        note_cure(loan, loan.now_on)
    return refused


def alter_plan(
    loan: Loan,
    event: Event,
) -> int:
    """Apply an event that alters the plan."""
    kind = event.kind
    refused: int = Refused.UNKNOWN_KIND
    if kind == Kind.GRACE:
        refused = grant_grace(loan, event.count)
    elif kind == Kind.DEFERRAL:
        with_interest = event.part == Part.INTEREST
        refused = defer(loan, event.count, with_interest)
    elif kind == Kind.EXTENSION:
        refused = extend(loan, event.count)
    elif kind == Kind.REINSTALMENT:
        refused = reinstal(loan, event)
    elif kind == Kind.REAGE:
        refused = reage(loan)
    elif kind == Kind.REAMORTISE:
        refused = reamortise(loan)
    elif kind == Kind.DUE_DAY:
        refused = change_due_day(loan, event.count)
    elif kind == Kind.RATE:
        refused = change_rate(loan, event.rate_ppb)
    elif kind == Kind.DRAWDOWN:
        refused = draw_down(loan, event.amount_fen)
    return refused


def out_of_place(loan: Loan, event: Event) -> int:
    """Say whether an event may not be applied at all: wrong figures, or too late."""
    kind = event.kind
    if event.amount_fen < 0 or event.amount_fen > PRINCIPAL_FEN_MAX:
        return Refused.OUT_OF_BOUNDS
    if event.rate_ppb < 0 or event.rate_ppb > RATE_PPB_MAX or event.until_on > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    if event.part < Part.ANY or event.part > Part.PRINCIPAL:
        return Refused.BAD_FIELD
    if takes_amount(kind) and event.amount_fen == 0:
        return Refused.BAD_FIELD
    if takes_count(kind) and (event.count < 1 or event.count > count_max(kind)):
        return Refused.BAD_FIELD
    if loan.ended == Status.ASSIGNED:
        return Refused.AFTER_END
    if loan.ended == Status.WRITTEN_OFF and not outlives_write_off(kind):
        return Refused.AFTER_END
    return Refused.NONE


def takes_amount(kind: int) -> bool:
    """Say whether a kind of event must have an amount."""
    return (
        kind == Kind.PAYMENT
        or kind == Kind.RECOVERY
        or kind == Kind.SETTLEMENT
        or kind == Kind.REFUND
        or kind == Kind.CREDIT
        or kind == Kind.FEE
        or kind == Kind.DRAWDOWN
    )


def takes_count(kind: int) -> bool:
    """Say whether a kind of event must have a count."""
    return (
        kind == Kind.GRACE
        or kind == Kind.DEFERRAL
        or kind == Kind.EXTENSION
        or kind == Kind.REINSTALMENT
        or kind == Kind.DUE_DAY
    )


def count_max(kind: int) -> int:
    """Find the largest count a kind of event may have."""
    if kind == Kind.DUE_DAY:
        return 31
    if kind == Kind.GRACE:
        return GRACE_DAYS_MAX
    return INSTALMENTS_MAX


def outlives_write_off(kind: int) -> bool:
    """Say whether a kind of event still makes sense on a loan written off."""
    return (
        kind == Kind.PAYMENT
        or kind == Kind.RECOVERY
        or kind == Kind.SETTLEMENT
        or kind == Kind.CREDIT
        or kind == Kind.REFUND
        or kind == Kind.WAIVER
        or kind == Kind.ASSIGNMENT
    )


def take_payment(loan: Loan, event: Event) -> None:
    """Take money in: settle the loan if it is meant to and suffices, else clear what is owed."""
    amount_fen = event.amount_fen
    settles = False
    settlement_fee_fen = 0
    if event.kind == Kind.SETTLEMENT and loan.ended == 0:
        payoff = payoff_parts(loan)
        settlement_fee_fen = payoff.settlement_fee_fen
        settles = amount_fen + loan.conventions.tolerance_fen >= payoff.total_fen
    receive(loan, amount_fen)
    if loan.ended == Status.WRITTEN_OFF:
        loan.recovered_fen += amount_fen
    if settles:
        settle(loan, amount_fen, settlement_fee_fen)
        return
    if event.part != Part.ANY or event.count > 0:
        if event.count == loan.fallen + 1 and loan.conventions.total_cost_cap_ppb > 0:
            # What was held before is used on the day of this very instalment.
            loan.loose_fen = loan.credit_fen
        amount_fen = pay_designated(loan, (event.part, event.count), amount_fen)
        loan.loose_fen = 0
        if event.part == Part.PRINCIPAL and event.count == 0 and amount_fen > 0:
            amount_fen = prepay(loan, amount_fen)
    spend(loan, amount_fen)


def receive(loan: Loan, amount_fen: int) -> None:
    """Note that money came in today."""
    loan.paid_fen += amount_fen
    loan.last_paid_on = loan.now_on
    loan.last_paid_fen = amount_fen
    if loan.now_on >= loan.period_from_on:
        loan.paid_in_period_fen += amount_fen


def hold_ahead(loan: Loan, event: Event) -> int:
    """Keep money that came in before the loan was paid out; send it back where it is refunded.

    That happens where the day of disbursement was corrected after the money had come.

    Returns:
        A ``Refused`` code.
    """
    now_on = loan.now_on
    loan.now_on = event.value_on
    refused: int = Refused.NONE
    if event.kind == Kind.REFUND:
        refused = refund(loan, event.amount_fen)
    else:
        if event.kind == Kind.CREDIT:
            loan.credited_fen += event.amount_fen
        else:
            receive(loan, event.amount_fen)
        loan.credit_fen += event.amount_fen
        log(loan, -1, What.HELD, Part.ANY, event.amount_fen)
    loan.now_on = now_on
    return refused


def spend(
    loan: Loan,
    amount_fen: int,
) -> None:
    """Clear what is due, use the rest by the contract's rule, hold what is left."""
    amount_fen = pay_due(loan, amount_fen)
    if amount_fen > 0:
        if loan.ended != 0:
            amount_fen = pay_next(loan, amount_fen)
        elif loan.conventions.future_rule == FutureRule.REAMORTISE:
            amount_fen = prepay(loan, amount_fen)
        elif loan.fallen < loan.rows:
            amount_fen = pay_future(loan, amount_fen)
    loan.credit_fen += amount_fen
    log(loan, -1, What.HELD, Part.ANY, amount_fen)


def use_freed(loan: Loan) -> None:
    """Use what was paid ahead and is not asked for any more, as money that comes in.

    Where it computes the instalments anew, they ask for less again and may free a little more.
    """
    while loan.freed_fen > 0:
        amount_fen = loan.freed_fen
        loan.freed_fen = 0
        spend(loan, amount_fen)


def settle(loan: Loan, amount_fen: int, settlement_fee_fen: int) -> None:
    """Close the loan early: drop interest not owed, pay everything, waive what tolerance allows."""
    early = running_row(loan, loan.now_on) < loan.rows
    stop_rows(loan, loan.conventions.early_interest)
    last = loan.rows - 1
    loan.plan[last].asked_fen[Part.FEE] += settlement_fee_fen
    fall_all(loan)
    loan.open_row = min(loan.open_row, last)
    amount_fen += loan.credit_fen + loan.freed_fen
    loan.credit_fen = 0
    loan.freed_fen = 0
    left_fen = pay_rows(loan, (loan.open_row, loan.rows), amount_fen)
    waive(loan, Part.ANY, 0)
    loan.credit_fen = left_fen
    log(loan, -1, What.HELD, Part.ANY, left_fen)
    move_open(loan)
    loan.ended = Status.SETTLED_EARLY if early else Status.SETTLED
    loan.ended_on = loan.now_on


def refund(loan: Loan, amount_fen: int) -> int:
    """Send money back out of the borrower's credit."""
    if amount_fen > loan.credit_fen:
        return Refused.REFUND_EXCEEDS_CREDIT
    loan.credit_fen -= amount_fen
    loan.refunded_fen += amount_fen
    log(loan, -1, What.REFUNDED, Part.ANY, amount_fen)
    return Refused.NONE


def charge_fee(loan: Loan, amount_fen: int) -> int:
    """Charge a fee with the next instalment; with the last one if none is to come.

    Where no instalment is unpaid any more, it gets a row of its own.
    """
    row = min(loan.fallen, loan.rows - 1)
    if loan.fallen == loan.rows and not is_unpaid(loan):
        return charge_anew(loan, amount_fen)
    if loan.plan[row].asked_fen[Part.FEE] + amount_fen > BALANCE_FEN_MAX:
        return Refused.OUT_OF_BOUNDS
    if row < loan.fallen:
        amount_fen = capped_fee(loan, row, amount_fen)
        loan.open_row = min(loan.open_row, row)
        loan.cost_fen += amount_fen
    loan.plan[row].asked_fen[Part.FEE] += amount_fen
    loan.plan[row].met_on = NO_DAY
    log(loan, row, What.CHARGED, Part.FEE, amount_fen)
    return Refused.NONE


def is_unpaid(loan: Loan) -> bool:
    """Say whether something that has fallen due is unpaid beyond the tolerance.

    Penalty alone does not count: it does not age.
    """
    for row in range(loan.open_row, loan.fallen):
        if unpaid_fen(loan, row) > loan.conventions.tolerance_fen:
            return True
    return False


def capped_fee(loan: Loan, row: int, amount_fen: int) -> int:
    """Cut a fee that is due at once to what the cap on the total cost leaves."""
    charged_fen = cost_room_fen(loan, amount_fen)
    log(loan, row, What.CAPPED, Part.FEE, amount_fen - charged_fen)
    return charged_fen


def charge_anew(loan: Loan, amount_fen: int) -> int:
    """Charge a fee on a loan on which no instalment is unpaid: due today, in a row of its own.

    In the last row it would be as old as the maturity of the loan.
    """
    if loan.rows >= ROWS_MAX:
        return Refused.OUT_OF_BOUNDS
    row = loan.rows
    amount_fen = capped_fee(loan, row, amount_fen)
    if amount_fen == 0:
        return Refused.NONE
    if loan.matured_on == NO_DAY:
        loan.matured_on = loan.plan[row - 1].due_on
    clear_row(loan, row)
    loan.plan[row].start_on = loan.now_on
    loan.plan[row].end_on = loan.now_on
    loan.plan[row].due_on = loan.now_on
    loan.plan[row].penalty_from_on = loan.now_on
    loan.plan[row].late_fee_done = 1
    loan.plan[row].asked_fen[Part.FEE] = amount_fen
    loan.rows = row + 1
    loan.fallen = row + 1
    loan.closed = row + 1
    loan.after_fen = 0
    loan.cost_fen += amount_fen
    log(loan, row, What.CHARGED, Part.FEE, amount_fen)
    return Refused.NONE


def end_loan(loan: Loan, kind: int) -> int:
    """Write the loan off or hand the claim over: nothing accrues after today.

    A loan on which nothing is left is settled: there is no claim to give up or hand over.
    """
    if rows_left(loan) == 0:
        return Refused.NOTHING_LEFT
    if loan.ended != Status.WRITTEN_OFF:
        stop_rows(loan, EarlyInterest.TO_DAY)
    loan.ended = Status.WRITTEN_OFF if kind == Kind.WRITE_OFF else Status.ASSIGNED
    loan.ended_on = loan.now_on
    if kind == Kind.WRITE_OFF:
        loan.written_off_on = loan.now_on
    return Refused.NONE
