"""The mainland China book as a whole: what every file of it must hold to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Rule
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.tree import Compare, Fact, Literal, Node, substitute, walk

COVERAGE = Path(__file__).parents[2] / "rules/cn/COVERAGE.md"


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
        and any(
            book.catalogue[part.name].nullable
            for part in walk(rule.node)
            if isinstance(part, Fact) and part.name in book.catalogue
        )
    ]
    assert silent == []
