"""A message is passed by a nominated contact, who hears neither of a debt nor of a lender."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.action.contact.conftest import REGISTERED, book, lexicon, scene, stage
from tests.action.contact.scene import case_told
from tests.outreach.conftest import listener
from tests.outreach.test_dispatch import NUMBERS, Street, street

from kuanxian.action.contact import Answer, Proposal
from kuanxian.action.contact.answers import take_answers
from kuanxian.action.contact.record import open_case
from kuanxian.outreach import State
from kuanxian.outreach.order import Opener, Order
from kuanxian.outreach.receipt import Receipt
from kuanxian.vault.consent import GIVEN, SIGNED, answer_consent
from kuanxian.vault.contact import mark_noticed, nominate, stop, stop_token
from kuanxian.vault.notice import Notice
from kuanxian.vault.people import add_person, put_value

__all__ = ["book", "lexicon", "listener", "scene", "stage", "street"]

AGREED = "2026-01-10T12:00:00+08:00"
AT = datetime(2026, 1, 10, 4, tzinfo=UTC)
OWN = {"id": "no-own", "kind": "notice", "notice": "own_notice", "to": "p-2", "channel": "sms",
       "outcome": "delivered", "happened_at": AGREED, "known_at": AGREED}  # fmt: skip
CONSENT = {"id": "co-2", "person": "p-2", "purpose": "nominate", "event": "given",
           "form": "recorded", "happened_at": AGREED, "known_at": AGREED}  # fmt: skip


def unreachable() -> list[dict[str, Any]]:
    """Tell of six calls on three days, at three hours, that nobody answered."""
    hours = {23: ("09:15", "14:30"), 24: ("09:15", "19:10"), 25: ("09:15", "11:30")}
    times = [(day, hour) for day in hours for hour in hours[day]]
    return [
        {"id": f"un-{day}-{hour[:2]}", "kind": "call", "to": "p-1", "point": "pt-1",
         "outcome": "no_answer", "happened_at": f"2026-11-{day}T{hour}:00+08:00",
         "known_at": f"2026-11-{day}T{hour}:00+08:00"}
        for day, hour in times
    ]  # fmt: skip


def opened(street: Street, *without: str, validity_days: int = 0) -> tuple[str, str]:
    """Open a case whose debtor is out of reach and whose contact agreed; in the vault too."""
    number, keeper = next(NUMBERS), street.dispatch.keeper
    debtor, contact, case_id = f"p-d{number}", f"p-c{number}", f"case-c{number}"
    add_person(keeper, debtor)
    nominate(keeper, debtor, contact, "pass_message")
    put_value(keeper, contact, "phone", f"174050{number:05d}")
    mark_noticed(keeper, contact)
    notice = Notice("n-contact", 1, "zh-Hans", "pass_message", "某某提名您为联系人……")
    answer_consent(keeper, contact, notice, GIVEN, AT, validity_days)
    told = case_told()
    told["timeline"] += [*unreachable(), OWN]
    told["consents"] = [CONSENT]
    told["timeline"] = [one for one in told["timeline"] if one["id"] not in without]
    told["consents"] = [one for one in told["consents"] if one["id"] not in without]
    text = json.dumps(told).replace('"p-1"', f'"{debtor}"').replace('"p-2"', f'"{contact}"')
    debt = street.scene.debts[case_id] = f"d-1.{number}"
    text = text.replace('"d-1"', f'"{debt}"')
    open_case(street.scene.gate, case_id, json.loads(text), tenant="lender", actor="system:test")
    return case_id, contact


def passing(street: Street, case_id: str, contact: str) -> Proposal:
    return street.scene.sms(
        case_id, to=contact, point="pt-2", purpose="pass_message", template="pass_message",
        values={},
    )  # fmt: skip


def forbids(answer: Answer) -> set[str]:
    return {one.rule for one in answer.reasons if one.verdict == "forbid"}


class Overheard:
    """A channel that keeps the words."""

    name = "sms"

    def __init__(self) -> None:
        self.words: list[str] = []

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        opener(order.to)
        self.words.append(order.text)
        return Receipt(order.order_id, self.name, State.ACCEPTED, at, "m", at, attempts=1)


def test_a_contact_is_asked_to_pass_a_message_and_hears_nothing_else(street: Street) -> None:
    case_id, contact = opened(street)
    overheard = Overheard()
    street.dispatch.channels = {"sms": overheard}
    answer, receipt = street.dispatch.send(passing(street, case_id, contact))
    assert (answer.verdict, receipt is not None) == ("allowed", True), forbids(answer)
    (text,) = overheard.words
    assert REGISTERED["callback_number"] in text
    silent = [value for name, value in REGISTERED.items() if name != "callback_number"]
    silent += ["loan", "贷", "欠", "逾期", "元", "催", "金融", case_id, contact, "d-1"]
    assert not [word for word in silent if word in text]
    assert street.openings(contact) == 1


def test_what_a_contact_told_the_vault_is_taken_into_the_case(street: Street) -> None:
    case_id, contact = opened(street, "no-own", "co-2")
    gate = street.scene.gate
    assert not gate.propose(passing(street, case_id, contact)).allowed
    assert take_answers(gate, case_id, "officer-1") == 2
    assert take_answers(gate, case_id, "officer-1") == 0
    answer, receipt = street.dispatch.send(passing(street, case_id, contact))
    assert (answer.verdict, receipt is not None) == ("allowed", True), forbids(answer)
    keeper = street.dispatch.keeper
    stop(keeper, stop_token(keeper, contact), datetime(2026, 2, 1, tzinfo=UTC))
    assert take_answers(gate, case_id, "officer-1") == 2  # the withdrawal, and the stop
    assert "cn.third_party.stopped" in forbids(gate.propose(passing(street, case_id, contact)))


def test_a_yes_that_ran_out_in_the_vault_has_run_out_in_the_case(street: Street) -> None:
    case_id, contact = opened(street, "no-own", "co-2", validity_days=10)
    take_answers(street.scene.gate, case_id, "officer-1")
    answer = street.scene.gate.propose(passing(street, case_id, contact))
    assert "cn.third_party.own_basis" in forbids(answer)


@pytest.mark.parametrize(("answer", "form"), [(GIVEN, "recorded"), (SIGNED, "written")])
def test_what_the_debtor_signed_is_a_written_consent_in_the_case(
    street: Street, answer: str, form: str
) -> None:
    case_id, _ = opened(street)
    gate = street.scene.gate
    debtor = next(one.id for one in gate.read(case_id).case.people.values() if one.role == "debtor")
    asked = Notice("n-bureau", 1, "zh-Hans", "report_credit", "我们想向征信机构报送……")
    answer_consent(street.dispatch.keeper, debtor, asked, answer, AT)
    take_answers(gate, case_id, "officer-1")
    (said,) = [one for one in gate.read(case_id).case.events
               if (one.kind, one.person, one.purpose) == ("consent", debtor, "report")]  # fmt: skip
    assert (said.step, said.form) == ("given", form)


def test_it_goes_out_by_a_real_aggregator(street: Street) -> None:
    case_id, contact = opened(street)
    _, receipt = street.dispatch.send(passing(street, case_id, contact))
    assert receipt is not None
    assert (receipt.state, street.aggregator.taken) == (State.ACCEPTED, 1)


LACKING: dict[str, tuple[str, str]] = {
    "no notice of the contact's own": ("no-own", "cn.third_party.own_basis"),
    "no consent": ("co-2", "cn.third_party.own_basis"),
    "reached on the second day": ("un-24-09", "cn.policy.unreachable_evidence"),
}


@pytest.mark.parametrize(("without", "rule"), LACKING.values(), ids=LACKING.keys())
def test_one_thing_missing_and_nothing_is_passed(street: Street, without: str, rule: str) -> None:
    case_id, contact = opened(street, without)
    answer, receipt = street.dispatch.send(passing(street, case_id, contact))
    assert (answer.allowed, receipt) == (False, None)
    assert rule in {one.rule for one in answer.reasons}
    assert street.openings(contact) == 0


def test_without_a_notice_of_their_own_the_first_word_would_have_to_name_who_writes(
    street: Street,
) -> None:
    case_id, contact = opened(street, "no-own")
    assert "cn.channel.identity" in forbids(
        street.scene.gate.propose(passing(street, case_id, contact))
    )


def test_one_word_of_stop_ends_it(street: Street) -> None:
    case_id, contact = opened(street)
    proposal = passing(street, case_id, contact)
    street.scene.tell(case_id, {"kind": "stop", "person": contact, "step": "asked"})
    answer, receipt = street.dispatch.send(proposal)
    assert receipt is None
    assert "cn.third_party.stopped" in forbids(answer)
