"""Acting: which party does what an act says, or is handed it."""

from typing import Final

from kuanxian.law.case import Act, Case, Party

CONTACTS: Final = ("contact", "message", "visit")
AGENCIES: Final = ("agency", "sub_agency")


def actor_of(case: Case, act: Act) -> Party | None:
    """Find the party that acts: the only one that the act names as acting.

    Besides ``by`` it is told by whose collector does it, and by the agency of a contact; in any
    other act the agency is who is handed something. Where they tell of two, or of somebody whom
    nobody knows, it is not known who acts: else the rules about either could be walked round by
    naming the other. What names nobody is the lender's own, but for contacts and asking.
    """
    if act.by is None and act.kind in (*CONTACTS, "ask_consent"):
        return None
    if act.by is None and act.collector is None:
        return party_of(case, case.lender.id)
    agency = act.agency if act.kind in CONTACTS else None
    named = {party_of(case, one) for one in (act.by, act.collector, agency) if one is not None}
    return named.pop() if len(named) == 1 else None


def party_of(case: Case, name: str) -> Party | None:
    """Find for whom somebody works: a collector for the party he or she belongs to."""
    lender, party = case.lender.id, case.parties.get(name)
    if party is not None and party.kind == "collector":
        name = party.of or ""
    party = case.parties.get(name)
    if name == lender and (party is None or party.kind in (None, "lender")):
        return Party(lender, "lender")
    # There is one lender only: who else is called so, or goes by its id, is nobody known.
    if name == lender or party is None or party.kind == "lender":
        return None
    over = case.parties.get(party.of or "")
    if party.kind == "agency" and over is not None and over.kind in AGENCIES:
        return party._replace(kind="sub_agency")
    return party
