"""Rule file: TOML to ``Rule``, with every mistake named by its file and line."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kuanxian.base.days import date_of, day_number
from kuanxian.law.check import check_condition
from kuanxian.law.collected import Rows
from kuanxian.law.facts import Catalogue, FactSpec
from kuanxian.law.frame import AUTHORITIES, Act, Country, Deed, Instrument
from kuanxian.law.parse import parse_condition
from kuanxian.law.rule import (
    AUDIENCES,
    EXPECTED,
    NO_END,
    UNKNOWNS,
    VERDICTS,
    Example,
    Presumption,
    Rule,
    Source,
    Value,
    Words,
)
from kuanxian.law.source import KEYS as SOURCE_KEYS
from kuanxian.law.source import read_source
from kuanxian.law.table import Table
from kuanxian.law.tree import Node, Where

_KEYS: Final = (
    "id", "candidates", "acts", "lender_types", "verdict", "condition", "unknown", "unknown_why",
    "requires", "restates", "narrows", "authority", "owner", "says", "source", "in_force",
    "message", "example", "presumption",
)  # fmt: skip
_WEAK_MARKS: Final = ("V3", "U", "P", "D")
_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Setting:
    """All that a rule of a country may refer to."""

    country: Country
    catalogue: Catalogue
    """Facts, and the dotted names of policy parameters and dated values."""
    acts: Mapping[str, Act]
    deeds: Mapping[str, Deed]
    instruments: Mapping[str, Instrument]
    rows: Rows
    """The rows of the collected regulations."""


def read_rule(table: Table, rule_id: str, setting: Setting) -> Rule:
    """Read a rule.

    Args:
        table: The file.
        rule_id: What its place in the folders says that it is: ``cn.contact.quiet_hours``.
        setting: What it may refer to.

    Raises:
        RuleFileError: Something is missing, unknown or contradicts itself.
    """
    table.check_keys(_KEYS)
    if table.text("id") != rule_id:
        raise table.error("id", f"the file stands where {rule_id} belongs", f'id = "{rule_id}"')
    verdict = table.one_of("verdict", VERDICTS)
    sources = tuple(_read_source(one, setting) for one in table.tables("source"))
    unknown, unknown_why = _read_unknown(table, verdict)
    force = table.table("in_force")
    force.check_keys(("from", "until", "published", "supersedes"))
    rule = Rule(
        id=rule_id,
        acts=table.some_of("acts", setting.acts),
        lender_types=table.some_of("lender_types", ("any", *setting.country.lender_types)),
        verdict=verdict,
        condition=table.text("condition"),
        node=_read_condition(table, "condition", setting.catalogue),
        unknown=unknown,
        unknown_why=unknown_why,
        requires=_read_requires(table, verdict, setting),
        authority=_read_authority(table, sources, setting),
        owner=table.text("owner"),
        says=table.words("says"),
        sources=sources,
        messages=_read_messages(table, setting.catalogue),
        examples=_read_examples(table, setting.catalogue),
        from_on=force.day("from"),
        until_on=force.day("until", NO_END),
        published_on=force.day("published") if "published" in force.data else None,
        supersedes=force.texts("supersedes", ()),
        candidates=table.texts("candidates", ()),
        restates=_read_restates(table),
        narrows=table.text("narrows", ""),
        presumption=_read_presumption(table, setting.catalogue),
        file=table.file,
        line=table.line("condition"),
    )
    _check_weight(table, rule, setting)
    _check_days(table, rule, setting)
    return rule


def _read_condition(table: Table, key: str, catalogue: Catalogue) -> Node:
    node = parse_condition(table.text(key), Where(table.file, table.line(key)))
    check_condition(node, catalogue, Where(table.file, table.line(key)))
    return node


def _read_source(table: Table, setting: Setting) -> Source:
    table.check_keys(SOURCE_KEYS)
    return read_source(table, setting.instruments, setting.rows)


def _read_unknown(table: Table, verdict: str) -> tuple[str, Words]:
    usual = "warn" if verdict in {"warn", "inform"} else "block"
    unknown = table.one_of("unknown", UNKNOWNS, usual)
    why = table.words("unknown_why", optional=True)
    if unknown != usual and not why:
        raise table.error(
            "unknown", f"{verdict} with unknown = {unknown!r} needs a reason",
            f'Write unknown_why.zh and .en = "…", or leave unknown out (then: {usual}).',
        )  # fmt: skip
    return unknown, why


def _read_requires(table: Table, verdict: str, setting: Setting) -> str:
    if verdict != "require":
        if "requires" in table.data:
            raise table.error("requires", "only a rule with verdict require has it", "Remove it.")
        return ""
    return table.one_of("requires", setting.deeds)


def _read_authority(table: Table, sources: tuple[Source, ...], setting: Setting) -> str:
    first = setting.instruments[sources[0].instrument].authority
    authority = table.one_of("authority", AUTHORITIES, first)
    if authority not in {first, "firm-policy"}:
        raise table.error(
            "authority", f"the text of the first source has {first}",
            f'Leave authority out, or say authority = "firm-policy" where {first} is too much.',
        )  # fmt: skip
    return authority


def _read_restates(table: Table) -> tuple[str, ...]:
    value = table.data.get("restates", ())
    return (value,) if isinstance(value, str) else table.texts("restates", ())


def _read_messages(table: Table, catalogue: Catalogue) -> dict[str, Words]:
    message = table.table("message")
    message.check_keys(AUDIENCES)
    found: dict[str, Words] = {}
    for audience in AUDIENCES:
        words = message.words(audience)
        for language, text in words.items():
            for slot in _SLOT.findall(text):
                if slot not in catalogue:
                    raise message.table(audience).error(
                        language, f"there is no fact {slot!r} to fill {{{slot}}} with",
                        "Name a fact of rules/facts.toml, or write the braces out.",
                    )  # fmt: skip
        found[audience] = words
    return found


def _read_presumption(table: Table, catalogue: Catalogue) -> Presumption | None:
    if "presumption" not in table.data:
        return None
    part = table.table("presumption")
    part.check_keys(("of", "rebutted_when"))
    return Presumption(
        of=part.one_of("of", ("compliance", "violation")),
        rebutted_when=part.text("rebutted_when"),
        node=_read_condition(part, "rebutted_when", catalogue),
    )


def _read_examples(table: Table, catalogue: Catalogue) -> tuple[Example, ...]:
    found = []
    for one in table.tables("example"):
        one.check_keys(("name", "facts", "expect", "rebutted"))
        facts = one.table("facts")
        found.append(
            Example(
                name=one.text("name"),
                facts={name: read_fact_value(facts, name, catalogue) for name in facts.data},
                expect=one.one_of("expect", EXPECTED),
                line=one.line(),
                rebutted=one.flag("rebutted") if "rebutted" in one.data else None,
            )
        )
    return tuple(found)


def read_fact_value(table: Table, name: str, catalogue: Mapping[str, FactSpec]) -> Value:
    """Read a fact's value as TOML writes it: a date or an instant becomes an integer.

    Raises:
        RuleFileError: The fact is not declared, or the value is not of its type or bounds.
    """
    if name not in catalogue:
        raise table.error(
            name, "there is no such fact", "Declare it in rules/facts.toml, or mend the name."
        )
    spec = catalogue[name]
    value: Value = _as_number(table.data[name], spec)
    if not _fits(value, spec):
        raise table.error(name, f"is not {describe(spec)}: {value!r}", "Change the value.")
    return value


def _as_number(value: Any, spec: FactSpec) -> Any:
    if spec.type == "instant" and isinstance(value, datetime.datetime) and value.tzinfo:
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        return (value - epoch) // datetime.timedelta(microseconds=1)
    if spec.type == "date" and type(value) is datetime.date:
        return day_number(value)
    return None if spec.type in {"date", "instant"} else value


def _fits(value: Any, spec: FactSpec) -> bool:
    if spec.type in {"int", "date", "instant"}:
        return type(value) is int and spec.min <= value <= spec.max
    if spec.type == "bool":
        return isinstance(value, bool)
    return isinstance(value, str) and (spec.type == "text" or value in spec.values)


def describe(spec: FactSpec) -> str:
    """Say in words what a value of a fact looks like.

    Example:
        >>> describe(FactSpec("calls", "int", unit="count", min=0, max=9))
        'a whole number from 0 to 9 (count)'
    """
    if spec.type == "int":
        return f"a whole number from {spec.min} to {spec.max} ({spec.unit})"
    if spec.type == "enum":
        return f"one of {', '.join(spec.values)}"
    shapes = {
        "bool": "true or false",
        "text": "a text",
        "date": "a date such as 2026-01-30",
        "instant": "an instant with its offset, such as 2026-01-30T08:00:00+08:00",
    }
    return shapes[spec.type]


def _check_weight(table: Table, rule: Rule, setting: Setting) -> None:
    """Refuse a rule that claims more than its sources and its examples bear."""
    unknown_rows = [one for one in rule.candidates if setting.rows and one not in setting.rows]
    if unknown_rows:
        raise table.error(
            "candidates", f"there is no row {unknown_rows[0]!r} in candidates.toml",
            "Name the row that the rule stands for, or leave candidates out.",
        )  # fmt: skip
    mark = rule.sources[0].verified
    if mark in _WEAK_MARKS and rule.verdict in {"forbid", "require"} and not rule.of_policy:
        raise table.error(
            "verdict", f"{rule.verdict} on a source marked {mark}",
            'Start as warn or refer, or say authority = "firm-policy".',
        )  # fmt: skip
    if rule.of_policy and rule.verdict == "permit":
        raise table.error(
            "verdict", "a policy may only narrow what the law allows",
            "A firm's policy forbids, requires, refers, warns or informs.",
        )  # fmt: skip
    if not {"fires", "holds"} <= {one.expect for one in rule.examples}:
        raise table.error(
            "example", "needs a row where it fires and a row where it holds",
            "Add the rows just below, at and just above each threshold.",
        )  # fmt: skip


def _check_days(table: Table, rule: Rule, setting: Setting) -> None:
    """Refuse days that do not follow each other, or that begin before every source does."""
    force = table.table("in_force")
    if rule.until_on <= rule.from_on:
        raise force.error("until", "is not after from", "Change the days.")
    if rule.published_on is not None and rule.published_on > rule.from_on:
        raise force.error("published", "is after from", "No text binds before it is published.")
    starts = [setting.instruments[one.instrument].from_on for one in rule.sources]
    known = [day for day in starts if day is not None]
    if len(known) == len(starts) and rule.from_on < min(known):
        raise force.error(
            "from", f"is before its source is in force ({date_of(min(known)).isoformat()})",
            "Change the day, or name the earlier source.",
        )  # fmt: skip
