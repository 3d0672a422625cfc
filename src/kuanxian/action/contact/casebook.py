"""Casebook: a case as a fold over its journal.

A case is the stream ``case:<id>``: who is who (``case.opened``, ``case.added``), what
happened (``case.event``), what the lender states of them (``case.stated``), and what the
gate decided. What is true of an agency or a collector for every case of a lender is in its own
stream, ``party:<lender>/<id>``. Nothing else is read, so the same entries give the same case
anywhere.

Instants are kept as microseconds and days as days, as in `kuanxian.law.case`.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from sys import intern
from types import MappingProxyType, NoneType
from typing import Any, Final, NamedTuple, get_type_hints

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.errors import CaseError, EntryError
from kuanxian.journal.canonical import decode
from kuanxian.journal.entry import Entry
from kuanxian.journal.read import Told
from kuanxian.law.case import Act, Case, Debt, Event, Lender, Party, Person, Point
from kuanxian.law.case_links import is_circle
from kuanxian.law.country import zones_of

OPENED: Final = "case.opened"
ADDED: Final = "case.added"
EVENT: Final = "case.event"
STATED: Final = "case.stated"
DECIDED: Final = "contact.decided"
REPORTED: Final = "contact.reported"
_ORDER: Final = attrgetter("happened_at", "known_at", "id")
_TYPES: Final[Mapping[Any, tuple[type, ...]]] = {
    str: (str,),
    int: (int,),
    str | None: (str, NoneType),
    int | None: (int, NoneType),
    bool | None: (bool, NoneType),
    tuple[str, ...]: (tuple,),
}
_NOUNS: Final[Mapping[str, type]] = {
    "people": Person,
    "points": Point,
    "parties": Party,
    "debts": Debt,
}
_TAKES: Final = {
    noun: {name: _TYPES[hint] for name, hint in get_type_hints(noun).items()}
    for noun in (Event, Lender, *_NOUNS.values())
}
"""The types of the values that each field of a noun takes."""
UNREADABLE: Final = (EntryError, LookupError, TypeError, ValueError, AttributeError)
"""What is raised where an entry is none that this program writes."""


Read = Callable[[Mapping[str, int]], dict[str, list[Told]]]
"""Reads streams, each from behind a version; see `kuanxian.journal.read.read_told`."""


class CaseFile(NamedTuple):
    """A case and what else its entries tell."""

    version: int
    """Of its stream."""
    case: Case
    stated: Mapping[str, Mapping[str, Any]]
    """Facts the lender stated, by whom or what they are of: ``person:p-1``,
    ``debt:d-1``."""
    grants: Mapping[str, Mapping[str, Any]]
    """Body of each decision that gave a grant, by grant."""
    reported: Mapping[str, Mapping[str, Any]]
    """Body of each outcome, by grant."""


class PartyFacts(NamedTuple):
    """What is true of a party for every case of a lender."""

    version: int = 0
    events: tuple[Event, ...] = ()
    stated: Mapping[str, Any] = MappingProxyType({})


class Known(NamedTuple):
    """A case with what is true of its parties."""

    file: CaseFile
    parties: Mapping[str, PartyFacts]
    case: Case
    """The case, the events of its parties among its own."""
    stopped: frozenset[str] = frozenset()
    """Of its people, those whose data the vault was found to use no more."""


def stream_of(case_id: str) -> str:
    """Name the stream of a case."""
    return f"case:{case_id}"


def party_stream(lender_id: str, party_id: str) -> str:
    """Name the stream of a party: what one lender states of it no other relies on."""
    return f"party:{lender_id}/{party_id}"


def party_streams(case: Case) -> dict[str, str]:
    """Name the stream of each party of a case."""
    return {party_id: party_stream(case.lender.id, party_id) for party_id in case.parties}


def read_case(
    read: Read,
    case_id: str,
    known: Known | None = None,
    stood: Mapping[str, PartyFacts] = MappingProxyType({}),
) -> Known:
    """Read a case and what is true of its parties, going on from what is known.

    Args:
        read: Reads its stream and theirs.
        case_id: Which.
        known: What an earlier reading gave; what it holds is not read again.
        stood: Parties, by their streams, as they stood when another case was read. They are taken
            so and not read: for whoever writes by it alone, and is told where they have moved.

    Raises:
        CaseError: There is no such case.
    """
    stream = stream_of(case_id)
    parties = known.parties if known else {}
    after = {stream: known.file.version if known else 0}
    if known is not None:
        streams = party_streams(known.file.case)
        after |= {streams[party_id]: facts.version for party_id, facts in parties.items()}
    entries = read(after)
    file = fold(entries.pop(stream, []), known.file if known else None)
    if file is None:
        # Not named: what was given for an id may be a person's number.
        raise CaseError("the case", "there is no such case", "open it first")
    streams = party_streams(file.case)
    new = {party_id: name for party_id, name in streams.items() if party_id not in parties}
    if unread := [name for name in new.values() if name not in stood]:
        entries |= read(dict.fromkeys(unread, 0))
    if new:
        began = {party_id: stood.get(name, PartyFacts()) for party_id, name in new.items()}
        parties = {**parties, **began}
    if known is not None and not entries and file is known.file and not new:
        return known
    folded = {
        party_id: fold_party(entries.get(streams[party_id], []), facts)
        for party_id, facts in parties.items()
    }
    stopped = known.stopped if known else frozenset()
    return Known(file, folded, merged(file.case, folded), stopped)


def fold(entries: Iterable[Entry | Told], known: CaseFile | None = None) -> CaseFile | None:
    """Fold entries of one case, in the order of their versions.

    Returns:
        The case; None where it was never opened.

    Raises:
        CaseError: An entry is there that a case cannot begin with, or that no case has.
    """
    events: list[Event] = []
    version = 0
    for entry in entries:
        version = entry.stream_version
        try:
            body = decode(entry.body)
            if entry.kind == OPENED:
                known, events = _opened(body), []
            elif known is not None:
                known = _added(known, entry.kind, body)
                events += _events_of(entry.kind, body)
        except UNREADABLE:
            raise unreadable(entry) from None
        if known is None:
            raise CaseError(entry.stream, "its first entry does not open it", "an entry is missing")
    if known is None or version == 0:
        return known
    return known._replace(version=version, case=_with_events(known.case, events))


def unreadable(entry: Entry | Told) -> CaseError:
    """Say of an entry that nobody can read it: it was written past the program."""
    reason = f"entry {entry.stream_version} of it is none that this program writes"
    return CaseError(entry.stream, reason, "Who has the login that wrote it?")


def advance(known: Known, kind: str, body: Mapping[str, Any], version: int) -> Known:
    """Go on by an entry that was just written, without reading it back.

    Args:
        known: The case at the version before.
        kind: What was written: a decision, an outcome, an event; nothing that adds a person.
        body: The body of the entry.
        version: The version at which it was written.
    """
    events = _events_of(kind, body)
    file = _added(known.file, kind, body)
    file = file._replace(version=version, case=_with_events(file.case, events))
    return known._replace(file=file, case=_with_events(known.case, events))


def _opened(body: Mapping[str, Any]) -> CaseFile:
    case = Case(
        country=body["country"],
        country_zones=zones_of(body["country"]),
        at=0,
        lender=_noun(Lender, body["lender"]),
        people={},
        points={},
        parties={},
        debts={},
        events=(),
        complete=frozenset(body["complete"]),
        act=Act(kind=""),
        facts={},
    )
    return CaseFile(0, _with_nouns(case, body), {}, {}, {})


def _added(known: CaseFile, kind: str, body: Mapping[str, Any]) -> CaseFile:
    """Add what an entry tells, but for its events."""
    if kind == ADDED:
        case = _with_nouns(known.case, body)
        complete = case.complete | frozenset(body.get("complete", ()))
        return known._replace(case=case._replace(complete=complete))
    if kind == STATED:
        facts = {**known.stated.get(body["of"], {}), **body["facts"]}
        return known._replace(stated={**known.stated, body["of"]: facts})
    if kind == DECIDED and body["attempt"] is not None:
        if type(body["grant"]["expires_at"]) is not int:
            raise TypeError(kind)
        return known._replace(grants={**known.grants, body["decision_id"]: body})
    if kind == REPORTED:
        return known._replace(reported={**known.reported, body["grant_id"]: body})
    return known


def _events_of(kind: str, body: Mapping[str, Any]) -> list[Event]:
    """List the events an entry tells."""
    if kind == EVENT:
        return [event_of(body)]
    if kind == DECIDED and body["attempt"] is not None:
        return [event_of(body["attempt"])]
    return [event_of(one) for one in body["events"]] if kind == REPORTED else []


def _with_nouns(case: Case, body: Mapping[str, Any]) -> Case:
    told: dict[str, Any] = {
        name: {**getattr(case, name), **{row["id"]: _noun(kind, row) for row in body.get(name, [])}}
        for name, kind in _NOUNS.items()
    }
    return case._replace(**told)


def _noun(kind: type, row: Mapping[str, Any]) -> Any:
    """Build a noun; a value of another type would fail later, and then for every other case too."""
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    takes = _TAKES[kind]
    for key, value in told.items():
        if type(value) not in takes[key]:
            raise TypeError(key)
        if isinstance(value, tuple) and not all(isinstance(one, str) for one in value):
            raise TypeError(key)
        if type(value) is int and not key.endswith("_at") and abs(value) > DAY_MAX:
            raise ValueError(key)
        if type(value) is str:
            told[key] = intern(value)
    return kind(**told)


def _with_events(case: Case, events: Sequence[Event]) -> Case:
    """Put further events among those of a case, in the order a case has them.

    Raises:
        CaseError: They replace each other in a circle: only who writes past the program does that.
    """
    if not events:
        return case
    ordered = list(case.events)
    for event in events:
        # Most are the last, and are there after a look or two.
        insort(ordered, event, key=_ORDER)
    if any(event.replaces is not None for event in events) and is_circle(ordered):
        said = "events of it replace each other in a circle"
        raise CaseError("the case", said, "Who has the login that wrote them?")
    return case._replace(events=tuple(ordered))


def fold_party(entries: Iterable[Entry | Told], facts: PartyFacts) -> PartyFacts:
    """Fold the entries of one party, going on from what is known of it.

    Raises:
        CaseError: An entry is there that no party has.
    """
    for entry in entries:
        try:
            body = decode(entry.body)
            if entry.kind == EVENT:
                facts = facts._replace(events=(*facts.events, event_of(body)))
            elif entry.kind == STATED:
                facts = facts._replace(stated={**facts.stated, **body["facts"]})
        except UNREADABLE:
            raise unreadable(entry) from None
        facts = facts._replace(version=entry.stream_version)
    return facts


def merged(case: Case, parties: Mapping[str, PartyFacts]) -> Case:
    """Put what is true of parties for every case among a case's events."""
    return _with_events(case, [event for facts in parties.values() for event in facts.events])


def event_of(body: Mapping[str, Any]) -> Event:
    """Build an event from an entry's body."""
    event: Event = _noun(Event, body)
    return event


def body_of(row: NamedTuple) -> dict[str, Any]:
    """Write a row of a case as an entry's body: what is not said is left out."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in row._asdict().items()
        if value is not None and value != ()
    }
