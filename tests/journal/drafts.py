"""Drafts for tests, and a short way to append them."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from tests.databases import Database

from kuanxian.journal.append import Receipt, append
from kuanxian.journal.canonical import encode
from kuanxian.journal.entry import Draft

DAY = date(2026, 1, 31)
NOON = datetime(2026, 1, 31, 12, 0, 0, 250_001, tzinfo=UTC)


def draft(stream: str = "loan:1", key: str = "k1", **changed: Any) -> Draft:
    """Make a draft of a payment; any field may be given."""
    first = Draft(stream, "loan.event", DAY, NOON, "system:test", encode({"amount_fen": 100}), key)
    return first._replace(**changed)


def drafts(count: int, streams: int = 1, tag: str = "k") -> list[Draft]:
    """Make many drafts, spread over some streams."""
    return [draft(f"loan:{n % streams}", f"{tag}{n}") for n in range(count)]


def put(database: Database, *some: Draft, group: str = "kx_app") -> list[Receipt]:
    """Append drafts in a transaction of their own."""
    with database.engine(group).begin() as connection:
        return append(connection, some)


def execute(database: Database, group: str, statement: str) -> sa.Row[Any] | None:
    """Run one statement as a group, in a transaction of its own; give its first row."""
    with database.engine(group).begin() as connection:
        result = connection.execute(sa.text(statement))
        return result.first() if result.returns_rows else None
