"""An entry of the journal: what it holds, and what is hashed.

What is hashed is the *header*, twelve lines of text that a person can read::

    kuanxian entry v1
    loan:0001                      stream
    2                              version in the stream, from 1
    loan.event                     kind
    2026-01-31                     business day
    1769846400000000               happened at, microseconds since 1970 UTC
    1769846400250000               recorded at, by the database's own clock
    system:close                   actor
    kuanxian_app                   database login
    close-2026-01-31-0001          idempotency key
    0000…                          hash of the stream's entry before, hex
    e3b0…                          SHA-256 of the body, hex

The entry's hash is the RFC 6962 leaf hash of these bytes: SHA-256 of a zero byte and them. So
the chain of a stream and the log over all streams are over one and the same hash.
"""

import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from kuanxian.base.errors import EntryError
from kuanxian.journal.canonical import BODY_BYTES_MAX

HEAD = "kuanxian entry v1"
NOTHING = bytes(32)
"""What stands for the entry before in a stream's first."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = {"stream": 200, "kind": 100, "actor": 200, "idempotency_key": 200}
"""Fields that are one line in the header, and how long each may be."""

PRINTABLE = re.compile(r"[!-~]+")
LINE = re.compile(
    "(?!person:|vault )" + " ".join(f"[!-~]{{1,{length_max}}}" for length_max in WORDS.values())
)
"""Those fields together; streams of people and of the vault are not for a draft."""


class Draft(NamedTuple):
    """An entry to append. What the database adds itself cannot be given."""

    stream: str
    """What it is about: ``loan:0001``, ``case:…``, ``rulebook``. Printable ASCII, no space, 1 to
    200. A pseudonymous id, never a name or a number of a person. ``person:…`` and ``vault`` are
    written by functions of the database."""
    kind: str
    """What happened: ``loan.event``. Printable ASCII, 1 to 100."""
    business_on: date
    """The lender's business day it belongs to."""
    happened_at: datetime
    """When it happened, with a time zone."""
    actor: str
    """Who or what did it: ``officer:17``, ``system:close``. Printable ASCII, 1 to 200."""
    body: bytes
    """Canonical JSON (``canonical.encode``), at most a MiB."""
    idempotency_key: str
    """The caller's name for this entry, the same on every retry, unique in the journal."""
    expected_version: int | None = None
    """The version the stream must be at; None: whichever. 0: the stream must be new."""


class Entry(NamedTuple):
    """An entry as the journal holds it."""

    entry_no: int
    """Its number in this database: growing, with gaps, not part of what is hashed."""
    stream: str
    stream_version: int
    """From 1, without gaps."""
    kind: str
    business_on: date
    happened_at: datetime
    recorded_at: datetime
    """When the database took it, by its own clock."""
    actor: str
    login: str
    """The database login that appended it, as PostgreSQL knows it."""
    idempotency_key: str
    body: bytes
    previous_hash: bytes
    """The hash of the stream's entry before; 32 zero bytes for the first."""
    entry_hash: bytes


def check(draft: Draft) -> Draft:
    """Refuse a draft the database would not take, by the name of the field.

    Raises:
        EntryError: A field is empty, too long, or not what it must be. Its value is not quoted.
    """
    line = f"{draft.stream} {draft.kind} {draft.actor} {draft.idempotency_key}"
    if not LINE.fullmatch(line):
        for name, length_max in WORDS.items():
            value = getattr(draft, name)
            if len(value) > length_max or not PRINTABLE.fullmatch(value):
                reason = f"must be 1 to {length_max} printable ASCII characters without a space"
                raise EntryError(name, reason)
        raise EntryError("stream", "is written by the vault's own functions alone")
    if draft.happened_at.tzinfo is None:
        raise EntryError("happened_at", "has no time zone")
    if len(draft.body) > BODY_BYTES_MAX:
        raise EntryError("body", f"is longer than {BODY_BYTES_MAX} bytes")
    return draft


def micros(at: datetime) -> int:
    """Count an instant in microseconds since 1970 UTC, exactly.

    Example:
        >>> micros(datetime(1970, 1, 1, 8, 0, 0, 7, tzinfo=UTC))
        28800000007
    """
    return (at - EPOCH) // timedelta(microseconds=1)


def header(entry: Entry) -> bytes:
    """Write the header: the bytes that are hashed."""
    lines = (
        HEAD,
        entry.stream,
        str(entry.stream_version),
        entry.kind,
        entry.business_on.isoformat(),
        str(micros(entry.happened_at)),
        str(micros(entry.recorded_at)),
        entry.actor,
        entry.login,
        entry.idempotency_key,
        entry.previous_hash.hex(),
        sha256(entry.body).hexdigest(),
    )
    return ("\n".join(lines) + "\n").encode()


def hash_of(entry: Entry) -> bytes:
    """Compute the hash an entry must have: the RFC 6962 leaf hash of its header."""
    return sha256(b"\x00" + header(entry)).digest()
