"""How far a notice has come, and what is next, from the journal alone."""

from typing import Any

import pytest
from tests.action.contact.conftest import OVERDUE
from tests.action.contact.scene import NOON, Scene, case_told
from tests.action.notice.pace import PACE

from kuanxian.action.contact.file_form import file_form
from kuanxian.action.contact.proposal import Grant, Proposal
from kuanxian.action.notice import Due, next_step, notices_due
from kuanxian.action.notice.life import Attempt, Do, Notice, Step
from kuanxian.action.notice.record import (
    Delivery,
    Sender,
    Way,
    able_channels,
    begin,
    proposal_of,
    read_notices,
    tell,
)
from kuanxian.base.days import day_of
from kuanxian.base.errors import OutcomeError
from kuanxian.law.case import Act
from kuanxian.law.case_file import case_of
from kuanxian.law.timeline import facts_of

DAY_US = 86_400_000_000
ABLE = {"sms", "in_app", "email", "letter"}
LATE = OVERDUE._replace(default_since_on=day_of(2026, 11, 13))
SIGNED = "2026-01-10T12:00:00+08:00"
CONSENT = {"id": "co-1", "person": "p-1", "purpose": "report", "event": "given",
           "form": "written", "separate": True, "debt": "d-1",
           "happened_at": SIGNED, "known_at": SIGNED}  # fmt: skip


def opened(scene: Scene, **more: Any) -> str:
    scene.ledger.positions["d-1"] = LATE
    return scene.case(consents=[CONSENT], **more)


def report_notice(scene: Scene, case: str) -> Due:
    due = notices_due(scene.gate.read(case, None).case, {"d-1": LATE}, scene.clock.now, PACE)
    return next(one for one in due if one.kind == "report_notice")


def granted(
    scene: Scene, case: str, due: Due, channel: str = "sms", number: int = 1
) -> tuple[Proposal, Grant]:
    point = able_channels(scene.gate.read(case, None).case, due.to)[channel]
    way, sender = Way(channel, number, point), Sender("l-1", "system:notices")
    made = proposal_of(case, due, way, sender, {}, scene.clock.now)
    answer = scene.gate.propose(made)
    assert answer.grant is not None, [(one.rule, one.missing) for one in answer.reasons]
    return made, answer.grant


def begun(scene: Scene, case: str, channel: str = "sms", number: int = 1) -> Grant:
    due = report_notice(scene, case)
    made, grant = granted(scene, case, due, channel, number)
    assert begin(scene.gate, due, made, grant, number)
    return grant


def came(scene: Scene, case: str, grant: Grant, state: str, **more: Any) -> bool:
    told = Delivery(grant.grant_id, state, scene.clock.now, tries=1, **more)
    return tell(scene.gate, case, told, "system:notices")


def facts(scene: Scene, case: str) -> dict[str, Any]:
    act = Act(kind="report", debt="d-1", record="overdue")
    return facts_of(scene.gate.read(case, None).case, act, scene.clock.now)


def test_a_delivered_notice_is_one_for_the_rule_on_reports(scene: Scene) -> None:
    case = opened(scene)
    assert facts(scene, case)["episode_notice_delivered"] is False
    grant = begun(scene, case)
    assert "不良信息报送告知" in grant.text
    came(scene, case, grant, "accepted", accepted_at=scene.clock.now)
    assert facts(scene, case)["episode_notice_delivered"] is False
    scene.clock.move(60)
    came(scene, case, grant, "delivered", delivered_at=scene.clock.now)
    assert facts(scene, case)["episode_notice_delivered"] is True
    due = notices_due(scene.gate.read(case, None).case, {"d-1": LATE}, scene.clock.now, PACE)
    assert "report_notice" not in {one.kind for one in due}


@pytest.mark.parametrize("answer", ["accepted", "uncertain"])
def test_an_answer_told_after_the_report_of_delivery_takes_nothing_back(
    scene: Scene, answer: str
) -> None:
    case = opened(scene)
    grant = begun(scene, case)
    asked_at = scene.clock.now
    scene.clock.move(60)
    assert came(scene, case, grant, "delivered", delivered_at=scene.clock.now)
    late = Delivery(grant.grant_id, answer, asked_at, tries=1)
    assert not tell(scene.gate, case, late, "system:notices")
    assert facts(scene, case)["episode_notice_delivered"] is True


def test_what_is_accepted_and_lost_later_is_open_again(scene: Scene) -> None:
    case = opened(scene)
    grant = begun(scene, case)
    came(scene, case, grant, "accepted", accepted_at=scene.clock.now)
    for state, arrived in (("delivered", True), ("failed", False), ("delivered", True)):
        scene.clock.move(60)
        delivered_at = scene.clock.now if arrived else None
        assert came(scene, case, grant, state, delivered_at=delivered_at)
        assert not came(scene, case, grant, state, delivered_at=delivered_at)
        assert facts(scene, case)["episode_notice_delivered"] is arrived
    scene.clock.move(60)
    came(scene, case, grant, "failed")
    due = report_notice(scene, case)
    notice = read_notices(scene.gate, case)[due.key]
    assert next_step(due.kind, notice, scene.clock.now, ABLE, PACE).channel == "in_app"
    # All of it can be read back as a case file, and added to.
    scene.tell(case, {"kind": "payment", "debt": "d-1"})
    read = scene.gate.read(case, None).case
    assert case_of(file_form(read, scene.clock.now, Act(kind="duty")), "back").events == read.events


def test_who_is_second_at_an_attempt_sends_nothing(scene: Scene) -> None:
    case = opened(scene)
    due = report_notice(scene, case)
    first = granted(scene, case, due)
    scene.clock.move(60)
    second = granted(scene, case, due)
    assert begin(scene.gate, due, *first, 1)
    assert not begin(scene.gate, due, *second, 1)
    scene.clock.move(86_400 // 2)
    notice = read_notices(scene.gate, case)[due.key]
    assert next_step(due.kind, notice, scene.clock.now, ABLE, PACE).do is Do.WAIT


def test_nothing_is_told_of_a_grant_under_which_no_notice_went(scene: Scene) -> None:
    case = opened(scene)
    with pytest.raises(OutcomeError, match="no notice"):
        tell(scene.gate, case, Delivery("d-none", "delivered", NOON), "system:notices")


def attempt(channel: str, state: str, number: int = 1) -> Attempt:
    return Attempt(number, channel, f"g-{number}", NOON, NOON, state, NOON)


def too_late(channel: str, number: int = 1) -> Attempt:
    """Make an attempt whose window was about to end: nothing was sent."""
    made = attempt(channel, "expired", number)
    return made._replace(expires_at=NOON + 300, failure="WINDOW ENDS")


STEPS: dict[str, tuple[list[Attempt], int, set[str], Step]] = {
    "nothing tried": ([], 0, ABLE, Step(Do.PROPOSE, "sms", 1)),
    "no mobile": ([], 0, {"in_app", "letter"}, Step(Do.PROPOSE, "in_app", 1)),
    "no way at all": ([], 0, set(), Step(Do.HELD)),
    "accepted": (
        [attempt("sms", "accepted")], DAY_US - 1, ABLE, Step(Do.WAIT, "sms", 1, NOON + DAY_US)
    ),
    "accepted and silent for a day": (
        [attempt("sms", "accepted")], DAY_US, ABLE, Step(Do.PROPOSE, "in_app", 2)
    ),
    "begun and never heard of again": (
        [attempt("sms", "begun")], DAY_US - 1, ABLE, Step(Do.WAIT, "sms", 1, NOON + DAY_US)
    ),
    "uncertain": (
        [attempt("sms", "uncertain")], 0, ABLE, Step(Do.WAIT, "sms", 1, NOON + DAY_US)
    ),
    "failed": ([attempt("sms", "failed")], 0, ABLE, Step(Do.PROPOSE, "in_app", 2)),
    "expired, so nothing was sent": (
        [attempt("sms", "expired")], 0, ABLE, Step(Do.PROPOSE, "sms", 2)
    ),
    "the window was about to end": ([too_late("sms")], 0, ABLE, Step(Do.PROPOSE, "in_app", 2)),
    "the window was about to end, and there is no other channel": (
        [too_late("sms")], 0, {"sms"}, Step(Do.WAIT, "sms", 1, NOON + 300)
    ),
    "the window ended": ([too_late("sms")], 300, {"sms"}, Step(Do.PROPOSE, "sms", 2)),
    "nothing was sent thirty times": (
        [too_late("sms", number) for number in range(1, 31)], 300, {"sms", "letter"},
        Step(Do.PROPOSE, "sms", 31),
    ),
    "delivered": ([attempt("sms", "delivered")], 0, ABLE, Step(Do.DONE)),
    "delivered by the second": (
        [attempt("sms", "failed"), attempt("in_app", "delivered", 2)], 0, ABLE, Step(Do.DONE)
    ),
    "every channel failed": (
        [attempt("sms", "failed"), attempt("letter", "failed", 2)], 0, {"sms", "letter"},
        Step(Do.HELD),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("tried", "later", "able", "step"), STEPS.values(), ids=STEPS.keys())
def test_what_is_next_of_a_notice(
    tried: list[Attempt], later: int, able: set[str], step: Step
) -> None:
    notice = Notice("k", "report_notice", {}, tuple(tried)) if tried else None
    assert next_step("report_notice", notice, NOON + later, able, PACE) == step


def test_a_person_is_written_to_by_their_own_points(scene: Scene) -> None:
    points = [*case_told()["points"], {"id": "pt-3", "person": "p-1", "kind": "address",
                                       "origin": "contract", "place": "home"}]  # fmt: skip
    read = scene.gate.read(opened(scene, points=points), None).case
    assert able_channels(read, "p-1") == {"sms": "pt-1", "letter": "pt-3"}


@pytest.mark.parametrize(("is_due", "allowed"), [(True, True), (False, False)])
def test_a_due_notice_in_the_app_takes_no_place_of_a_message_and_what_is_called_one_does(
    scene: Scene, is_due: bool, allowed: bool
) -> None:
    app = {"id": "pt-9", "person": "p-1", "kind": "app", "origin": "contract", "place": "mobile"}
    case = scene.case(points=[*case_told()["points"], app])
    for number in range(2):
        notice = scene.sms(case, channel="in_app", point="pt-9",
                           notice=f"first_overdue-{number}" if is_due else "")  # fmt: skip
        assert scene.gate.propose(notice).allowed
    # The case is read anew as well as gone on with from what was kept.
    scene.tell(case)
    assert scene.gate.propose(scene.sms(case, purpose="collect")).allowed is allowed
