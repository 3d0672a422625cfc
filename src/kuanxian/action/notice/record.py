"""Record: the life of a notice, written into the stream of its case.

``begin`` stands before anything is sent, so that whoever is restarted finds it and does not
send twice. ``tell`` takes what a channel answered or reported later; what has arrived becomes
an event of the case, which the rules read, and what turns out lost takes its place.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from kuanxian.action.contact.casebook import EVENT, REPORTED, body_of, event_of, stream_of
from kuanxian.action.contact.entries import draft
from kuanxian.action.contact.gate import LOCK, Gate
from kuanxian.action.contact.outcome import Report, report
from kuanxian.action.contact.proposal import Grant, Proposal
from kuanxian.action.notice.carried import key_of_carried
from kuanxian.action.notice.due import Due
from kuanxian.action.notice.kinds import KINDS, POINTS
from kuanxian.action.notice.life import BEGUN, TOLD, Attempt, Notice, fold
from kuanxian.base.errors import OutcomeError
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.read import read_stream
from kuanxian.law.case import Case, Event

OUTCOMES: Final = {"accepted": "sent", "delivered": "delivered", "failed": "failed"}
"""What a channel's word is in the words of a case's messages; any other is unknown."""

_LAST: Final = ("delivered", "failed")
"""Words that only a later report changes."""


class Delivery(NamedTuple):
    """How far a channel has brought an order."""

    grant_id: str
    state: str
    at: int
    provider_id: str = ""
    accepted_at: int | None = None
    delivered_at: int | None = None
    failure: str = ""
    tries: int = 0
    receipt_hash: str = ""
    evidence: str = ""
    """As ``Attempt.evidence``."""

    @property
    def outcome(self) -> str:
        """Say it of a message; of what no provider was asked to carry nothing is known."""
        return OUTCOMES.get(self.state, "unknown") if self.tries else "unknown"


def read_notices(gate: Gate, case_id: str) -> dict[str, Notice]:
    """Read how far the notices of a case have come."""
    with gate.app.connect() as connection:
        return _read(connection, case_id)


def _read(connection: sa.Connection, case_id: str) -> dict[str, Notice]:
    return fold(read_stream(connection, stream_of(case_id)))


def able_channels(case: Case, to: str) -> dict[str, str]:
    """List the channels by which a person can be written to, each with its contact point.

    Where the lender has the point from, and whether it may be used, is left to the gate.
    """
    points: dict[str | None, str] = {}
    for point in case.points.values():
        if point.person == to:
            points.setdefault(point.kind, point.id)
    return {channel: points[kind] for channel, kind in POINTS.items() if kind in points}


class Way(NamedTuple):
    """Which attempt, and by which way."""

    channel: str
    number: int
    point: str | None


class Sender(NamedTuple):
    """For whom a notice goes out."""

    by: str
    """The party: normally the lender."""
    officer: str
    """Who or what sends it, for the record."""


def proposal_of(
    case_id: str, due: Due, way: Way, sender: Sender, values: Mapping[str, Any], at: int
) -> Proposal:
    """Propose one attempt of a notice.

    The key holds the minute: within it a retry gets the same answer, after it a refusal is
    decided anew. That nothing goes out twice is held by ``begin``.
    """
    return Proposal(
        key=f"{due.key}:{way.number}:{way.channel}:{at // 60_000_000}",
        case_id=case_id,
        act="message",
        to=due.to,
        channel=way.channel,
        purpose="notice",
        by=sender.by,
        officer=sender.officer,
        point=way.point,
        debt=due.debt,
        template=due.kind,
        values={**due.values, **values},
        notice=due.key,
        tells_of=due.party or "",
    )


def begin(gate: Gate, due: Due, proposal: Proposal, grant: Grant, number: int) -> bool:
    """Write down that an attempt begins, before it is sent.

    Returns:
        False where somebody else began this attempt: then nothing may be sent.
    """
    told = {"to": due.to, "debt": due.debt, "party": due.party, "about": due.about,
            "by": proposal.by, "point": proposal.point}  # fmt: skip
    attempt = Attempt(number, proposal.channel, grant.grant_id, gate.clock(), grant.expires_at)
    body = {"key": due.key, "kind": due.kind, "told": told, "attempt": attempt._asdict()}
    case_id = proposal.case_id
    with gate.app.begin() as connection:
        connection.execute(LOCK, {"stream": stream_of(case_id)})
        notice = _read(connection, case_id).get(due.key)
        if notice is not None and (notice.is_delivered or len(notice.attempts) >= number):
            return False
        key = f"notice:{case_id}:{due.key}:{number}"
        append(
            connection,
            [draft(stream_of(case_id), BEGUN, body, key, proposal.officer, gate.clock())],
        )
    return True


def tell(gate: Gate, case_id: str, delivery: Delivery, officer: str) -> bool:
    """Take what a channel says of an attempt into the case.

    The same again changes nothing.

    Returns:
        Whether it changed anything.

    Raises:
        OutcomeError: No notice of this case was sent under that grant.
    """
    notice, attempt = _find(read_notices(gate, case_id), delivery.grant_id)
    _report_once(gate, case_id, delivery, notice, officer)
    with gate.app.begin() as connection:
        connection.execute(LOCK, {"stream": stream_of(case_id)})
        notice, attempt = _find(_read(connection, case_id), delivery.grant_id)
        if (attempt.state, attempt.state_at) == (delivery.state, delivery.at):
            return False
        if attempt.state in _LAST and delivery.state not in _LAST:
            return False  # What a provider answered at once is told after what it reported later.
        sent = _outcome_of(connection, case_id, delivery.grant_id)
        events = _events(gate, notice, attempt, delivery, sent)
        state = {**delivery._asdict(), "state_at": delivery.at, **_named(events)}
        del state["grant_id"], state["at"]
        body = {"key": notice.key, "grant_id": delivery.grant_id, "state": state}
        mark = f"notice-told:{delivery.grant_id}:{delivery.state}:{delivery.at}"
        if delivery.state == "accepted" and delivery.provider_id:
            mark = key_of_carried(connection, attempt.channel, delivery.provider_id) or mark
        stream, at = stream_of(case_id), gate.clock()
        drafts = [draft(stream, TOLD, body, mark, officer, at)]
        drafts += [
            draft(stream, EVENT, body_of(one), f"event:{case_id}:{one.id}", officer, at)
            for one in events
        ]
        append(connection, drafts)
    return True


def find_attempt(gate: Gate, grant_id: str) -> tuple[str, Notice, Attempt]:
    """Find the case and the attempt of a grant under which a notice was sent.

    Raises:
        OutcomeError: There is none.
    """
    query = sa.text("SELECT case_id FROM casework.decision WHERE decision_id = :grant")
    with gate.app.connect() as connection:
        case_id = connection.scalar(query, {"grant": grant_id})
        return (case_id or "", *_find(_read(connection, case_id) if case_id else {}, grant_id))


def _find(book: Mapping[str, Notice], grant_id: str) -> tuple[Notice, Attempt]:
    for notice in book.values():
        for attempt in notice.attempts:
            if attempt.grant_id == grant_id:
                return notice, attempt
    raise OutcomeError("grant", "no notice was sent under it", "name the grant of the notice")


def _report_once(
    gate: Gate, case_id: str, delivery: Delivery, notice: Notice, officer: str
) -> None:
    """Report the grant's outcome where none is known; what comes later corrects it."""
    with gate.app.connect() as connection:
        if _outcome_of(connection, case_id, delivery.grant_id) is not None:
            return
    at = gate.clock()
    told = Report(
        delivery.grant_id, delivery.outcome, min(delivery.at, at),
        notice.told["by"] or "", officer, receipt_hash=delivery.receipt_hash,
    )  # fmt: skip
    report(gate, case_id, told)


def _outcome_of(connection: sa.Connection, case_id: str, grant_id: str) -> Event | None:
    """Find the message that an outcome was reported of."""
    for entry in read_stream(connection, stream_of(case_id)):
        if entry.kind == REPORTED:
            body = canonical.decode(entry.body)
            if body["grant_id"] == grant_id:
                return event_of(body["events"][0])
    return None


def _events(
    gate: Gate, notice: Notice, attempt: Attempt, delivery: Delivery, sent: Event | None
) -> list[Event]:
    """Say in the timeline's words what changed: of the message, and of the notice."""
    at = gate.clock()
    events: list[Event] = []
    name = f"{delivery.grant_id}.{delivery.state}.{delivery.at}"
    outcome = delivery.outcome
    if sent is not None and (attempt.message_event or sent.outcome != outcome):
        replaces = attempt.message_event or sent.id
        events.append(
            sent._replace(id=f"{name}.m", outcome=outcome, known_at=at, replaces=replaces)
        )
    arrived = delivery.state == "delivered"
    if arrived or attempt.notice_event:
        given_at = delivery.accepted_at or attempt.accepted_at or attempt.begun_at
        told = notice.told
        events.append(
            Event(
                id=f"{name}.n",
                kind="notice",
                happened_at=min(given_at, at),
                known_at=at,
                by=told["by"],
                replaces=attempt.notice_event or None,
                person=told["to"],
                point=told["point"],
                debt=told["debt"],
                party=told["party"],
                about=told["about"],
                channel=attempt.channel,
                notice=KINDS[notice.kind].word,
                outcome="delivered" if arrived else "failed",
                delivered_at=delivery.delivered_at if arrived else None,
            )
        )
    return events


def _named(events: list[Event]) -> dict[str, str]:
    return {f"{event.kind}_event": event.id for event in events}
