"""Answer: a decision as plain JSON data, the form other systems keep and replay.

The form is stable: ``kuanxian-decision-1``. It is documented in ``docs/reference/decision.md``.
"""

import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from kuanxian.base.days import date_of
from kuanxian.law.decide import Decision, Spoken
from kuanxian.law.explain import change_of, message_of, missing_of, sources_in_force
from kuanxian.law.facts import FactSpec
from kuanxian.law.rule import AUDIENCES, Rule, Source, Value
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.timeline.zones import local_day

FORMAT: Final = "kuanxian-decision-1"
LANGUAGES: Final = ("zh", "en")


def answer(decision: Decision, day: int) -> dict[str, Any]:
    """Turn a decision into JSON data.

    Args:
        decision: The decision.
        day: The day it was asked for.
    """
    scope = decision.scope
    return {
        "format": FORMAT,
        "country": scope.book.country.id,
        "day": date_of(day).isoformat(),
        "act": scope.act,
        "lender_type": scope.lender_type,
        "allowed": decision.allowed,
        "verdict": decision.verdict,
        "spoke": [spoken_answer(one, decision, day) for one in decision.spoke],
        "missing": missing_of(decision),
        "would_change": change_of(decision),
        "rulebook": decision.rulebook_hash,
        "policy": scope.book.policy.name,
    }


def spoken_answer(spoken: Spoken, decision: Decision, day: int) -> dict[str, Any]:
    """Turn what one rule said into JSON data, with the texts that were in force on the day."""
    rule = spoken.rule
    book = decision.scope.book
    cited = sources_in_force(rule, book, day)
    return {
        "rule": rule.id,
        "version": date_of(rule.from_on).isoformat(),
        "verdict": spoken.verdict,
        "outcome": spoken.outcome,
        "requires": rule.requires or None,
        "authority": rule.authority
        if rule.of_policy or cited[0] is rule.sources[0]
        else book.instruments[cited[0].instrument].authority,
        "says": dict(rule.says),
        "sources": [source_answer(one, book) for one in cited],
        "facts": {
            name: fact_answer(value, book.catalogue.get(name))
            for name, value in spoken.facts.items()
        },
        "message": {
            audience: {
                language: message_of(spoken, book, audience, language) for language in LANGUAGES
            }
            for audience in AUDIENCES
        },
    }


def source_answer(source: Source, book: Rulebook) -> dict[str, Any]:
    """Turn a source into JSON data."""
    instrument = book.instruments[source.instrument]
    return {
        "instrument": source.instrument,
        "title": dict(instrument.title),
        "authority": instrument.authority,
        "article": source.article,
        "phrase": source.phrase,
        "verified": source.verified,
    }


def fact_answer(value: Value, spec: FactSpec | None) -> Value:
    """Write a fact's value as JSON: dates as ISO days, the rest as it is."""
    if spec and spec.type == "date" and isinstance(value, int):
        return date_of(value).isoformat()
    return value


def rule_answer(rule: Rule, book: Rulebook) -> dict[str, Any]:
    """Turn one version of a rule into JSON data."""
    return {
        "rule": rule.id,
        "from": date_of(rule.from_on).isoformat(),
        "acts": list(rule.acts),
        "lender_types": list(rule.lender_types),
        "verdict": rule.verdict,
        "condition": rule.condition,
        "unknown": rule.unknown,
        "requires": rule.requires or None,
        "authority": rule.authority,
        "owner": rule.owner,
        "says": dict(rule.says),
        "sources": [source_answer(one, book) for one in rule.sources],
        "candidates": list(rule.candidates),
        "examples": len(rule.examples),
        "file": rule.file,
    }


def case_answer(
    decision: Decision, book: Rulebook, at: int, next_allowed_at: int | None
) -> dict[str, Any]:
    """Turn a decision on a case at an instant into JSON data.

    Args:
        decision: The decision.
        book: The rulebook.
        at: The deciding instant, microseconds UTC.
        next_allowed_at: When it is allowed if nothing more happens, or None.
    """
    zone = ZoneInfo(book.country.zone)
    told = answer(decision, local_day(at, book.country.zone))
    extra = {
        "at": iso_instant(at, zone),
        "next_allowed_at": None if next_allowed_at is None else iso_instant(next_allowed_at, zone),
    }
    return {**told, **extra}


def iso_instant(at: int, zone: datetime.tzinfo) -> str:
    """Write an instant with the offset of a zone.

    Example:
        >>> iso_instant(0, ZoneInfo("Asia/Shanghai"))
        '1970-01-01T08:00:00+08:00'
    """
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (epoch + datetime.timedelta(microseconds=at)).astimezone(zone).isoformat()
