"""Traced: the trace of many loans, by the compiled kernel.

The same functions as ``loan.trace``, compiled with their trace; a close is compiled without.
What comes out are lines as ``loan.trace.Entry`` has them, loan after loan.
"""

import types
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa

from kuanxian.base.bounds import DAY_MAX
from kuanxian.loan.events import EventColumns
from kuanxian.loan.memory import TRACE_WIDTH
from kuanxian.loan.position import Policy
from kuanxian.loan.replay import replay
from kuanxian.loan.terms import Terms
from kuanxian.loan.view import TRACE_MAX
from kuanxian.state.batch import error_of, ints, snapshots_of
from kuanxian.state.compiled import blank_memory, compiled_with_trace
from kuanxian.state.transfer import Fault, load_loan

_LINES_A_LOAN: Final = 96
"""Room to begin with; more is made where it does not suffice."""


Line = tuple[int, int, int, int, int, int]


class Traced(NamedTuple):
    """The lines of a run of loans."""

    lines: list[Line]
    """Day, event, row, what, part, fen; loan after loan."""
    ends: list[int]
    """For each loan the line after its last."""

    def of(self, place: int) -> list[Line]:
        """Give the lines of one loan, counted from 0."""
        return self.lines[self.ends[place - 1] if place else 0 : self.ends[place]]


def traces(
    loans: pa.Table, products: pa.Table, events: pa.Table, *, as_of_on: int, known_on: int = DAY_MAX
) -> Traced:
    """Tell how each fen of many loans came to be.

    Args:
        loans: (n) rows in LOAN_SCHEMA, any contiguous slice of a book.
        products: All products of the book.
        events: Exactly these loans' events, sorted by loan, value day and number.
        as_of_on: The day.
        known_on: Leave out events recorded after this day.

    Raises:
        BookError: The tables are not sorted, or hold a contract that cannot be computed.
    """
    if loans.num_rows == 0:
        return Traced([], [])
    terms = tuple(ints(loans, name) for name in Terms._fields)
    columns = EventColumns(*(ints(events, name) for name in EventColumns._fields))
    first_no = int(loans["loan_no"][0].as_py())
    place = (0, loans.num_rows, 0, events.num_rows, first_no)
    given = (terms, ints(loans, "product_no"), snapshots_of(products), columns,
             ints(events, "loan_no"))  # fmt: skip
    memory = blank_memory((as_of_on, known_on, as_of_on), Policy(), TRACE_MAX)
    compiled = compiled_with_trace(cast("types.FunctionType", trace_span))
    ends = np.zeros(loans.num_rows, np.int64)
    for room in _rooms(loans.num_rows):
        lines = np.empty((room, TRACE_WIDTH), np.int64)
        at, fault = compiled(given, memory, place, (lines, ends))
        if fault != Fault.ROOM:
            break
    if fault != Fault.NONE:
        raise error_of(first_no + at, Fault(fault))
    columns_told = _in_order(lines[: ends[-1]], ends).T.tolist()
    told: list[Line] = list(zip(*columns_told, strict=True))
    return Traced(told, ends.tolist())


def _in_order(lines: Any, ends: Any) -> Any:
    """Put each loan's lines in the order of days and events, as ``loan.trace`` does."""
    owner = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    return lines[np.lexsort((lines[:, 1], lines[:, 0], owner))]


def _rooms(loans: int) -> Iterator[int]:
    """Double the room until it is as much as these loans can ever need."""
    room = _LINES_A_LOAN * loans
    while room < TRACE_MAX * loans:
        yield room
        room *= 2
    yield TRACE_MAX * loans


def trace_span(
    book: tuple[Any, Any, Any, EventColumns, Any],
    memory: Any,
    span: tuple[int, int, int, int, int],
    out: tuple[Any, Any],
) -> tuple[int, int]:
    """Replay the loans of a span and write their traces; see ``compiled.close_span``.

    Args:
        book: Terms, a tuple of (n,) arrays; (n,) which product each loan is; the products;
            the events, sorted by loan, day and number; (events,) whose each event is.
        memory: From ``blank_memory`` with room for a trace.
        span: As in ``close_span``.
        out: (room, 6) lines and (n,) the line after each loan's last, written.

    Returns:
        The first loan that cannot be computed, and the ``Fault``; (-1, 0) where there is none.
    """
    lines, ends = out
    loan = memory[0]
    at_event = span[2]
    at = 0
    for i in range(span[0], span[1]):
        at_event, fault = load_loan(loan, book, span, i, at_event)
        if fault != Fault.NONE:
            return i, fault
        loan.traced = 0
        replay(loan)
        if at + loan.traced > len(lines) or loan.traced == loan.trace_max:
            return i, Fault.ROOM
        for line in range(loan.traced):
            for column in range(TRACE_WIDTH):
                lines[at + line, column] = loan.trace[column, line]
        at += loan.traced
        ends[i] = at
    return (-1, 0) if at_event == span[3] else (span[1] - 1, Fault.UNSORTED)
