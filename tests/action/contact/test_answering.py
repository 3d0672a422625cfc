"""An answer is one: after a question, in the words of one, once a day by a channel."""

import pytest
from tests.action.contact.scene import Scene, case_told
from tests.action.contact.test_gate import rules


def test_an_answer_needs_a_question_and_answers_it_once(scene: Scene) -> None:
    case = scene.case()
    scene.tell(case, {"kind": "stop", "person": "p-1", "step": "asked"})
    scene.tell(case, {"kind": "inbound", "person": "p-1"})
    scene.clock.move(60)
    assert not scene.gate.propose(scene.call(case)).allowed
    assert "cn.policy.answer_only" in rules(scene.gate.propose(scene.call(case, purpose="answer")))
    call = scene.racer(case, 0, purpose="answer")._replace(template="answer")
    assert scene.gate.propose(call).allowed
    scene.clock.move(60)
    again = scene.gate.propose(call._replace(key="again"))
    assert {"cn.policy.answer_asked", "cn.frequency.stop_asked"} <= rules(again)


NO_ANSWERS = [
    "您的贷款已逾期，请今天还清。", "您咨询的事已办妥，请尽快还款。", "您好，请您明天之前处理。",
    "请还八千元。", "您的欠款请留意。", "答复如下：务必今天把款项结清。",
]  # fmt: skip
ANSWERS = ["您咨询的还款方式，可以在官方App查看。", "您反映的情况已登记，十一月三十日答复您。"]


@pytest.mark.parametrize("text", [*NO_ANSWERS, *ANSWERS])
def test_only_the_words_of_an_answer_go_as_one(scene: Scene, text: str) -> None:
    case = scene.case(parties=[*case_told()["parties"],
                               {"id": "c-9", "kind": "collector", "of": "l-1"}])  # fmt: skip
    scene.tell(case, {"kind": "inbound", "person": "p-1"})
    words = {"template": "", "text": f"某某消费金融有限公司：{text}", "collector": "c-9"}
    answer = scene.gate.propose(scene.sms(case, purpose="answer", **words))
    assert ("cn.policy.answer_only" in rules(answer)) is (text in NO_ANSWERS)


def test_however_often_it_is_typed_that_somebody_asked_one_answer_a_day_goes_by_a_channel(
    scene: Scene,
) -> None:
    case = scene.case()
    allowed = []
    for channel in ("sms", "sms", "sms", "voice_ai"):
        scene.tell(case, {"kind": "inbound", "person": "p-1"})
        scene.clock.move(5)
        by_sms = scene.sms(case, purpose="answer", template="answer")
        call = scene.racer(case, 0, purpose="answer")._replace(template="answer")
        allowed.append(scene.gate.propose(by_sms if channel == "sms" else call).allowed)
    assert allowed == [True, False, False, True]
    scene.clock.move(86_400)
    scene.tell(case, {"kind": "inbound", "person": "p-1"})
    assert scene.gate.propose(scene.sms(case, purpose="answer", template="answer")).allowed
