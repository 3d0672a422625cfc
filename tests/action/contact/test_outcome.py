"""What became of an act, and who may say so."""

from typing import Any

import pytest
from tests.action.contact.scene import Scene

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


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a grant nobody gave": ({"grant_id": "d-none"}, "no such grant"),
    "somebody else's grant": ({"by": "a-2"}, "somebody else"),
    "an outcome of another act": ({"outcome": "read"}, "unknown of a call"),
    "an outcome of tomorrow": ({"later": 60}, "after now"),
    "an outcome from before the grant": ({"later": -60}, "before the grant"),
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
