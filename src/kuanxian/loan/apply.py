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
)
from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import running_row, touch
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
    defer,
    draw_down,
    extend,
    grant_grace,
    reamortise,
    relay,
)
from kuanxian.loan.events import Event, Kind, Refused
from kuanxian.loan.fall import use_credit
from kuanxian.loan.memory import (
    COST,
    CREDIT,
    CREDITED,
    ENDED,
    ENDED_ON,
    FALLEN,
    FEE,
    LAST_PAID,
    LAST_PAID_ON,
    MET_ON,
    NOW,
    OPEN,
    PAID,
    PAID_IN_PERIOD,
    PAID_PART,
    PERIOD_FROM,
    PRINCIPAL,
    PRINCIPAL_MET,
    RECOVERED,
    REFUNDED,
    ROWS,
    STOP_FROM,
    STOP_UNTIL,
    WRITTEN_OFF_ON,
    Grid,
)
from kuanxian.loan.overdue import note_cure
from kuanxian.loan.position import Status
from kuanxian.loan.restructure import reage, reinstal
from kuanxian.loan.settle import fall_all, payoff_parts, stop_rows
from kuanxian.loan.terms import Conventions, EarlyInterest, FutureRule, Part, Terms
from kuanxian.loan.trace import What, log
from kuanxian.loan.waive import waive


def apply(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    event: Event,
    days_off: bytes,
) -> int:
    """Apply one event on its day.

    Returns:
        A ``Refused`` code.
    """
    kind = event.kind
    refused = out_of_place(state, event)
    if refused != Refused.NONE:
        return refused
    if kind == Kind.PAYMENT or kind == Kind.RECOVERY or kind == Kind.SETTLEMENT:
        take_payment(terms, conventions, rows, state, trace, event)
    elif kind == Kind.CREDIT:
        state[CREDITED] += event.amount_fen
        spend(terms, conventions, rows, state, trace, event.amount_fen)
    elif kind == Kind.REFUND:
        refused = refund(state, trace, event.amount_fen)
    elif kind == Kind.WAIVER:
        refused = waive(conventions, rows, state, trace, event.part, event.amount_fen)
    elif kind == Kind.FEE:
        refused = charge_fee(rows, state, trace, event.amount_fen)
    elif kind == Kind.PENALTY_STOP:
        state[STOP_FROM] = event.value_on
        state[STOP_UNTIL] = DAY_MAX if event.until_on == NO_DAY else event.until_on
    elif kind == Kind.WRITE_OFF or kind == Kind.ASSIGNMENT:
        end_loan(terms, conventions, rows, state, kind)
    else:
        refused = alter_plan(terms, conventions, rows, state, trace, event, days_off)
    if refused == Refused.NONE:
        if state[CREDIT] > 0 and state[OPEN] < state[FALLEN]:
            use_credit(conventions, rows, state, trace)
        note_cure(conventions, rows, state, state[NOW])
    return refused


def alter_plan(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    event: Event,
    days_off: bytes,
) -> int:
    """Apply an event that alters the plan."""
    kind = event.kind
    refused: int = Refused.UNKNOWN_KIND
    if kind == Kind.GRACE:
        refused = grant_grace(rows, state, event.count)
    elif kind == Kind.DEFERRAL:
        with_interest = event.part == Part.INTEREST
        refused = defer(terms, conventions, rows, state, event.count, with_interest, days_off)
    elif kind == Kind.EXTENSION:
        refused = extend(terms, conventions, rows, state, event.count, days_off)
    elif kind == Kind.REINSTALMENT:
        refused = reinstal(terms, conventions, rows, state, trace, event, days_off)
    elif kind == Kind.REAGE:
        refused = reage(rows, state, trace)
    elif kind == Kind.REAMORTISE:
        refused = reamortise(terms, conventions, rows, state)
    elif kind == Kind.DUE_DAY:
        refused = change_due_day(terms, conventions, rows, state, event.count, days_off)
    elif kind == Kind.RATE:
        refused = change_rate(terms, conventions, rows, state, event.rate_ppb)
    elif kind == Kind.DRAWDOWN:
        refused = draw_down(terms, conventions, rows, state, trace, event.amount_fen)
    return refused


def out_of_place(state: list[int], event: Event) -> int:
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
    if kind == Kind.RECOVERY and state[ENDED] != Status.WRITTEN_OFF:
        return Refused.NOT_WRITTEN_OFF
    if state[ENDED] == Status.ASSIGNED:
        return Refused.AFTER_END
    if state[ENDED] == Status.WRITTEN_OFF and not outlives_write_off(kind):
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


def take_payment(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], trace: Grid, event: Event
) -> None:
    """Take money in: settle the loan if it is meant to and suffices, else clear what is owed."""
    amount_fen = event.amount_fen
    settles = False
    if event.kind == Kind.SETTLEMENT and state[ENDED] == 0:
        payoff = payoff_parts(terms, conventions, rows, state)
        settles = amount_fen + conventions.tolerance_fen >= payoff.total_fen
    state[PAID] += amount_fen
    state[LAST_PAID_ON] = state[NOW]
    state[LAST_PAID] = amount_fen
    if state[NOW] >= state[PERIOD_FROM]:
        state[PAID_IN_PERIOD] += amount_fen
    if state[ENDED] == Status.WRITTEN_OFF:
        state[RECOVERED] += amount_fen
    if settles:
        settle(terms, conventions, rows, state, trace, amount_fen)
        return
    if event.part != Part.ANY or event.count > 0:
        amount_fen = pay_designated(
            conventions, rows, state, trace, (event.part, event.count), amount_fen
        )
        if event.part == Part.PRINCIPAL and event.count == 0 and amount_fen > 0:
            amount_fen = prepay(terms, conventions, rows, state, trace, amount_fen)
    spend(terms, conventions, rows, state, trace, amount_fen)


def spend(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> None:
    """Clear what is due, use the rest by the contract's rule, hold what is left."""
    amount_fen = pay_due(conventions, rows, state, trace, amount_fen)
    if amount_fen > 0:
        if state[ENDED] == Status.WRITTEN_OFF:
            amount_fen = pay_next(conventions, rows, state, trace, amount_fen)
        elif conventions.future_rule == FutureRule.REAMORTISE:
            amount_fen = prepay(terms, conventions, rows, state, trace, amount_fen)
        elif state[FALLEN] < state[ROWS]:
            amount_fen = pay_future(terms, conventions, rows, state, trace, amount_fen)
    state[CREDIT] += amount_fen
    log(trace, state, -1, What.HELD, Part.ANY, amount_fen)


def prepay(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> int:
    """Reduce the principal not yet due and compute the instalments anew.

    What was prepaid stands in the running row, as principal asked for and met.

    Returns:
        What is left once no principal is, fen.
    """
    row = running_row(rows, state, state[NOW])
    owed_fen = 0
    for later in range(row, state[ROWS]):
        owed_fen += rows[PRINCIPAL, later] - rows[PRINCIPAL_MET, later]
    used_fen = min(amount_fen, owed_fen)
    if used_fen == 0:
        return amount_fen
    touch(terms, conventions, rows, state, state[NOW])
    rows[PRINCIPAL, row] += used_fen
    rows[PRINCIPAL_MET, row] += used_fen
    state[PAID_PART + Part.PRINCIPAL] += used_fen
    log(trace, state, row, What.PAID, Part.PRINCIPAL, used_fen)
    relay(terms, conventions, rows, state, row, -used_fen)
    return amount_fen - used_fen


def settle(
    terms: Terms,
    conventions: Conventions,
    rows: Grid,
    state: list[int],
    trace: Grid,
    amount_fen: int,
) -> None:
    """Close the loan early: drop interest not owed, pay everything, waive what tolerance allows."""
    early = running_row(rows, state, state[NOW]) < state[ROWS]
    payoff = payoff_parts(terms, conventions, rows, state)
    stop_rows(terms, conventions, rows, state, conventions.early_interest)
    last = state[ROWS] - 1
    rows[FEE, last] += payoff.settlement_fee_fen
    fall_all(rows, state)
    state[OPEN] = min(state[OPEN], last)
    amount_fen += state[CREDIT]
    state[CREDIT] = 0
    left_fen = pay_rows(conventions, rows, state, trace, (state[OPEN], state[ROWS]), amount_fen)
    waive(conventions, rows, state, trace, Part.ANY, 0)
    state[CREDIT] = left_fen
    log(trace, state, -1, What.HELD, Part.ANY, left_fen)
    move_open(rows, state)
    state[ENDED] = Status.SETTLED_EARLY if early else Status.SETTLED
    state[ENDED_ON] = state[NOW]


def refund(state: list[int], trace: Grid, amount_fen: int) -> int:
    """Send money back out of the borrower's credit."""
    if amount_fen > state[CREDIT]:
        return Refused.REFUND_EXCEEDS_CREDIT
    state[CREDIT] -= amount_fen
    state[REFUNDED] += amount_fen
    log(trace, state, -1, What.REFUNDED, Part.ANY, amount_fen)
    return Refused.NONE


def charge_fee(rows: Grid, state: list[int], trace: Grid, amount_fen: int) -> int:
    """Charge a fee with the next instalment; with the last one if none is to come."""
    row = min(state[FALLEN], state[ROWS] - 1)
    if rows[FEE, row] + amount_fen > BALANCE_FEN_MAX:
        return Refused.OUT_OF_BOUNDS
    rows[FEE, row] += amount_fen
    rows[MET_ON, row] = NO_DAY
    if row < state[FALLEN]:
        state[OPEN] = min(state[OPEN], row)
        state[COST] += amount_fen
    log(trace, state, row, What.CHARGED, Part.FEE, amount_fen)
    return Refused.NONE


def end_loan(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], kind: int
) -> None:
    """Write the loan off or hand the claim over: nothing accrues after today."""
    if state[ENDED] != Status.WRITTEN_OFF:
        stop_rows(terms, conventions, rows, state, EarlyInterest.TO_DAY)
    state[STOP_FROM] = state[NOW] + 1
    state[STOP_UNTIL] = DAY_MAX
    state[ENDED] = Status.WRITTEN_OFF if kind == Kind.WRITE_OFF else Status.ASSIGNED
    state[ENDED_ON] = state[NOW]
    if kind == Kind.WRITE_OFF:
        state[WRITTEN_OFF_ON] = state[NOW]
