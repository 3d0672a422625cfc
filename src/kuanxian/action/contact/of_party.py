"""Of a party: what is told in one case of an agency or a collector holds in every case.

A contract that ended, a strike-off, a failed exam are the party's, whichever case they are told
in. They are kept in the party's own stream, once each: the id there is a digest of what
happened, because each case file numbers its events for itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from kuanxian.action.contact.casebook import (
    EVENT,
    PartyFacts,
    body_of,
    fold_party,
    party_stream,
)
from kuanxian.action.contact.decided import name_of
from kuanxian.action.contact.entries import draft
from kuanxian.action.contact.gate import LOCK, Gate
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.read import read_stream
from kuanxian.law.case import Event

KINDS: Final = ("agency", "training")
"""Kinds of events that are of the party alone; a placement is of a debt, so of its case."""


def tell_parties(
    gate: Gate, connection: sa.Connection, lender_id: str, events: Iterable[Event], actor: str
) -> None:
    """Put events on the record of the parties they are of; one that stands there is left.

    Args:
        gate: The door.
        connection: In the transaction in which the events are taken into the case.
        lender_id: For whose cases they hold.
        events: Each of a kind in ``KINDS``.
        actor: Who tells.
    """
    told: dict[str, dict[str, Event]] = defaultdict(dict)
    for event in events:
        # Another case need not have the party that told it.
        plain = event._replace(id="", known_at=0, by=None)
        name = f"e-{name_of(canonical.encode(body_of(plain)).decode())}"
        told[party_stream(lender_id, event.party or "")][name] = plain._replace(id=name)
    # In one order, so that two who tell of the same parties do not wait for each other.
    for stream, by_name in sorted(told.items()):
        connection.execute(LOCK, {"stream": stream})
        standing = fold_party(read_stream(connection, stream), PartyFacts()).events
        known = {event.id for event in standing}
        # Known since now, by a clock read under the lock: no decision made before knew of it.
        at = gate.clock()
        append(connection, [
            draft(stream, EVENT, body_of(event._replace(known_at=at)), f"event:{stream}:{name}",
                  actor, at)
            for name, event in by_name.items() if name not in known
        ])  # fmt: skip
