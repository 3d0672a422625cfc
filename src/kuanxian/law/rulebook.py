"""Rulebook: all rules of a country, read whole or not at all, with editions by day.

A folder with one mistake is no rulebook: every mistake is listed and nothing is taken.
Between two days on which something changes, the same rules with the same figures are in
force: an ``Edition``. The hash names the content, not the files: comments, line ends and
the machine change nothing in it.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import LawError, RulebookError, RuleFileError
from kuanxian.law.examples import example_problems
from kuanxian.law.facts import Catalogue, read_catalogue
from kuanxian.law.frame import (
    Act,
    Country,
    Deed,
    Instrument,
    read_acts,
    read_country,
    read_instruments,
)
from kuanxian.law.policy import (
    Parameter,
    Policy,
    parameter_catalogue,
    read_parameters,
    read_policy,
    shipped_policy,
)
from kuanxian.law.rule import NO_END, Rule
from kuanxian.law.rule_file import Setting, read_rule
from kuanxian.law.table import Table, read_toml
from kuanxian.law.tree import Kind, Literal, Node, fact_names, substitute
from kuanxian.law.values import DatedValue, read_values

SHIPPED: Final = Path(str(files("kuanxian"))) / "rules"
NOT_TOPICS: Final = ("values", "screen", "messages")
"""Folders of a country that hold no rules."""
_FILE: Final = re.compile(r"([a-z][a-z0-9_]*)(?:\.(\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True, slots=True)
class Edition:
    """The rules of a span of days in which nothing changes."""

    from_on: int
    until_on: int
    """First day no longer in it."""
    rules: tuple[Rule, ...]
    literals: Mapping[str, Literal]
    """The firm's figures and the dated values of these days."""

    def node(self, rule: Rule) -> Node:
        """Fill in the condition of a rule: policy and dated values as figures."""
        return substitute(rule.node, self.literals)

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
        for from_on, until_on in self.spans() if not self._editions else ():
            self._editions[from_on] = self._make_edition(from_on, until_on)
        starts = [start for start in self._editions if start <= day]
        return self._editions[starts[-1]] if starts else None

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


def load_rulebook(
    country: str = "cn", root: Path | None = None, policy: Path | None = None
) -> Rulebook:
    """Load a country's rulebook, whole or not at all.

    Args:
        country: Its folder.
        root: The rules folder; None for the one that comes with the product.
        policy: A firm's policy file; None for the shipped figures.

    Raises:
        RulebookError: There is a mistake anywhere; all of them are in ``problems``.
        LawError: There is no such country.
    """
    reader = _Reader(root or SHIPPED, country)
    if not (reader.root / country / "country.toml").is_file():
        known = sorted(path.parent.name for path in reader.root.glob("*/country.toml"))
        raise LawError(country, "there are no rules of this country", f"There are: {known}.")
    book = reader.read(policy)
    if book is None or reader.problems:
        raise RulebookError(f"the rulebook of {country}", tuple(reader.problems))
    return book


class _Reader:
    """Reads a country's files and collects every mistake on the way."""

    def __init__(self, root: Path, country: str) -> None:
        self.root, self.country = root, country
        self.problems: list[RuleFileError] = []
        self.content: dict[str, Any] = {}

    def read(self, policy: Path | None) -> Rulebook | None:
        """Read everything; None where the mistakes leave nothing to build on."""
        try:
            return self._read(policy)
        except RuleFileError as error:
            self.problems.append(error)
            return None

    def _read(self, policy_path: Path | None) -> Rulebook:
        within = self.country
        catalogue = read_catalogue(self.open("facts.toml"))
        acts, deeds = read_acts(self.open("acts.toml"))
        country = read_country(self.open(f"{within}/country.toml"))
        instruments = read_instruments(self.open(f"{within}/instruments.toml"))
        values = self._read_values(instruments)
        parameters = read_parameters(self.open(f"{within}/policy.toml", optional=True))
        names = catalogue | parameter_catalogue(parameters)
        names |= {value.spec().name: value.spec() for value in values.values()}
        setting = Setting(country, names, acts, deeds, instruments)
        self._check_value_facts(catalogue, values)
        rules = self._read_rules(setting)
        policy = shipped_policy(parameters)
        literals = policy.literals(parameters)
        for rule in rules:
            figures = literals | value_literals(values, rule.from_on)
            self.problems += example_problems(rule, figures)
        if policy_path is not None:
            policy = self._read_policy(policy_path, parameters, setting)
        rules = (*rules, *policy.rules)
        self._check_whole(rules)
        return Rulebook(
            country, catalogue, acts, deeds, instruments, values, parameters, policy, rules,
            hash_of(self.content | {"policy": policy.values}),
        )  # fmt: skip

    def open(self, name: str, *, optional: bool = False) -> Table:
        """Read a file of the rules folder, and keep its content for the hash."""
        path = self.root / name
        if optional and not path.is_file():
            return Table({}, name, (), {})
        table = read_toml(path, name)
        self.content[name] = table.data
        return table

    def _read_values(self, instruments: Mapping[str, Instrument]) -> dict[str, DatedValue]:
        folder = f"{self.country}/values"
        values = read_values(self.root / folder, folder, instruments)
        for value in values:
            self.open(value.file)
        return {value.name: value for value in values}

    def _check_value_facts(self, catalogue: Catalogue, values: Mapping[str, DatedValue]) -> None:
        """A fact that is looked up must have a dated value in some country; not in each."""
        for name, spec in catalogue.items():
            dated = values.get(spec.value)
            if dated and not (spec.min <= dated.min and dated.max <= spec.max):
                reason = f"the bounds of {name} do not hold those of {dated.file}"
                self.problems.append(RuleFileError("facts.toml", 1, reason, "Widen the fact's."))

    def _read_rules(self, setting: Setting) -> tuple[Rule, ...]:
        rules = []
        for path in sorted((self.root / self.country).glob("*/*.toml")):
            if path.parent.name in NOT_TOPICS:
                continue
            name = f"{self.country}/{path.parent.name}/{path.name}"
            try:
                rules.append(self._read_rule(name, path, setting))
            except RuleFileError as error:
                self.problems.append(error)
        return tuple(rules)

    def _read_rule(self, name: str, path: Path, setting: Setting) -> Rule:
        named = _FILE.fullmatch(path.stem)
        if named is None:
            advice = "Small letters, digits and _; an older version: name.2025-01-31.toml."
            raise RuleFileError(name, 1, "the file's name is no rule's name", advice)
        table = self.open(name)
        rule = read_rule(table, f"{self.country}.{path.parent.name}.{named.group(1)}", setting)
        told = named.group(2)
        if told and datetime.date.fromisoformat(told) != table.data["in_force"]["from"]:
            raise table.error("in_force", f"does not begin on {told}", "Rename the file.")
        return rule

    def _read_policy(
        self, path: Path, parameters: Mapping[str, Parameter], setting: Setting
    ) -> Policy:
        table = read_toml(path, path.name)
        self.content[":firm"] = table.data
        policy = read_policy(table, parameters, setting)
        figures = policy.literals(parameters)
        for rule in policy.rules:
            self.problems += example_problems(rule, figures)
        return policy

    def _check_whole(self, rules: tuple[Rule, ...]) -> None:
        """Check what no single file shows: overlaps, and rules that name other rules."""
        by_id: dict[str, list[Rule]] = {}
        for rule in sorted(rules, key=lambda one: one.from_on):
            by_id.setdefault(rule.id, []).append(rule)
        for versions in by_id.values():
            for older, newer in pairwise(versions):
                if newer.from_on < older.until_on:
                    reason = f"is in force at the same time as {older.file}"
                    advice = f"Give {older.file} an in_force.until."
                    self.problems.append(RuleFileError(newer.file, newer.line, reason, advice))
        for rule in rules:
            for other in (*rule.restates, *filter(None, [rule.narrows])):
                if other not in by_id or other == rule.id:
                    reason = f"names {other!r}, which is no other rule"
                    self.problems.append(
                        RuleFileError(rule.file, rule.line, reason, "Mend the name.")
                    )


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
