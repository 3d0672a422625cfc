"""The plain twin: a condition walked node by node, in the words of the logic's definition."""

from kuanxian.law.emit_python import Facts
from kuanxian.law.tree import (
    And,
    Arithmetic,
    Coalesce,
    Compare,
    Fact,
    In,
    IsNull,
    Literal,
    Node,
    Not,
    Or,
    Value,
)


def answer(node: Node, facts: Facts) -> Value | None:
    """Walk a condition or a value."""
    match node:
        case Fact(name):
            return facts.get(name)
        case Literal(_, value):
            return value
        case Not(part):
            known = answer(part, facts)
            return None if known is None else not known
        case And(parts):
            each = [answer(part, facts) for part in parts]
            return False if False in each else None if None in each else True
        case Or(parts):
            each = [answer(part, facts) for part in parts]
            return True if True in each else None if None in each else False
        case IsNull(part):
            return answer(part, facts) is None
        case Coalesce(parts):
            found = [answer(part, facts) for part in parts]
            return next((value for value in found if value is not None), None)
        case In(left, literals):
            found_left = answer(left, facts)
            return None if found_left is None else found_left in [one.value for one in literals]
        case Compare(op, left, right) | Arithmetic(op, left, right):
            sides = answer(left, facts), answer(right, facts)
            return None if None in sides else _apply(op, *sides)


def _apply(op: str, left: Value | None, right: Value | None) -> Value:
    assert left is not None
    assert right is not None
    if op in {"=", "<>"}:
        return (left == right) is (op == "=")
    assert isinstance(left, int)
    assert isinstance(right, int)
    match op:
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "+":
            return left + right
        case "-":
            return left - right
    return left * right
