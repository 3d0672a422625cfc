"""Verify the whole store: every entry, every chain, the log, every checkpoint.

Nothing here is believed because the database says so: each hash is computed again from what
it is said to be of. What is found is located: the entry and the field.
"""

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import JournalError
from kuanxian.journal import checkpoint as checkpoints
from kuanxian.journal.damage import damaged_page
from kuanxian.journal.entry import NOTHING, Entry, hash_of
from kuanxian.journal.frontier import Frontier
from kuanxian.journal.locate import locate
from kuanxian.journal.read import BATCH, COLUMNS, entry_from

FINDINGS_MAX = 100


class Finding(NamedTuple):
    """Something that is not as it was."""

    where: str
    """``entry 17``, ``leaf 4``, ``subtree 8/0``, ``checkpoint 3``, ``page 2 of journal.entry``."""
    field: str
    """The column, as far as it is known."""
    what: str


class Report(NamedTuple):
    """What a verification saw."""

    entries: int
    streams: int
    leaves: int
    """Entries in the log."""
    pending: int
    """Entries not in the log yet: their chain alone holds them."""
    checkpoints: int
    signed_size: int
    """The size of the largest checkpoint that holds."""
    root: bytes
    findings: list[Finding]

    @property
    def unsigned(self) -> int:
        """How many of the newest entries no checkpoint holds.

        Who may remove such an entry leaves nothing here by which it is missed.
        """
        return self.entries - self.signed_size

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class Verification:
    """One walk over the store.

    Args:
        connection: As ``kx_audit`` or ``kx_app``, in one transaction that sees one state.
        verifier: Whose signatures checkpoints must bear; None: signatures are not checked.
    """

    def __init__(
        self, connection: sa.Connection, verifier: checkpoints.Verifier | None = None
    ) -> None:
        self.connection = connection
        self.verifier = verifier
        self.findings: list[Finding] = []
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.unplaced: dict[bytes, int] = {}
        self.entries = 0
        self.log = Frontier()
        self.signed_size = 0
        self.checkpoints = 0

    def run(self) -> Report:
        """Walk over everything; stop early only where the database cannot read its own pages."""
        try:
            self.walk_entries()
            self.walk_log()
        except sa.exc.DBAPIError as error:
            self.connection.rollback()
            self.find(*damaged_page(self.connection, error))
        return Report(
            self.entries,
            len(self.heads),
            self.log.size,
            len(self.unplaced),
            self.checkpoints,
            self.signed_size,
            self.log.root(),
            self.findings,
        )

    def find(self, where: str, field: str, what: str) -> None:
        """Note a finding, a bounded number of them."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(where, field, what))

    def walk_entries(self) -> None:
        """Check every entry's hash, its chain, and its leaf."""
        columns = ", ".join(f"e.{name}" for name in COLUMNS.split(", "))
        query = sa.text(
            f"SELECT {columns}, l.leaf_no, l.leaf_hash FROM journal.entry e "
            "LEFT JOIN journal.leaf l USING (entry_no) ORDER BY e.entry_no"
        )
        with self.connection.execute(query.execution_options(yield_per=BATCH)) as rows:
            for row in rows:
                leaf_hash = None if row[14] is None else bytes(row[14])
                self.check_entry(entry_from(row), leaf_hash)

    def check_entry(self, entry: Entry, leaf_hash: bytes | None) -> None:
        """Check one entry against its own hash, its leaf and its stream."""
        self.entries += 1
        where = f"entry {entry.entry_no}"
        true_hash = hash_of(entry)
        if true_hash != entry.entry_hash:
            entry, true_hash = self.find_change(entry, true_hash, leaf_hash)
        if leaf_hash is None:
            self.unplaced[true_hash] = entry.entry_no
        elif leaf_hash != true_hash:
            self.find(where, "leaf_hash", "the log holds another hash of it")
        version, before = self.heads.get(entry.stream, (0, NOTHING))
        if entry.stream_version != version + 1:
            what = f"version {version + 1} of its stream is missing or out of order"
            self.find(where, "stream_version", what)
        elif entry.previous_hash != before:
            self.find(where, "previous_hash", "the entry before it in its stream is another")
        self.heads[entry.stream] = (entry.stream_version, true_hash)

    def find_change(
        self, entry: Entry, true_hash: bytes, leaf_hash: bytes | None
    ) -> tuple[Entry, bytes]:
        """Say which field of an entry was changed; go on with it as it was."""
        where = f"entry {entry.entry_no}"
        away = sum(a != b for a, b in zip(true_hash, entry.entry_hash, strict=True))
        if true_hash == leaf_hash or (leaf_hash is None and away == 1):
            self.find(where, "entry_hash", f"{away} bytes of it were changed")
            return entry, true_hash
        place = locate(entry, {entry.entry_hash} | ({leaf_hash} if leaf_hash else set()))
        if place is None:
            self.find(where, "its content", "does not give its hash; more than a byte was changed")
            return entry, entry.entry_hash
        self.find(where, place.field, f"byte {place.byte} was changed")
        return place.entry, hash_of(place.entry)

    def walk_log(self) -> None:
        """Check that leaves, kept subtrees and checkpoints are those of one tree."""
        self.check_orphans()
        kept = self._kept_subtrees()
        signed = self._checkpoints()
        following = next(kept, None)
        point = next(signed, None)
        while point and point[0] == 0:
            self.check_point(point)
            point = next(signed, None)
        query = sa.text("SELECT leaf_no, leaf_hash FROM journal.leaf ORDER BY leaf_no")
        with self.connection.execute(query.execution_options(yield_per=BATCH * 10)) as rows:
            for leaf_no, leaf_hash in rows:
                if leaf_no != self.log.size:
                    self.find(f"leaf {self.log.size}", "leaf_no", f"is missing before {leaf_no}")
                    return
                for made in self.log.append(bytes(leaf_hash)):
                    self.check_subtree(made, following)
                    following = next(kept, None)
                while point and point[0] == self.log.size:
                    self.check_point(point)
                    point = next(signed, None)
        if following:
            self.find(f"subtree {following[0]}/{following[1]}", "level", "the log has none such")
        if point:
            self.find(f"checkpoint {point[0]}", "tree_size", "the log is smaller than was signed")

    def check_orphans(self) -> None:
        """Find leaves whose entry is gone, or has another number now."""
        query = sa.text(
            "SELECT leaf_no, l.entry_no, leaf_hash FROM journal.leaf l "
            "WHERE NOT EXISTS (SELECT FROM journal.entry e WHERE e.entry_no = l.entry_no) "
            "ORDER BY leaf_no LIMIT 100"
        )
        for leaf_no, entry_no, leaf_hash in self.connection.execute(query):
            moved = self.unplaced.pop(bytes(leaf_hash), None)
            if moved is None:
                self.find(f"leaf {leaf_no}", "entry_no", f"there is no entry {entry_no}")
            else:
                self.find(f"entry {moved}", "entry_no", f"leaf {leaf_no} has it as {entry_no}")

    def check_subtree(
        self, made: tuple[int, int, bytes], kept: tuple[int, int, bytes] | None
    ) -> None:
        """Compare a subtree that was completed with the one that was kept."""
        if kept != made:
            field = "subtree_hash" if kept and kept[:2] == made[:2] else "level"
            self.find(f"subtree {made[0]}/{made[1]}", field, "is not what its leaves give")

    def check_point(self, point: tuple[int, str]) -> None:
        """Check a checkpoint's signature, size and root."""
        self.checkpoints += 1
        size, note = point
        where = f"checkpoint {size}"
        try:
            read = checkpoints.open_note(note, self.verifier) if self.verifier else None
            said = read or checkpoints.read(note)
        except JournalError as error:
            self.find(where, "note", error.reason)
            return
        if said.tree_size != size:
            self.find(where, "tree_size", f"the signed text says {said.tree_size}")
        elif said.root != self.log.root():
            self.find(where, "note", "the log had another root at this size")
        else:
            self.signed_size = max(self.signed_size, size)

    def _kept_subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """Read kept subtrees in the order in which the log completes them."""
        query = sa.text(
            "SELECT level, position, subtree_hash FROM journal.subtree "
            "ORDER BY (position + 1)::numeric * 2::numeric ^ level, level"
        )
        for level, position, kept in self.connection.execute(query).all():
            yield level, position, bytes(kept)

    def _checkpoints(self) -> Iterator[tuple[int, str]]:
        query = sa.text("SELECT tree_size, note FROM journal.checkpoint ORDER BY tree_size, note")
        return ((size, note) for size, note in self.connection.execute(query).all())


def verify(connection: sa.Connection, verifier: checkpoints.Verifier | None = None) -> Report:
    """Verify the whole store.

    Args:
        connection: As ``kx_audit`` or ``kx_app``, not in a transaction.
        verifier: Whose signatures checkpoints must bear; None: signatures are not checked.
    """
    connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    report = Verification(connection, verifier).run()
    connection.rollback()
    return report
