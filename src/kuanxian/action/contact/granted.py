"""Granted: from the id of a grant to its case."""

from typing import Final

import sqlalchemy as sa

from kuanxian.action.contact.gate import Gate

_FIND: Final = sa.text("SELECT case_id FROM casework.decision WHERE decision_id = :grant")


def case_of_grant(gate: Gate, grant_id: str) -> str | None:
    """Find the case a grant is of; None where there is no such grant."""
    with gate.app.connect() as connection:
        found: str | None = connection.scalar(_FIND, {"grant": grant_id})
    return found
