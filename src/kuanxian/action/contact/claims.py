"""Claims: what may stand in one place only.

A debtor has one case, which holds all of their loans: the limits on calls, a stop or a police
order count over everything that is in it, and over nothing beside it. A collector works for one
party. The database's unique key holds it, whoever writes at the same time.
"""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.base.errors import CaseError
from kuanxian.law.case import Case

_CLAIM: Final = sa.text(
    "INSERT INTO casework.claim (tenant, kind, name, holder) "
    "VALUES (:tenant, :kind, :name, :holder) ON CONFLICT DO NOTHING"
)
_HOLDER: Final = sa.text(
    "SELECT holder FROM casework.claim WHERE tenant = :tenant AND kind = :kind AND name = :name"
)
_TENANT: Final = sa.text("SELECT tenant FROM casework.cases WHERE case_id = :case")


def claims_of(case: Case, case_id: str) -> dict[tuple[str, str], str]:
    """List what a case claims, by kind and name, each with who has it then.

    Raises:
        CaseError: It has no debtor, or more than one; or a collector is of no party.
    """
    debtors = [person.id for person in case.people.values() if person.role == "debtor"]
    if len(debtors) != 1:
        raise CaseError("the case", "it has not one debtor", "open a case for each")
    claims = {("debtor", debtors[0]): case_id}
    claims |= {("loan", debt): case_id for debt in case.debts}
    for party in case.parties.values():
        if party.kind == "collector":
            if party.of is None:
                raise CaseError("the case", "a collector is of no party", "say `of` which")
            claims["collector", party.id] = party.of
    return claims


def claim(connection: sa.Connection, tenant: str, claims: Mapping[tuple[str, str], str]) -> None:
    """Claim them, or find them claimed by the same.

    Raises:
        CaseError: One is somebody else's.
    """
    # In one order, so that two cases that claim the same at once do not wait for each other.
    for (kind, name), holder in sorted(claims.items()):
        named: dict[str, Any] = {"tenant": tenant, "kind": kind, "name": name}
        if connection.execute(_CLAIM, {**named, "holder": holder}).rowcount:
            continue
        found = connection.execute(_HOLDER, named).scalar_one()
        if found != holder:
            raise _refusal(kind, found)


def claim_added(connection: sa.Connection, case_id: str, case: Case, before: Case) -> None:
    """Claim what was added to a case.

    Raises:
        CaseError: One is somebody else's, or it would have two debtors.
    """
    old, new = claims_of(before, case_id), claims_of(case, case_id)
    if added := {key: holder for key, holder in new.items() if key not in old}:
        claim(connection, tenant_of(connection, case_id), added)


def tenant_of(connection: sa.Connection, case_id: str) -> str:
    """Say whose vault holds the people of a case that is there."""
    tenant: str = connection.execute(_TENANT, {"case": case_id}).scalar_one()
    return tenant


def _refusal(kind: str, holder: str) -> CaseError:
    """Say who has it. The case itself is not named: its id was typed and not yet looked at."""
    if kind == "collector":
        return CaseError("the case", f"its collector works for {holder}", "give each its own")
    if kind == "loan":
        return CaseError("the case", f"its loan is in {holder}", "one loan is in one case")
    return CaseError("the case", f"its debtor has {holder}", f"add the debt to {holder}")
