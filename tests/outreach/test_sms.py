"""An aggregator described by a table, tried against one that misbehaves."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.outreach.parties import NOW, Listener, Vault, order

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Handle, Opener, Receipt, State
from kuanxian.outreach.receipt import Report, update
from kuanxian.outreach.sign import sign
from kuanxian.outreach.simulator.aggregator import Aggregator
from kuanxian.outreach.simulator.server import Asked, Said, Server
from kuanxian.outreach.sms import SmsChannel, _written
from kuanxian.vault.secret import SecretBytes

Pause = Callable[[int], None]


def table(url: str, **more: Any) -> dict[str, Any]:
    return {
        "url": url,
        "pauses_seconds": [1, 5],
        "idempotent": True,
        "request": {
            "mobile": "{number}",
            "content": "{text}",
            "order_id": "{order_id}",
            "until": "{valid_until}",
        },
        "response": {"provider_id": "data.msgid", "code": "code", "accepted": ["0"]},
        "report": {
            "provider_id": "msgid",
            "state": "status",
            "at": "time",
            "form": "unix_milliseconds",
            "delivered": ["DELIVRD"],
            "failed": ["UNDELIV"],
        },
        **more,
    }


@pytest.fixture
def aggregator(listener: Listener) -> Iterator[Aggregator]:
    made = Aggregator(listener.url, lambda: NOW)
    yield made
    made.close()


def reported(channel: SmsChannel, receipt: Receipt, listener: Listener) -> Receipt:
    for asked in listener.heard:
        receipt = update(receipt, channel.read_report(json.loads(asked.body)))
    return receipt


# The last digit says how the aggregator behaves.
BEHAVES = {
    "delivers": ("0", State.ACCEPTED, 1, State.DELIVERED),
    "fails later": ("1", State.ACCEPTED, 1, State.FAILED),
    "refuses at once": ("2", State.FAILED, 1, State.FAILED),
    "reports twice": ("3", State.ACCEPTED, 1, State.DELIVERED),
    "reports out of order": ("4", State.ACCEPTED, 1, State.FAILED),
    "is busy once": ("5", State.ACCEPTED, 2, State.DELIVERED),
    "hangs up after taking it": ("6", State.ACCEPTED, 2, State.DELIVERED),
    "never reports": ("7", State.ACCEPTED, 1, State.ACCEPTED),
    "takes a delivery back": ("8", State.ACCEPTED, 1, State.FAILED),
}


@pytest.mark.parametrize(("digit", "first", "tries", "last"), BEHAVES.values(), ids=BEHAVES.keys())
def test_an_aggregator_that(
    aggregator: Aggregator,
    listener: Listener,
    opener: Opener,
    vault: Vault,
    pause: Pause,
    digit: str,
    first: State,
    tries: int,
    last: State,
) -> None:
    channel = SmsChannel(table(aggregator.url), {}, pause)
    receipt = channel.send(order(f"0000000000{digit}"), opener, NOW)
    assert (receipt.state, receipt.attempts) == (first, tries)
    aggregator.report()
    assert reported(channel, receipt, listener).state is last
    assert len(vault.opened) == 1
    assert aggregator.taken == (0 if digit == "2" else 1)


def test_an_order_sent_twice_is_one_message(
    aggregator: Aggregator, opener: Opener, pause: Pause
) -> None:
    channel = SmsChannel(table(aggregator.url), {}, pause)
    assert channel.send(order(), opener, NOW) == channel.send(order(), opener, NOW)
    assert aggregator.taken == 1


def test_nobody_asks_again_where_that_might_send_twice(
    aggregator: Aggregator, opener: Opener, pause: Pause, pauses: list[int]
) -> None:
    channel = SmsChannel(table(aggregator.url, idempotent=False), {}, pause)
    receipt = channel.send(order("00000000006"), opener, NOW)
    assert (receipt.state, receipt.attempts, pauses) == (State.UNCERTAIN, 1, [])


def test_an_expired_order_is_not_sent_and_opens_nothing(
    aggregator: Aggregator, opener: Opener, vault: Vault, pause: Pause
) -> None:
    channel = SmsChannel(table(aggregator.url), {}, pause)
    late = order(expires_at=NOW)
    assert channel.send(late, opener, NOW).state is State.EXPIRED
    assert (vault.opened, aggregator.taken) == ([], 0)


@pytest.mark.parametrize(("left_seconds", "tries"), [(21, 1), (22, 2), (46, 2), (47, 3)])
def test_no_try_begins_once_the_order_may_have_expired(
    opener: Opener, pause: Pause, left_seconds: int, tries: int
) -> None:
    # Each try may last four timeouts of five seconds; then pauses of one second and of five.
    channel = SmsChannel(table("http://127.0.0.1:9"), {}, pause)
    late = order(expires_at=NOW + left_seconds * 1_000_000)
    assert channel.send(late, opener, NOW).attempts == tries


def test_a_connection_refused_is_tried_again_and_then_a_failure(
    opener: Opener, pause: Pause, pauses: list[int]
) -> None:
    with Server(lambda _: Said(200, {})) as gone:
        url = gone.url
    receipt = SmsChannel(table(url), {}, pause).send(order(), opener, NOW)
    assert (receipt.state, receipt.failure, receipt.attempts) == (State.FAILED, "NO ANSWER", 3)
    assert pauses == [1, 5]


def test_a_redirect_is_not_followed(opener: Opener, pause: Pause, listener: Listener) -> None:
    with Server(lambda _: Said(307, {"to": listener.url})) as server:
        receipt = SmsChannel(table(server.url), {}, pause).send(order(), opener, NOW)
    assert receipt.state is State.FAILED
    assert listener.heard == []


STRANGE: dict[str, tuple[int, Any, State]] = {
    "accepted without an id": (200, {"code": "0"}, State.UNCERTAIN),
    "a list": (200, [1, 2], State.UNCERTAIN),
    "a huge answer": (200, {"code": "0", "data": {"msgid": "m" * 70_000}}, State.UNCERTAIN),
    "an id that is an object": (200, {"code": "0", "data": {"msgid": {}}}, State.UNCERTAIN),
    "a server that breaks": (500, {"code": "0", "data": {"msgid": "m"}}, State.UNCERTAIN),
    "not authorised": (401, {}, State.FAILED),
    "a code of refusal": (200, {"code": 42}, State.FAILED),
}


@pytest.mark.parametrize(("status", "body", "state"), STRANGE.values(), ids=STRANGE.keys())
def test_a_strange_answer_is_never_an_acceptance(
    opener: Opener, pause: Pause, status: int, body: Any, state: State
) -> None:
    with Server(lambda _: Said(status, body)) as server:
        receipt = SmsChannel(table(server.url), {}, pause).send(order(), opener, NOW)
    assert receipt.state is state


def test_values_are_never_taken_for_slots(opener: Opener, pause: Pause, listener: Listener) -> None:
    sealed = {"name": Handle("p", "{number}", "notice", "g-1")}
    channel = SmsChannel(table(listener.url), {}, pause)
    channel.send(order(text="您好{name}", sealed=sealed), opener, NOW)
    asked: Asked = listener.heard[0]
    assert json.loads(asked.body)["content"] == "您好{number}-made-up"


def test_a_secret_header_comes_from_the_environment(
    opener: Opener, pause: Pause, listener: Listener
) -> None:
    told = table(listener.url, headers={"authorization": "env:SMS_TOKEN"})
    SmsChannel(told, {"SMS_TOKEN": "made-up"}, pause).send(order(), opener, NOW)
    assert listener.heard[0].headers["authorization"] == "made-up"
    with pytest.raises(ChannelError, match="SMS_TOKEN is not set"):
        SmsChannel(told, {}, pause)


REPORTS: dict[str, tuple[str, Any]] = {
    "seconds": ("unix_seconds", 1_795_600_000),
    "milliseconds": ("unix_milliseconds", 1_795_600_000_000),
    "with an offset": ("iso8601", "2026-11-25T14:46:40+05:00"),
    "without an offset": ("iso8601", "2026-11-25T17:46:40"),
    "digits": ("yyyymmddhhmmss", "20261125174640"),
}


@pytest.mark.parametrize(("form", "told"), REPORTS.values(), ids=REPORTS.keys())
def test_an_instant_is_read_in_every_form(pause: Pause, form: str, told: Any) -> None:
    made = table("http://127.0.0.1:9")
    made["report"]["form"] = form
    report = SmsChannel(made, {}, pause).read_report(
        {"msgid": "m", "status": "DELIVRD", "time": told}
    )
    assert report.at == NOW


NO_REPORTS: dict[str, Any] = {
    "nothing": None,
    "no id": {"status": "DELIVRD", "time": 1},
    "a state nobody knows": {"msgid": "m", "status": "?", "time": 1},
    "no instant": {"msgid": "m", "status": "DELIVRD"},
    "an instant of words": {"msgid": "m", "status": "DELIVRD", "time": "now"},
    "an instant that no clock shows": {"msgid": "m", "status": "DELIVRD", "time": 10**30},
    "an instant without an end": {"msgid": "m", "status": "DELIVRD", "time": float("inf")},
    "an instant before all": {"msgid": "m", "status": "DELIVRD", "time": -1},
    "half a character for an id": {"msgid": "\ud800", "status": "DELIVRD", "time": 1},
    "an id without an end": {"msgid": "m" * 1_001, "status": "DELIVRD", "time": 1},
}


@pytest.mark.parametrize("body", NO_REPORTS.values(), ids=NO_REPORTS.keys())
def test_what_is_no_report_is_refused_and_not_quoted(pause: Pause, body: Any) -> None:
    with pytest.raises(ChannelError) as refused:
        SmsChannel(table("http://127.0.0.1:9"), {}, pause).read_report(body)
    assert "DELIVRD" not in str(refused.value)


SENT = b'{"msgid":"m","status":"DELIVRD","time":1795600000000}'
REPORT_KEY = "r" * 32


def signed(pause: Pause) -> SmsChannel:
    made = table("http://127.0.0.1:9")
    made["report"]["signed_by"] = "env:SMS_REPORT_KEY"
    return SmsChannel(made, {"SMS_REPORT_KEY": REPORT_KEY}, pause)


def test_a_posted_report_is_read_and_its_signature_checked_where_there_is_a_key(
    pause: Pause,
) -> None:
    wanted = Report("m", State.DELIVERED, NOW)
    good = sign(SENT, SecretBytes(REPORT_KEY.encode()), NOW // 10**6)
    assert SmsChannel(table("http://127.0.0.1:9"), {}, pause).read_posted(SENT, "", NOW) == wanted
    assert signed(pause).read_posted(SENT, good, NOW) == wanted
    for body, header in ((SENT, ""), (SENT + b" ", good), (SENT, good.replace("v1=", "v1=0"))):
        with pytest.raises(ChannelError, match="signature"):
            signed(pause).read_posted(body, header, NOW)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_posted_and_no_json_is_refused(pause: Pause, body: bytes) -> None:
    with pytest.raises(ChannelError, match="JSON"):
        SmsChannel(table("http://127.0.0.1:9"), {}, pause).read_posted(body, "", NOW)


KEYS: dict[str, tuple[str, dict[str, str], str]] = {
    "a key in the file": ("r" * 32, {}, "in no file"),
    "a key that is not set": ("env:SMS_REPORT_KEY", {}, "not set"),
    "a short key": ("env:SMS_REPORT_KEY", {"SMS_REPORT_KEY": "r" * 31}, "shorter"),
}


@pytest.mark.parametrize(("written", "environment", "reason"), KEYS.values(), ids=KEYS.keys())
def test_a_key_for_reports_comes_from_the_environment(
    pause: Pause, written: str, environment: dict[str, str], reason: str
) -> None:
    made = table("http://127.0.0.1:9")
    made["report"]["signed_by"] = written
    with pytest.raises(ChannelError, match=reason):
        SmsChannel(made, environment, pause)


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "no encryption": ({"url": "http://example.invalid/send"}, "https"),
    "a password in the address": ({"url": "https://u:p@example.invalid/"}, "password"),
    "no number in the request": ({"request": {"a": "{text}{order_id}"}}, "number"),
    "an unknown key": ({"colour": "red"}, "colour is unknown"),
    "a negative timeout": ({"timeout_seconds": -1}, "negative"),
    "a pause of a year": ({"pauses_seconds": [10**8]}, "seconds"),
    "a yes as text": ({"idempotent": "yes"}, "idempotent"),
}


@pytest.mark.parametrize(("more", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_table_is_refused(pause: Pause, more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ChannelError, match=reason):
        SmsChannel({**table("http://127.0.0.1:9"), **more}, {}, pause)


EVASIONS = ["number_pool", "rotate", "caller_id", "display_number", "private_phone", "from_numbers"]


@pytest.mark.parametrize("key", EVASIONS)
@pytest.mark.parametrize("deep", [False, True])
def test_numbers_cannot_be_rotated_changed_or_private(pause: Pause, key: str, deep: bool) -> None:
    made = table("http://127.0.0.1:9")
    (made["request"] if deep else made)[key] = "{number}"
    with pytest.raises(ChannelError, match="反电信网络诈骗法"):
        SmsChannel(made, {}, pause)


@pytest.mark.parametrize(
    ("form", "written"),
    [("iso8601", "2026-11-25T21:58:59+08:00"), ("yyyymmddhhmmss", "20261125215859"),
     ("unix_seconds", "1795615139"), ("unix_milliseconds", "1795615139999")],
)  # fmt: skip
def test_the_aggregator_is_told_until_when_it_may_deliver(
    aggregator: Aggregator, vault: Vault, form: str, written: str
) -> None:
    assert _written(1_795_615_139_999_999, form, ZoneInfo("Asia/Shanghai")) == written
    told = {**table(aggregator.url), "valid_until_form": form}
    assert SmsChannel(told, {}, lambda _: None).send(order(), vault.open, NOW).state == "accepted"
    with pytest.raises(ChannelError, match="form is unknown"):
        SmsChannel({**told, "valid_until_form": "noon"}, {}, lambda _: None)
