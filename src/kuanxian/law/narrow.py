"""Narrow: proof that a firm's policy only narrows what the law allows.

Two ways to widen are looked for: a policy rule that says it is stricter than a rule of
law and is not, and a rule of law that uses a firm's figure and lets more through with it
than with the shipped one.
"""

from collections.abc import Iterator
from typing import Any

import z3

from kuanxian.law.emit_z3 import Z3Terms
from kuanxian.law.finding import Finding
from kuanxian.law.policy import shipped_policy
from kuanxian.law.rule import Rule
from kuanxian.law.rulebook import Edition, Rulebook, names_of
from kuanxian.law.solve import Question, Row, catalogue_of


def policy_widenings(book: Rulebook) -> Iterator[Finding]:
    """Prove of each policy rule that it narrows what it says, and of each figure in the law."""
    for edition in book.editions():
        for rule in edition.rules:
            if rule.narrows:
                yield _narrows(book, edition, rule)
            if not rule.of_policy and any(name.startswith("policy.") for name in names_of(rule)):
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
    days = (edition.from_on, edition.until_on)
    before = Edition(*days, (rule,), {**edition.literals, **shipped})
    after = Edition(*days, (rule,), edition.literals)
    for act in rule.acts:
        terms = Z3Terms(catalogue_of(book))
        old, new = Question(book, before, act, terms), Question(book, after, act, terms)
        one, other = old.said_of(rule), new.said_of(rule)
        wider = (other.true, z3.Not(one.true)) if rule.verdict == "permit" else (
            one.stops, z3.Not(other.stops),
        )  # fmt: skip
        row = new.find(*wider)
        if row is not None:
            reason = f"the firm's figure lets {act} through on this row, the shipped one does not"
            return _found(rule, reason, edition, row)
    return _found(rule, "", edition, None)


def _found(rule: Rule, reason: str, edition: Edition, row: Row | None) -> Finding:
    return Finding("narrows", rule.id, reason, edition.from_on, edition.until_on, row)
