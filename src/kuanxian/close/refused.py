"""Refused: the events the kernel could not apply, listed one by one.

A position says how many events of its loan were refused, and the first of them. Where
there are more, these loans are folded once more by the compiled kernel, which says of
each event whether it was refused.
"""

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from kuanxian.close.arrays import Arrays, Ints
from kuanxian.close.counted import event_keys
from kuanxian.loan.events import Kind, Refused
from kuanxian.loan.position import Policy
from kuanxian.state.batch import Looking, close_slice
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
"""One row a refused event. ``refused_events`` is how many its loan has."""


class Listing(NamedTuple):
    """The refused events of a slice."""

    rows: pa.Table
    """REFUSED_SCHEMA, by ``loan_no``, then in the order they were refused."""
    keys: Ints
    """The same events as numbers, see ``counted.event_keys``."""
    by_reason: dict[str, int]
    """How many of the listed events each reason has."""


def list_refused(
    piece: Slice, events: Arrays, positions: Arrays, products: pa.Table, as_of_on: int
) -> Listing:
    """List the refused events of a slice.

    Args:
        piece: The slice.
        events: Its events.
        positions: Its positions, in order.
        products: The book's products.
        as_of_on: The day.
    """
    counts = positions["refused_events"]
    at = np.flatnonzero(counts)
    if not at.size:
        nothing = np.zeros(0, np.int64)
        return Listing(REFUSED_SCHEMA.empty_table(), nothing, {})
    seqs = positions["refused_seq"][at].astype(np.int64)
    reasons = positions["refused_reason"][at].astype(np.int64)
    found = np.stack([at, seqs, reasons], axis=1)
    several = np.flatnonzero(counts[at] > 1)
    if several.size:
        more = _fold_again(piece, at[several], products, as_of_on)
        found = np.concatenate([np.delete(found, several, axis=0), more])
    found = found[np.argsort(found[:, 0], kind="stable")]
    rows = _rows(piece, events, found, counts)
    names, times = np.unique(found[:, 2], return_counts=True)
    by_reason = {
        Refused(int(name)).name.lower(): int(n) for name, n in zip(names, times, strict=True)
    }
    keys = ((found[:, 0] + piece.begin.loan_no) << 32) + found[:, 1]
    return Listing(rows, keys, by_reason)


def _fold_again(piece: Slice, at: Ints, products: pa.Table, as_of_on: int) -> Ints:
    """Fold the loans with several refused events again, and ask of each event.

    Returns:
        (r, 3): place of the loan, number of the event, reason.
    """
    owner = piece.events.column("loan_no").to_numpy() - piece.begin.loan_no
    rows = np.flatnonzero(np.isin(owner, at))
    loans = _renumbered(piece.loans.take(at), np.arange(len(at)))
    events = _renumbered(piece.events.take(rows), np.searchsorted(at, owner[rows]))
    looking = Looking(as_of_on, as_of_on, Policy())
    reasons = close_slice(loans, products, events, looking).refusals.astype(np.int64)
    refused = np.flatnonzero(reasons)
    seqs = events.column("seq").to_numpy()[refused].astype(np.int64)
    return np.stack([owner[rows[refused]].astype(np.int64), seqs, reasons[refused]], axis=1)


def _renumbered(table: pa.Table, numbers: Ints) -> pa.Table:
    """Give the rows other loan numbers: those of the loans folded again follow each other."""
    place = table.schema.get_field_index("loan_no")
    return table.set_column(place, "loan_no", pa.array(numbers.astype(np.int32)))


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
