"""Refused: the events the kernel could not apply, listed one by one.

A position says how many events of its loan were refused, and the first of them. Where
there are more, the loan is folded once more with a trace. That takes milliseconds a
loan, so a slice full of such loans is not listed to the end: it is counted instead,
and the count is exact.
"""

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from kuanxian.base.days import NO_DAY
from kuanxian.close.arrays import Arrays, Bools, Ints
from kuanxian.close.counted import event_keys
from kuanxian.loan import Conventions, Event, Terms, trace
from kuanxian.loan.events import Kind, Refused
from kuanxian.loan.trace import What
from kuanxian.state.local import Slice

REFUSED_SCHEMA: Final = pa.schema(
    [
        ("loan_no", pa.int32()),
        ("loan_id", pa.string()),
        ("seq", pa.int32()),
        ("kind", pa.string()),
        ("value_on", pa.date32()),
        ("amount_fen", pa.int64()),
        ("reason", pa.string()),
        ("refused_events", pa.int32()),
    ]
)
"""One row a refused event. ``refused_events`` is how many its loan has; where fewer rows
are listed, the loan was one of too many in its slice."""

TRACED_LOANS_MAX: Final = 200
"""How many loans of a slice are folded again to list more than the first."""


class Listing(NamedTuple):
    """The refused events of a slice."""

    rows: pa.Table
    """REFUSED_SCHEMA, by ``loan_no``, then in the order they were refused."""
    keys: Ints
    """The same events as numbers, see ``counted.event_keys``."""
    unlisted: Bools
    """(loans,) where not every refused event is listed."""
    by_reason: dict[str, int]
    """How many of the listed events each reason has."""


def list_refused(
    piece: Slice, events: Arrays, positions: Arrays, products: list[Conventions], as_of_on: int
) -> Listing:
    """List the refused events of a slice.

    Args:
        piece: The slice.
        events: Its events.
        positions: Its positions, in order.
        products: The book's conventions, by ``product_no``.
        as_of_on: The day.
    """
    counts = positions["refused_events"]
    at = np.flatnonzero(counts)
    if not at.size:
        nothing = np.zeros(0, np.int64)
        return Listing(REFUSED_SCHEMA.empty_table(), nothing, counts > 0, {})
    seqs = positions["refused_seq"][at].astype(np.int64)
    reasons = positions["refused_reason"][at].astype(np.int64)
    found = np.stack([at, seqs, reasons], axis=1)
    several = np.flatnonzero(counts[at] > 1)[:TRACED_LOANS_MAX]
    traced = [_trace(piece, int(place), products, as_of_on) for place in at[several]]
    found = np.concatenate([np.delete(found, several, axis=0), *traced])
    found = found[np.argsort(found[:, 0], kind="stable")]
    listed = np.bincount(found[:, 0], minlength=len(counts))
    rows = _rows(piece, events, found, counts)
    names, times = np.unique(found[:, 2], return_counts=True)
    by_reason = {
        Refused(int(name)).name.lower(): int(n) for name, n in zip(names, times, strict=True)
    }
    keys = ((found[:, 0] + piece.begin.loan_no) << 32) + found[:, 1]
    return Listing(rows, keys, listed != counts, by_reason)


def _trace(piece: Slice, at: int, products: list[Conventions], as_of_on: int) -> Ints:
    """Fold one loan again; give (place, seq, reason) of every event it refuses."""
    loan = _plain(piece.loans.slice(at, 1))[0]
    terms = Terms(**{name: loan[name] for name in Terms._fields})
    numbers = piece.events.column("loan_no").to_numpy()
    first, end = np.searchsorted(numbers, [loan["loan_no"], loan["loan_no"] + 1])
    table = piece.events.slice(int(first), int(end - first)).select(list(Event._fields))
    events = [Event(**row) for row in _plain(table)]
    entries = trace(terms, products[loan["product_no"]], events, as_of_on=as_of_on)
    found = [(at, entry.seq, entry.amount_fen) for entry in entries if entry.what == What.REFUSED]
    return np.array(found, np.int64).reshape(-1, 3)


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """Give rows as the kernel's plain twin takes them: days as numbers."""
    columns = [
        table.column(name).cast("int32").fill_null(NO_DAY)
        if name.endswith("_on")
        else table.column(name)
        for name in table.column_names
    ]
    return list(pa.table(columns, names=table.column_names).to_pylist())


def _rows(piece: Slice, events: Arrays, found: Ints, counts: Ints) -> pa.Table:
    """Look the events up and write them as rows of REFUSED_SCHEMA."""
    keys = event_keys(events)
    order = np.argsort(keys, kind="stable")
    wanted = ((found[:, 0] + piece.begin.loan_no) << 32) + found[:, 1]
    taken = piece.events.take(order[np.searchsorted(keys, wanted, sorter=order)])
    loans = piece.loans.take(found[:, 0])
    return pa.table(
        [
            loans.column("loan_no"),
            loans.column("loan_id"),
            pa.array(found[:, 1].astype(np.int32)),
            _names(Kind, taken.column("kind").to_numpy()),
            taken.column("value_on"),
            taken.column("amount_fen"),
            _names(Refused, found[:, 2]),
            pa.array(counts[found[:, 0]].astype(np.int32)),
        ],
        schema=REFUSED_SCHEMA,
    )


def _names(codes: type[IntEnum], values: Ints) -> pa.Array:
    """Name codes; one that has no name is ``unknown``."""
    known = {int(code): code.name.lower() for code in codes}
    return pa.array([known.get(int(value), "unknown") for value in values], pa.string())
