"""Replay: fold the events of one loan into its state on a day.

This is the kernel's one mechanism. A late payment, a reversal, a correction of terms,
a restructuring: each is an event with the day from which it counts, and the state is
built afresh from the contract and the events in the order of those days.

Every function here, and every one it calls, runs unchanged as plain Python and
compiled (``kuanxian.state.compiled``).
"""

from collections.abc import MutableSequence
from typing import NamedTuple

from kuanxian.base.bounds import DAY_MAX, PRINCIPAL_FEN_MAX, ROWS_MAX
from kuanxian.loan.apply import apply
from kuanxian.loan.checks import is_within_bounds
from kuanxian.loan.events import Event, EventColumns, Kind, Refused
from kuanxian.loan.fall import advance
from kuanxian.loan.memory import (
    HAS_PAUSE,
    PERIOD_FROM,
    REFUSED_COUNT,
    REFUSED_REASON,
    REFUSED_SEQ,
    ROWS,
    SEQ,
    Grid,
)
from kuanxian.loan.opening import close_given, give_row, open_loan, open_state
from kuanxian.loan.terms import Conventions, Method, Part, Terms
from kuanxian.loan.trace import What, log


class When(NamedTuple):
    """From where one looks at a loan."""

    as_of_on: int
    """The close of this day."""
    known_on: int
    """Events recorded later are not yet known."""
    period_from_on: int
    """First day of the period ``paid_in_period_fen`` covers."""


class Memory(NamedTuple):
    """Where one replay keeps its figures; see ``kuanxian.loan.memory``."""

    rows: Grid
    state: list[int]
    trace: Grid
    void: MutableSequence[int]
    """One place an event: 1 where it does not count."""


def replay(
    terms: Terms,
    conventions: Conventions,
    days_off: bytes,
    events: EventColumns,
    span: tuple[int, int],
    when: When,
    memory: Memory,
) -> Terms:
    """Build the state of one loan at the close of a day.

    Args:
        terms: The contract's figures, within bounds.
        conventions: Its settings, within bounds.
        days_off: One byte a day.
        events: Events of many loans, as columns.
        span: The first event of this loan and the one after its last.
        when: The day, and what is known.
        memory: Written: the schedule, the figures, the trace.

    Returns:
        The terms after corrections.
    """
    rows, state, trace, void = memory
    special = sift(events, span, when, void)
    if special:
        strike(events, span, void)
        terms = correct(terms, conventions, events, span, void)
    if when.as_of_on >= terms.disbursed_on:
        open_loan(terms, conventions, rows, state, trace, days_off)
    else:
        open_state(terms, conventions, state)
    state[PERIOD_FROM] = when.period_from_on
    if conventions.method == Method.GIVEN and when.as_of_on >= terms.disbursed_on:
        give_rows(events, span, void, rows, state)
        close_given(terms, conventions, rows, state)
    for k in range(span[0], span[1]):
        if void[k - span[0]] == 0:
            event = Event(
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
            fold(terms, conventions, memory, event, days_off)
    if when.as_of_on >= terms.disbursed_on:
        state[SEQ] = 0
        advance(terms, conventions, rows, state, trace, when.as_of_on)
    return terms


def sift(
    events: EventColumns, span: tuple[int, int], when: When, void: MutableSequence[int]
) -> bool:
    """Leave out events that lie after the day or were not known yet.

    Returns:
        Whether there is a reversal or a correction among the rest.
    """
    special = False
    for k in range(span[0], span[1]):
        later = events.value_on[k] > when.as_of_on
        unknown = events.recorded_on[k] > when.known_on
        # Rows of a given schedule are part of the contract, whatever their date.
        if events.kind[k] == Kind.INSTALMENT:
            later = False
        void[k - span[0]] = 1 if later or unknown else 0
        if events.kind[k] == Kind.REVERSAL or events.kind[k] == Kind.CORRECTION:
            special = True
    return special


def strike(events: EventColumns, span: tuple[int, int], void: MutableSequence[int]) -> None:
    """Leave out events that were reversed: the latest reversal first.

    A reversal may itself be reversed; the event it struck then counts again. One that
    found its event is done and left out too; the others are refused when folded.
    """
    below = events.seq[span[0]]
    for k in range(span[0], span[1]):
        below = max(below, events.seq[k])
    below += 1
    while True:
        latest = -1
        for k in range(span[0], span[1]):
            if events.kind[k] == Kind.REVERSAL and events.seq[k] < below:
                if latest < 0 or events.seq[k] > events.seq[latest]:
                    latest = k
        if latest < 0:
            return
        below = events.seq[latest]
        if void[latest - span[0]] == 0:
            for k in range(span[0], span[1]):
                if events.seq[k] == events.ref_seq[latest] and events.seq[k] < below:
                    void[k - span[0]] = 1
                    void[latest - span[0]] = 1


def correct(
    terms: Terms,
    conventions: Conventions,
    events: EventColumns,
    span: tuple[int, int],
    void: MutableSequence[int],
) -> Terms:
    """Put corrected figures into the terms, as if they had always stood there.

    A correction that leads out of the bounds is refused when it is folded.
    """
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.CORRECTION and void[k - span[0]] == 0:
            corrected = corrected_terms(terms, events.part[k], events.amount_fen[k])
            if is_within_bounds(corrected, conventions):
                terms = corrected
                void[k - span[0]] = 1
    return terms


def corrected_terms(terms: Terms, field: int, figure: int) -> Terms:
    """Copy terms with one figure replaced.

    Args:
        terms: The terms.
        field: Which figure, counted from 0 in the order of ``Terms``.
        figure: The new figure.
    """
    return Terms(
        principal_fen=figure if field == 0 else terms.principal_fen,
        disbursed_on=figure if field == 1 else terms.disbursed_on,
        instalments=figure if field == 2 else terms.instalments,
        rate_ppb=figure if field == 3 else terms.rate_ppb,
        first_due_on=figure if field == 4 else terms.first_due_on,
        due_day=figure if field == 5 else terms.due_day,
        instalment_fen=figure if field == 6 else terms.instalment_fen,
        residual_fen=figure if field == 7 else terms.residual_fen,
        down_payment_fen=figure if field == 8 else terms.down_payment_fen,
        fee_fen=figure if field == 9 else terms.fee_fen,
        promo_rate_ppb=figure if field == 10 else terms.promo_rate_ppb,
        promo_instalments=figure if field == 11 else terms.promo_instalments,
        interest_free_instalments=figure if field == 12 else terms.interest_free_instalments,
        grace_principal_instalments=figure if field == 13 else terms.grace_principal_instalments,
        grace_interest_instalments=figure if field == 14 else terms.grace_interest_instalments,
        penalty_rate_ppb=figure if field == 15 else terms.penalty_rate_ppb,
        late_fee_fen=figure if field == 16 else terms.late_fee_fen,
        grace_days=figure if field == 17 else terms.grace_days,
    )


def give_rows(
    events: EventColumns,
    span: tuple[int, int],
    void: MutableSequence[int],
    rows: Grid,
    state: list[int],
) -> None:
    """Put in the rows of a given schedule."""
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.INSTALMENT and void[k - span[0]] == 0:
            amounts_fen = (events.amount_fen[k], events.interest_fen[k], events.fee_fen[k])
            biggest_fen = max(amounts_fen[0], max(amounts_fen[1], amounts_fen[2]))
            smallest_fen = min(amounts_fen[0], min(amounts_fen[1], amounts_fen[2]))
            due_on = events.until_on[k]
            if (
                smallest_fen >= 0
                and biggest_fen <= PRINCIPAL_FEN_MAX
                and 0 <= due_on <= DAY_MAX
                and state[ROWS] < ROWS_MAX
            ):
                give_row(rows, state, due_on, amounts_fen)
                void[k - span[0]] = 1


def fold(
    terms: Terms, conventions: Conventions, memory: Memory, event: Event, days_off: bytes
) -> None:
    """Bring time up to an event and apply it; note it where it is refused."""
    rows, state, trace, _ = memory
    refused: int = Refused.NONE
    if event.kind == Kind.PAUSE:
        state[HAS_PAUSE] = 1
    elif event.kind == Kind.REVERSAL:
        refused = Refused.NO_SUCH_EVENT
    elif event.kind == Kind.CORRECTION or event.kind == Kind.INSTALMENT:
        # Those that could be taken were taken before the loan was opened.
        refused = Refused.BAD_FIELD
    elif event.value_on < terms.disbursed_on:
        refused = Refused.BEFORE_DISBURSEMENT
    else:
        state[SEQ] = event.seq
        advance(terms, conventions, rows, state, trace, event.value_on)
        refused = apply(terms, conventions, rows, state, trace, event, days_off)
    if refused != Refused.NONE:
        if state[REFUSED_COUNT] == 0:
            state[REFUSED_SEQ] = event.seq
            state[REFUSED_REASON] = refused
        state[REFUSED_COUNT] += 1
        state[SEQ] = event.seq
        log(trace, state, -1, What.REFUSED, Part.ANY, refused)
