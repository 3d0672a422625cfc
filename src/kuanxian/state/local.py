"""Local: a book as slices, in bounded memory, on one machine.

A slice is a run of neighbouring loans with exactly their events. Where a slice ends
depends on the rows alone, not on how a file is cut into row groups or on how many
threads there are, so a run that was broken off can go on at the next slice.

One thread reads ahead while others work. Reading, the compiled kernel and writing
Parquet all release the interpreter lock, so threads are enough.

The reader refuses a book whose loans are not numbered by row, or whose events are not in
the order of the loans, belong to none, or lack a value. The order within a loan is
checked by ``batch``.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.base.errors import BookError
from kuanxian.intake.book import EVENT_GROUP_ROWS, LOAN_GROUP_ROWS, Book
from kuanxian.intake.tables import EVENT_SCHEMA, LOAN_SCHEMA

Result = TypeVar("Result")

_LOANS_AT_ONCE: Final = LOAN_GROUP_ROWS
_EVENTS_AT_ONCE: Final = EVENT_GROUP_ROWS
"""Rows read at once: a row group, as a book is written. The events of a slice then are one
piece, and no column has to be put together from two."""
_BUFFER_BYTES: Final = 1 << 20
_AHEAD: Final = 2
_SORT_AGAIN: Final = "sort the events by loan_no, value_on, seq and write the book again"
_WRITE_AGAIN: Final = "make the book again from its sources"


class Cut(NamedTuple):
    """How large a slice may be. Both bounds hold; a slice has at least one loan."""

    loans: int = LOAN_GROUP_ROWS
    events: int = EVENT_GROUP_ROWS
    """At least ``EVENTS_MAX``, or a loan may not fit into any slice."""


class Mark(NamedTuple):
    """Where a slice begins."""

    number: int = 0
    loan_no: int = 0
    event_row: int = 0
    """Row of ``events.parquet``, from 0."""


_WHOLE: Final = Cut()
_START: Final = Mark()


class Slice(NamedTuple):
    """Neighbouring loans with exactly their events."""

    begin: Mark
    end: Mark
    """Where the next slice begins."""
    loans: pa.Table
    """LOAN_SCHEMA, rows ``begin.loan_no`` up to ``end.loan_no``, the last excluded."""
    events: pa.Table
    """EVENT_SCHEMA, sorted by ``loan_no``, ``value_on``, ``seq``."""


def read_slices(book: Book, cut: Cut = _WHOLE, begin: Mark = _START) -> Iterator[Slice]:
    """Read a book slice by slice; never more than two slices are in memory.

    Args:
        book: The book; ``open_book`` has checked its columns.
        cut: How large a slice may be.
        begin: Where to begin: the end of a slice cut with the same ``cut``.

    Yields:
        The slices from ``begin`` on, in the order of ``loan_no``. Each loan and each
        event is in exactly one.

    Raises:
        BookError: The rows are not what a book's rows must be; the message names the
            file, the row and what to do.
    """
    try:
        yield from _cut_slices(book, cut, begin)
    except (OSError, pa.ArrowException) as error:
        raise BookError(book.path.name, "a file of the book is damaged", _WRITE_AGAIN) from error


def split(piece: Slice, loans: int) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Split a slice into runs of at most ``loans`` loans, each with exactly its events."""
    numbers = piece.events.column("loan_no").to_numpy()
    begins = np.arange(piece.begin.loan_no, piece.end.loan_no, loans)
    edges = [int(edge) for edge in np.searchsorted(numbers, begins)] + [len(numbers)]
    for place, (first, end) in enumerate(pairwise(edges)):
        yield piece.loans.slice(place * loans, loans), piece.events.slice(first, end - first)


def in_order(
    slices: Iterable[Slice], work: Callable[[Slice], Result], threads: int
) -> Iterator[Result]:
    """Work on slices in parallel and give the results in the order of the slices.

    Args:
        slices: From ``read_slices``; read ahead in a thread of its own.
        work: Called with one slice each, from several threads.
        threads: How many slices are worked on at a time, 1 or more. A finished result
            waits for those before it, so at most ``threads`` + 3 slices are in memory.

    Yields:
        What ``work`` returned, in order. An error of either side is raised in its turn.
    """
    with ThreadPoolExecutor(threads) as workers, closing(_read_ahead(slices)) as ahead:
        running: deque[Future[Result]] = deque()
        try:
            for piece in ahead:
                running.append(workers.submit(work, piece))
                if len(running) > threads:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


def _read_ahead(slices: Iterable[Slice]) -> Generator[Slice]:
    pieces = iter(slices)
    with ThreadPoolExecutor(1) as reader:
        waiting = deque(reader.submit(next, pieces, None) for _ in range(_AHEAD))
        while (piece := waiting.popleft().result()) is not None:
            waiting.append(reader.submit(next, pieces, None))
            yield piece


def _cut_slices(book: Book, cut: Cut, begin: Mark) -> Iterator[Slice]:
    loans = _LoanRows(book, begin.loan_no)
    events = _EventRows(book, begin.event_row)
    while loans.fill(cut.loans):
        wanted = begin.loan_no + min(cut.loans, loans.waiting.num_rows)
        end_no = events.fill(begin.loan_no, wanted, cut.events)
        taken = events.take(end_no)
        end = Mark(begin.number + 1, end_no, begin.event_row + taken.num_rows)
        yield Slice(begin, end, loans.take(end_no - begin.loan_no), taken)
        begin = end
    if (begin.loan_no, begin.event_row) != (book.loans, book.events):
        raise BookError(book.path.name, "there are other rows than book.json says", _WRITE_AGAIN)


class _Rows:
    """Rows of one Parquet file from a given row on, pulled a batch at a time."""

    def __init__(self, path: Path, row: int, at_once: int) -> None:
        self._file = pq.ParquetFile(
            path,
            pre_buffer=False,
            buffer_size=_BUFFER_BYTES,
            page_checksum_verification=True,
        )
        self.waiting: pa.Table = self._file.schema_arrow.empty_table()
        self.row = row
        """Rows read so far, those skipped included."""
        groups: list[int] = []
        skip = row
        for group in range(self._file.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if not groups and skip >= rows:
                skip -= rows
            else:
                groups.append(group)
        self._skip = skip
        self._batches = (
            batch
            for group in groups
            for batch in self._file.iter_batches(at_once, row_groups=[group], use_threads=False)
        )

    def pull(self) -> pa.RecordBatch | None:
        """Take the next batch, or None at the end of the file."""
        for batch in self._batches:
            skipped = min(self._skip, batch.num_rows)
            self._skip -= skipped
            if skipped < batch.num_rows:
                return batch.slice(skipped)
        return None

    def keep(self, batch: pa.RecordBatch) -> None:
        """Put a checked batch at the end of what is waiting."""
        self.row += batch.num_rows
        self.waiting = pa.concat_tables([self.waiting, pa.Table.from_batches([batch])])


class _LoanRows(_Rows):
    """Loans: numbered by row, nothing missing but days."""

    def __init__(self, book: Book, row: int) -> None:
        super().__init__(book.file("loans.parquet"), row, _LOANS_AT_ONCE)
        self._products = int(book.facts["products"])

    def fill(self, rows: int) -> int:
        """Read until ``rows`` are waiting or the file ends; give how many are."""
        while self.waiting.num_rows < rows and (batch := self.pull()) is not None:
            self._check(batch)
            self.keep(batch)
        return int(self.waiting.num_rows)

    def take(self, rows: int) -> pa.Table:
        """Take the first ``rows`` away."""
        taken = self.waiting.slice(0, rows)
        self.waiting = self.waiting.slice(rows)
        return taken

    def _check(self, batch: pa.RecordBatch) -> None:
        _check_values("loans.parquet", batch, LOAN_SCHEMA, also=("disbursed_on",))
        numbers = _numbers(batch, "loan_no")
        if not np.array_equal(numbers, np.arange(self.row, self.row + len(numbers))):
            raise BookError("loans.parquet", "loan_no is not the row number", _WRITE_AGAIN)
        products = _numbers(batch, "product_no")
        if products.min() < 0 or products.max() >= self._products:
            raise BookError(
                "loans.parquet", "a product_no is not in products.parquet", _WRITE_AGAIN
            )


class _EventRows(_Rows):
    """Events: sorted, each of a loan there is."""

    def __init__(self, book: Book, row: int) -> None:
        super().__init__(book.file("events.parquet"), row, _EVENTS_AT_ONCE)
        self._loans = book.loans
        self._last_no = 0

    def fill(self, first_no: int, wanted_no: int, most: int) -> int:
        """Read until the events of the loans ``first_no`` up to ``wanted_no`` are waiting.

        Returns:
            Up to which loan (excluded) they are: ``wanted_no``, or fewer where the
            events would be more than ``most``.
        """
        while self._last_no < wanted_no and self.waiting.num_rows <= most:
            batch = self.pull()
            if batch is None:
                break
            self._check(batch)
            self.keep(batch)
        if self.waiting.num_rows <= most:
            return wanted_no
        over_no = int(self.waiting.column("loan_no")[most].as_py())
        if over_no == first_no:
            raise BookError(
                "events.parquet",
                f"loan_no {first_no} has more than {min(most, EVENTS_MAX)} events",
                "make the book again with `kuanxian intake`, which refuses such a loan",
            )
        return min(over_no, wanted_no)

    def take(self, end_no: int) -> pa.Table:
        """Take the events of the loans before ``end_no`` away."""
        numbers = self.waiting.column("loan_no").to_numpy()
        rows = int(np.searchsorted(numbers, end_no))
        taken = self.waiting.slice(0, rows)
        self.waiting = self.waiting.slice(rows)
        return taken

    def _check(self, batch: pa.RecordBatch) -> None:
        _check_values("events.parquet", batch, EVENT_SCHEMA, also=("value_on",))
        loan_no = _numbers(batch, "loan_no")
        rises = loan_no[1:] >= loan_no[:-1]
        if loan_no[0] < self._last_no or not rises.all():
            row = self.row + (0 if loan_no[0] < self._last_no else int(np.argmin(rises)) + 1)
            raise BookError("events.parquet", f"row {row + 1} is out of order", _SORT_AGAIN)
        if loan_no[0] < 0 or loan_no[-1] >= self._loans:
            raise BookError(
                "events.parquet", "an event has a loan_no that no loan has", _WRITE_AGAIN
            )
        self._last_no = int(loan_no[-1])


def _check_values(
    name: str, batch: pa.RecordBatch, schema: pa.Schema, also: tuple[str, ...] = ()
) -> None:
    """Refuse a batch that lacks a value; only days may be empty, save those in ``also``."""
    for field in schema:
        may_be_empty = field.name.endswith("_on") and field.name not in also
        if not may_be_empty and batch.column(field.name).null_count:
            raise BookError(name, f"{field.name} lacks a value", _WRITE_AGAIN)


def _numbers(batch: pa.RecordBatch, name: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """See an int32 or date32 column as an array, without a copy."""
    column = batch.column(name)
    array: np.ndarray[tuple[int], np.dtype[np.int32]] = column.view(pa.int32()).to_numpy()
    return array
