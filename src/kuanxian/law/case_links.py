"""Case links: every id that a case file points at must be there, and mean one thing."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Final

from kuanxian.law.case import Case, Event
from kuanxian.law.case_events import COMMON, KINDS
from kuanxian.law.case_place import Place
from kuanxian.law.case_tables import ACT, LISTS
from kuanxian.law.case_values import Field

_CALLED: Final = {
    "people": "person", "points": "contact point", "parties": "party", "debts": "debt",
    "events": "event",
}  # fmt: skip


def _references(fields: Mapping[str, Field]) -> tuple[tuple[str, Field], ...]:
    return tuple((key, field) for key, field in fields.items() if field.form in ("ref", "refs"))


_OF_EVENTS: Final = {kind: _references(COMMON | told.keys) for kind, told in KINDS.items()}


def check_links(case: Case, top: Mapping[str, Any], file: Place) -> None:
    """Refuse a reference to nothing, and a case that contradicts itself.

    Args:
        case: The case as read.
        top: The text it was read from, for the places.
        file: The name of the file.

    Raises:
        CaseFileError: Says where.
    """
    known = {
        "people": frozenset(case.people),
        "points": frozenset(case.points),
        # The lender acts too, under the id it has.
        "parties": frozenset(case.parties) | {case.lender.id},
        "debts": frozenset(case.debts),
        "events": frozenset(event.id for event in case.events),
    }
    for key, (fields, _) in LISTS.items():
        for no, item in enumerate(top.get(key, [])):
            _check_item(item, _references(fields), known, (file, key, no))
    for key in ("consents", "timeline"):
        for no, item in enumerate(top.get(key, [])):
            kind = "consent" if key == "consents" else item["kind"]
            _check_item(item, _OF_EVENTS[kind], known, (file, key, no))
    _check_item(top["act"], _references(ACT), known, (file, "act"))
    _check_people(case, file.at("people"))
    _check_act(case, file.at("act"))
    _check_replaced(case.events, file.at("timeline"))


def _check_item(
    item: Mapping[str, Any],
    references: Sequence[tuple[str, Field]],
    known: Mapping[str, frozenset[str]],
    where: tuple[Any, ...],
) -> None:
    """Look up every reference of an object; its place is made only for an error."""
    for key, field in references:
        value = item.get(key)
        if value is None:
            continue
        for one in value if field.form == "refs" else (value,):
            if one not in known[field.values[0]]:
                file, *steps = where
                called = _CALLED[field.values[0]]
                advice = f"Add the {called}, or leave the key out."
                place = reduce(Place.at, (*steps, key), file)
                raise place.error(f"there is no {called} of this id", advice)


def _check_people(case: Case, place: Place) -> None:
    """A debtor belongs to nobody; whoever belongs to somebody belongs to a debtor."""
    for no, person in enumerate(case.people.values()):
        if person.of is None:
            continue
        if person.role == "debtor":
            raise place.at(no).at("of").error("a debtor belongs to nobody", "Leave it out.")
        if case.people[person.of].role != "debtor":
            advice = "Name the debtor to whom this person belongs."
            raise place.at(no).at("of").error("that person is not a debtor", advice)


def _check_act(case: Case, place: Place) -> None:
    """The point must be that person's, and the debt that debtor's."""
    act = case.act
    if act.point is not None and act.to is not None and case.points[act.point].person != act.to:
        advice = "Name the person whose point it is."
        raise place.at("point").error("it belongs to another person than `to`", advice)
    if act.debt is not None and act.to is not None:
        person = case.people[act.to]
        debtor = person.id if person.role == "debtor" else person.of
        if debtor not in (None, case.debts[act.debt].debtor):
            advice = "Name a debt of that debtor."
            raise place.at("debt").error("it is another debtor's than that of `to`", advice)


def _check_replaced(events: tuple[Event, ...], place: Place) -> None:
    """An event replaces one of its own kind and person; none replaces itself by way of others.

    A retraction takes back any event: that it never happened is said of it alone.
    """
    known = {event.id: event for event in events}
    for event in events:
        if event.replaces is None or event.kind == "retraction":
            continue
        old = known[event.replaces]
        if old.kind != "retraction" and (old.kind, old.person) != (event.kind, event.person):
            advice = "Take the other back by a retraction, and tell the right event by itself."
            raise place.error(f"{event.id} replaces an event of another kind or person", advice)
    if is_circle(events):
        raise place.error("events replace each other in a circle", "Break the circle.")


def is_circle(events: Iterable[Event]) -> bool:
    """Say whether an event replaces itself, be it by way of others: who follows it never ends."""
    replaces = {event.id: event.replaces for event in events if event.replaces is not None}
    sound: set[str] = set()
    for begin in replaces:
        chain: set[str] = set()
        step: str | None = begin
        while step is not None and step not in sound:
            if step in chain:
                return True
            chain.add(step)
            step = replaces.get(step)
        sound |= chain
    return False
