"""Columns: the schema of ``positions.parquet``, derived from the kernel's ``Position``.

``_fen`` are int64, ``_on`` date32 with null for "no such day", codes int8, counts int32.
What each column means is said at the fields of ``kuanxian.loan.position.Position``.
"""

from typing import Final

import pyarrow as pa

from kuanxian.loan.position import Position

CODES: Final = frozenset({"status", "letter", "bucket", "grade", "refused_reason"})


def column_type(name: str) -> pa.DataType:
    """Find the Arrow type of a ``Position`` field by its name.

    Example:
        >>> [str(column_type(name)) for name in ("payoff_fen", "cured_on", "status")]
        ['int64', 'date32[day]', 'int8']
    """
    if name.endswith("_fen"):
        return pa.int64()
    if name.endswith("_on"):
        return pa.date32()
    return pa.int8() if name in CODES else pa.int32()


IDENTITY: Final = [
    ("loan_no", pa.int32()),
    ("loan_id", pa.string()),
    ("lender_id", pa.string()),
    ("segment", pa.string()),
    ("product_no", pa.int32()),
]
"""Columns taken over from the book."""

POSITION_SCHEMA: Final = pa.schema(
    [*IDENTITY, *((name, column_type(name)) for name in Position._fields)]
)
