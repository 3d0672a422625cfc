"""Tables: the Arrow schemas of a book, derived from the kernel's own tuples.

A column of ``loans.parquet`` or ``events.parquet`` exists because a field of ``Terms``
or ``Event`` exists, in the same order and under the same name, so the two cannot drift.

Units are in the names: ``_fen`` and ``_ppb`` are int64, ``_on`` is date32 with null for
"no such day" (``NO_DAY``), codes are int8, sequence numbers and counts int32.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from kuanxian.loan.events import Event
from kuanxian.loan.terms import Conventions, Terms

_CODES: Final = frozenset({"kind", "part"})


def _column_type(name: str) -> pa.DataType:
    if name.endswith(("_fen", "_ppb")):
        return pa.int64()
    if name.endswith("_on"):
        return pa.date32()
    return pa.int8() if name in _CODES else pa.int32()


def _columns(names: Sequence[str]) -> list[tuple[str, pa.DataType]]:
    return [(name, _column_type(name)) for name in names]


PRODUCT_SCHEMA: Final = pa.schema(
    [
        ("product_no", pa.int32()),
        ("product_id", pa.string()),
        *[(name, pa.int64()) for name in Conventions._fields],
    ]
)
"""One row a snapshot of ``Conventions``; ``product_no`` runs from 0."""

LOAN_SCHEMA: Final = pa.schema(
    [
        ("loan_no", pa.int32()),
        ("loan_id", pa.string()),
        ("lender_id", pa.string()),
        ("segment", pa.string()),
        ("product_no", pa.int32()),
        *_columns(Terms._fields),
    ]
)
"""One row a loan; ``loan_no`` is the row number, from 0."""

EVENT_SCHEMA: Final = pa.schema([("loan_no", pa.int32()), *_columns(Event._fields)])
"""One row an event, sorted by ``loan_no``, ``value_on``, ``seq``."""

REFUSAL_SCHEMA: Final = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
    ]
)
"""One row an input row that was not taken; ``row`` counts data rows from 1."""


def product_id(conventions: Conventions) -> str:
    """Name a snapshot of conventions by its content.

    Returns:
        The SHA-256, in hex, of the snapshot as JSON with sorted keys and no blanks.

    Example:
        >>> len(product_id(Conventions()))
        64
    """
    snapshot = {name: int(value) for name, value in conventions._asdict().items()}
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def products_table(products: Sequence[Conventions]) -> pa.Table:
    """Write snapshots down as a table, numbered in the order given.

    Example:
        >>> products_table([Conventions(period_count=2)])["period_count"].to_pylist()
        [2]
    """
    columns: dict[str, list[int] | list[str]] = {
        "product_no": list(range(len(products))),
        "product_id": [product_id(product) for product in products],
    }
    for name in Conventions._fields:
        columns[name] = [int(getattr(product, name)) for product in products]
    return pa.table(columns, schema=PRODUCT_SCHEMA)


def products_of(table: pa.Table) -> list[Conventions]:
    """Read snapshots back from a table, in the order of ``product_no``.

    Example:
        >>> products_of(products_table([Conventions()])) == [Conventions()]
        True
    """
    rows = table.sort_by("product_no").select(list(Conventions._fields)).to_pylist()
    return [Conventions(**row) for row in rows]
