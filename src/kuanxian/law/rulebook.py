"""Rulebook: all rules of a country, read whole or not at all, with editions by day.

A folder with one mistake is no rulebook: every mistake is listed and nothing is taken.
Between two days on which something changes, the same rules with the same figures are in
force: an ``Edition``. The hash names the content, not the files: comments, line ends and
the machine change nothing in it.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kuanxian.base.errors import LawError
from kuanxian.law.facts import Catalogue
from kuanxian.law.frame import Act, Country, Deed, Instrument, StandardAct
from kuanxian.law.policy import Parameter, Policy
from kuanxian.law.rule import NO_END, Rule
from kuanxian.law.tree import Kind, Literal, Node, fact_names, substitute
from kuanxian.law.values import DatedValue


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules of a span of days in which nothing changes."""

    from_on: int
    until_on: int
    """First day no longer in it."""
    rules: tuple[Rule, ...]
    literals: Mapping[str, Literal]
    """The firm's figures and the dated values of these days."""
    _nodes: dict[tuple[str, int], Node] = field(default_factory=dict, compare=False, repr=False)

    def node(self, rule: Rule) -> Node:
        """Fill in the condition of a rule: policy and dated values as figures."""
        key = (rule.file, rule.line)
        if key not in self._nodes:
            self._nodes[key] = substitute(rule.node, self.literals)
        return self._nodes[key]

    def rebuttal(self, rule: Rule) -> Node | None:
        """Fill in the condition that rebuts a rule's presumption, if it has one."""
        return substitute(rule.presumption.node, self.literals) if rule.presumption else None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that is law, and policy, in a country; past and coming versions included."""

    country: Country
    catalogue: Catalogue
    acts: Mapping[str, Act]
    deeds: Mapping[str, Deed]
    instruments: Mapping[str, Instrument]
    values: Mapping[str, DatedValue]
    parameters: Mapping[str, Parameter]
    policy: Policy
    standards: tuple[StandardAct, ...]
    """The acts that are asked of every loan at the close of a day."""
    rules: tuple[Rule, ...]
    """Every version of every rule, the firm's own last."""
    hash: str
    """SHA-256 of the content, 64 hexadecimal digits."""
    scopes: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What ``scope.py`` compiled, by edition, act and lender type."""
    _editions: dict[int, Edition] = field(default_factory=dict, compare=False, repr=False)

    def days_of_change(self) -> list[int]:
        """List the days on which the book changes, in order."""
        days = {rule.from_on for rule in self.rules}
        days |= {rule.until_on for rule in self.rules if rule.until_on != NO_END}
        used = {name for rule in self.rules for name in names_of(rule)}
        for name, value in self.values.items():
            if f"value.{name}" in used:
                days |= {step.from_on for step in value.steps}
                days |= {step.until_on for step in value.steps if step.until_on != NO_END}
        return sorted(days)

    def spans(self) -> list[tuple[int, int]]:
        """List the spans between the days of change; the last one has no end."""
        return list(pairwise([*self.days_of_change(), NO_END]))

    def edition(self, day: int) -> Edition | None:
        """Find the edition of a day; None before the first rule."""
        if not self._editions:
            # All at once: another thread must not find some of them.
            self._editions.update({span[0]: self._make_edition(*span) for span in self.spans()})
        starts = tuple(self._editions)
        place = bisect_right(starts, day)
        return self._editions[starts[place - 1]] if place else None

    def editions(self) -> Iterator[Edition]:
        """Go through all editions in the order of their days."""
        for from_on, _ in self.spans():
            edition = self.edition(from_on)
            assert edition is not None
            yield edition

    def _make_edition(self, from_on: int, until_on: int) -> Edition:
        literals = self.policy.literals(self.parameters) | value_literals(self.values, from_on)
        rules = tuple(rule for rule in self.rules if rule.is_in_force(from_on))
        return Edition(from_on, until_on, rules, literals)

    def rule(self, rule_id: str) -> tuple[Rule, ...]:
        """Find every version of a rule, the newest first.

        Raises:
            LawError: There is none.
        """
        found = [rule for rule in self.rules if rule.id == rule_id]
        if not found:
            raise LawError(rule_id, "there is no such rule", "See `kuanxian law list`.")
        return tuple(sorted(found, key=lambda rule: -rule.from_on))


def names_of(rule: Rule) -> tuple[str, ...]:
    """Name the facts of a rule's condition and of its rebuttal."""
    more = fact_names(rule.presumption.node) if rule.presumption else ()
    return tuple(dict.fromkeys((*fact_names(rule.node), *more)))


def value_literals(values: Mapping[str, DatedValue], day: int) -> dict[str, Literal]:
    """Make what is put in the place of ``value.NAME`` on a day; nothing before its first."""
    found = {f"value.{name}": value.at(day) for name, value in values.items()}
    return {name: Literal(Kind.INT, value) for name, value in found.items() if value is not None}


def hash_of(content: Mapping[str, Any]) -> str:
    """Name a content by its SHA-256: the same content, the same name, on any machine.

    Example:
        >>> hash_of({"b": 1, "a": 2}) == hash_of({"a": 2, "b": 1})
        True
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
