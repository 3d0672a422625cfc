"""Random typed conditions and random facts, from a seed."""

from collections.abc import Mapping
from random import Random
from typing import Any

from kuanxian.law.facts import FactSpec
from kuanxian.law.tree import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Fact,
    In,
    IsNull,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Value,
)

SHAPES = ("logic", "logic", "not", "compare", "compare", "compare", "fact", "null", "first")
ROLES = ("debtor", "guarantor", "it's", "债务人")
TEXTS = ("", "x", "it's", "A", "a", "债务人", "debtor")
EPOCH_DAY = 20_483
INSTANT = 1_769_731_200_000_000

FACTS: Mapping[str, FactSpec] = {
    spec.name: spec
    for spec in (
        FactSpec("stopped", "bool"),
        FactSpec("nominated", "bool"),
        FactSpec("disputed", "bool"),
        FactSpec("minute", "int", min=0, max=1439),
        FactSpec("days", "int", min=-5, max=5),
        FactSpec("debt_fen", "int", min=0, max=2**29),
        FactSpec("rate_ppb", "int", min=-(2**28), max=2**28),
        FactSpec("note", "text"),
        FactSpec("remark", "text"),
        FactSpec("role", "enum", values=ROLES),
        FactSpec("due_on", "date", min=0, max=84_005),
        FactSpec("paid_on", "date", min=0, max=84_005),
        FactSpec("asked_at", "instant", min=0, max=2**53),
        FactSpec("policy.min_days", "int", min=0, max=9),
    )
}
_BY_KIND: dict[str, list[str]] = {}
for _spec in FACTS.values():
    _BY_KIND.setdefault(_spec.type, []).append(_spec.name)


def any_condition(dice: Random, depth: int = 3) -> Node:
    """Draw a condition that is true or false."""
    kind = dice.choice(SHAPES)
    if depth <= 0:
        kind = dice.choice(["compare", "fact", "null"])
    if kind == "logic":
        parts = tuple(any_condition(dice, depth - 1) for _ in range(dice.randint(2, 3)))
        return And(parts) if dice.random() < 0.5 else Or(parts)
    if kind == "not":
        return Not(any_condition(dice, depth - 1))
    if kind == "null":
        return IsNull(Fact(dice.choice(list(FACTS))))
    if kind == "first":
        parts = tuple(any_condition(dice, depth - 1) for _ in range(dice.randint(1, 2)))
        return Coalesce((*parts, dice.choice([Literal(Kind.BOOL, True), any_truth(dice)])))
    return any_truth(dice) if kind == "fact" else any_comparison(dice)


def any_truth(dice: Random) -> Node:
    if dice.random() < 0.5:
        return Fact(dice.choice(_BY_KIND["bool"]))
    return Literal(Kind.BOOL, dice.random() < 0.5)


def any_comparison(dice: Random) -> Node:
    kind = dice.choice(["int", "int", "text", "enum", "date", "instant"])
    left = any_term(dice, kind)
    if dice.random() < 0.3:
        return In(left, tuple(any_literal(dice, kind) for _ in range(dice.randint(1, 3))))
    signs = ["=", "<>"] if kind in {"text", "enum"} else ["=", "<>", "<", "<=", ">", ">="]
    right = any_term(dice, kind) if dice.random() < 0.4 else any_literal(dice, kind)
    return Compare(dice.choice(signs), left, right)


def any_term(dice: Random, kind: str, depth: int = 1) -> Node:
    draw = dice.random()
    if depth and draw < 0.2:
        return Coalesce((any_term(dice, kind, 0), any_term(dice, kind, 0)))
    if depth and kind == "int" and draw < 0.5:
        other = any_term(dice, kind, 0) if dice.random() < 0.5 else any_literal(dice, kind)
        return Arithmetic(dice.choice("+-*"), any_term(dice, kind, 0), other)
    return Fact(dice.choice(_BY_KIND[kind])) if draw < 0.95 else any_literal(dice, kind)


def any_literal(dice: Random, kind: str) -> Literal:
    if kind in {"text", "enum"}:
        return Literal(Kind.TEXT, dice.choice(ROLES if kind == "enum" else TEXTS))
    return Literal(Kind(kind), any_value(dice, kind))


def any_value(dice: Random, kind: str) -> Value:
    """Draw a value; from a small range, so that comparisons meet."""
    match kind:
        case "bool":
            return dice.random() < 0.5
        case "int":
            return dice.choice([dice.randint(-5, 5), dice.randint(478, 481), 2**28])
        case "text":
            return dice.choice(TEXTS)
        case "enum":
            return dice.choice(ROLES)
        case "date":
            return EPOCH_DAY + dice.randint(-2, 2)
    return INSTANT + dice.choice([-1, 0, 1, 3_600_000_000])


def any_facts(dice: Random, unknown: float = 0.25) -> dict[str, Value | None]:
    """Draw a row of facts within their bounds."""
    row: dict[str, Value | None] = {}
    for name, spec in FACTS.items():
        value: Any = any_value(dice, spec.type)
        if spec.type == "int":
            value = max(spec.min, min(spec.max, value))
        row[name] = None if dice.random() < unknown else value
    return row
