"""Read entries: a stream, a range of numbers, one by its number."""

from collections.abc import Iterator, Mapping, Sequence
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


def read_by_stream(connection: sa.Connection, prefix: str) -> Iterator[Entry]:
    """Read streams one after the other, each in the order of its versions.

    Args:
        connection: As ``kx_app`` or ``kx_audit``, in a transaction.
        prefix: Only streams that begin so.
    """
    query = sa.text(
        f"SELECT {COLUMNS} FROM journal.entry WHERE starts_with(stream, :prefix) "
        'ORDER BY stream COLLATE "C", stream_version'
    )
    values = {"prefix": prefix}
    with connection.execute(query.execution_options(yield_per=BATCH), values) as rows:
        for row in rows:
            yield entry_from(row)


def entry_from(row: Sequence[Any]) -> Entry:
    """Build an entry from the columns in the order of its fields."""
    return Entry._make((*row[:10], bytes(row[10]), bytes(row[11]), bytes(row[12])))


def read_streams(connection: sa.Connection, after: Mapping[str, int]) -> dict[str, list[Entry]]:
    """Read several streams at once, each from behind a version of its own.

    Args:
        connection: As ``kx_app`` or ``kx_audit``.
        after: The version of each stream up to which entries are left out.

    Returns:
        The entries of each stream that has any, in the order of their versions.
    """
    query = sa.text(
        f"SELECT {', '.join('e.' + name for name in Entry._fields)} FROM "
        "unnest(CAST(:streams AS text[]), CAST(:after AS bigint[])) AS asked (stream, version) "
        "JOIN journal.entry e ON e.stream = asked.stream AND e.stream_version > asked.version "
        "ORDER BY e.stream, e.stream_version"
    )
    rows = connection.execute(query, {"streams": list(after), "after": list(after.values())})
    found: dict[str, list[Entry]] = {}
    for row in rows:
        entry = entry_from(row)
        found.setdefault(entry.stream, []).append(entry)
    return found


def read_by_key(connection: sa.Connection, idempotency_key: str) -> Entry | None:
    """Find the entry that took a key, or None."""
    query = sa.text(f"SELECT {COLUMNS} FROM journal.entry WHERE idempotency_key = :key")
    row = connection.execute(query, {"key": idempotency_key}).one_or_none()
    return None if row is None else entry_from(row)
