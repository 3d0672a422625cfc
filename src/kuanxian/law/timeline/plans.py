"""Plans: what was asked, offered and agreed about paying otherwise, and whether it is kept.

A plan begins with the last offer, or the last request where nothing was offered; what follows
it on the same debt is about it.
"""

from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.consents import standing_of, words_of
from kuanxian.law.timeline.doings import is_of_debt, is_own_word
from kuanxian.law.timeline.view import Facts, View, is_over

_WHOLE: Final = ("plans",)
FACTS: Final = {
    "plan_agreement_recorded": _WHOLE,
    "plan_is_kept": _WHOLE,
    "guarantee_exists": ("people",),
    "guarantor_consent_written": ("people", "consents", "changes", "plans"),
    "mediated_deal": ("mediations",),
    "mediation_confirmed": ("mediations",),
    "days_since_mediation": (),
}


def plans(view: View) -> Facts:
    """Compute the plan of the act's debt, its guarantors, and a mediated agreement."""
    root = root_of(view)
    deal = _last_deal(view)
    owing = view.debtor is not None
    return {
        "plan_agreement_recorded": _agreed(view, root),
        "plan_is_kept": _kept(view),
        "guarantee_exists": view.known(bool(_guarantors(view)), "people") if owing else None,
        "guarantor_consent_written": _guarantors_agree(view, root),
        "mediated_deal": view.known(deal is not None, "mediations") if owing else None,
        "mediation_confirmed": _confirmed(view, deal),
        "days_since_mediation": view.days_since(view.day_of(deal)) if deal else None,
    }


def root_of(view: View) -> Event | None:
    """Find the event with which the plan in question begins."""
    events = _events(view)
    if view.act.about is not None:
        named = next((event for event in events if event.id == view.act.about), None)
        if named is not None:
            offers = [event for event in events if event.step == "offered"]
            # Of a request the last offer that answers it: an older one says nothing of it.
            about = [one for one in offers if named.step == "asked" and one.about == named.id]
            return about[-1] if about else named
    for step in ("offered", "asked"):
        found = [event for event in events if event.step == step]
        if found:
            return found[-1]
    return None


def _events(view: View) -> list[Event]:
    return [event for event in view.of("plan") if event.debt == view.debt and view.debt]


def _agreed(view: View, root: Event | None) -> bool | None:
    """Say whether the borrower agreed after the offer, in person, and it was not undone since.

    An agreement to an older offer is none; nor is one to a plan that was then refused or broken,
    or is over: to a new one it says nothing.
    """
    if view.debt is None:
        return None
    since = root.happened_at if root else -1
    told = [
        event
        for event in _events(view)
        if event.happened_at >= since
        and (event.about is None or root is None or event.about in (root.id, root.about))
    ]
    ends = [event.happened_at for event in told if event.step in ("refused", "broken", "ended")]
    agreed = any(
        event.step == "agreed"
        and is_own_word(view, event)
        and not is_over(event, view.at)
        and event.happened_at > max(ends, default=-1)
        for event in told
    )
    # A refusal, or a newer offer, may be missing.
    return agreed if view.whole("plans") else None


def _kept(view: View) -> bool | None:
    """Say whether an agreed plan runs; that it was not broken needs every event of plans."""
    if view.debt is None:
        return None
    last = None
    for event in _events(view):
        if event.step in ("agreed", "broken", "ended"):
            last = event
    runs = last is not None and last.step == "agreed" and not is_over(last, view.at)
    if last is not None and not runs:
        return False
    return runs if view.whole("plans") else None


def _guarantors(view: View) -> list[str]:
    return [
        person.id
        for person in view.case.people.values()
        if person.role == "guarantor"
        and person.of in (None, view.debtor)
        and is_of_debt(view, person)
    ]


def _guarantors_agree(view: View, root: Event | None) -> bool | None:
    """Say whether every guarantor agreed in writing, since the plan in question began."""
    guarantors = _guarantors(view)
    if not guarantors or not view.whole("consents"):
        return None
    since = root.happened_at if root else -1
    for person in guarantors:
        words = standing_of(view, words_of(view, person, "plan"))
        if not any(word.form == "written" and word.happened_at >= since for word in words):
            return False
    return True if view.whole(*FACTS["guarantor_consent_written"]) else None


def _last_deal(view: View) -> Event | None:
    deals = [
        event
        for event in view.of("mediation")
        if event.step == "agreed" and event.debt in (None, view.debt)
    ]
    return deals[-1] if deals else None


def _confirmed(view: View, deal: Event | None) -> bool | None:
    """Say whether both sides asked the court to confirm the deal; unknown without one."""
    if deal is None:
        return None
    asked = any(
        event.step == "confirmation_asked"
        and event.happened_at >= deal.happened_at
        and event.debt in (None, deal.debt or view.debt)
        for event in view.of("mediation")
    )
    return view.known(asked, "mediations")
