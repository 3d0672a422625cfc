"""Doings: which events are a person's own.

An event's ``by`` says who on the lender's side did it: a person's own doing has none. What only
that person can do, such as agreeing to a plan or withdrawing a dispute, is told by nobody else.
As a sign that somebody is in reach the same doings count whoever wrote them down.
"""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.view import View

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


def _is_sign(event: Event) -> bool:
    if event.kind == "notice":
        return event.outcome == "read"
    if event.kind == "interruption":
        return event.topic == "acknowledgement"
    steps = _SIGNS[event.kind]
    return not steps or event.step in steps


def _may_be_of(view: View, event: Event, person: str) -> bool:
    """Say whether an event may be of a person: by its name, or by the debtor of its debt."""
    if event.person is not None:
        return event.person == person
    return event.debt is None or view.case.debts[event.debt].debtor == person
