"""From a granted call to the dialler and back into the case, nobody seeing a number."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.action.contact.conftest import book, lexicon, scene, stage
from tests.outreach.parties import KEY, Listener
from tests.outreach.test_dispatch import Street, sms, street

from kuanxian.action.contact import Answer
from kuanxian.base.errors import ChannelError, OutcomeError
from kuanxian.outreach import State
from kuanxian.outreach.calls import BECAME, take_call
from kuanxian.outreach.channels import CALLS, open_channels
from kuanxian.outreach.notices import Heard
from kuanxian.outreach.sign import HEADER, sign
from kuanxian.outreach.simulator.dialler import Dialler
from kuanxian.outreach.voice import CallOutcome, Outcome, VoiceChannel

__all__ = ["book", "lexicon", "scene", "stage", "street"]


@pytest.fixture
def dialler(street: Street, listener: Listener) -> Iterator[Dialler]:
    made = Dialler(listener.url, KEY, street.scene.clock)
    channel = VoiceChannel({"url": made.url}, KEY, lambda _: None)
    street.dispatch.channels = {**street.dispatch.channels, **dict.fromkeys(CALLS, channel)}
    yield made
    made.close()


def call(street: Street, case_id: str, person: str, key: str = "") -> tuple[Answer, State | None]:
    proposal = street.scene.call(case_id, to=person)
    answer, receipt = street.dispatch.send(proposal._replace(key=key or proposal.key))
    return answer, receipt.state if receipt else None


def reported(street: Street, dialler: Dialler) -> list[Heard | None]:
    """Let the dialler report every call, and take each report in."""
    street.scene.clock.move(20)
    street.listener.heard.clear()
    dialler.report()
    channel = street.dispatch.channels["voice_human"]
    assert isinstance(channel, VoiceChannel)
    gate = street.scene.gate
    return [
        take_call(gate, channel.read_outcome(one.body, one.headers[HEADER], gate.clock()), "system")
        for one in street.listener.heard
    ]


DIGITS = {"0": "identified", "1": "no_answer", "3": "dead_number", "4": "wrong_person",
          "5": "unidentified", "8": "wrong_person"}  # fmt: skip


@pytest.mark.parametrize(("digit", "outcome"), DIGITS.items())
def test_a_granted_call_is_dialled_and_its_outcome_comes_into_the_case(
    street: Street, dialler: Dialler, digit: str, outcome: str
) -> None:
    case_id, person = street.case(digit)
    answer, state = call(street, case_id, person)
    assert answer.grant is not None
    assert (state, dialler.taken, street.openings(person)) == (State.ACCEPTED, 1, 1)
    grant_id = answer.grant.grant_id
    assert grant_id not in street.scene.gate.read(case_id, None).file.reported
    assert reported(street, dialler) == [Heard(case_id, grant_id, outcome, changed=True)]
    assert reported(street, dialler) == [Heard(case_id, grant_id, outcome, changed=False)]
    told = street.scene.gate.read(case_id, None).file.reported[grant_id]["told"]
    assert told["outcome"] == outcome


@pytest.mark.parametrize(("digit", "state"), [("0", State.ACCEPTED), ("2", State.FAILED)])
def test_a_retry_is_told_what_became_of_the_first_time(
    street: Street, digit: str, state: State
) -> None:
    case_id, person = street.case(digit)
    message = sms(street, case_id, person)
    assert street.dispatch.send(message)[1] is not None
    answer, again = street.dispatch.send(message)
    assert again is not None
    assert (answer.became, again.state, again.failure) == ("used", state, "USED BEFORE")


def test_a_call_that_the_dialler_took_is_not_said_to_have_failed(
    street: Street, dialler: Dialler
) -> None:
    case_id, person = street.case("0")
    assert call(street, case_id, person, "k-1")[1] is State.ACCEPTED
    assert call(street, case_id, person, "k-1")[1] is State.UNCERTAIN
    reported(street, dialler)
    assert call(street, case_id, person, "k-1")[1] is State.ACCEPTED
    assert (dialler.taken, street.openings(person)) == (1, 1)


def test_a_stop_told_to_the_dialler_holds_before_the_next_call(
    street: Street, dialler: Dialler
) -> None:
    case_id, person = street.case("5")
    call(street, case_id, person)
    reported(street, dialler)
    answer, state = call(street, case_id, person)
    assert (answer.allowed, state) == (False, None)


def test_a_call_whose_command_is_run_again_is_dialled_once_and_stays_used(
    street: Street, dialler: Dialler
) -> None:
    case_id, person = street.case("0")
    answer, _ = call(street, case_id, person, "k-again")
    again, state = call(street, case_id, person, "k-again")
    assert again.decision_id == answer.decision_id
    assert state is not State.ACCEPTED
    assert (dialler.taken, street.openings(person)) == (1, 1)
    assert answer.decision_id not in street.scene.gate.read(case_id, None).file.reported


def test_a_dialler_that_takes_no_call_leaves_a_failed_attempt(
    street: Street, dialler: Dialler
) -> None:
    dialler.close()
    case_id, person = street.case("0")
    answer, state = call(street, case_id, person)
    assert answer.grant is not None
    assert state is State.FAILED
    told = street.scene.gate.read(case_id, None).file.reported[answer.grant.grant_id]["told"]
    assert told["outcome"] == "failed"


def test_of_a_call_that_is_nobodys_nothing_is_taken(street: Street, dialler: Dialler) -> None:
    case_id, person = street.case("0")
    answer, _ = call(street, case_id, person)
    gate, at = street.scene.gate, street.scene.clock()
    stray = CallOutcome("d-nobodys", Outcome.BUSY, at)
    assert take_call(gate, stray, "system") is None
    theirs = stray._replace(order_id=answer.decision_id)
    assert take_call(gate, theirs, "system", party="another") is None
    assert take_call(gate, theirs, "system", party="a-1") is not None
    with pytest.raises(OutcomeError, match="another outcome"):
        take_call(gate, theirs._replace(outcome=Outcome.NO_ANSWER), "system")
    assert dialler.taken == 1


@pytest.mark.parametrize("call_id", [{}, {"call_id": 7}, {"call_id": None}])
def test_a_call_is_known_by_its_order_whatever_the_dialler_calls_it(
    street: Street, dialler: Dialler, call_id: dict[str, object]
) -> None:
    case_id, person = street.case("0")
    answer, _ = call(street, case_id, person)
    gate, at = street.scene.gate, street.scene.clock.now
    told = {"order_id": answer.decision_id, "outcome": "distress", "happened_at_us": at, **call_id}
    body = json.dumps(told).encode()
    channel = street.dispatch.channels["voice_human"]
    assert isinstance(channel, VoiceChannel)
    called = channel.read_outcome(body, sign(body, KEY, at // 1_000_000), at)
    heard = take_call(gate, called, "system")
    assert heard is not None
    assert heard.changed
    assert not call(street, case_id, person)[0].allowed
    assert dialler.taken == 1


@pytest.mark.parametrize("at_us", [1.5, None, 10**30, 0])
def test_a_sign_is_taken_in_though_the_call_is_dated_as_none_can_be(
    street: Street, dialler: Dialler, at_us: object
) -> None:
    case_id, person = street.case("0")
    answer, _ = call(street, case_id, person)
    told = {"order_id": answer.decision_id, "call_id": "c-1", "outcome": "distress",
            "happened_at_us": at_us}  # fmt: skip
    body, gate = json.dumps(told).encode(), street.scene.gate
    channel = street.dispatch.channels["voice_human"]
    assert isinstance(channel, VoiceChannel)
    signed = sign(body, KEY, gate.clock() // 1_000_000)
    with pytest.raises(OutcomeError, match="taken in all the same: distress"):
        take_call(gate, channel.read_outcome(body, signed, gate.clock()), "system")
    assert not call(street, case_id, person)[0].allowed
    assert dialler.taken == 1


def test_every_word_of_a_dialler_means_something_in_a_case() -> None:
    assert set(BECAME) == set(Outcome)


def test_a_channel_file_opens_calls_with_the_key_of_a_variable(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    path.write_text('[voice]\nurl = "http://127.0.0.1:9/calls"\nkey_variable = "DIALLER_KEY"\n')
    opened = open_channels(path, {"DIALLER_KEY": "k" * 32}, lambda _: None)
    assert sorted(opened) == sorted(CALLS)
    with pytest.raises(ChannelError, match="DIALLER_KEY is not set"):
        open_channels(path, {}, lambda _: None)
    with pytest.raises(ChannelError, match="shorter than 32"):
        open_channels(path, {"DIALLER_KEY": "short"}, lambda _: None)
