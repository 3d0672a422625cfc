"""The case file: read whole, or refused with a place, a reason and what to write."""

import json
from typing import Any

import pytest
from tests.law.cases import BASE, Json, a_case, a_file, call, event

from kuanxian.base.errors import CaseFileError
from kuanxian.law.case import Act, Debt, Event, Party, Person, Point
from kuanxian.law.case_events import COMMON, GROUPS, KINDS
from kuanxian.law.case_file import read_case
from kuanxian.law.case_tables import ACT, DEBT, PARTY, PERSON, POINT
from kuanxian.law.case_values import Field, read_value, read_zone
from kuanxian.law.timeline import facts_of

REMOVE = object()


def changed(pointer: str, value: Any) -> Json:
    """Change one place of the base case with two events."""
    told = {"to": "p-1", "notice": "adverse_report", "outcome": "delivered"}
    timeline = [call("e-1", "11-25 09:00"), event("e-2", "notice", "11-20 09:00", **told)]
    consents = [{"id": "c-1", "person": "p-1", "purpose": "report", "form": "written",
                 "event": "given", "happened_at": "2025-11-01T09:00:00+08:00",
                 "known_at": "2025-11-01T09:00:00+08:00"}]  # fmt: skip
    file: Json = json.loads(json.dumps(a_file(*timeline, consents=consents)))
    *path, last = pointer.split("/")[1:]
    spot: Any = file
    for step in path:
        spot = spot[int(step)] if isinstance(spot, list) else spot[step]
    if value is REMOVE:
        del spot[last]
    elif isinstance(spot, list):
        spot[int(last)] = value
    else:
        spot[last] = value
    return file


def refusal(file: Any) -> CaseFileError:
    content = file if isinstance(file, bytes) else json.dumps(file).encode()
    with pytest.raises(CaseFileError) as error:
        read_case(content, "case.json")
    return error.value


def test_the_case_to_start_from_is_read_whole() -> None:
    case = read_case(json.dumps(changed("/about", "Made up.")).encode(), "case.json")
    assert [event.id for event in case.events] == ["c-1", "e-2", "e-1"]
    assert case.people["p-1"].born_on == 7456
    assert case.act.point == "pt-1"
    assert case.complete == set(GROUPS)


def test_the_nouns_have_the_keys_of_their_tables() -> None:
    for noun, table in (
        (Person, PERSON), (Point, POINT), (Party, PARTY), (Debt, DEBT), (Act, ACT),
    ):  # fmt: skip
        assert set(noun._fields) == set(table), noun
    keys = {key for kind in KINDS.values() for key in kind.keys} | set(COMMON)
    assert (keys - {"to"}) | {"person"} == set(Event._fields)


WRONG = {
    "a misspelt key": ("/act/chanel", "sms", "no such key", "Did you mean 'channel'?"),
    "a misspelt word": ("/act/channel", "voice_humann", "not one of its words", "'voice_human'?"),
    "a key that another kind has": ("/timeline/0/notice", "other", "no such key", ""),
    "a misspelt top key": ("/timelines", [], "no such key", "Did you mean 'timeline'?"),
    "an unknown kind of event": ("/timeline/0/kind", "phone", "not one of its words", ""),
    "a missing kind of event": ("/timeline/0/kind", REMOVE, "it is missing", "Add it."),
    "a missing instant": ("/timeline/0/known_at", REMOVE, "it is missing", "Add it."),
    "an instant without offset": (
        "/timeline/0/happened_at", "2026-11-25T09:00:00", "not an instant", "+08:00"),
    "an instant with a space": (
        "/timeline/0/happened_at", "2026-11-25 09:00:00+08:00", "not an instant", ""),
    "a leap second": ("/at", "2016-12-31T23:59:60Z", "not a day and time", ""),
    "the 30th of February": ("/at", "2026-02-30T09:00:00+08:00", "not a day and time", ""),
    "an offset of 16 hours": ("/at", "2026-02-20T09:00:00+16:00", "offset", ""),
    "a day before 1970": ("/at", "1969-12-31T23:59:59Z", "not between 1970 and 2199", ""),
    "no day": ("/people/0/born_on", "1990-6-1", "not a day", "2026-11-25"),
    "a day that never was": ("/people/0/born_on", "1990-02-29", "calendar", ""),
    "a day of another century": ("/people/0/born_on", "0990-02-20", "1900", ""),
    "a zone that is not": ("/people/0/zones/0", "Asia/Peking", "not a time zone", "IANA"),
    "a zone that leads elsewhere": ("/people/0/zones/0", "../../etc/passwd", "time zone", ""),
    "a zone that is a folder": ("/people/0/zones/0", "America", "not a time zone", ""),
    "a zone of this machine": ("/people/0/zones/0", "localtime", "not a time zone", "city"),
    "a zone of no place": ("/people/0/zones/0", "Factory", "not a time zone", "UTC"),
    "a zone by an old name": ("/people/0/zones/0", "PRC", "not a time zone", "Asia/Shanghai"),
    "a zone that is an offset": ("/people/0/zones/0", "Etc/GMT-8", "not a time zone", ""),
    "zones that are no list": ("/people/0/zones", "Asia/Shanghai", "not a list", "brackets"),
    "a zone twice": ("/people/0/zones", ["Asia/Shanghai"] * 2, "twice", ""),
    "an id that is a number": ("/people/0/id", 1, "not an id", ""),
    "an id that is a phone number": ("/points/0/id", "t-13800138000", "phone or identity", ""),
    "a phone number in groups": ("/points/0/id", "d_138-0013-8000", "phone or identity", ""),
    "a phone number with its country": ("/points/0/id", "t-86.138.0013.8000", "phone", ""),
    "an identity number in groups": ("/people/1/id", "x-110105-19491231-002X", "phone", ""),
    "an id that is an identity number": (
        "/people/1/id", "x11010519491231002X", "phone or identity", "pseudonymous"),
    "an id in Chinese": ("/people/1/id", "张三", "not an id", ""),
    "an id twice": ("/people/1/id", "p-1", "another one has this id", "its own"),
    "two events of one id": ("/timeline/1/id", "e-1", "another event has this id", ""),
    "an event with a consent's id": ("/timeline/0/id", "c-1", "another event", ""),
    "a person that is not there": ("/act/to", "p-9", "no person of this id", ""),
    "a point that is not there": ("/timeline/0/point", "pt-9", "no contact point", ""),
    "a party that is not there": ("/act/by", "a-9", "no party", ""),
    "a debt that is not there": ("/act/debt", "d-9", "no debt", ""),
    "an event that is not there": ("/timeline/1/replaces", "e-9", "no event", ""),
    "a point of somebody else": ("/act/point", "pt-3", "another person", ""),
    "an event that replaces itself": ("/timeline/1/replaces", "e-2", "circle", ""),
    "a debtor who belongs to somebody": ("/people/0/of", "p-2", "belongs to nobody", ""),
    "a person of no debtor": ("/people/1/of", "p-2", "not a debtor", ""),
    "another format": ("/format", "kuanxian-case-2", "format", "kuanxian-case-1"),
    "a country in words": ("/country", "China", "not a country", '"cn"'),
    "no act": ("/act", REMOVE, "missing", ""),
    "an act that is text": ("/act", "call", "not an object", ""),
    "people that are no list": ("/people", {"p-1": {}}, "not a list", ""),
    "a person that is text": ("/people/0", "p-1", "not an object", ""),
    "an event that is text": ("/timeline/0", "call", "not an object", ""),
    "facts that are a list": ("/facts", [], "not an object", ""),
    "a fact that is a list": ("/facts", {"threat_hits": [1]}, "not a value", ""),
    "a null": ("/act/point", None, "not an id", ""),
    "a group that is not": ("/complete/0", "phone_calls", "not one of its words", ""),
    "a remark of a novel": ("/about", "x" * 2001, "not a short text", ""),
    "a flag that is text": ("/act/reaches_others", "no", "neither true nor false", ""),
    "a count that is text": ("/act/staff_count", "2", "not a whole number", ""),
    "a count that is a flag": ("/act/staff_count", True, "not a whole number", ""),
    "a count below nothing": ("/act/staff_count", -1, "not between 0", ""),
    "too many people": ("/people", [{"id": f"p{n}", "role": "other"} for n in range(201)],
                        "more than 200 items", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_with_place_reason_and_advice(name: str) -> None:
    pointer, value, reason, advice = WRONG[name]
    error = refusal(changed(pointer, value))
    assert error.subject.startswith("case.json: /")
    shown = error.subject.partition(": ")[2]
    assert shown.startswith(pointer) or pointer.startswith(shown)
    assert reason in error.reason
    assert advice in error.advice


def test_a_computed_fact_may_not_be_stated() -> None:
    error = refusal(a_file(facts={"unreachable_days": 3}))
    assert error.subject == "case.json: /facts/unreachable_days"
    assert "computed" in error.reason


def test_no_message_repeats_what_somebody_typed_for_a_value() -> None:
    for pointer in ("/act/to", "/people/0/id", "/at", "/people/0/zones/0", "/act/channel",
                    "/country", "/format", "/people/0/born_on", "/act/staff_count"):  # fmt: skip
        assert "王小二" not in str(refusal(changed(pointer, "王小二13800138000")))


def test_the_same_event_delivered_twice_is_one_event() -> None:
    one = call("e-1", "11-25 09:00")
    assert len(a_case(one, one).events) == 1


def test_the_lender_acts_under_its_own_id() -> None:
    assert a_case(call("e-1", "11-25 09:00", by="l-1")).events[0].by == "l-1"


HOSTILE = {
    "nothing": b"",
    "a list": b"[]",
    "a number": b"1",
    "cut off": json.dumps(BASE).encode()[:-30],
    "NaN": b'{"format": NaN}',
    "infinity": b'{"format": -Infinity}',
    "a float": b'{"format": 1.5}',
    "an exponent": b'{"format": 1e400}',
    "a huge number": b'{"format": ' + b"9" * 5000 + b"}",
    "a number of 64 bits": b'{"format": 9223372036854775808}',
    "a key twice": b'{"format": 1, "format": 2}',
    "a key twice, deeper": b'{"facts": {"a": 1, "a": 1}}',
    "a lone surrogate": b'{"\\ud800": 1}',
    "a lone surrogate as a value": b'{"format": "\\ud800"}',
    "deep nesting": b'{"a":' * 100_000,
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "thirteen levels": b'{"facts": ' + b"[" * 13 + b"]" * 13 + b"}",
    "not UTF-8": b'{"format": "\xff"}',
    "UTF-16": json.dumps(BASE).encode("utf-16"),
    "NUL bytes": b"\0" * 1000,
    "eleven megabytes": b" " * 11_000_000,
    "a key of a megabyte": b'{"' + b"k" * 1_000_000 + b'": 1}',
    "a line break in a key": b'{"a\\nb": 1}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_clear_error(name: str) -> None:
    error = refusal(HOSTILE[name])
    assert error.reason
    assert len(str(error)) < 500
    assert "\n" not in str(error)
    str(error).encode()


def test_a_chain_of_twenty_thousand_corrections_is_read_and_resolved() -> None:
    chain = [call("e-0", "11-25 09:00")] + [
        call(f"e-{no}", "11-25 09:00", replaces=f"e-{no - 1}") for no in range(1, 20_000)
    ]
    assert facts_of(a_case(*chain))["effective_calls_today"] == 1
    with pytest.raises(CaseFileError, match="more than 20000"):
        a_case(*chain, call("e-20000", "11-25 09:00"))


def test_a_long_circle_of_corrections_is_refused() -> None:
    circle = [
        call(f"e-{no}", "11-25 09:00", replaces=f"e-{(no + 1) % 5_000}") for no in range(5_000)
    ]
    with pytest.raises(CaseFileError, match="circle"):
        a_case(*circle)


def test_consents_and_timeline_together_are_bounded() -> None:
    words = [
        {"id": f"c-{no}", "person": "p-1", "purpose": "report", "event": "asked",
         "happened_at": "2025-11-01T09:00:00Z", "known_at": "2025-11-01T09:00:00Z"}
        for no in range(10_001)
    ]  # fmt: skip
    calls = [call(f"e-{no}", "11-25 09:00") for no in range(10_000)]
    with pytest.raises(CaseFileError, match="more than 20000 events"):
        a_case(*calls, consents=words)


@pytest.mark.parametrize(
    "name",
    [
        "p-550e8400-e29b-41d4-a716-138001380001",
        "e-2026-11-25-1530",
        "loan-20251101-000123",
        "t-23-10",
    ],
)
def test_ids_of_days_counters_and_uuids_are_no_numbers_of_a_person(name: str) -> None:
    assert read_value(Field("id", "", ""), name) == name


def test_a_case_may_say_utc() -> None:
    assert read_zone("UTC") == "UTC"
