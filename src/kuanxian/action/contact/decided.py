"""Decided: a decision as it is written down, so that it can be decided again.

The entry holds the proposal, the facts that were known and the rules that spoke, and where
the act was allowed its grant and the attempt that stands in the timeline from then on.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from kuanxian.action.contact.casebook import body_of
from kuanxian.action.contact.proposal import Grant, Proposal
from kuanxian.law.case import Event
from kuanxian.law.decide import Decision

_EVENT_OF: Final = {"contact": "call", "message": "message", "visit": "visit"}

_LOOKS_LIKE_A_NUMBER: Final = re.compile(r"[0-9]{11}")


def decision_body(
    proposal: Proposal, decision: Decision, grant: Grant | None, at: int, day_on: int
) -> dict[str, Any]:
    """Write a decision down so that it can be decided again."""
    told = {key: value for key, value in proposal._asdict().items() if value not in (None, "")}
    told |= {"values": dict(proposal.values), "states": dict(proposal.states)}
    decision_id = decision_id_of(proposal)
    if told.pop("text", None) is not None:
        # Free text may hold anything: the journal keeps what it was, not what it said.
        told["text_hash"] = sha256((proposal.text or "").encode()).hexdigest()
        grant = grant._replace(text="") if grant else None
    return {
        "decision_id": decision_id,
        "proposal": told,
        "proposal_hash": hash_of(proposal),
        "decided_at": at,
        "day_on": day_on,
        "verdict": decision.verdict,
        "lender_type": decision.scope.lender_type,
        "rulebook_hash": decision.rulebook_hash,
        "rules": [[one.rule.id, one.outcome] for one in decision.spoke],
        "facts": {name: value for name, value in decision.facts.items() if value is not None},
        "missing": list(decision.missing),
        "grant": grant._asdict() if grant else None,
        "attempt": body_of(attempt_of(proposal, decision_id, at)) if grant else None,
    }


def attempt_of(proposal: Proposal, decision_id: str, at: int) -> Event:
    """Say in the timeline's words that an attempt was allowed: its outcome is not known yet."""
    return Event(
        id=decision_id,
        kind=_EVENT_OF[proposal.act],
        happened_at=at,
        known_at=at,
        by=proposal.by,
        person=proposal.to,
        point=proposal.point,
        debt=proposal.debt,
        channel=proposal.channel if proposal.act != "visit" else None,
        purpose=proposal.purpose,
        outcome="unknown",
        due=True if proposal.notice else None,
    )


def key_of(proposal: Proposal) -> str:
    """Name a decision for the journal: the proposer's key, within the case."""
    return f"contact:{proposal.case_id}:{proposal.key}"


def decision_id_of(proposal: Proposal) -> str:
    """Name a decision for everybody else.

    It is an id of the case's timeline too, where none may look like a phone number; one name in
    a hundred would, by chance.
    """
    return f"d-{name_of(key_of(proposal))}"


def name_of(text: str) -> str:
    """Name a text by 32 hexadecimal digits that hold no phone number."""
    name = sha256(text.encode()).hexdigest()[:32]
    while _LOOKS_LIKE_A_NUMBER.search(name):
        name = sha256(name.encode()).hexdigest()[:32]
    return name


def hash_of(proposal: Proposal) -> str:
    """Fingerprint a proposal, to tell the same one again from another under its key."""
    told = {
        key: dict(value) if isinstance(value, Mapping) else value
        for key, value in proposal._asdict().items()
        # The same proposer may ask again by a newer key of the API; a notice tells of one party.
        if key not in ("asked_by", "tells_of")
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
