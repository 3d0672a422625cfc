"""Figures: every number in a free text is one that is known to be harmless, or it may be a sum.

What is harmless is listed: a day, an hour, a short span, a small count, an ordinal, a rate, who
writes, the tail of this very debt, and words that only look like numbers. Nobody can list how
people write sums; so what is left of a text, once all that is taken out, counts as one.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_UNITS: Final = "百千万亿佰仟萬億"
_DIGITS: Final = "〇零一二两兩俩三四五六七八九十几幾壹贰貳叁參肆伍陆陸柒捌玖拾廿卅卌"
_NUMERALS: Final = _DIGITS + _UNITS
_ANY: Final = rf"[0-9{_NUMERALS}]"
_STOP: Final = r"，。；！？,;!?\n"
"""Where a clause ends, in the given marks and in plain ones."""
_ALONE: Final = rf"(?<!{_ANY})"
_WORDS: Final = "|".join(
    (
        rf"{_ALONE}(?:一块儿|[万统]一)",
        rf"{_ALONE}一(?!{_ANY}|[半块元圆毛角沓叠捆摞wWkK]|张[^未有新]|点(?:钱|{_ANY}))",
        rf"{_ALONE}千万(?=不|别|要|注意|小心|勿)",
        "三方|再三|四(?:处|季|川)|五险|十分(?!之)|两(?:者|边|全)|零(?:售|食)|百(?:姓|忙|货|度|科)",
        "万(?:分|事|能)(?!之)|千(?:里|家)|收拾|拾取|[大登]陆|陆续|几(?:乎|时)|好几|参[考加与数照]|放肆",
        "(?:星期|周|礼拜)[一二三四五六]|十一(?:假|期间|长假)|五一(?:假|期间|劳动)",
    )
)
"""Words that hold the character of a number and say none."""
_SMALL: Final = (
    "(?:[0-9]{1,2}|[一二两兩三四五六七八九]?十[一二三四五六七八九]?|[一二两兩三四五六七八九几幾])"
)
_MONTH: Final = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY: Final = (
    "(?:3[01]|[12][0-9]|0?[1-9]|三?十[一]?|[一二]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_YEAR: Final = "(?:(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3})"
_SPAN: Final = rf"(?:[0-9]{{1,3}}|[一二两三四五六七八九]百[零一二三四五六七八九十]{{0,3}}|{_SMALL})"
_TIME: Final = (
    "个?(?:自然|工作)?日|天(?![亮黑明])|周(?![一二三四五六日末])"
    "|个月|年(?![底末初关])|个?小时|分钟|秒"
)
_HOUR: Final = "(?:2[0-4]|[01]?[0-9]|二?十[一二三四]?|十?[一二两三四五六七八九])"
_LEFT: Final = rf"(?<!{_ANY})(?<![0-9][.,])(?<!第)"
_HARMLESS: Final = "|".join((
    rf"{_YEAR}年(?:{_MONTH}月(?:{_DAY}[日号])?)?|{_YEAR}[./-]{_MONTH}[./-]{_DAY}",
    rf"{_MONTH}月(?:{_DAY}[日号]|底|初|中旬|末|[上下]旬|份)|{_DAY}[日号](?!线|门|详)",
    r"[0-2]?[0-9][:：][0-9]{2}|零点",
    rf"{_HOUR}[点时](?:整|半|(?:{_SMALL}|[0-5][0-9])分?)?(?!钱)",
    r"7[xX×*]24(?:小时)?",
    rf"(?:{_SPAN}[-~—至到])?{_SPAN}(?:{_TIME})",
    rf"{_SMALL}(?:笔|张)(?=贷款|借款|账单|欠款|交易|订单|待|已|未|有)",
    rf"(?:(?<=[{_STOP}:：])|^)[0-9一二三四五六][、.)）](?![0-9])",
    rf"(?:{_SMALL}[-~—至到])?{_SMALL}多?(?:期|个|位|名(?!下)|次(?!日|月)|份|项|条|种|岁|方面)(?!钱)",
    rf"[{_NUMERALS}0-9]{{1,6}}多?[名位](?=客户|用户|市民|借款人|顾客)",
    "回复[“\"'「]?[0-9A-Za-z]{1,2}",
    r"(?:利率|年化|费率)[为是约至:：]{0,2}"
    rf"(?:[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?%|[百千万]分之[一二三四五六七八九十百点0-9.]{{1,6}})(?=[{_STOP}、)的]|$)",
))  # fmt: skip
_ORDINAL: Final = rf"第(?:[0-9]{{1,3}}|[一二三四五六七八九十百零]{{1,5}})(?!{_ANY})"
_WHO: Final = rf"工号[为是:：]?[0-9]{{1,6}}(?=[{_STOP}.、]|为您|请|的?客服|$)"
_MATTER: Final = rf"(?:投诉|异议|工单|受理)编号[为是:：]?[0-9]{{8,11}}(?=[{_STOP}]|$)"
_MONEY: Final = (
    "(?:欠|将|把|应还|归还|偿还|付|缴|汇|凑|准备|拿|转|打给|借|补|还(?![有可要是会能需剩款在没未]))"
    "[了您你我们着共计掉清上足满够]{0,3}"
)
_COUNTED: Final = re.compile(rf"{_MONEY}(?!一(?!{_ANY}))(?:{_ANY}|半)+(?![月日号:：点时0-9])")
"""Right behind a word for owing or paying a number counts money, whatever follows it."""
_BETWEEN: Final = rf"(?:(?!记录|保留|保存|之日|期间|宽限|费)[^{_STOP}]){{0,8}}?"
_LONG: Final = rf"(?:{_ANY}|[半数多大好]|若干){{1,6}}[多余]?个?(?:天|日|月|周|年|季|星期|礼拜|期"
_LATE: Final = re.compile(
    rf"(?:逾期|超期|过期|拖|迟|晚|欠){_BETWEEN}{_LONG})"
    rf"|(?<![上下每]){_LONG}[都均已])[都均已]?了?(?:未还|没还|不还|逾期)"
)
"""How late somebody is said to be: the ledger tells that, and nobody by hand."""
_MUCH: Final = re.compile(
    r"(?:欠|本金|金额|数目|余额|总额)(?:款|的|我们|债){0,2}[已大概约也就共]{0,3}"
    r"(?:[是为达够翻超]|相当|过(?![后去期程])|上[百千万])|(?<!加)倍(?![感受])|翻番"
)
"""How much is owed, by whatever it is likened to, and multiples of it."""
_FEES: Final = "滞纳金|违约金|罚金|罚款|赔偿金|保证金|(?:手续|律师|上门|催收|诉讼|服务|管理)费"
_FEE: Final = re.compile(_FEES)
"""What nobody may be told by hand to owe: what is charged, the contract and the ledger say."""
_NO_FEE: Final = re.compile(
    r"(?:不[会再]?(?:另|额外)?(?:收|产生|需|要)|未收|没有|无|免|减|质疑|咨询|如有人)"
    rf"[^{_STOP}还]{{0,8}}(?:{_FEES})(?:、(?:{_FEES}))*"
    rf"|(?:{_FEES})[^{_STOP}]{{0,10}}(?:减|免|停|异议|疑问)"
)
"""A fee denied, waived or asked about."""
_KNOWN: Final = re.compile(
    rf"{_WHO}|{_MATTER}|{_ORDINAL}|{_WORDS}|{_LEFT}(?:{_HARMLESS})+(?!{_ANY}|[.,][0-9])"
)


def is_accounted_for(plain: str, tails: Iterable[str] = ()) -> bool:
    """Say whether every number in a text is one that is known to be no sum and no days past due.

    Args:
        plain: The text as `kuanxian.base.plain.plain_text` writes it, the firm's own telephone
            numbers taken out.
        tails: By which its reader knows the debt.

    Example:
        >>> is_accounted_for("请于11月30日前还款"), is_accounted_for("请将八万月底前还清")
        (True, False)
    """
    text = re.sub(r"\s+", "", plain)
    for tail in tails:
        text = re.sub(rf"尾号[为是:：]?{re.escape(tail)}(?![0-9A-Za-z])", "~", text)
    if any(one.search(text) for one in (_LATE, _COUNTED, _MUCH)):
        return False
    if _FEE.search(_NO_FEE.sub("~", text)):
        return False
    return not any(map(_is_figure, _KNOWN.sub("~", text)))


def _is_figure(character: str) -> bool:
    return character in _NUMERALS or unicodedata.category(character)[0] == "N"
