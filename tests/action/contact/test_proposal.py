"""What may be named in a proposal, and what goes with what."""

from typing import Any

import pytest
from tests.action.contact.scene import Scene, case_told, make_gate

from kuanxian.action.contact.ledger import SLOTS
from kuanxian.action.contact.outcome import Report, report
from kuanxian.base.errors import ProposalError

POINTS: list[dict[str, Any]] = [
    {"id": "pt-mobile", "person": "p-1", "kind": "mobile", "place": "mobile"},
    {"id": "pt-other", "person": "p-1", "kind": "mobile", "place": "mobile"},
    {"id": "pt-work", "person": "p-1", "kind": "landline", "place": "workplace"},
    {"id": "pt-home", "person": "p-1", "kind": "address", "place": "home"},
    {"id": "pt-mail", "person": "p-1", "kind": "email"},
    {"id": "pt-app", "person": "p-1", "kind": "app"},
    {"id": "pt-none", "person": "p-1"},
]
LANDLINE = {("contact", "voice_human"), ("contact", "voice_ai")}
FITS: dict[str, set[tuple[str, str]]] = {
    "pt-mobile": LANDLINE | {("message", "sms")},
    "pt-work": LANDLINE,
    "pt-home": {("message", "letter"), ("visit", "visit")},
    "pt-mail": {("message", "email")},
    "pt-app": {("message", "in_app")},
    "pt-none": set(),
}
WAYS = [*sorted(set().union(*FITS.values())), ("contact", "sms"), ("message", "voice_human")]


def pointed() -> list[dict[str, Any]]:
    return [*case_told()["points"], *({"origin": "contract", **one} for one in POINTS)]


@pytest.mark.parametrize("point", FITS)
def test_a_channel_is_proposed_at_a_point_of_its_kind_only(scene: Scene, point: str) -> None:
    case = scene.case(points=pointed())
    fitting = set()
    for act, channel in WAYS:
        more: dict[str, Any] = {"template": "first_overdue"}
        if act != "message":
            more = {}
        call = scene.call(case, act=act, channel=channel, point=point, **more)
        try:
            scene.gate.propose(call)
        except ProposalError as error:
            if error.subject == "point":
                continue
        fitting.add((act, channel))
    assert fitting == FITS[point]


def test_attempts_count_over_all_numbers_of_a_person(scene: Scene) -> None:
    case = scene.case(points=pointed())
    tried = 0
    for point in ("pt-1", "pt-mobile", "pt-other"):
        for _ in range(6):
            scene.clock.move(60)
            answer = scene.gate.propose(scene.call(case, point=point))
            if answer.grant is None:
                break
            tried += 1
            told = Report(answer.decision_id, "no_answer", scene.clock.now, "a-1", "officer-1")
            report(scene.gate, case, told)
    assert tried == 6


def test_a_strangers_number_is_one_under_each_of_its_names(scene: Scene) -> None:
    case = scene.case(points=pointed())
    answer = scene.gate.propose(scene.call(case))
    told = Report(answer.decision_id, "wrong_person", scene.clock.now, "a-1", "officer-1")
    report(scene.gate, case, told)
    scene.clock.move(60)
    refused = scene.gate.propose(scene.call(case, point="pt-other"))
    assert "cn.policy.point_not_theirs" in {one.rule for one in refused.reasons}


@pytest.mark.parametrize(("said", "allowed"), [(None, False), (True, False), (False, True)])
def test_a_call_to_a_workplace_says_whether_others_hear_it(
    scene: Scene, said: bool | None, allowed: bool
) -> None:
    case = scene.case(points=pointed())
    call = scene.call(case, point="pt-work")
    more = {} if said is None else {"reaches_others": said}
    answer = scene.gate.propose(call._replace(states={**call.states, **more}))
    assert answer.allowed is allowed
    if said is None:
        assert "cn.channel.workplace" in {one.rule for one in answer.reasons}


@pytest.mark.parametrize(
    ("by", "collector"),
    [("a-1", "c-2"), ("l-1", "c-1"), ("a-1", "a-1"), ("a-1", "l-1"), ("c-1", None)],
)
def test_a_collector_acts_for_the_party_he_or_she_belongs_to(
    scene: Scene, by: str, collector: str | None
) -> None:
    call = scene.call(scene.case(), by=by, collector=collector)
    with pytest.raises(ProposalError, match=r"of another party|acts for a party"):
        scene.gate.propose(call)


def test_what_was_added_elsewhere_is_known_to_a_gate_that_kept_the_case(scene: Scene) -> None:
    gate = scene.gate
    warm = make_gate(gate.app, gate.lexicon, gate.book, scene.clock, scene.ledger)
    case = scene.case()
    assert warm.propose(scene.call(case)).allowed
    scene.tell(case, points=[{"origin": "contract", **POINTS[0]}])
    assert warm.propose(scene.call(case, point="pt-mobile")).allowed
    with pytest.raises(ProposalError, match="not of this case"):
        warm.propose(scene.call(case, point="pt-nowhere"))


OPEN_TEMPLATES = {"answer", "due_reminder", "first_overdue", "pass_message"}
GIVEN = {"amount": 500_000_000, "day": 20_784, "count": 2}


def test_a_template_with_figures_of_the_callers_own_is_a_notices_alone(scene: Scene) -> None:
    case = scene.case()
    refused = set()
    for name, template in scene.gate.lexicon.templates.items():
        own = {slot: GIVEN[kind] for slot, kind in template.slots.items() if kind in GIVEN}
        own = {slot: value for slot, value in own.items() if slot not in SLOTS}
        channel = {"channel": "in_app", "point": "pt-1"} if name == "data_opened" else {}
        for given in (own, {}):
            try:
                scene.gate.propose(scene.sms(case, template=name, values=given, **channel))
            except ProposalError as error:
                if error.subject == "template" and "notice" in error.reason:
                    refused.add(name)
    assert refused == scene.gate.lexicon.templates.keys() - OPEN_TEMPLATES


@pytest.mark.parametrize(
    ("debt", "tail"),
    [("d-1", "d1"), ("d-1.0042", "0042"), ("d-1.00ab-cd-", "abcd"), ("d-1.42-9f3e", "9f3e")],
)
def test_a_message_ends_with_the_tail_of_its_own_debt(scene: Scene, debt: str, tail: str) -> None:
    debts = [{**case_told()["debts"][0], "id": debt}]
    timeline = [{**one, **({"debt": debt} if "debt" in one else {})}
                for one in case_told()["timeline"]]  # fmt: skip
    case = scene.case(debts=debts, timeline=timeline)
    for given in ({}, {"contract_tail": tail}):
        words = scene.gate.decide(scene.sms(case, debt=debt, values=given),
                                  scene.gate.read(case), scene.clock.now)[1]  # fmt: skip
        assert words is not None
        assert f"尾号{tail}的贷款" in words.text
    with pytest.raises(ProposalError, match="contract_tail: not of this debt"):
        scene.gate.propose(scene.sms(case, debt=debt, values={"contract_tail": "9999"}))


def test_what_the_firm_registered_of_a_debt_or_a_party_goes_before(scene: Scene) -> None:
    told = {"contract_tail.d-1": "0042", "agency_name.a-2": "另一服务有限公司"}
    lexicon = scene.gate.lexicon
    lexicon = lexicon._replace(registered={**lexicon.registered, **told})
    gate = make_gate(scene.gate.app, lexicon, scene.gate.book, scene.clock, scene.ledger)
    case = scene.case()

    def said(**more: Any) -> str:
        words = gate.decide(scene.sms(case, **more), gate.read(case), scene.clock.now)[1]
        assert words is not None
        return words.text

    assert "尾号0042的贷款" in said()
    about = {"template": "agency_assigned", "values": {"from_on": 20_000}, "notice": "n"}
    assert "委托另一服务有限公司就" in said(tells_of="a-2", **about)
    assert "委托某某服务有限公司就" in said(tells_of="a-1", **about)


def test_what_falls_due_is_told_of_no_loan_that_is_late(scene: Scene) -> None:
    case = scene.case()
    with pytest.raises(ProposalError, match="not late"):
        scene.gate.propose(scene.sms(case, purpose="collect", template="due_reminder"))
