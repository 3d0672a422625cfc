"""What cannot be asked: a problem with its code, an entry of the key, and nothing half-done."""

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.action.contact.scene import Scene
from tests.api.conftest import KEYS, Line, call_form, make_key

from kuanxian.api import porch
from kuanxian.api.keyring import revoke_key
from kuanxian.api.problem import KINDS, MEDIA_TYPE

PHONE = "13800138000"
Act = Callable[[Line, str], httpx.Response]


def raw(data: bytes, kind: str = "application/json") -> Act:
    headers = {"content-type": kind, "idempotency-key": "k-1"}
    return lambda line, _: line.ask("POST", "/v1/contacts", content=data, headers=headers)


def form(key: str = "k-1", **more: Any) -> Act:
    return lambda line, case: line.propose(call_form(case, **more), key)


def book_of(kind: str) -> bytes:
    people = [{"name": f"王{n}", "phone": f"1380013800{n}"} for n in range(5)]
    if kind == "json":
        return json.dumps({"contacts": people}, ensure_ascii=False).encode()
    cards = (
        f"BEGIN:VCARD\r\nFN:{one['name']}\r\nTEL:{one['phone']}\r\nEND:VCARD" for one in people
    )
    return "\r\n".join(cards).encode()


BAD: dict[str, tuple[Act, str]] = {
    "an unknown case": (form(case_id="case-nowhere"), "case-unknown"),
    "a case without the key's party": (form(by="a-1", case_id="case-nowhere"), "case-unknown"),
    "a person not on the case": (form(to="p-9"), "proposal-refused"),
    "a point of somebody else": (form(point="pt-2"), "proposal-refused"),
    "another agency": (form(by="a-2", collector="c-2"), "party-foreign"),
    "the lender's name": (form(by="l-1"), "party-foreign"),
    "no idempotency key": (
        lambda line, case: line.ask("POST", "/v1/contacts", json=call_form(case)),
        "idempotency-missing",
    ),
    "two idempotency keys": (
        lambda line, case: httpx.post(
            f"{line.url}/v1/contacts", json=call_form(case), timeout=30,
            headers=[("authorization", f"Bearer {line.keys['a-1']}"),
                     ("idempotency-key", "k-1"), ("idempotency-key", "k-2")],
        ),
        "form-refused",
    ),
    "an idempotency key with a space": (form("k 1"), "idempotency-missing"),
    "an idempotency key with a number": (form(f"k-{PHONE}"), "proposal-refused"),
    "a case that is called by a number": (form(case_id=f"case-0{PHONE}"), "form-refused"),
    "bad JSON": (raw(b'{"case_id": '), "json-refused"),
    "no JSON at all": (raw(b""), "json-refused"),
    "a key twice": (raw(b'{"case_id": "a", "case_id": "b"}'), "json-refused"),
    "NaN": (raw(b'{"staff_count": NaN}'), "json-refused"),
    "a fraction": (form(staff_count=1.5), "form-refused"),
    "a number of 5,000 digits": (raw(b'{"a": ' + b"9" * 5_000 + b"}"), "json-refused"),
    "deep nesting": (raw(b'{"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}"), "json-refused"),
    "a list on top": (raw(b"[1]"), "json-refused"),
    "half a character": (raw(b'{"a": "\xff"}'), "json-refused"),
    "half a surrogate": (raw(b'{"case_id": "\\ud800"}'), "form-refused"),
    "another type": (raw(b"case_id=1", "application/x-www-form-urlencoded"), "type-refused"),
    "another charset": (raw(b"{}", "application/json; charset=gbk"), "type-refused"),
    "an address book in JSON": (raw(book_of("json")), "address-book"),
    "an address book of cards": (raw(book_of("vcard"), "text/vcard"), "address-book"),
    "an address book among our fields": (
        raw(json.dumps({**call_form("case-1"), "states": json.loads(book_of("json"))}).encode()),
        "address-book",
    ),
    "numbers in the slots": (
        form(values={f"friend_{n}": f"1380013800{n}" for n in range(5)}), "form-refused",
    ),
    "an unknown field": (form(**{f"phone{PHONE}": PHONE}), "form-refused"),
    "a number for an id": (form(to=PHONE), "form-refused"),
    "a missing field": (form(to=None), "form-refused"),
    "a flag as text": (form(states={"identity_stated": "yes"}), "form-refused"),
    "a channel nobody has": (form(channel="pigeon"), "form-refused"),
    "words of no template": (form(template="no_such"), "proposal-refused"),
    "no such route": (lambda line, _: line.ask("GET", f"/v1/{PHONE}"), "route-unknown"),
    "no such method": (lambda line, _: line.ask("PUT", "/v1/contacts"), "method-refused"),
    "no such grant": (
        lambda line, _: line.ask("POST", f"/v1/contacts/d-{'0' * 32}/outcome", json=outcome()),
        "grant-unknown",
    ),
    "a grant that is a number": (
        lambda line, _: line.ask("POST", f"/v1/contacts/{PHONE}/outcome", json=outcome()),
        "form-refused",
    ),
    "windows of an unknown case": (
        lambda line, _: line.ask("GET", "/v1/cases/case-nowhere/windows", params={"to": "p-1"}),
        "case-unknown",
    ),
    "windows of a year": (
        lambda line, case: line.ask("GET", f"/v1/cases/{case}/windows?to=p-1&days=366"),
        "form-refused",
    ),
    "no key": (lambda line, _: httpx.post(f"{line.url}/v1/contacts", json={}), "key-missing"),
    "a key in the address": (
        lambda line, _: httpx.post(f"{line.url}/v1/contacts?key={line.keys['a-1']}", json={}),
        "key-missing",
    ),
    "a wrong secret": (
        lambda line, case: line.propose(
            call_form(case), "k-1",
            headers={"authorization": f"Bearer kx_{KEYS['a-1']}_{'0' * 64}"},
        ),
        "key-refused",
    ),
}  # fmt: skip


def outcome(**more: Any) -> dict[str, Any]:
    told = {"outcome": "no_answer", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1"}
    return told | more


def check(answer: httpx.Response, code: str) -> None:
    """See that an answer is a problem, and quotes nothing."""
    assert answer.headers["content-type"] == MEDIA_TYPE, answer.text
    told = answer.json()
    assert (told["code"], told["status"]) == (code, answer.status_code), told
    assert answer.status_code == KINDS[code].status
    assert told["type"] == f"urn:kuanxian:problem:{code}"
    assert PHONE not in answer.text
    assert "kx_" not in answer.text.replace("kx_…", "")


def count_entries(line: Line) -> int:
    from sqlalchemy import text

    with line.scene.gate.app.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM journal.entry")) or 0)


@pytest.mark.parametrize(("act", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_asked_is_a_problem_and_one_entry_and_nothing_else(
    line: Line, scene: Scene, act: Act, code: str
) -> None:
    case = scene.case()
    before, case_before = count_entries(line), line.written(f"case:{case}")
    check(act(line, case), code)
    assert count_entries(line) == before + 1
    assert line.written(f"case:{case}") == case_before
    stream = "api:unknown" if code == "key-missing" else f"api:{KEYS['a-1']}"
    last = line.written(stream)[-1]
    assert last["code"] == code
    assert PHONE not in json.dumps(last)


def test_a_refused_address_book_hears_which_rule(line: Line) -> None:
    answer = raw(book_of("vcard"), "text/vcard")(line, "")
    assert "个人信息保护法 art. 6" in answer.json()["detail"]


def test_another_outcome_of_the_same_act_is_refused(line: Line, scene: Scene) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    path = f"/v1/contacts/{grant}/outcome"
    first = line.ask("POST", path, json=outcome())
    assert first.status_code == 200, first.text
    before = line.written(f"case:{case}")
    check(line.ask("POST", path, json=outcome(outcome="busy")), "outcome-differs")
    assert line.written(f"case:{case}") == before


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"outcome": "read"}, "outcome-refused"),
        ({"happened_at": "2026-11-25T12:00:00"}, "form-refused"),
        ({"happened_at": "2026-11-25T12:09:00+08:00"}, "outcome-refused"),
        ({"signs": ["paid"]}, "outcome-refused"),
        ({"by": "a-2"}, "form-refused"),
    ],
)
def test_an_outcome_that_cannot_be_changes_nothing(
    line: Line, scene: Scene, more: dict[str, Any], code: str
) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    before = line.written(f"case:{case}")
    check(line.ask("POST", f"/v1/contacts/{grant}/outcome", json=outcome(**more)), code)
    assert line.written(f"case:{case}") == before


def test_another_agencys_grant_is_none(line: Line, scene: Scene) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    path = f"/v1/contacts/{grant}/outcome"
    check(line.ask("POST", path, json=outcome(), by="a-2"), "grant-unknown")
    assert line.written(f"api:{KEYS['a-2']}")[-1]["why"] == "it was given to somebody else"
    assert line.ask("POST", path, json=outcome()).status_code == 200


def test_one_key_for_two_proposals_is_refused(line: Line, scene: Scene) -> None:
    case = scene.case()
    assert line.propose(call_form(case), "k-1").status_code == 200
    check(line.propose(call_form(case, officer="officer-2"), "k-1"), "key-reused")


def test_a_gate_whose_clock_is_off_decides_nothing(line: Line, scene: Scene) -> None:
    case = scene.case()
    before = line.written(f"case:{case}")
    scene.gate.tolerance_ms = 2_000
    check(line.propose(call_form(case), "k-1"), "clock-skew")
    assert line.written(f"case:{case}") == before


def test_a_key_does_what_its_scopes_say(line: Line, scene: Scene) -> None:
    key = make_key(scene, "c0" * 6, "a-1", scopes=frozenset({"windows:read"}))
    headers = {"authorization": f"Bearer {key}"}
    case = scene.case()
    check(line.propose(call_form(case), "k-1", headers=headers), "scope-missing")
    path = f"/v1/cases/{case}/windows?to=p-1&point=pt-1&days=1"
    assert line.ask("GET", path, headers=headers).status_code == 200


def test_windows_of_a_case_without_the_keys_party_are_not_told(line: Line, scene: Scene) -> None:
    key = make_key(scene, "c6" * 6, "a-9")
    headers = {"authorization": f"Bearer {key}"}
    answer = line.ask("GET", f"/v1/cases/{scene.case()}/windows", headers=headers)
    check(answer, "case-unknown")


def test_a_revoked_key_opens_nothing(line: Line, scene: Scene) -> None:
    key = make_key(scene, "c1" * 6, "a-1")
    headers = {"authorization": f"Bearer {key}"}
    case = scene.case()
    assert line.propose(call_form(case), "k-1", headers=headers).status_code == 200
    revoke_key(scene.gate.app, "c1" * 6, scene.clock.now, actor="system:test")
    scene.clock.move(60)
    check(line.propose(call_form(case), "k-2", headers=headers), "key-refused")


def test_who_asks_too_often_is_told_when_to_come_again(line: Line, scene: Scene) -> None:
    key = make_key(scene, "c2" * 6, "a-1", per_minute=2)
    headers = {"authorization": f"Bearer {key}"}
    case = scene.case()
    codes = [line.propose(call_form(case), "k-1", headers=headers) for _ in range(4)]
    assert [one.status_code for one in codes] == [200, 200, 429, 429]
    check(codes[2], "too-many")
    assert codes[2].headers["retry-after"] == "30"
    assert [one["code"] for one in line.written("api:" + "c2" * 6)] == ["too-many"]
    scene.clock.move(30)
    assert line.propose(call_form(case), "k-1", headers=headers).status_code == 200


def test_a_batch_larger_than_what_a_key_has_left_is_refused_whole(line: Line, scene: Scene) -> None:
    headers = {"authorization": f"Bearer {make_key(scene, 'c3' * 6, 'a-1', per_minute=2)}"}
    case = scene.case()
    forms = [{"key": f"k-{number}", **call_form(case)} for number in range(3)]
    version = scene.gate.read(case).file.version

    def ask(count: int) -> httpx.Response:
        told = {"contacts": forms[:count]}
        return line.ask("POST", "/v1/contacts:batch", json=told, headers=headers)

    refused = ask(3)
    check(refused, "too-many")
    assert int(refused.headers["retry-after"]) > 0
    assert scene.gate.read(case).file.version == version
    scene.clock.move(60)
    assert ask(2).status_code == 200
    check(ask(1), "too-many")


def test_an_address_with_a_slash_behind_it_is_nothing(line: Line) -> None:
    for method, path in (("POST", "/v1/contacts/"), ("GET", "/v1/cases/case-1/windows/")):
        check(line.ask(method, path, json={} if method == "POST" else None), "route-unknown")


def test_a_word_of_the_query_that_nobody_asked_for_is_refused(line: Line, scene: Scene) -> None:
    path = f"/v1/cases/{scene.case()}/windows"
    assert line.ask("GET", f"{path}?days=1").status_code == 200
    for query in ("day=1", "days=1&phone=1", "days=1&days=2"):
        check(line.ask("GET", f"{path}?{query}"), "form-refused")
    check(line.ask("POST", "/v1/contacts?dry_run=1", json={}), "form-refused")


def test_a_body_that_does_not_come_is_not_waited_for(
    line: Line, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(porch, "BODY_SECONDS", 0.3)
    host, port = line.url.removeprefix("http://").split(":")
    head = (
        "POST /v1/contacts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {line.keys['a-1']}\r\nidempotency-key: k-1\r\n"
        "content-length: 400\r\n\r\n{"
    )
    before = count_entries(line)
    with socket.create_connection((host, int(port)), timeout=8) as one:
        one.sendall(head.encode())
        answer = b""
        while part := one.recv(65_536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body-slow"' in answer
    assert count_entries(line) == before + 1


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_ten_megabytes_is_refused_without_being_read(
    line: Line, scene: Scene, announced: bool
) -> None:
    host, port = line.url.removeprefix("http://").split(":")
    head = (
        "POST /v1/contacts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {line.keys['a-1']}\r\nidempotency-key: k-1\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=8) as one:
        if announced:
            one.sendall(f"{head}content-length: 10485760\r\n\r\n".encode())
        else:
            chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
            one.sendall(f"{head}transfer-encoding: chunked\r\n\r\n".encode() + chunk * 3)
        # The rest is never sent, and the answer comes all the same.
        answer = b""
        while part := one.recv(65_536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body-too-large"' in answer


def test_what_is_no_http_is_a_problem_too(line: Line) -> None:
    host, port = line.url.removeprefix("http://").split(":")
    sent = f"POST /v1/contacts HTTP/1.1\r\nhost: {host}\r\nidempotency-key: \x00\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(sent.encode())
        said = b"".join(iter(lambda: raw.recv(4096), b"")).decode()
    head, _, body = said.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 400")
    assert f"content-type: {MEDIA_TYPE}" in head.lower()
    assert json.loads(body[body.index("{") : body.rindex("}") + 1])["code"] == "http-refused"
