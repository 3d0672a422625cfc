"""Reserve: write a decision, its attempt and its grant in one step of the database.

The step is `casework.reserve_each`: it takes the case's lock, sees that nothing the decision read
has moved, and writes everything or nothing. One round trip and one commit, for as many
decisions as are to be written at that moment.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import psycopg
import sqlalchemy as sa

from kuanxian.base.errors import ProposalError, StoreError
from kuanxian.store.place import where

_CALL: Final = (
    "SELECT outcome, version, body, opening FROM casework.reserve_each(%s::json, %b::bytea[], %s)"
)
_BUSY: Final = "busy"
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
    party_id: str
    rulebook_hash: str
    fresh_seconds: int | None
    """None: it allows nothing."""
    field: str | None
    channel: str
    people: Sequence[str]
    """Whose data it uses."""
    use_stopped: bool
    """Whether it was decided on as of people whose data the vault has stopped using."""


class Written(NamedTuple):
    """What became of it."""

    outcome: str
    """``kept``, ``repeated``, ``moved``, ``clock`` or ``vault``."""
    version: int | None
    body: bytes | None
    opening: str | None


def reserve(app: sa.Engine, order: Order) -> Written:
    """Write a decision, waiting where somebody else holds its case.

    Raises:
        ProposalError: The vault grants nothing, or the case is in no casework. Nothing was
            written then.
        StoreError: The database is away. Where it went away while writing, the same proposal
            under the same key tells whether it was written.
    """
    try:
        (written,) = _call(app, [order], wait=True)
    except psycopg.OperationalError:
        raise StoreError(where(app.url), "it cannot be reached", "Try again.") from None
    except psycopg.Error as error:
        if error.sqlstate != _OURS:
            raise
        said = error.diag.message_primary or "the vault grants nothing"
        raise ProposalError("grant", said, "see docs/reference/contact.md") from None
    return written


def reserve_each(app: sa.Engine, orders: Sequence[Order]) -> list[Written | None]:
    """Write several decisions, of one case each, in one transaction.

    Returns:
        What became of each, in their order; None of one whose case somebody else holds.

    Raises:
        psycopg.Error: The vault grants one of them nothing, or the database is away: nothing
            was written, but for a commit whose answer was lost.
    """
    written = _call(app, orders, wait=False)
    return [None if one.outcome == _BUSY else one for one in written]


def _call(app: sa.Engine, orders: Sequence[Order], *, wait: bool) -> list[Written]:
    """Call the step on a connection of its own: one statement, which commits by itself."""
    told = json.dumps([_told(order) for order in orders])
    bodies = [order.body for order in orders]
    raw = app.raw_connection()
    try:
        connection: psycopg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]
        connection.autocommit = True
        try:
            with connection.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
                rows = cursor.execute(_CALL, (told, bodies, wait), prepare=True).fetchall()
        finally:
            if not connection.closed:
                connection.autocommit = False
    except psycopg.OperationalError:
        # What else lies in the pool was lost with it: begin anew.
        app.dispose()
        raise
    finally:
        raw.close()
    return [Written(*row) for row in rows]


def _told(order: Order) -> dict[str, Any]:
    """Write an order as the step reads it."""
    told = order._asdict()
    del told["body"]
    return told | {"at": order.at.isoformat(), "business_on": order.business_on.isoformat()}
