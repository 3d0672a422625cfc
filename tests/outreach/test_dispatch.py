"""From a grant to a receipt, on a real database, with a vault and a made-up aggregator."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import OVERDUE, Stage, book, lexicon, scene, stage
from tests.action.contact.scene import Scene, case_told
from tests.outreach.parties import Listener
from tests.outreach.test_sms import table

from kuanxian.action.contact import Proposal
from kuanxian.action.contact.file_form import file_form
from kuanxian.action.contact.record import open_case
from kuanxian.action.notice.life import Do
from kuanxian.action.notice.record import Sender, read_notices
from kuanxian.base.clocks import SKEW_US
from kuanxian.base.days import day_of
from kuanxian.base.errors import ChannelError, OutcomeError
from kuanxian.law.case import Act
from kuanxian.law.case_file import case_of
from kuanxian.loan import Position
from kuanxian.outreach import State
from kuanxian.outreach.dispatch import Dispatch
from kuanxian.outreach.inapp import InAppChannel, Laid
from kuanxian.outreach.notices import Sent, hear, send_due
from kuanxian.outreach.order import Channel
from kuanxian.outreach.receipt import Report
from kuanxian.outreach.simulator.aggregator import Aggregator
from kuanxian.outreach.sms import SmsChannel
from kuanxian.store.roles import VAULT
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.keys import HeldKeys, new_key
from kuanxian.vault.people import add_person, put_value
from kuanxian.vault.secret import SecretBytes

__all__ = ["book", "lexicon", "scene", "stage"]

NUMBERS = itertools.count(1)
LATE = OVERDUE._replace(default_since_on=day_of(2026, 11, 13))
SENDER = Sender("l-1", "system:notices")
SIGNED = "2026-01-10T12:00:00+08:00"
CONSENT = {"id": "co-1", "person": "p-1", "purpose": "report", "event": "given",
           "form": "written", "separate": True, "debt": "d-1",
           "happened_at": SIGNED, "known_at": SIGNED}  # fmt: skip
POINTS = [
    {"id": "pt-1", "person": "p-1", "kind": "mobile", "origin": "contract", "place": "mobile"},
    {"id": "pt-2", "person": "p-1", "kind": "app", "origin": "contract", "place": "mobile"},
]


@dataclass
class Street:
    """A scene with a vault, an aggregator and the borrower's own pages."""

    scene: Scene
    dispatch: Dispatch
    aggregator: Aggregator
    listener: Listener
    laid: list[Laid] = field(default_factory=list)

    def case(self, digit: str) -> tuple[str, str]:
        """Open a case of a debtor whose number makes the aggregator behave so."""
        person, case_id = f"p-s{next(NUMBERS)}", f"case-s{next(NUMBERS)}"
        add_person(self.dispatch.keeper, person)
        put_value(self.dispatch.keeper, person, "phone", f"1740500000{digit}")
        debt = self.scene.debts[case_id] = f"d-1.{next(NUMBERS)}"
        told = json.dumps({**case_told(), "points": POINTS, "consents": [CONSENT]})
        told = told.replace('"p-1"', f'"{person}"').replace('"d-1"', f'"{debt}"')
        gate = self.scene.gate
        self.scene.ledger.positions["d-1"] = LATE
        open_case(gate, case_id, json.loads(told), tenant="lender", actor="system:test")
        return case_id, person

    def run(self, case_id: str, kind: str = "report_notice") -> Sent:
        """Run the job of notices once."""
        sent = send_due(self.dispatch, case_id, self.late(case_id), SENDER)
        return next(one for one in sent if one.due.kind == kind)

    def kinds_due(self, case_id: str) -> set[str]:
        sent = send_due(self.dispatch, case_id, self.late(case_id), SENDER)
        return {one.due.kind for one in sent}

    def late(self, case_id: str) -> dict[str, Position]:
        return {self.scene.debts[case_id]: LATE}

    def reports(self, case_id: str) -> list[bool]:
        """Let the aggregator report, and take each report in."""
        self.aggregator.report()
        self.scene.clock.move(60)
        channel = self.dispatch.channels["sms"]
        assert isinstance(channel, SmsChannel)
        heard = [channel.read_report(json.loads(asked.body)) for asked in self.listener.heard]
        self.listener.heard.clear()
        found = [hear(self.scene.gate, "sms", one, "system:reports") for one in heard]
        assert {one.case_id for one in found if one} <= {case_id}
        return [one.changed for one in found if one]

    def openings(self, person: str) -> int:
        query = sa.text("SELECT count(*) FROM journal.entry WHERE stream = :s AND kind LIKE :k")
        with self.scene.gate.app.connect() as connection:
            words = {"s": f"person:lender:{person}", "k": "value.opened"}
            return int(connection.execute(query, words).scalar_one())


@pytest.fixture
def street(stage: Stage, scene: Scene, listener: Listener) -> Iterator[Street]:
    keeper = Keeper(
        "lender", stage.database.engine(VAULT), HeldKeys({"k1": new_key()}, "k1"),
        SecretBytes(bytes(32)), SecretBytes(bytes(range(32))), "system:channel",
    )  # fmt: skip
    aggregator = Aggregator(listener.url, scene.clock)
    laid: list[Laid] = []
    channels: dict[str, Channel] = {
        "sms": SmsChannel(table(aggregator.url), {}, lambda _: None),
        "in_app": InAppChannel(laid.append),
    }
    yield Street(scene, Dispatch(scene.gate, keeper, channels), aggregator, listener, laid)
    aggregator.close()
    keeper.engine.dispose()


def sms(street: Street, case_id: str, person: str, **more: Any) -> Proposal:
    return street.scene.sms(case_id, to=person, **more)


def test_a_granted_message_goes_out_and_its_outcome_is_in_the_case(street: Street) -> None:
    case_id, person = street.case("0")
    answer, receipt = street.dispatch.send(sms(street, case_id, person))
    assert answer.grant is not None
    assert receipt is not None
    assert (receipt.state, receipt.order_id) == (State.ACCEPTED, answer.grant.grant_id)
    assert street.openings(person) == 1
    reported = street.scene.gate.read(case_id, None).file.reported[answer.grant.grant_id]
    assert reported["told"]["outcome"] == "sent"
    assert reported["told"]["receipt_hash"] == receipt.hash


@pytest.mark.parametrize(
    ("digit", "outcomes"),
    [
        ("0", ["sent", "delivered"]),
        ("1", ["sent", "failed"]),
        ("8", ["sent", "delivered", "failed"]),
    ],
)
def test_what_is_reported_later_of_a_message_corrects_its_outcome(
    street: Street, digit: str, outcomes: list[str]
) -> None:
    case_id, person = street.case(digit)
    answer, receipt = street.dispatch.send(sms(street, case_id, person))
    assert answer.grant is not None
    assert receipt is not None
    assert True in street.reports(case_id)
    case = street.scene.gate.read(case_id, None).case
    told = [one for one in case.events if one.kind == "message" and one.person == person]
    assert [one.outcome for one in told] == ["unknown", *outcomes]
    assert [one.replaces for one in told] == [None, *(one.id for one in told[:-1])]
    assert {one.happened_at for one in told} == {told[0].happened_at}
    # Read back it is the same case; the same report once more, and one of before, change nothing.
    act = Act(kind="duty")
    assert case_of(file_form(case, street.scene.clock.now, act), "back").events == case.events
    again = Report(receipt.provider_id, State.DELIVERED, receipt.at)
    heard = hear(street.scene.gate, "sms", again, "system:reports", "l-1")
    assert heard is not None
    assert (heard.state, heard.changed) == (outcomes[-1], False)
    assert hear(street.scene.gate, "sms", again, "system:reports", "a-1") is None


def test_what_is_granted_at_21_58_and_sent_at_22_01_is_not_sent(street: Street) -> None:
    case_id, person = street.case("0")
    street.scene.clock.set("2026-11-25 21:58")
    proposal = sms(street, case_id, person)
    answer = street.scene.gate.propose(proposal)
    assert answer.grant is not None
    street.scene.clock.set("2026-11-25 22:01")
    receipt = street.dispatch.carry_out(proposal, answer.grant)
    assert (receipt.state, receipt.attempts) == (State.EXPIRED, 0)
    assert (street.aggregator.taken, street.openings(person)) == (0, 0)


@pytest.mark.parametrize(("hour", "state"), [("21:44", "accepted"), ("21:46", "expired")])
def test_who_is_not_told_the_end_of_the_window_is_given_nothing_shortly_before_it(
    street: Street, hour: str, state: str
) -> None:
    case_id, person = street.case("0")
    channel = street.dispatch.channels["sms"]
    assert isinstance(channel, SmsChannel)
    assert channel.says_until
    channel.says_until = False
    street.scene.clock.set(f"2026-11-25 {hour}")
    _, receipt = street.dispatch.send(sms(street, case_id, person))
    channel.says_until = True
    assert receipt is not None
    assert receipt.state == state
    assert street.openings(person) == (state == "accepted")
    _, told = street.dispatch.send(sms(street, *street.case("0")))
    assert told is not None
    assert told.state == State.ACCEPTED


def test_a_notice_goes_on_by_the_next_channel_where_a_window_is_about_to_end(
    street: Street,
) -> None:
    case_id, _ = street.case("0")
    channel = street.dispatch.channels["sms"]
    assert isinstance(channel, SmsChannel)
    channel.says_until = False
    street.scene.clock.set("2026-11-25 21:46")
    sent = street.run(case_id)
    channel.says_until = True
    assert sent.receipt is not None
    assert (sent.step.channel, sent.word) == ("in_app", "accepted")
    attempts = read_notices(street.scene.gate, case_id)[sent.due.key].attempts
    assert [(one.channel, one.state) for one in attempts] == [
        ("sms", "expired"), ("in_app", "accepted")
    ]  # fmt: skip


def test_a_delivery_dated_ahead_is_not_believed_and_a_failure_is(street: Street) -> None:
    case_id, _ = street.case("7")
    sent = street.run(case_id)
    assert sent.receipt is not None
    gate, provider_id = street.scene.gate, sent.receipt.provider_id
    ahead = street.scene.clock.now + SKEW_US + 1_000_000
    arrived = Report(provider_id, State.DELIVERED, ahead)
    with pytest.raises(OutcomeError, match="dated ahead"):
        hear(gate, "sms", arrived, "system:reports")
    near = hear(gate, "sms", arrived._replace(at=ahead - 2_000_000), "system:reports")
    assert near is not None
    assert (near.state, near.changed) == ("delivered", True)
    street.scene.clock.move(1)
    lost = hear(gate, "sms", Report(provider_id, State.FAILED, ahead * 2, "UNDELIV"), "system:r")
    assert lost is not None
    assert (lost.state, lost.changed) == ("failed", True)


def test_what_is_opened_at_21_59_and_ready_at_22_00_is_not_sent(street: Street) -> None:
    case_id, person = street.case("0")
    keeper = street.dispatch.keeper
    holder = keeper.holder

    class Slow:
        def current(self) -> str:
            return holder.current()

        def unwrap(self, *given: Any) -> Any:
            street.scene.clock.set("2026-11-25 22:00")
            return holder.unwrap(*given)

    slow = Keeper(
        keeper.tenant, keeper.engine, Slow(), SecretBytes(bytes(32)),  # type: ignore[arg-type]
        SecretBytes(bytes(range(32))), "system:channel",
    )  # fmt: skip
    street.scene.clock.set("2026-11-25 21:59")
    dispatch = Dispatch(street.scene.gate, slow, street.dispatch.channels)
    _, receipt = dispatch.send(sms(street, case_id, person))
    assert receipt is not None
    assert (receipt.state, receipt.attempts) == (State.EXPIRED, 0)
    assert street.aggregator.taken == 0


def test_a_grant_is_carried_out_once(street: Street) -> None:
    case_id, person = street.case("0")
    proposal = sms(street, case_id, person)
    answer = street.scene.gate.propose(proposal)
    assert answer.grant is not None
    assert street.dispatch.carry_out(proposal, answer.grant).state is State.ACCEPTED
    again = street.dispatch.carry_out(proposal, answer.grant)
    # It may have gone out the first time.
    assert (again.state, again.failure, again.attempts) == (State.UNCERTAIN, "USED BEFORE", 0)
    assert (street.aggregator.taken, street.openings(person)) == (1, 1)


def test_what_came_in_after_the_grant_stops_the_sending(street: Street) -> None:
    case_id, person = street.case("0")
    proposal = sms(street, case_id, person)
    answer = street.scene.gate.propose(proposal)
    assert answer.grant is not None
    street.scene.tell(case_id, {"kind": "order", "person": person, "step": "issued"})
    receipt = street.dispatch.carry_out(proposal, answer.grant)
    assert (receipt.state, receipt.failure, receipt.attempts) == (State.EXPIRED, "WITHDRAWN", 0)
    assert (street.aggregator.taken, street.openings(person)) == (0, 0)
    assert street.dispatch.send(proposal)[1] is None


def test_what_cannot_be_carried_out_opens_nothing(street: Street) -> None:
    case_id, person = street.case("0")
    proposal = sms(street, case_id, person)
    answer = street.scene.gate.propose(proposal)
    assert answer.grant is not None
    with pytest.raises(ChannelError, match="no such channel"):
        street.dispatch.carry_out(proposal._replace(channel="fax"), answer.grant)
    with pytest.raises(ChannelError, match="opening of its own"):
        street.dispatch.carry_out(proposal, answer.grant._replace(text="{person_called}您好"))
    assert street.openings(person) == 0


def test_a_channel_that_breaks_leaves_it_uncertain_and_says_no_number(street: Street) -> None:
    case_id, person = street.case("0")

    class Broken:
        name = "sms"

        def send(self, order: Any, opener: Any, at: int) -> Any:  # noqa: ARG002 - its name there
            raise RuntimeError(opener(order.to).reveal())

    broken = Dispatch(street.scene.gate, street.dispatch.keeper, {"sms": Broken()})
    _, receipt = broken.send(sms(street, case_id, person))
    assert receipt is not None
    assert (receipt.state, receipt.failure) == (State.UNCERTAIN, "NO RECEIPT")


def test_a_notice_is_delivered_and_then_no_longer_due(street: Street) -> None:
    case_id, _ = street.case("0")
    assert street.run(case_id).receipt is not None
    assert street.run(case_id).step.do is Do.WAIT
    assert True in street.reports(case_id)
    street.reports(case_id)
    assert "report_notice" not in street.kinds_due(case_id)


def test_a_notice_that_fails_later_goes_on_by_the_next_channel(street: Street) -> None:
    case_id, person = street.case("1")
    street.run(case_id)
    street.reports(case_id)
    opened = street.openings(person)
    sent = street.run(case_id)
    assert (sent.step.channel, sent.step.number) == ("in_app", 2)
    assert sent.receipt is not None
    assert sent.receipt.state is State.ACCEPTED
    assert street.openings(person) == opened


def test_a_delivery_that_is_taken_back_opens_the_notice_again(street: Street) -> None:
    case_id, _ = street.case("8")
    sent = street.run(case_id)
    street.reports(case_id)
    attempt = read_notices(street.scene.gate, case_id)[sent.due.key].attempts[0]
    assert (attempt.state, attempt.delivered_at) == ("failed", None)
    assert attempt.notice_event
    assert street.run(case_id).step.channel == "in_app"


def test_a_job_restarted_the_next_morning_does_not_send_twice(street: Street) -> None:
    case_id, _ = street.case("7")
    street.scene.clock.set("2026-11-25 21:57")
    first = street.run(case_id)
    assert first.receipt is not None
    taken = street.aggregator.taken
    for moment in ("2026-11-25 21:57", "2026-11-25 23:00", "2026-11-26 09:00"):
        street.scene.clock.set(moment)
        assert street.run(case_id).step.do is Do.WAIT
    assert street.aggregator.taken == taken
    # A day without a report: not delivered, so the next channel.
    street.scene.clock.set("2026-11-26 21:58")
    assert street.run(case_id).step.channel == "in_app"


def test_at_night_nothing_is_sent_and_the_morning_tries_anew(street: Street) -> None:
    case_id, _ = street.case("0")
    street.scene.clock.set("2026-11-25 23:00")
    refused = street.run(case_id)
    assert refused.answer is not None
    assert (refused.answer.allowed, refused.receipt, refused.step.channel) == (False, None, "sms")
    street.scene.clock.set("2026-11-26 08:00")
    assert street.run(case_id).receipt is not None


def test_who_asked_for_no_texts_is_told_another_way(street: Street) -> None:
    case_id, person = street.case("0")
    street.scene.tell(case_id, {"kind": "preference", "person": person, "step": "asked",
                                "avoid": ["sms"]})  # fmt: skip
    assert street.run(case_id).step.channel == "in_app"


def test_a_complaint_is_answered_for_by_a_notice_that_is_written(street: Street) -> None:
    case_id, person = street.case("0")
    received = {"kind": "complaint", "person": person, "topic": "conduct", "step": "received"}
    street.scene.tell(case_id, received)
    late = street.late(case_id)
    found = send_due(street.dispatch, case_id, late, SENDER)
    (sent,) = (one for one in found if one.due.kind == "complaint_received")
    assert (sent.word, sent.error) == ("accepted", "")


def test_one_notice_that_cannot_be_written_does_not_stop_the_others(street: Street) -> None:
    case_id, _ = street.case("0")
    told = {"report_notice": {"note": 1}}
    sent = send_due(
        street.dispatch, case_id, street.late(case_id), SENDER, lambda due: told.get(due.kind, {})
    )
    by_kind = {one.due.kind: one for one in sent}
    assert "no slot note" in by_kind["report_notice"].error
    assert by_kind["first_overdue"].receipt is not None
