"""Normal: NOT pushed down to the leaves.

Three-valued logic keeps de Morgan's laws, and NOT of a comparison is the opposite one with
the same unknowns. What is left under a NOT is a fact, an IN, an IS NULL or a COALESCE.
"""

from kuanxian.law.tree import OPPOSITE, And, Compare, Kind, Literal, Node, Not, Or


def push_not(node: Node) -> Node:
    """Push every NOT of a condition as far down as it goes.

    Example:
        >>> from kuanxian.law.tree import Fact
        >>> push_not(Not(Or((Fact("a"), Not(Fact("b"))))))
        And(parts=(Not(part=Fact(name='a')), Fact(name='b')))
    """
    match node:
        case Not(part):
            return opposite(part)
        case And(parts):
            return And(tuple(map(push_not, parts)))
        case Or(parts):
            return Or(tuple(map(push_not, parts)))
        case _:
            return node


def opposite(node: Node) -> Node:
    """Give what NOT makes of a condition, with NOT pushed down.

    Example:
        >>> from kuanxian.law.tree import Fact
        >>> opposite(Compare("<", Fact("a"), Fact("b")))
        Compare(op='>=', left=Fact(name='a'), right=Fact(name='b'))
    """
    match node:
        case Not(part):
            return push_not(part)
        case And(parts):
            return Or(tuple(map(opposite, parts)))
        case Or(parts):
            return And(tuple(map(opposite, parts)))
        case Compare(op, left, right):
            return Compare(OPPOSITE[op], left, right)
        case Literal(Kind.BOOL, value):
            return Literal(Kind.BOOL, not value)
        case _:
            return Not(node)
