"""Entries: what is learned at one instant, drafted for the journal."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kuanxian.journal import canonical
from kuanxian.journal.entry import EPOCH, Draft


def draft(stream: str, kind: str, body: Mapping[str, Any], key: str, actor: str, at: int) -> Draft:
    """Draft an entry of what happens and is learned at the same instant.

    Args:
        stream: A case's or a party's.
        kind: As in `kuanxian.action.contact.casebook`.
        body: What it tells.
        key: Idempotency key.
        actor: Who tells.
        at: Microseconds UTC.
    """
    moment = instant(at)
    return Draft(stream, kind, moment.date(), moment, actor, canonical.encode(body), key)


def instant(at: int) -> datetime:
    """Turn microseconds UTC into an instant."""
    return EPOCH + timedelta(microseconds=at)
