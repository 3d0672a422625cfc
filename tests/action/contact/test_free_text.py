"""Free text: who speaks is read off the words, and what cannot be known of them blocks."""

from typing import Any

import pytest
from tests.action.contact.scene import Scene, case_told

from kuanxian.action.contact import Answer
from kuanxian.action.contact.free_text import facts_of_text
from kuanxian.action.contact.words import Lexicon
from kuanxian.base.errors import ProposalError

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
    "a card": f"【{LENDER}】请把钱打到6222020200112233445，户名张三。",
    "an amount in words": f"【{LENDER}】您欠款捌仟元整，请尽快还款。",
}
WITHOUT_FIGURES = (
    *LAWFUL,
    "您的贷款已逾期，今天是2026年11月25日，请在12月5日前还款。",
    "还款日为15日，请于11月30日18:00前处理，还有3期未到期。",
    "我们会在3-5个工作日内答复，工作时间9:00-18:00，一共有两种方案：1、展期；2、分期。",
    "请勿向个人转账，我们不会上门收取现金，也不会给您的家人打电话。",
    "您可以把还款日改到每月十号，第二期起生效，每年一次。",
    "我是工号10086，请千万不要转借，万一有困难我们一块儿想办法。",
    "您尾号0042的贷款需要您处理，可拨打400-000-0001或12378。",
    "投诉请拨12378，遇假冒公安请拨110，日利率0.05%。",
    "客服热线4000000001，24小时在线，365天服务。",
    "截至2026年，元月起照常服务；元旦期间照常服务，老百姓有困难请告诉我们。",
    "近三千名客户已办理，请在第二十一天前答复，三百六十五天都可以联系我们。",
    "收到您的付款，谢谢，您的还款已到账。",
    "请确保绑定银行卡余额充足，系统将自动扣款。",
    "我司不会以任何理由要求您向个人转账，请不要点击陌生链接。",
    "您所咨询的提前还款不收取违约金，年化利率为18%。",
    "您的投诉编号为20261125001，我们将在十五日内答复。",
    "请问您是王女士本人吗？我是工号1024的客服。",
    "您的贷款还有3期未还，如已结清请忽略。",
    "请保管好您的账户密码，不要告诉他人。",
    "明天是您的还款日，请确保账户余额充足。",
    "您的自动扣款未成功，请检查银行卡余额，或更换绑定的银行卡。",
    "我们已收到您的还款，账户已恢复正常，您的账户状态请登录查看。",
    "您有一笔还款正在处理中，请勿重复支付，逾期记录会随还款更新。",
    "多还的款项已退回原账户，退款已原路退回您的银行卡。",
    "我司未授权任何个人收取款项，客服不会通过微信联系您。",
    "您的信息不会提供给他人，请将医疗证明发送至客服邮箱。",
    "您收到我们寄给您的对账单了吗？如遭遇诈骗，请联系我们冻结账户。",
)
AMOUNTS = (
    "您应还5,000元", "您应还 ￥5,000.00", "您欠款捌仟元整", "八万块钱", "欠我们八万块", "逾期8万",
    "80000 RMB", "rmb8000", "人民币80000", "8千", "8w", "8.5k", "1.5万元", "一千二百", "欠3万多",
    "欠三万", "陆萬伍仟圓整", "８０００元", "8\u200b000元", "五千人民币", "几万块", "八块钱",
)  # fmt: skip
"""A sum, as people write them."""
NOT_ACCOUNTED = (
    "请将六万年底前还清", "共9万天亮前还清", "您还欠六十", "应还三十没还", "欠七十个",
    "还五十天亮前给", "准备好两百张红票",
    "尾号60000的款今天到位", "编号70000未结清", "工号90000的款", "第三千块", "还一半", "五。十",
    "〡〢〣", "请将八十天亮前付清", "把八百年底前结清", "八十点前还", "五十次日还",
    "叁佰", "请补 二 百",
    "逾期将按日5%计收", "罚息每日5%", "违约金为本金的30%", "您的欠款是五位数", "欠款已翻倍",
    "欠款已过万",
    "罚息将是3倍", "欠我们半个月工资", "您欠的够买一部手机", "不还将产生高额滞纳金",
    "没有还款要加收手续费", "需另付律师费",
)  # fmt: skip
"""Numbers that are nothing known to be harmless; some were taken for a span, a count or a name."""
LATE = (
    "您已逾期12天", "逾期3期", "逾期天数已经达到90天", "您拖欠三个月了", "欠了半年零二十天",
    "九十天未还", "贷款超期2年",
    "您12期都没还", "您已逾期快半年了", "您半年没还了", "您拖了大半年了", "逾期近一个季度",
    "您已逾期多月", "逾期数年",
)  # fmt: skip
"""How late somebody is said to be, by hand."""
BARE = ("您欠款80000，请尽快还", "逾期金额 80,000", "一共120000", "应还50", "还款码123456")
"""Figures of which nobody knows what they count."""
PAYEES = (
    "请把钱打到6222020200112233445，户名张三。", "打款至6222 0202 0011 2233 445",
    "卡6222-0202-0011-2233", "请付62220202001122", "六二二二零二零二零零一一二二三三四四五",
    "钱打给张三", "转给我", "支付宝还我", "支 付 寶還我", "加微信还款", "扫码付款", "存入户名张三",
    "发红包给我", "还到张三的个人卡", "请用这张卡还", "微 信 收",
    "钱打我卡里", "款子给到李四", "钱给我就行", "现金交给上门的李师傅", "用现金还给业务员",
    "加我v信谈", "加企鹅号谈", "点 t.cn/abc 还款",
    "向李四还款", "还款给李四", "把它存李四那儿", "汇李四", "贷款交李四", "http://a.example/b",
    "加薇♥我", "请将款项送至李四处", "扫一下这个码", "请缴到李四处", "转我这里",
    "请支付王师傅", "请支付李四", "请归还王经理", "您直接还李四就行", "请清偿于王某",
    "请还李四本人",
    "请备好欠款，李四今晚来取", "王师傅今晚上门", "由李四代收", "请找王经理结清", "由他代您归还",
    "请将欠款递交李四", "请将欠款移交李四", "请缴清至李四处", "请把欠的送到李四家",
    "请结算到李四处",
    "请垫付李四", "请今晚带款到我处", "请汇总到李四处", "把欠的打李四那儿", "请偿还我司会计",
    "我上门来拿",
    "请付清李四", "让您儿子捎给我", "请充值到该手机号", "请将应还的放到门卫那", "由外勤代为领取",
    "还款可找赵明", "还款请联系赵明", "请把贷款了结在赵明那", "把欠款结清在赵明处",
    "到楼下找我还款",
    "请补足赵明账户余额", "您的账户已换成赵明的", "请告诉我您的账户密码", "请退回赵明的银行卡",
    "款项请退回原账户", "请更换银行卡为赵明的卡", "除赵明外未授权个人收款，请给他",
    "我们会通过微信联系您", "请还款更新到赵明", "联系我们冻结账户的赵明", "请寄给赵明",
    "请发送到客服邮箱旁的赵明家",
    "请加群处理", "请进我们的群", "加我小v", "加我tg", "请搜抖音号", "请下载飞书", "da wo ka shang",
)  # fmt: skip
"""Where to pay, or what may be that."""
NO_ANSWER = (
    "还钱！", "什么时候还？", "您打算几时还？", "请问您哪天能付？", "想清楚不还的后果", "您还了吗",
    "请还清", "罚息照算",
)  # fmt: skip
"""A request to pay, or a hint at one."""
ANSWERS = (
    "您所咨询的提前还款没有违约金。", "您的还款日为每月15日。", "可以提前还款，还可以改还款日。",
    "您已还清，谢谢。",
)  # fmt: skip
PHONES = (
    "请回电13800138000。", "请回电138 0013 8000", "联系王经理＋86-138-0013-8000",
    "电话010-88886666", "幺三八零零幺三八零零零", "1 3 8 0 0 1 3 8 0 0 0",
)  # fmt: skip


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


@pytest.mark.parametrize("text", WITHOUT_FIGURES)
def test_a_lawful_text_without_figures_states_no_sum_and_no_payee(
    lexicon: Lexicon, text: str
) -> None:
    facts = facts_of_text(text, lexicon.screen, lexicon.registered, ["0042"])
    assert (facts["states_amount"], facts["payee_kind"]) == (False, "none")


def test_the_statute_a_dispute_and_a_warning_of_swindlers_claim_no_report(lexicon: Lexicon) -> None:
    for text, claims in (
        ("依据征信业管理条例，您有权提出异议。", False),
        ("您的征信异议申请已收到，请勿轻信“征信修复”等广告。", False),
        ("您按时还款，信用记录良好。", False),
        ("将报送征信。", True),
        ("您的征信修复不了了。", True),
        ("征信异议也没用，信用记录受损。", True),
    ):
        facts = facts_of_text(text, lexicon.screen, lexicon.registered)
        assert facts["claims_reporting"] is claims


@pytest.mark.parametrize("text", AMOUNTS)
def test_a_sum_is_seen_however_it_is_written(lexicon: Lexicon, text: str) -> None:
    assert facts_of_text(text, lexicon.screen, lexicon.registered)["states_amount"] is True


@pytest.mark.parametrize("text", BARE)
def test_of_a_bare_figure_it_is_not_known_whether_it_is_a_sum(lexicon: Lexicon, text: str) -> None:
    assert "states_amount" not in facts_of_text(text, lexicon.screen, lexicon.registered)


@pytest.mark.parametrize("text", [*NOT_ACCOUNTED, *LATE])
def test_a_number_that_is_not_known_to_be_harmless_is_not_taken_for_it(
    lexicon: Lexicon, text: str
) -> None:
    for written in (text, f"您好，请注意：{text}，谢谢。"):
        facts = facts_of_text(written, lexicon.screen, lexicon.registered, ["0042"])
        assert facts.get("states_amount") is not False


@pytest.mark.parametrize("text", PAYEES)
def test_where_a_text_may_name_a_payee_it_is_not_said_to_name_none(
    lexicon: Lexicon, text: str
) -> None:
    facts = facts_of_text(text, lexicon.screen, lexicon.registered)
    assert facts.get("payee_kind") in (None, "private")


@pytest.mark.parametrize("text", [*NO_ANSWER, *ANSWERS])
def test_a_bare_demand_is_no_answer(lexicon: Lexicon, text: str) -> None:
    facts = facts_of_text(text, lexicon.screen, lexicon.registered)
    assert facts["answer_words"] is (text in ANSWERS)


@pytest.mark.parametrize("text", PHONES)
def test_a_telephone_number_that_is_not_the_firms_is_refused(lexicon: Lexicon, text: str) -> None:
    with pytest.raises(ProposalError, match="a telephone number"):
        facts_of_text(text, lexicon.screen, lexicon.registered)


def test_the_firms_own_number_may_be_given(lexicon: Lexicon) -> None:
    own = {**lexicon.registered, "callback_number": "+86 10-8888 6666"}
    for text in ("请回电010-88886666。", "请回电 10 8888 6666"):
        facts = facts_of_text(text, lexicon.screen, own)
        assert (facts["states_amount"], facts["payee_kind"]) == (False, "none")


def test_free_text_goes_out_under_a_persons_name(scene: Scene) -> None:
    case = scene.case()
    told: dict[str, Any] = {"template": "", "collector": None, "text": "您好", "by": "l-1"}
    machine = {"channel": "voice_ai", "states": {"ai_disclosed": True, "human_reachable": True}}
    for free in (scene.sms(case, **told), scene.call(case, **told, **machine),
                 scene.call(case, **told, states={})):  # fmt: skip
        with pytest.raises(ProposalError, match="nobody answers for"):
            scene.gate.propose(free)


@pytest.mark.parametrize("channel", ["sms", "in_app", "email", "voice_ai", "voice_human"])
def test_what_screening_finds_counts_on_every_channel_with_words(
    scene: Scene, channel: str
) -> None:
    kind = {"in_app": "app", "email": "email"}.get(channel, "mobile")
    point = {"id": "pt-9", "person": "p-1", "kind": kind, "origin": "contract"}
    case = scene.case(points=[*case_told()["points"], point])
    told: dict[str, Any] = {"template": "", "states": {}, "point": "pt-9", "channel": channel,
                            "act": "contact" if "voice" in channel else "message"}  # fmt: skip
    for text in ("再不还就打爆你的通讯录", "再不还就曝光你"):
        answer = scene.gate.propose(scene.call(case, text=text, **told))
        assert {"cn.content.pressure", "cn.content.spoken_script"} & {
            one.rule for one in answer.reasons
        }, text


def test_a_machine_that_somebody_answers_for_is_a_machine_still(scene: Scene) -> None:
    case = scene.case()
    called = scene.call(case, channel="voice_ai", text="您好", states={})
    facts = scene.gate.decide(called, scene.gate.read(case), scene.clock.now)[0].facts
    assert facts["act_automated"] is True
