"""Payees: a text that may ask to pay somebody does not say that it names nobody to pay.

What is harmless is listed, as with figures: a call, a word passed on, an answer given. Of every
other word for handing over or for what money is held in, it is not known to whom it sends it.
"""

import re
from typing import Final

from kuanxian.screen.normalise import normalise

_HARMLESS: Final = re.compile(
    "|".join(
        (
            # A warning against fraud, whole and in this form alone: nothing may stand within it.
            "(?:请勿|切勿|不要|勿)(?:轻信)?(?:向|给)?(?:任何)?(?:个人|陌生人|他人|私人)(?:账户|账号)?"
            "(?:转账|汇款|付款|打款)",
            "(?:未|不|没有)[^~]{0,10}收取?现金|现金(?:贷|流|分期)",
            "拨打|打(?!到|给|入|进|至|过来|钱|款|卡|账|[我他她](?!.{0,2}(?:电话|手机)))",
            "转(?:告|接|达|借|发|述|人工|为|变|让|正|出|化|学|院|折|弯|眼|身|移|立案|入(?:逾期|不良|下期))",
            "[周好结]转|自动转存",
            "支付(?!宝)|付(?:出|费|息|清)|[首已未]付|垫付|应付|兑付",
            "付款(?=方式|日|期|计划|记录|困难|能力|责任|义务|时间)|预付卡",
            "交(?:流|谈|通|代|换|易|友|接|税|电费|水费|学费|房租|警|管)|提交|外交|社交|成交|移交|递交",
            "存(?:单|款(?!到|至|给|入)|在|续|档|储|证|疑|量)|保存|生存|留存|库存|封存",
            "汇(?:总|报|算|率|集|聚)|词汇|外汇|缴(?:费|纳|清|存|税)|[补应已欠催未]缴",
            "给(?:您|你|予|出|大家|客户|自己)|(?:提供|带|分享|发送|反馈)给(?:您|你|我们)",
            "给我们?(?:来电|回电|打?电话|留言|反馈|个?答复|回复|回个?电话)",
            "给(?=.{0,8}(?:打(?!款|钱)|电话|装|买|做|写|看|讲|说|带来|造成|添|办|申请|登记|留言|复|介绍))",
            "给(?=.{0,8}(?:解释|安排|机会|影响))",
            "(?:还|花|省|赚|挣|借|没|缺|零|洗|骗|加|用|欠|有|多少)(?:这笔|那笔)?钱|一分钱|钱的事|还不上钱",
            "(?:信用|医保|社保|会员|手机|电话|公交|门禁|房|饭|sim|工资|购物)卡|卡(?:顿|通|片|住)|打卡",
            "[您你]名下|退款|堵塞|塞车|递(?:交|送)材料|快递|投递|专递",
        )
    )
)
_PAYING: Final = re.compile(
    "|".join(
        (
            "[打转汇付给交存缴塞递]|把.{1,8}[给交]",
            "钱|现金|红包|转账|汇款|收款|打款|支票|黄金|卡|账号|账户|户名|户头|名下|存折",
            "支付宝|微信|威信|薇信|v信|vx|wx|qq|扣扣|企鹅|二维码|扫(?:一下|下)?(?:这个|此)?码|款.{0,4}(?:送|拿|带|寄)|收款码|云闪付|数字人民币|花呗",
            "加(?:我|一下)?(?:微|薇|威|徽|v|w|q|好友|飞机|绿泡)|私聊|私下",
            "还(?:给|到|至|我(?!们的?(?:可以|会|将|能))|他|她)|还款(?:给|到(?!时)|至|于)",
            "向(?![我本原]|官方|监管|法院|客服|平台|银行|贷款人|出借人|债权人)[^您你]{1,8}?"
            "(?:还款|付款|支付|缴|偿还)",
            "链接|http|www",
        )
    )
)
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
    left = _HARMLESS.sub("~", normalise(text))
    return bool(_PAYING.search(left) or _ACCOUNT.search(plain) or _LINK.search(plain))
