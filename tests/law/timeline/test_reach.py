"""Out of reach: evidence of failed attempts, day after day, and never a tick."""

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

HOME = {"id": "pt-5", "person": "p-1", "kind": "address", "origin": "contract"}
ONE: Json = {"points": [BASE["points"][0], BASE["points"][2], HOME]}
"""A debtor with one number."""


def tried(days: str, outcome: str = "no_answer", clock: str = "10:00") -> list[Json]:
    return [call(f"t-{day}-{clock[:2]}", f"11-{day} {clock}", outcome) for day in days.split()]


RUNS = [
    ("nothing tried", [], (0, 0, 0)),
    ("three days up to today", tried("23 24 25"), (3, 3, 1)),
    ("three days up to yesterday", tried("22 23 24"), (3, 3, 1)),
    ("a day left out", tried("22 24 25"), (2, 2, 1)),
    ("up to the day before yesterday", tried("21 22 23"), (0, 0, 0)),
    ("several a day, at two hours", tried("23 24 25") + tried("23 24", clock="18:30"), (3, 5, 2)),
    ("ten in one day are one day", [call(f"t-{n}", f"11-25 09:{n}0", "no_answer")
     for n in range(5)], (1, 5, 1)),
    ("spoken to on the first day", [call("e-1", "11-23 18:00"), *tried("23 24 25")], (2, 2, 1)),
    ("tried again on the day spoken to", [call("e-1", "11-25 08:00"), *tried("23 24 25")],
     (0, 0, 0)),
    ("somebody answered, who knows", [call("e-1", "11-24 18:00", "unidentified"),
     *tried("23 24 25")], (1, 1, 1)),
    ("an outcome nobody told", [call("e-1", "11-24 18:00", None), *tried("23 24 25")], (1, 1, 1)),
    ("a wrong person is an attempt", tried("23 24 25", "wrong_person"), (3, 3, 1)),
    ("the debtor called", [event("e-1", "inbound", "11-24 20:00", person="p-1"),
     *tried("23 24 25")], (1, 1, 1)),
    ("the debtor paid", [event("e-1", "payment", "11-24 20:00", debt="d-1"), *tried("23 24 25")],
     (1, 1, 1)),
    ("a message was read", [event("e-1", "message", "11-24 20:00", to="p-1", outcome="read"),
     *tried("23 24 25")], (1, 1, 1)),
    ("a message was delivered", [event("e-1", "message", "11-24 20:00", to="p-1",
     outcome="delivered"), *tried("23 24 25")], (3, 3, 1)),
    ("visited in vain", [*tried("23 25"), event("v-1", "visit", "11-24 19:00", to="p-1",
     point="pt-5", outcome="absent")], (3, 3, 2)),
    ("visited nobody knows where", [*tried("23 25"), event("v-1", "visit", "11-24 19:00", to="p-1",
     outcome="absent")], (1, 1, 1)),
    ("met at a visit", [*tried("23 24 25"), event("v-1", "visit", "11-24 19:00", to="p-1",
     outcome="met")], (1, 1, 1)),
    ("only the contact person was called", [call("e-1", "11-25 09:00", "busy", to="p-2",
     point="pt-3")], (0, 0, 0)),
    ("tried at the contact person's number", [one | {"point": "pt-3"} for one in tried("23 24 25")],
     (0, 0, 0)),
    ("tried at nobody knows which number",
     [{key: value for key, value in one.items() if key != "point"} for one in tried("23 24 25")],
     (0, 0, 0)),
    ("rung at an address", [one | {"point": "pt-5"} for one in tried("23 24 25")], (0, 0, 0)),
    ("declined every day", tried("23 24 25", "rejected"), (0, 0, 0)),
    ("busy every day", tried("23 24 25", "busy"), (0, 0, 0)),
    ("declined once", [*tried("23 24 25"), call("e-1", "11-23 18:00", "rejected")], (2, 2, 1)),
    ("busy in the night", [*tried("23 24 25"), call("e-1", "11-23 23:00", "busy")], (2, 2, 1)),
    ("never placed", tried("23 24 25", "failed"), (0, 0, 0)),
    ("not placed on one day of three", [*tried("23 25"), *tried("24", "failed")], (1, 1, 1)),
    ("not placed besides", [*tried("23 24 25"), *tried("23 24 25", "failed", "18:00")],
     (3, 3, 1)),
    ("an outcome unknown every day", tried("23 24 25", "unknown"), (0, 0, 0)),
    ("tried in the night only", tried("23 24 25", clock="22:00"), (0, 0, 0)),
    ("tried before eight only", tried("23 24 25", clock="07:59"), (0, 0, 0)),
    ("first and last minute of the day", tried("24", clock="08:00") + tried("25", clock="08:00")
     + tried("24", clock="21:59"), (2, 3, 2)),
    ("visited in the night", [*tried("23 25"), event("v-1", "visit", "11-24 22:30", to="p-1",
     outcome="absent")], (1, 1, 1)),
    ("a day that was retracted", [*tried("23 24 25"), event("e-1", "retraction", "11-25 11:00",
     replaces="t-24-10")], (1, 1, 1)),
    ("a sign that came to light late", [*tried("23 24 25"), event("e-1", "inbound", "11-24 20:00",
     known="11-25 16:00", person="p-1")], (3, 3, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "run"), [row[1:] for row in RUNS],
                         ids=[str(row[0]) for row in RUNS])  # fmt: skip
def test_days_attempts_and_hours_out_of_reach(
    timeline: list[Json], run: tuple[int, int, int]
) -> None:
    told = facts(*timeline, **ONE)
    found = told["unreachable_days"], told["unreachable_attempts"], told["unreachable_hours"]
    assert found == run


DOINGS: list[tuple[str, Json, bool]] = [
    ("complaint", {"person": "p-1", "step": "received"}, True),
    ("complaint", {"person": "p-1", "step": "answered"}, False),
    ("complaint", {"person": "p-2", "step": "received"}, False),
    ("stop", {"person": "p-1", "step": "asked"}, True),
    ("preference", {"person": "p-1", "step": "asked", "only": ["letter"]}, True),
    ("dispute", {"person": "p-1", "step": "received", "topic": "record"}, True),
    ("dispute", {"person": "p-1", "step": "marked"}, False),
    ("statement", {"person": "p-1", "step": "made"}, True),
    ("consent", {"person": "p-1", "purpose": "query", "step": "given"}, True),
    ("consent", {"person": "p-1", "purpose": "query", "step": "asked"}, False),
    ("plan", {"debt": "d-1", "step": "asked"}, True),
    ("plan", {"debt": "d-1", "step": "agreed"}, True),
    ("plan", {"debt": "d-1", "step": "offered"}, False),
    ("mediation", {"step": "agreed"}, True),
    ("interruption", {"debt": "d-1", "topic": "acknowledgement"}, True),
    ("interruption", {"debt": "d-1"}, True),
    ("interruption", {"debt": "d-1", "topic": "other"}, True),
    ("interruption", {"debt": "d-1", "topic": "demand"}, False),
    ("interruption", {"debt": "d-1", "topic": "suit"}, False),
    ("call", {"to": "p-2", "point": "pt-1", "outcome": "identified"}, True),
    ("call", {"to": "p-2", "point": "pt-1", "outcome": "wrong_person"}, False),
    ("call", {"to": "p-2", "point": "pt-3", "outcome": "identified"}, False),
    ("message", {"to": "p-2", "point": "pt-1", "outcome": "read"}, True),
    ("notice", {"to": "p-2", "point": "pt-1", "notice": "other", "outcome": "read"}, True),
    ("inbound", {"person": "p-2", "point": "pt-1"}, True),
    ("inbound", {"person": "p-2", "point": "pt-3"}, False),
    ("state", {"person": "p-1", "step": "alive"}, True),
    ("signal", {"person": "p-1", "topic": "hardship", "step": "seen"}, True),
    ("notice", {"to": "p-1", "notice": "other", "outcome": "read"}, True),
    ("notice", {"to": "p-1", "notice": "other", "outcome": "delivered"}, False),
    ("settlement", {"debt": "d-1"}, True),
    ("overdue", {"debt": "d-1", "step": "cured"}, True),
    ("overdue", {"debt": "d-1", "step": "began"}, False),
]


@pytest.mark.parametrize(("kind", "keys", "is_sign"), DOINGS,
                         ids=[f"{no} {row[0]}" for no, row in enumerate(DOINGS)])  # fmt: skip
def test_who_did_something_today_is_in_reach(kind: str, keys: Json, is_sign: bool) -> None:
    told = facts(*tried("23 24 25"), event("s-1", kind, "11-25 14:00", **keys), **ONE)
    assert told["unreachable_days"] == (0 if is_sign else 3)


NUMBERS = [
    ("never dialled", [], {}, 0),
    ("dialled in vain too", [call("o-1", "11-25 11:00", "no_answer", point="pt-2")], {}, 3),
    ("dialled before those days", [call("o-1", "11-21 11:00", "no_answer", point="pt-2")], {}, 0),
    ("found dead before", [call("o-1", "11-01 11:00", "dead_number", point="pt-2")], {}, 3),
    ("found a stranger's", [call("o-1", "11-01 11:00", "wrong_person", point="pt-2")], {}, 3),
    (
        "a stranger there, asked for the contact",
        [call("o-1", "11-01 11:00", "wrong_person", to="p-2", point="pt-2")],
        {},
        0,
    ),
    (
        "a text came back from there",
        [event("o-1", "message", "11-01 11:00", to="p-1", point="pt-2", outcome="bounced")],
        {},
        0,
    ),
    (
        "of an origin nobody knows, dialled",
        [call("o-1", "11-25 11:00", "no_answer", point="pt-2")],
        {"origin": None},
        0,
    ),
    ("bought, so that nobody may dial it", [], {"origin": "purchased"}, 3),
]


@pytest.mark.parametrize(("timeline", "keys", "days"), [row[1:] for row in NUMBERS],
                         ids=[str(row[0]) for row in NUMBERS])  # fmt: skip
def test_nobody_is_out_of_reach_while_a_second_number_was_not_tried(
    timeline: list[Json], keys: Json, days: int
) -> None:
    second = {key: value for key, value in (BASE["points"][1] | keys).items() if value is not None}
    points = [BASE["points"][0], second, BASE["points"][2]]
    assert facts(*tried("23 24 25"), *timeline, points=points)["unreachable_days"] == days


def test_what_was_tried_at_a_number_that_was_bought_is_no_attempt() -> None:
    points = [ONE["points"][0] | {"origin": "purchased"}]
    assert facts(*tried("23 24 25"), points=points)["unreachable_days"] == 0


def test_where_the_hours_of_the_day_are_not_known_no_attempt_is_evidence() -> None:
    assert facts(*tried("23 24 25"), country="us")["unreachable_days"] == 0


def test_an_attempt_in_the_night_of_one_zone_that_may_be_theirs_is_none() -> None:
    told = facts(
        *tried("23 24 25", clock="09:30"),
        people=[
            {"id": "p-1", "role": "debtor", "zones": ["Asia/Shanghai", "Asia/Urumqi"]},
            {"id": "p-2", "role": "nominated_contact", "of": "p-1"},
        ],
    )
    assert told["unreachable_days"] == 0


def test_the_days_run_over_the_end_of_a_leap_february() -> None:
    made = [
        call(f"t-{day}", f"2028-{day} 10:00", "no_answer") for day in ("02-28", "02-29", "03-01")
    ]
    assert facts(*made, at=stamp("2028-03-01 12:00"), **ONE)["unreachable_days"] == 3


@pytest.mark.parametrize("group", ["points", "calls", "messages", "visits", "inbound", "payments"])
def test_evidence_from_a_timeline_that_may_lack_a_sign_is_none(group: str) -> None:
    groups = {"calls", "messages", "visits", "inbound", "payments"} - {group}
    told = facts(*tried("23 24 25"), complete=sorted(groups))
    assert told["unreachable_days"] is None
    assert told["unreachable_attempts"] is None
    assert told["unreachable_hours"] is None


def dead(point: str, at: str = "11-24 10:00", outcome: str = "dead_number") -> Json:
    return call(f"x-{point}-{at[3:5]}-{outcome}", at, outcome, point=point)


DEAD = [
    ("no call", [], None, False),
    ("one of two numbers", [dead("pt-1")], None, False),
    ("both numbers", [dead("pt-1"), dead("pt-2")], None, True),
    ("one rang again later", [dead("pt-1"), dead("pt-2"), dead("pt-1", "11-25 10:00", "busy")],
     None, False),
    ("one rang before", [dead("pt-1", "11-20 10:00", "busy"), dead("pt-1"), dead("pt-2")], None,
     True),
    ("switched off is not dead", [dead("pt-1"), dead("pt-2", outcome="powered_off")], None, False),
    ("one found dead in the night only", [dead("pt-1"), dead("pt-2", "11-24 23:00")], None, False),
    ("found dead again in the night", [dead("pt-1"), dead("pt-2"), dead("pt-1", "11-23 23:00")],
     None, True),
    ("numbers may be missing", [dead("pt-1"), dead("pt-2")], ["calls"], None),
    ("calls may be missing", [dead("pt-1")], ["points"], None),
    ("calls may be missing but it rang", [dead("pt-1", outcome="identified")], ["points"], False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "complete", "proven"), [row[1:] for row in DEAD],
                         ids=[str(row[0]) for row in DEAD])  # fmt: skip
def test_a_dead_number_is_proven_by_the_carriers_answer_for_each(
    timeline: list[Json], complete: list[str] | None, proven: bool | None
) -> None:
    changes = {} if complete is None else {"complete": complete}
    assert facts(*timeline, **changes)["dead_number_proven"] is proven


def test_a_point_of_unknown_kind_may_be_a_number_that_nobody_tried() -> None:
    points = [*BASE["points"], {"id": "pt-9", "person": "p-1"}]
    assert facts(dead("pt-1"), dead("pt-2"), points=points)["dead_number_proven"] is False
    points[-1]["kind"] = "email"
    assert facts(dead("pt-1"), dead("pt-2"), points=points)["dead_number_proven"] is True


SIGNS = [
    event("s-1", "inbound", "11-24 10:00", person="p-1", channel="in_app"),
    event("s-1", "payment", "11-25 09:00", debt="d-1"),
    event("s-1", "message", "11-25 09:00", to="p-1", channel="im", outcome="read"),
]


@pytest.mark.parametrize("sign", SIGNS, ids=[str(sign["kind"]) for sign in SIGNS])
def test_a_debtor_who_showed_since_is_in_reach_whatever_the_numbers_say(sign: Json) -> None:
    found = [dead("pt-1"), dead("pt-2")]
    assert facts(*found, sign)["dead_number_proven"] is False
    assert (
        facts(
            *found, sign | {"happened_at": stamp("11-24 09:59"), "known_at": stamp("11-25 09:00")}
        )["dead_number_proven"]
        is True
    )


@pytest.mark.parametrize("group", ["points", "calls", "messages", "visits", "inbound", "payments"])
def test_dead_numbers_prove_nothing_where_a_sign_may_be_missing(group: str) -> None:
    groups = {"points", "calls", "messages", "visits", "inbound", "payments"} - {group}
    told = facts(dead("pt-1"), dead("pt-2"), complete=sorted(groups))
    assert told["dead_number_proven"] is None


def test_a_proof_is_as_old_as_its_oldest_number() -> None:
    found = [dead("pt-1", "11-20 10:00"), dead("pt-2", "11-24 10:00")]
    assert facts(*found)["days_since_dead_number"] == 5
    assert facts(*found, dead("pt-1", "11-25 10:00"))["days_since_dead_number"] == 1
    assert facts(found[0])["days_since_dead_number"] is None


def test_a_debtor_without_a_number_proves_nothing() -> None:
    assert facts(points=[], act={"kind": "contact", "to": "p-1"})["dead_number_proven"] is False
