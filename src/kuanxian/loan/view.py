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
from kuanxian.loan.checks import check
from kuanxian.loan.events import Event, EventColumns
from kuanxian.loan.memory import (
    DUE_ON,
    END_ON,
    FEE,
    INTEREST,
    PRINCIPAL,
    ROWS,
    START_ON,
    TRACE_WIDTH,
    TRACED,
    Grid,
    blank_rows,
    blank_state,
)
from kuanxian.loan.position import Policy, Position
from kuanxian.loan.replay import Memory, When, replay
from kuanxian.loan.settle import Payoff, payoff_parts
from kuanxian.loan.standing import stand
from kuanxian.loan.terms import Conventions, DaysOff, Terms
from kuanxian.loan.trace import Entry

TRACE_MAX = 100_000


class Row(NamedTuple):
    """One instalment of a plan."""

    number: int
    """Counted from 1; a down payment is number 1 of its plan."""
    start_on: int
    end_on: int
    """Due day before rolling; interest runs to here."""
    due_on: int
    opening_fen: int
    """Principal owed before it."""
    principal_fen: int
    interest_fen: int
    fee_fen: int


class _Replayed(NamedTuple):
    """A loan brought to a day, with all it takes to read it."""

    terms: Terms
    memory: Memory
    columns: EventColumns
    span: tuple[int, int]


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


def columns_of(events: Sequence[Event]) -> EventColumns:
    """Turn events into columns.

    Example:
        >>> columns_of([Event(1, Kind.PAYMENT, 20_000, 500)]).amount_fen
        [500]
    """
    return EventColumns(
        *([event[place] for event in events] for place in range(len(Event._fields)))
    )


def days_off_of(conventions: Conventions) -> bytes:
    """Find the calendar a contract rolls its due days by."""
    return mainland() if conventions.days_off == DaysOff.CN else weekends()


def _replay(
    terms: Terms, conventions: Conventions, events: Iterable[Event], when: When, trace_max: int = 0
) -> _Replayed:
    check(terms, conventions)
    ordered = in_order(events)
    columns = columns_of(ordered)
    memory = Memory(
        rows=blank_rows(),
        state=blank_state(trace_max),
        trace=Grid(TRACE_WIDTH, max(trace_max, 1)),
        void=[0] * len(ordered),
    )
    span = (0, len(ordered))
    terms = replay(terms, conventions, days_off_of(conventions), columns, span, when, memory)
    return _Replayed(terms, memory, columns, span)


def _when(as_of_on: int, known_on: int, period_from_on: int | None) -> When:
    from_on = month_start(as_of_on) if period_from_on is None else period_from_on
    return When(as_of_on=as_of_on, known_on=known_on, period_from_on=from_on)


def position(
    terms: Terms,
    conventions: Conventions = Conventions(),
    events: Iterable[Event] = (),
    *,
    as_of_on: int,
    policy: Policy = Policy(),
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
    when = _when(as_of_on, known_on, period_from_on)
    done = _replay(terms, conventions, events, when)
    memory = done.memory
    return stand(
        done.terms,
        conventions,
        policy,
        memory.rows,
        memory.state,
        as_of_on,
        (done.columns, done.span, memory.void),
    )


def schedule(
    terms: Terms, conventions: Conventions = Conventions(), events: Iterable[Event] = ()
) -> list[Row]:
    """List the instalments of a loan: as promised, or as events have left them.

    With events, each row shows what it asks for after the last of them; rows a
    restructuring closed show what had been met. Time after the last event does not
    pass, so nothing here is charged for being late later.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> [(row.principal_fen, row.interest_fen) for row in schedule(terms)][:2]
        [(92016, 18000), (93396, 16620)]
    """
    known = list(events)
    last_on = max((event.value_on for event in known), default=terms.disbursed_on)
    done = _replay(
        terms, conventions, known, _when(max(last_on, terms.disbursed_on), DAY_MAX, None)
    )
    rows, state = done.memory.rows, done.memory.state
    count = state[ROWS]
    plan = []
    opening_fen = sum(rows[PRINCIPAL, row] for row in range(count))
    for row in range(count):
        plan.append(
            Row(
                number=row + 1,
                start_on=rows[START_ON, row],
                end_on=rows[END_ON, row],
                due_on=rows[DUE_ON, row],
                opening_fen=opening_fen,
                principal_fen=rows[PRINCIPAL, row],
                interest_fen=rows[INTEREST, row],
                fee_fen=rows[FEE, row],
            )
        )
        opening_fen -= rows[PRINCIPAL, row]
    return plan


def trace(
    terms: Terms,
    conventions: Conventions = Conventions(),
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
    done = _replay(terms, conventions, events, _when(as_of_on, known_on, None), TRACE_MAX)
    grid, count = done.memory.trace, done.memory.state[TRACED]
    if count == TRACE_MAX:
        raise EventError("events", f"lead to more than {TRACE_MAX} trace entries")
    return [Entry(*(grid[column, at] for column in range(TRACE_WIDTH))) for at in range(count)]


def payoff(
    terms: Terms, conventions: Conventions = Conventions(), events: Iterable[Event] = (), *, on: int
) -> Payoff:
    """Quote what settles a loan on a day, by part.

    Example:
        >>> from kuanxian.base.days import day_of
        >>> terms = Terms(1_200_000, day_of(2026, 1, 15), 12, rate_ppb=180_000_000)
        >>> payoff(terms, on=day_of(2026, 1, 25)).total_fen
        1206000
    """
    done = _replay(terms, conventions, events, _when(on, DAY_MAX, None))
    return payoff_parts(done.terms, conventions, done.memory.rows, done.memory.state)
