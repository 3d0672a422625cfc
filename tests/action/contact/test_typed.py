"""What is typed by hand is believed where it shuts a door, and opens none."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.action.contact.scene import NOON, NUMBERS, Scene, case_told, iso, typed

from kuanxian.action.contact.typed import DOORS, add_typed, open_typed, state_typed
from kuanxian.base.errors import CaseError, CaseFileError, ProposalError, RepeatedKeyError

WHEN = "2026-11-24T10:00:00+08:00"


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": f"t-{next(NUMBERS)}", "kind": kind, "happened_at": WHEN, "known_at": WHEN, **more}


SOUND = {"agency_contract_complete": True, "agency_violent_record": False}


def state(scene: Scene, case_id: str, of: str, facts: Any, key: str = "") -> None:
    key = key or f"k-{next(NUMBERS)}"
    state_typed(scene.gate, case_id, of, facts, key=key, actor="officer-1")


def add(scene: Scene, case_id: str, *events: dict[str, Any], **lists: Any) -> None:
    told = {"timeline": list(events), **lists}
    add_typed(scene.gate, case_id, told, key=f"k-{next(NUMBERS)}", actor="officer-1")


SHUTS = [
    event("stop", person="p-1", step="asked"),
    event("order", person="p-1", step="issued"),
    event("dispute", person="p-1", debt="d-1", topic="identity", step="received"),
    event("signal", person="p-1", topic="self_harm", step="seen"),
    event("state", person="p-1", step="deceased"),
    event("state", person="p-1", step="minor"),
]


@pytest.mark.parametrize("told", SHUTS, ids=lambda one: f"{one['kind']}-{one.get('topic')}")
def test_what_shuts_a_door_is_believed_at_once(scene: Scene, told: dict[str, Any]) -> None:
    case = scene.case()
    assert scene.gate.propose(scene.call(case)).allowed
    add(scene, case, told)
    assert not scene.gate.propose(scene.call(case)).allowed


OPENS = [
    event("call", to="p-1", point="pt-1", outcome="no_answer"),
    event("message", to="p-1", point="pt-1", outcome="delivered"),
    event("visit", to="p-1", outcome="absent"),
    event("notice", to="p-2", notice="own_notice", outcome="delivered", delivered_at=WHEN),
    event("notice", to="p-1", notice="outsourcing", party="a-1", outcome="delivered"),
    event("stop", person="p-1", step="lifted"),
    event("preference", person="p-1", step="lifted"),
    event("order", person="p-1", step="lifted"),
    event("signal", person="p-1", topic="self_harm", step="cleared"),
    event("state", person="p-1", step="alive"),
    event("state", person="p-1", step="capable"),
    event("state", person="p-1", step="adult"),
    event("dispute", person="p-1", step="found_right"),
    event("dispute", person="p-1", step="withdrawn"),
    event("plan", debt="d-1", step="broken"),
    event("inbound", person="p-1", point="pt-1"),
    event("plan", debt="d-1", step="offered"),
]  # fmt: skip


@pytest.mark.parametrize("told", OPENS, ids=lambda one: f"{one['kind']}-{one.get('step')}")
def test_what_opens_a_door_is_refused_and_the_right_door_named(
    scene: Scene, told: dict[str, Any]
) -> None:
    case = scene.case()
    version = scene.gate.read(case).file.version
    with pytest.raises(CaseError, match="not believed because it is typed") as refused:
        add(scene, case, told)
    assert DOORS.get(told["kind"], "no door takes it yet") in refused.value.advice
    assert scene.gate.read(case).file.version == version
    opening = typed(case_told())
    opening["timeline"].append(told)
    with pytest.raises(CaseError, match="not believed"):
        open_typed(scene.gate, f"{case}-x", opening, tenant="lender", actor="officer-1")


def test_a_yes_is_not_typed_and_a_no_is(scene: Scene) -> None:
    case = scene.case()
    yes = {"id": "co-9", "person": "p-2", "purpose": "nominate", "event": "given",
           "form": "recorded", "happened_at": WHEN, "known_at": WHEN}  # fmt: skip
    with pytest.raises(CaseError, match="consent given: is not believed"):
        add(scene, case, consents=[yes])
    add(scene, case, consents=[{**yes, "event": "refused"}])
    told = {**typed(case_told()), "consents": [yes]}
    with pytest.raises(CaseError, match="consent given: is not believed"):
        open_typed(scene.gate, f"{case}-x", told, tenant="lender", actor="officer-1")


def test_an_outcome_that_stands_is_not_replaced_by_typing(scene: Scene) -> None:
    case = scene.case()
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    for told in (
        event("call", to="p-1", outcome="failed", replaces=answer.grant.grant_id),
        event("retraction", replaces=answer.grant.grant_id),
        event("payment", debt="d-1", replaces="od-1"),
    ):
        with pytest.raises(CaseError, match="not replaced by one that is typed"):
            add(scene, case, told)


@pytest.mark.parametrize("ahead_s", [0, 299])
def test_an_order_told_now_holds_now_whatever_the_tellers_clock_says(
    scene: Scene, ahead_s: int
) -> None:
    case = scene.case()
    later = iso(NOON + ahead_s * 1_000_000)
    order = event("order", person="p-1", step="issued", happened_at=later)
    add(scene, case, {**order, "known_at": iso(NOON + 3_600_000_000)})
    assert not scene.gate.propose(scene.call(case)).allowed
    with pytest.raises(CaseError, match="lies ahead"):
        add(scene, case, {**order, "id": "far", "happened_at": iso(NOON + 301_000_000)})


def test_an_order_told_late_does_not_make_an_earlier_decision_wrong(scene: Scene) -> None:
    case = scene.case()
    call = scene.call(case)
    assert scene.gate.propose(call).allowed
    scene.clock.move(60)
    add(scene, case, event("order", person="p-1", step="issued"))
    known = scene.gate.read(case)
    assert scene.gate.decide(call, known, scene.clock.now - 1)[0].verdict != "forbidden"
    assert scene.gate.decide(call, known, scene.clock.now)[0].verdict == "forbidden"


def test_the_same_told_again_is_harmless_and_another_under_its_id_refused(scene: Scene) -> None:
    case = scene.case()
    stop = event("stop", person="p-1", step="asked")
    add(scene, case, stop)
    version = scene.gate.read(case).file.version
    scene.clock.move(60)
    add(scene, case, stop)
    assert scene.gate.read(case).file.version == version
    with pytest.raises(CaseFileError, match="another event has this id"):
        add(scene, case, {**stop, "person": "p-2"})


@pytest.mark.parametrize(
    "told",
    [17, {"kind": "sermon"}, {"kind": ["stop"]}, event("stop", person="p-1", step="sang"),
     event("payment", debt="d-1", happened_at="noon"), event("stop", person="p-1", step=["asked"])],
)  # fmt: skip
def test_what_is_no_event_is_refused_by_the_reader_of_case_files(scene: Scene, told: Any) -> None:
    with pytest.raises(CaseFileError):
        add(scene, scene.case(), told)


def test_what_a_case_has_whole_is_said_when_it_is_opened_or_later(scene: Scene) -> None:
    case = scene.case(complete=[])
    call = scene.call(case)
    assert not scene.gate.propose(call).allowed
    whole = case_told()["complete"]
    add(scene, case, complete=whole[:5])
    add(scene, case, complete=whole)
    assert scene.gate.read(case).file.case.complete == set(whole)
    assert scene.gate.propose(scene.call(case)).allowed


@pytest.mark.parametrize("told", [None, {}, "calls", 7])
def test_what_is_added_is_told_in_lists(scene: Scene, told: object) -> None:
    case = scene.case()
    for name in ("people", "timeline", "complete"):
        with pytest.raises(CaseError, match="not told in lists"):
            add_typed(scene.gate, case, {name: told}, key="k", actor="officer-1")


def of_lender(scene: Scene) -> tuple[str, str]:
    """Open two cases of a lender that has stated nothing of its agencies."""
    told = json.loads(json.dumps(case_told()).replace('"l-1"', f'"l-{next(NUMBERS)}-states"'))
    return scene.case(**told), scene.case(**told)


def test_what_the_lender_states_of_its_agency_in_one_case_opens_and_shuts_every_case(
    scene: Scene,
) -> None:
    cases = of_lender(scene)
    for case in cases:
        missing = scene.gate.propose(scene.call(case)).missing
        assert {"agency_contract_complete", "agency_violent_record"} <= set(missing)
    state(scene, cases[0], "a-1", SOUND)
    assert all(scene.gate.propose(scene.call(case)).allowed for case in cases)
    # What is no longer known is null, and opens nothing.
    state(scene, cases[1], "a-1", {"agency_contract_complete": None})
    assert not any(scene.gate.propose(scene.call(case)).allowed for case in cases)


def test_what_is_stated_of_a_person_is_of_that_case(scene: Scene) -> None:
    case, other = of_lender(scene)
    state(scene, case, "p-1", {"joint_debt_proven": True, "estate_value_fen": 100})
    stated = scene.gate.read(case).file.stated
    assert stated == {"person:p-1": {"joint_debt_proven": True, "estate_value_fen": 100}}
    assert not scene.gate.read(other).file.stated


@pytest.mark.parametrize(
    ("of", "facts", "says"),
    [
        ("a-9", SOUND, "nobody of this case"),
        ("d-1", SOUND, "nobody of this case"),
        ("p-1", SOUND, "not stated of a person"),
        ("a-1", {"13800138000": True}, "not stated of a party"),
        ("a-1", {"agency_contract_complete": "yes"}, "is no bool"),
        ("p-1", {"estate_value_fen": True}, "is no int"),
        ("p-1", {"estate_value_fen": -1}, "is no amount"),
        ("p-1", {"estate_value_fen": 10**30}, "is no amount"),
        ("a-1", {}, "states nothing"),
    ],
)
def test_what_is_not_the_record_s_to_state_is_refused(
    scene: Scene, of: str, facts: Any, says: str
) -> None:
    case = of_lender(scene)[0]
    with pytest.raises((CaseError, ProposalError), match=says) as refused:
        state(scene, case, of, facts)
    assert "13800138000" not in str(refused.value)
    assert not scene.gate.read(case).parties["a-1"].stated


def test_a_statement_under_a_used_key_is_the_same_or_refused(scene: Scene) -> None:
    case = of_lender(scene)[0]
    state(scene, case, "a-1", SOUND, "k")
    version = scene.gate.read(case).parties["a-1"].version
    scene.clock.move(60)
    state(scene, case, "a-1", SOUND, "k")
    assert scene.gate.read(case).parties["a-1"].version == version
    with pytest.raises(RepeatedKeyError):
        state(scene, case, "a-1", {"agency_violent_record": True}, "k")


def test_the_case_to_copy_is_taken_and_its_lender_may_call(scene: Scene) -> None:
    root = Path(__file__).resolve().parents[3]
    text = (root / "examples/contact-case.json").read_text("utf-8")
    # Names of its own: what is told of an agency holds in every case of its lender.
    for name in ("l-1", "a-1", "c-1", "c-9"):
        text = text.replace(f'"{name}"', f'"{name}-copied"')
    told, case = json.loads(text), f"case-{next(NUMBERS)}"
    open_typed(scene.gate, case, told, tenant="lender-copied", actor="officer-1")
    call = scene.call(
        case, by="l-1-copied", collector="c-9-copied",
        states={"claimed_identity": "lender", "identity_stated": True},
    )  # fmt: skip
    answer = scene.gate.propose(call)
    assert answer.allowed, [(one.rule, one.missing) for one in answer.reasons]


def test_no_number_becomes_a_key_of_what_was_typed(scene: Scene) -> None:
    case = scene.case()
    with pytest.raises(CaseError, match="somebody's number"):
        state(scene, case, "a-1", SOUND, key="17405000007")
    with pytest.raises(CaseError, match="somebody's number"):
        add_typed(scene.gate, case, {"timeline": []}, key="k.17405000007", actor="officer-1")
