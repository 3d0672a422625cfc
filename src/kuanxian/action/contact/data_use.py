"""Data use: whose data an act uses, and whether the vault has stopped using them.

Who had the use of their data restricted, frozen or erased did so in the vault. The gate asks
there in the very step in which it reserves an act, so that the next decision knows it.

Source: 个人信息保护法 art. 44, 47.
"""

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from kuanxian.action.contact.casebook import Known
from kuanxian.law.case import Case

BYSTANDERS: Final = frozenset({"nominated_contact", "spouse", "family", "employer", "other"})
"""Who does not owe: they may be asked to pass a message on, and hear of no debt."""

_STOPPED: Final = sa.text("SELECT case_id, person_id FROM casework.use_stopped(:cases, :people)")


def used_in(case: Case, to: str) -> list[str]:
    """List whose data an act uses: whom it is aimed at; and of who does not owe, the debtor's."""
    target = case.people.get(to)
    if target is None or target.role not in BYSTANDERS:
        return [to]
    return [to, *(one.id for one in case.people.values() if one.role == "debtor")]


def is_stopped(known: Known, to: str) -> bool:
    """Say whether an act uses data of somebody of whom the vault was found to use none any more."""
    return not known.stopped.isdisjoint(used_in(known.case, to))


def ask_stopped(
    connection: sa.Connection, cases: Iterable[tuple[str, Case]]
) -> dict[str, frozenset[str]]:
    """Ask the vault whose data it has stopped using, by case; one without such people is left out.

    Args:
        connection: As a member of ``kx_app``.
        cases: Their ids and they themselves.
    """
    asked = [(case_id, person) for case_id, case in cases for person in case.people]
    words = {"cases": [one for one, _ in asked], "people": [one for _, one in asked]}
    found: dict[str, frozenset[str]] = {}
    for case_id, person in connection.execute(_STOPPED, words):
        found[case_id] = found.get(case_id, frozenset()) | {person}
    return found
