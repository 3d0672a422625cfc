"""Duty: proof that no rule demands what another forbids.

A duty requires a deed; where the deed is done by a governed act, a rule may forbid that
act. They contradict each other if on some row the duty stands and the act is forbidden
whatever one waits for or chooses: an hour that passes or another channel lifts it.
"""

from collections.abc import Iterator
from typing import Any

import z3

from kuanxian.law.finding import Finding
from kuanxian.law.frame import Deed
from kuanxian.law.rule import DUTY, Rule
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.solve import Question
from kuanxian.law.tree import fact_names

MOVABLE = ("time", "choice")
"""How a fact changes that nobody need accept: waiting, or choosing otherwise."""


def duty_clashes(book: Rulebook, edition: Edition, asked: dict[Any, Finding]) -> Iterator[Finding]:
    """Prove of each duty and each prohibition of the act that does it: never both."""
    for duty in edition.rules:
        if DUTY not in duty.acts or duty.verdict != "require":
            continue
        deed = book.deeds[duty.requires]
        for rule in edition.rules:
            if not deed.act or deed.act not in rule.acts or rule.verdict != "forbid":
                continue
            key = ("duty", duty.file, rule.file, edition.node(duty), edition.node(rule))
            if key not in asked:
                asked[key] = _clash(book, edition, duty, rule, deed)
            yield asked[key]


def _clash(book: Rulebook, edition: Edition, duty: Rule, rule: Rule, deed: Deed) -> Finding:
    both = Edition(edition.from_on, edition.until_on, (duty, rule), edition.literals)
    due = Question(book, both, DUTY)
    act = Question(book, both, deed.act, due.terms)
    stands, stops = due.said_of(duty), act.said_of(rule)
    fixed = [pair for name, value in deed.facts.items() for pair in due.terms.values(name, value)]
    movable = [
        term
        for name in fact_names(both.node(rule))
        if name not in deed.facts
        and name in book.catalogue
        and book.catalogue[name].changes in MOVABLE
        for term in due.terms.fact(name)
        if not z3.is_true(term)
    ]
    always = z3.substitute(stops.true, *fixed)
    if movable:
        always = z3.ForAll(movable, z3.Implies(z3.And(due.terms.domain()), always))
    row = due.find(stands.true, always)
    reason = f"it demands {deed.name}, which {rule.id} forbids" if row else ""
    name = f"{duty.id} / {rule.id}"
    return Finding("duty", name, reason, edition.from_on, edition.until_on, row)
