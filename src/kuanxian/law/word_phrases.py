"""Word phrases: a fact's own phrase, with a value and a comparison put into it.

The catalogue says a number with ``{value}`` in a phrase: 今日已有效通话 {value} 次. Of
``< 3`` that makes 今日已有效通话不足 3 次, of ``on {value}`` and ``>=`` "on or after …".
"""

import re
from typing import Final

from kuanxian.law.facts import FactSpec
from kuanxian.law.tree import Kind
from kuanxian.law.word_forms import FORMS, Forms, is_clock

_UNIT_IN_PHRASE: Final = re.compile(r"\{value\}\s*(?:分|fen|ppb)(?![a-z])")
_PLACE: Final = re.compile(r"(?P<link>已满|[为于在已]|\b(?:is|on|at))?\s*\{value\}")
_UNIT_IN_NAME: Final = re.compile(r"_(?:fen|ppb|on|at)$")
_FIRST_CLAUSE: Final = re.compile(r"[：；，。（]")
_WORDS: Final = {Kind.ENUM, Kind.TEXT}
_DAYS: Final = {Kind.DATE, Kind.INSTANT}


def name_fact(spec: FactSpec, language: str) -> str:
    """Name a fact as a thing: what is missing, what is compared.

    Example:
        >>> said = {"": {"zh": "账面金额 {value} 分"}}
        >>> name_fact(FactSpec("due_fen", "int", unit="fen", say=said), "zh")
        '账面金额'
    """
    if language == "en":
        return _UNIT_IN_NAME.sub("", spec.name.partition(".")[2] or spec.name).replace("_", " ")
    before, found, _ = spec.say.get("", {}).get("zh", "").partition("{value}")
    if found and before and (spec.unit in {"fen", "ppb"} or spec.type in _DAYS):
        return re.sub(r"[为于在已]?\s*$", "", before)
    meaning = spec.means.get("zh", spec.name)
    return _FIRST_CLAUSE.split(meaning, maxsplit=1)[0] or spec.name


def say_truth(spec: FactSpec, *, truth: bool, language: str) -> str:
    """Say that a fact is true, or is not."""
    phrase = spec.say.get("true" if truth else "false", {}).get(language)
    if phrase:
        return phrase
    meaning = spec.means.get(language, spec.name).rstrip("。.")
    return meaning if truth else FORMS[language].not_so.format(meaning)


def put_into_phrase(spec: FactSpec, op: str, values: list[str], language: str) -> str:
    """Put values into a fact's phrase, with the words of the comparison.

    Args:
        spec: The fact.
        op: A comparison, or ``..`` for a range of two values.
        values: What is put in, said already.
        language: ``zh`` or ``en``.

    Example:
        >>> calls = FactSpec("calls", "int", say={"": {"zh": "今日已有效通话 {value} 次"}})
        >>> put_into_phrase(calls, "<", ["3"], "zh")
        '今日已有效通话不足 3 次'
    """
    template = spec.say.get("", {}).get(language) or _made_phrase(spec, language)
    template = _UNIT_IN_PHRASE.sub("{value}", template)
    if spec.type in _WORDS:
        return _worded(template, op, values[0])
    said = _said_by(spec, FORMS[language])[op].format(*values)
    if op in {"=", ".."} and spec.type not in _DAYS and not is_clock(spec):
        return template.replace("{value}", said)
    linked = _linked_zh if language == "zh" else _linked_en
    return _PLACE.sub(lambda hit: linked(hit, said), template).strip()


def with_unit(spec: FactSpec, said: str, forms: Forms) -> str:
    """Put the unit behind a number that has none of its own."""
    unit = "" if is_clock(spec) else forms.units.get(spec.unit, "")
    return f"{said} {unit}" if unit else said


def _made_phrase(spec: FactSpec, language: str) -> str:
    """Make a phrase for a fact that has none."""
    name = name_fact(spec, language)
    if language == "zh":
        gap = "" if spec.type in _WORDS else " "
        return with_unit(spec, f"{name}为{gap}{{value}}", FORMS[language])
    return with_unit(spec, f"the {name} is {{value}}", FORMS[language])


def _said_by(spec: FactSpec, forms: Forms) -> dict[str, str]:
    """Choose the words a fact's comparisons are said with."""
    if spec.type in _DAYS:
        return forms.days
    if is_clock(spec):
        return forms.clock
    return forms.counts if spec.unit == "count" else forms.amounts


def _worded(template: str, op: str, value: str) -> str:
    """Put a word into a phrase: 渠道为短信, 渠道不是短信."""
    if op == "<>":
        for said, denied in (("为{value}", "不是{value}"), ("is {value}", "is not {value}")):
            template = template.replace(said, denied)
    return template.replace("{value}", value)


def _linked_zh(hit: re.Match[str], said: str) -> str:
    """Let 为 and 已满 go before 不足 3, and say 在 once: 始于2026年1月1日之前."""
    link = hit["link"] or ""
    return link + said.removeprefix("在") if link in {"于", "在"} else said


def _linked_en(hit: re.Match[str], said: str) -> str:
    """Let "on" go before "on or after"."""
    link = hit["link"] or ""
    if link and link not in {"on", "at"}:
        return f"{link} {said}"
    return f" {said}" if hit.start() and not link else said
