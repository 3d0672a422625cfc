"""Words: how a person writes an amount, a rate, a day or a setting in a loan file.

Every value is text or a whole number and is converted exactly; a float is refused, since
``1000.10`` in a file may already not be what was meant. Each function returns the integer
the kernel uses or raises ``ValueError`` with what is wrong and, after a line break, what
to write instead; the caller adds the place.
"""

import datetime
import re
from enum import IntEnum
from typing import Final

from kuanxian.base.bounds import DAY_MAX, INT64_MAX
from kuanxian.base.days import NO_DAY, day_number
from kuanxian.base.fen import Rounding
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import (
    Absorb,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    FutureRule,
    InterestBasis,
    Method,
    Part,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Roll,
    RoundAt,
)

SETTINGS: Final[dict[str, type[IntEnum]]] = {
    "method": Method,
    "period_unit": PeriodUnit,
    "roll": Roll,
    "days_off": DaysOff,
    "day_count": DayCount,
    "rate_unit": RateUnit,
    "interest_basis": InterestBasis,
    "interest_rounding": Rounding,
    "interest_round_at": RoundAt,
    "instalment_rounding": Rounding,
    "absorb": Absorb,
    "direction": Direction,
    "future_rule": FutureRule,
    "penalty_base": PenaltyBase,
    "penalty_rounding": Rounding,
    "early_interest": EarlyInterest,
    "part": Part,
    "kind": Kind,
}
"""The fields that hold a name, and the names they may hold."""

SWITCHES: Final = ("smooth", "overdue_interest", "penalty_grace", "ageing_grace")
"""The fields that are on or off."""

WRITTEN: Final[dict[type[IntEnum], tuple[str, ...]]] = {
    DayCount: ("30/360", "act/360", "act/365", "act/act", "act/act_period", "7/364"),
}
"""How names are written where that is not how they are called here."""

OTHER_NAMES: Final[dict[type[IntEnum], dict[str, int]]] = {
    Method: {
        "等额本息": Method.LEVEL,
        "annuity": Method.LEVEL,
        "等额本金": Method.EQUAL_PRINCIPAL,
        "先息后本": Method.INTEREST_ONLY,
        "等本等息": Method.FLAT,
        "一次性还本付息": Method.SINGLE,
        "到期一次还本付息": Method.SINGLE,
        "bullet": Method.SINGLE,
    },
    PeriodUnit: {"日": 0, "天": 0, "days": 0, "周": 1, "weeks": 1, "月": 2, "months": 2},
    Roll: {"不顺延": Roll.NONE, "顺延": Roll.FORWARD, "提前": Roll.BACK},
    DaysOff: {"周末": DaysOff.WEEKEND, "法定节假日": DaysOff.CN},
    DayCount: {
        "30/360": DayCount.D30_360,
        "30e/360": DayCount.D30_360,
        "act/360": DayCount.ACT_360,
        "实际/360": DayCount.ACT_360,
        "act/365": DayCount.ACT_365,
        "实际/365": DayCount.ACT_365,
        "act/act": DayCount.ACT_ACT,
        "实际/实际": DayCount.ACT_ACT,
        "act/act_period": DayCount.ACT_ACT_PERIOD,
        "7/364": DayCount.D7_364,
    },
    RateUnit: {"日": 0, "日利率": 0, "月": 1, "月利率": 1, "年": 2, "年利率": 2},
    InterestBasis: {},
    Rounding: {
        "四舍五入": Rounding.HALF_UP,
        "四舍六入五成双": Rounding.HALF_EVEN,
        "舍去": Rounding.FLOOR,
        "进位": Rounding.CEIL,
    },
    RoundAt: {"installment": RoundAt.INSTALMENT},
    Absorb: {"末期": Absorb.LAST, "首期": Absorb.FIRST},
    Direction: {"横向": Direction.HORIZONTAL, "纵向": Direction.VERTICAL},
    FutureRule: {"reamortize": FutureRule.REAMORTISE},
    PenaltyBase: {
        "逾期本金": PenaltyBase.OVERDUE_PRINCIPAL,
        "逾期本息": PenaltyBase.OVERDUE_INSTALMENT,
        "overdue_installment": PenaltyBase.OVERDUE_INSTALMENT,
        "剩余本金": PenaltyBase.OUTSTANDING,
    },
    EarlyInterest: {},
    Part: {
        "费用": Part.FEE,
        "罚息": Part.PENALTY,
        "违约金": Part.PENALTY,
        "利息": Part.INTEREST,
        "本金": Part.PRINCIPAL,
    },
    Kind: {
        "还款": Kind.PAYMENT,
        "退款": Kind.REFUND,
        "冲正": Kind.REVERSAL,
        "减免": Kind.WAIVER,
        "费用": Kind.FEE,
        "宽限": Kind.GRACE,
        "延期": Kind.DEFERRAL,
        "展期": Kind.EXTENSION,
        "个性化分期": Kind.REINSTALMENT,
        "reinstallment": Kind.REINSTALMENT,
        "提前结清": Kind.SETTLEMENT,
        "核销": Kind.WRITE_OFF,
        "债权转让": Kind.ASSIGNMENT,
        "更正": Kind.CORRECTION,
        "提款": Kind.DRAWDOWN,
        "reamortize": Kind.REAMORTISE,
        "installment": Kind.INSTALMENT,
    },
}
"""Names a setting may also be written as."""

_AMOUNT: Final = re.compile(r"[¥￥]?\s*([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?\s*元?")
_RATE: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?\s*(%|‰|‱)")
_CHINESE_RATE: Final = re.compile(r"(百分之|千分之|万分之)\s*([0-9]+)(?:\.([0-9]+))?")
_RATE_ZEROS: Final = {"%": 7, "百分之": 7, "‰": 6, "千分之": 6, "‱": 5, "万分之": 5}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_whole(value: object) -> int:
    """Take a whole number of at most 64 bits.

    Example:
        >>> read_whole(12)
        12
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{_shown(value)} is not a whole number\nWrite digits only, as in 12.")
    if abs(value) > INT64_MAX:
        raise ValueError("the number has more than 64 bits\nWrite a smaller one.")
    return value


def read_amount(value: object) -> int:
    """Turn yuan written as text into fen.

    Raises:
        ValueError: It is a number and not text, negative, or finer than a fen.

    Example:
        >>> read_amount("1,000.5"), read_amount("¥88.88"), read_amount("12元")
        (100050, 8888, 1200)
    """
    if not isinstance(value, str):
        text = "an amount in yuan must be text, since a number in a file may be inexact"
        raise ValueError(f'{text}\nWrite it in quotes, as in "1000.00", or use the _fen key.')
    match = _AMOUNT.fullmatch(value.strip())
    if match is None:
        text = f"{_shown(value)} is not an amount in yuan of 0 or more"
        raise ValueError(f'{text}\nWrite yuan and fen, as in "1000.00".')
    yuan, parts = match[1].replace(",", ""), (match[2] or "").rstrip("0")
    if len(parts) > 2:
        raise ValueError(f"{_shown(value)} is finer than a fen\nWrite at most two decimals.")
    return _bounded(yuan + parts.ljust(2, "0"))


def read_rate(value: object) -> int:
    """Turn a rate written as text into parts per billion.

    Raises:
        ValueError: It is a number and not text, has no %, ‰ or ‱, or is finer than a
            billionth.

    Example:
        >>> read_rate("18 %"), read_rate("0.05%"), read_rate("万分之5")
        (180000000, 500000, 500000)
    """
    advice = 'Write a percentage in quotes, as in "18 %" or "0.05 %", or use the _ppb key.'
    if not isinstance(value, str):
        raise ValueError(f"a rate must be text, so that its unit is certain\n{advice}")
    text = value.strip()
    if match := _RATE.fullmatch(text):
        whole, parts, unit = match[1], match[2], match[3]
    elif match := _CHINESE_RATE.fullmatch(text):
        unit, whole, parts = match[1], match[2], match[3]
    else:
        raise ValueError(f"{_shown(value)} is not a rate of 0 or more\n{advice}")
    parts = (parts or "").rstrip("0")
    zeros = _RATE_ZEROS[unit]
    if len(parts) > zeros:
        raise ValueError(f"{_shown(value)} is finer than a billionth\nWrite fewer decimals.")
    return _bounded(whole + parts.ljust(zeros, "0"))


def read_day(value: object) -> int:
    """Turn a date, of the file format or as text, into a day number.

    Example:
        >>> read_day("2026-11-24"), read_day("")
        (20781, -1)
    """
    if value == "":
        return NO_DAY
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            value = datetime.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} is not a day of the calendar\nCheck the date.") from None
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        raise ValueError(f"{_shown(value)} is not a day\nWrite it as 2026-03-01.")
    day_on = day_number(value)
    if not 0 <= day_on <= DAY_MAX:
        raise ValueError(f"{value} is not between 1970-01-01 and 2199-12-31\nCheck the year.")
    return day_on


def read_switch(value: object) -> int:
    """Turn true or false, or 1 or 0, into 1 or 0.

    Example:
        >>> read_switch(True)
        1
    """
    if value is True or value is False or (type(value) is int and value in (0, 1)):
        return int(value)
    raise ValueError(f"{_shown(value)} is neither true nor false\nWrite true or false.")


def read_name(names: type[IntEnum], value: object) -> int:
    """Find the code of a setting by its name, in English or Chinese.

    Example:
        >>> read_name(DayCount, "ACT/365"), read_name(Method, "等额本息")
        (<DayCount.ACT_365: 2>, <Method.LEVEL: 0>)
    """
    known: dict[str, int] = {item.name.lower(): item for item in names}
    known.update(OTHER_NAMES[names])
    if isinstance(value, str):
        word = value.strip().lower().replace("-", "_").replace(" ", "_")
        if word in known:
            return known[word]
    offered = WRITTEN.get(names, tuple(item.name.lower() for item in names))
    advice = f"Write one of: {', '.join(offered)}."
    raise ValueError(f"{_shown(value)} is not one of its names\n{advice}")


def read_order(value: object) -> int:
    """Turn the order a payment clears parts in into digits of ``Part``.

    Example:
        >>> read_order(["fee", "interest", "penalty", "principal"])
        1324
    """
    if isinstance(value, str):
        value = re.split(r"[>,、→\s]+", value.strip())
    if isinstance(value, list):
        codes = [read_name(Part, word) for word in value]
    else:
        digits = str(read_whole(value))
        codes = [int(digit) for digit in digits] if digits.isdecimal() else []
    if sorted(codes) != [Part.FEE, Part.PENALTY, Part.INTEREST, Part.PRINCIPAL]:
        advice = 'Write each of "fee", "penalty", "interest", "principal" once, in order.'
        raise ValueError(f"it does not name each part once\n{advice}")
    return int("".join(str(int(code)) for code in codes))


def _bounded(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError("the number is too long\nWrite at most 16 digits before the point.")
    return int(digits)


def _shown(value: object) -> str:
    """Show a value in an error, cut short."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
