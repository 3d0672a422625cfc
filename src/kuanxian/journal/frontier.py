"""The right edge of a growing tree: its root at every size, in the memory of sixty hashes."""

from hashlib import sha256

from kuanxian.journal.log import TILE_LEVEL
from kuanxian.journal.merkle import EMPTY_ROOT, node_hash


class Frontier:
    """A tree of which only the complete subtrees on the right edge are held."""

    __slots__ = ("_edge", "size")

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def append(self, leaf_hash: bytes) -> list[tuple[int, int, bytes]]:
        """Put one more leaf at the end.

        Returns:
            The subtrees of ``log.TILE`` leaves or more that it completed: level, position,
            hash, the smallest first.
        """
        made = []
        node, level, place = leaf_hash, 0, self.size
        while place & 1:
            node = sha256(b"\x01" + self._edge.pop() + node).digest()
            level, place = level + 1, place >> 1
            if level >= TILE_LEVEL:
                made.append((level, place, node))
        self._edge.append(node)
        self.size += 1
        return made

    def root(self) -> bytes:
        """Give the root at this size."""
        if not self._edge:
            return EMPTY_ROOT
        result = self._edge[-1]
        for node in reversed(self._edge[:-1]):
            result = node_hash(node, result)
        return result
