"""Scope: the rules that speak to one act of one lender type on one day, ready to run.

Compiled once for each (act, lender type) of an edition: a decision then runs a handful
of conditions instead of a book.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from kuanxian.law.emit_python import compile_many
from kuanxian.law.facts import FactSpec
from kuanxian.law.guard import Facts, Guard, compile_guard
from kuanxian.law.reads import Get, Row, compile_row
from kuanxian.law.rule import DUTY, VERDICTS, Rule, Value
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.tree import Node, fact_names
from kuanxian.law.values import DatedValue

RANK: Final = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
"""The stronger, the smaller."""
SILENT: Final = len(VERDICTS)
REFER: Final = RANK["refer"]
WARN: Final = RANK["warn"]
PERMIT: Final = RANK["permit"]
_MAKING: Final = Lock()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A fact that is a dated value at another fact's day."""

    name: str
    at: str
    value: DatedValue | None
    """None where this country has no such value: the fact is unknown then."""
    first: int
    """The first and the last day that may be asked for."""
    last: int

    def __call__(self, get: Get) -> Value:
        """Look the value up; None where its day is not known, or has none."""
        day = get(self.at)
        if self.value is None or day.__class__ is not int:
            return None
        assert isinstance(day, int)
        return self.value.at(day) if self.first <= day <= self.last else None


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What speaks to an act; one is another's equal only if it is the same."""

    book: Rulebook
    edition: Edition | None
    """None: no rulebook is in force on that day."""
    act: str
    lender_type: str | None
    rules: tuple[Rule, ...]
    nodes: tuple[Node, ...]
    """The condition of each rule, figures filled in; then the rebuttals of presumptions."""
    names: tuple[tuple[str, ...], ...]
    """The facts each rule uses, those of its rebuttal among them."""
    rows: dict[int, Row]
    """What takes the facts of a rule, made when the rule first speaks."""
    rebuttals: Mapping[int, int]
    """The place of a rule's rebuttal in ``nodes``, by the rule's own place."""
    if_true: tuple[int, ...]
    """The rank at which each rule speaks when its condition is met."""
    if_unknown: tuple[int, ...]
    specs: Mapping[str, FactSpec]
    """The facts that the nodes use."""
    lookups: tuple[Lookup, ...]
    run: Callable[[Facts], tuple[list[int], list[int]]]
    """Finds the places in ``nodes`` that are true and those that are unknown, in order; a
    value that is not as declared is unknown to it."""
    guard: Guard

    @property
    def needs_permit(self) -> bool:
        """An act needs a basis; a duty is nobody's act."""
        return self.act != DUTY

    def facts_of(self, place: int, get: Get) -> dict[str, Value]:
        """Take the facts of one rule, None for each that is not known."""
        row = self.rows.get(place)
        if row is None:
            lookups = {one.name: one for one in self.lookups}
            row = self.rows[place] = compile_row(self.names[place], self.specs, lookups)
        return row(get)

    def known(self, facts: Facts) -> dict[str, Value]:
        """Take the facts used, each as declared, and look the dated values up."""
        good = self.guard(facts)
        for one in self.lookups:
            found = one(good.get)
            if found is None:
                good.pop(one.name, None)
            else:
                good[one.name] = found
        return good


def scope_of(book: Rulebook, act: str, day: int, lender_type: str | None = None) -> Scope:
    """Find what speaks to an act on a day; made once and kept with the book.

    Args:
        book: The rulebook.
        act: A name from ``acts.toml``. One that is not there is permitted by nothing.
        day: The day of the act.
        lender_type: One of the country's; None or another word: not known.
    """
    edition = book.edition(day)
    if lender_type not in book.country.lender_types:
        lender_type = None
    key = (edition.from_on if edition else None, act, lender_type)
    found = book.scopes.get(key)
    if found is None:
        # One at a time: threads that compile the same at once hold each other up.
        with _MAKING:
            found = book.scopes.get(key)
            if found is None:
                found = book.scopes[key] = _make_scope(book, edition, act, lender_type)
    assert isinstance(found, Scope)
    return found


def _make_scope(
    book: Rulebook, edition: Edition | None, act: str, lender_type: str | None
) -> Scope:
    every = edition.rules if edition else ()
    rules = tuple(rule for rule in every if rule.governs(act, lender_type))
    nodes: list[Node] = []
    rebuttals: dict[int, int] = {}
    if edition:
        nodes = [edition.node(rule) for rule in rules]
        for place, rule in enumerate(rules):
            if rule.presumption:
                rebuttals[place] = len(nodes)
                nodes.append(edition.rebuttal(rule) or nodes[place])
    specs = _specs_of(book, nodes)
    lookups = _lookups_of(book, specs)
    return Scope(
        book=book,
        edition=edition,
        act=act,
        lender_type=lender_type,
        rules=rules,
        nodes=tuple(nodes),
        names=_names_of(nodes[: len(rules)], nodes, rebuttals),
        rows={},
        rebuttals=rebuttals,
        if_true=tuple(rank_of_true(rule) for rule in rules),
        if_unknown=tuple(rank_of_unknown(rule) for rule in rules),
        specs=specs,
        lookups=lookups,
        run=compile_many(nodes, specs, {one.name: one for one in lookups}),
        guard=compile_guard(specs),
    )


def rank_of_true(rule: Rule) -> int:
    """Rank what a rule says when its condition is met."""
    return RANK[rule.verdict]


def rank_of_unknown(rule: Rule) -> int:
    """Rank what a rule says when a fact that decides it is not known."""
    if rule.verdict == "permit" or rule.unknown == "silent":
        return SILENT
    if rule.unknown == "warn":
        return max(WARN, RANK[rule.verdict])
    return min(RANK[rule.verdict], REFER)


def _specs_of(book: Rulebook, nodes: list[Node]) -> dict[str, FactSpec]:
    names = dict.fromkeys(name for node in nodes for name in fact_names(node))
    for name in list(names):
        if name in book.catalogue and (at := book.catalogue[name].at):
            names[at] = None
    # A dated value before its first day is in no catalogue, and stays unknown.
    return {name: book.catalogue[name] for name in names if name in book.catalogue}


def _names_of(
    conditions: Sequence[Node], nodes: Sequence[Node], rebuttals: Mapping[int, int]
) -> tuple[tuple[str, ...], ...]:
    def names(place: int, node: Node) -> tuple[str, ...]:
        more = fact_names(nodes[rebuttals[place]]) if place in rebuttals else ()
        return tuple(dict.fromkeys((*fact_names(node), *more)))

    return tuple(names(place, node) for place, node in enumerate(conditions))


def _lookups_of(book: Rulebook, specs: Mapping[str, FactSpec]) -> tuple[Lookup, ...]:
    return tuple(
        Lookup(name, spec.at, book.values.get(spec.value), specs[spec.at].min, specs[spec.at].max)
        for name, spec in specs.items()
        if spec.source == "value"
    )
