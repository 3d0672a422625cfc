"""Batch: positions of many loans, Arrow in, Arrow out.

A pure function of its tables: no file, no clock, no database. It runs in one process
here and unchanged on a cluster, a batch at a time.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from kuanxian.base.bounds import DAY_MAX, EVENTS_MAX
from kuanxian.base.days import NO_DAY
from kuanxian.base.errors import BookError
from kuanxian.loan.checks import settings_problem
from kuanxian.loan.events import EventColumns
from kuanxian.loan.position import Policy, Position
from kuanxian.loan.terms import Conventions, Terms
from kuanxian.state.columns import IDENTITY, POSITION_SCHEMA, column_type
from kuanxian.state.compiled import blank_memory, compiled_close_span
from kuanxian.state.transfer import Fault

_WIDTHS: Final = [
    np.int32 if name.endswith("_on") else column_type(name).to_pandas_dtype()
    for name in Position._fields
]
"""The NumPy type of each column of positions; dates are days."""

_PAGE_BYTES: Final = 4_096
_STAGGER_BYTES: Final = 192
"""Three lines of the cache: an odd number, so that 64 columns use each of its 64 sets once."""


class Looking(NamedTuple):
    """From where one looks at a book."""

    as_of_on: int
    """The day."""
    period_from_on: int
    """First day of the period ``paid_in_period_fen`` covers."""
    policy: Policy
    """How ageing is shown."""
    known_on: int = DAY_MAX
    """Leave out events recorded after this day."""


class Closed(NamedTuple):
    """What the kernel said of a slice."""

    positions: pa.Table
    """(n,) rows in POSITION_SCHEMA, in the order of the loans."""
    refusals: Any
    """(events,) int8: why each event was refused, a ``Refused`` code; 0: it was not."""


def positions(
    loans: pa.Table,
    products: pa.Table,
    events: pa.Table,
    *,
    as_of_on: int,
    period_from_on: int,
    policy: Policy,
    known_on: int = DAY_MAX,
    threads: int = 2,
) -> pa.Table:
    """Compute the position of every loan of a slice at the close of a day.

    Args:
        loans: (n) rows in LOAN_SCHEMA, any contiguous slice of a book.
        products: All products of the book, in PRODUCT_SCHEMA.
        events: Exactly these loans' events, in EVENT_SCHEMA, sorted by loan, value day
            and number.
        as_of_on: The day.
        period_from_on: First day of the period ``paid_in_period_fen`` covers.
        policy: How ageing is shown.
        known_on: Leave out events recorded after this day.
        threads: How many workers share the slice.

    Returns:
        (n) rows in POSITION_SCHEMA, in the order of ``loans``.

    Raises:
        BookError: the tables do not fit together, are not sorted, or hold a contract
            that cannot be computed.
    """
    looking = Looking(as_of_on, period_from_on, policy, known_on)
    return close_slice(loans, products, events, looking, threads=threads).positions


def close_slice(
    loans: pa.Table, products: pa.Table, events: pa.Table, looking: Looking, *, threads: int = 1
) -> Closed:
    """Compute positions, and tell of each event whether it was refused.

    Args and errors are those of ``positions``.
    """
    count = loans.num_rows
    if count == 0:
        return Closed(POSITION_SCHEMA.empty_table(), np.zeros(events.num_rows, np.int8))
    product_no = ints(loans, "product_no")
    snapshots = snapshots_of(products)
    if product_no.min() < 0 or product_no.max() >= len(snapshots):
        raise BookError("product_no", "names a product that products.parquet does not have")
    terms = tuple(ints(loans, name) for name in Terms._fields)
    columns = EventColumns(*(ints(events, name) for name in EventColumns._fields))
    owner = ints(events, "loan_no")
    first_no = int(loans["loan_no"][0].as_py())
    if len(owner) and (owner[0] < first_no or owner[-1] >= first_no + count):
        raise BookError("events.parquet", "has events of loans that are not in this slice")
    out = blank_positions(count), np.zeros(len(owner), np.int8)
    book = (terms, product_no, snapshots, columns, owner)
    close_span = compiled_close_span()

    def close(span: tuple[int, int]) -> tuple[int, int]:
        when = (looking.as_of_on, looking.known_on, looking.period_from_on)
        memory = blank_memory(when, looking.policy)
        edges = np.searchsorted(owner, [first_no + span[0], first_no + span[1]])
        place = (*span, int(edges[0]), int(edges[1]), first_no)
        found: tuple[int, int] = close_span(book, memory, place, out)
        return found

    faults = [found for found in _share(close, count, threads) if found[0] >= 0]
    if faults:
        place, fault = min(faults)
        raise error_of(first_no + place, Fault(fault))
    return Closed(_table(loans, out[0]), out[1])


def snapshots_of(products: pa.Table) -> Any:
    """Put the conventions of all products into rows, and what is wrong with each behind them."""
    columns = [ints(products, name) for name in Conventions._fields]
    snapshots = np.empty((products.num_rows, len(columns) + 1), np.int64)
    for place, column in enumerate(columns):
        snapshots[:, place] = column
    for row in snapshots:
        row[-1] = settings_problem(Conventions(*(int(figure) for figure in row[:-1])))
    return snapshots


def error_of(loan_no: int, fault: Fault) -> BookError:
    """Say in words why a loan cannot be computed."""
    if fault == Fault.CONTRACT:
        return BookError(
            "loans.parquet",
            f"holds a contract beyond the bounds at loan_no {loan_no}",
            "Take the source through `kuanxian intake`, which refuses such rows one by one.",
        )
    if fault == Fault.ROOM:
        return BookError("events.parquet", f"lead to more to tell than fits at loan_no {loan_no}")
    if fault == Fault.TOO_MANY:
        return BookError("events.parquet", f"has a loan with more than {EVENTS_MAX} events")
    return BookError(
        "events.parquet",
        "is not sorted by loan_no, value_on, seq",
        "Take the source through `kuanxian intake`, which sorts it.",
    )


def _share(close: Any, count: int, threads: int) -> list[tuple[int, int]]:
    """Run spans of equal length side by side."""
    workers = max(1, min(threads, count))
    edges = [count * k // workers for k in range(workers + 1)]
    spans = [(edges[k], edges[k + 1]) for k in range(workers)]
    if workers == 1:
        return [close(spans[0])]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(close, spans))


def ints(table: pa.Table, name: str) -> Any:
    """Read an integer or date column as an array; nulls become NO_DAY."""
    column = table[name]
    # One chunk is taken as it is; combining it would copy it.
    column = column.chunk(0) if column.num_chunks == 1 else _combined(column)
    if pa.types.is_date32(column.type):
        column = column.view(pa.int32())
    if column.null_count:
        column = column.fill_null(NO_DAY)
    return column.to_numpy(zero_copy_only=True)


def _combined(column: pa.ChunkedArray) -> pa.Array:
    """Put the chunks of a column, or none, into one array."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def blank_positions(count: int) -> Position:
    """Make room for the positions of so many loans, a column each, as wide as in the file.

    A loan is written into all columns, at one place in each. Were they to begin at the same
    place of a page, as large arrays do, these would share one set of the cache, which holds
    eight of them: each column begins a little further in its page than the one before.
    """
    starts = []
    end = 0
    for k, width in enumerate(_WIDTHS):
        starts.append(-(-end // _PAGE_BYTES) * _PAGE_BYTES + k * _STAGGER_BYTES % _PAGE_BYTES)
        end = starts[-1] + count * np.dtype(width).itemsize
    room = np.empty(end, np.uint8)
    columns: Any = [
        np.frombuffer(room, width, count, start)
        for start, width in zip(starts, _WIDTHS, strict=True)
    ]
    return Position(*columns)


def _table(loans: pa.Table, out: Any) -> pa.Table:
    """Put the figures into a table, beside what the book says of each loan."""
    arrays = [loans[name] for name, _ in IDENTITY]
    for name, figures in zip(Position._fields, out, strict=True):
        dated = name.endswith("_on")
        arrays.append(_dates(figures) if dated else pa.array(figures))
    return pa.Table.from_arrays(arrays, schema=POSITION_SCHEMA)


def _dates(days: Any) -> pa.Array:
    """Turn day numbers into dates; NO_DAY becomes null."""
    known = days != NO_DAY
    missing = len(days) - int(np.count_nonzero(known))
    bits = pa.py_buffer(np.packbits(known, bitorder="little")) if missing else None
    return pa.Array.from_buffers(pa.date32(), len(days), [bits, pa.py_buffer(days)], missing)
