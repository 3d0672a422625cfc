"""Acts: what the journal and the decisions tell of a person besides their values.

A list of instants, kinds and outcomes, for the person's own copy: of who owes their cases and
what in them names them; of a contact what was done towards them, and nothing of a case. What the
journal itself keeps of them in the clear, such as a date of birth, is in it.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.days import date_of
from kuanxian.store.walls import check_walls

_CASES: Final = sa.text(
    "SELECT case_id, loan_id, opened_at FROM casework.cases c "
    "WHERE tenant = :tenant AND (debtor_id = :debtor OR EXISTS (SELECT "
    "FROM casework.case_person p WHERE p.case_id = c.case_id AND p.person_id = :person)) "
    "ORDER BY opened_at, case_id"
)
_DECISIONS: Final = sa.text(
    "SELECT decided_at, act, purpose, allowed, officer FROM casework.decision "
    "WHERE tenant = :tenant AND person_id = :person ORDER BY decided_at, decision_id"
)
_ENTRIES: Final = sa.text(
    "SELECT kind, happened_at, body FROM journal.entry WHERE stream = ANY(:streams) "
    "ORDER BY happened_at, entry_no"
)
_TOLD: Final = ("act", "kind", "notice", "channel", "purpose", "verdict", "outcome")
_TOWARDS: Final = ("to", "person")
_OF_THEIR_LIFE: Final = ("state", "signal")


def acts_of(
    connection: sa.Connection, tenant: str, person: str, debtor: str | None
) -> dict[str, list[dict[str, Any]]]:
    """List a person's cases, the decisions on them, and what in the cases was done with them.

    Args:
        connection: As ``kx_app`` or ``kx_audit``.
        tenant: The lender.
        person: Whose.
        debtor: Of a contact: who named them; else None.

    Raises:
        StoreError: The cases may be there and not to be seen.
    """
    check_walls(connection)
    words = {"tenant": tenant, "person": person, "debtor": debtor or person}
    cases = connection.execute(_CASES, words).all()
    streams = [f"case:{row.case_id}" for row in cases]
    decisions = connection.execute(_DECISIONS, words)
    entries = connection.execute(_ENTRIES, {"streams": streams})
    return {
        "cases": [] if debtor else [
            {"case": row.case_id, "loan": row.loan_id, "at": row.opened_at.isoformat()}
            for row in cases
        ],
        "decisions": [
            {"at": row.decided_at.isoformat(), "act": row.act, "purpose": row.purpose,
             "allowed": row.allowed, "by": row.officer}
            for row in decisions
        ],
        "acts": [
            {"what": row.kind, "at": row.happened_at.isoformat(), **told}
            for row in entries
            if (told := _told(_read(bytes(row.body)), person)) is not None
        ],
    }  # fmt: skip


def _read(body: bytes) -> Any:
    """Read a body; what is no JSON was written past the program and names nobody."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _told(body: Any, person: str) -> dict[str, Any] | None:
    """Take the kinds and outcomes of an entry that names a person; None where it does not."""
    maps = list(_maps(body))
    recorded = _recorded(maps, person)
    towards = {one[name] for one in maps for name in _TOWARDS if isinstance(one.get(name), str)}
    named = towards or {word for one in maps for word in one.values() if isinstance(word, str)}
    if person not in named:
        return {"recorded": recorded} if recorded else None
    told: dict[str, Any] = {"recorded": recorded} if recorded else {}
    for one in maps:
        for name in _TOLD:
            if isinstance(one.get(name), str):
                told.setdefault(name, one[name])
    return told


def _recorded(maps: list[dict[str, Any]], person: str) -> dict[str, Any]:
    """Take what an entry says a person is: born when, in what state, with what stated of them."""
    recorded: dict[str, Any] = {}
    for one in maps:
        born_on = one.get("born_on")
        if one.get("id") == person and isinstance(born_on, int) and abs(born_on) <= DAY_MAX:
            recorded["born_on"] = date_of(born_on).isoformat()
        if one.get("of") == f"person:{person}" and isinstance(one.get("facts"), dict):
            recorded |= one["facts"]
        if one.get("person") == person and one.get("kind") in _OF_THEIR_LIFE:
            words = (one.get("topic"), one.get("step"))
            recorded[one["kind"]] = " ".join(word for word in words if isinstance(word, str))
    return recorded


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    """Go through the maps of a body, the outer before the inner."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _maps(one)
