"""Read entries: a stream, a range of numbers, one by its number."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from kuanxian.journal.append import plain_array, words_array
from kuanxian.journal.entry import Entry

COLUMNS = ", ".join(Entry._fields)
BATCH = 2_000


class Told(NamedTuple):
    """What an entry tells, without when and by whom it was written."""

    stream: str
    stream_version: int
    kind: str
    body: bytes


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
    found: dict[str, list[Entry]] = {}
    for row in _rows(connection, Entry._fields, after):
        entry = entry_from(row)
        found.setdefault(entry.stream, []).append(entry)
    return found


def read_told(
    connection: sa.Connection, asked: Sequence[Mapping[str, int]]
) -> list[dict[str, list[Told]]]:
    """Read what the entries of several streams tell, for several who ask, in one question.

    Args:
        connection: As ``kx_app`` or ``kx_audit``.
        asked: Of each who asks the streams, with the version up to which entries are left out.

    Returns:
        For each who asks the entries of its streams, as `read_streams` gives them.
    """
    after: dict[str, int] = {}
    for one in asked:
        for stream, version in one.items():
            after[stream] = min(version, after.get(stream, version))
    found: dict[str, list[Told]] = {stream: [] for stream in after}
    for row in _rows(connection, Told._fields, after):
        told = Told._make(row)
        found[told.stream].append(told)
    return [
        {
            stream: new
            for stream, version in one.items()
            if (new := [told for told in found[stream] if told.stream_version > version])
        }
        for one in asked
    ]


def _rows(
    connection: sa.Connection, columns: Sequence[str], after: Mapping[str, int]
) -> sa.CursorResult[Any]:
    """Ask for columns of the entries of streams."""
    asked = {"streams": words_array(after), "after": plain_array(after.values())}
    return connection.execute(_query(columns), asked)


@cache
def _query(columns: Sequence[str]) -> sa.TextClause:
    return sa.text(
        f"SELECT {', '.join('e.' + name for name in columns)} FROM "
        "unnest(CAST(:streams AS text[]), CAST(:after AS bigint[])) AS asked (stream, version) "
        "JOIN journal.entry e ON e.stream = asked.stream AND e.stream_version > asked.version "
        "ORDER BY e.stream, e.stream_version"
    )


def read_by_key(connection: sa.Connection, idempotency_key: str) -> Entry | None:
    """Find the entry that took a key, or None."""
    query = sa.text(f"SELECT {COLUMNS} FROM journal.entry WHERE idempotency_key = :key")
    row = connection.execute(query, {"key": idempotency_key}).one_or_none()
    return None if row is None else entry_from(row)
