"""View: a case as it looks at one instant, for one act.

An event counts only if it had happened and was known by then, and no event known by then
replaces it. Events that happened at the very instant count.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from kuanxian.law.case import Act, Case, Event, Person
from kuanxian.law.timeline.acting import actor_of
from kuanxian.law.timeline.ways import TAKEN, can_reach
from kuanxian.law.timeline.zones import local_day

Facts = dict[str, int | bool | str | None]
"""Facts by name; None is unknown. Dates are days, instants microseconds."""

_NONE: Final[tuple[Event, ...]] = ()


class View:
    """What is known of a case at an instant.

    Attributes:
        case: The case.
        act: The act in question.
        at: The instant, microseconds UTC.
        actor: The party that acts; None where that is not certain.
        target: Whom the act is aimed at, or whose data it uses.
        debtor: The debtor it is about; None where that is not certain.
        debt: The debt it is about; None where that is not certain.
        zones: The zones in which the debtor may be; empty: not known at all.
    """

    __slots__ = (
        "_kinds", "_said", "_todays", "act", "actor", "at", "case", "debt", "debtor", "target",
        "zones",
    )  # fmt: skip

    def __init__(self, case: Case, act: Act, at: int) -> None:
        self.case = case
        self.act = act
        self.at = at
        self._kinds = live_events(case.events, at)
        self.actor = actor_of(case, act)
        self.debtor = _debtor_of(case, act)
        self.debt = _debt_of(case, act, self.debtor)
        self.target = case.people[act.to] if act.to is not None else None
        self.zones = zones_of_person(case, self.debtor)
        self._said: dict[tuple[str | None, str | None], list[Event]] | None = None
        self._todays = {zone: local_day(at, zone) for zone in self.zones}

    def of(self, kind: str) -> Sequence[Event]:
        """List the live events of a kind, in the order they happened."""
        return self._kinds.get(kind, _NONE)

    def said(self, person: str, purpose: str) -> Sequence[Event]:
        """List what a person said on one use of data, in the order it happened."""
        if self._said is None:
            self._said = {}
            for word in self.of("consent"):
                self._said.setdefault((word.person, word.purpose), []).append(word)
        return self._said.get((person, purpose), _NONE)

    def whole(self, *groups: str) -> bool:
        """Say whether the case has everything of these groups that the lender knows."""
        return self.case.complete.issuperset(groups)

    def known(self, shown: bool, *groups: str) -> bool | None:
        """Answer whether something was: yes if shown; no only where the groups are whole."""
        return True if shown else (False if self.whole(*groups) else None)

    def is_at_own_point(self, event: Event) -> bool:
        """Say whether an event was at a point of whom it was for: elsewhere it shows nothing.

        Nor does it at a point of an origin that may not be used, or that nobody knows, or of a kind
        that it cannot reach.
        """
        if event.point is None:
            return True
        point = self.case.points[event.point]
        own = point.person == event.person and point.origin not in (None, *TAKEN)
        kinds = {event.kind, event.channel or event.kind}
        return own and all(can_reach(kind, point.kind) for kind in kinds)

    def has_arrived(self, notice: Event) -> bool:
        """Say whether a notice had reached by now whom it was for; published, it reaches nobody."""
        arrived = notice.outcome in ("delivered", "read") and (notice.delivered_at or 0) <= self.at
        return arrived and notice.channel != "public" and self.is_at_own_point(notice)

    def days_since(self, day_on: int | None) -> int | None:
        """Count local days from a day to today, the fewest over the debtor's zones, at least 0."""
        if day_on is None or not self._todays:
            return None
        return max(0, min(self._todays.values()) - day_on)

    def days_since_instant(self, at: int | None) -> int | None:
        """Count local days from the day of an instant to today, the fewest over the zones."""
        if at is None or not self._todays:
            return None
        return min(today - local_day(at, zone) for zone, today in self._todays.items())

    def day_of(self, event: Event) -> int | None:
        """Find the day an event counts from: the one it names, or the day it happened.

        Over several zones it is the latest, so that nothing is older than it may be.
        """
        if event.on is not None:
            return event.on
        return max((local_day(event.happened_at, zone) for zone in self.zones), default=None)

    @property
    def today(self) -> int | None:
        """The local day of the debtor, the earliest over the zones."""
        return min(self._todays.values(), default=None)

    @property
    def person(self) -> Person | None:
        """Whom the act concerns: its target, or else the debtor."""
        if self.target is None and self.debtor is not None:
            return self.case.people[self.debtor]
        return self.target


def live_events(events: Sequence[Event], at: int) -> Mapping[str, list[Event]]:
    """Group by kind the events that had happened, were known and stand, at an instant.

    Args:
        events: In the order they happened.
        at: The instant, itself included.
    """
    kinds: dict[str, list[Event]] = {}
    replacing: list[Event] = []
    for event in events:
        if event.happened_at > at:
            break
        if event.known_at <= at:
            kinds.setdefault(event.kind, []).append(event)
            if event.replaces is not None:
                replacing.append(event)
    if replacing:
        guarded = {
            event.id: event
            for kind, steps in _GUARDED.items()
            for event in kinds.get(kind, _NONE)
            if event.step in steps
        }
        fallen = fallen_of([event for event in replacing if _may_replace(event, guarded)])
        for kind, found in kinds.items():
            kinds[kind] = [event for event in found if event.id not in fallen]
    return kinds


_GUARDED: Final[Mapping[str, tuple[str | None, ...]]] = {
    "order": ("issued", "lifted"), "stop": ("asked",), "preference": ("asked",),
    "consent": ("refused", "withdrawn"), "dispute": ("received",), "complaint": ("received",),
    "state": ("deceased", "incapacity", "limited_capacity", "minor"), "plan": ("refused",),
    "erasure": (None,), "statement": ("made",),
}  # fmt: skip
"""What protects a person: a police order, that person's own words, states, and data deleted."""


def _may_replace(event: Event, guarded: Mapping[str, Event]) -> bool:
    """Say whether an event takes the place of another.

    What protects a person is taken back by who may lift it, and by nobody else: an order by the
    police, a state also by a court. Else whoever may not lift it could say that it never was, or
    that it was before what ended it: anybody else's correction counts beside it, not instead.
    """
    old = guarded.get(event.replaces or "")
    if old is None:
        return True
    if old.kind == "order":
        return event.found_by == "police"
    return event.by is None or (old.kind == "state" and event.found_by in ("court", "police"))


def fallen_of(replacing: Sequence[Event]) -> set[str]:
    """Find the events that count no more.

    A correction takes the place of what it replaces, and of whatever that had replaced. A
    retraction undoes what it replaces, so that what that had replaced counts again.

    Args:
        replacing: The known events that replace another; without circles.
    """
    waiting = Counter(event.replaces for event in replacing)
    by_id = {event.id: event for event in replacing}
    # From those that nothing replaces, down each chain.
    ready = [event for event in replacing if event.id not in waiting]
    fallen: set[str] = set()
    undone: set[str] = set()
    while ready:
        event = ready.pop()
        target = event.replaces or ""
        if event.id not in undone:
            fallen.add(target)
            if event.kind == "retraction":
                undone.add(target)
        waiting[target] -= 1
        if not waiting[target] and target in by_id:
            ready.append(by_id[target])
    return fallen


def is_over(event: Event, at: int) -> bool:
    """Say whether what an event began has run out: at ``until_at`` it holds no more."""
    return event.until_at is not None and at >= event.until_at


def zones_of_person(case: Case, person: str | None, point: str | None = None) -> tuple[str, ...]:
    """List every zone in which a person may be; all of the country where none is known."""
    if person is None:
        return case.country_zones
    zones = case.people[person].zones
    if point is not None and case.points[point].zones:
        zones = tuple(dict.fromkeys(zones + case.points[point].zones))
    return zones or case.country_zones


def _debtor_of(case: Case, act: Act) -> str | None:
    """Find the debtor: of the debt, of the person addressed, or the only one there is.

    Somebody of whom nobody told to which of several debtors he or she belongs belongs to none.
    """
    debtors = [person.id for person in case.people.values() if person.role == "debtor"]
    if act.to is not None and len(debtors) > 1:
        person = case.people[act.to]
        if person.role != "debtor" and person.of is None:
            return None
    if act.debt is not None:
        return case.debts[act.debt].debtor
    if act.to is not None:
        person = case.people[act.to]
        if person.role == "debtor":
            return person.id
        if person.of is not None:
            return person.of
    return debtors[0] if len(debtors) == 1 else None


def _debt_of(case: Case, act: Act, debtor: str | None) -> str | None:
    """Find the debt: the one named, or the only one of the debtor."""
    if act.debt is not None:
        return act.debt
    debts = [debt.id for debt in case.debts.values() if debt.debtor == debtor]
    return debts[0] if len(debts) == 1 else None
