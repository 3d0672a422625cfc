"""What becomes of a grant: it holds while it would be given, and is told of when it does not."""

from collections.abc import Callable

import pytest
from tests.action.contact.conftest import OVERDUE
from tests.action.contact.scene import Scene

from kuanxian.action.contact.outcome import Report, report
from kuanxian.action.contact.proposal import Grant
from kuanxian.base.errors import ProposalError


def _used(scene: Scene, case: str, grant: Grant) -> None:
    told = Report(grant.grant_id, "delivered", scene.clock.now, "l-1", "officer-1")
    report(scene.gate, case, told)


def _over(scene: Scene, _case: str, grant: Grant) -> None:
    scene.clock.now = grant.expires_at


def _ordered(scene: Scene, case: str, _grant: Grant) -> None:
    scene.tell(case, {"kind": "order", "person": "p-1", "step": "issued"})


def _paid_in_part(scene: Scene, _case: str, _grant: Grant) -> None:
    scene.ledger.positions["d-1"] = OVERDUE._replace(overdue_principal_fen=1)


def _payment_told(scene: Scene, case: str, _grant: Grant) -> None:
    scene.tell(case, {"kind": "payment", "debt": "d-1"})
    scene.gate.read(case)  # As a process does that has kept nothing of it.


WHAT: dict[str, tuple[Callable[[Scene, str, Grant], None], str]] = {
    "its outcome was told": (_used, "used"),
    "its time ran out": (_over, "over"),
    "a police order came after it": (_ordered, "withdrawn"),
    "another amount is owed": (_paid_in_part, "withdrawn"),
    "a payment was told after it": (_payment_told, "withdrawn"),
}


@pytest.mark.parametrize(("happen", "became"), WHAT.values(), ids=WHAT.keys())
def test_a_retry_says_allowed_only_while_the_grant_holds(
    scene: Scene, happen: Callable[[Scene, str, Grant], None], became: str
) -> None:
    case = scene.case()
    message = scene.sms(case)
    first = scene.gate.propose(message)
    assert first.grant is not None
    assert scene.gate.propose(message).as_json() == first.as_json()
    happen(scene, case, first.grant)
    again = scene.gate.propose(message)
    assert (again.verdict, again.allowed, again.became) == ("lapsed", False, became)
    assert again.decision_id == first.decision_id
    assert scene.gate.standing(message, first.decision_id).word == became


def test_a_grant_that_fell_says_by_which_rule(scene: Scene) -> None:
    case = scene.case()
    call = scene.call(case)
    assert scene.gate.propose(call).allowed
    _ordered(scene, case, Grant("", "", "", 0, "", ""))
    again = scene.gate.propose(call)
    rules = {one.rule for one in again.reasons if one.verdict == "forbid"}
    assert "cn.complaint.no_contact_order" in rules
    assert again.would_change


def test_a_grant_that_a_payment_felled_says_so(scene: Scene) -> None:
    case = scene.case()
    message = scene.sms(case)
    grant = scene.gate.propose(message).grant
    assert grant is not None
    _payment_told(scene, case, grant)
    again = scene.gate.propose(message)
    assert again.became == "withdrawn"
    assert "days_past_due_grace" in again.missing
    assert "cn.contact.nothing_overdue" in {one.rule for one in again.reasons}
    assert again.would_change
    with pytest.raises(ProposalError, match=r"no position.*paid today.*wait for the next"):
        scene.gate.propose(scene.sms(case))


def test_the_last_grant_of_a_day_is_not_felled_by_itself(scene: Scene) -> None:
    case = scene.case()
    for _ in range(3):
        call = scene.call(case)
        assert scene.gate.propose(call).allowed
        assert scene.gate.propose(call).allowed
    assert not scene.gate.propose(scene.call(case)).allowed
    # The last retry of the third, with three in the timeline, is still its own.
    assert scene.gate.propose(call).allowed


def test_a_grant_of_another_case_does_not_stand(scene: Scene) -> None:
    call = scene.call(scene.case())
    assert scene.gate.standing(call, "d-none").word == "withdrawn"


def test_a_grant_whose_amount_nobody_knows_any_more_does_not_stand(scene: Scene) -> None:
    message = scene.sms(scene.case())
    answer = scene.gate.propose(message)
    assert answer.allowed
    scene.ledger.positions.clear()
    assert scene.gate.standing(message, answer.decision_id).word == "withdrawn"
