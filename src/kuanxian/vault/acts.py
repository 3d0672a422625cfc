"""Acts: what the journal and the decisions tell of a person besides their values.

A list of instants, kinds and outcomes, for the person's own copy: of a debtor their cases and
what in them names them; of a contact what was done towards them, and nothing of a case.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.store.walls import check_walls

_CASES: Final = sa.text(
    "SELECT case_id, loan_id, opened_at FROM casework.cases "
    "WHERE tenant = :tenant AND debtor_id = :debtor ORDER BY opened_at, case_id"
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
            if (told := _told(json.loads(bytes(row.body)), person)) is not None
        ],
    }  # fmt: skip


def _told(body: Any, person: str) -> dict[str, str] | None:
    """Take the kinds and outcomes of an entry that names a person; None where it does not."""
    maps = list(_maps(body))
    towards = {one[name] for one in maps for name in _TOWARDS if isinstance(one.get(name), str)}
    named = towards or {word for one in maps for word in one.values() if isinstance(word, str)}
    if person not in named:
        return None
    told: dict[str, str] = {}
    for one in maps:
        for name in _TOLD:
            if isinstance(one.get(name), str):
                told.setdefault(name, one[name])
    return told


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    """Go through the maps of a body, the outer before the inner."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _maps(one)
