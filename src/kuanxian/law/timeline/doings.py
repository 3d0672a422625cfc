"""Doings: which events are a person's own.

An event's ``by`` says who on the lender's side did it: a person's own doing has none. What only
that person can do, such as agreeing to a plan or withdrawing a dispute, is told by nobody else,
and done by nobody who is under age or without capacity.
As a sign that somebody is in reach the same doings count whoever wrote them down.
"""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.case import Event, Person
from kuanxian.law.country import majority_years_of
from kuanxian.law.timeline.view import View
from kuanxian.law.timeline.zones import local_day, years_over

_INCAPABLE: Final = ("incapacity", "limited_capacity")

_SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "inbound": (), "payment": (), "settlement": (), "stop": (), "preference": (), "mediation": (),
    "notice": (), "interruption": (), "overdue": ("cured",),
    "consent": ("given", "refused", "withdrawn"), "dispute": ("received", "withdrawn"),
    "complaint": ("received", "withdrawn"), "statement": ("made",),
    "plan": ("asked", "agreed", "refused"), "state": ("alive",), "signal": ("seen",),
}  # fmt: skip
"""Kinds of events that only happen where the person is there to do it, with their steps; none: any
step."""


def is_own(event: Event) -> bool:
    """Say whether an event is the doing of the person it is about."""
    return event.by is None


def is_own_word(view: View, event: Event) -> bool:
    """Say whether an event is what a person decided who could: that person's own, able to.

    Every word that gives something away is asked this: a consent, a plan agreed to, a stop, wish,
    dispute or complaint taken back. What names nobody is of the debtor of its debt.
    """
    debt = view.case.debts.get(event.debt or "")
    person = event.person or (debt.debtor if debt else None)
    return is_own(event) and (person is None or could_agree(view, person, event.happened_at))


def could_agree(view: View, person: str, at: int) -> bool:
    """Say whether a person was, as far as is known, of age and capable at an instant.

    Whoever was told to be a minor was one before too, and stays one against any day of birth.

    Source:
        The age is ``majority_years`` of ``country.toml``.
    """
    states = [one for one in view.of("state") if one.person == person]
    born_on, years = view.case.people[person].born_on, majority_years_of(view.case.country)
    if any(one.step == "minor" for one in states):
        return False
    if born_on is not None and years is not None and view.zones:
        on = min(local_day(at, zone) for zone in view.zones)
        if years_over(born_on, on) < years:
            return False
    lasts = [
        one.step
        for one in states
        if one.happened_at <= at
        and (one.step in _INCAPABLE or (one.step == "capable" and one.found_by == "court"))
    ]
    return not lasts or lasts[-1] not in _INCAPABLE


def seen_at(view: View, person: str) -> int:
    """Find when a person was last heard of by a doing of his or her own; -1 if never.

    Doubt is a sign, so that nobody is given up: an event that names nobody may be this person's.
    """
    seen = -1
    for kind in _SIGNS:
        for event in reversed(view.of(kind)):
            if event.happened_at <= seen:
                break
            if _is_sign(event) and _may_be_of(view, event, person):
                seen = event.happened_at
    return seen


def owner_of(view: View, event: Event) -> str | None:
    """Find whose the point is at which something happened, whoever it was meant for."""
    return view.case.points[event.point].person if event.point is not None else None


def _is_sign(event: Event) -> bool:
    if event.kind == "notice":
        return event.outcome == "read"
    if event.kind == "interruption":
        return event.topic not in ("demand", "suit")
    steps = _SIGNS[event.kind]
    return not steps or event.step in steps


def is_of_debt(view: View, person: Person) -> bool:
    """Say whether a person may be one of the act's debt: named for it or for no other."""
    return not person.debts or view.debt is None or view.debt in person.debts


def _may_be_of(view: View, event: Event, person: str) -> bool:
    """Say whether an event may be of a person: by its name or point, or its debt's debtor."""
    if event.person is not None:
        return person in (event.person, owner_of(view, event))
    return event.debt is None or view.case.debts[event.debt].debtor == person
