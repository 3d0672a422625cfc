"""The mainland China book as a whole: what every file of it must hold to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuanxian.base.days import day_of
from kuanxian.law.ask import clock_minutes
from kuanxian.law.country import complaint_days_of, day_minutes_of
from kuanxian.law.decide import decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Rule, Value
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import scope_of
from kuanxian.law.tree import Coalesce, Compare, Fact, Literal, Node, substitute, walk

Row = dict[str, Value]
COVERAGE = Path(__file__).parents[2] / "rules/cn/COVERAGE.md"
ROWS = {"CT": 5, "CF": 8, "CH": 10, "TP": 13, "CO": 9, "OU": 10, "VD": 4}
"""How many collected rows the topics of contact have, besides the two on AI."""
NEVER = (
    "违法", "非法", "不用还", "无需偿还", "无须偿还", "不必偿还",
    "illegal", "unlawful", "need not pay", "do not have to pay",
)  # fmt: skip
"""What no message says: the book says which line was crossed, a court says what is illegal."""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def thresholds(node: Node) -> Iterator[tuple[str, str, int]]:
    """List the facts that are compared in order with a whole number."""
    for part in walk(node):
        match part:
            case Compare(op, Fact(name), Literal(_, int(value))) if op not in {"=", "<>"}:
                yield name, op, value


def beside(op: str, value: int) -> tuple[int, int]:
    """Name the two values between which a comparison turns."""
    return (value - 1, value) if op in {"<", ">="} else (value, value + 1)


def untried(book: Rulebook, rule: Rule) -> list[tuple[str, int]]:
    """List the values beside a threshold that no example of a rule tries."""
    literals = book.policy.literals(book.parameters)
    return [
        (name, value)
        for name, op, threshold in thresholds(substitute(rule.node, literals))
        for value in beside(op, threshold)
        if book.catalogue[name].min <= value <= book.catalogue[name].max
        and all(one.facts.get(name) != value for one in rule.examples)
    ]


def test_every_collected_row_of_contact_is_named_by_a_rule(book: Rulebook) -> None:
    rows = {f"{topic}-{no:02d}" for topic, count in ROWS.items() for no in range(1, count + 1)}
    named = {row for rule in book.rules for row in rule.candidates}
    assert len(rows | {"AI-R01", "AI-R02"}) == 61
    assert rows | {"AI-R01", "AI-R02"} <= named


def test_what_the_coverage_page_says_of_a_rule_is_said_of_one_that_exists(book: Rulebook) -> None:
    ids = {rule.id.removeprefix("cn.") for rule in book.rules}
    topics = {rule.topic for rule in book.rules}
    told = re.findall(r"`([a-z_]+\.[a-z_]+)`", COVERAGE.read_text(encoding="utf-8"))
    assert {name for name in told if name.split(".")[0] in topics} <= ids


def test_every_threshold_is_tried_on_both_sides(book: Rulebook) -> None:
    assert {rule.file: untried(book, rule) for rule in book.rules if untried(book, rule)} == {}


def test_every_rule_says_what_it_does_when_a_fact_is_missing(book: Rulebook) -> None:
    silent = [
        rule.file
        for rule in book.rules
        if all(one.expect != "unknown" for one in rule.examples)
        and any(book.catalogue[name].nullable for name in may_be_unknown(rule.node, book))
    ]
    assert silent == []


def may_be_unknown(node: Node, book: Rulebook) -> set[str]:
    """Name the facts of a condition for which nothing stands in where they are missing."""
    held = {id(one) for part in walk(node) if isinstance(part, Coalesce) for one in walk(part)}
    facts = (part for part in walk(node) if isinstance(part, Fact) and id(part) not in held)
    return {fact.name for fact in facts if fact.name in book.catalogue}


def test_no_message_calls_anything_illegal_or_says_that_nothing_is_owed(book: Rulebook) -> None:
    said = [
        (rule.file, audience, word)
        for rule in book.rules
        for audience, words in rule.messages.items()
        for text in words.values()
        for word in NEVER
        if word in _without_quotes(text)
    ]
    assert said == []


def _without_quotes(text: str) -> str:
    """Leave out what a text of law says, titles of texts, and the names of facts."""
    return re.sub(r"“[^”]*”|《[^》]*》|\{\w+\}", "", text)


def test_what_is_firm_policy_says_so_to_everybody(book: Rulebook) -> None:
    silent = [
        (rule.file, audience)
        for rule in book.rules
        if rule.of_policy
        for audience, words in rule.messages.items()
        if "政策" not in words["zh"] or "policy" not in words["en"]
    ]
    assert silent == []


def test_no_rule_stands_on_a_text_before_that_text_was_in_force(book: Rulebook) -> None:
    early = [
        rule.file
        for rule in book.rules
        if (from_on := book.instruments[rule.sources[0].instrument].from_on) is not None
        and rule.from_on < from_on
        and not any(
            (other := book.instruments[source.instrument].from_on) is None or other <= rule.from_on
            for source in rule.sources
        )
    ]
    assert early == []


def test_the_hours_of_the_rules_are_those_of_the_country(book: Rulebook) -> None:
    hours = day_minutes_of("cn")
    night = {
        tuple(clock_minutes(scope_of(book, act, day_of(2026, 11, 25))))
        for act in ("contact", "message", "visit", "ask_consent")
    }
    assert night == {(hours.start, hours.stop)}


@pytest.mark.parametrize(("kind", "days"), complaint_days_of("cn").items())
def test_the_days_of_a_complaint_are_those_of_the_country(
    book: Rulebook, kind: str, days: int
) -> None:
    for late in (False, True):
        row: Row = {
            "complaint_open": True,
            "complaint_class": kind,
            "days_since_complaint": days + late,
        }
        spoke = decide(book, "duty", row, day_of(2026, 11, 25), "bank").spoke
        fired = {one.rule.id for one in spoke if one.outcome == "fires"}
        told = {"cn.complaint.simple_days", "cn.complaint.complex_days"} & fired
        assert bool(told) is late
