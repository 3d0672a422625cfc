"""Carried: from a provider's own id of what it carries to the case and the grant.

Most providers' reports know nothing else. The entry that says that a provider accepted an order
has a key made of the provider's id, and the journal finds an entry by its key at once. Where its
answer never came, or whoever waited for it died, there is no such entry: then only a provider
that says the order's id as well is understood.
"""

from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import stream_of
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.granted import case_of_grant
from kuanxian.action.notice.life import TOLD
from kuanxian.base.errors import OutcomeError
from kuanxian.journal import canonical
from kuanxian.journal.read import read_by_key


class Carried(NamedTuple):
    """What a provider took."""

    case_id: str
    grant_id: str
    is_notice: bool


def key_of_carried(connection: sa.Connection, channel: str, provider_id: str) -> str:
    """Name the entry that tells of what a provider carries under its own id.

    Thus whoever knows that id alone finds the case. A second order of the same id is named
    apart, and then neither is found by it; a third is not named.
    """
    names = _carried(channel, provider_id)
    return next((name for name in names if read_by_key(connection, name) is None), "")


def find_carried(gate: Gate, channel: str, provider_id: str) -> Carried | None:
    """Find what a provider carries under its own id.

    Returns:
        None where nothing was accepted under that id, or has not been written down yet.

    Raises:
        OutcomeError: Two orders were accepted under it: which is meant is not known.
    """
    first, second = _carried(channel, provider_id)
    with gate.app.connect() as connection:
        found = read_by_key(connection, first)
        if read_by_key(connection, second) is not None:
            raise OutcomeError("the provider's id", "two orders have it", "ask the provider")
    if found is None:
        return None
    grant_id: str = canonical.decode(found.body)["grant_id"]
    return Carried(found.stream.removeprefix(stream_of("")), grant_id, found.kind == TOLD)


def find_ordered(gate: Gate, channel: str, order_id: str) -> Carried | None:
    """Find what went to a provider under our own id of the order, which is the grant's.

    Returns:
        None where no message was granted by that channel under that id, or it may be under way.
    """
    case_id = case_of_grant(gate, order_id) if order_id else None
    if case_id is None:
        return None
    file = gate.read(case_id).file
    granted = file.grants.get(order_id)
    if granted is None or granted["attempt"].get("channel") != channel:
        return None
    if order_id not in file.reported and gate.clock() < granted["grant"]["expires_at"]:
        return None  # Whoever sends it may be about to write down what came back.
    return Carried(case_id, order_id, bool(granted["proposal"].get("notice")))


def _carried(channel: str, provider_id: str) -> tuple[str, str]:
    hashed = sha256(provider_id.encode()).hexdigest()
    return f"carried:{channel}:{hashed}", f"carried-twice:{channel}:{hashed}"
