"""A dialler that is asked once, and believed only under its signature."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.outreach.parties import KEY, NOW, Listener, Vault, order

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Opener, State
from kuanxian.outreach.sign import HEADER, sign
from kuanxian.outreach.simulator.dialler import Dialler
from kuanxian.outreach.voice import Outcome, VoiceChannel
from kuanxian.vault.secret import SecretBytes

Pause = Callable[[int], None]


@pytest.fixture
def dialler(listener: Listener) -> Iterator[Dialler]:
    made = Dialler(listener.url, KEY, lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def channel(dialler: Dialler, pause: Pause) -> VoiceChannel:
    return VoiceChannel({"url": dialler.url, "pauses_seconds": [1]}, KEY, pause)


BECAME = {
    "0": Outcome.CONFIRMED,
    "1": Outcome.NO_ANSWER,
    "2": Outcome.BUSY,
    "3": Outcome.DEAD,
    "4": Outcome.OTHER,
    "5": Outcome.STOP,
    "6": Outcome.DISTRESS,
    "7": Outcome.DISPUTES,
    "8": Outcome.DECEASED,
}


@pytest.mark.parametrize(("digit", "outcome"), BECAME.items())
def test_a_call_comes_back_with_its_outcome(
    channel: VoiceChannel,
    dialler: Dialler,
    listener: Listener,
    opener: Opener,
    digit: str,
    outcome: Outcome,
) -> None:
    receipt = channel.send(order(f"0000000000{digit}"), opener, NOW)
    assert receipt.state is State.ACCEPTED
    assert dialler.report() == 1
    (asked,) = listener.heard
    told = channel.read_outcome(asked.body, asked.headers[HEADER], NOW)
    assert told == ("o-1", outcome, NOW)


def test_a_call_asked_for_again_is_one_call(
    channel: VoiceChannel, dialler: Dialler, opener: Opener
) -> None:
    receipts = [channel.send(order("00000000009"), opener, NOW) for _ in range(2)]
    assert dialler.taken == 1
    assert receipts[0].attempts == 2
    assert receipts[0].provider_id == receipts[1].provider_id


def test_an_expired_call_is_not_made(
    channel: VoiceChannel, dialler: Dialler, opener: Opener, vault: Vault
) -> None:
    assert channel.send(order(expires_at=NOW), opener, NOW).state is State.EXPIRED
    assert (dialler.taken, vault.opened) == (0, [])


def test_a_dialler_of_another_key_takes_no_call(
    dialler: Dialler, opener: Opener, pause: Pause
) -> None:
    other = VoiceChannel({"url": dialler.url}, SecretBytes(b"x" * 32), pause)
    receipt = other.send(order(), opener, NOW)
    assert (receipt.state, receipt.failure, dialler.taken) == (State.FAILED, "HTTP 401", 0)


def outcome(**more: Any) -> bytes:
    told = {"order_id": "o-1", "call_id": "c-1", "outcome": "busy", "happened_at_us": NOW, **more}
    return json.dumps(told).encode()


REFUSED: dict[str, tuple[bytes, str | None, str]] = {
    "no signature": (outcome(), "", "missing"),
    "a signature of another body": (outcome(), sign(b"{}", KEY, NOW // 10**6), "does not fit"),
    "a signature of another key": (
        outcome(), sign(outcome(), SecretBytes(b"x" * 32), NOW // 10**6), "does not fit"),
    "a message played again": (outcome(), sign(outcome(), KEY, NOW // 10**6 - 301), "another time"),
    "a clock far ahead": (outcome(), sign(outcome(), KEY, NOW // 10**6 + 301), "another time"),
    "an outcome nobody knows": (outcome(outcome="paid"), None, "missing or unknown"),
    "no order": (outcome(order_id=7), None, "its order is none"),
    "half a character": (outcome(order_id="\ud800"), None, "its order is none"),
    "no JSON": (b"{", None, "missing or unknown"),
    "a list": (b"[]", None, "missing or unknown"),
    "too much": (outcome(pad="x" * 20_000), None, "longer"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "header", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_outcome_is_refused(
    channel: VoiceChannel, body: bytes, header: str | None, reason: str
) -> None:
    signed = sign(body, KEY, NOW // 10**6) if header is None else header
    with pytest.raises(ChannelError, match=reason):
        channel.read_outcome(body, signed, NOW)


def test_a_short_key_is_refused(pause: Pause) -> None:
    with pytest.raises(ChannelError, match="32 bytes"):
        VoiceChannel({"url": "http://127.0.0.1:9"}, SecretBytes(b"k"), pause)


def test_a_callers_number_cannot_be_chosen(pause: Pause) -> None:
    with pytest.raises(ChannelError, match="反电信网络诈骗法"):
        VoiceChannel({"url": "http://127.0.0.1:9", "caller_id": "10086"}, KEY, pause)
