"""Transfer: columns of a book into the kernel's memory, and positions into columns.

One statement a column: each column has a width of its own, and compiled code can only
pick a column by a name it knows.
"""

from enum import IntEnum
from typing import Any

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.loan.checks import terms_problem
from kuanxian.loan.events import EventColumns
from kuanxian.loan.position import Position
from kuanxian.loan.terms import Conventions

SETTINGS = len(Conventions._fields)


class Fault(IntEnum):
    """Why a loan of a book cannot be computed."""

    NONE = 0
    CONTRACT = 1
    """Its contract is beyond the bounds."""
    UNSORTED = 2
    """Its events are not in order."""
    TOO_MANY = 3
    """It has more than ``EVENTS_MAX`` events."""
    ROOM = 4
    """Its trace is longer than there is room for."""


def load_loan(
    loan: Any,
    book: tuple[Any, Any, Any, EventColumns, Any],
    span: tuple[int, int, int, int, int],
    i: int,
    at_event: int,
) -> tuple[int, int]:
    """Put loan ``i`` and its events into the memory; ``book`` and ``span`` as in ``close_span``.

    The conventions stay where the loan before has the same product.

    Args:
        loan: The memory.
        book: The columns of the book.
        span: Which part of it is walked.
        i: The loan.
        at_event: Its first event.

    Returns:
        The first event of the next loan, and the ``Fault``.
    """
    terms, product_no, products, events, owner = book
    product = product_no[i]
    if i == span[0] or product != product_no[i - 1]:
        load_product(loan, products, product)
    load_terms(loan, terms, i)
    if products[product, SETTINGS] != 0 or terms_problem(loan.terms, loan.conventions) != 0:
        return at_event, Fault.CONTRACT
    first = at_event
    while at_event < span[3] and owner[at_event] == span[4] + i:
        at_event += 1
    if at_event - first > EVENTS_MAX:
        return at_event, Fault.TOO_MANY
    if not load_events(loan, events, first, at_event - first):
        return at_event, Fault.UNSORTED
    return at_event, Fault.NONE


def load_terms(loan: Any, columns: Any, i: int) -> None:
    """Put the terms of loan ``i`` into the memory."""
    if i < 0:  # never; with it the compiler drops the test for places from the end
        return
    terms = loan.terms
    terms.principal_fen = columns[0][i]
    terms.disbursed_on = columns[1][i]
    terms.instalments = columns[2][i]
    terms.rate_ppb = columns[3][i]
    terms.first_due_on = columns[4][i]
    terms.due_day = columns[5][i]
    terms.instalment_fen = columns[6][i]
    terms.residual_fen = columns[7][i]
    terms.down_payment_fen = columns[8][i]
    terms.fee_fen = columns[9][i]
    terms.promo_rate_ppb = columns[10][i]
    terms.promo_instalments = columns[11][i]
    terms.interest_free_instalments = columns[12][i]
    terms.grace_principal_instalments = columns[13][i]
    terms.grace_interest_instalments = columns[14][i]
    terms.penalty_rate_ppb = columns[15][i]
    terms.late_fee_fen = columns[16][i]
    terms.grace_days = columns[17][i]


def load_product(loan: Any, products: Any, k: int) -> None:
    """Put the conventions of product ``k`` into the memory."""
    for place in range(SETTINGS):
        loan.settings[place] = products[k, place]


def load_events(loan: Any, events: EventColumns, first: int, count: int) -> bool:
    """Put the events of a loan into the memory.

    Returns:
        Whether they are in order.
    """
    ordered = True
    if first < 0:  # never; see ``load_terms``
        return ordered
    for place in range(count):
        k = first + place
        event = loan.event[place]
        event.seq = events.seq[k]
        event.kind = events.kind[k]
        event.value_on = events.value_on[k]
        event.amount_fen = events.amount_fen[k]
        event.part = events.part[k]
        event.count = events.count[k]
        event.until_on = events.until_on[k]
        event.rate_ppb = events.rate_ppb[k]
        event.ref_seq = events.ref_seq[k]
        event.interest_fen = events.interest_fen[k]
        event.fee_fen = events.fee_fen[k]
        event.recorded_on = events.recorded_on[k]
        if place > 0 and event.value_on <= events.value_on[k - 1]:
            same_day = event.value_on == events.value_on[k - 1]
            if not same_day or event.seq <= events.seq[k - 1]:
                ordered = False
    loan.event_count = count
    return ordered


def store_standing(at: Position, out: Any, i: int) -> None:
    """Write where a loan stands, and what is owed, due and overdue."""
    if i < 0:  # never; see ``load_terms``
        return
    out.status[i] = at.status
    out.letter[i] = at.letter
    out.days_past_due[i] = at.days_past_due
    out.days_past_due_grace[i] = at.days_past_due_grace
    out.bucket[i] = at.bucket
    out.grade[i] = at.grade
    out.oldest_unpaid_due_on[i] = at.oldest_unpaid_due_on
    out.overdue_instalments[i] = at.overdue_instalments
    out.default_since_on[i] = at.default_since_on
    out.cured_on[i] = at.cured_on
    out.outstanding_principal_fen[i] = at.outstanding_principal_fen
    out.outstanding_interest_fen[i] = at.outstanding_interest_fen
    out.outstanding_penalty_fen[i] = at.outstanding_penalty_fen
    out.outstanding_fee_fen[i] = at.outstanding_fee_fen
    out.due_principal_fen[i] = at.due_principal_fen
    out.due_interest_fen[i] = at.due_interest_fen
    out.due_penalty_fen[i] = at.due_penalty_fen
    out.due_fee_fen[i] = at.due_fee_fen
    out.overdue_principal_fen[i] = at.overdue_principal_fen
    out.overdue_interest_fen[i] = at.overdue_interest_fen
    out.overdue_penalty_fen[i] = at.overdue_penalty_fen
    out.overdue_fee_fen[i] = at.overdue_fee_fen
    out.overdue_principal_1_fen[i] = at.overdue_principal_1_fen
    out.overdue_principal_2_fen[i] = at.overdue_principal_2_fen
    out.overdue_principal_3_fen[i] = at.overdue_principal_3_fen
    out.overdue_principal_4_fen[i] = at.overdue_principal_4_fen
    out.overdue_principal_5_fen[i] = at.overdue_principal_5_fen
    out.overdue_principal_6_fen[i] = at.overdue_principal_6_fen
    out.overdue_principal_7_fen[i] = at.overdue_principal_7_fen


def store_money(at: Position, out: Any, i: int) -> None:
    """Write what a loan will ask for, what was paid, and what was refused."""
    if i < 0:  # never; see ``load_terms``
        return
    out.accrued_interest_fen[i] = at.accrued_interest_fen
    out.credit_fen[i] = at.credit_fen
    out.payoff_fen[i] = at.payoff_fen
    out.next_due_on[i] = at.next_due_on
    out.next_due_fen[i] = at.next_due_fen
    out.instalments_left[i] = at.instalments_left
    out.last_payment_on[i] = at.last_payment_on
    out.last_payment_fen[i] = at.last_payment_fen
    out.paid_in_period_fen[i] = at.paid_in_period_fen
    out.paid_fen[i] = at.paid_fen
    out.paid_principal_fen[i] = at.paid_principal_fen
    out.paid_interest_fen[i] = at.paid_interest_fen
    out.paid_penalty_fen[i] = at.paid_penalty_fen
    out.paid_fee_fen[i] = at.paid_fee_fen
    out.credited_fen[i] = at.credited_fen
    out.refunded_fen[i] = at.refunded_fen
    out.waived_fen[i] = at.waived_fen
    out.waived_principal_fen[i] = at.waived_principal_fen
    out.capitalised_fen[i] = at.capitalised_fen
    out.drawn_fen[i] = at.drawn_fen
    out.recovered_fen[i] = at.recovered_fen
    out.written_off_on[i] = at.written_off_on
    out.maturity_on[i] = at.maturity_on
    out.refused_events[i] = at.refused_events
    out.refused_seq[i] = at.refused_seq
    out.refused_reason[i] = at.refused_reason


def store_refusals(loan: Any, out: Any, first: int) -> None:
    """Write why each event of a loan that was refused was refused."""
    for place in range(loan.event_count):
        out[first + place] = loan.refusal[place]
