"""Random lives: case files with every kind of event, drawn from the format's own tables.

A life is a function of its seed. Each keeps to a few kinds of events, so that they meet.
"""

import datetime
from random import Random
from typing import Any

from tests.law.cases import BASE, Json, instant

from kuanxian.law.case_events import COMMON, GROUPS, KINDS
from kuanxian.law.case_tables import ACT
from kuanxian.law.case_values import Field

IDS = {
    "people": ["p-1", "p-1", "p-1", "p-2", "p-3"],
    "points": ["pt-1", "pt-1", "pt-2", "pt-3"],
    "parties": ["a-1", "a-1", "a-1", "k-1", "k-1", "a-2", "l-1"],
    "debts": ["d-1", "d-1", "d-1", "d-2"],
}
BEGIN = instant("11-10 00:00")
DAYS = 12
HALF_HOUR_US = 1_800_000_000
THEMES = [
    ("call", "call", "message", "inbound", "visit", "payment"),
    ("call",),
    ("consent", "change"),
    ("consent",),
    ("overdue", "notice", "report", "settlement"),
    ("dispute", "statement"),
    ("dispute",),
    ("complaint",),
    ("plan", "notice", "consent", "mediation", "signal"),
    ("agency", "placement", "training", "notice"),
    ("agency",),
    ("state", "signal", "order", "stop", "preference", "call", "message"),
    ("breach", "audit", "erasure", "interruption", "payment"),
    tuple(sorted(set(KINDS) - {"retraction"})),
]
"""Kinds of events that have to do with one another."""
USES = ("report", "contact", "contact_window")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def stamp_of(at: int) -> str:
    """Spell an instant in UTC, whole seconds."""
    return (EPOCH + datetime.timedelta(microseconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ")


def an_instant(dice: Random) -> int:
    """Draw a half hour, so that instants coincide and fall on midnights."""
    return BEGIN + dice.randint(0, DAYS * 48) * HALF_HOUR_US


def value_of(field: Field, dice: Random) -> Any:
    """Draw what a field may hold, but for references to events."""
    match field.form:
        case "word":
            return dice.choice(field.values)
        case "words":
            return dice.sample(field.values, dice.randint(0, 2))
        case "ref":
            return dice.choice(IDS[field.values[0]])
        case "refs":
            return sorted({dice.choice(IDS[field.values[0]]) for _ in range(2)})
        case "flag":
            return dice.random() < 0.5
        case "count":
            return dice.randint(field.least, min(field.most, 1_439))
        case "instant":
            return stamp_of(an_instant(dice))
        case "day":
            return dice.choice(["2020-02-29", "2026-10-31", "2026-11-18", "2026-12-31"])
        case _:
            return dice.choice(["v-1", "v-2"])


def an_event(kind: str, before: list[Json], dice: Random) -> Json:
    """Draw an event; it may go on with or replace one of those before it."""
    no = len(before)
    happened_at = an_instant(dice)
    late = dice.choice([0, 0, 0, 24, 96]) * HALF_HOUR_US
    event: Json = {
        "id": f"e-{no}",
        "kind": kind,
        "happened_at": stamp_of(happened_at),
        "known_at": stamp_of(happened_at + late),
    }
    for key, field in (COMMON | KINDS[kind].keys).items():
        if key in event or not (field.need or dice.random() < 0.5):
            continue
        if field.values != ("events",):
            event[key] = value_of(field, dice)
        elif no and key != "replaces" and (field.need or key == "about" or dice.random() < 0.2):
            event[key] = f"e-{dice.randint(0, no - 1)}"
    old = [one["id"] for one in before if kind == "retraction" or is_like(one, event)]
    if old and (kind == "retraction" or dice.random() < 0.2):
        event["replaces"] = dice.choice(old)
    if kind == "consent" and dice.random() < 0.7:
        event |= {
            "purpose": dice.choice(USES),
            "step": dice.choice(["given", "withdrawn", "asked"]),
        }
    return event


def is_like(old: Json, event: Json) -> bool:
    """Say whether an event may replace an older one: it is a retraction, or alike."""
    is_same = all(old.get(key) == event.get(key) for key in ("kind", "person", "to"))
    return is_same or old["kind"] == "retraction"


def a_life(seed: int) -> Json:
    """Draw a case file."""
    dice = Random(seed)
    theme = dice.choice(THEMES)
    timeline: list[Json] = []
    for no in range(dice.randint(0, 25)):
        kind = dice.choice(theme) if no == 0 or dice.random() < 0.9 else "retraction"
        timeline.append(an_event(kind, timeline, dice))
    return BASE | {
        "at": stamp_of(BEGIN + dice.randint(DAYS * 24, DAYS * 48) * HALF_HOUR_US),
        "people": [
            BASE["people"][0] | {"zones": dice.choice(
                [[], ["Asia/Shanghai"], ["America/New_York", "Asia/Urumqi"]]
            ), "born_on": dice.choice(["2008-11-20", "1990-06-01"])},
            BASE["people"][1],
            {"id": "p-3", "role": "guarantor", "of": "p-1"},
        ],
        "debts": [*BASE["debts"], {"id": "d-2", "debtor": "p-1", "due_on": "2020-02-29"}],
        "timeline": timeline,
        "complete": dice.choice(
            [list(GROUPS), list(GROUPS), dice.sample(GROUPS, dice.randint(0, len(GROUPS)))]
        ),
        "act": an_act(dice),
        "facts": {"record_kind": dice.choice(["recording", "other"])},
    }  # fmt: skip


def an_act(dice: Random) -> Json:
    """Draw a proposed act at the debtor, and sometimes at the contact person."""
    act: Json = {"kind": dice.choice(ACT["kind"].values), "to": "p-1", "point": "pt-1"}
    act["debt"] = "d-1"
    for key in ("channel", "purpose", "by", "agency", "collector", "record", "query_purpose",
                "record_on", "debt"):  # fmt: skip
        if dice.random() < 0.7:
            act[key] = value_of(ACT[key], dice)
    if dice.random() < 0.2:
        act |= {"to": "p-2", "point": "pt-3"}
    return act
