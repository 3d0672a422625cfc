"""Batch: positions of many loans, Arrow in, Arrow out.

A pure function of its tables: no file, no clock, no database. It runs in one process
here and unchanged on a cluster, a batch at a time.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from kuanxian.base.bounds import DAY_MAX, EVENTS_MAX
from kuanxian.base.days import NO_DAY
from kuanxian.base.errors import BookError
from kuanxian.loan.events import EventColumns
from kuanxian.loan.position import Policy, Position
from kuanxian.loan.terms import Conventions, Terms
from kuanxian.state.columns import IDENTITY, POSITION_SCHEMA
from kuanxian.state.compiled import POSITION_WIDTH, blank_memory, compiled_close_span

PAD = 8
"""Columns of the result are this much longer, so that they do not share cache lines."""


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
    count = loans.num_rows
    if count == 0:
        return POSITION_SCHEMA.empty_table()
    product_no = _ints(loans, "product_no")
    snapshots = np.column_stack([_ints(products, name) for name in Conventions._fields])
    snapshots = np.ascontiguousarray(snapshots)
    if product_no.min() < 0 or product_no.max() >= len(snapshots):
        raise BookError("product_no", "names a product that products.parquet does not have")
    terms = tuple(_ints(loans, name) for name in Terms._fields)
    columns = EventColumns(*(_ints(events, name) for name in EventColumns._fields))
    offsets = _offsets(loans, events, columns)
    out = np.empty((POSITION_WIDTH, count + PAD), np.int64)
    close_span = compiled_close_span()

    def close(span: tuple[int, int]) -> int:
        memory = blank_memory((as_of_on, known_on, period_from_on), policy)
        bad: int = close_span(terms, product_no, snapshots, columns, offsets, memory, span, out)
        return bad

    bad = [place for place in _share(close, count, threads) if place >= 0]
    if bad:
        number = int(_ints(loans, "loan_no")[min(bad)])
        raise BookError(
            "loans.parquet",
            f"holds a contract beyond the bounds at loan_no {number}",
            "Take the source through `kuanxian intake`, which refuses such rows one by one.",
        )
    return _table(loans, out, count)


def _share(close: Any, count: int, threads: int) -> list[int]:
    """Run spans of equal length side by side."""
    workers = max(1, min(threads, count))
    edges = [count * k // workers for k in range(workers + 1)]
    spans = [(edges[k], edges[k + 1]) for k in range(workers)]
    if workers == 1:
        return [close(spans[0])]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(close, spans))


def _ints(table: pa.Table, name: str) -> Any:
    """Read an integer or date column as an array; nulls become NO_DAY."""
    column = table[name].combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # an empty column has no chunk to combine
        column = pa.array([], column.type)
    if pa.types.is_date32(column.type):
        column = column.view(pa.int32())
    if column.null_count:
        column = column.fill_null(NO_DAY)
    return column.to_numpy(zero_copy_only=True)


def _offsets(loans: pa.Table, events: pa.Table, columns: EventColumns) -> Any:
    """Find where each loan's events begin, and check that they are these loans' and sorted."""
    first = int(loans["loan_no"][0].as_py())
    number = _ints(events, "loan_no")
    count = loans.num_rows
    if len(number) and (number[0] < first or number[-1] >= first + count):
        raise BookError("events.parquet", "has events of loans that are not in this slice")
    value_on, seq = np.asarray(columns.value_on), np.asarray(columns.seq)
    same = number[1:] == number[:-1]
    later = (value_on[1:] > value_on[:-1]) | (
        (value_on[1:] == value_on[:-1]) & (seq[1:] > seq[:-1])
    )
    if not np.all((number[1:] > number[:-1]) | (same & later)):
        raise BookError(
            "events.parquet",
            "is not sorted by loan_no, value_on, seq",
            "Take the source through `kuanxian intake`, which sorts it.",
        )
    each = np.bincount(number - first, minlength=count)
    if len(number) and int(each.max()) > EVENTS_MAX:
        raise BookError("events.parquet", f"has a loan with more than {EVENTS_MAX} events")
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(each, out=offsets[1:])
    return offsets


def _table(loans: pa.Table, out: Any, count: int) -> pa.Table:
    """Put the figures into a table, beside what the book says of each loan."""
    arrays = [loans[name] for name, _ in IDENTITY]
    for place, name in enumerate(Position._fields):
        figures = out[place, :count]
        kind = POSITION_SCHEMA.field(name).type
        if pa.types.is_date32(kind):
            arrays.append(_dates(figures))
        else:
            arrays.append(pa.array(figures.astype(_width(kind), copy=False), kind))
    return pa.Table.from_arrays(arrays, schema=POSITION_SCHEMA)


def _dates(days: Any) -> pa.Array:
    """Turn day numbers into dates; NO_DAY becomes null."""
    narrow = days.astype(np.int32)
    missing = narrow == NO_DAY
    mask = missing if missing.any() else None
    return pa.array(narrow, pa.int32(), mask=mask).view(pa.date32())


@cache
def _width(kind: pa.DataType) -> Any:
    """Find the NumPy type of an Arrow integer type."""
    return kind.to_pandas_dtype()
