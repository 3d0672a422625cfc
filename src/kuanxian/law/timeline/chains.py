"""Chains: matters that begin with one event and go on with others: disputes, complaints.

A later event says by ``about`` which matter it goes on with; one that does not say goes on
with the last one begun before it. It is a step only of a matter of its own person and debt, and
what happened before a matter began is none. What somebody else corrected of a matter is told
beside it, not instead (``view``): a step of either is one of both.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from kuanxian.law.case import Event
from kuanxian.law.timeline.doings import is_own_word
from kuanxian.law.timeline.view import View


class Chain(NamedTuple):
    """A matter: the event that began it and those that went on with it, in order."""

    root: Event
    steps: tuple[Event, ...]

    def has(self, *steps: str) -> bool:
        """Say whether one of these steps was taken."""
        return any(event.step in steps for event in self.steps)

    @property
    def is_withdrawn(self) -> bool:
        """Say whether it was taken back, which only who began it can (``chains_of``)."""
        return self.has("withdrawn")

    def is_named(self, name: str) -> bool:
        """Say whether an id is that of the matter or of a step of it."""
        return name in (self.root.id, *(event.id for event in self.steps))

    def last(self, *steps: str) -> Event | None:
        """Find the last event that took one of these steps."""
        return next((event for event in reversed(self.steps) if event.step in steps), None)


_ANSWERS: Final = ("answer_dispute", "answer_complaint")
_STANDS_IN: Final = ("statutory_agent", "heir")


def whose(view: View) -> set[str]:
    """List whose matters an act concerns: the debtor's and those of whom it is aimed at.

    An answer goes to whose matter it is, or to who stands in for the debtor: to nobody else.
    """
    target = view.target
    people = {view.debtor, view.act.to}
    if view.act.kind in _ANSWERS and target is not None and target.role not in _STANDS_IN:
        people = {target.id}
    return {one for one in people if one is not None}


def chains_of(view: View, events: Sequence[Event], begin: str) -> list[Chain]:
    """Group events into matters.

    Args:
        view: The case at the instant.
        events: Events of one kind, in the order they happened.
        begin: The step with which a matter begins.
    """
    if not events:
        return []
    roots = {event.id: event for event in events if event.step == begin}
    # A step may name what another event took the place of, or an earlier step.
    named = {root.replaces: root.id for root in roots.values() if root.replaces is not None}
    named |= {name: name for name in roots}
    begun, beside = _begun(view, roots.values()), _told_beside(roots)
    steps: dict[str, list[Event]] = {name: [] for name in roots}
    for event in events:
        if event.step == begin or (event.step == "withdrawn" and not is_own_word(view, event)):
            continue
        about = _last(begun, event) if event.about is None else named.get(event.about)
        if about is not None:
            named.setdefault(event.id, about)
            for name in beside[about]:
                if _fits(view, event, roots[name]):
                    steps[name].append(event)
    return [Chain(root, tuple(steps[name])) for name, root in roots.items()]


Begun = dict[tuple[str | None, str | None], list[Event]]


def _begun(view: View, roots: Iterable[Event]) -> Begun:
    """List matters by person and by each debt that a step of them may name, in their order."""
    begun: Begun = {}
    for root in roots:
        for debt in {None, root.debt or view.debt}:
            begun.setdefault((root.person, debt), []).append(root)
    return begun


def _last(begun: Begun, event: Event) -> str | None:
    """Find the last matter begun by the time of an event that it can be a step of."""
    matters = begun.get((event.person, event.debt), [])
    place = bisect_right(matters, event.happened_at, key=lambda root: root.happened_at)
    return matters[place - 1].id if place else None


def _told_beside(roots: Mapping[str, Event]) -> dict[str, list[str]]:
    """List with each matter what it corrects and what corrects it, as far as both stand."""
    beside = {name: [name] for name in roots}
    for name, root in roots.items():
        if root.replaces is not None and root.replaces in roots:
            beside[name].append(root.replaces)
            beside[root.replaces].append(name)
    return beside


def _fits(view: View, event: Event, root: Event) -> bool:
    """Say whether an event can be a step of a matter: of its person and debt, and not before it.

    A matter that names no debt may be of any: what names one closes it for that debt alone.
    """
    debts = (None, root.debt or view.debt)
    since = event.happened_at >= root.happened_at
    return since and event.person == root.person and event.debt in debts


def in_question(
    view: View, chains: Sequence[Chain], is_open: Callable[[Chain], bool]
) -> list[Chain]:
    """List the matters in question: the one the act names, else all open ones, else the last."""
    about = view.act.about
    named = [chain for chain in chains if about is not None and chain.is_named(about)]
    return named[:1] or list(filter(is_open, chains)) or list(chains[-1:])
