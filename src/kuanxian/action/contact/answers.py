"""Answers: what people told the vault, taken into the case that is decided on.

A yes is taken down in the vault, by the person's own answer to words that were kept; nobody
types one into a case. Here it comes into the case: what was asked, given, refused and withdrawn,
that a contact's own notice arrived, that a contact said stop. Only ids, purposes and instants.

Source: 个人信息保护法 art. 13, 15; DESIGN 4: one timeline, one place for each fact.
"""

from typing import Any, Final

import sqlalchemy as sa

from kuanxian.action.contact.claims import tenant_of
from kuanxian.action.contact.decided import name_of
from kuanxian.action.contact.file_form import write_instant
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.record import add
from kuanxian.journal.entry import micros
from kuanxian.law.case_values import DAY_US

USES: Final = {
    "pass_message": "contact", "restore_contact": "contact", "report_credit": "report",
    "query_credit": "query", "share_processor": "share", "hardship_evidence": "sensitive_data",
    "marketing": "marketing",
}  # fmt: skip
"""The vault's purposes in the words of a case."""
STEPS: Final = {
    "requested": "asked", "given": "given", "refused": "refused", "withdrawn": "withdrawn",
    "expired": "withdrawn",
}  # fmt: skip
"""What was said. A yes that ended without a word, as with another number, counts as taken back."""

_SAID: Final = sa.text(
    "SELECT record_id AS name, pii_principal_id AS person, purpose, event_type AS step, "
    "least(event_time, recorded_at) AS at, "
    "CAST(record #>> '{event,validity_days}' AS integer) AS days, "
    "record #>> '{pii_processing,collection_method}' = 'signed by the person' AS is_signed "
    "FROM consent.event WHERE tenant = :tenant AND pii_principal_id = ANY(:people) "
    "ORDER BY event_no"
)
_MARKS: Final = sa.text(
    "SELECT entry_no, kind, recorded_at AS at, substr(stream, length(:before) + 1) AS person "
    "FROM journal.entry WHERE stream = ANY(:streams) "
    "AND kind IN ('contact.noticed', 'contact.stopped') ORDER BY entry_no"
)


def take_answers(gate: Gate, case_id: str, actor: str) -> int:
    """Take into a case what its people told the vault since the last time.

    Args:
        gate: The door.
        case_id: Which case.
        actor: Who has it taken.

    Returns:
        How many events the case has learned.

    Raises:
        CaseError: There is no such case.
    """
    known = gate.read(case_id)
    case, at = known.file.case, gate.clock()
    have = {event.id for event in case.events}
    with gate.app.connect() as connection:
        tenant = tenant_of(connection, case_id)
        people = {"tenant": tenant, "people": list(case.people)}
        said = [_consent(row, at) for row in connection.execute(_SAID, people)
                if row.purpose in USES]  # fmt: skip
        before = f"person:{tenant}:"
        streams = {"before": before, "streams": [before + person for person in case.people]}
        marks = [_mark(row, case.lender.id, at) for row in connection.execute(_MARKS, streams)]
    new = {"consents": _unknown(said, have), "timeline": _unknown(marks, have)}
    if new["consents"] or new["timeline"]:
        add(gate, case_id, new, key="answers", actor=actor)
    return len(new["consents"]) + len(new["timeline"])


def _unknown(events: list[dict[str, Any]], have: set[str]) -> list[dict[str, Any]]:
    return [event for event in events if event["id"] not in have]


def _consent(row: Any, at: int) -> dict[str, Any]:
    """Write what was said on one purpose as a case file does; the vault asks for one alone."""
    happened_at = micros(row.at)
    ends = row.step == "given" and row.days
    end = {"until_at": write_instant(happened_at + row.days * DAY_US)} if ends else {}
    return {
        "id": f"vault-{name_of(row.name)}", "person": row.person, "purpose": USES[row.purpose],
        "event": STEPS[row.step], "form": "written" if row.is_signed else "recorded",
        "separate": True,
        **_instants(happened_at, at), **end,
    }  # fmt: skip


def _mark(row: Any, lender: str, at: int) -> dict[str, Any]:
    told = {"id": f"vault-{name_of(str(row.entry_no))}", **_instants(micros(row.at), at)}
    if row.kind == "contact.stopped":
        return {**told, "kind": "stop", "step": "asked", "person": row.person}
    return {**told, "kind": "notice", "to": row.person, "notice": "own_notice",
            "purpose": "contact", "outcome": "delivered", "by": lender}  # fmt: skip


def _instants(happened_at: int, at: int) -> dict[str, str]:
    """It is known since now: what was decided before was decided without it."""
    return {"happened_at": write_instant(min(happened_at, at)), "known_at": write_instant(at)}
