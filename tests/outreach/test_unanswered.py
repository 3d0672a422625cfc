"""What a provider took and nobody came back from."""

import pytest
from tests.action.contact.conftest import book, lexicon, scene, stage
from tests.outreach.test_dispatch import Street, sms, street
from tests.outreach.test_sms import table

from kuanxian.outreach import State
from kuanxian.outreach.notices import hear
from kuanxian.outreach.order import Opener, Order
from kuanxian.outreach.receipt import Receipt, Report
from kuanxian.outreach.sms import SmsChannel

__all__ = ["book", "lexicon", "scene", "stage", "street"]


def die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("is_notice", [True, False])
def test_what_nobody_came_back_from_is_heard_of_by_the_id_of_the_order(
    street: Street, monkeypatch: pytest.MonkeyPatch, is_notice: bool
) -> None:
    told = table(street.aggregator.url)
    told["report"] |= {"order_id": "order"}
    street.dispatch.channels = {"sms": SmsChannel(told, {}, lambda _: None)}
    case_id, person = street.case("8")
    proposal = sms(street, case_id, person)
    step = "notices.tell" if is_notice else "dispatch.report"
    with monkeypatch.context() as killed:
        killed.setattr(f"kuanxian.outreach.{step}", die)
        with pytest.raises(KeyboardInterrupt):
            _ = street.run(case_id) if is_notice else street.dispatch.send(proposal)
    grant = next(iter(street.scene.gate.read(case_id).file.grants))
    early = Report("m-1", State.DELIVERED, street.scene.clock.now, order_id=grant)
    assert hear(street.scene.gate, "sms", early, "system:reports") is None
    assert hear(street.scene.gate, "email", early, "system:reports") is None
    street.scene.clock.move(300)
    # It is delivered and then taken back.
    assert street.reports(case_id) == [True, True]
    events = street.scene.gate.read(case_id).case.events
    sent = [one for one in events if one.kind == "message" and one.person == person]
    assert [one.outcome for one in sent][-2:] == ["delivered", "failed"]
    replaced = {one.replaces for one in sent}
    assert sum(one.id not in replaced for one in sent) == 1
    strange = early._replace(at=street.scene.clock.now)
    heard = hear(street.scene.gate, "sms", strange, "system:reports")
    assert heard is not None
    assert (heard.state, heard.changed) == ("failed", False)
    # Under the same key it does not go out again.
    if not is_notice:
        receipt = street.dispatch.send(proposal)[1]
        assert receipt is not None
        assert (receipt.state, receipt.failure) == (State.FAILED, "USED BEFORE")
    assert (street.openings(person), street.aggregator.taken) == (1, 1)


def test_a_report_that_is_here_before_the_answer_stops_nothing_and_stands(
    street: Street,
) -> None:
    case_id, person = street.case("7")
    gate, channel = street.scene.gate, street.dispatch.channels["sms"]

    class Slow:
        name, says_until = "sms", True

        def send(self, order: Order, opener: Opener, at: int) -> Receipt:
            receipt = channel.send(order, opener, at)
            street.scene.clock.move(301)
            told = Report(receipt.provider_id, State.DELIVERED, gate.clock(), "", order.order_id)
            assert hear(gate, "sms", told, "system:reports") is not None
            return receipt

    street.dispatch.channels = {"sms": Slow()}
    proposal = sms(street, case_id, person)
    receipt = street.dispatch.send(proposal)[1]
    assert receipt is not None
    assert receipt.state is State.ACCEPTED
    outcomes = [one.outcome for one in gate.read(case_id).case.events if one.kind == "message"]
    assert outcomes == ["unknown", "unknown", "delivered"]
    again = street.dispatch.send(proposal)[1]
    assert again is not None
    assert (again.state, again.failure) == (State.DELIVERED, "USED BEFORE")
