"""Places: the open loans by lender and by segment, the largest first.

The lender is the one in the contract (出借人), not the brand the borrower saw. There may
be any number of either, so DuckDB adds them up over the finished file; the first
``LARGEST`` are kept and the others become one row.
"""

from pathlib import Path
from typing import Any, Final

import duckdb

from kuanxian.loan.position import Status

LARGEST: Final = 20
"""How many lenders and segments are shown by name."""

_SUMS: Final = ("loans", "overdue_loans", "outstanding_principal_fen", "overdue_principal_fen")


def add_up_places(folder: Path, threads: int) -> dict[str, list[dict[str, Any]]]:
    """Add the finished positions up by lender and by segment.

    Args:
        folder: Where ``positions.parquet`` is.
        threads: For DuckDB.

    Returns:
        ``lenders`` and ``segments``, each row with ``name`` (None for the rest),
        ``names`` (how many it stands for) and the sums.
    """
    path = str(folder / "positions.parquet")
    with duckdb.connect(config={"threads": threads, "memory_limit": "1GB"}) as db:
        return {
            "lenders": _largest(db, path, "lender_id"),
            "segments": _largest(db, path, "segment"),
        }


def _largest(db: duckdb.DuckDBPyConnection, path: str, column: str) -> list[dict[str, Any]]:
    """Sum by one text column; everything beyond ``LARGEST`` becomes one row without a name."""
    rows = db.execute(
        f"""
        WITH sums AS (
            SELECT {column} AS name, count(*) AS loans,
                count(*) FILTER (days_past_due > 0) AS overdue_loans,
                sum(outstanding_principal_fen) AS outstanding_principal_fen,
                sum(overdue_principal_fen) AS overdue_principal_fen
            FROM read_parquet(?) WHERE status IN ({Status.CURRENT:d}, {Status.OVERDUE:d})
            GROUP BY name
        ), placed AS (
            SELECT *, row_number() OVER (ORDER BY outstanding_principal_fen DESC, name) AS place
            FROM sums
        )
        SELECT CASE WHEN place <= {LARGEST} THEN name END, sum(loans), sum(overdue_loans),
            sum(outstanding_principal_fen), sum(overdue_principal_fen), count(*)
        FROM placed GROUP BY least(place, {LARGEST + 1}), 1
        ORDER BY least(place, {LARGEST + 1})
        """,
        [path],
    ).fetchall()
    return [
        {
            "name": row[0],
            "names": row[5],
            **{name: int(value) for name, value in zip(_SUMS, row[1:5], strict=True)},
        }
        for row in rows
    ]
