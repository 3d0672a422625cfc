"""Emit Z3: a condition as two terms a solver can reason about.

Each fact is a pair (value, known). A condition has two rails: ``true`` (it is true) and
``maybe`` (it is not false); where they differ it is unknown. So a question about all
facts, unknown ones included, is a question in plain two-valued logic.

Whole numbers, dates and instants are integers within their declared bounds; texts are
numbers given out here, with every other text a number not given out.
"""

from collections.abc import Mapping
from typing import Any, Final

import z3

from kuanxian.law.tree import (
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
    Value,
)

Term = Any
"""A term of Z3's; its own annotations are loose."""


class Z3Terms:
    """Conditions over one catalogue as Z3 terms.

    Args:
        catalogue: The declared facts.

    Example:
        >>> from kuanxian.law.facts import FactSpec
        >>> terms = Z3Terms({"days": FactSpec("days", "int", min=0, max=366)})
        >>> late = Compare(">=", Fact("days"), Literal(Kind.INT, 30))
        >>> solver = z3.Solver()
        >>> solver.add(terms.true(late), terms.maybe(Not(late)))
        >>> solver.add(*terms.domain())
        >>> solver.check()
        unsat
    """

    def __init__(self, catalogue: Mapping[str, Declared]) -> None:
        self._catalogue = catalogue
        self._pairs: dict[str, tuple[Term, Term]] = {}
        self._codes: dict[str, int] = {}

    def __len__(self) -> int:
        """Count the facts that were used so far."""
        return len(self._pairs)

    def uses(self, name: str) -> bool:
        """Say whether a fact was used so far."""
        return name in self._pairs

    def fact(self, name: str) -> tuple[Term, Term]:
        """Give a fact's value and whether it is known."""
        if name not in self._pairs:
            declared = self._catalogue[name]
            make = z3.Bool if declared.type == Kind.BOOL else z3.Int
            known = z3.Bool(f"{name} known") if declared.nullable else z3.BoolVal(True)
            self._pairs[name] = make(name), known
        return self._pairs[name]

    def true(self, node: Node) -> Term:
        """Give the term that a condition is true."""
        return self._rail(node, maybe=False)

    def maybe(self, node: Node) -> Term:
        """Give the term that a condition is not false."""
        return self._rail(node, maybe=True)

    def domain(self) -> list[Term]:
        """List what holds of every fact that was used so far: its bounds and values."""
        found = []
        for name, (value, _) in self._pairs.items():
            declared = self._catalogue[name]
            match Kind(declared.type):
                case Kind.ENUM:
                    found.append(z3.Or([value == self._code(text) for text in declared.values]))
                case Kind.TEXT:
                    found.append(value >= 0)
                case Kind.INT | Kind.DATE | Kind.INSTANT:
                    found.append(z3.And(value >= declared.min, value <= declared.max))
        return found

    def row(self, model: z3.ModelRef) -> dict[str, Value | None]:
        """Read a row of facts from a model: a counterexample in the tree's own values."""
        return {name: self._value(name, model) for name in self._pairs}

    def values(self, name: str, value: Value | None) -> list[tuple[Term, Term]]:
        """Pair a fact's terms with those of a value, to be put in with ``z3.substitute``.

        An unknown fact keeps whatever value it had: nothing may depend on it.
        """
        term, known = self.fact(name)
        if value is None:
            return [(known, z3.BoolVal(False))]
        return [(known, z3.BoolVal(True)), (term, self._literal(value))]

    def _value(self, name: str, model: z3.ModelRef) -> Value | None:
        value, known = self._pairs[name]
        if not z3.is_true(model.eval(known, model_completion=True)):
            return None
        found = model.eval(value, model_completion=True)
        match Kind(self._catalogue[name].type):
            case Kind.BOOL:
                return bool(z3.is_true(found))
            case Kind.ENUM | Kind.TEXT:
                texts = {code: text for text, code in self._codes.items()}
                code = int(found.as_long())
                return texts.get(code, f"another text {code}")
            case _:
                return int(found.as_long())

    def _rail(self, node: Node, *, maybe: bool) -> Term:
        match node:
            case Fact(name):
                value, known = self.fact(name)
                return z3.Or(z3.Not(known), value) if maybe else z3.And(known, value)
            case Literal(_, value):
                return z3.BoolVal(bool(value))
            case Not(part):
                return z3.Not(self._rail(part, maybe=not maybe))
            case And(parts):
                return z3.And([self._rail(part, maybe=maybe) for part in parts])
            case Or(parts):
                return z3.Or([self._rail(part, maybe=maybe) for part in parts])
            case IsNull(part):
                return z3.Not(self._term(part)[1])
            case Coalesce((first, *rest)):
                if not rest:
                    return self._rail(first, maybe=maybe)
                sure, perhaps = self.true(first), self.maybe(first)
                return z3.Or(sure, z3.And(perhaps, self._rail(Coalesce(tuple(rest)), maybe=maybe)))
            case Compare() | In():
                holds, known = self._compared(node)
                return z3.Or(z3.Not(known), holds) if maybe else z3.And(known, holds)
        raise AssertionError(node)  # the check lets nothing else be true or false

    def _compared(self, node: Compare | In) -> tuple[Term, Term]:
        left, known = self._term(node.left)
        if isinstance(node, In):
            return z3.Or([left == self._literal(one.value) for one in node.literals]), known
        right, known_too = self._term(node.right)
        return _COMPARE[node.op](left, right), z3.And(known, known_too)

    def _term(self, node: Node) -> tuple[Term, Term]:
        """Give a value and whether it is known."""
        match node:
            case Fact(name):
                return self.fact(name)
            case Literal(_, value):
                return self._literal(value), z3.BoolVal(True)
            case Arithmetic(op, left, right):
                (one, known), (other, known_too) = self._term(left), self._term(right)
                return _SUMS[op](one, other), z3.And(known, known_too)
            case Coalesce((first, *rest)):
                value, known = self._term(first)
                if not rest:
                    return value, known
                later, known_later = self._term(Coalesce(tuple(rest)))
                return z3.If(known, value, later), z3.Or(known, known_later)
        raise AssertionError(node)  # the check lets nothing else be a value

    def _literal(self, value: Value) -> Term:
        if isinstance(value, bool):
            return z3.BoolVal(value)
        return z3.IntVal(self._code(value) if isinstance(value, str) else value)

    def _code(self, text: str) -> int:
        return self._codes.setdefault(text, len(self._codes))


_COMPARE: Final[dict[str, Any]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_SUMS: Final[dict[str, Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}
