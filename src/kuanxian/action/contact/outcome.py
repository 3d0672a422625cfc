"""Outcomes: what became of an act, in the words of the timeline.

The attempt stands in the timeline since it was allowed, with an unknown outcome. What comes
back replaces it, and what was said becomes events of its own: a stop, a sign of distress, a
dispute. They hold before the next decision, because they are in the same stream.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.casebook import (
    EVENT,
    REPORTED,
    CaseFile,
    advance,
    body_of,
    stream_of,
)
from kuanxian.action.contact.entries import instant
from kuanxian.action.contact.gate import Gate
from kuanxian.base.clocks import SKEW_US
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
OF_OUTCOME: Final = ("outcome", "delivered_at", "receipt_hash")
"""What two reports on a grant must agree in."""
BETTER: Final = ("identified", "wrong_person", "dead_number")
"""What may be told later of an unclear call: it counts in full, or shuts the number."""
UNCLEAR: Final = ("unknown", "no_answer")
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


def signs_of(sent: Any) -> tuple[str, ...]:
    """Find what was said in anything that was sent as an outcome, each sign once.

    Example:
        >>> signs_of({"outcome": 7, "signs": ["distress", None]})
        ('distress',)
    """
    signs = sent.get("signs") if isinstance(sent, dict) else None
    listed = [signs] if isinstance(signs, str) else signs if isinstance(signs, list) else []
    return tuple(dict.fromkeys(one for one in listed if isinstance(one, str) and one in SIGNS))


def keep_signs(gate: Gate, case_id: str | None, sent: Any, told: Report) -> tuple[str, ...]:
    """Take in what was said on an act whose outcome is malformed: a stop is never lost with it.

    Args:
        gate: The door.
        case_id: Of the grant; None: there is no such grant.
        sent: What was sent as its outcome.
        told: Who tells it, and of which grant; no party: whichever it was given to.

    Returns:
        The signs, also those taken in before; none where there is no such grant of the party.

    Raises:
        CaseError: The case cannot be read.
    """
    signs = signs_of(sent)
    granted = gate.read(case_id).file.grants.get(told.grant_id) if case_id and signs else None
    if granted is None or told.by not in ("", granted["attempt"]["by"]):
        return ()
    with suppress(OutcomeError):
        # It has no outcome that could be one: it is refused once its signs are taken in.
        by = granted["attempt"]["by"]
        report(gate, case_id or "", told._replace(outcome="", by=by, signs=signs))
    return signs


def report(gate: Gate, case_id: str, told: Report) -> int:
    """Take an outcome into the case.

    A report whose clock is off by less than the tolerance, or in whole seconds, is of the instant
    next to it between the grant and now. The same outcome again changes nothing, but for a sign
    that it adds. What was said is never
    lost with an outcome that is refused: its signs are taken in before it is raised.

    Returns:
        The version of the case's stream.

    Raises:
        OutcomeError: There is no such grant in this case, or it is another party's: nothing is
            taken in. Or another outcome was reported, or the report cannot be one: its signs
            are taken in, and the error says which.
        CaseError: There is no such case.
    """
    with gate.held(case_id) as (connection, known):
        version, at = known.file.version, gate.clock()
        attempt = _attempt_of(told, known.file)
        ended_at = min(max(told.happened_at, attempt["happened_at"]), at)
        refused = _refusal(told, known.file, at)
        signs = _signs(told._replace(happened_at=ended_at), attempt, known.file.case, at)
        entries = [(EVENT, body_of(one), f"event:{case_id}:{one.id}") for one in signs]
        before = known.file.reported.get(told.grant_id)
        if refused is None and (before is None or _is_better(told, before)):
            ended = _ended(told, attempt, at, before)
            entries = [(REPORTED, _body(told, [ended, *signs]), f"outcome:{ended.id}")]
        drafts = [
            Draft(
                stream=stream_of(case_id),
                kind=kind,
                business_on=instant(at).date(),
                happened_at=instant(ended_at),
                actor=told.officer,
                body=canonical.encode(body),
                idempotency_key=key,
            )
            for kind, body, key in entries
        ]
        if drafts:
            append(connection, drafts, expected_version=version)
    for kind, body, _ in entries:
        version += 1
        known = advance(known, kind, body, version)
    gate.keep(case_id, known)
    if refused is not None:
        raise _with_signs(refused, signs)
    return version


def _attempt_of(told: Report, file: CaseFile) -> Mapping[str, Any]:
    """Find the attempt a report is of.

    Raises:
        OutcomeError: There is none, or it is another party's.
    """
    granted = file.grants.get(told.grant_id)
    if granted is None:
        raise OutcomeError("grant", "no such grant in this case", "name the grant that was given")
    attempt: Mapping[str, Any] = granted["attempt"]
    if attempt["by"] != told.by:
        raise OutcomeError("grant", "it was given to somebody else", "name your own")
    return attempt


def _refusal(told: Report, file: CaseFile, at: int) -> OutcomeError | None:
    """Say why an outcome cannot be taken in, if it cannot."""
    granted = file.grants[told.grant_id]
    attempt, kind = granted["attempt"], granted["attempt"]["kind"]
    if told.outcome not in OUTCOMES[kind]:
        return OutcomeError(
            "outcome", f"unknown of a {kind}", f"one of {', '.join(OUTCOMES[kind])}"
        )
    if not attempt["happened_at"] - SKEW_US <= told.happened_at <= at + SKEW_US:
        return OutcomeError("happened_at", "before the grant or after now", "check the clock")
    if told.happened_at > granted["grant"]["expires_at"] + LATE_US:
        return OutcomeError("happened_at", "long after the grant had ended", "check the clock")
    arrived_at = told.happened_at if told.delivered_at is None else told.delivered_at
    if not attempt["happened_at"] - SKEW_US <= arrived_at <= at + SKEW_US:
        return OutcomeError("delivered_at", "before the grant or after now", "check the clock")
    if len(set(told.signs)) < len(told.signs) or not set(told.signs) <= set(SIGNS):
        return OutcomeError("signs", "one is unknown or said twice", f"of {', '.join(SIGNS)}")
    before = file.reported.get(told.grant_id)
    if before is None or _is_better(told, before):
        return None
    if any(before["told"][name] != getattr(told, name) for name in OF_OUTCOME):
        advice = "what else was said is told as a sign, disputes_identity where it was a stranger"
        return OutcomeError("grant", "another outcome was reported", advice)
    return None


def _is_better(told: Report, before: Mapping[str, Any]) -> bool:
    """Say whether a report tells what an earlier one left open."""
    return told.outcome in BETTER and before["told"]["outcome"] in UNCLEAR


def _with_signs(refused: OutcomeError, signs: list[Event]) -> OutcomeError:
    """Say of a refused outcome which signs were taken in all the same."""
    if not signs:
        return refused
    taken = ", ".join(one.id.rpartition(".")[2] for one in signs)
    advice = f"{refused.advice}; taken in all the same: {taken}"
    return OutcomeError(refused.subject, refused.reason, advice)


def _body(told: Report, events: list[Event]) -> dict[str, Any]:
    said = told._asdict() | {"signs": list(told.signs)}
    return {
        "grant_id": told.grant_id,
        "asked_by": said.pop("asked_by"),
        "told": said,
        "events": [body_of(one) for one in events],
    }


def _ended(
    told: Report, attempt: Mapping[str, Any], at: int, before: Mapping[str, Any] | None
) -> Event:
    """Say in the timeline's words what became of an attempt, in the place of what was told."""
    name, stands = f"{told.grant_id}.0", told.grant_id
    if before is not None:
        name, stands = f"{told.grant_id}.1", before["events"][0]["id"]
    return Event(
        **{**_event_fields(attempt), "id": name, "outcome": told.outcome,
           "known_at": at, "replaces": stands,
           "delivered_at": told.delivered_at if attempt["kind"] == "notice" else None}
    )  # fmt: skip


def _event_fields(attempt: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value
            for key, value in attempt.items()}  # fmt: skip


def _signs(told: Report, attempt: Mapping[str, Any], case: Case, at: int) -> list[Event]:
    """Turn what was said into events; each is known now and happened with the act.

    A sign that was taken in before is none of them.
    """
    debtor = next(one.id for one in case.people.values() if one.role == "debtor")
    events: list[Event] = []
    taken = {event.id for event in case.events}
    for sign in dict.fromkeys(told.signs):
        name = f"{told.grant_id}.{sign}"
        if sign not in SIGNS or name in taken:
            continue
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
                id=name,
                kind=kind,
                happened_at=told.happened_at,
                known_at=at,
                person=person,
                **more,
            )
        )
    return events
