"""Append: drafts in, receipts out, inside the caller's transaction.

Nothing is acknowledged until the caller's transaction has committed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import ConflictError, RepeatedKeyError
from kuanxian.journal.entry import Draft, check

CALL = sa.text(
    "SELECT * FROM journal.append_entries(CAST(:streams AS text[]), CAST(:kinds AS text[]), "
    "CAST(:business_on AS date[]), CAST(:happened_at AS timestamptz[]), "
    "CAST(:actors AS text[]), CAST(:bodies AS bytea[]), CAST(:keys AS text[]), "
    "CAST(:expected AS bigint[])) ORDER BY place"
)


class Receipt(NamedTuple):
    """What became of a draft."""

    outcome: str
    """``appended``; ``repeated``: the key was there with the same content, and this is that
    entry; ``differs``: the key was there with other content; ``conflict``: the stream is at
    ``stream_version``, not at the version expected."""
    entry_no: int | None
    """None after a conflict."""
    stream_version: int
    recorded_at: datetime
    entry_hash: bytes

    @property
    def is_kept(self) -> bool:
        """Whether the journal holds this draft, from now or from before."""
        return self.outcome in ("appended", "repeated")


def append(
    connection: sa.Connection, drafts: Sequence[Draft], *, expected_version: int | None = None
) -> list[Receipt]:
    """Append drafts, all or none.

    Args:
        connection: In a transaction, as ``kx_app`` or ``kx_vault``.
        drafts: Any number, of any streams.
        expected_version: The version the first draft's stream must be at; the drafts after it
            follow on. None: as each draft says.

    Returns:
        A receipt for each draft, in order.

    Raises:
        EntryError: A field is not what it must be.
        ConflictError: A stream is not at the version expected.
        RepeatedKeyError: A key was used for another entry.
            After an error the transaction must be rolled back.
    """
    if expected_version is not None:
        drafts = [
            draft._replace(expected_version=expected_version + place)
            for place, draft in enumerate(drafts)
        ]
    receipts = append_each(connection, drafts)
    for draft, receipt in zip(drafts, receipts, strict=True):
        raise_unless_kept(draft, receipt)
    return receipts


def append_each(connection: sa.Connection, drafts: Sequence[Draft]) -> list[Receipt]:
    """Append drafts, each for itself: a conflict of one does not stop the others.

    Returns:
        A receipt for each draft, in order; look at ``outcome``.
    """
    return append_checked(connection, [check(draft) for draft in drafts])


def append_checked(connection: sa.Connection, drafts: Sequence[Draft]) -> list[Receipt]:
    """Append drafts that ``entry.check`` has seen, each for itself."""
    if not drafts:
        return []
    columns = zip(*drafts, strict=True)
    values = {name: array(column) for (name, array), column in zip(ARRAYS, columns, strict=True)}
    rows = connection.execute(CALL, values).all()
    assert len(rows) == len(drafts)
    return [Receipt._make((*row[1:5], bytes(row[5]))) for row in rows]


def words_array(values: Iterable[str]) -> str:
    r"""Write an array of words as PostgreSQL reads one.

    Joined at once, because the driver's way, element by element, costs more than the hashing
    and the insertion together.

    Example:
        >>> words_array(["a", 'b"\\'])
        '{"a","b\\"\\\\"}'
    """
    texts = list(values)
    joined = "".join(texts)
    if '"' in joined or "\\" in joined:
        texts = [text.replace("\\", r"\\").replace('"', r"\"") for text in texts]
    return '{"' + '","'.join(texts) + '"}'


def bytes_array(values: Iterable[bytes]) -> str:
    """Write an array of byte strings as PostgreSQL reads one."""
    return '{"' + '","'.join([rf"\\x{value.hex()}" for value in values]) + '"}'


def plain_array(values: Iterable[date | int | None]) -> str:
    """Write an array of days, instants or numbers as PostgreSQL reads one."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def instants_array(values: Iterable[datetime]) -> str:
    """Write an array of instants as PostgreSQL reads one."""
    return "{" + ",".join([value.isoformat() for value in values]) + "}"


ARRAYS: tuple[tuple[str, Callable[[Iterable[Any]], str]], ...] = (
    ("streams", words_array),
    ("kinds", words_array),
    ("business_on", plain_array),
    ("happened_at", instants_array),
    ("actors", words_array),
    ("bodies", bytes_array),
    ("keys", words_array),
    ("expected", plain_array),
)
"""How each field of a draft goes over the wire, in the order of ``Draft``."""


def raise_unless_kept(draft: Draft, receipt: Receipt) -> None:
    """Turn a receipt that says no into an error.

    Raises:
        ConflictError: The stream is not at the version expected.
        RepeatedKeyError: The key was used for another entry.
    """
    if receipt.outcome == "conflict":
        reason = f"is at version {receipt.stream_version}, not {draft.expected_version}"
        raise ConflictError(draft.stream, reason, "Read the stream again and decide anew.")
    if receipt.outcome == "differs":
        raise RepeatedKeyError(draft.idempotency_key, f"was used for entry {receipt.entry_no}")
