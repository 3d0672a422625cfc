"""Ordered: what the step that reserves is told of a decision."""

from collections.abc import Mapping
from typing import Any

from kuanxian.action.contact.casebook import DECIDED, Known, party_streams, stream_of
from kuanxian.action.contact.data_use import is_stopped, used_in
from kuanxian.action.contact.decided import key_of
from kuanxian.action.contact.entries import instant
from kuanxian.action.contact.proposal import Grant, Proposal
from kuanxian.action.contact.reserve import Order
from kuanxian.journal import canonical


def order_of(
    proposal: Proposal,
    known: Known,
    body: Mapping[str, Any],
    grant: Grant | None,
    tolerance_ms: int | None,
) -> Order:
    """Put together everything that is written of a decision.

    Args:
        proposal: What was proposed.
        known: The case as it was decided on, with the versions of its streams.
        body: The entry's body, from ``decision_body``.
        grant: What was granted; None: it allows nothing.
        tolerance_ms: How far the gate's clock may be from the database's; None: not asked.
    """
    at = body["decided_at"]
    streams = party_streams(known.file.case)
    parties = [(streams[name], facts.version) for name, facts in known.parties.items()]
    fresh = max(1, (grant.expires_at - at) // 1_000_000) if grant else None
    return Order(
        streams=[stream_of(proposal.case_id), *(stream for stream, _ in parties)],
        versions=[known.file.version, *(version for _, version in parties)],
        at=instant(at),
        tolerance_ms=tolerance_ms,
        kind=DECIDED,
        business_on=instant(at).date(),
        actor=proposal.officer,
        body=canonical.encode(body),
        key=key_of(proposal),
        decision_id=body["decision_id"],
        case_id=proposal.case_id,
        person_id=proposal.to,
        act=proposal.act,
        purpose=proposal.consented,
        party_id=proposal.by,
        rulebook_hash=body["rulebook_hash"],
        fresh_seconds=fresh,
        field=proposal.field,
        channel=proposal.channel,
        people=used_in(known.case, proposal.to),
        use_stopped=is_stopped(known, proposal.to),
    )
