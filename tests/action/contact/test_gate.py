"""The one door: decide and reserve in one transaction."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from tests.action.contact.scene import Scene, at, position

from kuanxian.action.contact.answer import Answer
from kuanxian.action.contact.decided import decision_id_of
from kuanxian.action.contact.outcome import Report, report
from kuanxian.action.contact.record import add, open_case
from kuanxian.base.days import day_of
from kuanxian.base.errors import (
    CaseError,
    CaseFileError,
    ProposalError,
    RepeatedKeyError,
    TemplateError,
)


def rules(answer: Answer) -> set[str]:
    return {one.rule for one in answer.reasons if one.verdict in {"forbid", "require", "refer"}}


def test_a_call_at_noon_is_allowed_for_a_few_minutes(scene: Scene) -> None:
    answer = scene.gate.propose(scene.call(scene.case()))
    assert answer.verdict == "allowed", [(one.rule, one.missing) for one in answer.reasons]
    assert answer.grant is not None
    assert answer.grant.opening
    assert answer.grant.expires_at - answer.decided_at == 300_000_000


def test_the_fourth_effective_call_of_a_day_is_refused(scene: Scene) -> None:
    case = scene.case()
    verdicts = []
    for number in range(4):
        agency = number % 2 + 1
        call = scene.call(case, by=f"a-{agency}", collector=f"c-{agency}")
        answer = scene.gate.propose(call)
        verdicts.append(answer.verdict)
        scene.clock.move(3600)
    assert verdicts == ["allowed", "allowed", "allowed", "forbidden"]
    assert "cn.frequency.effective_calls" in rules(answer)
    scene.clock.move(86_400)
    assert scene.gate.propose(scene.call(case)).allowed


def test_a_call_that_nobody_answered_does_not_count_as_an_effective_one(scene: Scene) -> None:
    case = scene.case()
    for _ in range(5):
        answer = scene.gate.propose(scene.call(case))
        assert answer.grant is not None
        scene.clock.move(60)
        told = Report(answer.grant.grant_id, "no_answer", scene.clock.now, "a-1", "officer-1")
        report(scene.gate, case, told)
        scene.clock.move(600)
    assert scene.gate.propose(scene.call(case)).allowed
    assert "cn.frequency.attempts" in rules(scene.gate.propose(scene.call(case)))


HOURS = {
    "07:59": "forbidden",
    "08:00": "allowed",
    "21:59": "allowed",
    "22:00": "forbidden",
    "03:00": "forbidden",
}


@pytest.mark.parametrize(("hour", "verdict"), HOURS.items())
def test_quiet_hours_are_kept_to_the_minute(scene: Scene, hour: str, verdict: str) -> None:
    case = scene.case()
    scene.clock.set(f"2026-11-25 {hour}")
    assert scene.gate.propose(scene.call(case)).verdict == verdict


def test_what_is_queued_at_21_59_may_not_be_sent_at_22_00(scene: Scene) -> None:
    case = scene.case()
    scene.clock.set("2026-11-25 21:58:30")
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    assert answer.grant.expires_at == at("2026-11-25 22:00")


def test_the_same_key_gives_the_same_answer_and_reserves_once(scene: Scene) -> None:
    case = scene.case()
    call = scene.call(case)
    first = scene.gate.propose(call)
    scene.clock.move(60)
    again = scene.gate.propose(call)
    assert again.as_json() == first.as_json()
    with pytest.raises(RepeatedKeyError):
        scene.gate.propose(call._replace(purpose="inform"))
    verdicts = [scene.gate.propose(scene.call(case)).verdict for _ in range(3)]
    assert verdicts == ["allowed", "allowed", "forbidden"]


def test_a_call_is_decided_on_each_server(on_each_server: Scene) -> None:
    case = on_each_server.case()
    verdicts = [on_each_server.gate.propose(on_each_server.call(case)).verdict for _ in range(4)]
    assert verdicts == ["allowed"] * 3 + ["forbidden"]


def test_a_refusal_is_written_down_and_stays_what_it_was(scene: Scene) -> None:
    case = scene.case()
    scene.clock.set("2026-11-25 23:00")
    call = scene.call(case)
    refused = scene.gate.propose(call)
    scene.clock.set("2026-11-26 12:00")
    assert scene.gate.propose(call).as_json() == refused.as_json()
    assert not refused.allowed
    assert refused.reasons[0].says["zh"]


SIGNS = {
    "asked_to_stop": "cn.frequency.preference",
    "distress": "cn.policy.distress_person",
    "disputes_amount": "cn.policy.disputed_debt",
    "says_deceased": "cn.vulnerable.deceased",
    "police_order": "cn.complaint.no_contact_order",
    "says_minor": "cn.vulnerable.statutory_agent",
}


@pytest.mark.parametrize("sign", SIGNS)
def test_what_was_said_holds_before_the_next_decision(scene: Scene, sign: str) -> None:
    case = scene.case()
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    scene.clock.move(60)
    told = Report(answer.grant.grant_id, "identified", scene.clock.now, "a-1", "o-1", (sign,))
    report(scene.gate, case, told)
    after = scene.gate.propose(scene.call(case))
    assert not after.allowed, sign


def test_a_text_message_takes_its_amount_from_the_ledger_of_this_instant(scene: Scene) -> None:
    case = scene.case()
    answer = scene.gate.propose(scene.sms(case))
    assert answer.verdict == "allowed", [
        (one.rule, one.outcome, one.missing) for one in answer.reasons
    ]
    assert answer.grant is not None
    assert "应还1,234.56元" in answer.grant.text
    scene.ledger.positions["d-1"] = position(
        overdue_principal_fen=100, days_past_due=1, days_past_due_grace=1
    )
    second = scene.gate.propose(scene.sms(case))
    assert second.grant is not None
    assert "应还1.00元" in second.grant.text


def test_a_message_dates_its_figures_by_the_close_they_are_of(
    scene: Scene,
) -> None:
    # None: a ledger that folds at the instant.
    for as_of_on, day in ((day_of(2026, 11, 24), 24), (day_of(2026, 11, 25), 25), (None, 25)):
        scene.ledger.as_of_on = as_of_on
        grant = scene.gate.propose(scene.sms(scene.case())).grant
        assert grant is not None
        assert f"截至2026年11月{day}日应还1,234.56元" in grant.text


def test_an_amount_cannot_be_given_by_hand(scene: Scene) -> None:
    case = scene.case()
    with pytest.raises(ProposalError, match="filled from the ledger"):
        scene.gate.propose(scene.sms(case, values={"overdue_fen": 1}))
    with pytest.raises(ProposalError, match="no position"):
        scene.gate.propose(scene.sms(case, debt=None))


FREE = {
    "再不还就打爆你的通讯录": "cn.content.pressure",
    "已刑事立案，等着坐牢吧": "cn.content.false_status",
    "转到我个人微信就行": "cn.content.private_payee",
}


@pytest.mark.parametrize(("text", "rule"), FREE.items())
def test_free_text_is_screened_and_not_kept(scene: Scene, text: str, rule: str) -> None:
    case = scene.case()
    answer = scene.gate.propose(
        scene.sms(case, template="", values={}, text=text, by="a-1", collector="c-1")
    )
    assert answer.verdict == "forbidden"
    assert rule in rules(answer)
    with scene.gate.app.connect() as connection:
        kept = "position(:text IN convert_from(body, 'UTF8')) > 0"
        query = sa.text(f"SELECT count(*) FROM journal.entry WHERE {kept}")
        assert connection.scalar(query, {"text": text}) == 0


def test_no_name_of_a_decision_looks_like_a_number_of_a_person(scene: Scene) -> None:
    asked = [scene.call("case-1", key=f"k-{number}") for number in range(20_000)]
    names = [decision_id_of(one) for one in asked]
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.search(r"[0-9]{11}", name)]


def test_a_nominated_contact_hears_nothing_while_the_debtor_can_be_reached(scene: Scene) -> None:
    case = scene.case()
    call = scene.call(case, to="p-2", point="pt-2", purpose="pass_message")
    assert not scene.gate.propose(call).allowed


def test_an_agency_whose_contract_ended_is_refused_by_itself(scene: Scene) -> None:
    case = scene.case()
    scene.tell(case, {"kind": "agency", "party": "a-1", "step": "contract_ended"})
    assert not scene.gate.propose(scene.call(case)).allowed
    assert scene.gate.propose(scene.call(case, by="a-2", collector="c-2")).allowed


def test_a_case_of_which_little_is_known_is_refused(scene: Scene) -> None:
    case = scene.case(complete=[])
    answer = scene.gate.propose(scene.call(case))
    assert not answer.allowed
    assert answer.missing


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "an act nobody knows": ({"act": "haunt"}, "act"),
    "a person not of the case": ({"to": "p-9"}, "to"),
    "a debt not of the case": ({"debt": "d-9"}, "debt"),
    "a party not of the case": ({"by": "a-9"}, "by"),
    "a contact point of somebody else": ({"point": "pt-2"}, "point"),
    "no contact point": ({"point": None}, "point"),
    "an empty key": ({"key": ""}, "key"),
    "a key with somebody's number": ({"key": "Zhen-17405000001"}, "key"),
    "an officer with somebody's number": ({"officer": "Zhen.017405000001"}, "officer"),
    "a key of a thousand characters": ({"key": "k" * 1000}, "key"),
    "a fact that is not the proposer's": ({"states": {"effective_calls_today": 0}}, "effective"),
    "a fact of the record": ({"states": {"agency_violent_record": False}}, "agency_violent"),
    "a template and a text": ({"template": "first_overdue", "text": "您好"}, "text"),
    "a template nobody approved": (
        {"act": "message", "channel": "sms", "template": "no_such"},
        "template",
    ),
}


@pytest.mark.parametrize(("more", "subject"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_proposed_leaves_nothing_behind(
    scene: Scene, more: dict[str, Any], subject: str
) -> None:
    case = scene.case()
    with pytest.raises(ProposalError) as refused:
        scene.gate.propose(scene.call(case, **more))
    assert subject in refused.value.subject
    with scene.gate.app.connect() as connection:
        count = "SELECT count(*) FROM journal.entry WHERE kind = 'contact.decided' AND stream = :of"
        assert connection.scalar(sa.text(count), {"of": f"case:{case}"}) == 0


def test_a_case_that_is_not_there_is_named(scene: Scene) -> None:
    with pytest.raises(CaseError, match="no such case"):
        scene.gate.propose(scene.call("case-none"))


def test_a_slot_of_the_wrong_kind_is_refused(scene: Scene) -> None:
    with pytest.raises(TemplateError):
        scene.gate.propose(scene.sms(scene.case(), values={"note": "x"}))


def test_a_case_without_a_debtor_is_not_opened(scene: Scene) -> None:
    with pytest.raises(CaseError, match="one debtor"):
        open_case(scene.gate, "case-x", {"country": "cn", "people": []}, tenant="l", actor="t")


def test_what_contradicts_a_case_is_not_added(scene: Scene) -> None:
    case = scene.case()
    event = {"id": "e-x", "kind": "stop", "person": "p-9", "step": "asked",
             "happened_at": "2026-11-25T12:00:00+08:00",
             "known_at": "2026-11-25T12:00:00+08:00"}  # fmt: skip
    with pytest.raises(CaseFileError):
        add(scene.gate, case, {"timeline": [event]}, key="x", actor="t")
    with pytest.raises(CaseError, match=r"^a list: cannot be added"):
        add(scene.gate, case, {"address_book": []}, key="y", actor="t")


NOT_THEIRS = {
    "a stranger": ("wrong_person", ()),
    "a stranger who says so": ("wrong_person", ("disputes_identity",)),
    "somebody who says that it is not their debt": ("unidentified", ("disputes_identity",)),
    "a dead number": ("dead_number", ()),
}


@pytest.mark.parametrize(("outcome", "signs"), NOT_THEIRS.values(), ids=NOT_THEIRS.keys())
def test_nothing_goes_any_more_to_a_number_that_is_not_the_debtors(
    scene: Scene, outcome: str, signs: tuple[str, ...]
) -> None:
    case = scene.case()
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    scene.clock.move(60)
    told = Report(answer.grant.grant_id, outcome, scene.clock.now, "a-1", "o-1", signs)
    report(scene.gate, case, told)
    for act in (scene.call(case), scene.racer(case, 0), scene.sms(case)):
        assert "cn.policy.point_not_theirs" in rules(scene.gate.propose(act))


PURPOSES = ("collect", "inform", "notice", "negotiate", "answer")


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("what", ["stop", "dispute", "nothing owed", "no position"])
def test_no_purpose_opens_what_is_shut_by_being_said(scene: Scene, what: str, purpose: str) -> None:
    case = scene.case()
    if what == "stop":
        scene.tell(case, {"kind": "stop", "person": "p-1", "step": "asked"})
    if what == "dispute":
        scene.tell(case, {"kind": "dispute", "person": "p-1", "debt": "d-1", "topic": "amount",
                          "step": "received"})  # fmt: skip
    if what == "nothing owed":
        scene.ledger.positions = {"d-1": position()}
    if what == "no position":
        scene.ledger.positions = {}
    assert not scene.gate.propose(scene.call(case, purpose=purpose)).allowed
    if what != "no position":
        assert not scene.gate.propose(scene.sms(case, purpose=purpose)).allowed


@pytest.mark.parametrize("which", [("voice_human", "voice_ai"), ("voice_ai", "voice_human")])
def test_who_asks_to_stop_calling_is_called_by_no_voice(
    scene: Scene, which: tuple[str, str]
) -> None:
    case = scene.case()
    calls = {"voice_human": scene.call(case), "voice_ai": scene.racer(case, 0)}
    answer = scene.gate.propose(calls[which[0]])
    assert answer.grant is not None
    scene.clock.move(60)
    by = calls[which[0]].by
    told = Report(answer.grant.grant_id, "identified", scene.clock.now, by, "o-1",
                  ("asked_to_stop",))  # fmt: skip
    report(scene.gate, case, told)
    for voice in which:
        after = scene.gate.propose(calls[voice]._replace(key=f"again-{voice}"))
        assert "cn.frequency.preference" in rules(after)


def test_messages_have_a_number_a_day_of_the_firms_own(scene: Scene) -> None:
    case = scene.case()
    answers = [scene.gate.propose(scene.sms(case, purpose="collect")) for _ in range(3)]
    assert [answer.allowed for answer in answers] == [True, True, False]
    assert rules(answers[2]) == {"cn.policy.messages_cap"}


def test_a_case_of_another_country_is_not_decided_by_this_rulebook(scene: Scene) -> None:
    with pytest.raises(CaseError, match="has no rulebook here"):
        scene.case(country="us")
    gate = scene.gate
    case = scene.case()
    known = gate.read(case)
    abroad = known._replace(case=known.case._replace(country="us"))
    with pytest.raises(ProposalError, match="of another country"):
        gate.decide(scene.call(case), abroad, scene.clock())


PAID = {
    "a payment": {"kind": "payment", "debt": "d-1"},
    "paid up": {"kind": "overdue", "debt": "d-1", "step": "cured"},
    "settled": {"kind": "settlement", "debt": "d-1"},
    "a payment of last week, known now": {
        "kind": "payment", "debt": "d-1", "happened_at": "2026-11-18T10:00:00+08:00",
    },
}  # fmt: skip


@pytest.mark.parametrize("paid", PAID.values(), ids=PAID.keys())
def test_what_was_paid_today_makes_the_ledger_unknown_until_the_next_close(
    scene: Scene, paid: dict[str, Any]
) -> None:
    case = scene.case()
    scene.tell(case, paid)
    scene.clock.move(60)
    answer = scene.gate.propose(scene.call(case))
    assert rules(answer) == {"cn.contact.nothing_overdue"}
    assert "days_past_due_grace" in answer.missing
    with pytest.raises(ProposalError, match="no position"):
        scene.gate.propose(scene.sms(case))
    scene.clock.move(86_400)
    assert scene.gate.propose(scene.call(case)).allowed
