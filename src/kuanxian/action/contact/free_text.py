"""Free text: what can be known of it as facts, and what cannot.

A sum, an account and a telephone number are seen however people write them. What may be one is
not said to be none: it is left out, and so unknown, which is never a yes.
"""

import re
from collections.abc import Mapping
from typing import Final

from kuanxian.base.errors import ProposalError
from kuanxian.base.personal import phone_numbers_in_plain
from kuanxian.base.plain import plain_text
from kuanxian.law.rule import Value
from kuanxian.screen import Screen
from kuanxian.screen.normalise import normalise
from kuanxian.screen.registered import NUMBERS

PUBLIC_LINES: Final = ("110", "120", "12378", "12363", "12315", "12345", "12348", "12356")
"""Telephone lines of the authorities, which a lawful text may give."""

_DIGIT: Final = "0-9〇零一二两俩三四五六七八九十几壹贰叁肆伍陆柒捌玖拾"
_LARGE: Final = "百千万亿佰仟萬億"
_FIGURE: Final = _DIGIT + _LARGE
_PEOPLE_OR_TIMES: Final = "天日人次位名年家户个月周"
_AMOUNT: Final = re.compile(
    rf"(?!(?<![{_FIGURE}])一块(?!钱))[{_FIGURE}]\s*(?:元(?!旦|素|件)|块|圆|圓|塊)|[¥$]"
    rf"|[{_DIGIT}][{_FIGURE}.,]*[{_LARGE}][{_FIGURE}]*"
    rf"(?![{_FIGURE}]|[多余来]?[{_PEOPLE_OR_TIMES}])"
    r"|[0-9]\s*[wk](?![a-z])|(?:rmb|cny|人民币)\W*[0-9]"
    rf"|[{_FIGURE}]\s*(?:rmb|cny|yuan|人民币)",
    re.IGNORECASE,
)
"""A sum in figures or words, with or without its unit of money."""
_NO_SUM: Final = re.compile(
    r"(?:19|20)[0-9]{2}\s*[年./-]\s*[0-9]{1,2}(?:\s*[月./-]\s*[0-9]{1,2})?|(?:19|20)[0-9]{2}年"
    r"|[0-9]{1,2}[:：][0-9]{2}|[0-9.]+%|(?:工号|尾号|编号)[为是:：]?\s*[0-9]{1,8}(?![0-9])|[0-9]+\s*(?:天|日|小时|分钟)"
)
"""A day, an hour, a rate, a span, who writes, which contract."""
_BARE: Final = re.compile(
    r"[0-9](?:[,.]?[0-9]){2}"
    r"|(?:欠款?|应还|金额|本金|利息|罚息|滞纳金|费用?)[^0-9，。]{0,3}[0-9]+(?![0-9天日期月年次号个工小])"
)
"""A figure of which nobody knows what it counts."""
_PAYEE: Final = re.compile(
    r"账号|帐号|账户|帐户|卡号|银行卡|卡上|卡里|个人卡|私卡|私户|[的张]卡|户名|转账|汇款|收款|打款|收钱|二维码|扫码|存入|钱包|红包"
    r"|[打转汇付][到给入进至]|支付宝|微信|qq"
)
"""Where to pay, in the form in which a text is screened."""
_ACCOUNT: Final = re.compile(r"(?:[0-9][ ._·-]{0,3}){12}")
"""A run of digits that may be an account or a card."""
_DEMAND: Final = re.compile(
    r"逾期|欠|催|(?:请|望|须|需|应|得|要|务必|必须|尽快|尽早|立即|立刻|马上|赶紧|及时|限期|限[你您]|否则|不然|再不|[今明后][天日晚]|之?[前内])"
    r"[^。；！？\n]{0,12}(?:[还還付缴繳交][^有是可款]|[还還]款|清偿|结清|偿还|付款|支付|到账|处理)"
)
"""Words that ask for payment, or say how late somebody is."""
_REPORTING: Final = re.compile(r"征信|信用记录|报送|不良信息")


def facts_of_text(text: str, screen: Screen, registered: Mapping[str, str]) -> dict[str, Value]:
    """Say of free text what can be known; what cannot is left out, and so unknown.

    Args:
        text: What is to be said.
        screen: What no message may say.
        registered: The firm's registered values: its own numbers may be given.

    Raises:
        ProposalError: It holds a telephone number that is not the firm's.
    """
    hits = screen.facts(text)
    plain = _without_own(plain_text(text), registered)
    if phone_numbers_in_plain(plain):
        advice = "give the registered callback number"
        raise ProposalError("text", "holds a telephone number that is not the firm's", advice)
    facts: dict[str, Value] = {**hits, "claims_reporting": bool(_REPORTING.search(text))}
    if _AMOUNT.search(plain):
        facts["states_amount"] = True
    elif not _BARE.search(_NO_SUM.sub("~", plain)):
        facts["states_amount"] = False
    if hits.get("private_payee_hits"):
        facts["payee_kind"] = "private"
    elif not _PAYEE.search(normalise(text)) and not _ACCOUNT.search(plain):
        facts["payee_kind"] = "none"
    asks_nothing = facts.get("states_amount") is False and facts.get("payee_kind") == "none"
    facts["answer_words"] = asks_nothing and not _DEMAND.search(plain)
    # Nobody can prove of free text that it tells nothing.
    facts["discloses_debt"] = True
    return facts


def _without_own(plain: str, registered: Mapping[str, str]) -> str:
    """Take out the firm's own telephone numbers and the authorities'."""
    own = [registered[name] for name in NUMBERS if name in registered]
    for number in (*own, *PUBLIC_LINES):
        digits = re.sub(r"[^0-9]", "", number)
        if number.startswith("+86"):
            digits = digits[2:]
        gapped = "[ -]?".join(digits)
        plain = re.sub(rf"(?<![0-9])(?:\+?86[ -]?)?0?{gapped}(?![0-9])", "~", plain)
    return plain
