"""Replay: fold the events of one loan into its state on a day.

This is the kernel's one mechanism. A late payment, a reversal, a correction of terms,
a restructuring: each is an event with the day from which it counts, and the state is
built afresh from the contract and the events in the order of those days.

Every function here, and every one it calls, runs unchanged as plain Python and
compiled (``kuanxian.state.compiled``).
"""

from kuanxian.base.bounds import DAY_MAX, INSTALMENTS_MAX, PRINCIPAL_FEN_MAX
from kuanxian.base.days import NO_DAY
from kuanxian.loan.apply import apply, hold_ahead, out_of_place
from kuanxian.loan.checks import is_within_bounds
from kuanxian.loan.events import Event, Kind, Refused
from kuanxian.loan.fall import advance
from kuanxian.loan.memory import STOPS_ROOM, Loan
from kuanxian.loan.opening import close_given, give_row, open_loan, open_state
from kuanxian.loan.terms import Method, Part, Terms
from kuanxian.loan.trace import What, log

FIGURES = len(Terms._fields)

TAKEN = 2
"""In ``loan.void``: the event was taken before time passes."""


def replay(loan: Loan) -> None:
    """Build the state of one loan at the close of ``loan.as_of_on``.

    An event that cannot be applied is found out only when its day has come. By then time
    has been split where it stands, which may round a fen otherwise; so the loan is built
    again without it, as if it had never been there.

    Args:
        loan: The loan; its contract, its events and the day are given, everything else
            is written.
    """
    loan.booked_on = loan.terms.disbursed_on
    if sift(loan):
        strike(loan)
        correct(loan)
    build(loan)
    while loan.refused_late > 0:
        build(loan)


def build(loan: Loan) -> None:
    """Fold what is left of the events; note those that could not be applied."""
    began = loan.as_of_on >= loan.terms.disbursed_on
    open_state(loan)
    if began:
        open_loan(loan)
        if loan.has_stop == 1:
            stop_penalty(loan)
        if loan.conventions.method == Method.GIVEN:
            give_rows(loan)
            close_given(loan)
    for k in range(loan.event_count):
        if loan.void[k] == 0:
            fold(loan, k)
    if began:
        loan.seq = 0
        advance(loan, loan.as_of_on)


def sift(loan: Loan) -> bool:
    """Leave out events that lie after the day or were not known yet.

    Returns:
        Whether there is a reversal or a correction among the rest.
    """
    special = False
    loan.has_stop = 0
    for k in range(loan.event_count):
        event = loan.event[k]
        # Rows of a given schedule are part of the contract, whatever their date.
        later = event.value_on > loan.as_of_on and event.kind != Kind.INSTALMENT
        loan.void[k] = 1 if later or event.recorded_on > loan.known_on else 0
        loan.refusal[k] = Refused.NONE
        if event.kind == Kind.REVERSAL or event.kind == Kind.CORRECTION:
            special = True
        elif event.kind == Kind.PENALTY_STOP:
            loan.has_stop = 1
    return special


def strike(loan: Loan) -> None:
    """Leave out events that were reversed: the latest reversal first.

    A reversal may itself be reversed; the event it struck then counts again. One that
    found its event is done and left out too; the others are refused when folded, and those
    that name one of these.
    """
    below = loan.event[0].seq
    for k in range(loan.event_count):
        below = max(below, loan.event[k].seq)
    below += 1
    latest = 0
    while latest >= 0:
        latest = latest_reversal(loan, below)
        if latest >= 0:
            below = loan.event[latest].seq
            struck = taken_back(loan, latest)
            if loan.void[latest] == 0 and struck >= 0:
                loan.void[struck] = 1
                loan.void[latest] = 1


def taken_back(loan: Loan, reversal: int) -> int:
    """Find the event a reversal takes back: an earlier number, and no reversal that finds none.

    Returns:
        Its place; -1 where there is none.
    """
    struck = named_before(loan, reversal)
    at = struck
    while at >= 0 and loan.event[at].kind == Kind.REVERSAL:
        at = named_before(loan, at)
    return struck if at >= 0 else -1


def named_before(loan: Loan, reversal: int) -> int:
    """Find the event a reversal names, if its number is lower than its own; else -1."""
    for k in range(loan.event_count):
        seq = loan.event[k].seq
        if seq == loan.event[reversal].ref_seq and seq < loan.event[reversal].seq:
            return k
    return -1


def latest_reversal(loan: Loan, below: int) -> int:
    """Find the reversal with the highest number below a number; -1 where there is none."""
    latest = -1
    for k in range(loan.event_count):
        is_candidate = loan.event[k].kind == Kind.REVERSAL and loan.event[k].seq < below
        if is_candidate and (latest < 0 or loan.event[k].seq > loan.event[latest].seq):
            latest = k
    return latest


def correct(loan: Loan) -> None:
    """Put corrected figures into the terms, as if they had always stood there.

    A correction that leads out of the bounds is refused when it is folded.
    """
    for k in range(loan.event_count):
        event = loan.event[k]
        if event.kind == Kind.CORRECTION and loan.void[k] == 0:
            place = event.part
            if 0 <= place < FIGURES:
                before = loan.figures[place]
                loan.figures[place] = event.amount_fen
                if is_within_bounds(loan.terms, loan.conventions):
                    loan.void[k] = 1
                else:
                    loan.figures[place] = before


def stop_penalty(loan: Loan) -> None:
    """Note the days without penalty before time passes, so that the first one is free too.

    Stops come in the order of their first day; those that touch become one.
    """
    for k in range(loan.event_count):
        if loan.event[k].kind == Kind.PENALTY_STOP and loan.void[k] != 1:
            from_on = loan.event[k].value_on
            until_on = loan.event[k].until_on
            if until_on == NO_DAY:
                until_on = DAY_MAX
            last = loan.stops - 1
            if loan.stops > 0 and from_on <= loan.stop_until_on[last] + 1:
                loan.stop_until_on[last] = max(loan.stop_until_on[last], until_on)
                loan.void[k] = TAKEN
            elif loan.stops < STOPS_ROOM and until_on >= from_on:
                loan.stop_from_on[loan.stops] = from_on
                loan.stop_until_on[loan.stops] = until_on
                loan.stops += 1
                loan.void[k] = TAKEN


def give_rows(loan: Loan) -> None:
    """Put in the rows of a given schedule."""
    for k in range(loan.event_count):
        event = loan.event[k]
        if event.kind == Kind.INSTALMENT and loan.void[k] != 1:
            principal_fen = event.amount_fen
            interest_fen = event.interest_fen
            fee_fen = event.fee_fen
            due_on = event.until_on
            if (
                min(principal_fen, interest_fen, fee_fen) >= 0
                and max(principal_fen, interest_fen, fee_fen) <= PRINCIPAL_FEN_MAX
                and loan.terms.disbursed_on <= due_on <= DAY_MAX
                and loan.rows < INSTALMENTS_MAX
            ):
                give_row(loan, due_on, (principal_fen, interest_fen, fee_fen))
                loan.void[k] = TAKEN


def is_taken_before(kind: int) -> bool:
    """Say whether events of a kind are taken before time passes; what is left is refused."""
    return (
        kind == Kind.CORRECTION
        or kind == Kind.INSTALMENT
        or kind == Kind.PENALTY_STOP
        or kind == Kind.PAUSE
    )


def is_cash(kind: int) -> bool:
    """Say whether a kind of event moves money and nothing else."""
    return (
        kind == Kind.PAYMENT
        or kind == Kind.SETTLEMENT
        or kind == Kind.RECOVERY
        or kind == Kind.CREDIT
        or kind == Kind.REFUND
    )


def fold(loan: Loan, k: int) -> None:
    """Bring time up to an event and apply it; note it where it is refused."""
    event = loan.event[k]
    refused: int = loan.refusal[k]
    if refused == Refused.NONE:
        refused = refused_early(loan, event)
    if refused == Refused.NONE and event.kind == Kind.PAUSE:
        loan.has_pause = 1
    elif refused == Refused.NONE:
        loan.seq = event.seq
        if event.value_on < loan.terms.disbursed_on:
            refused = hold_ahead(loan, event)
        else:
            advance(loan, event.value_on)
            refused = apply(loan, event)
        if refused != Refused.NONE:
            loan.refused_late += 1
    if refused != Refused.NONE:
        loan.refusal[k] = refused
        note_refused(loan, event, refused)


def refused_early(loan: Loan, event: Event) -> int:
    """Find out what can be found out about an event before time passes.

    Money that came in before a day of disbursement that was corrected later is not
    refused: it came in, and is kept for the borrower.

    Returns:
        A ``Refused`` code.
    """
    if event.kind == Kind.PAUSE and event.until_on >= event.value_on:
        return Refused.NONE
    if event.kind == Kind.REVERSAL:
        return Refused.NO_SUCH_EVENT
    if is_taken_before(event.kind):
        return Refused.BAD_FIELD
    if event.value_on < loan.terms.disbursed_on and (
        event.value_on < loan.booked_on or not is_cash(event.kind)
    ):
        return Refused.BEFORE_DISBURSEMENT
    return out_of_place(loan, event)


def note_refused(loan: Loan, event: Event, refused: int) -> None:
    """Count an event that is not applied, on its own day; no time passes for it."""
    if loan.refused_count == 0:
        loan.refused_seq = event.seq
        loan.refused_reason = refused
    loan.refused_count += 1
    loan.seq = event.seq
    now_on = loan.now_on
    loan.now_on = event.value_on
    log(loan, -1, What.REFUSED, Part.ANY, refused)
    loan.now_on = now_on
