"""The log in the database: entries in the order of the tree, proofs out of it.

Entries are appended by many transactions at once and get their place in the log afterwards,
by ``integrate``, once they are committed. Until then they are in their stream and its chain,
not in the log; ``pending`` says how many.
"""

import sqlalchemy as sa

from kuanxian.base.errors import JournalError
from kuanxian.journal import merkle

TILE_LEVEL = 8
TILE = 1 << TILE_LEVEL
"""Complete subtrees of this many leaves have their hash kept; smaller ones are computed."""

BATCH = 100_000


def integrate(connection: sa.Connection) -> int:
    """Put every committed entry into the log.

    Args:
        connection: As ``kx_app``, in a transaction of its own: entries this transaction wrote
            itself would get their place before they are committed.

    Returns:
        The size of the log.
    """
    call = sa.text("SELECT journal.integrate(:batch)")
    before = -1
    size = connection.scalar(call, {"batch": BATCH})
    while size - before >= BATCH or before < 0:
        before, size = size, connection.scalar(call, {"batch": BATCH})
        if size == before:
            break
    return int(size)


def pending(connection: sa.Connection) -> int:
    """Count the committed entries that have no place in the log yet."""
    query = sa.text(
        "SELECT count(*) FROM journal.entry e, journal.progress p WHERE e.entry_no > p.settled_no "
        "AND NOT EXISTS (SELECT FROM journal.leaf l WHERE l.entry_no = e.entry_no)"
    )
    return int(connection.scalar(query) or 0)


class Log:
    """The log as it stands, with what was read of it kept.

    Args:
        connection: As ``kx_app`` or ``kx_audit``; the log only grows, so what was read stays so.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._tiles: dict[int, list[bytes]] = {}
        self._kept: dict[tuple[int, int], bytes] = {}
        size = connection.scalar(sa.text("SELECT coalesce(max(leaf_no) + 1, 0) FROM journal.leaf"))
        self.size = int(size or 0)

    def root(self, size: int | None = None) -> bytes:
        """Give the root of the log, or of its first ``size`` leaves."""
        return merkle.root(self.subtree, self._sized(size))

    def inclusion(self, leaf_no: int, size: int | None = None) -> list[bytes]:
        """Prove that a leaf is in the log's first ``size`` leaves.

        Raises:
            JournalError: There is no such leaf, or the log has not that size.
        """
        wanted = self._sized(size)
        if not 0 <= leaf_no < wanted:
            raise JournalError(f"leaf {leaf_no}", f"is not in a log of size {wanted}")
        return merkle.inclusion(self.subtree, leaf_no, wanted)

    def consistency(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Prove that the log of ``size`` begins with the log of ``old_size``.

        Raises:
            JournalError: The log never had such a size.
        """
        wanted = self._sized(size)
        if not 0 <= old_size <= wanted:
            raise JournalError(f"size {old_size}", f"is more than {wanted}")
        return merkle.consistency(self.subtree, old_size, wanted)

    def leaf_of(self, entry_no: int) -> int:
        """Give the place of an entry in the log.

        Raises:
            JournalError: It is not in the log, or not yet.
        """
        query = sa.text("SELECT leaf_no FROM journal.leaf WHERE entry_no = :entry_no")
        found = self._connection.scalar(query, {"entry_no": entry_no})
        if found is None:
            raise JournalError(f"entry {entry_no}", "is not in the log", "Make a checkpoint first.")
        return int(found)

    def subtree(self, level: int, position: int) -> bytes:
        """Give the hash of a complete subtree."""
        if level < TILE_LEVEL:
            first = position << level
            hashes = self._tile(first >> TILE_LEVEL)[first % TILE : first % TILE + (1 << level)]
            while len(hashes) > 1:
                pairs = zip(hashes[::2], hashes[1::2], strict=True)
                hashes = [merkle.node_hash(left, right) for left, right in pairs]
            return hashes[0]
        place = (level, position)
        if place not in self._kept:
            self._kept[place] = self._read_subtree(level, position)
        return self._kept[place]

    def _sized(self, size: int | None) -> int:
        wanted = self.size if size is None else size
        if not 0 <= wanted <= self.size:
            raise JournalError(f"size {wanted}", f"is more than the log has, {self.size}")
        return wanted

    def _tile(self, tile: int) -> list[bytes]:
        """Read the leaves of one tile, as many as there were when the log was opened."""
        if tile not in self._tiles:
            query = sa.text(
                "SELECT leaf_hash FROM journal.leaf WHERE leaf_no >= :begin AND leaf_no < :end "
                "ORDER BY leaf_no"
            )
            span = {"begin": tile * TILE, "end": min(tile * TILE + TILE, self.size)}
            self._tiles[tile] = [bytes(h) for h in self._connection.scalars(query, span)]
        return self._tiles[tile]

    def _read_subtree(self, level: int, position: int) -> bytes:
        query = sa.text(
            "SELECT subtree_hash FROM journal.subtree WHERE level = :level AND position = :position"
        )
        found = self._connection.scalar(query, {"level": level, "position": position})
        if found is None:
            place = f"subtree {level}/{position}"
            raise JournalError(place, "is missing", "Run kuanxian journal verify.")
        return bytes(found)
