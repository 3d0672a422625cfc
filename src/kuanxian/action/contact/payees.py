"""Payees: a text that may ask to pay somebody does not say that it names nobody to pay.

Nobody can list how people name who gets the money, so what is harmless is listed, by three rules:
behind a verb for paying stands one of the words that may follow it, and so no receiver; a word
for handing over, fetching or joining stands in an ordinary phrase; and no person but the reader
is named. Of every other word of these kinds it is not known where it sends the money.
"""

import re
from typing import Final

from kuanxian.screen.normalise import normalise

_CLAUSE: Final = re.compile(r"[，。；！？、：,;!?:\n“”\"（）()《》]+")
_END: Final = "|"
"""Between clauses; the normal form has no marks."""

_VERB: Final = (
    "支付|付款|归还|偿还|清偿|还清|还款|结清|结算|缴清|缴纳|付清|付息|垫付|补缴|代偿|还(?![款清])"
)
_FOLLOWS: Final = "|".join(
    (
        rf"\{_END}|$|[了的后前时日期吗呢吧且并或即又还和与及完过掉得]",
        "(?:这|那|该|本|此|上|全|部|剩|当|逾|欠|贷|借|旧|债|利|罚|息|一部|最|所|多少|账单|金额|款)",
        "计划|方[式案法]|安排|能力|困难|压力|义务|责任|记录|意愿|意向|情况|问题|事宜|提醒|通知|"
        "服务|协助|密码|令|任何|凭证|证明",
        "渠道|途径|入口|页面|通道|功能|操作|步骤|状态|结果|成功|失败|完成|明细|总额|信息|协议|"
        rf"申请|办理|确认|更新(?=\{_END}|$|[了后])|正在(?:处理|审核|确认|扣款)",
        "期限|截止|宽限|额|单(?!独)|一笔|属于|方便|支持|享受|存在|保留",
        "如|若|请|可|会|将|需|是|有|没|未|不|以|就|也|才|对|遇|已|再|去|而|之|为|均|都|仍|按|钱|"
        "费|能|要|应|在|想|好|望|剩|差|让您|由您",
    )
)
"""What may follow a verb for paying: the end of its clause, what is paid, or a word about it."""
_OFFICES: Final = (
    "客服|官方|监管|银行|平台|电话|方式|人(?!员)|当地|法律|专业|贷后|在线|热线|消费|投诉|工作"
    "|有关|相关|任何|第三方|渠道|地址|号码|协商|沟通|处理|申请|家|亲|单位|中断|失"
)
"""Whom a reader may be told to get in touch with, and words about it."""
_RECEIVER: Final = re.compile(
    rf"(?:{_VERB})(?!{_FOLLOWS})"
    rf"|[代替](?:为|[您你])?(?:[还付缴交收取领垫偿]|{_VERB})"
    r"|向(?![我本原]|官方|监管|法院|客服|平台|银行|贷款人|出借人|债权人)[^您你|]{1,8}?"
    "(?:还款|付款|支付|缴|偿还)"
    rf"|(?:找|联系)(?!\{_END}|$|[的了时后不上过到回并或与和您你本贵该其各]|我[们司行方]|{_OFFICES})"
)
"""A verb for paying with a receiver, or with somebody who pays or takes it for another."""

_DENIED: Final = (
    "(?:请勿|切勿|不要|勿|(?:绝|从)?不会?(?:以任何(?:理由|名义|方式|形式))?(?:要求|让|引导)[您你])"
)
_HARMLESS: Final = re.compile(
    "(?:"
    + "|".join(
        (
            # Warnings against fraud, whole and in these forms alone: nothing may stand within.
            f"{_DENIED}(?:轻信)?(?:向|给)?(?:任何)?(?:个人|陌生人|他人|私人)(?:账户|账号)?"
            "(?:转账|汇款|付款|打款)",
            "勿轻信以(?:我公司|我司|本公司|官方)名义要求转账(?:至个人账户)?的(?:电话|短信)",
            f"{_DENIED}(?:点击|打开)(?:任何|陌生|不明|可疑)?链接",
            rf"(?:未|不|没有)[^{_END}]{{0,10}}收取?现金|现金(?:贷|流|分期)",
            # And denials, whole as well.
            "(?:从未|并未|未|没有|不会)(?:授权|委托|委派|安排)(?:任何)?(?:个人|人员|他人)(?:上门)?"
            "(?:收款|收取(?:款项|现金|还款|费用))",
            "(?:不会|从不|绝不)(?:通过|使用|用)(?:个人)?(?:微信|支付宝)(?:联系|添加|催促)[您你]",
            "不会?(?:提供|泄露|透露|披露)给(?:任何)?(?:他人|第三人|第三方)",
            "绑定的?银行卡(?=余额|还款|自动)|更换绑定的?银行卡",
            "(?:检查|确认|核对)(?:[您你]的?)?银行卡余额|[您你]的?银行卡扣款(?:失败|未成功)",
            "已(?:原路)?退回(?:[您你]的?(?:银行卡|账户)|原账户)",
            "(?:[您你]的?|确保)账户(?:状态|余额|安全(?!码)|已(?:更新|恢复|注销))",
            rf"保管好(?:[您你]的)?账户密码|(?<![^{_END}])账户已恢复正常",
            rf"联系我们冻结账户(?!的)|发送[至到](?:官方|我司)?客服邮箱(?![^{_END}])",
            "拨打|打(?:[1-9]|电话|扰|开|算|听|工|包|车|折|造|破|断|动|招呼|印|错|这个号|了|官司|掉|卡|"
            "扫|球|疫苗)",
            "打(?:[我他她你您]们?的?(?:电话|手机))",
            "转(?:告|接|达|借|发|述|人工|为|变|让|正|出|化|学|院|折|弯|眼|身|移|立案|入(?:逾期|"
            "不良|下期))",
            "[周好结]转|自动转存",
            "付(?:出|费)|[首已未]付|应付|兑付|付款|预付卡",
            "交(?:流|谈|通|代|换|易|友|接|税|电费|水费|学费|房租|警|管)|提交|外交|社交|成交",
            "(?:递|移)(?:交|送)(?:材料|资料|申请|证明)",
            "存(?:单|款|在|续|档|储|证|疑|量)|保存|生存|留存|库存|封存",
            "汇(?:总|报|算|率|集|聚)|词汇|外汇|缴(?:费|存|税)|[应已欠催未]缴",
            "给(?:您|你|予|出|大家|客户|自己)|(?:提供|带|分享|发送|反馈)给我们",
            "给我们?(?:来电|回电|打?电话|留言|反馈|个?答复|回复|回个?电话)",
            rf"给(?=[^{_END}]{{0,8}}(?:打电话|电话|装|买|做|写|看|讲|说|带来|造成|添|办|申请|"
            rf"登记|留言|复|介绍|解释|安排|机会|影响))",
            "(?:还|花|省|赚|挣|借|没|缺|零|洗|骗|用|欠|有|多少)(?:这笔|那笔)?钱|一分钱|钱的事",
            "(?:信用|医保|社保|会员|手机|电话|公交|门禁|房|饭|sim|工资|购物)卡|卡(?:顿|通|片|住)|"
            "打卡",
            "[您你]名下|退款|堵塞|塞车|快递|投递|专递",
            "收(?:到|费|入|据|益|集|拾|件|听|看)|收[您你]?(?:一分钱?|罚息|违约金|手续费|服务费|费)",
            "收取(?:任何|高额|上门|手续|此项|其他|额外|费|服务|利息|违约|罚息)|"
            "[催查签接回验征计没招]收|[不免]收(?![款取])",
            "取(?:消|得|决|证|件|餐|货|药|号|报告)|[调读获领提采争听录选索换骗]取",
            "[发推报赠寄配派运接移传输]送(?![至到给](?![您你]))|送(?:达|货|餐|医|药|检)",
            "拿(?:不出|手机|药|快递|着|走)|带(?:来(?:困|不便|麻烦|影响|损失)|好|上|着|动|有|领|"
            "孩子|身份证|证件|材料|合同|伞)|[附携连]带",
            "寄(?:出|送|达|件|回|[至到往给][您你])|邮寄",
            "[增参更添附追施叠累外]加(?![我微薇v好])|加(?:强|班|急|快|大|以|重|载|密|盖|倍|油|热|"
            "工|盟|收|入(?:黑|白|禁呼?)名单)",
            _VERB,
        )
    )
    + ")(?!(?:至|于|向|给|到(?![期账时达位]))(?![您你]|法院|官方|监管))"
)  # fmt: skip
"""Ordinary phrases; with a way or a receiver behind them they are none."""
_PAYING: Final = re.compile(
    "|".join(
        (
            "[打转汇付给交存缴塞递收取送拿带寄加]",
            "钱|现金|红包|支票|黄金|卡|账号|账户|户名|户头|名下|存折|折子",
            "微信|威信|薇信|企鹅|扣扣|二维码|扫[^|]{0,4}码|云闪付|数字人民币|花呗|"
            "[进入拉][^|]{0,6}群|群[号聊]",
            "抖音|快手|飞书|钉钉|微博|小红书|陌陌|私[聊下信]|链接",
            rf"款(?:项|子)?(?:至|给|到(?![期账时达位])|[送拿带寄])|把[^{_END}]{{1,8}}[给交]",
            rf"[到至于去][^{_END}]{{1,6}}(?:(?<![难好坏用相])处(?!理)|家|那[里儿]|手[里上中]|楼下)",
            rf"(?<!现)在[^{_END}]{{1,6}}(?:处(?![理分境罚])|那(?:[里儿]|\{_END}|$)|手[里上中])",
            "补(?:我|他|她|到|给)|放[到在至]|充值|购买|淘宝|闲鱼|京东",
        )
    )
)
_SURNAME: Final = "[王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗]"
_PERSON: Final = re.compile(
    "师傅|业务员|外访员|(?<!客户)经理(?!人)|主任|老板|队长"
    f"|{_SURNAME}某|[小老]{_SURNAME}|{_SURNAME}[哥姐叔总工]"
)
"""Somebody beside the reader, who may be the one to pay."""
_WRITTEN: Final = re.compile("app|ai|id|sms|ok|vip|lpr|apr|pos|atm|etc|pdf|ios|sim|wifi|[pabc]")
"""Latin words that name no way to be reached; any other may be one, or pinyin."""
_LINK: Final = re.compile(r"[a-z0-9][a-z0-9-]*\.[a-z]{2,}", re.IGNORECASE)
_ACCOUNT: Final = re.compile(r"(?:[0-9][ ._·-]{0,3}){12}")
"""A run of digits that may be an account or a card."""


def may_name_payee(text: str, plain: str) -> bool:
    """Say whether a text may ask to pay somebody by some way; what is not known counts.

    Args:
        text: What is to be said, the firm's own registered values taken out.
        plain: The same as `kuanxian.base.plain.plain_text` writes it.

    Example:
        >>> may_name_payee("把钱打我卡", ""), may_name_payee("请拨打客服", "")
        (True, False)
    """
    told = _END.join(map(normalise, _CLAUSE.split(text)))
    if _RECEIVER.search(told) or _PERSON.search(told) or _PAYING.search(_HARMLESS.sub("~", told)):
        return True
    if not all(map(_WRITTEN.fullmatch, re.findall("[a-z]+", told))):
        return True
    return bool(_ACCOUNT.search(plain) or _LINK.search(plain))
