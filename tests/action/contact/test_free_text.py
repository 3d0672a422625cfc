"""Free text: who speaks is read off the words, and what cannot be known of them blocks."""

import pytest
from tests.action.contact.scene import Scene

from kuanxian.action.contact import Answer

LENDER = "某某消费金融有限公司"
LAWFUL = (
    f"您好，我是{LENDER}工号007，请您与我们联系协商还款。",
    f"【{LENDER}】请您方便时与我们联系，可通过官方App申请调整还款安排。",
)
NOT_SHOWN = {
    "nobody is named": "您好，请您与我们联系协商还款。",
    "named at the end": f"请您与我们联系协商还款。{LENDER}",
    "another name": "【另一家公司】请您与我们联系协商还款。",
    "a name like it": "您好，我是某某消费金融，请您与我们联系协商还款。",
    "somebody else as well": f"【{LENDER}】我是张律师，请您与我们联系。",
    "a court as well": f"【{LENDER}】这里是法院执行局，请您与我们联系。",
    "on behalf": f"【{LENDER}】我代表调解中心请您回电。",
}
HARMFUL = {
    "a threat": f"【{LENDER}】再不还钱就通知你家人。",
    "a private account": f"【{LENDER}】把钱转到我个人微信，给你减免。",
    "an amount nobody checked": f"【{LENDER}】您应还5,000元，请与我们联系。",
}


def asked(scene: Scene, text: str) -> Answer:
    own = {"id": "c-9", "kind": "collector", "of": "l-1"}
    began = "2026-10-01T00:00:00+08:00"
    case = scene.case()
    trained = [{"kind": "training", "party": "c-9", "step": one, "happened_at": began,
                "known_at": began} for one in ("exam_passed", "trained")]  # fmt: skip
    scene.tell(case, *trained, parties=[own])
    return scene.gate.propose(scene.sms(case, template="", values={}, text=text, collector="c-9"))


@pytest.mark.parametrize("text", LAWFUL)
def test_a_lawful_text_that_begins_with_the_lenders_name_is_allowed(
    scene: Scene, text: str
) -> None:
    answer = asked(scene, text)
    assert answer.allowed, (answer.missing, [one.rule for one in answer.reasons])


@pytest.mark.parametrize("text", NOT_SHOWN.values(), ids=NOT_SHOWN.keys())
def test_a_text_of_which_it_is_not_known_who_speaks_is_not_allowed(scene: Scene, text: str) -> None:
    answer = asked(scene, text)
    assert not answer.allowed
    assert {"claimed_identity", "identity_stated"} & set(answer.missing)


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL.keys())
def test_a_harmful_text_is_not_allowed_whoever_speaks(scene: Scene, text: str) -> None:
    assert not asked(scene, text).allowed
