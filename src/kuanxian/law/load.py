"""Load: a country's files into a rulebook, whole or not at all."""

import datetime
import re
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import LawError, RulebookError, RuleFileError
from kuanxian.law.collected import Rows, read_collected
from kuanxian.law.examples import example_problems
from kuanxian.law.facts import Catalogue, read_catalogue
from kuanxian.law.frame import (
    Act,
    Instrument,
    StandardAct,
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
from kuanxian.law.rule import Rule
from kuanxian.law.rule_file import Setting, read_fact_value, read_rule
from kuanxian.law.rulebook import Rulebook, hash_of, value_literals
from kuanxian.law.stray import stray_files
from kuanxian.law.table import Table, read_toml
from kuanxian.law.theorem import Theorem, read_theorems
from kuanxian.law.values import DatedValue, read_values

SHIPPED: Final = Path(str(files("kuanxian"))) / "rules"
NOT_TOPICS: Final = ("values", "screen", "messages", "silence")
"""Folders of a country that hold no rules."""
_FILE: Final = re.compile(r"([a-z][a-z0-9_]*)(?:\.(\d{4}-\d{2}-\d{2}))?")


def load_rulebook(
    country: str = "cn",
    root: Path | None = None,
    policy: Path | None = None,
    *,
    widening: bool = False,
) -> Rulebook:
    """Load a country's rulebook, whole or not at all.

    Args:
        country: Its folder.
        root: The rules folder; None for the one that comes with the product.
        policy: A firm's policy file; None for the shipped figures.
        widening: Take a policy that is wider than the law too, to look at it; never to
            decide by it.

    Raises:
        RulebookError: There is a mistake anywhere, or the policy is wider than the law;
            all of it is in ``problems``.
        LawError: There is no such country.
    """
    reader = _Reader(root or SHIPPED, country)
    if not (reader.root / country / "country.toml").is_file():
        known = sorted(path.parent.name for path in reader.root.glob("*/country.toml"))
        raise LawError(country, "there are no rules of this country", f"There are: {known}.")
    book = reader.read(policy)
    if book is None or reader.problems:
        raise RulebookError(f"the rulebook of {country}", tuple(reader.problems))
    if policy is not None:
        from kuanxian.law.narrow import refuse_widening  # the solver is loaded for a policy only

        refuse_widening(book, policy.name, but_look=widening)
    return book


def load_theorems(book: Rulebook, root: Path | None = None) -> tuple[Theorem, ...]:
    """Load what must be provable of a rulebook.

    Args:
        book: The rulebook.
        root: The rules folder it was loaded from; None for the shipped one.

    Raises:
        RulebookError: A theorem is wrong, or there is none: of a rulebook that promises nothing
            nothing is proved.
    """
    name = f"{book.country.id}/theorems.toml"
    try:
        found = read_theorems(read_toml((root or SHIPPED) / name, name), book.acts, book.catalogue)
        if not found:
            raise RuleFileError(name, 1, "it has no theorem", "Write what must hold of the rules.")
        return found
    except RuleFileError as error:
        raise RulebookError(f"the theorems of {book.country.id}", (error,)) from error


class _Reader:
    """Reads a country's files and collects every mistake on the way."""

    def __init__(self, root: Path, country: str) -> None:
        self.root, self.country = root, country
        self.problems: list[RuleFileError] = []
        self.content: dict[str, Any] = {}
        self.unread: set[str] = set()
        """The ids of rules whose files have a mistake: another may name them all the same."""

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
        rows = read_collected(self.root, within, instruments)
        values = self._read_values(instruments, rows)
        parameters = read_parameters(self.open(f"{within}/policy.toml", optional=True))
        names = catalogue | parameter_catalogue(parameters)
        names |= {value.spec().name: value.spec() for value in values.values()}
        setting = Setting(country, names, acts, deeds, instruments, rows)
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
        standards = self._read_standards(acts, catalogue)
        return Rulebook(
            country, catalogue, acts, deeds, instruments, values, parameters, policy,
            standards, rules, hash_of(self.content | {"policy": policy.values}),
        )  # fmt: skip

    def open(self, name: str, *, optional: bool = False) -> Table:
        """Read a file of the rules folder, and keep its content for the hash."""
        path = self.root / name
        if optional and not path.is_file():
            return Table({}, name, (), {})
        table = read_toml(path, name)
        self.content[name] = table.data
        return table

    def _read_values(
        self, instruments: Mapping[str, Instrument], rows: Rows
    ) -> dict[str, DatedValue]:
        folder = f"{self.country}/values"
        values = read_values(self.root / folder, folder, instruments, rows)
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

    def _read_standards(
        self, acts: Mapping[str, Act], catalogue: Catalogue
    ) -> tuple[StandardAct, ...]:
        table = self.open(f"{self.country}/standard_acts.toml", optional=True)
        table.check_keys(("standard",))
        found = []
        for name, one in table.table("standard", optional=True).children():
            one.check_keys(("act", "facts", "zh", "en"))
            facts = one.table("facts", optional=True)
            found.append(
                StandardAct(
                    name=name,
                    title={"zh": one.text("zh"), "en": one.text("en")},
                    act=one.one_of("act", acts),
                    facts={key: read_fact_value(facts, key, catalogue) for key in facts.data},
                )
            )
        return tuple(found)

    def _read_rules(self, setting: Setting) -> tuple[Rule, ...]:
        rules = []
        self.problems += stray_files(self.root / self.country, NOT_TOPICS)
        for path in sorted((self.root / self.country).glob("*/*.toml")):
            if path.parent.name in NOT_TOPICS:
                continue
            name = f"{self.country}/{path.parent.name}/{path.name}"
            try:
                rules.append(self._read_rule(name, path, setting))
            except RuleFileError as error:
                self.problems.append(error)
                place = f"{self.country}.{path.parent.name}.{path.stem.split('.')[0]}"
                self.unread |= {place, str(self.content.get(name, {}).get("id"))}
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
            for other in (*rule.restates, *rule.supersedes, *filter(None, [rule.narrows])):
                if other not in {*by_id, *self.unread} or other == rule.id:
                    reason = f"names {other!r}, which is no other rule"
                    self.problems.append(
                        RuleFileError(rule.file, rule.line, reason, "Mend the name.")
                    )
