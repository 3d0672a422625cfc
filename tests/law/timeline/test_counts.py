"""Counters of the day: everybody's calls together, doubt against the lender."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

DAY = [call("e-1", "11-25 09:00"), call("e-2", "11-25 10:00", by="a-1"), call("e-3", "11-25 11:00")]

EFFECTIVE = [
    ("no call", [], 0),
    ("three, the agency's included", DAY, 3),
    ("about another loan", [call("e-1", "11-25 09:00", debt="d-1")], 1),
    ("one a microsecond before midnight", [call("e-1", "2026-11-24T23:59:59.999999+08:00")], 0),
    ("one at midnight", [call("e-1", "11-25 00:00")], 1),
    ("one at the very instant", [call("e-1", "11-25 15:00")], 1),
    ("one a microsecond later", [call("e-1", "2026-11-25T15:00:00.000001+08:00")], 0),
    ("one not known yet", [call("e-1", "11-25 09:00", known="11-25 15:01")], 0),
    ("one known at the very instant", [call("e-1", "11-25 09:00", known="11-25 15:00")], 1),
    ("one booked late, of today", [call("e-1", "11-25 09:00", known="11-25 14:00")], 1),
    ("one known before it happened", [call("e-1", "11-25 09:00", known="11-25 08:59")], 1),
    ("no outcome told", [call("e-1", "11-25 09:00", None)], 1),
    ("outcome unknown", [call("e-1", "11-25 09:00", "unknown")], 1),
    ("somebody who did not say who", [call("e-1", "11-25 09:00", "unidentified")], 1),
    ("a machine", [call("e-1", "11-25 09:00", channel="voice_ai")], 1),
    *[(f"a {kind} spoken by {way}", [event("e-1", kind, "11-25 09:00", to="p-1", channel=way,
       outcome="delivered", **more)], count)
      for kind, more in (("message", {}), ("notice", {"notice": "other"}))
      for way, count in (("voice_ai", 1), ("voice_human", 1), ("sms", 0), ("im", 0))],
    ("a spoken message that failed", [event("e-1", "message", "11-25 09:00", to="p-1",
     channel="voice_ai", outcome="failed")], 0),
    ("a spoken message of yesterday", [event("e-1", "message", "11-24 09:00", to="p-1",
     channel="voice_ai", outcome="read")], 0),
    ("nobody answered", [call("e-1", "11-25 09:00", "no_answer")], 0),
    ("voicemail", [call("e-1", "11-25 09:00", "voicemail")], 0),
    ("a stranger who answered", [call("e-1", "11-25 09:00", "wrong_person")], 1),
    ("a contact person", [call("e-1", "11-25 09:00", to="p-2", point="pt-3")], 0),
    ("the same event twice", [DAY[0], DAY[0]], 1),
    ("out of order", DAY[::-1], 3),
    ("retracted", [*DAY, event("e-9", "retraction", "11-25 12:00", replaces="e-1")], 2),
    ("retracted, not known yet",
     [*DAY, event("e-9", "retraction", "11-25 12:00", known="11-25 15:01", replaces="e-1")], 3),
    ("corrected to unanswered", [*DAY, call("e-9", "11-25 09:00", "busy", known="11-25 12:00",
                                            replaces="e-1")], 2),
    ("corrected twice", [*DAY, call("e-8", "11-25 09:00", "busy", known="11-25 12:00",
     replaces="e-1"), call("e-9", "11-25 09:00", "no_answer", known="11-25 13:00",
     replaces="e-8")], 2),
    ("a correction retracted", [*DAY, call("e-8", "11-25 09:00", "busy", known="11-25 12:00",
     replaces="e-1"), event("e-9", "retraction", "11-25 13:00", replaces="e-8")], 3),
    ("a retraction corrected", [*DAY, event("e-8", "retraction", "11-25 12:00", replaces="e-1"),
     call("e-9", "11-25 09:05", "busy", known="11-25 13:00", replaces="e-8")], 2),
    ("replaced by two", [*DAY, call("e-8", "11-25 09:00", "busy", known="11-25 12:00",
     replaces="e-1"), call("e-9", "11-25 09:00", "unidentified", known="11-25 13:00",
     replaces="e-1")], 3),
    ("replaced by two, one retracted", [*DAY, call("e-7", "11-25 09:00", "busy",
     known="11-25 12:00", replaces="e-1"), call("e-8", "11-25 09:00", "no_answer",
     known="11-25 13:00", replaces="e-1"), event("e-9", "retraction", "11-25 14:00",
     replaces="e-8")], 2),
    ("a retraction retracted",
     [*DAY, event("e-8", "retraction", "11-25 12:00", replaces="e-1"),
      event("e-9", "retraction", "11-25 13:00", replaces="e-8")], 3),
]  # fmt: skip


def test_a_contact_person_has_a_count_of_his_or_her_own() -> None:
    to_friend = {"to": "p-2", "point": "pt-3"}
    timeline = [
        call("e-1", "11-25 09:00"), call("e-2", "11-25 09:10", **to_friend),
        call("e-3", "11-25 09:20", None, **to_friend), call("e-4", "11-24 09:20", **to_friend),
        call("e-5", "11-25 09:30", "no_answer", **to_friend),
    ]  # fmt: skip
    name = "effective_calls_to_target_today"
    assert facts(*timeline, act={"kind": "contact", **to_friend})[name] == 2
    assert facts(*timeline)[name] == 1


@pytest.mark.parametrize(("timeline", "count"), [row[1:] for row in EFFECTIVE],
                         ids=[str(row[0]) for row in EFFECTIVE])  # fmt: skip
def test_effective_calls_today(timeline: list[Json], count: int) -> None:
    assert facts(*timeline)["effective_calls_today"] == count


@pytest.mark.parametrize(
    ("role", "count"),
    [("co_borrower", 4), ("guarantor", 4), ("statutory_agent", 4), ("nominated_contact", 1)],
)
def test_who_may_be_collected_from_beside_the_debtor_has_a_limit_of_calls_too(
    role: str, count: int
) -> None:
    people = [BASE["people"][0], {"id": "p-2", "role": role, "of": "p-1"}]
    made = [call(f"e-{n}", f"11-25 09:{n}0", to="p-2", point="pt-3") for n in range(4)]
    act = {"kind": "contact", "to": "p-2", "point": "pt-3"}
    told = facts(call("e-9", "11-25 08:30"), *made, people=people, act=act)
    assert told["effective_calls_today"] == count
    assert facts(*made, people=people)["effective_calls_today"] == 0


def test_who_spoke_at_the_debtors_number_was_the_debtor_whoever_was_asked_for() -> None:
    made = [call(f"e-{n}", f"11-25 09:{n}0", to="p-2", point="pt-1") for n in range(3)]
    assert facts(*made)["effective_calls_today"] == 3


MAIL: Json = {"id": "pt-9", "person": "p-1", "kind": "email", "origin": "contract"}
UNTOLD = [
    ("a message", event("e-1", "message", "11-25 09:00", to="p-1", outcome="delivered"), None),
    ("a notice", event("e-1", "notice", "11-25 09:00", to="p-1", notice="other"), None),
    ("a message at the number", event("e-1", "message", "11-25 09:00", to="p-2", point="pt-1"),
     None),
    ("one at an address of mail", event("e-1", "message", "11-25 09:00", to="p-1", point="pt-9"),
     0),
    ("one to another", event("e-1", "message", "11-25 09:00", to="p-2", point="pt-3"), 0),
    ("one of yesterday", event("e-1", "message", "11-24 09:00", to="p-1"), 0),
    ("one that failed", event("e-1", "message", "11-25 09:00", to="p-1", outcome="failed"), 0),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "count"), [row[1:] for row in UNTOLD],
                         ids=[str(row[0]) for row in UNTOLD])  # fmt: skip
def test_what_was_sent_by_a_way_that_nobody_told_may_have_been_a_call(
    sent: Json, count: int | None
) -> None:
    points = [*BASE["points"], MAIL]
    assert facts(sent, points=points)["effective_calls_today"] == count


UNANSWERED = [
    ("no call", [], 0),
    ("busy, rejected, off", [call("e-1", "11-25 09:00", "busy"),
     call("e-2", "11-25 09:10", "rejected"), call("e-3", "11-25 09:20", "powered_off")], 3),
    ("answered", [call("e-1", "11-25 09:00")], 0),
    ("outcome unknown", [call("e-1", "11-25 09:00", "unknown")], 1),
    ("no outcome told", [call("e-1", "11-25 09:00", None)], 1),
    ("at another number of the person", [call("e-1", "11-25 09:00", "busy", point="pt-2")], 0),
    ("somebody else asked for there", [call("e-1", "11-25 09:00", "busy", to="p-2")], 1),
    ("at somebody else's", [call("e-1", "11-25 09:00", "busy", to="p-2", point="pt-3")], 0),
    ("by the agency", [call("e-1", "11-25 09:00", "busy", by="a-1")], 1),
    ("yesterday", [call("e-1", "11-24 09:00", "busy")], 0),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "count"), [row[1:] for row in UNANSWERED],
                         ids=[str(row[0]) for row in UNANSWERED])  # fmt: skip
def test_unanswered_attempts_today_at_this_very_number(timeline: list[Json], count: int) -> None:
    assert facts(*timeline)["unanswered_attempts_today"] == count


def test_no_call_reaches_a_mailbox_so_that_none_is_counted_there() -> None:
    act = BASE["act"] | {"point": "pt-9"}
    assert facts(points=[*BASE["points"], MAIL], act=act)["unanswered_attempts_today"] is None
    account = [*BASE["points"], MAIL | {"kind": "app"}]
    assert facts(points=account, act=act)["unanswered_attempts_today"] == 0


def test_a_call_at_no_point_may_have_been_one_at_this_point() -> None:
    tried = event("e-1", "call", "11-25 09:00", to="p-1", outcome="busy")
    assert facts(tried)["unanswered_attempts_today"] == 1


INFORMED = [
    ("to inform", [call("e-1", "11-25 09:00", purpose="inform")], 1),
    ("to collect", [call("e-1", "11-25 09:00", purpose="collect")], 0),
    ("nobody knows what for", [call("e-1", "11-25 09:00")], 1),
    ("not connected", [call("e-1", "11-25 09:00", "busy", purpose="inform")], 0),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "count"), [row[1:] for row in INFORMED],
                         ids=[str(row[0]) for row in INFORMED])  # fmt: skip
def test_informational_calls_today(timeline: list[Json], count: int) -> None:
    assert facts(*timeline)["informational_calls_today"] == count


COUNTERS = ("effective_calls_today", "unanswered_attempts_today", "informational_calls_today")


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize(
    "changes",
    [
        {"complete": ["consents"]},
        {"country": "xx", "people": [{"id": "p-1", "role": "debtor"}, BASE["people"][1]]},
        {"act": {"kind": "contact"}, "people": BASE["people"] + [{"id": "p-9", "role": "debtor"}]},
    ],
    ids=["a timeline that may lack calls", "no zone known", "nobody knows of which debtor"],
)
def test_a_count_that_cannot_be_told_is_unknown(counter: str, changes: Json) -> None:
    assert facts(*DAY, **changes)[counter] is None


def test_over_two_possible_zones_the_earliest_midnight_counts() -> None:
    # 01:30 in Shanghai is 23:30 of the day before in Urumqi: both days' calls may be today's.
    late: dict[str, Any] = {"at": stamp("11-25 01:30")}
    made = [call("e-1", "11-24 12:00"), call("e-2", "11-25 01:00")]
    zones = [{"id": "p-1", "role": "debtor", "zones": ["Asia/Shanghai", "Asia/Urumqi"]}]
    assert facts(*made, **late)["effective_calls_today"] == 1
    assert facts(*made, people=zones + BASE["people"][1:], **late)["effective_calls_today"] == 2


def test_both_hours_of_a_clock_change_are_of_one_day() -> None:
    people = [{"id": "p-1", "role": "debtor", "zones": ["America/New_York"]}, BASE["people"][1]]
    made = [
        call("e-1", "2026-11-01T05:30:00Z"),
        call("e-2", "2026-11-01T06:30:00Z"),
        call("e-3", "2026-11-01T03:59:59Z"),
    ]
    told = facts(*made, people=people, at="2026-11-02T04:59:59Z")
    assert told["effective_calls_today"] == 2


def placed(name: str, at: str, step: str, **keys: Any) -> Json:
    return event(name, "placement", at, debt="d-1", party="a-1", step=step, **keys)


def test_days_since_the_last_placement_ended() -> None:
    before = [placed("e-1", "10-01 09:00", "begun"), placed("e-2", "11-18 23:59", "ended")]
    assert facts(*before)["days_since_last_cycle"] == 7
    assert facts(*before, placed("e-3", "11-25 09:00", "begun"))["days_since_last_cycle"] == 7
    assert facts()["days_since_last_cycle"] == 73_000
    assert facts(*before, complete=["calls"])["days_since_last_cycle"] is None


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ({"channel": "in_app", "due": True}, 0),
        ({"channel": "in_app"}, 1),
        ({"channel": "in_app", "due": False}, 1),
        ({"channel": "in_app", "purpose": "notice"}, 1),
        ({"channel": "sms", "due": True}, 1),
        ({"channel": "app_push", "due": True}, 1),
        ({"due": True}, 1),
    ],
)
def test_a_due_notice_that_waits_in_the_app_is_no_message_to_the_person(
    told: Json, count: int
) -> None:
    made = facts(event("e-1", "message", "11-25 09:00", to="p-1", **told))
    assert made["messages_to_target_today"] == made["messages_to_target_week"] == count
