"""Narrow: proof that a firm's policy only narrows what the law allows.

Two ways to widen are looked for: a policy rule that says it is stricter than a rule of
law and is not, and a rule of law that uses a firm's figure and lets more through with it
than with the shipped one. A figure out of its bounds is refused whatever it does; where it
lets through what the bound stops, the row shows it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import z3

from kuanxian.base.errors import RulebookError, RuleFileError
from kuanxian.law.emit_z3 import Z3Terms
from kuanxian.law.finding import Finding
from kuanxian.law.policy import Beyond, shipped_policy
from kuanxian.law.rule import Rule
from kuanxian.law.rulebook import Edition, Rulebook, names_of
from kuanxian.law.solve import Question, Row, catalogue_of
from kuanxian.law.tree import Kind, Literal


def refuse_widening(book: Rulebook, name: str, *, but_look: bool = False) -> None:
    """Refuse a policy that is wider than the law, with the rule and the row that show it.

    Args:
        book: The rulebook with the policy.
        name: The policy's file.
        but_look: Let it pass where every figure is within its bounds.

    Raises:
        RulebookError: It is wider.
    """
    problems = [_loosened(book, one) for one in book.policy.beyond]
    if not problems and not but_look:
        problems = [
            RuleFileError(
                name,
                _line_of(book, one.id),
                f"{one.id}: {one.reason}; row: {one.row}",
                "Narrow the rule or the figure.",
            )
            for one in policy_widenings(book)
            if one.broken
        ]
    if problems:
        raise RulebookError("the policy", tuple(problems))


def _line_of(book: Rulebook, rule_id: str) -> int:
    """Find where the policy's file widens a rule: its own rule, or a figure that the rule uses."""
    lines = book.policy.lines
    own = [rule.line for rule in book.policy.rules if rule.id == rule_id]
    names = [name for rule in book.rules if rule.id == rule_id for name in names_of(rule)]
    figures = [lines[name] for name in names if name in lines]
    return next(iter(own + figures), 1)


def policy_widenings(book: Rulebook) -> Iterator[Finding]:
    """Prove of each policy rule that it narrows what it says, and of each figure in the law.

    An edition in which the rules at hand say what they said before is not asked again.
    """
    asked: set[tuple[str, ...]] = set()
    for edition in book.editions():
        for rule in edition.rules:
            figures = not rule.of_policy and any(n.startswith("policy.") for n in names_of(rule))
            if not figures and not rule.narrows:
                continue
            concerned = [one for one in edition.rules if one is rule or one.id == rule.narrows]
            key = tuple(f"{one.file} {edition.node(one)}" for one in concerned)
            if key in asked:
                continue
            asked.add(key)
            if rule.narrows:
                yield _narrows(book, edition, rule)
            if figures:
                yield _figure_narrows(book, edition, rule)


def _narrows(book: Rulebook, edition: Edition, rule: Rule) -> Finding:
    pair = tuple(one for one in edition.rules if one is rule or one.id == rule.narrows)
    alone = Edition(edition.from_on, edition.until_on, pair, edition.literals)
    for act in rule.acts:
        question = Question(book, alone, act)
        own = question.said_of(rule)
        for law in question.said:
            if law.rule.id == rule.narrows:
                row = question.find(law.stops, z3.Not(own.stops))
                if row is not None:
                    reason = f"it is wider than {law.rule.id}, which stops {act} on this row"
                    return _found(rule, reason, edition, row)
    return _found(rule, "", edition, None)


def _figure_narrows(book: Rulebook, edition: Edition, rule: Rule) -> Finding:
    """Compare a rule of law under the firm's figures with the same under the shipped ones."""
    shipped: Any = shipped_policy(book.parameters).literals(book.parameters)
    widened = _widened(book, rule, {**edition.literals, **shipped}, edition.literals)
    if widened is None:
        return _found(rule, "", edition, None)
    act, row = widened
    reason = f"the firm's figure lets {act} through on this row, the shipped one does not"
    return _found(rule, reason, edition, row)


def _loosened(book: Rulebook, beyond: Beyond) -> RuleFileError:
    """Say which rule a figure out of its bounds would loosen, and on which row.

    In the book's policy stands the nearest figure within the bounds.
    """
    file, line, reason = beyond.error.file, beyond.error.line, beyond.error.reason
    name = f"policy.{beyond.name}"
    for rule in book.rules:
        edition = book.edition(rule.from_on)
        if edition is None or name not in names_of(rule):
            continue
        given = {**edition.literals, name: Literal(Kind.INT, beyond.value)}
        widened = _widened(book, rule, edition.literals, given)
        if widened is not None:
            act, row = widened
            law = f", which narrows {rule.narrows}," if rule.narrows else ""
            shown = f"{rule.id}{law} would not speak to {act} any more on this row: {row}"
            return RuleFileError(file, line, f"{reason}; {shown}", "Narrow the figure.")
    return beyond.error


def _widened(
    book: Rulebook, rule: Rule, before: Mapping[str, Literal], after: Mapping[str, Literal]
) -> tuple[str, Row] | None:
    """Find an act and a row that a rule lets through with other figures, and only with them."""
    days = (rule.from_on, rule.until_on)
    for act in rule.acts:
        terms = Z3Terms(catalogue_of(book))
        old = Question(book, Edition(*days, (rule,), before), act, terms)
        new = Question(book, Edition(*days, (rule,), after), act, terms)
        one, other = old.said_of(rule), new.said_of(rule)
        met, lost = one.speaks, other.speaks
        if rule.verdict == "permit":
            met, lost = other.true, one.true
        row = new.find(met, z3.Not(lost))
        if row is not None:
            return act, row
    return None


def _found(rule: Rule, reason: str, edition: Edition, row: Row | None) -> Finding:
    return Finding("narrows", rule.id, reason, edition.from_on, edition.until_on, row)
