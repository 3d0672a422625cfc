"""Word forms: how a value, a comparison and a list are said in Chinese and in English."""

from typing import Final, NamedTuple

from kuanxian.law.facts import FactSpec
from kuanxian.law.native import native_value
from kuanxian.law.tree import Kind, Value

CLOCK_MAX: Final = 1439
"""A fact in minutes that ends here is a time of day, and is said as one: 08:00."""


class Forms(NamedTuple):
    """What a language says for the parts of a condition; ``{}`` takes what is said of."""

    both: str
    """Between parts that all hold, at the top."""
    either: str
    """Between parts of which one holds, at the top."""
    inner_both: str
    """The same further down."""
    inner_either: str
    brackets: str
    always: str
    never: str
    item: str
    """Between the items of a list."""
    last_item: str
    """Before the last item of a list of alternatives."""
    quoted: str
    """Around an item that has a comma or an "or" in it."""
    unknown: str
    known: str
    not_so: str
    """Around a part that does not hold and has no words for that."""
    or_else: str
    """A value, or another where it is unknown."""
    if_unknown: dict[bool, str]
    """Around a part that is read as true, or as false, where it is unknown."""
    amounts: dict[str, str]
    """By comparison: of amounts and counts."""
    counts: dict[str, str]
    """Of numbers of things."""
    days: dict[str, str]
    """Of dates and instants."""
    clock: dict[str, str]
    """Of times of day."""
    pairs: dict[str, str]
    """Of one fact and another: ``{0}`` and ``{1}``."""
    day_pairs: dict[str, str]
    plus: str
    """Between the terms of a sum but the last two."""
    sums: dict[str, str]
    units: dict[str, str]
    """Behind a number whose phrase has no unit of its own."""


_ZH: Final = Forms(
    both="，且",
    either="，或",
    inner_both="且",
    inner_either="或",
    brackets="（{}）",
    always="任何情况下",
    never="任何情况下都不",
    item="、",
    last_item="或",
    quoted="“{}”",
    unknown="尚不知{}",
    known="已知{}",
    not_so="并非“{}”",
    or_else="{}（不明时为{}）",
    if_unknown={True: "{}（不明时视为是）", False: "{}（不明时视为否）"},
    amounts={
        "=": "{}", "<>": "不是 {}", "<": "不足 {}", "<=": "不超过 {}", ">": "超过 {}",
        ">=": "至少 {}", "..": "{} 至 {}",
    },
    counts={
        "=": "{}", "<>": "不是 {}", "<": "不足 {}", "<=": "不超过 {}", ">": "超过 {}",
        ">=": "至少 {}", "..": "{} 至 {}",
    },
    days={
        "=": "{}", "<>": "不在{}", "<": "在{}之前", "<=": "在{}或之前", ">": "在{}之后",
        ">=": "在{}或之后", "..": "在{}至{}之间",
    },
    clock={
        "=": "为 {}", "<>": "不是 {}", "<": "早于 {}", "<=": "不晚于 {}", ">": "晚于 {}",
        ">=": "为 {} 或更晚", "..": "在 {} 至 {} 之间",
    },
    pairs={
        "=": "{0}与{1}相等", "<>": "{0}与{1}不一致", "<": "{0}小于{1}", "<=": "{0}不超过{1}",
        ">": "{0}大于{1}", ">=": "{0}不小于{1}",
    },
    day_pairs={
        "=": "{0}与{1}为同一时间", "<>": "{0}与{1}不是同一时间", "<": "{0}早于{1}",
        "<=": "{0}不晚于{1}", ">": "{0}晚于{1}", ">=": "{0}不早于{1}",
    },
    plus="、",
    sums={"+": "{0}与{1}之和", "-": "{0}减去{1}", "*": "{0}的 {1} 倍"},
    units={"days": "天", "minutes": "分钟", "months": "个月", "years": "年"},
)  # fmt: skip

_EN: Final = Forms(
    both=", and ",
    either=", or ",
    inner_both=" and ",
    inner_either=" or ",
    brackets="({})",
    always="always",
    never="never",
    item=", ",
    last_item=" or ",
    quoted="“{}”",
    unknown="it is not known {}",
    known="it is known {}",
    not_so="it is not so that {}",
    or_else="{} (where unknown, {})",
    if_unknown={True: "{} (or that is unknown)", False: "{} (and that is known)"},
    amounts={
        "=": "{}", "<>": "other than {}", "<": "less than {}", "<=": "at most {}",
        ">": "more than {}", ">=": "at least {}", "..": "{} to {}",
    },
    counts={
        "=": "{}", "<>": "other than {}", "<": "fewer than {}", "<=": "at most {}",
        ">": "more than {}", ">=": "at least {}", "..": "{} to {}",
    },
    days={
        "=": "on {}", "<>": "not on {}", "<": "before {}", "<=": "on or before {}",
        ">": "after {}", ">=": "on or after {}", "..": "between {} and {}",
    },
    clock={
        "=": "{}", "<>": "not {}", "<": "before {}", "<=": "{} or earlier", ">": "after {}",
        ">=": "{} or later", "..": "between {} and {}",
    },
    pairs={
        "=": "{0} equals {1}", "<>": "{0} differs from {1}", "<": "{0} is less than {1}",
        "<=": "{0} is at most {1}", ">": "{0} is more than {1}", ">=": "{0} is at least {1}",
    },
    day_pairs={
        "=": "{0} is the same as {1}", "<>": "{0} is not the same as {1}",
        "<": "{0} is before {1}", "<=": "{0} is not after {1}", ">": "{0} is after {1}",
        ">=": "{0} is not before {1}",
    },
    plus=" plus ",
    sums={"+": "{0} plus {1}", "-": "{0} less {1}", "*": "{1} times {0}"},
    units={"days": "days", "minutes": "minutes", "months": "months", "years": "years"},
)  # fmt: skip

FORMS: Final = {"zh": _ZH, "en": _EN}


def say_value(spec: FactSpec, value: Value, language: str) -> str:
    """Say a value of a fact.

    Fen are said in yuan, parts per billion in per cent, minutes of the day as a time.

    Args:
        spec: The fact.
        value: A value it may have.
        language: ``zh`` or ``en``.

    Example:
        >>> say_value(FactSpec("due_fen", "int", unit="fen"), 123456, "zh")
        '1,234.56 元'
        >>> say_value(FactSpec("due_on", "date"), 20483, "zh")
        '2026年1月30日'
    """
    match Kind(spec.type):
        case Kind.ENUM:
            return spec.words.get(language, {}).get(str(value), str(value))
        case Kind.DATE:
            return _say_day(int(value), language)
        case Kind.INSTANT:
            return str(native_value(Kind.INSTANT, value)).replace("+00:00", " UTC")
        case Kind.INT:
            return _say_number(spec, int(value), language)
    return f"“{value}”"


def is_clock(spec: FactSpec) -> bool:
    """Tell whether a fact is a time of day."""
    return spec.unit == "minutes" and spec.max == CLOCK_MAX


def _say_day(days: int, language: str) -> str:
    day = native_value(Kind.DATE, days)
    year, month, number = map(int, str(day).split("-"))
    return f"{year}年{month}月{number}日" if language == "zh" else str(day)


def _say_number(spec: FactSpec, value: int, language: str) -> str:
    if is_clock(spec):
        return f"{value // 60:02}:{value % 60:02}"
    match spec.unit:
        case "fen":
            yuan = _decimal(value, 2)
            return f"{yuan} 元" if language == "zh" else f"{yuan} yuan"
        case "ppb":
            return f"{_decimal(value, 7)}%"
    return f"{value:,}"


def _decimal(value: int, places: int) -> str:
    """Write a whole number of small units in the large one, without empty places."""
    whole, rest = divmod(abs(value), 10**places)
    digits = f"{rest:0{places}}".rstrip("0")
    if places == 2 and digits:
        digits = f"{rest:02}"
    return f"{'-' if value < 0 else ''}{whole:,}{'.' if digits else ''}{digits}"


def say_list(said: list[str], forms: Forms) -> str:
    """Say alternatives in a row.

    Example:
        >>> say_list(["短信", "电话", "信函"], FORMS["zh"])
        '短信、电话或信函'
    """
    if len(said) == 1:
        return said[0]
    if any(sign in one for one in said for sign in (forms.item.strip(), forms.last_item)):
        said = [forms.quoted.format(one) for one in said]
    return forms.item.join(said[:-1]) + forms.last_item + said[-1]
