"""Chains: matters that begin with one event and go on with others: disputes, complaints.

A later event says by ``about`` which matter it goes on with; one that does not say goes on
with the last one begun before it. What happened before a matter began is no step of it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kuanxian.law.case import Event
from kuanxian.law.timeline.doings import is_own
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
        """Say whether who began it took it back: nobody else can."""
        return any(event.step == "withdrawn" and is_own(event) for event in self.steps)

    def last(self, *steps: str) -> Event | None:
        """Find the last event that took one of these steps."""
        return next((event for event in reversed(self.steps) if event.step in steps), None)


def chains_of(events: Sequence[Event], begin: str) -> list[Chain]:
    """Group events into matters.

    Args:
        events: Events of one kind, in the order they happened.
        begin: The step with which a matter begins.
    """
    found: dict[str, tuple[Event, list[Event]]] = {
        event.id: (event, []) for event in events if event.step == begin
    }
    for event in events:
        if event.step != begin:
            about = event.about if event.about in found else _before(event, found)
            if about is not None and event.happened_at >= found[about][0].happened_at:
                found[about][1].append(event)
    return [Chain(root, tuple(steps)) for root, steps in found.values()]


def _before(event: Event, found: dict[str, tuple[Event, list[Event]]]) -> str | None:
    """Find the last matter begun up to an event."""
    begun = [key for key, (root, _) in found.items() if root.happened_at <= event.happened_at]
    return begun[-1] if begun else None


def chosen(view: View, chains: Sequence[Chain], is_open: Callable[[Chain], bool]) -> Chain | None:
    """Choose the matter in question: the one the act names, the oldest open, or the last."""
    for chain in chains:
        if view.act.about in (chain.root.id, *(event.id for event in chain.steps)):
            return chain
    opened = [chain for chain in chains if is_open(chain)]
    return opened[0] if opened else chains[-1] if chains else None
