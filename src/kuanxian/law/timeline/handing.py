"""Handing: to whom the act hands a case or data, and for whom it is done."""

from typing import Final

from kuanxian.law.case import Party
from kuanxian.law.timeline.acting import AGENCIES, CONTACTS, party_of
from kuanxian.law.timeline.view import Facts, View

FACTS: Final = {
    "re_entrusted": (),
    "handed_to_agency": (),
    "handed_to_assignee": (),
    "for_assignee": (),
}

HANDING_OVER: Final = ("outsource", "assign")


def handing(view: View) -> Facts:
    """Compute what is handed on, and whether an agency or an assignee gets it or does it."""
    return {
        "re_entrusted": _re_entrusted(view),
        "handed_to_agency": _handed(view),
        "handed_to_assignee": _handed_to_assignee(view),
        "for_assignee": None if view.actor is None else assignee_of(view) is not None,
    }


def _re_entrusted(view: View) -> bool | None:
    """Say whether the agency that acts, or that would be handed something, has it from another.

    An agency that hands a case over hands it on; to whom it gives data, as to an agency, must be
    told.
    """
    act, party, given = view.act, view.actor, _given_to(view)
    if any(one is not None and one.kind == "sub_agency" for one in (party, given)):
        return True
    if party is None:
        return None
    if party.kind not in AGENCIES:
        return False
    if act.kind in HANDING_OVER or given is not None:
        return act.kind in HANDING_OVER or given != party
    return None if _handed(view) else False


def _given_to(view: View) -> Party | None:
    """Find the party to which the act would hand something; a contact hands nothing over."""
    act = view.act
    return party_of(view.case, act.agency) if act.agency and act.kind not in CONTACTS else None


def _handed(view: View) -> bool | None:
    """Say whether the act hands a case or data to an agency, one named or one only called so."""
    if view.act.kind not in CONTACTS and view.act.agency is not None:
        given = _given_to(view)
        return None if given is None or given.kind is None else given.kind in AGENCIES
    if view.act.kind == "outsource" or view.case.facts.get("recipient_kind") == "entrusted_agency":
        return True
    # Who looks is an agency's, and no agency shows it: it is given to one that nobody named.
    party = view.actor
    is_shown = view.case.facts.get("viewer_role") == "agency_collector"
    return is_shown and (party is None or party.kind not in AGENCIES)


def _handed_to_assignee(view: View) -> bool | None:
    """Say whether the act hands something to an assignee, or to one's agency, by whatever name.

    Not so what an assignee hands to an agency of its own.
    """
    if view.act.agency is None or view.act.kind in CONTACTS:
        return False
    given = _given_to(view)
    if given is None or given.kind is None:
        return None
    owner = _owner_of(view, given)
    return owner is not None and owner.kind == "assignee" and owner.id != assignee_of(view)


def assignee_of(view: View) -> str | None:
    """Find the assignee for whom the act is done: by itself, or by its agencies and collectors.

    A lender whose type is assignee is one in every act of its own.
    """
    lender, party = view.case.lender, view.actor
    if party is None:
        return None
    owner = _owner_of(view, party)
    if owner is not None and owner.kind == "assignee":
        return owner.id
    return lender.id if lender.type == "assignee" else None


def _owner_of(view: View, party: Party) -> Party | None:
    """Find for whom a party works in the end: itself, or up the line of agencies."""
    found: Party | None = party
    seen = set[str]()
    while found is not None and found.kind in AGENCIES and found.of and found.id not in seen:
        seen.add(found.id)
        found = party_of(view.case, found.of)
    return found
