"""A case to start from: one made-up debtor with two loans, a contact person and two agencies."""

from typing import Any

from kuanxian.law.case import Case
from kuanxian.law.case_events import GROUPS
from kuanxian.law.case_file import case_of
from kuanxian.law.case_values import Field, read_instant
from kuanxian.law.timeline import facts_of

Json = dict[str, Any]

BASE: Json = {
    "format": "kuanxian-case-1",
    "country": "cn",
    "at": "2026-11-25T15:00:00+08:00",
    "lender": {"id": "l-1", "type": "consumer_finance"},
    "people": [
        {"id": "p-1", "role": "debtor", "origin": "contract", "zones": ["Asia/Shanghai"],
         "born_on": "1990-06-01"},
        {"id": "p-2", "role": "nominated_contact", "of": "p-1", "origin": "typed_by_debtor"},
    ],
    "points": [
        {"id": "pt-1", "person": "p-1", "kind": "mobile", "origin": "contract", "place": "mobile"},
        {"id": "pt-2", "person": "p-1", "kind": "mobile", "origin": "contract", "place": "mobile"},
        {"id": "pt-3", "person": "p-2", "kind": "mobile", "origin": "typed_by_debtor"},
    ],
    "parties": [
        {"id": "a-1", "kind": "agency", "of": "l-1"},
        {"id": "a-2", "kind": "agency", "of": "l-1"},
        {"id": "k-1", "kind": "collector", "of": "a-1"},
    ],
    "debts": [
        {"id": "d-1", "debtor": "p-1", "contract_on": "2025-11-01", "due_on": "2026-11-01"},
    ],
    "complete": list(GROUPS),
    "act": {"kind": "contact", "channel": "voice_human", "to": "p-1", "point": "pt-1",
            "purpose": "collect", "by": "l-1"},
}  # fmt: skip


def a_file(*timeline: Json, **changes: Any) -> Json:
    """Make the JSON of a case with a timeline; keys given replace those of the base."""
    return BASE | {"timeline": list(timeline)} | changes


def a_case(*timeline: Json, **changes: Any) -> Case:
    """Read such a case."""
    return case_of(a_file(*timeline, **changes), "case.json")


def facts(*timeline: Json, **changes: Any) -> Json:
    """Compute the facts of such a case."""
    return dict(facts_of(a_case(*timeline, **changes)))


def event(name: str, kind: str, at: str, known: str = "", **keys: Any) -> Json:
    """Make an event at a Shanghai time: ``11-25 09:30``, in 2026 unless it names a year."""
    return {
        "id": name, "kind": kind, "happened_at": stamp(at), "known_at": stamp(known or at), **keys
    }  # fmt: skip


def call(
    name: str, at: str, outcome: str | None = "identified", known: str = "", **keys: Any
) -> Json:
    """Make a call to the debtor's first number."""
    told = {} if outcome is None else {"outcome": outcome}
    return event(name, "call", at, known, **{"to": "p-1", "point": "pt-1"} | told | keys)


def stamp(text: str) -> str:
    """Spell an instant out: ``11-25 09:30`` is 2026-11-25T09:30:00+08:00."""
    if "T" in text:
        return text
    day, clock = text.split()
    year = "" if day.count("-") == 2 else "2026-"
    return f"{year}{day}T{clock}{':00' if clock.count(':') == 1 else ''}+08:00"


def instant(text: str) -> int:
    """Turn such a text into microseconds."""
    return read_instant(Field("instant", "", ""), stamp(text))
