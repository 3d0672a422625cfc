"""Target: who the act is aimed at, where the lender has that person from, and on what basis."""

from typing import Final

from kuanxian.law.case import Person
from kuanxian.law.case_tables import CONTACT_PURPOSES
from kuanxian.law.timeline.consents import has_taken_back, standing_of, words_of
from kuanxian.law.timeline.doings import could_agree, is_of_debt
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.ways import TAKEN

FACTS: Final = {
    "target_role": (),
    "target_origin": (),
    "point_origin": (),
    "contact_purpose": (),
    "subject_is_party": (),
    "target_unable": ("states",),
    "target_named": ("consents", "erasures"),
    "target_basis": ("consents", "changes", "erasures"),
    "contact_people_held": ("people", "debts", "erasures", "settlements"),
    "unlawful_contacts_held": ("people", "erasures"),
}

_PARTIES: Final = ("debtor", "co_borrower", "guarantor")
"""Who has signed: the loan or the guarantee is that person's own contract."""
_SIGNED_BESIDE: Final = ("co_borrower", "guarantor")
_CONTACT_USES: Final = ("contact", "nominate")
"""Consents that a contact person has given or taken back as one."""
_NO_CONTACTS: Final = (*_PARTIES, "statutory_agent", "heir")


def target(view: View) -> Facts:
    """Compute who is concerned. Nothing is inferred about a person the act does not name."""
    person, act = view.target, view.act
    point = view.case.points[act.point] if act.point is not None else None
    role = _role(view, person) if person else None
    return {
        "target_role": role,
        "target_origin": _origin(view),
        "point_origin": point.origin if point else None,
        "contact_purpose": act.purpose if act.purpose in CONTACT_PURPOSES else None,
        "subject_is_party": role in _PARTIES if role else None,
        "target_unable": view.known(not could_agree(view, person.id, view.at), "states")
        if person
        else None,
        "target_named": _named(view, person) if person else None,
        "target_basis": _basis(view, person),
        "contact_people_held": _held(view),
        "unlawful_contacts_held": _unlawful(view),
    }


def _role(view: View, person: Person) -> str | None:
    """Find what a person is to the act's debt: who signed for others alone is a stranger to it."""
    if person.role not in _SIGNED_BESIDE or not person.debts or view.debt in person.debts:
        return person.role
    return "other" if view.debt is not None else None


def _origin(view: View) -> str | None:
    """Find where the person is from; of a debtor not named, only if it is barred."""
    person = view.person
    told = person.origin if person else None
    return told if view.target is not None or told in TAKEN else None


def _basis(view: View, person: Person | None) -> str | None:
    """Find the basis for using a person's data.

    A contract binds who signed it; a statutory agent stands in for the debtor by law; anybody
    else must have agreed, to be contacted or to be named as a contact. Who takes back or refuses
    either has taken back both, and whom the debtor names no more is no contact. Who was named for
    other debts alone, or whose data were erased, has agreed to nothing here.
    """
    if person is None:
        return None
    role = _role(view, person)
    if role is None or role in _PARTIES:
        return "contract" if role else None
    if person.role == "statutory_agent":
        return "legal_duty"
    if not _is_held(view, person):
        return "none"
    if not view.whole("consents", "erasures") or (person.debts and view.debt is None):
        return None
    words = [word for use in _CONTACT_USES for word in words_of(view, person.id, use)]
    if _is_named_no_more(view) or not standing_of(view, words):
        return "none"
    return "consent" if view.whole("changes") else None


def may_be_asked(view: View, person: Person) -> bool:
    """Say whether a person is a contact of this debt whom nothing shows to be one no more.

    Nothing does while neither that person nor the debtor took it back, the data are held and the
    debt is not settled.
    """
    if any(one.debt == view.debt for one in view.of("settlement")):
        return False
    if person.role != "nominated_contact" or not _is_held(view, person) or _is_named_no_more(view):
        return False
    return not any(has_taken_back(view, person.id, use) for use in _CONTACT_USES)


def _named(view: View, person: Person) -> bool | None:
    """Say whether a person is a contact of this debt still; that is certain only of the whole."""
    if not may_be_asked(view, person):
        return False
    return True if view.whole(*FACTS["target_named"]) else None


def _is_held(view: View, person: Person) -> bool:
    """Say whether a person's data are held, and may be for this debt."""
    return is_of_debt(view, person) and person in _not_erased(view)


def _is_named_no_more(view: View) -> bool:
    return view.debtor is not None and has_taken_back(view, view.debtor, "nominate")


def _held(view: View) -> int | None:
    """Count the contact persons whose data are held for this debt and for no other open one.

    A person named for no debt in particular was named for all of the debtor's.
    """
    if not view.whole(*FACTS["contact_people_held"]):
        return None
    debts = view.case.debts.values()
    owed = tuple(debt.id for debt in debts if debt.debtor == view.debtor)
    settled = {event.debt for event in view.of("settlement")}
    count = 0
    for person in _not_erased(view):
        named = person.debts or owed
        here = view.debt is None or view.debt in named
        elsewhere = any(debt != view.debt and debt not in settled for debt in named)
        count += person.role not in _NO_CONTACTS and here and not elsewhere
    return count


def _unlawful(view: View) -> int | None:
    """Count the people held whose origin a contact list or a purchase is."""
    if not view.whole(*FACTS["unlawful_contacts_held"]):
        return None
    return sum(person.origin in TAKEN for person in _not_erased(view))


def _not_erased(view: View) -> list[Person]:
    erased = {event.person for event in view.of("erasure")}
    return [person for person in view.case.people.values() if person.id not in erased]
