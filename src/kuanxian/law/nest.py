"""Nest: conditions arranged so that what they share is asked once.

Rules of one topic begin alike: the act, the channel, the role of the person. Arranged as
nested tests, a row that fails the shared one skips them all, and never reads the facts
that only they use.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kuanxian.law.tree import And, Node, fact_names

NESTING_MAX: Final = 24
"""Deepest nesting of tests; what is left of a condition is then asked in one."""


@dataclass(slots=True)
class Block:
    """A test, and what is asked only where it may hold."""

    test: Node | None
    """None for the outermost block, which always holds."""
    places: list[int] = field(default_factory=list)
    """The conditions of which nothing is left to ask."""
    inner: list["Block"] = field(default_factory=list)

    def names(self) -> set[str]:
        """Name the facts this block and those inside it use."""
        used = set(fact_names(self.test)) if self.test is not None else set()
        return used.union(*(block.names() for block in self.inner))


def nest(nodes: Sequence[Node]) -> Block:
    """Arrange conditions as nested tests.

    Args:
        nodes: Conditions whose NOTs are pushed down.

    Returns:
        The outermost block. On the way to a condition's place stand all of its parts.

    Example:
        >>> from kuanxian.law.tree import Fact
        >>> a, b, c = Fact("a"), Fact("b"), Fact("c")
        >>> found = nest([And((b, a)), And((a, c)), c])
        >>> [(block.test.name, len(block.inner)) for block in found.inner]
        [('a', 2), ('c', 0)]
    """
    whole = Block(None)
    _fill(whole, [(place, _parts(node)) for place, node in enumerate(nodes)], 0)
    return whole


def _fill(block: Block, waiting: list[tuple[int, tuple[Node, ...]]], depth: int) -> None:
    """Put conditions into a block, those that share a part into one block inside it."""
    block.places += [place for place, parts in waiting if not parts]
    waiting = [(place, parts) for place, parts in waiting if parts]
    while waiting:
        test = _shared(waiting) if depth < NESTING_MAX else _joined(waiting[0][1])
        taken = [
            (place, tuple(part for part in parts if part != test))
            for place, parts in waiting
            if test in parts
        ]
        if not taken:  # at the limit: all that is left of the first condition
            taken = [(waiting[0][0], ())]
        inside = Block(test)
        _fill(inside, taken, depth + 1)
        block.inner.append(inside)
        gone = {place for place, _ in taken}
        waiting = [one for one in waiting if one[0] not in gone]


def _shared(waiting: Sequence[tuple[int, tuple[Node, ...]]]) -> Node:
    """Find the part that most conditions share; where none is shared, the first."""
    counts = Counter(part for _, parts in waiting for part in dict.fromkeys(parts))
    return max(counts, key=lambda part: counts[part])


def _parts(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, And):
        return (node,)
    return tuple(part for one in node.parts for part in _parts(one))


def _joined(parts: tuple[Node, ...]) -> Node:
    return And(parts) if len(parts) > 1 else parts[0]
