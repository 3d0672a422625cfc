"""View: the kernel for one loan, in plain Python.

Four questions about one contract and its events: what was promised (``schedule``),
where it stands (``position``), how each fen came to be (``trace``), and what settles it
(``payoff``). A book of loans is closed by the same functions compiled
(``kuanxian.state``).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kuanxian.base.bounds import DAY_MAX, EVENTS_MAX
from kuanxian.base.calendar import mainland, weekends
from kuanxian.base.days import month_start
from kuanxian.base.errors import EventError
from kuanxian.loan.accrue import reckon_ahead
from kuanxian.loan.checks import check
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.memory import TRACE_WIDTH, Loan
from kuanxian.loan.position import Policy, Position
from kuanxian.loan.replay import replay
from kuanxian.loan.settle import Payoff, payoff_parts
from kuanxian.loan.standing import stand
from kuanxian.loan.terms import Conventions, DaysOff, Part, Terms
from kuanxian.loan.trace import Entry, What

TRACE_MAX = 100_000

CONVENTIONS = Conventions()
POLICY = Policy()


class Row(NamedTuple):
    """One instalment of a plan."""

    number: int
    """Counted from 1; a down payment is number 1 of its plan."""
    start_on: int
    end_on: int
    """Due day before rolling; interest runs to here."""
    due_on: int
    opening_fen: int
    """Principal owed when its period starts; what is drawn or capitalised later is not in it."""
    principal_fen: int
    interest_fen: int
    fee_fen: int


def in_order(events: Iterable[Event]) -> list[Event]:
    """Sort events by the day from which they count, then by number.

    Raises:
        EventError: two events have the same number, or there are too many.
    """
    ordered = sorted(events, key=lambda event: (event.value_on, event.seq))
    if len(ordered) > EVENTS_MAX:
        raise EventError("events", f"are {len(ordered)}; at most {EVENTS_MAX} fit one loan")
    if len({event.seq for event in ordered}) < len(ordered):
        raise EventError("seq", "is used twice", "Give every event of a loan its own number.")
    return ordered


def prepare(
    loan: Loan, terms: Terms, conventions: Conventions, as_of_on: int, policy: Policy = POLICY
) -> None:
    """Put a contract and a day into a loan's memory.

    Raises:
        TermsError: a figure is out of bounds.
    """
    check(terms, conventions)
    vars(loan.terms).update(terms._asdict())
    vars(loan.conventions).update(conventions._asdict())
    vars(loan.policy).update(policy._asdict())
    loan.days_off = (weekends(), mainland() if conventions.days_off == DaysOff.CN else b"")
    loan.as_of_on = as_of_on
    loan.known_on = DAY_MAX
    loan.period_from_on = month_start(as_of_on)


def _fold(loan: Loan, events: Sequence[Event]) -> None:
    loan.event = events
    loan.event_count = len(events)
    replay(loan)


def position(
    terms: Terms,
    conventions: Conventions = CONVENTIONS,
    events: Iterable[Event] = (),
    *,
    as_of_on: int,
    policy: Policy = POLICY,
    known_on: int = DAY_MAX,
    period_from_on: int | None = None,
) -> Position:
    """Say where a loan stands at the close of a day.

    Args:
        terms: The contract's figures.
        conventions: Its settings.
        events: What happened, in any order.
        as_of_on: The day.
        policy: How ageing is shown.
        known_on: Leave out events recorded after this day.
        period_from_on: First day of the period for ``paid_in_period_fen``; by default
            the first of the month.

    Raises:
        TermsError: a figure is out of bounds.
        EventError: two events have the same number, or there are too many.

    Example:
        12,000 yuan over 12 months at 18 %, one instalment missed.

        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> at = position(terms, as_of_on=day_of(2026, 2, 20))
        >>> at.days_past_due, at.overdue_principal_fen, at.overdue_interest_fen
        (5, 92016, 18000)
    """
    ordered = in_order(events)
    loan = Loan(events=len(ordered))
    prepare(loan, terms, conventions, as_of_on, policy)
    loan.known_on = known_on
    if period_from_on is not None:
        loan.period_from_on = period_from_on
    _fold(loan, ordered)
    return stand(loan)


def schedule(
    terms: Terms, conventions: Conventions = CONVENTIONS, events: Iterable[Event] = ()
) -> list[Row]:
    """List the instalments of a loan: as promised, or as events have left them.

    With events, each row shows what it asks for after the last of them, with daily interest
    as if the instalments were then paid on their days; rows a restructuring closed show
    what had been met. Nothing is charged here for being late after the last event.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> [(row.principal_fen, row.interest_fen) for row in schedule(terms)][:2]
        [(92016, 18000), (93396, 16620)]
    """
    ordered = in_order(events)
    adds = any(event.kind in (Kind.DRAWDOWN, Kind.REINSTALMENT) for event in ordered)
    loan = Loan(events=len(ordered), trace_max=TRACE_MAX if adds else 0)
    last_on = ordered[-1].value_on if ordered else terms.disbursed_on
    prepare(loan, terms, conventions, max(last_on, terms.disbursed_on))
    _fold(loan, ordered)
    for row in range(loan.fallen, loan.rows):
        reckon_ahead(loan, row)
    plan = []
    opening_fen = sum(loan.plan[row].asked_fen[Part.PRINCIPAL] for row in range(loan.rows))
    for row in range(loan.rows):
        principal_fen = loan.plan[row].asked_fen[Part.PRINCIPAL]
        plan.append(
            Row(
                number=row + 1,
                start_on=loan.plan[row].start_on,
                end_on=loan.plan[row].end_on,
                due_on=loan.plan[row].due_on,
                opening_fen=opening_fen - _added_after_fen(loan, loan.plan[row].start_on),
                principal_fen=principal_fen,
                interest_fen=loan.plan[row].asked_fen[Part.INTEREST],
                fee_fen=loan.plan[row].asked_fen[Part.FEE],
            )
        )
        opening_fen -= principal_fen
    return plan


def _added_after_fen(loan: Loan, day_on: int) -> int:
    """Add up what was drawn and capitalised after a day, as the trace has it."""
    return sum(
        loan.trace[5, at]
        for at in range(loan.traced)
        if loan.trace[3, at] in (What.DRAWN, What.CAPITALISED) and loan.trace[0, at] > day_on
    )


def trace(
    terms: Terms,
    conventions: Conventions = CONVENTIONS,
    events: Iterable[Event] = (),
    *,
    as_of_on: int,
    known_on: int = DAY_MAX,
) -> list[Entry]:
    """Tell how each fen of a position came to be, in the order it happened.

    Raises:
        EventError: there is more to tell than fits (100,000 entries).

    Example:
        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> [(entry.row, entry.amount_fen) for entry in trace(terms, as_of_on=day_of(2026, 2, 15))]
        [(0, 1200000), (1, 18000), (1, 92016)]
    """
    ordered = in_order(events)
    loan = Loan(events=len(ordered), trace_max=TRACE_MAX)
    prepare(loan, terms, conventions, as_of_on)
    loan.known_on = known_on
    _fold(loan, ordered)
    if loan.traced == TRACE_MAX:
        raise EventError("events", f"lead to more than {TRACE_MAX} trace entries")
    entries = [
        Entry(*(loan.trace[column, at] for column in range(TRACE_WIDTH)))
        for at in range(loan.traced)
    ]
    # A refused event is noted before time has passed to its day; nothing else is.
    return sorted(entries, key=lambda entry: (entry.day_on, entry.seq))


def payoff(
    terms: Terms, conventions: Conventions = CONVENTIONS, events: Iterable[Event] = (), *, on: int
) -> Payoff:
    """Quote what settles a loan on a day, by part.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> payoff(terms, on=day_of(2026, 1, 25)).total_fen
        1206000
    """
    ordered = in_order(events)
    loan = Loan(events=len(ordered))
    prepare(loan, terms, conventions, on)
    _fold(loan, ordered)
    return payoff_parts(loan)
