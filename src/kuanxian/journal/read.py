"""Read entries: a stream, a range of numbers, one by its number."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from kuanxian.journal.entry import Entry

COLUMNS = ", ".join(Entry._fields)
BATCH = 2_000


def read_stream(connection: sa.Connection, stream: str, *, after_version: int = 0) -> list[Entry]:
    """Read a stream in the order of its versions.

    Args:
        connection: As ``kx_app`` or ``kx_audit``.
        stream: Its name.
        after_version: Leave out what comes up to this version.
    """
    query = sa.text(
        f"SELECT {COLUMNS} FROM journal.entry WHERE stream = :stream "
        "AND stream_version > :after ORDER BY stream_version"
    )
    rows = connection.execute(query, {"stream": stream, "after": after_version})
    return [entry_from(row) for row in rows]


def read_entries(
    connection: sa.Connection, *, kind: str | None = None, stream_prefix: str = ""
) -> Iterator[Entry]:
    """Read every entry in the order of their numbers, a few thousand in memory at a time.

    Args:
        connection: As ``kx_app`` or ``kx_audit``, in a transaction.
        kind: Only entries of this kind.
        stream_prefix: Only streams that begin so.
    """
    query = sa.text(
        f"SELECT {COLUMNS} FROM journal.entry WHERE (:kind :: text IS NULL OR kind = :kind) "
        "AND starts_with(stream, :prefix) ORDER BY entry_no"
    )
    values = {"kind": kind, "prefix": stream_prefix}
    with connection.execute(query.execution_options(yield_per=BATCH), values) as rows:
        for row in rows:
            yield entry_from(row)


def entry_from(row: Sequence[Any]) -> Entry:
    """Build an entry from the columns in the order of its fields."""
    return Entry._make((*row[:10], bytes(row[10]), bytes(row[11]), bytes(row[12])))
