"""Case file: one lender's dealings with one debtor and a proposed act, as JSON.

``read_case`` turns bytes into a :class:`~kuanxian.law.case.Case` or raises one error that
names the place as a JSON pointer, what is wrong, and what to write. Nothing is guessed: a key
that the tables do not have is refused with the nearest that they do.

Source:
    The format is ours; ``docs/reference/case-file.md`` describes it and ``kuanxian law
    schema`` prints it as JSON Schema.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from kuanxian.law.case import Act, Case, Debt, Event, Lender, Party, Person, Point
from kuanxian.law.case_events import COMMON, GROUPS, KINDS
from kuanxian.law.case_links import check_links
from kuanxian.law.case_place import Place
from kuanxian.law.case_stated import Stated, read_facts
from kuanxian.law.case_tables import (
    ABOUT_MAX,
    ACT,
    EVENTS_MAX,
    FORMAT,
    LENDER,
    LISTS,
    NEEDED,
    TOP,
)
from kuanxian.law.case_text import parse_case_text
from kuanxian.law.case_values import Field, read_instant, read_value
from kuanxian.law.country import zones_of
from kuanxian.law.timeline import COMPUTED

_NOUNS: Final[dict[str, type]] = {
    "people": Person, "points": Point, "parties": Party, "debts": Debt,
}  # fmt: skip
_KIND: Final = Field("word", "", "", tuple(KINDS), need=True)
_EVENT_KEYS: Final = {kind: COMMON | {"kind": _KIND} | told.keys for kind, told in KINDS.items()}
_CONSENT_KEYS: Final = {key: field for key, field in COMMON.items() if key != "kind"} | {
    ("event" if key == "step" else key): field for key, field in KINDS["consent"].keys.items()
}
_AT: Final = Field("instant", "", "")
_COMPLETE: Final = Field("words", "", "", GROUPS, most=len(GROUPS))
_RENAMED: Final = {"to": "person", "event": "step"}
"""Keys that fill a field of another name in an event."""


def read_case(content: bytes, name: str, stated: Stated | None = None) -> Case:
    """Read a case file.

    Args:
        content: The whole file.
        name: What to call it in an error.
        stated: The facts a file may state, by name; None takes any name that no computed
            fact has.

    Raises:
        CaseFileError: It is not strict JSON, breaks the format, or contradicts itself; says
            where, as a JSON pointer.
    """
    return case_of(parse_case_text(content, name), name, stated)


def case_of(top: Mapping[str, Any], name: str, stated: Stated | None = None) -> Case:
    """Turn the parsed text of a case file into a case. As ``read_case``."""
    file = Place(name)
    _check_top(top, file)
    lists = {key: _read_list(top.get(key, []), key, file.at(key)) for key in LISTS}
    lender = _read_table(top.get("lender", {"id": "lender"}), LENDER, file.at("lender"))
    complete = file.read_field("complete", _COMPLETE, top.get("complete", []))
    case = Case(
        country=top["country"],
        country_zones=zones_of(top["country"]),
        at=file.read(lambda: read_instant(_AT, top["at"]), "at"),
        lender=Lender(**lender),
        events=_read_events(top, file),
        complete=frozenset(cast("tuple[str, ...]", complete)),
        act=Act(**_read_table(top["act"], ACT, file.at("act"))),
        facts=read_facts(top.get("facts", {}), file.at("facts"), stated, COMPUTED),
        **lists,
    )
    check_links(case, top, file)
    return case


def _check_top(top: Mapping[str, Any], file: Place) -> None:
    for key in top:
        if key not in TOP:
            raise file.unknown(key, TOP)
    for key in NEEDED:
        if key not in top:
            raise file.missing(key)
    if top["format"] != FORMAT:
        raise file.at("format").error("it is not a format known here", f'Write "{FORMAT}".')
    about = top.get("about", "")
    if not isinstance(about, str) or len(about) > ABOUT_MAX:
        raise file.at("about").error("it is not a short text", "Write some sentences, or none.")
    country = top["country"]
    if not (isinstance(country, str) and len(country) == 2 and country.isascii()
            and country.isalpha() and country.islower()):  # fmt: skip
        advice = 'Write two small letters, as in "cn".'
        raise file.at("country").error("it is not a country", advice)


def _read_list(items: object, key: str, place: Place) -> dict[str, Any]:
    """Read the people, points, parties or debts, by id."""
    fields, most = LISTS[key]
    noun = _NOUNS[key]
    nouns: dict[str, Any] = {}
    for no, item in enumerate(place.items(items, most)):
        read = noun(**_read_table(item, fields, place.at(no)))
        if read.id in nouns:
            raise place.at(no).at("id").error("another one has this id", "Give each its own.")
        nouns[read.id] = read
    return nouns


def _read_events(top: Mapping[str, Any], file: Place) -> tuple[Event, ...]:
    """Read consents and timeline into one list in the order (happened, known, id)."""
    events: dict[str, Event] = {}
    for key in ("consents", "timeline"):
        place = file.at(key)
        for no, item in enumerate(place.items(top.get(key, []), EVENTS_MAX)):
            event = _read_event(item, key, place.at(no))
            # The same event delivered twice is one event; two that differ cannot both be it.
            if events.setdefault(event.id, event) != event:
                advice = "Give it an id of its own, or let it replace the other."
                raise place.at(no).at("id").error("another event has this id", advice)
    if len(events) > EVENTS_MAX:
        raise file.at("timeline").error(
            f"there are more than {EVENTS_MAX} events", "Leave old ones out."
        )
    return tuple(
        sorted(events.values(), key=lambda event: (event.happened_at, event.known_at, event.id))
    )


def _read_event(item: object, key: str, place: Place) -> Event:
    """Read one event by the keys of its kind."""
    if key == "consents":
        return Event(kind="consent", **_read_table(item, _CONSENT_KEYS, place, _RENAMED))
    if not isinstance(item, dict):
        raise place.error("it is not an object", "Write it in braces.")
    if "kind" not in item:
        raise place.missing("kind")
    kind = place.read(lambda: read_value(_KIND, item["kind"]), "kind")
    return Event(**_read_table(item, _EVENT_KEYS[str(kind)], place, _RENAMED))


def _read_table(
    item: object,
    fields: Mapping[str, Field],
    place: Place,
    renamed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Read an object by its fields; only keys that were written."""
    if not isinstance(item, dict):
        raise place.error("it is not an object", "Write it in braces.")
    values: dict[str, Any] = {}
    for key, value in item.items():
        field = fields.get(key)
        if field is None:
            raise place.unknown(key, tuple(fields))
        values[(renamed or {}).get(key, key)] = place.read_field(key, field, value)
    for key, field in fields.items():
        if field.need and key not in item:
            raise place.missing(key)
    return values
