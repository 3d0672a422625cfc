"""A loan's life as entries: its contract first, then each event as it became known.

The stream ``loan:ID`` holds one ``loan.contract`` and any number of ``loan.event``. A position
is a fold over them: ``life_of`` gives back exactly what the kernel was given. A mistake is put
right by a new entry (REVERSAL, CORRECTION), never by changing an old one.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from kuanxian.base.days import NO_DAY, date_of, day_number
from kuanxian.base.errors import EntryError, JournalError
from kuanxian.journal.canonical import decode, encode
from kuanxian.journal.entry import Draft, Entry
from kuanxian.loan import Conventions, Event, Kind, Terms

CONTRACT = "loan.contract"
EVENT = "loan.event"
PLAIN = Event(0, 0, 0)
"""An event with nothing said but what must be."""


class Life(NamedTuple):
    """What the kernel needs to know of a loan."""

    terms: Terms
    conventions: Conventions
    events: list[Event]


def stream_of(loan_id: str) -> str:
    """Name a loan's stream."""
    return f"loan:{loan_id}"


def contract_draft(loan_id: str, terms: Terms, conventions: Conventions, actor: str) -> Draft:
    """Write a contract as the first entry of its stream.

    Args:
        loan_id: The lender's pseudonymous number: printable ASCII without spaces.
        terms: Its figures.
        conventions: Its settings.
        actor: Who brought it in.
    """
    body = {"terms": _words(terms._asdict()), "conventions": _words(conventions._asdict())}
    return _draft(loan_id, (CONTRACT, "contract"), terms.disbursed_on, actor, body)


def event_draft(loan_id: str, event: Event, actor: str) -> Draft:
    """Write an event as an entry; fields that say nothing are left out."""
    said = {
        name: value
        for name, value in event._asdict().items()
        if name in ("seq", "kind", "value_on") or value != getattr(PLAIN, name)
    }
    body = _words(said) | {"kind": _kind_word(event.kind)}
    known_on = event.value_on if event.recorded_on == NO_DAY else event.recorded_on
    return _draft(loan_id, (EVENT, f"event/{event.seq}"), known_on, actor, body)


def _draft(
    loan_id: str, what: tuple[str, str], known_on: int, actor: str, body: dict[str, Any]
) -> Draft:
    """Make a draft; a day of a book has no time, so it happened as the day began in UTC."""
    kind, key = what
    day = date_of(known_on)
    at = datetime.combine(day, time(), UTC)
    return Draft(stream_of(loan_id), kind, day, at, actor, encode(body), f"{loan_id}/{key}")


def _kind_word(kind: int) -> str | int:
    """Name a kind; one the kernel does not know (and refuses) keeps its number."""
    return Kind(kind).name.lower() if kind in _KINDS else kind


_KINDS = frozenset(int(kind) for kind in Kind)


def _words(fields: Mapping[str, int]) -> dict[str, Any]:
    """Write days as dates and all else as whole numbers."""
    return {name: _word(name, int(value)) for name, value in fields.items()}


def _word(name: str, value: int) -> int | str | None:
    if not name.endswith("_on"):
        return value
    return None if value == NO_DAY else date_of(value).isoformat()


def life_of(entries: Iterable[Entry]) -> Life:
    """Fold a loan's stream back into what the kernel is given.

    Args:
        entries: The stream in the order of its versions.

    Raises:
        JournalError: It does not begin with a contract, or has an entry that is no loan's.
    """
    told = list(entries)
    stream = told[0].stream if told else "the stream"
    try:
        return _fold(stream, told)
    except (EntryError, LookupError, TypeError, ValueError, AttributeError):
        raise JournalError(stream, "holds an entry that is no loan's") from None


def _fold(stream: str, entries: Iterable[Entry]) -> Life:
    contract: dict[str, Any] | None = None
    events: list[Event] = []
    for entry in entries:
        body = decode(entry.body)
        if entry.kind == CONTRACT and contract is None:
            contract = body
        elif entry.kind == EVENT and contract is not None:
            kind = body["kind"]
            named = int(Kind[kind.upper()]) if isinstance(kind, str) else int(kind)
            fields = _figures(body | {"kind": named})
            events.append(PLAIN._replace(**fields))
        else:
            raise JournalError(stream, f"{entry.kind} has no place at {entry.stream_version}")
    if contract is None:
        raise JournalError(stream, "has no contract")
    terms = Terms(**_figures(contract["terms"]))
    return Life(terms, Conventions(**_figures(contract["conventions"])), events)


def _figures(words: Mapping[str, Any]) -> dict[str, int]:
    return {name: _figure(name, value) for name, value in words.items()}


def _figure(name: str, value: Any) -> int:
    if not name.endswith("_on"):
        return int(value)
    return NO_DAY if value is None else day_number(date.fromisoformat(value))
