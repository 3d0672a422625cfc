"""Agencies and their people: each lapse closes the gate by itself."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from tests.action.contact.scene import NOON, NUMBERS, Scene, at, case_told, typed
from tests.action.contact.test_slow_path import check

from kuanxian.action.contact import Proposal
from kuanxian.action.contact.record import state_of_party
from kuanxian.action.contact.typed import add_typed, open_typed
from kuanxian.action.contact.windows import windows
from kuanxian.journal import canonical
from kuanxian.journal.read import read_by_key
from kuanxian.law.ask import day_of_act
from kuanxian.law.case import Act
from kuanxian.law.decide import Decision, decide
from kuanxian.law.timeline import facts_of

AGENCY = "a-1"


class Lapse(NamedTuple):
    """What is changed of a case in which the act is allowed, and the rule that then stops it."""

    rule: str
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
    lender: str = "consumer_finance"


def without(*names: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda timeline: [one for one in timeline if one["id"] not in names]


def earlier(name: str, happened_at: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda timeline: [
        {**one, "happened_at": happened_at, "known_at": happened_at} if one["id"] == name else one
        for one in timeline
    ]


def also(kind: str, **more: Any) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    when = "2026-11-20T12:00:00+08:00"
    new = {"id": "lapse", "kind": kind, "happened_at": when, "known_at": when, **more}
    return lambda timeline: [*timeline, new]


def then(
    *changes: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def change(timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for one in changes:
            timeline = one(timeline)
        return timeline

    return change


LONG_AGO = "2025-11-24T12:00:00+08:00"
"""366 days before the day of the scene."""

CONTACT: dict[str, Lapse] = {
    "the contract has ended": Lapse(
        "cn.agency.mandate", also("agency", party=AGENCY, step="contract_ended")
    ),
    "the contract has run out": Lapse(
        "cn.agency.mandate",
        also("agency", party=AGENCY, step="contract_renewed", until_at="2026-11-25T12:00:00+08:00"),
    ),
    "the case was taken back": Lapse(
        "cn.agency.mandate", also("placement", debt="d-1", party=AGENCY, step="ended")
    ),
    "the case was never assigned": Lapse("cn.agency.mandate", without("pl-a-1")),
    "it was never listed": Lapse("cn.agency.listed", without("a-1-listed")),
    "it was struck off": Lapse(
        "cn.agency.listed", also("agency", party=AGENCY, step="delisted")
    ),
    "the debtor was not told": Lapse("cn.agency.told", without("no-a-1")),
    "the notice did not arrive": Lapse(
        "cn.agency.told",
        also("notice", to="p-1", debt="d-1", notice="outsourcing", party=AGENCY, channel="sms",
             outcome="failed", replaces="no-a-1"),
    ),
    "the collector passed no exam": Lapse(
        "cn.agency.collector_trained", without("tr-1-exam_passed")
    ),
    "the collector failed the last exam": Lapse(
        "cn.agency.collector_trained", also("training", party="c-1", step="exam_failed")
    ),
    "the collector was not trained for a year": Lapse(
        "cn.agency.collector_trained",
        then(earlier("tr-1-trained", LONG_AGO), earlier("tr-1-exam_passed", LONG_AGO)),
    ),
    "it was not evaluated for a year": Lapse(
        "cn.policy.agency_evaluated",
        then(earlier("a-1-evaluated", LONG_AGO), earlier("a-1-contract_began", LONG_AGO)),
    ),
    "it was renewed without an evaluation": Lapse(
        "cn.policy.agency_evaluated",
        then(earlier("a-1-contract_began", "2026-10-02T00:00:00+08:00"),
             also("agency", party=AGENCY, step="contract_renewed")),
    ),
}  # fmt: skip


def opened(scene: Scene, lapse: Lapse | None, lender: str = "consumer_finance") -> str:
    told = case_told()
    timeline = lapse.change(told["timeline"]) if lapse else told["timeline"]
    return scene.case(timeline=timeline, lender={"id": "l-1", "type": lender})


@pytest.mark.parametrize("lapse", CONTACT.values(), ids=CONTACT.keys())
def test_a_lapse_refuses_the_call_that_was_allowed(scene: Scene, lapse: Lapse) -> None:
    assert scene.gate.propose(scene.call(opened(scene, None))).allowed
    answer = scene.gate.propose(scene.call(opened(scene, lapse)))
    assert answer.verdict == "forbidden"
    stops = {one.rule for one in answer.reasons if one.verdict == "forbid"}
    assert stops == {lapse.rule}
    assert answer.grant is None


def test_a_grant_ends_with_the_contract_and_nothing_is_granted_after(scene: Scene) -> None:
    case = opened(scene, Lapse("", also("agency", party=AGENCY, step="contract_renewed",
                                        until_at="2026-11-25T12:02:00+08:00")))  # fmt: skip
    scene.tell(case, {"kind": "agency", "party": AGENCY, "step": "evaluated"})
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    assert answer.grant.expires_at == at("2026-11-25 12:02")
    scene.clock.set("2026-11-25 12:02")
    late = scene.gate.propose(scene.call(case))
    assert {one.rule for one in late.reasons if one.verdict == "forbid"} == {"cn.agency.mandate"}


def test_from_the_end_on_the_data_are_asked_back_until_their_return_is_confirmed(
    scene: Scene,
) -> None:
    case = opened(scene, None)
    ended = {"kind": "agency", "party": AGENCY, "step": "contract_ended"}
    returned = {"kind": "agency", "party": AGENCY, "step": "data_returned"}
    asked = []
    for event in (None, ended, returned):
        if event:
            scene.clock.move(60)
            scene.tell(case, event)
        read = scene.gate.read(case, None).case
        facts = facts_of(read, Act(kind="duty", agency=AGENCY), scene.clock.now)
        day_on = day_of_act(scene.gate.book, scene.clock.now)
        duty = decide(scene.gate.book, "duty", facts, day_on, read.lender.type)
        asked.append("cn.agency.recover_data" in
                     {one.rule.id for one in duty.spoke if one.outcome == "fires"})  # fmt: skip
    assert asked == [False, True, False]
    # The data are back, and still nothing is opened: the contract has ended.
    assert not scene.gate.propose(scene.call(case)).allowed


STATED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a record of violence": (
        "bank", {"agency_contract_complete": True, "agency_violent_record": True},
        "cn.agency.violent_record",
    ),
    "whether there is one is not known": (
        "bank", {"agency_contract_complete": True, "agency_violent_record": None},
        "cn.agency.violent_record",
    ),
    "a record of violence, of another lender's agency": (
        "consumer_finance", {"agency_contract_complete": True, "agency_violent_record": True},
        "cn.policy.violent_record_calls",
    ),
    "a contract without its clauses": (
        "consumer_finance", {"agency_contract_complete": False, "agency_violent_record": False},
        "cn.agency.mandate",
    ),
}  # fmt: skip


def of_agency(scene: Scene, agency: str, kind: str, lender: str = "consumer_finance") -> Proposal:
    """Open a case like the scene's in which this agency stands for the first."""
    told = case_told()
    first, second = [one for one in told["parties"] if one["kind"] == "agency"]
    assert (first["id"], second["id"]) == ("a-1", "a-2")

    def renamed(row: dict[str, Any]) -> dict[str, Any]:
        return {key: agency if value == AGENCY else value for key, value in row.items()}

    parties = [
        {**renamed(one), "kind": kind} if one["id"] == AGENCY else renamed(one)
        for one in told["parties"]
    ]
    timeline = [renamed(one) for one in told["timeline"]]
    case = scene.case(parties=parties, timeline=timeline, lender={"id": "l-1", "type": lender})
    return scene.call(case, by=agency)


@pytest.mark.parametrize(("lender", "facts", "rule"), STATED.values(), ids=STATED.keys())
def test_what_the_record_says_of_an_agency_refuses_its_call(
    scene: Scene, lender: str, facts: dict[str, Any], rule: str, request: pytest.FixtureRequest
) -> None:
    agency = f"a-{list(STATED).index(request.node.callspec.id)}-stated"
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, agency, sound, lender="l-1", key="before", actor="system:test")
    call = of_agency(scene, agency, "agency", lender)
    assert scene.gate.propose(call).allowed
    state_of_party(scene.gate, agency, facts, lender="l-1", key="after", actor="system:test")
    answer = scene.gate.propose(call._replace(key="again"))
    assert not answer.allowed
    assert {one.rule for one in answer.reasons if one.verdict == "forbid"} == {rule}


def test_a_lapse_told_after_the_agencys_last_case_was_read_holds_for_its_next(scene: Scene) -> None:
    agency = "a-told-between"
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, agency, sound, lender="l-1", key="before", actor="system:test")
    assert scene.gate.propose(of_agency(scene, agency, "agency", "bank")).allowed
    assert scene.gate.propose(of_agency(scene, agency, "agency", "bank")).allowed
    violent = {"agency_violent_record": True}
    state_of_party(scene.gate, agency, violent, lender="l-1", key="after", actor="system:test")
    first_of_its_case = scene.gate.propose(of_agency(scene, agency, "agency", "bank"))
    assert {one.rule for one in first_of_its_case.reasons if one.verdict == "forbid"} == {
        "cn.agency.violent_record"
    }


@pytest.mark.parametrize(
    "lapse",
    [{"kind": "placement", "debt": "d-1", "step": "ended"},
     {"kind": "agency", "step": "contract_ended"}],
    ids=["taken back", "contract ended"],
)  # fmt: skip
def test_an_agency_without_the_case_hears_nothing_of_its_people(
    scene: Scene, lapse: dict[str, Any]
) -> None:
    agency = f"a-gone-{lapse['kind']}"
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, agency, sound, lender="l-1", key="record", actor="system:test")
    call = of_agency(scene, agency, "agency")
    scene.tell(call.case_id, {"kind": "signal", "person": "p-1", "topic": "self_harm",
                              "step": "seen"})  # fmt: skip
    sign, alone = "cn.policy.distress_person", ["cn.agency.mandate"]
    has_it = scene.gate.propose(call)
    assert sign in has_it.stopped_by
    scene.tell(call.case_id, {**lapse, "party": agency})
    scene.clock.move(60)
    answer = scene.gate.propose(call._replace(key="after"))
    assert (answer.verdict, answer.stopped_by, answer.missing) == ("forbidden", alone, ())
    assert [one["rule"] for one in answer.would_change] == alone
    assert [one.rule for one in answer.reasons] == alone
    # Asked about again, and looked ahead at, no more is said; the journal has all of it.
    assert sign not in scene.gate.propose(call._replace(key="after")).stopped_by
    spans = windows(scene.gate, call._replace(key="-"), 1).shut
    assert {by.rule for span in spans for by in span.by} == set(alone)
    with scene.gate.app.connect() as connection:
        entry = read_by_key(connection, f"contact:{call.case_id}:after")
    assert entry is not None
    assert sign in {rule for rule, _ in canonical.decode(entry.body)["rules"]}
    # The lender hears why.
    own = scene.gate.propose(call._replace(key="own", by="l-1", collector=None, states={}))
    assert "cn.policy.distress_automated" in own.stopped_by


def test_a_sub_agency_calls_with_the_lenders_consent_alone(scene: Scene) -> None:
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, "sub-1", sound, lender="l-1", key="record", actor="system:test")
    call = of_agency(scene, "sub-1", "sub_agency")
    answers = [scene.gate.propose(call)]
    for number, approved in enumerate((True, False)):
        facts = {"sub_agency_approved": approved}
        state_of_party(
            scene.gate, "sub-1", facts, lender="l-1", key=f"s-{number}", actor="system:test"
        )
        answers.append(scene.gate.propose(call._replace(key=f"k-{number}")))
    assert [answer.allowed for answer in answers] == [False, True, False]
    for refused in (answers[0], answers[2]):
        rules = {one.rule for one in refused.reasons if one.verdict == "forbid"}
        assert rules == {"cn.agency.sub_agency"}


# The texts that were read stop a new case here; the firm's policy also stops the calls.
PLACING: dict[str, Lapse] = {
    "the evaluation is older than a year": Lapse(
        "cn.agency.evaluation",
        then(earlier("a-1-evaluated", LONG_AGO), earlier("a-1-contract_began", LONG_AGO)),
    ),
    "it was renewed without an evaluation": Lapse(
        "cn.agency.evaluation",
        then(earlier("a-1-contract_began", "2026-10-02T00:00:00+08:00"),
             also("agency", party=AGENCY, step="contract_renewed")),
    ),
    "it ended and the data were not returned": Lapse(
        "cn.agency.data_kept", also("agency", party=AGENCY, step="contract_ended")
    ),
    "it is not listed": Lapse(
        "cn.agency.outsource_listed", also("agency", party=AGENCY, step="delisted")
    ),
}  # fmt: skip


def placed(scene: Scene, case_id: str) -> Decision:
    """Decide whether the agency may be given the case."""
    case = scene.gate.read(case_id, None).case
    act = Act(kind="outsource", agency=AGENCY, debt="d-1", by="l-1")
    facts = facts_of(case, act, scene.clock.now)
    facts |= {"agency_contract_complete": True, "agency_violent_record": False}
    facts |= {
        "impact_assessment_done": True,
        "counters_shared": True,
        "data_is_credit_report": False,
    }
    day_on = day_of_act(scene.gate.book, scene.clock.now)
    return decide(scene.gate.book, "outsource", facts, day_on, case.lender.type)


@pytest.mark.parametrize("lapse", PLACING.values(), ids=PLACING.keys())
def test_a_lapse_refuses_the_placement_that_was_allowed(scene: Scene, lapse: Lapse) -> None:
    sound = placed(scene, opened(scene, None))
    assert sound.allowed, [(one.rule.id, one.facts) for one in sound.spoke]
    decision = placed(scene, opened(scene, lapse))
    assert not decision.allowed
    assert lapse.rule in {one.rule.id for one in decision.spoke if one.outcome == "fires"}


def test_what_one_lender_states_of_an_agency_is_no_other_lenders(scene: Scene) -> None:
    told = json.loads(json.dumps(case_told()).replace('"l-1"', '"l-9"'))
    case = scene.case(**told)
    assert scene.gate.propose(scene.call(scene.case())).allowed
    answer = scene.gate.propose(scene.call(case))
    assert not answer.allowed
    assert "agency_contract_complete" in answer.missing
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, AGENCY, sound, lender="l-9", key="record", actor="system:test")
    assert scene.gate.propose(scene.call(case)).allowed


TYPED: dict[str, tuple[dict[str, Any], str]] = {
    "the contract has ended": (
        {"kind": "agency", "party": AGENCY, "step": "contract_ended"}, "cn.agency.mandate",
    ),
    "it was struck off": (
        {"kind": "agency", "party": AGENCY, "step": "delisted"}, "cn.agency.listed",
    ),
    "it was renewed without an evaluation": (
        {"kind": "agency", "party": AGENCY, "step": "contract_renewed"},
        "cn.policy.agency_evaluated",
    ),
    "the collector failed the exam": (
        {"kind": "training", "party": "c-1", "step": "exam_failed"}, "cn.agency.collector_trained",
    ),
}  # fmt: skip


def of_lender(lender: str) -> dict[str, Any]:
    """Tell the scene's case of a lender of its own, of whose agency nothing else is known."""
    told: dict[str, Any] = json.loads(json.dumps(case_told()).replace('"l-1"', f'"{lender}"'))
    renewed = {"a-1-contract_began": "2026-10-02T00:00:00+08:00"}
    for one in told["timeline"]:
        one["happened_at"] = renewed.get(one["id"], one["happened_at"])
    return told


@pytest.mark.parametrize(("lapse", "rule"), TYPED.values(), ids=TYPED.keys())
def test_a_lapse_typed_into_one_case_closes_every_case_of_the_lender(
    scene: Scene, lapse: dict[str, Any], rule: str
) -> None:
    lender = f"l-{next(NUMBERS)}-typed"
    sound = {"agency_contract_complete": True, "agency_violent_record": False}
    state_of_party(scene.gate, AGENCY, sound, lender=lender, key="record", actor="system:test")
    first, second = (scene.case(**of_lender(lender)) for _ in range(2))
    for case in (first, second):
        assert scene.gate.propose(scene.call(case)).allowed
    scene.clock.move(60)
    when = "2026-11-20T12:00:00+08:00"
    told = {"timeline": [{"id": "lapse", "happened_at": when, "known_at": when, **lapse}]}
    add_typed(scene.gate, first, told, key="k", actor="officer-1")
    for case in (first, second, scene.case(**of_lender(lender))):
        answer = scene.gate.propose(scene.call(case))
        assert {one.rule for one in answer.reasons if one.verdict == "forbid"} == {rule}
    for case in (first, second):
        check(scene, case, lender)


def test_what_is_typed_of_an_agency_in_case_after_case_is_kept_once(scene: Scene) -> None:
    lender = f"l-{next(NUMBERS)}-typed"
    told = typed(of_lender(lender))
    cases = [f"case-{next(NUMBERS)}-typed" for _ in range(2)]
    for case in cases:
        open_typed(scene.gate, case, told, tenant=case, actor="officer-1")
        scene.clock.move(60)
    known = scene.gate.read(cases[1])
    assert [len(known.parties[name].events) for name in (AGENCY, "c-1")] == [3, 2]
    assert {one.known_at for one in known.parties[AGENCY].events} == {NOON}
    assert not [one for one in known.file.case.events if one.kind in ("agency", "training")]
    # A case that was opened without them relies on them all the same.
    bare = {**told, "timeline": [one for one in told["timeline"] if one["kind"] == "overdue"]}
    open_typed(scene.gate, f"{cases[0]}-bare", bare, tenant=f"{cases[0]}-bare", actor="officer-1")
    assert {one.kind for one in scene.gate.read(f"{cases[0]}-bare").case.events} == {
        "overdue", "agency", "training",
    }  # fmt: skip
