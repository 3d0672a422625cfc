"""The gate over HTTP: what it answers, once and again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.action.contact.scene import Scene
from tests.api.conftest import KEYS, Line, call_form, make_key
from tests.vault.test_values import identity


def test_an_act_is_granted_once_and_the_same_request_gets_the_same_answer(
    line: Line, scene: Scene
) -> None:
    case = scene.case()
    first = line.propose(call_form(case), "k-1")
    assert first.status_code == 200, first.text
    assert first.json()["allowed"]
    assert first.json()["grant"]["expires_at"] == "2026-11-25T04:05:00Z"
    again = line.propose(call_form(case), "k-1")
    assert again.json()["grant"] == first.json()["grant"]
    assert again.json()["decision_id"] == first.json()["decision_id"]
    entries = line.written(f"case:{case}")
    assert sum("decision_id" in body for body in entries) == 1


def test_a_refusal_is_an_answer_with_its_rules_and_stands_in_the_journal(
    line: Line, scene: Scene
) -> None:
    case = scene.case()
    scene.clock.set("2026-11-25 23:00")
    answer = line.propose(call_form(case), "k-1").json()
    assert not answer["allowed"]
    assert answer["grant"] is None
    assert answer["reasons"][0]["rule"].startswith("cn.")
    assert line.written(f"case:{case}")[-1]["verdict"] == answer["verdict"]


def test_an_outcome_holds_and_told_again_changes_nothing(line: Line, scene: Scene) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    told = {
        "outcome": "identified", "happened_at": "2026-11-25T12:00:00+08:00",
        "officer": "officer-1", "signs": ["distress"],
    }  # fmt: skip
    first = line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told)
    assert first.status_code == 200, first.text
    assert line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told).json() == first.json()
    assert not line.propose(call_form(case), "k-2").json()["allowed"]


def test_each_of_a_batch_is_answered_for_itself(line: Line, scene: Scene) -> None:
    good, other = scene.case(), scene.case()
    contacts = [
        {"key": "b-1", **call_form(good)},
        {"key": "b-2", **call_form("case-nowhere")},
        {"key": "b-3", **call_form(other, by="a-2", collector="c-2")},
        {"key": "b-4", **call_form(other, to="p-9")},
        {"key": "b-5", **call_form(other)},
    ]
    answer = line.ask("POST", "/v1/contacts:batch", json={"contacts": contacts})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [one["key"] for one in results] == ["b-1", "b-2", "b-3", "b-4", "b-5"]
    assert [one["status"] for one in results] == [200, 404, 403, 422, 200]
    codes = [one["problem"]["code"] for one in results if "problem" in one]
    assert codes == ["case-unknown", "party-foreign", "proposal-refused"]
    assert results[4]["answer"]["allowed"]


def test_each_outcome_of_a_batch_is_taken_in_for_itself(line: Line, scene: Scene) -> None:
    case = scene.case()
    grants = [line.propose(call_form(case), f"k-{n}").json()["grant"]["grant_id"] for n in (1, 2)]
    other = call_form(scene.case(), by="a-2", collector="c-2")
    others = line.propose(other, "k-3", by="a-2").json()["grant"]["grant_id"]
    told = {"outcome": "no_answer", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1"}
    outcomes = [
        {"grant_id": grants[0], **told},
        {"grant_id": "d-" + "0" * 32, **told},
        {"grant_id": others, **told},
        {"grant_id": grants[0], **told, "outcome": "busy"},
        {"grant_id": grants[1], **told, "outcome": "read"},
        {"grant_id": grants[1], **told},
    ]
    answer = line.ask("POST", "/v1/contacts:outcomes", json={"outcomes": outcomes})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [one["grant_id"] for one in results] == [one["grant_id"] for one in outcomes]
    assert [one["status"] for one in results] == [200, 404, 404, 409, 422, 200]
    assert results[5]["case_version"] == results[0]["case_version"] + 1
    refused = line.written(f"api:{KEYS['a-1']}")[-4:]
    assert [one["code"] for one in refused] == [
        "grant-unknown", "grant-unknown", "outcome-differs", "outcome-refused",
    ]  # fmt: skip
    assert "case" not in refused[0]
    again = line.ask("POST", "/v1/contacts:outcomes", json={"outcomes": [outcomes[0]]})
    assert again.json()["results"][0]["status"] == 200


def test_a_malformed_item_loses_no_other_and_its_own_stop_is_taken_in(
    line: Line, scene: Scene
) -> None:
    said, slips = scene.case(), scene.case()
    grants = [line.propose(call_form(one), "k-1").json()["grant"]["grant_id"]
              for one in (said, slips)]  # fmt: skip
    told = {"outcome": "identified", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1"}
    outcomes: list[object] = [
        {"grant_id": "call-77", **told},
        {
            "grant_id": grants[1],
            "outcome": 7,
            "happened_at": "noon",
            "signs": ["asked_to_stop"] * 2,
        },
        "call-78",
        {"grant_id": grants[0], **told, "signs": ["asked_to_stop"]},
    ]
    answer = line.ask("POST", "/v1/contacts:outcomes", json={"outcomes": outcomes})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [422, 422, 422, 200]
    assert [one["grant_id"] for one in results] == ["", grants[1], "", grants[0]]
    details = [one["problem"]["detail"] for one in results[:3]]
    assert [one[:6] for one in details] == ["item 1", "item 2", "item 3"]
    assert results[0]["problem"]["field"] == "grant_id"
    assert details[1].endswith("it must be; taken in all the same: asked_to_stop")
    assert "call-7" not in answer.text
    assert not line.propose(call_form(said), "k-2").json()["allowed"]
    assert not line.propose(call_form(slips), "k-2").json()["allowed"]
    # Put right and told again, it is an outcome like any other.
    again = {"outcomes": [{"grant_id": grants[1], **told, "signs": ["asked_to_stop"]}]}
    assert (
        line.ask("POST", "/v1/contacts:outcomes", json=again).json()["results"][0]["status"] == 200
    )


@pytest.mark.parametrize(
    "slip",
    [
        {"outcome": 7},
        {"officer": None},
        {"happened_at": "noon"},
        {"note": "…"},
        {"seconds": 12.5},
        {"happened_at": 1_764_043_200},
        {"signs": "police_order"},
    ],
)
def test_a_stop_is_taken_in_though_the_form_of_its_outcome_is_refused(
    line: Line, scene: Scene, slip: dict[str, object]
) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    told = {"outcome": "identified", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1",
            "signs": ["police_order"]}  # fmt: skip
    answer = line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told | slip)
    assert (answer.status_code, answer.json()["code"]) == (422, "form-refused")
    assert answer.json()["detail"].endswith("; taken in all the same: police_order")
    assert not line.propose(call_form(case), "k-2").json()["allowed"]
    assert line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told).status_code == 200
    foreign = line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told | slip, by="a-2")
    assert "taken in" not in foreign.text


def test_a_malformed_items_stop_of_another_partys_grant_is_not_taken_in(
    line: Line, scene: Scene
) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    outcomes = [{"grant_id": grant, "signs": "asked_to_stop"}]
    answer = line.ask("POST", "/v1/contacts:outcomes", json={"outcomes": outcomes}, by="a-2")
    assert answer.json()["results"][0]["problem"]["code"] == "form-refused"
    assert "taken in" not in answer.text
    assert line.propose(call_form(case), "k-2").json()["allowed"]


def test_a_malformed_proposal_of_a_batch_stops_no_other(line: Line, scene: Scene) -> None:
    case = scene.case()
    contacts = [
        {"key": "9999990000000003"},
        {"key": "b-2", **call_form(case), "phone": "1"},
        {"key": "b-3", **call_form(case)},
        {"key": identity(), **call_form(case)},
    ]
    answer = line.ask("POST", "/v1/contacts:batch", json={"contacts": contacts})
    assert answer.status_code == 200, answer.text
    assert "9999990000000003" not in answer.text
    assert identity() not in answer.text
    results = answer.json()["results"]
    assert [(one["key"], one["status"]) for one in results] == [
        ("", 422),
        ("b-2", 422),
        ("b-3", 200),
        ("", 422),
    ]
    assert results[1]["problem"]["detail"] == "item 2 of the list: unknown"
    assert results[2]["answer"]["allowed"]


def test_the_journal_says_by_which_key_an_act_was_asked_and_told(line: Line, scene: Scene) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    told = {"outcome": "no_answer", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1"}
    line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told)
    decided, reported = line.written(f"case:{case}")[-2:]
    assert decided["proposal"]["asked_by"] == KEYS["a-1"]
    assert reported["asked_by"] == KEYS["a-1"]


def test_a_partys_newer_key_asks_again_for_what_the_older_one_asked(
    line: Line, scene: Scene
) -> None:
    newer = {"authorization": f"Bearer {make_key(scene, 'c5' * 6, 'a-1')}"}
    case = scene.case()
    first = line.propose(call_form(case), "k-1").json()
    grant = first["grant"]["grant_id"]
    assert line.propose(call_form(case), "k-1", headers=newer).json()["grant"] == first["grant"]
    told = {"outcome": "no_answer", "happened_at": first["decided_at"], "officer": "o-1"}
    path = f"/v1/contacts/{grant}/outcome"
    once = line.ask("POST", path, json=told)
    assert once.status_code == 200, once.text
    assert line.ask("POST", path, json=told, headers=newer).json() == once.json()


def test_sixteen_at_once_get_no_more_than_the_rules_allow(line: Line, scene: Scene) -> None:
    case = scene.case()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: line.propose(call_form(case), f"k-{n}"), range(16)))
    assert {one.status_code for one in answers} == {200}
    assert sum(one.json()["allowed"] for one in answers) == 3


def test_the_windows_of_a_week_are_told_and_the_asking_is_written(line: Line, scene: Scene) -> None:
    case = scene.case()
    asked = {"to": "p-1", "point": "pt-1", "debt": "d-1", "collector": "c-1"}
    found = line.ask("GET", f"/v1/cases/{case}/windows", params=asked)
    assert found.status_code == 200, found.text
    told = found.json()
    ways = {way["channel"]: way for way in told["ways"]}
    assert ways.keys() == {"voice_human", "voice_ai", "sms"}
    assert len(ways["voice_human"]["open"]) == 8
    assert ways["voice_human"]["open"][1] == {
        "from_at": "2026-11-26T00:00:00Z", "until_at": "2026-11-26T14:00:00Z",
    }  # fmt: skip
    night = ways["voice_human"]["shut"][0]
    assert (night["from_at"], night["until_at"]) == ("2026-11-25T14:00:00Z", "2026-11-26T00:00:00Z")
    assert [by["rule"] for by in night["by"]] == ["cn.contact.quiet_hours"]
    assert told["rules"]["cn.contact.quiet_hours"]["source"]
    assert line.written(f"api:{KEYS['a-1']}")[-1]["case"] == case


def test_the_windows_of_a_message_need_no_values_of_its_slots(line: Line, scene: Scene) -> None:
    case = scene.case()
    asked = {"to": "p-1", "point": "pt-1", "debt": "d-1", "act": "message", "channel": "sms",
             "purpose": "notice", "template": "first_overdue", "days": "1"}  # fmt: skip
    found = line.ask("GET", f"/v1/cases/{case}/windows", params=asked, by="l-1")
    assert found.status_code == 200, found.text
    assert [bool(way["open"]) for way in found.json()["ways"]] == [True]
