"""What became of an act, and who may say so."""

from typing import Any

import pytest
from tests.action.contact.scene import Scene

from kuanxian.action.contact.casebook import read_case
from kuanxian.action.contact.outcome import Report, report
from kuanxian.base.errors import OutcomeError


def granted(scene: Scene, case: str) -> str:
    grant = scene.gate.propose(scene.call(case)).grant
    assert grant is not None
    return grant.grant_id


def told(scene: Scene, grant: str, **more: Any) -> Report:
    return Report(grant, "no_answer", scene.clock.now, "a-1", "officer-1")._replace(**more)


def test_an_outcome_told_twice_is_one_outcome(scene: Scene) -> None:
    case = scene.case()
    grant = granted(scene, case)
    first = report(scene.gate, case, told(scene, grant))
    assert report(scene.gate, case, told(scene, grant)) == first
    with pytest.raises(OutcomeError, match="another outcome"):
        report(scene.gate, case, told(scene, grant, outcome="busy"))


@pytest.mark.parametrize("first", ["unknown", "no_answer"])
@pytest.mark.parametrize("better", ["wrong_person", "dead_number", "identified"])
def test_what_was_not_known_is_told_better_once(scene: Scene, first: str, better: str) -> None:
    case = scene.case()
    grant = granted(scene, case)
    report(scene.gate, case, told(scene, grant, outcome=first))
    scene.clock.move(60)
    known = told(scene, grant, outcome=better)
    version = report(scene.gate, case, known)
    assert report(scene.gate, case, known) == version
    with pytest.raises(OutcomeError, match="another outcome"):
        report(scene.gate, case, told(scene, grant, outcome=first))
    # Nobody is called there again; who was reached is called as often as was left.
    assert scene.gate.propose(scene.call(case)).allowed is (better == "identified")
    events = scene.gate.read(case).case.events
    assert scene.gate.read(case) == read_case(scene.gate._read, case)
    assert [one.outcome for one in events if one.id.startswith(grant)][-1] == better


@pytest.mark.parametrize(
    ("first", "other"),
    [("unknown", "no_answer"), ("identified", "unknown"), ("wrong_person", "identified")],
)
def test_what_would_open_is_not_told_otherwise(scene: Scene, first: str, other: str) -> None:
    case = scene.case()
    grant = granted(scene, case)
    report(scene.gate, case, told(scene, grant, outcome=first))
    with pytest.raises(OutcomeError, match="another outcome"):
        report(scene.gate, case, told(scene, grant, outcome=other))


YEAR_ONE = -62_135_596_800_000_000
"""The instant of a program that has none; no journal can hold it."""

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a grant nobody gave": ({"grant_id": "d-none"}, "no such grant"),
    "somebody else's grant": ({"by": "a-2"}, "somebody else"),
    "an outcome of another act": ({"outcome": "read"}, "unknown of a call"),
    "an outcome of tomorrow": ({"later": 600}, "after now"),
    "an outcome from before the grant": ({"later": -600}, "before the grant"),
    "arrived in the year one": ({"delivered_at": YEAR_ONE}, "before the grant"),
    "arrived next year": ({"delivered_at": 1_830_000_000_000_000}, "after now"),
    "a sign nobody knows": ({"signs": ("paid",)}, "unknown or said twice"),
    "a sign said twice": ({"signs": ("distress", "distress")}, "unknown or said twice"),
}


@pytest.mark.parametrize(("more", "reason"), BAD.values(), ids=BAD.keys())
def test_an_outcome_that_cannot_be_is_refused(
    scene: Scene, more: dict[str, Any], reason: str
) -> None:
    case = scene.case()
    grant = granted(scene, case)
    later = more.get("later", 0)
    outcome = told(scene, grant, **{key: value for key, value in more.items() if key != "later"})
    outcome = outcome._replace(happened_at=outcome.happened_at + later * 1_000_000)
    with pytest.raises(OutcomeError, match=reason):
        report(scene.gate, case, outcome)


@pytest.mark.parametrize("off", [-290, -2, 2, 290])
def test_a_clock_that_is_a_little_off_loses_no_outcome(scene: Scene, off: int) -> None:
    case = scene.case()
    scene.clock.now += 400_000  # the grant is not of a whole second; what is told of it is
    grant = granted(scene, case)
    moment = scene.clock.now // 1_000_000 * 1_000_000 + off * 1_000_000
    outcome = told(scene, grant, happened_at=moment, signs=("police_order",))
    first = report(scene.gate, case, outcome)
    scene.clock.move(300)
    assert report(scene.gate, case, outcome) == first
    assert not scene.gate.propose(scene.call(case)).allowed
    order = next(one for one in scene.gate.read(case).case.events if one.kind == "order")
    assert order.happened_at == first_instant(scene, case)


def first_instant(scene: Scene, case: str) -> int:
    granted = next(iter(scene.gate.read(case).file.grants.values()))
    return int(granted["attempt"]["happened_at"])


LOST: dict[str, dict[str, Any]] = {
    "an outcome of tomorrow": {"later": 86_400},
    "an outcome from before the grant": {"later": -86_400},
    "an outcome of another act": {"outcome": "read"},
    "arrived in the year one": {"delivered_at": YEAR_ONE},
    "beside a sign nobody knows": {"signs": ("police_order", "paid")},
}


@pytest.mark.parametrize("more", LOST.values(), ids=LOST.keys())
def test_a_sign_is_taken_in_though_its_outcome_is_refused(
    scene: Scene, more: dict[str, Any]
) -> None:
    case = scene.case()
    grant = granted(scene, case)
    moment = scene.clock.now + more.get("later", 0) * 1_000_000
    fields = {key: value for key, value in more.items() if key != "later"}
    outcome = told(scene, grant, **{"signs": ("police_order",), **fields})
    for taken in (True, False):
        with pytest.raises(OutcomeError) as refused:
            report(scene.gate, case, outcome._replace(happened_at=moment))
        assert ("taken in all the same: police_order" in refused.value.advice) is taken
    assert not scene.gate.propose(scene.call(case)).allowed
    # The outcome itself is still to come, and does not bring the sign a second time.
    report(scene.gate, case, told(scene, grant, signs=("police_order",)))
    assert [one.kind for one in scene.gate.read(case).case.events].count("order") == 1


def test_a_sign_may_be_told_after_the_outcome(scene: Scene) -> None:
    case = scene.case()
    grant = granted(scene, case)
    report(scene.gate, case, told(scene, grant))
    assert scene.gate.propose(scene.call(case)).allowed
    scene.clock.move(60)
    later = told(scene, grant, officer="officer-2", signs=("distress",))
    version = report(scene.gate, case, later)
    assert report(scene.gate, case, later) == version
    assert not scene.gate.propose(scene.call(case)).allowed
    with pytest.raises(OutcomeError, match=r"another outcome.*the same: police_order"):
        report(scene.gate, case, told(scene, grant, outcome="busy", signs=("police_order",)))
    assert "order" in {one.kind for one in scene.gate.read(case).case.events}


def test_a_sign_told_of_somebody_elses_grant_is_nobodys(scene: Scene) -> None:
    case = scene.case()
    grant = granted(scene, case)
    with pytest.raises(OutcomeError, match="somebody else"):
        report(scene.gate, case, told(scene, grant, by="a-2", signs=("police_order",)))
    assert "order" not in {one.kind for one in scene.gate.read(case).case.events}


def test_a_grant_of_another_case_is_no_grant_here(scene: Scene) -> None:
    grant = granted(scene, scene.case())
    with pytest.raises(OutcomeError, match="no such grant"):
        report(scene.gate, scene.case(), told(scene, grant))


def test_a_grant_without_an_outcome_counts_as_used(scene: Scene) -> None:
    case = scene.case()
    for _ in range(3):
        granted(scene, case)
    scene.clock.move(6 * 3600)
    assert not scene.gate.propose(scene.call(case)).allowed


def test_a_debtor_who_says_stop_is_not_called_again_without_a_person(scene: Scene) -> None:
    case = scene.case()
    grant = granted(scene, case)
    report(scene.gate, case, told(scene, grant, outcome="wrong_person", signs=("asked_to_stop",)))
    assert not scene.gate.propose(scene.call(case)).allowed
