"""Free text: what can be known of it as facts, and what cannot.

A sum, an account and a telephone number are seen however people write them. What may be one is
not said to be none: it is left out, and so unknown, which is never a yes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kuanxian.action.contact.figures import is_accounted_for
from kuanxian.action.contact.payees import may_name_payee
from kuanxian.base.errors import ProposalError
from kuanxian.base.personal import phone_numbers_in_plain
from kuanxian.base.plain import plain_text
from kuanxian.law.rule import Value
from kuanxian.screen import Screen
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
_DEMAND: Final = re.compile(
    r"逾期|欠|催|(?:请|望|须|需|应|得|要|务必|必须|尽快|尽早|立即|立刻|马上|赶紧|及时|限期|限[你您]|否则|不然|再不|[今明后][天日晚]|(?<!提)[前内])"
    r"[^。；！？;!?\n]{0,12}(?:[还還付缴繳交][^有是可款]|[还還]款|清偿|结清|偿还|付款|支付|到账|处理)"
    r"|(?<!已)[还還](?:[钱錢清上掉给我了]|[吗吧呢，。；！？,;!?\n]|$)|不[还還]|(?:[何几幾]时|什么时候|哪天)[^。；！？;!?\n]{0,4}[还還付]|罚息|后果"
)
"""Words that ask for payment, or say how late somebody is."""
_REPORTING: Final = re.compile(
    r"征信(?!业管理条例|异议(?:申请|处理)|修复(?:[”\"]|、|等|广告|骗局))|信用记录(?!良好)"
    "|报送|不良信息"
)
"""Words for credit reporting, but in the statute's name, a dispute and a warning of swindlers."""


def facts_of_text(
    text: str, screen: Screen, registered: Mapping[str, str], tails: Iterable[str] = ()
) -> dict[str, Value]:
    """Say of free text what can be known; what cannot is left out, and so unknown.

    Args:
        text: What is to be said.
        screen: What no message may say.
        registered: The firm's registered values: its own numbers may be given.
        tails: By which the reader knows the debt; these may be given.

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
    elif is_accounted_for(plain, tails):
        facts["states_amount"] = False
    if hits.get("private_payee_hits"):
        facts["payee_kind"] = "private"
    elif not may_name_payee(_without_registered(text, registered), plain):
        facts["payee_kind"] = "none"
    asks_nothing = facts.get("states_amount") is False and facts.get("payee_kind") == "none"
    facts["answer_words"] = asks_nothing and not _DEMAND.search(plain)
    # Nobody can prove of free text that it tells nothing.
    facts["discloses_debt"] = True
    return facts


def _without_registered(text: str, registered: Mapping[str, str]) -> str:
    """Take out what the firm registered: its name and its channels are nobody else's."""
    for value in sorted(registered.values(), key=len, reverse=True):
        text = text.replace(value, "~") if len(value) > 1 else text
    return text


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
