"""Prove: what holds of every decision, not only of those that were tried.

For each span of days between two changes, and for all values of all facts, unknown
included, the solver looks for a row that breaks a promise. No such row: proved. A row:
the promise is broken, and the row is the counterexample to look at.
"""

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import z3

from kuanxian.base.errors import LawError
from kuanxian.law.duty import duty_clashes
from kuanxian.law.finding import Finding
from kuanxian.law.narrow import policy_widenings
from kuanxian.law.rule import Rule
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.scope import rank_of_true
from kuanxian.law.solve import Question, Row, Said, shape_of
from kuanxian.law.theorem import Theorem

KINDS: Final = ("theorem", "alone", "restates", "permit", "narrows", "duty")
"""What is proved: a country's theorems; each rule can fire alone; one that says it
restates another does; each permit can permit; policy narrows law; no duty to do what is
forbidden."""


class Proof(NamedTuple):
    """What was asked, and what came of it."""

    findings: tuple[Finding, ...]
    """Each promise once, with the first span and row that break it, if any do."""
    questions: int
    """How many were put to the solver."""

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The promises that do not hold."""
        return tuple(one for one in self.findings if one.broken)

    def count(self, kind: str) -> int:
        """Count the promises of a kind that hold."""
        return sum(one.kind == kind and not one.broken for one in self.findings)


def prove(book: Rulebook, theorems: Iterable[Theorem] = (), *, only: str = "") -> Proof:
    """Prove a rulebook: its theorems and what every rulebook must keep.

    Args:
        book: The rulebook, with its policy.
        theorems: The country's.
        only: A kind of ``KINDS``, or a theorem's or a rule's id; empty for all.

    Raises:
        LawError: There is nothing of that name: what is misspelt would prove nothing.
        RuntimeError: The solver gave up on a question.
    """
    theorems = tuple(theorems)
    named = {*KINDS, *(one.id for one in theorems), *(rule.id for rule in book.rules)}
    if only and only not in named:
        near = difflib.get_close_matches(only, named, 1)
        advice = f"Did you mean {near[0]}?" if near else f"One of {', '.join(KINDS)}, or an id."
        raise LawError(only, "there is no such theorem, rule or kind of promise", advice)
    prover = _Prover(book)
    findings: dict[tuple[str, str], Finding] = {}
    for found in prover.run(theorems, only):
        known = findings.get((found.kind, found.id))
        if known is None or (found.broken and not known.broken):
            findings[found.kind, found.id] = found
    return Proof(tuple(findings.values()), prover.questions)


class _Prover:
    """Asks each question once for each different content of an edition."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.questions = 0
        self._asked: dict[Any, Finding] = {}
        self._question: dict[Any, Question] = {}

    def run(self, theorems: tuple[Theorem, ...], only: str) -> Iterator[Finding]:
        """Go through all promises of all editions."""

        def wanted(kind: str, name: str) -> bool:
            return not only or only in {kind, name}

        editions = tuple(self.book.editions())
        for theorem in theorems:
            if wanted("theorem", theorem.id) and editions[-1].until_on <= theorem.from_on:
                reason = "it begins after the last day of the rules"
                yield _finding("theorem", theorem.id, reason, editions[-1], None)
        for edition in editions:
            for theorem in theorems:
                if wanted("theorem", theorem.id) and edition.until_on > theorem.from_on:
                    yield from self._prove_theorem(theorem, edition)
            for rule in edition.rules:
                if wanted(_kind_of(rule), rule.id):
                    yield self._once(_kind_of(rule), rule, edition)
            if wanted("duty", ""):
                yield from self._clashes(edition)
        if wanted("narrows", ""):
            for found in policy_widenings(self.book):
                self.questions += 1
                yield found

    def _prove_theorem(self, theorem: Theorem, edition: Edition) -> Iterator[Finding]:
        for act in theorem.acts:
            key = ("theorem", theorem.id, shape_of(edition, act))
            if key not in self._asked:
                question = self.ask(edition, act)
                speaks = question.maybe(theorem.given), question.true(theorem.known)
                broken = z3.Not(question.true(theorem.implies))
                row = question.find(question.allowed(), *speaks, broken)
                reason = f"{act} is allowed on this row" if row else ""
                if row is None and not question.has(*speaks):
                    reason = f"of {act} it speaks of no row: given and known are never met"
                elif row is None and not question.has(*speaks, broken):
                    reason = (
                        f"of {act} it promises nothing: every row keeps it, whatever is decided"
                    )
                self._asked[key] = _finding("theorem", theorem.id, reason, edition, row)
            yield self._asked[key]

    def _once(self, kind: str, rule: Rule, edition: Edition) -> Finding:
        key = (kind, rule.file, *(shape_of(edition, act) for act in rule.acts))
        if key not in self._asked:
            check = {"permit": self._permits, "restates": self._restates, "alone": self._alone}
            reason, row = check[kind](rule, edition)
            self._asked[key] = _finding(kind, rule.id, reason, edition, row)
        return self._asked[key]

    def _permits(self, rule: Rule, edition: Edition) -> tuple[str, Row | None]:
        """Find for each act a row that this permit, met, allows."""
        for act in rule.acts:
            question = self.ask(edition, act)
            own = question.said_of(rule)
            if not question.has(question.allowed(), own.true):
                return f"it never permits {act}: something always stops it", None
        return "", None

    def _restates(self, rule: Rule, edition: Edition) -> tuple[str, Row | None]:
        """Find that it can fire, and no row where it fires and none of those it restates."""
        for act in rule.acts:
            question = self.ask(edition, act)
            own = question.said_of(rule)
            others = [one.true for one in question.said if one.rule.id in rule.restates]
            if not question.has(own.true):
                return f"it never fires for {act}", None
            row = question.find(own.true, *map(z3.Not, others))
            if row is not None:
                return f"for {act} it fires where none of {', '.join(rule.restates)} does", row
        return "", None

    def _alone(self, rule: Rule, edition: Edition) -> tuple[str, Row | None]:
        """Find a row where it fires and no other of its strength or a greater one speaks."""
        reasons = []
        for act in rule.acts:
            question = self.ask(edition, act)
            own = question.said_of(rule)
            rivals = [one for one in question.said if _rivals(one, own)]
            if question.has(own.true, *(z3.Not(one.speaks) for one in rivals)):
                return "", None
            reasons.append(f"{act}: {self._why_dead(question, own, rivals)}")
        return "it never fires alone; " + "; ".join(reasons), None

    def _why_dead(self, question: Question, own: Said, rivals: list[Said]) -> str:
        """Name the rules without which it would fire alone."""
        self.questions += 1
        solver = z3.Solver()
        solver.add(own.true)
        for place, one in enumerate(rivals):
            solver.assert_and_track(z3.Not(one.speaks), f"rival {place}")
        solver.add(*question.terms.domain())
        if solver.check() == z3.sat:
            return "no lender type is left"
        core = {str(term) for term in solver.unsat_core()}
        named = [one.rule.id for place, one in enumerate(rivals) if f"rival {place}" in core]
        return f"implied by {', '.join(named)}" if named else "its condition is never met"

    def _clashes(self, edition: Edition) -> Iterator[Finding]:
        asked = len(self._asked)
        yield from duty_clashes(self.book, edition, self._asked)
        self.questions += len(self._asked) - asked

    def ask(self, edition: Edition, act: str) -> Question:
        """Put the rules of an edition on an act into logic, once for each content."""
        self.questions += 1
        key = shape_of(edition, act)
        if key not in self._question:
            self._question[key] = Question(self.book, edition, act)
        return self._question[key]


def _kind_of(rule: Rule) -> str:
    if rule.verdict == "permit":
        return "permit"
    return "restates" if rule.restates else "alone"


def _rivals(one: Said, own: Said) -> bool:
    """Whether a rule speaks to the same act at least as strongly, and is no permit.

    A policy is meant to be stricter than the law: it makes no rule of law superfluous,
    and it may be just as strict as the rule it narrows.
    """
    return (
        one.rule is not own.rule
        and one.rule.verdict != "permit"
        and (own.rule.of_policy or not one.rule.of_policy)
        and one.rule.id != own.rule.narrows
        and rank_of_true(one.rule) <= rank_of_true(own.rule)
    )


def _finding(kind: str, name: str, reason: str, edition: Edition, row: Row | None) -> Finding:
    return Finding(kind, name, reason, edition.from_on, edition.until_on, row)
