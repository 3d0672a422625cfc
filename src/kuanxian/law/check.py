"""Check: a condition asks only about declared facts, in their own types and bounds.

Whole numbers are proven to stay in 63 bits by interval arithmetic over the bounds the
facts declare, at every step and not only in the result: an engine that wraps silently and
one that raises then never have a reason to differ.
"""

import difflib
from collections.abc import Mapping
from typing import Final, NamedTuple, NoReturn

from kuanxian.base.bounds import INT64_MAX
from kuanxian.law.scan import refuse
from kuanxian.law.tree import (
    NOWHERE,
    ORDER_OPS,
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Declared,
    Fact,
    In,
    IsNull,
    Kind,
    Literal,
    Node,
    Not,
    Or,
    Where,
)

INT64_MIN: Final = -INT64_MAX - 1
ORDERED: Final = (Kind.INT, Kind.DATE, Kind.INSTANT)
"""Kinds that have an order. Texts have none: engines sort them differently."""

_NAMES: Final = {
    Kind.BOOL: "true or false",
    Kind.INT: "a whole number",
    Kind.TEXT: "a text",
    Kind.ENUM: "one of a list of values",
    Kind.DATE: "a date",
    Kind.INSTANT: "an instant",
}


class Type(NamedTuple):
    """What a part of a condition can be."""

    kind: Kind
    low: int = 0
    """Least value, of whole numbers."""
    high: int = 0
    """Greatest value, of whole numbers."""
    values: frozenset[str] | None = None
    """What texts it can be, or None for any."""


def check_condition(node: Node, catalogue: Mapping[str, Declared], where: Where = NOWHERE) -> None:
    """Check a condition against the catalogue.

    Args:
        node: The condition.
        catalogue: The declared facts; parameters of policy and dated values too, unless
            they were filled in before.
        where: What a refusal points at.

    Raises:
        RuleFileError: A fact is not declared, types do not fit, a whole number could
            leave 63 bits, or the condition is not true or false.

    Example:
        >>> check_condition(IsNull(Literal(Kind.INT, 7)), {})
    """
    _Checker(catalogue, where).check_truth(node)


def bounds_of(node: Node, catalogue: Mapping[str, Declared]) -> tuple[int, int]:
    """Give the least and the greatest value a part can have.

    Example:
        >>> bounds_of(Arithmetic("-", Literal(Kind.INT, 7), Literal(Kind.INT, 9)), {})
        (-2, -2)
    """
    found = _Checker(catalogue, NOWHERE).type_of(node)
    return found.low, found.high


class _Checker(NamedTuple):
    """Gives each part of a condition its type, or refuses it."""

    catalogue: Mapping[str, Declared]
    where: Where

    def check_truth(self, node: Node) -> None:
        """Check that a part is true or false."""
        found = self.type_of(node)
        if found.kind is not Kind.BOOL:
            self.refuse(
                f"{_named(node)} is {_NAMES[found.kind]}, not true or false",
                "Compare it with something: a >= 30, a = 'x', a IS NOT NULL.",
            )

    def type_of(self, node: Node) -> Type:
        """Give a part its type."""
        match node:
            case Fact(name):
                return self.type_of_fact(name)
            case Literal(kind, value):
                return _type_of_literal(kind, value)
            case Not(part):
                self.check_truth(part)
            case And(parts) | Or(parts):
                for part in parts:
                    self.check_truth(part)
            case IsNull(part):
                self.type_of(part)
            case Compare(op, left, right):
                self.check_comparison(op, left, right)
            case In(left, literals):
                for literal in literals:
                    self.check_pair(left, literal)
            case Arithmetic(op, left, right):
                return self.type_of_sum(op, left, right)
            case Coalesce(parts):
                return self.type_of_first(parts)
        return Type(Kind.BOOL)

    def type_of_fact(self, name: str) -> Type:
        """Look a fact up."""
        declared = self.catalogue.get(name)
        if declared is None:
            near = difflib.get_close_matches(name, list(self.catalogue), 1)
            self.refuse(
                f"{name[:60]} is not a declared fact",
                f"Did you mean {near[0]}?" if near else "Declare it in rules/facts.toml.",
            )
        kind = Kind(declared.type)
        values = frozenset(declared.values) if kind is Kind.ENUM else None
        return Type(kind, declared.min, declared.max, values)

    def check_comparison(self, op: str, left: Node, right: Node) -> None:
        """Check that both sides are alike, and ordered where an order is asked for."""
        kind = self.check_pair(left, right)
        if op in ORDER_OPS and kind not in ORDERED:
            self.refuse(
                f"{_named(left)} is {_NAMES[kind]} and has no order",
                "Compare it with = or <>, or list what you mean: a IN ('x', 'y').",
            )

    def check_pair(self, left: Node, right: Node) -> Kind:
        """Check that two parts can be equal; give the kind of the left one."""
        one, other = self.type_of(left), self.type_of(right)
        if _carried(one.kind) is not _carried(other.kind):
            self.refuse(
                f"{_named(left)} is {_NAMES[one.kind]} and {_named(right)} is {_NAMES[other.kind]}",
                _advice_for(other.kind, one.kind),
            )
        if one.kind is Kind.BOOL:
            self.refuse(
                f"{_named(left)} is true or false, and is not compared",
                "Write (a AND b) OR (NOT a AND NOT b) for both the same.",
            )
        if one.values is not None and other.values is not None and not one.values & other.values:
            strange, listed = (right, one) if isinstance(right, Literal) else (left, other)
            self.refuse(
                f"{_named(left)} and {_named(right)} can never be equal",
                f"{_named(strange)} is none of {', '.join(sorted(listed.values or ()))}.",
            )
        return one.kind

    def type_of_sum(self, op: str, left: Node, right: Node) -> Type:
        """Give + - * its bounds, each step inside 63 bits."""
        one, other = self.type_of(left), self.type_of(right)
        for part, found in ((left, one), (right, other)):
            if found.kind is not Kind.INT:
                self.refuse(
                    f"{_named(part)} is {_NAMES[found.kind]}, and {op} takes whole numbers",
                    "Days between two dates are a fact: compare days_since_… with a number.",
                )
        low, high = _interval(op, one, other)
        if low < INT64_MIN or high > INT64_MAX:
            self.refuse(
                f"{_named(left)} {op} {_named(right)} can be {max(-low, high)}: more than 63 bits",
                "Declare narrower bounds for the facts, or use a larger unit.",
            )
        return Type(Kind.INT, low, high)

    def type_of_first(self, parts: tuple[Node, ...]) -> Type:
        """Give COALESCE the type its parts share."""
        found = [self.type_of(part) for part in parts]
        if any(_carried(one.kind) is not _carried(found[0].kind) for one in found):
            self.refuse(
                f"the parts of COALESCE are {', '.join(_NAMES[one.kind] for one in found)}",
                "Give it parts of one kind.",
            )
        known = [one.values for one in found if one.values is not None]
        values = frozenset[str]().union(*known) if len(known) == len(found) else None
        low, high = min(one.low for one in found), max(one.high for one in found)
        return Type(found[0].kind, low, high, values)

    def refuse(self, reason: str, advice: str) -> NoReturn:
        """Refuse the condition."""
        refuse(self.where, reason, advice)


def _type_of_literal(kind: Kind, value: bool | int | str) -> Type:
    if isinstance(value, str):
        return Type(kind, values=frozenset({value}))
    return Type(kind) if kind is Kind.BOOL else Type(kind, value, value)


def _carried(kind: Kind) -> Kind:
    """An enum's value is a text."""
    return Kind.TEXT if kind is Kind.ENUM else kind


def _interval(op: str, one: Type, other: Type) -> tuple[int, int]:
    if op == "+":
        return one.low + other.low, one.high + other.high
    if op == "-":
        return one.low - other.high, one.high - other.low
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    return min(corners), max(corners)


def _named(node: Node) -> str:
    """Name a part in a message: a fact by its name, a text in quotes, the rest by kind."""
    match node:
        case Fact(name):
            return name
        case Literal(Kind.TEXT, value):
            return f"'{value}'"
        case Literal(_, value):
            return str(value)
        case Arithmetic():
            return "the sum"
        case _:
            return "the part"


def _advice_for(given: Kind, wanted: Kind) -> str:
    match wanted:
        case Kind.DATE:
            return "Write DATE '2026-01-31'."
        case Kind.INSTANT:
            return "Write TIMESTAMP '2026-01-31 08:00:00+08:00'."
        case Kind.INT:
            return "Write a whole number without quotes."
        case Kind.BOOL:
            return "Write the fact itself, or NOT in front of it."
        case _:
            quoted = given is Kind.INT
            return "Write the number in quotes." if quoted else "Write a text in single quotes."
