"""Record: what is learned of a case from elsewhere, taken into its stream.

Consents, payments, notices, complaints, a police order: each is written in the words of a
case file and read by its reader, together with the whole case, before it is believed.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.action.contact.casebook import (
    ADDED,
    EVENT,
    OPENED,
    STATED,
    body_of,
    party_stream,
    stream_of,
)
from kuanxian.action.contact.claims import claim, claim_added, claims_of
from kuanxian.action.contact.entries import draft
from kuanxian.action.contact.file_form import file_form
from kuanxian.action.contact.gate import LOCK, Gate
from kuanxian.action.contact.of_party import tell_parties
from kuanxian.action.contact.stated import check_record
from kuanxian.base.errors import CaseError
from kuanxian.journal.append import append
from kuanxian.journal.entry import Draft
from kuanxian.journal.read import read_by_key
from kuanxian.law.case import Act, Case, Event
from kuanxian.law.case_file import case_of
from kuanxian.law.case_tables import FORMAT, LISTS

_IDLE: Final = Act(kind="duty")
_REGISTER = sa.text(
    "INSERT INTO casework.cases (case_id, tenant, debtor_id, loan_id) "
    "VALUES (:case, :tenant, :debtor, :loan) ON CONFLICT (case_id) DO NOTHING"
)
_NAME = sa.text(
    "INSERT INTO casework.case_person (case_id, person_id) "
    "SELECT :case, unnest(CAST(:people AS text[])) ON CONFLICT DO NOTHING"
)


def open_case(
    gate: Gate,
    case_id: str,
    told: Mapping[str, Any],
    *,
    tenant: str,
    actor: str,
    shared: Collection[str] = (),
) -> None:
    """Open a case.

    Args:
        gate: The door.
        case_id: Its name from now on.
        told: As a case file: country, lender, people, points, parties, debts, complete; and
            what is already known of consents and timeline.
        tenant: Whose vault holds the people.
        actor: Who opens it.
        shared: Kinds of events that are told of a party and hold in every case of the lender.

    Raises:
        CaseFileError: It is not a case.
        CaseError: The gate's rulebook is another country's; it has no debtor, or more than one; the
            debtor has a case already, or a loan of it is in another; a collector works for another
            party.
        RepeatedKeyError: A case of that id was opened otherwise.
    """
    case = case_of(_whole(told), case_id)
    if case.country != gate.book.country.id:
        raise CaseError(
            "country", "has no rulebook here", f"this gate decides by {gate.book.country.id}"
        )
    claims = claims_of(case, case_id)
    body = {
        "country": case.country,
        "lender": body_of(case.lender),
        "complete": sorted(case.complete),
        **{name: [body_of(row) for row in getattr(case, name).values()] for name in LISTS},
    }
    with gate.app.begin() as connection:
        connection.execute(LOCK, {"stream": stream_of(case_id)})
        claim(connection, tenant, claims)
        at = gate.clock()
        opening = draft(stream_of(case_id), OPENED, body, f"open:{case_id}", actor, at)
        own = [event for event in case.events if event.kind not in shared]
        append(connection, [opening, *_told(case_id, own, actor, at)])
        of_parties = [event for event in case.events if event.kind in shared]
        tell_parties(gate, connection, case.lender.id, of_parties, actor)
        loan = next(iter(case.debts), case_id)
        debtor = next(name for kind, name in claims if kind == "debtor")
        named = {"case": case_id, "tenant": tenant, "debtor": debtor, "loan": loan}
        connection.execute(_REGISTER, named)
        connection.execute(_NAME, {"case": case_id, "people": list(case.people)})


def add(
    gate: Gate,
    case_id: str,
    told: Mapping[str, Any],
    *,
    key: str,
    actor: str,
    shared: Collection[str] = (),
) -> None:
    """Add people, points, parties, debts, consents and events to a case, or say what it has whole.

    Args:
        gate: The door.
        case_id: Which case.
        told: Any of those lists, as in a case file; ``complete`` adds to what was said before.
        key: Idempotency key.
        actor: Who tells.
        shared: As of ``open_case``.

    Raises:
        CaseFileError: What is told is not so written, or contradicts the case.
        CaseError: There is no such case, or what is added is another's; see ``open_case``.
    """
    with gate.held(case_id) as (connection, known):
        at, case_before = gate.clock(), known.file.case
        before = file_form(case_before, at, _IDLE)
        lists = (*LISTS, "consents", "timeline", "complete")
        stray = sorted(set(told) - set(lists))
        if stray:
            # Not named: it may be a person's number.
            raise CaseError("a list", "cannot be added to a case", f"one of {', '.join(lists)}")
        if not all(isinstance(one, list) for one in told.values()):
            raise CaseError("what is added", "is not told in lists", "write each as in a case file")
        joined = {**before, **{name: [*before[name], *told.get(name, [])] for name in lists}}
        joined["complete"] = list(dict.fromkeys(joined["complete"]))
        case = case_of(joined, case_id)
        claim_added(connection, case_id, case, case_before)
        connection.execute(_NAME, {"case": case_id, "people": list(case.people)})
        known_ids = {event.id for event in case_before.events}
        new = [event for event in case.events if event.id not in known_ids]
        drafts = _added(case, case_before, case_id, key, actor, at)
        own = [event for event in new if event.kind not in shared]
        append(connection, [*drafts, *_told(case_id, own, actor, at)])
        of_parties = [event for event in new if event.kind in shared]
        tell_parties(gate, connection, case.lender.id, of_parties, actor)


def _added(case: Case, before: Case, case_id: str, key: str, actor: str, at: int) -> list[Draft]:
    rows: dict[str, list[Any]] = {
        name: [body_of(row) for row_id, row in getattr(case, name).items()
               if row_id not in getattr(before, name)]
        for name in LISTS
    }  # fmt: skip
    if whole := sorted(case.complete - before.complete):
        rows["complete"] = whole
    if not any(rows.values()):
        return []
    return [draft(stream_of(case_id), ADDED, rows, f"added:{case_id}:{key}", actor, at)]


def _told(case_id: str, events: Iterable[Event], actor: str, at: int) -> list[Draft]:
    return [
        draft(stream_of(case_id), EVENT, body_of(one), f"event:{case_id}:{one.id}", actor, at)
        for one in events
    ]


def state(
    gate: Gate, case_id: str, of: str, facts: Mapping[str, Any], *, key: str, actor: str
) -> None:
    """Put a statement of the lender's on the record of a case: a person's or a debt's facts.

    Raises:
        ProposalError: The fact is not the record's to state.
    """
    check_record(of, facts, gate.book.catalogue)
    _append_statement(gate, stream_of(case_id), {"of": of, "facts": dict(facts)}, key, actor)


def state_of_party(
    gate: Gate, party_id: str, facts: Mapping[str, Any], *, lender: str, key: str, actor: str
) -> None:
    """Put a statement on the record of a party: it holds for every case of that lender."""
    of = party_stream(lender, party_id)
    check_record(of, facts, gate.book.catalogue)
    _append_statement(gate, of, {"of": of, "facts": dict(facts)}, key, actor)


def _append_statement(
    gate: Gate, stream: str, body: Mapping[str, Any], key: str, actor: str
) -> None:
    with gate.app.begin() as connection:
        connection.execute(LOCK, {"stream": stream})
        stated = draft(stream, STATED, body, f"stated:{stream}:{key}", actor, gate.clock())
        before = read_by_key(connection, stated.idempotency_key)
        # A retry is stated later, and is the same statement all the same.
        if before is None or before.body != stated.body:
            append(connection, [stated])


def _whole(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "at": "2199-12-30T00:00:00Z",
        "act": {"kind": "duty"},
        **{key: value for key, value in told.items() if key not in ("format", "at", "act")},
    }
