"""Replay: fold the events of one loan into its state on a day.

This is the kernel's one mechanism. A late payment, a reversal, a correction of terms,
a restructuring: each is an event with the day from which it counts, and the state is
built afresh from the contract and the events in the order of those days.

Every function here, and every one it calls, runs unchanged as plain Python and
compiled (``kuanxian.state.compiled``).
"""

from kuanxian.base.bounds import DAY_MAX, INSTALMENTS_MAX, PRINCIPAL_FEN_MAX
from kuanxian.base.days import NO_DAY
from kuanxian.loan.apply import apply
from kuanxian.loan.checks import is_within_bounds
from kuanxian.loan.events import Event, EventColumns, Kind, Refused
from kuanxian.loan.fall import advance
from kuanxian.loan.memory import STOPS_ROOM, Loan
from kuanxian.loan.opening import close_given, give_row, open_loan, open_state
from kuanxian.loan.terms import Method, Part, Terms
from kuanxian.loan.trace import What, log

FIGURES = len(Terms._fields)


def replay(loan: Loan, events: EventColumns, span: tuple[int, int]) -> None:
    """Build the state of one loan at the close of ``loan.as_of_on``.

    Args:
        loan: The loan; its contract and the day are given, everything else is written.
        events: Events of many loans, as columns.
        span: The first event of this loan and the one after its last.
    """
    if sift(loan, events, span):
        strike(loan, events, span)
        correct(loan, events, span)
    began = loan.as_of_on >= loan.terms.disbursed_on
    open_state(loan)
    if began:
        open_loan(loan)
        stop_penalty(loan, events, span)
        if loan.conventions.method == Method.GIVEN:
            give_rows(loan, events, span)
            close_given(loan)
    for k in range(span[0], span[1]):
        if loan.void[k - span[0]] == 0:
            fold(loan, event_at(events, k))
    if began:
        loan.seq = 0
        advance(loan, loan.as_of_on)


def event_at(events: EventColumns, k: int) -> Event:
    """Read one event out of the columns."""
    return Event(
        seq=events.seq[k],
        kind=events.kind[k],
        value_on=events.value_on[k],
        amount_fen=events.amount_fen[k],
        part=events.part[k],
        count=events.count[k],
        until_on=events.until_on[k],
        rate_ppb=events.rate_ppb[k],
        ref_seq=events.ref_seq[k],
        interest_fen=events.interest_fen[k],
        fee_fen=events.fee_fen[k],
        recorded_on=events.recorded_on[k],
    )


def sift(loan: Loan, events: EventColumns, span: tuple[int, int]) -> bool:
    """Leave out events that lie after the day or were not known yet.

    Returns:
        Whether there is a reversal or a correction among the rest.
    """
    special = False
    for k in range(span[0], span[1]):
        later = events.value_on[k] > loan.as_of_on
        unknown = events.recorded_on[k] > loan.known_on
        # Rows of a given schedule are part of the contract, whatever their date.
        if events.kind[k] == Kind.INSTALMENT:
            later = False
        loan.void[k - span[0]] = 1 if later or unknown else 0
        if events.kind[k] == Kind.REVERSAL or events.kind[k] == Kind.CORRECTION:
            special = True
    return special


def strike(loan: Loan, events: EventColumns, span: tuple[int, int]) -> None:
    """Leave out events that were reversed: the latest reversal first.

    A reversal may itself be reversed; the event it struck then counts again. One that
    found its event is done and left out too; the others are refused when folded.
    """
    below = events.seq[span[0]]
    for k in range(span[0], span[1]):
        below = max(below, events.seq[k])
    below += 1
    latest = span[0]
    while latest >= 0:
        latest = latest_reversal(events, span, below)
        if latest >= 0:
            below = events.seq[latest]
            if loan.void[latest - span[0]] == 0:
                for k in range(span[0], span[1]):
                    if events.seq[k] == events.ref_seq[latest] and events.seq[k] < below:
                        loan.void[k - span[0]] = 1
                        loan.void[latest - span[0]] = 1


def latest_reversal(events: EventColumns, span: tuple[int, int], below: int) -> int:
    """Find the reversal with the highest number below a number; -1 where there is none."""
    latest = -1
    for k in range(span[0], span[1]):
        is_candidate = events.kind[k] == Kind.REVERSAL and events.seq[k] < below
        if is_candidate and (latest < 0 or events.seq[k] > events.seq[latest]):
            latest = k
    return latest


def correct(loan: Loan, events: EventColumns, span: tuple[int, int]) -> None:
    """Put corrected figures into the terms, as if they had always stood there.

    A correction that leads out of the bounds is refused when it is folded.
    """
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.CORRECTION and loan.void[k - span[0]] == 0:
            place = events.part[k]
            if 0 <= place < FIGURES:
                before = loan.figures[place]
                loan.figures[place] = events.amount_fen[k]
                if is_within_bounds(loan.terms, loan.conventions):
                    loan.void[k - span[0]] = 1
                else:
                    loan.figures[place] = before


def stop_penalty(loan: Loan, events: EventColumns, span: tuple[int, int]) -> None:
    """Note the days without penalty before time passes, so that the first one is free too.

    Stops come in the order of their first day; those that touch become one.
    """
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.PENALTY_STOP and loan.void[k - span[0]] == 0:
            from_on = events.value_on[k]
            until_on = events.until_on[k]
            if until_on == NO_DAY:
                until_on = DAY_MAX
            last = loan.stops - 1
            if loan.stops > 0 and from_on <= loan.stop_until_on[last] + 1:
                loan.stop_until_on[last] = max(loan.stop_until_on[last], until_on)
                loan.void[k - span[0]] = 1
            elif loan.stops < STOPS_ROOM and until_on >= from_on:
                loan.stop_from_on[loan.stops] = from_on
                loan.stop_until_on[loan.stops] = until_on
                loan.stops += 1
                loan.void[k - span[0]] = 1


def give_rows(loan: Loan, events: EventColumns, span: tuple[int, int]) -> None:
    """Put in the rows of a given schedule."""
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.INSTALMENT and loan.void[k - span[0]] == 0:
            principal_fen = events.amount_fen[k]
            interest_fen = events.interest_fen[k]
            fee_fen = events.fee_fen[k]
            due_on = events.until_on[k]
            if (
                min(principal_fen, interest_fen, fee_fen) >= 0
                and max(principal_fen, interest_fen, fee_fen) <= PRINCIPAL_FEN_MAX
                and loan.terms.disbursed_on <= due_on <= DAY_MAX
                and loan.rows < INSTALMENTS_MAX
            ):
                give_row(loan, due_on, (principal_fen, interest_fen, fee_fen))
                loan.void[k - span[0]] = 1


def is_taken_before(kind: int) -> bool:
    """Say whether events of a kind are taken before time passes; what is left is refused."""
    return (
        kind == Kind.CORRECTION
        or kind == Kind.INSTALMENT
        or kind == Kind.PENALTY_STOP
        or kind == Kind.PAUSE
    )


def fold(loan: Loan, event: Event) -> None:
    """Bring time up to an event and apply it; note it where it is refused."""
    refused: int = Refused.NONE
    if event.kind == Kind.PAUSE and event.until_on >= event.value_on:
        loan.has_pause = 1
    elif event.kind == Kind.REVERSAL:
        refused = Refused.NO_SUCH_EVENT
    elif is_taken_before(event.kind):
        refused = Refused.BAD_FIELD
    elif event.value_on < loan.terms.disbursed_on:
        refused = Refused.BEFORE_DISBURSEMENT
    else:
        loan.seq = event.seq
        advance(loan, event.value_on)
        refused = apply(loan, event)
    if refused != Refused.NONE:
        if loan.refused_count == 0:
            loan.refused_seq = event.seq
            loan.refused_reason = refused
        loan.refused_count += 1
        loan.seq = event.seq
        log(loan, -1, What.REFUSED, Part.ANY, refused)
