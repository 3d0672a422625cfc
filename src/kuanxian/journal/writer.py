"""A writer for many threads: what waits goes into one transaction, one commit for all.

A commit costs a wait for the disk, whatever is in it. So a thread of its own takes all that
has come in meanwhile, appends it in one call and commits; each caller gets its own receipt,
after the commit and not before.

When the server goes away in the middle, nobody knows whether the commit arrived. The writer
connects again and sends the same entries again: the idempotency keys make that harmless.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import islice
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from kuanxian.base.errors import JournalError
from kuanxian.journal.append import Receipt, append_checked, raise_unless_kept
from kuanxian.journal.entry import Draft, check

BATCH_MAX = 2_000
WAITING_MAX = 50_000
TRIES = 60
PAUSE_SECONDS = 0.5


class Writer:
    """Appends drafts that many threads hand in. Use it in a ``with``.

    Args:
        engine: As ``kx_app`` or ``kx_vault``; the writer keeps one connection.
        tries: How often a batch is sent while the server is away, half a second apart.
    """

    def __init__(self, engine: sa.Engine, *, tries: int = TRIES) -> None:
        self._engine = engine
        self._tries = tries
        self._waiting: deque[tuple[list[Draft], Future[list[Receipt]]]] = deque()
        self._count = 0
        self._changed = threading.Condition()
        self._closing = False
        self._connection: sa.Connection | None = None
        self._thread = threading.Thread(target=self._run, name="journal-writer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Append what still waits, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def submit(self, drafts: Sequence[Draft]) -> Future[list[Receipt]]:
        """Hand drafts in; wait only while very many are waiting already.

        Args:
            drafts: They go into one transaction, each for itself: look at ``outcome``.

        Returns:
            Their receipts to come, in order. The entries are durable when those are there.

        Raises:
            EntryError: A field is not what it must be; none of these drafts is handed in.
            JournalError: The writer was closed.
        """
        future: Future[list[Receipt]] = Future()
        checked = [check(draft) for draft in drafts]
        with self._changed:
            self._changed.wait_for(lambda: self._count < WAITING_MAX or self._closing)
            if self._closing:
                raise JournalError("the journal's writer", "was closed")
            self._waiting.append((checked, future))
            self._count += len(checked)
            self._changed.notify_all()
        return future

    def append(self, draft: Draft) -> Receipt:
        """Append one draft and wait until it is durable.

        Raises:
            EntryError: A field is not what it must be.
            ConflictError: The stream is not at the version expected.
            RepeatedKeyError: The key was used for another entry.
            JournalError: The database did not take it, or is away for too long.
        """
        (receipt,) = self.submit([draft]).result()
        raise_unless_kept(draft, receipt)
        return receipt

    def _run(self) -> None:
        while batch := self._next_batch():
            drafts = [draft for some, _ in batch for draft in some]
            try:
                receipts = iter(self._append(drafts))
            except Exception as error:  # noqa: BLE001 - whatever it is, the callers must hear of it
                for _, future in batch:
                    future.set_exception(error)
            else:
                for some, future in batch:
                    future.set_result(list(islice(receipts, len(some))))
        self._disconnect()

    def _next_batch(self) -> list[tuple[list[Draft], Future[list[Receipt]]]]:
        """Take what waits; wait where nothing does; nothing at all means the end."""
        batch: list[tuple[list[Draft], Future[list[Receipt]]]] = []
        count = 0
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            while self._waiting and (not batch or count + len(self._waiting[0][0]) <= BATCH_MAX):
                batch.append(self._waiting.popleft())
                count += len(batch[-1][0])
            self._count -= count
            self._changed.notify_all()
        return batch

    def _append(self, drafts: list[Draft]) -> list[Receipt]:
        """Append and commit; send it again while the server is away."""
        for attempt in range(self._tries):
            try:
                return self._append_once(drafts)
            except sa.exc.DBAPIError as error:
                self._disconnect()
                if not _is_away(error) or attempt == self._tries - 1:
                    raise _in_words(error) from None
            threading.Event().wait(PAUSE_SECONDS)
        raise AssertionError

    def _append_once(self, drafts: list[Draft]) -> list[Receipt]:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return append_checked(self._connection, drafts)

    def _disconnect(self) -> None:
        """Close the connection; a broken one is thrown away."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


AWAY = ("08", "57P", "40")
"""SQLSTATEs after which the same batch may be sent again: connection lost, server shutting
down or starting, deadlock or serialisation."""


def _is_away(error: sa.exc.DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state is None or state.startswith(AWAY)


def _in_words(error: sa.exc.DBAPIError) -> JournalError:
    """Say what the server said, its first line: no statement and no value."""
    said = str(error.orig).strip().splitlines()
    state = getattr(error.orig, "sqlstate", None)
    if state and state.startswith("53"):
        advice = "Make room for the database, then send it again with the same keys."
        return JournalError("the journal", f"has no room: {said[0]}; nothing was kept", advice)
    advice = "Send it again with the same keys: what was kept is not kept twice."
    return JournalError("the journal", said[0] if said else "no answer", advice)
