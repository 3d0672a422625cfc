"""Shown: a fact's value as a person reads it, alone or in a message."""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.facts import FactSpec
from kuanxian.law.rule import Value, Words
from kuanxian.law.word_forms import say_value

UNKNOWN: Final[Words] = {"zh": "不详", "en": "not known"}
_TRUTH: Final = {"zh": ("否", "是"), "en": ("no", "yes")}


def show_value(value: Value, spec: FactSpec, language: str) -> str:
    """Write a value: money in yuan, rates in per cent, minutes of the day as a clock.

    Args:
        value: As facts carry it; None is not known.
        spec: The fact.
        language: zh or en.

    Example:
        >>> show_value(1315, FactSpec("m", "int", unit="minutes", min=0, max=1439), "en")
        '21:55'
        >>> show_value(None, FactSpec("a", "int", unit="fen"), "zh")
        '不详'
    """
    if value is None:
        return UNKNOWN[language]
    if isinstance(value, bool):
        return _TRUTH[language][value]
    return say_value(spec, value, language)


def fill(
    text: str, facts: Mapping[str, Value], specs: Mapping[str, FactSpec], language: str
) -> str:
    """Fill the ``{fact_name}`` slots of a message.

    Example:
        >>> days = FactSpec("days", "int", unit="days")
        >>> fill("{days} days", {"days": 3}, {"days": days}, "en")
        '3 days'
    """
    if "{" not in text:
        return text
    for name, spec in specs.items():
        slot = f"{{{name}}}"
        if slot in text:
            text = text.replace(slot, show_value(facts.get(name), spec, language))
    return text
