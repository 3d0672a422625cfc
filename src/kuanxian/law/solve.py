"""Solve: an edition's rules on one act as a question a solver can answer for all rows.

A row is every fact, unknown ones included, and a lender type, the unknown one included.
The same weighing as in ``decide.py`` is said once more in logic; a test compares the two
on random rows.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import z3

from kuanxian.law.emit_z3 import Z3Terms
from kuanxian.law.facts import Catalogue
from kuanxian.law.rule import DUTY, Rule, Value
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.scope import REFER, rank_of_true, rank_of_unknown
from kuanxian.law.tree import Node

Term = Any
"""A term of Z3's; its own annotations are loose."""
LENDER: Final = "lender_type"


class Row(NamedTuple):
    """A row found by the solver: an example, or a counterexample."""

    facts: dict[str, Value]
    """Those that the question is about; None is unknown."""
    lender_type: str | None

    def __str__(self) -> str:
        """Write the row as a person reads it: what is known, and that all else is not."""
        shown = sorted({LENDER: self.lender_type, **self.facts}.items())
        known = [f"{name} = {_show(value)}" for name, value in shown if value is not None]
        return "; ".join(filter(None, [", ".join(known), "all else unknown"]))


def _show(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Said(NamedTuple):
    """What one rule may say of a row, as terms."""

    rule: Rule
    true: Term
    """It governs the row and its condition is met."""
    stops: Term
    """It forbids, requires or refers, because it is met or because it is unknown."""
    speaks: Term
    """It says anything at all."""


class Question:
    """Everything that the rules of an edition say of one act, for all rows.

    Args:
        book: The rulebook.
        edition: The edition.
        act: The act.
        terms: Share one to compare two books on the same rows.
    """

    def __init__(
        self, book: Rulebook, edition: Edition, act: str, terms: Z3Terms | None = None
    ) -> None:
        self.book, self.edition, self.act = book, edition, act
        self.terms = terms or Z3Terms(catalogue_of(book))
        self._types = (None, *book.country.lender_types)
        self.lender = z3.Int(LENDER)
        self.said = [self._say(rule) for rule in edition.rules if act in rule.acts]
        self.solver = z3.Solver()
        self.solver.add(self.lender >= 0, self.lender < len(self._types))
        self._bounded = 0

    def allowed(self) -> Term:
        """Give the term that the act is allowed."""
        stops = [z3.Not(one.stops) for one in self.said]
        if self.act == DUTY:
            return z3.And(stops)
        permits = [one.true for one in self.said if one.rule.verdict == "permit"]
        return z3.And(z3.Or(permits), *stops)

    def said_of(self, rule: Rule) -> Said:
        """Find what a rule says."""
        return next(one for one in self.said if one.rule is rule)

    def has(self, *wanted: Term) -> bool:
        """Say whether there is a row of which all the terms are true.

        Raises:
            RuntimeError: The solver gave up. An answer it does not have is no proof.
        """
        return self._solved(wanted) is not None

    def find(self, *wanted: Term) -> Row | None:
        """Find a row of which all the terms are true; None: there is no such row.

        One whose facts can be of one case is shown, if there is one; else any, for a promise holds
        of all rows.

        Raises:
            RuntimeError: The solver gave up.
        """
        model = self._solved(wanted)
        if model is not None:
            model = self._solved((*wanted, *self._together())) or model
        return None if model is None else self._row(model, wanted)

    def _solved(self, wanted: tuple[Term, ...]) -> Any:
        """Find a model; one solver serves all questions, so the rules are read in once."""
        self._bound()
        self.solver.push()
        try:
            self.solver.add(*wanted)
            found = self.solver.check()
            if found == z3.unsat:
                return None
            if found != z3.sat:
                message = f"the solver gave up: {self.solver.reason_unknown()}"
                raise RuntimeError(message)
            return self.solver.model()
        finally:
            self.solver.pop()

    def _together(self) -> list[Term]:
        """List what the facts of one case keep to: none is more than the fact it is at most."""
        used = [spec for spec in self.book.catalogue.values() if self.terms.uses(spec.name)]
        pairs = [
            (self.terms.fact(spec.name), self.terms.fact(spec.at_most))
            for spec in used
            if spec.at_most and self.terms.uses(spec.at_most)
        ]
        return [
            z3.Implies(z3.And(known, known_too), less <= more)
            for (less, known), (more, known_too) in pairs
        ]

    def _bound(self) -> None:
        """Tell the solver the bounds of the facts that are new to it."""
        if len(self.terms) != self._bounded:
            self.solver.add(*self.terms.domain())
            self._bounded = len(self.terms)

    def _row(self, model: Any, wanted: Iterable[Term]) -> Row:
        """Read a row off a model: only the facts that the question is about."""
        used = {str(name) for term in wanted for name in _constants(term)}
        facts = {name: value for name, value in self.terms.row(model).items() if name in used}
        place = model.eval(self.lender, model_completion=True).as_long()
        return Row(facts, self._types[place])

    def _say(self, rule: Rule) -> Said:
        governs = self._governs(rule)
        node = self.edition.node(rule)
        true = z3.And(governs, self.terms.true(node))
        unknown = z3.And(governs, self.terms.maybe(node), z3.Not(self.terms.true(node)))
        if_true, if_unknown = rank_of_true(rule), rank_of_unknown(rule)
        stops = [true] if if_true <= REFER else []
        stops += [unknown] if if_unknown <= REFER else []
        speaks = [true] if if_unknown > REFER else [true, unknown]
        return Said(rule, true, z3.Or(stops), z3.Or(speaks))

    def _governs(self, rule: Rule) -> Term:
        if "any" in rule.lender_types:
            return z3.BoolVal(True)
        places = [place for place, one in enumerate(self._types) if rule.governs(self.act, one)]
        return z3.Or([self.lender == place for place in places])

    def true(self, node: Node) -> Term:
        """Give the term that a condition is known to be met."""
        return self.terms.true(node)

    def maybe(self, node: Node) -> Term:
        """Give the term that a condition may be met."""
        return self.terms.maybe(node)


def catalogue_of(book: Rulebook) -> Catalogue:
    """Declare all that may stand in a condition: facts, and dated values not yet known."""
    return book.catalogue | {value.spec().name: value.spec() for value in book.values.values()}


def _constants(term: Term) -> set[str]:
    """Name the facts in a term."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [term]
    while waiting:
        one = waiting.pop()
        if one.get_id() in seen:
            continue
        seen.add(one.get_id())
        if z3.is_const(one) and one.decl().kind() == z3.Z3_OP_UNINTERPRETED:
            found.add(one.decl().name().removesuffix(" known"))
        waiting += one.children()
    return found


def shape_of(edition: Edition, act: str) -> tuple[Any, ...]:
    """Name what an edition says of an act: two editions of one shape have one answer."""
    rules = [rule for rule in edition.rules if act in rule.acts]
    return (act, *((rule.file, rule.line, edition.node(rule)) for rule in rules))
