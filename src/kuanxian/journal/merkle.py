"""The Merkle tree of RFC 6962: root, inclusion proof, consistency proof, and their checks.

``Tree`` holds one in memory. The functions below it work on any tree that can give the hash
of a complete subtree, so the log in the database (``log.py``) uses the same ones.

Source: RFC 6962 §2.1; RFC 9162 §2.1.3.2 and §2.1.4.2 for the checks.
"""

from collections.abc import Callable
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""(level, position) to the hash of the complete subtree of ``2**level`` leaves that begins at
leaf ``position * 2**level``."""


class Tree:
    r"""A tree in memory, every complete subtree kept: 64 bytes a leaf.

    Example:
        >>> tree = Tree()
        >>> for leaf in (b"a", b"b", b"c"):
        ...     tree.append(sha256(b"\x00" + leaf).digest())
        >>> proof = inclusion(tree.subtree, 1, 3)
        >>> includes(tree.root(), 3, 1, sha256(b"\x00b").digest(), proof)
        True
    """

    __slots__ = ("_levels", "size")

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[bytearray] = [bytearray()]

    def append(self, leaf_hash: bytes) -> None:
        """Put one more leaf at the end.

        Args:
            leaf_hash: 32 bytes: SHA-256 of a zero byte and the leaf.
        """
        levels = self._levels
        levels[0] += leaf_hash
        place = self.size
        self.size = place + 1
        level = 0
        while place & 1:
            # The last two hashes of this level, side by side, are what is hashed.
            node = sha256(b"\x01" + levels[level][-64:]).digest()
            level += 1
            if level == len(levels):
                levels.append(bytearray())
            levels[level] += node
            place >>= 1

    def subtree(self, level: int, position: int) -> bytes:
        """Give the hash of a complete subtree."""
        start = position * HASH_BYTES
        return bytes(self._levels[level][start : start + HASH_BYTES])

    def root(self) -> bytes:
        """Give the hash of the whole tree."""
        return root(self.subtree, self.size)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into the one above them."""
    return sha256(b"\x01" + left + right).digest()


def range_hash(subtree: Subtree, begin: int, end: int) -> bytes:
    """Hash the leaves from ``begin`` up to but not including ``end``, as RFC 6962 splits them.

    Args:
        subtree: Where to find complete subtrees.
        begin: A multiple of the smallest power of two that is at least ``end - begin``.
        end: More than ``begin``.
    """
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append(subtree(level, begin >> level))
        begin += 1 << level
    result = parts.pop()
    while parts:
        result = node_hash(parts.pop(), result)
    return result


def root(subtree: Subtree, size: int) -> bytes:
    """Hash a tree's first ``size`` leaves."""
    return range_hash(subtree, 0, size) if size else EMPTY_ROOT


def inclusion(subtree: Subtree, leaf_no: int, size: int) -> list[bytes]:
    """Prove that a leaf is in the tree of the first ``size`` leaves.

    Args:
        subtree: Where to find complete subtrees.
        leaf_no: 0 up to but not including ``size``.
        size: The size of the tree proven against.

    Returns:
        Hashes from the leaf's sibling up to below the root.
    """
    assert 0 <= leaf_no < size
    begin, end, proof = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if leaf_no < middle:
            proof.append(range_hash(subtree, middle, end))
            end = middle
        else:
            proof.append(range_hash(subtree, begin, middle))
            begin = middle
    proof.reverse()
    return proof


def _split(count: int) -> int:
    """Give the largest power of two below a count of at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def consistency(subtree: Subtree, old_size: int, size: int) -> list[bytes]:
    """Prove that the tree of ``size`` leaves begins with the tree of ``old_size`` leaves.

    Returns:
        Hashes as RFC 6962 orders them; none where one is empty or both are the same.
    """
    assert 0 <= old_size <= size
    if old_size in (0, size):
        return []
    begin, end, proof, whole = 0, size, [], True
    while old_size != end:
        middle = begin + _split(end - begin)
        if old_size <= middle:
            proof.append(range_hash(subtree, middle, end))
            end = middle
        else:
            proof.append(range_hash(subtree, begin, middle))
            begin, whole = middle, False
    if not whole:
        proof.append(range_hash(subtree, begin, end))
    proof.reverse()
    return proof


def includes(
    root_hash: bytes, size: int, leaf_no: int, leaf_hash: bytes, proof: list[bytes]
) -> bool:
    """Check an inclusion proof.

    Returns:
        Whether the leaf is number ``leaf_no`` of the tree with this root and size.
    """
    if not 0 <= leaf_no < size:
        return False
    here, last, hashed = leaf_no, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            hashed = node_hash(step, hashed)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            hashed = node_hash(hashed, step)
        here, last = here >> 1, last >> 1
    return last == 0 and hashed == root_hash


def extends(old: tuple[int, bytes], new: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Check a consistency proof.

    Args:
        old: Size and root of the earlier tree.
        new: Size and root of the later tree.
        proof: What ``consistency`` gave.

    Returns:
        Whether the later tree begins with the earlier one.
    """
    (old_size, old_root), (size, root_hash) = old, new
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT and size >= 0
    if old_size == size:
        return not proof and old_root == root_hash
    if old_size > size or not proof:
        return False
    steps = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    here, last = old_size - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old_hash = new_hash = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_hash, new_hash = node_hash(step, old_hash), node_hash(step, new_hash)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new_hash = node_hash(new_hash, step)
        here, last = here >> 1, last >> 1
    return last == 0 and old_hash == old_root and new_hash == root_hash
