"""Outcomes: what became of an act, in the words of the timeline.

The attempt stands in the timeline since it was allowed, with an unknown outcome. What comes
back replaces it, and what was said becomes events of its own: a stop, a sign of distress, a
dispute. They hold before the next decision, because they are in the same stream.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.casebook import (
    REPORTED,
    CaseFile,
    advance,
    body_of,
    stream_of,
)
from kuanxian.action.contact.gate import Gate, instant
from kuanxian.base.errors import OutcomeError
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.entry import Draft
from kuanxian.law.case import Case, Event
from kuanxian.law.case_events import CALL_OUTCOMES, MESSAGE_OUTCOMES, VISIT_OUTCOMES

OUTCOMES: Final = {"call": CALL_OUTCOMES, "message": MESSAGE_OUTCOMES, "visit": VISIT_OUTCOMES}
SIGNS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "asked_to_stop": ("stop", {"step": "asked"}),
    "asked_other_channel": ("preference", {"step": "asked"}),
    "asked_other_time": ("preference", {"step": "asked", "least_days": 1}),
    "distress": ("signal", {"topic": "self_harm", "step": "seen"}),
    "serious_illness": ("signal", {"topic": "serious_illness", "step": "seen"}),
    "hardship": ("signal", {"topic": "hardship", "step": "seen"}),
    "disputes_amount": ("dispute", {"topic": "amount", "step": "received"}),
    "disputes_identity": ("dispute", {"topic": "identity", "step": "received"}),
    "says_deceased": ("state", {"step": "deceased"}),
    "says_minor": ("state", {"step": "minor"}),
    "no_capacity": ("state", {"step": "incapacity"}),
    "police_order": ("order", {"step": "issued"}),
    "complains": ("complaint", {"topic": "conduct", "step": "received"}),
}
"""What may have been said or seen, and the event it becomes."""

OF_DEBTOR: Final = frozenset({"says_deceased", "says_minor", "no_capacity"})
"""Signs that are about the debtor, whoever told."""
VOICES: Final = ("voice_human", "voice_ai")
LATE_US: Final = 86_400_000_000
"""An outcome may come in until a day after the grant's end."""


class Report(NamedTuple):
    """What became of an act."""

    grant_id: str
    outcome: str
    """As a case file has it for a call, a message or a visit."""
    happened_at: int
    """When it ended, microseconds UTC."""
    by: str
    """The party that acted."""
    officer: str
    signs: tuple[str, ...] = ()
    delivered_at: int | None = None
    receipt_hash: str = ""
    """Of a channel's receipt."""
    asked_by: str = ""
    """The API key by which it was told, its id and no secret; empty where none was."""


def report(gate: Gate, case_id: str, told: Report) -> int:
    """Take an outcome into the case.

    The same outcome again changes nothing.

    Returns:
        The version of the case's stream.

    Raises:
        OutcomeError: There is no such grant in this case, it is another party's, an outcome
            was reported that differs, or the report cannot be one.
        CaseError: There is no such case.
    """
    with gate.held(case_id) as (connection, known):
        version, at = known.file.version, gate.clock()
        body = _body(told, known.file, at)
        before = known.file.reported.get(told.grant_id)
        if before is not None:
            if before["told"] != body["told"]:
                raise OutcomeError(
                    "grant", "another outcome was reported", "correct it by an event"
                )
            return version
        draft = Draft(
            stream=stream_of(case_id),
            kind=REPORTED,
            business_on=instant(at).date(),
            happened_at=instant(told.happened_at),
            actor=told.officer,
            body=canonical.encode(body),
            idempotency_key=f"outcome:{told.grant_id}",
        )
        append(connection, [draft], expected_version=version)
    gate.keep(case_id, advance(known, REPORTED, body, version + 1))
    return version + 1


def _body(told: Report, file: CaseFile, at: int) -> dict[str, Any]:
    granted = file.grants.get(told.grant_id)
    if granted is None:
        raise OutcomeError("grant", "no such grant in this case", "name the grant that was given")
    attempt = granted["attempt"]
    if attempt["by"] != told.by:
        raise OutcomeError("grant", "it was given to somebody else", "name your own")
    kind = attempt["kind"]
    if told.outcome not in OUTCOMES[kind]:
        raise OutcomeError("outcome", f"unknown of a {kind}", f"one of {', '.join(OUTCOMES[kind])}")
    if not attempt["happened_at"] <= told.happened_at <= at:
        raise OutcomeError("happened_at", "before the grant or after now", "check the clock")
    if told.happened_at > granted["grant"]["expires_at"] + LATE_US:
        raise OutcomeError("happened_at", "long after the grant had ended", "check the clock")
    if len(set(told.signs)) < len(told.signs) or not set(told.signs) <= set(SIGNS):
        raise OutcomeError("signs", "one is unknown or said twice", f"of {', '.join(SIGNS)}")
    events = [
        Event(**{**_event_fields(attempt), "id": f"{told.grant_id}.0", "outcome": told.outcome,
                 "known_at": at, "replaces": told.grant_id,
                 "delivered_at": told.delivered_at if kind == "notice" else None}),
        *_signs(told, attempt, file.case, at),
    ]  # fmt: skip
    said = told._asdict() | {"signs": list(told.signs)}
    return {
        "grant_id": told.grant_id,
        "asked_by": said.pop("asked_by"),
        "told": said,
        "events": [body_of(one) for one in events],
    }


def _event_fields(attempt: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value
            for key, value in attempt.items()}  # fmt: skip


def _signs(told: Report, attempt: Mapping[str, Any], case: Case, at: int) -> list[Event]:
    """Turn what was said into events; each is known now and happened with the act."""
    debtor = next(one.id for one in case.people.values() if one.role == "debtor")
    events = []
    for number, sign in enumerate(told.signs, 1):
        kind, fields = SIGNS[sign]
        more: dict[str, Any] = dict(fields)
        person = debtor if sign in OF_DEBTOR else attempt["person"]
        if sign == "asked_to_stop" and person == debtor:
            # A debtor who asks to stop is heard as asking for another way; whether the debt may
            # be spoken of at all is a person's to decide.
            kind = "preference"
        if more.get("topic") == "identity":
            # Whoever says so there shows that the point is not the debtor's.
            more["point"] = attempt.get("point")
        if kind == "preference" and "least_days" not in more:
            channel = attempt.get("channel") or "visit"
            # Who wants no more calls wants none from a machine either, nor the other way round.
            more["avoid"] = VOICES if channel in VOICES else (channel,)
        events.append(
            Event(
                id=f"{told.grant_id}.{number}",
                kind=kind,
                happened_at=told.happened_at,
                known_at=at,
                person=person,
                **more,
            )
        )
    return events
