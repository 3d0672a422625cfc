"""Reserve: write a decision, its attempt and its grant in one step of the database.

The step is `casework.reserve`: it takes the case's lock, sees that nothing the decision read
has moved, and writes everything or nothing. One round trip, one commit.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import psycopg
import sqlalchemy as sa

from kuanxian.base.errors import ProposalError, StoreError
from kuanxian.journal.append import plain_array, words_array
from kuanxian.store.place import where

_CALL: Final = (
    "SELECT outcome, version, body, opening FROM casework.reserve("
    "%s::text[], %s::bigint[], %s::timestamptz, %s::integer, %s::text, %s::date, %s::text,"
    " %s::bytea, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text,"
    " %s::integer, %s::text, %s::text)"
)
_OURS: Final = "KX001"


class Order(NamedTuple):
    """Everything that is written, in the order the database takes it."""

    streams: Sequence[str]
    """The case's stream first, then those of its parties."""
    versions: Sequence[int]
    at: datetime
    tolerance_ms: int | None
    kind: str
    business_on: date
    actor: str
    body: bytes
    key: str
    decision_id: str
    case_id: str
    person_id: str
    act: str
    purpose: str
    by: str
    rulebook_hash: str
    fresh_seconds: int | None
    """None: it allows nothing."""
    field: str | None
    channel: str


class Written(NamedTuple):
    """What became of it."""

    outcome: str
    """``kept``, ``repeated``, ``moved`` or ``clock``."""
    version: int | None
    body: bytes | None
    opening: str | None


def reserve(app: sa.Engine, order: Order) -> Written:
    """Write a decision.

    Raises:
        ProposalError: The vault grants nothing, or the case is in no casework. Nothing was
            written then.
        StoreError: The database is away. Where it went away while writing, the same proposal
            under the same key tells whether it was written.
    """
    try:
        outcome, version, body, opening = _call(app, order)
    except psycopg.OperationalError:
        # What else lies in the pool was lost with it: begin anew.
        app.dispose()
        raise StoreError(where(app.url), "it cannot be reached", "Try again.") from None
    except psycopg.Error as error:
        if error.sqlstate != _OURS:
            raise
        said = error.diag.message_primary or "the vault grants nothing"
        raise ProposalError("grant", said, "see docs/reference/contact.md") from None
    return Written(outcome, version, None if body is None else bytes(body), opening)


def _call(app: sa.Engine, order: Order) -> tuple[str, int | None, bytes | None, str | None]:
    """Call the step on a connection of its own: one statement, which commits by itself."""
    raw = app.raw_connection()
    try:
        connection: psycopg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
        connection.autocommit = True
        try:
            with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
                row = cursor.execute(_CALL, _values(order), prepare=True).fetchone()
        finally:
            if not connection.closed:
                connection.autocommit = False
    finally:
        raw.close()
    assert row is not None
    return row


def _values(order: Order) -> tuple[Any, ...]:
    """Write the two arrays as PostgreSQL reads them: the driver's way costs ten times more."""
    return (words_array(order.streams), plain_array(order.versions), *order[2:])
