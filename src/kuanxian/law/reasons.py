"""Reasons: of a condition, the part that makes it so in one case.

A rule may list a dozen ways in which a message threatens; the person concerned wants the
one that was found. An alternative that does not hold is left out, unless mere time could
make it hold: at 22:30 the hours before 08:00 are still to come.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from kuanxian.law.normal import push_not
from kuanxian.law.simplify import residual
from kuanxian.law.tree import FALSE, And, Node, Or, Value, fact_names


def reasons_of(node: Node, facts: Mapping[str, Value | None], moving: AbstractSet[str]) -> Node:
    """Leave out the alternatives of a condition that do not hold in a case.

    Args:
        node: A condition that holds, or may hold.
        facts: What is known in the case.
        moving: The facts that change by time alone.

    Returns:
        A condition with the same of the three answers in this case: while it is so, and
        nothing but its own facts changes, the condition is so.

    Example:
        >>> from kuanxian.law.tree import Fact
        >>> reasons_of(Or((Fact("threat"), Fact("insult"))), {"threat": False}, set())
        Fact(name='insult')
    """
    return _kept(push_not(node), facts, moving)


def _kept(node: Node, facts: Mapping[str, Value | None], moving: AbstractSet[str]) -> Node:
    match node:
        case And(parts):
            return And(tuple(_kept(part, facts, moving) for part in parts))
        case Or(parts):
            kept = [part for part in parts if _may_hold(part, facts, moving)]
            if not kept:
                return node
            told = tuple(_kept(part, facts, moving) for part in kept)
            return Or(told) if len(told) > 1 else told[0]
        case _:
            return node


def _may_hold(node: Node, facts: Mapping[str, Value | None], moving: AbstractSet[str]) -> bool:
    return residual(node, facts) != FALSE or not moving.isdisjoint(fact_names(node))
