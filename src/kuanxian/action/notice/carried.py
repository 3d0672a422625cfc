"""Carried: from a provider's own id of what it carries to the case and the grant.

A provider's report knows nothing else. The entry that says that a provider accepted an order
has a key made of the provider's id, and the journal finds an entry by its key at once.
"""

from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import stream_of
from kuanxian.action.contact.gate import Gate
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


def _carried(channel: str, provider_id: str) -> tuple[str, str]:
    hashed = sha256(provider_id.encode()).hexdigest()
    return f"carried:{channel}:{hashed}", f"carried-twice:{channel}:{hashed}"
