"""A provider reports what became of a message; its own id finds the case."""

import json
from typing import Any

import httpx
import pytest
from tests.action.contact.scene import NUMBERS, Scene
from tests.action.notice.test_notice_life import begun, came, facts, opened
from tests.api.conftest import KEYS, Line, make_key
from tests.api.test_hostile import PHONE, check, count_entries
from tests.outreach.parties import KEY as DIALLERS
from tests.outreach.test_sms import SENT

from kuanxian.action.contact.outcome import Report
from kuanxian.action.contact.outcome import report as take_outcome
from kuanxian.outreach.messages import note_taken
from kuanxian.outreach.receipt import Receipt, State
from kuanxian.outreach.sign import HEADER, sign
from kuanxian.vault.secret import SecretBytes

LENDER = "l-1"


@pytest.fixture
def sent(scene: Scene) -> tuple[str, str]:
    """Have a notice accepted by a provider; give its case and the provider's id."""
    case, provider_id = opened(scene), f"m-{next(NUMBERS)}"
    accepted = {"accepted_at": scene.clock.now, "provider_id": provider_id}
    came(scene, case, begun(scene, case), "accepted", **accepted)
    scene.clock.move(60)
    return case, provider_id


def report(line: Line, told: Any, by: str = LENDER, channel: str = "sms") -> httpx.Response:
    return line.ask("POST", f"/v1/reports/{channel}", by=by, content=json.dumps(told),
                    headers={"content-type": "application/json"})  # fmt: skip


def told_of(line: Line, provider_id: str, status: str, seconds: int = 0) -> dict[str, Any]:
    at = line.scene.clock.now // 1_000 + seconds * 1_000
    return {"msgid": provider_id, "mobile": PHONE, "status": status, "time": at}


def test_a_report_of_delivery_is_taken_in_once_and_says_nothing_of_the_case(
    line: Line, scene: Scene, sent: tuple[str, str]
) -> None:
    case, provider_id = sent
    told = told_of(line, provider_id, "DELIVRD")
    assert facts(scene, case)["episode_notice_delivered"] is False
    assert report(line, told).json() == {"state": "delivered", "changed": True}
    assert facts(scene, case)["episode_notice_delivered"] is True
    before = count_entries(line)
    assert report(line, told).json() == {"state": "delivered", "changed": False}
    assert count_entries(line) == before
    written = json.dumps(line.written(f"case:{case}"))
    assert provider_id in written
    assert PHONE not in written


def test_what_was_delivered_and_taken_back_is_open_again(
    line: Line, scene: Scene, sent: tuple[str, str]
) -> None:
    case, provider_id = sent
    lost = told_of(line, provider_id, "UNDELIV", 2)
    assert report(line, lost).json() == {"state": "failed", "changed": True}
    earlier = told_of(line, provider_id, "DELIVRD", 1)
    assert report(line, earlier).json() == {"state": "failed", "changed": False}
    assert facts(scene, case)["episode_notice_delivered"] is False


def test_a_report_on_a_message_that_is_no_notice_corrects_its_outcome(
    line: Line, scene: Scene
) -> None:
    case, provider_id, at = scene.case(), f"m-{next(NUMBERS)}", scene.clock.now
    grant = scene.gate.propose(scene.sms(case)).decision_id
    take_outcome(scene.gate, case, Report(grant, "sent", at, LENDER, "o-1"))
    taken = Receipt(grant, "sms", State.ACCEPTED, at, provider_id, accepted_at=at, attempts=1)
    note_taken(scene.gate, case, taken, "o-1")
    scene.clock.move(5)
    lost = told_of(line, provider_id, "UNDELIV")
    check(report(line, lost, by="a-1"), "report-unknown")
    assert report(line, lost).json() == {"state": "failed", "changed": True}
    assert report(line, lost).json() == {"state": "failed", "changed": False}
    last = scene.gate.read(case).case.events[-1]
    assert (last.kind, last.outcome, last.replaces) == ("message", "failed", f"{grant}.0")


def test_of_anothers_message_nothing_is_known(line: Line, sent: tuple[str, str]) -> None:
    case, provider_id = sent
    before = line.written(f"case:{case}")
    check(report(line, told_of(line, provider_id, "DELIVRD"), by="a-1"), "report-unknown")
    check(report(line, told_of(line, "m-nobodys", "DELIVRD")), "report-unknown")
    assert line.written(f"case:{case}") == before
    last = line.written(f"api:{KEYS[LENDER]}")[-1]
    assert (last["code"], last["route"]) == ("report-unknown", "POST /v1/reports/{channel}")


def call_report(line: Line, grant: str, word: str, by: str = "a-1", key: Any = DIALLERS) -> Any:
    at = line.scene.clock.now
    told = {"order_id": grant, "call_id": "c-1", "outcome": word, "happened_at_us": at}
    body = json.dumps(told).encode()
    headers = {"content-type": "application/json", HEADER: sign(body, key, at // 1_000_000)}
    return line.ask("POST", "/v1/reports/voice", by=by, content=body, headers=headers)


def test_what_a_dialler_posts_becomes_the_outcome_of_its_call(line: Line, scene: Scene) -> None:
    case = scene.case()
    grant = scene.gate.propose(scene.call(case)).decision_id
    scene.clock.move(20)
    check(call_report(line, grant, "busy", key=SecretBytes(b"x" * 32)), "signature-refused")
    check(call_report(line, grant, "busy", by="a-2"), "report-unknown")
    check(call_report(line, "d-nobodys", "busy"), "report-unknown")
    assert grant not in scene.gate.read(case).file.reported
    said = call_report(line, grant, "asked_to_stop")
    assert said.json() == {"state": "unidentified", "changed": True}
    assert call_report(line, grant, "asked_to_stop").json()["changed"] is False
    check(call_report(line, grant, "busy"), "outcome-differs")
    assert not scene.gate.propose(scene.call(case)).allowed


NONE: dict[str, tuple[Any, str, str]] = {
    "a state nobody knows": ({"msgid": "m", "status": "?", "time": 1}, "sms", "report-refused"),
    "no id": ({"status": "DELIVRD", "time": 1}, "sms", "report-refused"),
    "half a character": (
        {"msgid": "\ud800", "status": "DELIVRD", "time": 1}, "sms", "report-refused"),
    "an instant that no clock shows": (
        {"msgid": "m", "status": "DELIVRD", "time": 10**30}, "sms", "report-refused"),
    "a channel that is not there": (json.loads(SENT), "fax", "route-unknown"),
    "a number for a channel": (json.loads(SENT), PHONE, "form-refused"),
    "no signature": (json.loads(SENT), "signed", "signature-refused"),
    "a list": ([json.loads(SENT)], "sms", "json-refused"),
    "an address book": (
        [{"name": f"王{n}", "phone": f"1380013800{n}"} for n in range(5)], "sms", "address-book"),
}  # fmt: skip


@pytest.mark.parametrize(("told", "channel", "code"), NONE.values(), ids=NONE.keys())
def test_what_is_no_report_is_a_problem_and_one_entry(
    line: Line, told: Any, channel: str, code: str
) -> None:
    before = count_entries(line)
    check(report(line, told, channel=channel), code)
    assert count_entries(line) == before + 1


def test_a_report_needs_a_scope_of_its_own(line: Line, scene: Scene) -> None:
    others = frozenset({"contacts:propose", "contacts:outcome", "windows:read"})
    line.keys["no-reports"] = make_key(scene, "e7" * 6, LENDER, scopes=others)
    check(report(line, json.loads(SENT), by="no-reports"), "scope-missing")
