"""Simplify: what is left of a condition once some facts are known.

Partial evaluation is how a verdict says what would have to change: with everything that
cannot change filled in, what remains is the sentence. Each step keeps all three values:
``a AND NOT a`` stays as it is, because it is unknown where ``a`` is.
"""

from collections.abc import Callable, Mapping
from typing import Final

from kuanxian.base.bounds import INT64_MAX
from kuanxian.law.tree import (
    FALSE,
    ORDER_OPS,
    TRUE,
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
    rebuild,
)

FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison with its sides swapped."""

_HOLDS: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def residual(
    node: Node,
    known: Mapping[str, Value | None],
    catalogue: Mapping[str, Declared] | None = None,
) -> Node:
    """Fill in what is known and simplify the rest.

    Args:
        node: The condition.
        known: Facts by name. One that is None stays open, as one that is not there.
        catalogue: The declared facts: a known date that is compared with an open one then
            stays a date in the result.

    Returns:
        A condition over the open facts. For every row that has the known facts it gives
        the same of the three answers.

    Example:
        >>> late = Compare("<", Fact("days"), Literal(Kind.INT, 3))
        >>> residual(Or((Not(Fact("nominated")), late)), {"nominated": True})
        Compare(op='<', left=Fact(name='days'), right=Literal(kind=<Kind.INT: 'int'>, value=3))
    """
    if isinstance(node, Fact):
        value = known.get(node.name)
        return node if value is None else _literal(node.name, value, catalogue)
    return _reduced(rebuild(node, lambda part: residual(part, known, catalogue)))


def _literal(name: str, value: Value, catalogue: Mapping[str, Declared] | None) -> Literal:
    declared = (catalogue or {}).get(name)
    if declared is not None and declared.type in {Kind.DATE, Kind.INSTANT}:
        return Literal(Kind(declared.type), value)
    kind = {bool: Kind.BOOL, int: Kind.INT}.get(type(value), Kind.TEXT)
    return Literal(kind, value)


def _reduced(node: Node) -> Node:
    """Simplify a node whose children are simple."""
    match node:
        case Not(Literal(_, value)):
            return _truth(not value)
        case Not(Not(part)):
            return part
        case And(parts):
            return _joined(parts, And, Or, FALSE)
        case Or(parts):
            return _joined(parts, Or, And, TRUE)
        case Compare(op, left, right):
            return _compared(op, left, right)
        case In(Literal(_, value), literals):
            return _truth(any(value == literal.value for literal in literals))
        case IsNull(Literal()):
            return FALSE
        case Arithmetic(op, left, right):
            return _sum(op, left, right)
        case Coalesce(parts):
            return _first(parts)
    return node


def _truth(value: bool) -> Literal:
    return TRUE if value else FALSE


def _joined(
    parts: tuple[Node, ...], same: type[And | Or], other: type[And | Or], decides: Literal
) -> Node:
    """Simplify AND or OR: ``decides`` settles it, the opposite truth changes nothing."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, same) else (part,)
    if decides in flat:
        return decides
    kept = [part for part in dict.fromkeys(flat) if part not in (TRUE, FALSE)]
    kept = _tightest(kept, same is And)
    # a AND (a OR b) is a, in three values too.
    absorbed = [
        part
        for part in kept
        if not (isinstance(part, other) and any(one in part.parts for one in kept))
    ]
    if not absorbed:
        return _truth(decides is FALSE)
    return absorbed[0] if len(absorbed) == 1 else same(tuple(absorbed))


def _tightest(parts: list[Node], narrow: bool) -> list[Node]:
    """Keep one of several bounds on the same side of one value: the narrowest, or widest."""
    best: dict[tuple[Node, str], tuple[int, Node]] = {}
    for part in parts:
        match part:
            case Compare(op, left, Literal(_, int(value))) if op in ORDER_OPS:
                # Whole numbers: < 8 is <= 7, > 8 is >= 9.
                side, bound = op[0], value + {"<": -1, ">": 1}.get(op, 0)
                found = best.get((left, side))
                smaller = (side == "<") is narrow
                if found is None or (bound < found[0] if smaller else bound > found[0]):
                    best[left, side] = bound, part
    bounds = {id(part) for _, part in best.values()}
    return [part for part in parts if id(part) in bounds or not _is_bound(part)]


def _is_bound(part: Node) -> bool:
    return (
        isinstance(part, Compare) and part.op in ORDER_OPS
        and isinstance(part.right, Literal) and not isinstance(part.right.value, str)
    )  # fmt: skip


def _compared(op: str, left: Node, right: Node) -> Node:
    """Settle a comparison of literals; bring any other to ``fact op literal``."""
    match left, right:
        case Literal(_, one), Literal(_, other):
            if op in {"=", "<>"}:
                return _truth((one == other) is (op == "="))
            return _truth(_HOLDS[op](int(one), int(other)))
        case Literal(), _:
            return _compared(FLIPPED[op], right, left)
        case Arithmetic(sign, inner, Literal(Kind.INT, int(step))), Literal(_, int(value)):
            return _moved(op, sign, inner, step, value) or Compare(op, left, right)
        case Arithmetic("-", Literal(Kind.INT, int(step)), inner), Literal(_, int(value)):
            moved = _fitting(step - value)
            return Compare(FLIPPED[op], inner, moved) if moved else Compare(op, left, right)
    return Compare(op, left, right)


def _moved(op: str, sign: str, inner: Node, step: int, value: int) -> Node | None:
    """Move the number of ``inner sign step op value`` to the other side, if it can be."""
    if sign != "*":
        moved = _fitting(value - step if sign == "+" else value + step)
        return _compared(op, inner, moved) if moved else None
    if step == 0:
        return None
    if step < 0:
        op, step, value = FLIPPED[op], -step, -value
    whole, rest = divmod(value, step)
    if rest and op in {"=", "<>"}:
        return None
    # x * 3 < 7 is x < 3, and x * 3 >= 7 is x >= 3: rounded up. The others round down.
    up = 1 if rest and op in {"<", ">="} else 0
    return _compared(op, inner, Literal(Kind.INT, whole + up))


def _fitting(value: int) -> Literal | None:
    return Literal(Kind.INT, value) if abs(value) <= INT64_MAX else None


def _sum(op: str, left: Node, right: Node) -> Node:
    """Compute a sum of literals; put a literal last; put two literals together."""
    match op, left, right:
        case _, Literal(_, int(one)), Literal(_, int(other)):
            return Literal(Kind.INT, {"+": one + other, "-": one - other, "*": one * other}[op])
        case "+" | "*", Literal(), _:
            return _sum(op, right, left)
        case "-", _, Literal(_, int(step)):
            return _sum("+", left, Literal(Kind.INT, -step))
        case "+", Arithmetic("+", inner, Literal(_, int(one))), Literal(_, int(other)):
            return _sum("+", inner, Literal(Kind.INT, one + other))
        case "+", _, Literal(_, 0):
            return left
        case "*", _, Literal(_, 1):
            return left
        case "+", Arithmetic("+", inner, Literal() as number), _:
            return _sum("+", _sum("+", inner, right), number)
    return Arithmetic(op, left, right)


def _first(parts: tuple[Node, ...]) -> Node:
    """Cut COALESCE after the first part that is never unknown."""
    kept: list[Node] = []
    for part in parts:
        kept += part.parts if isinstance(part, Coalesce) else (part,)
    for place, part in enumerate(kept):
        if isinstance(part, Literal | IsNull):
            kept = kept[: place + 1]
            break
    return kept[0] if len(kept) == 1 else Coalesce(tuple(kept))
