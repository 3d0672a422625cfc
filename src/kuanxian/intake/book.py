"""Book: the folder a close reads; written beside its place and renamed into it.

::

    BOOK/
      book.json         what is in it: counts, sums, the size and SHA-256 of each file
      products.parquet  snapshots of conventions
      loans.parquet     one row a loan, loan_no = row number
      events.parquet    one row an event, sorted by loan_no, value_on, seq
      refusals.parquet  input rows that were not taken

A kill at any instant leaves either no book or a whole one. The half-written folder
has the name of the book with a dot before it; the next run clears it away.
"""

import fcntl
import hashlib
import json
import os
import shutil
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kuanxian.base.errors import BookError
from kuanxian.intake.rows import RowGroupWriter
from kuanxian.intake.tables import (
    EVENT_SCHEMA,
    LOAN_SCHEMA,
    PRODUCT_SCHEMA,
    REFUSAL_SCHEMA,
)
from kuanxian.loan.events import Kind

FORMAT: Final = "kuanxian-book/1"

SCHEMAS: Final = {
    "products.parquet": PRODUCT_SCHEMA,
    "loans.parquet": LOAN_SCHEMA,
    "events.parquet": EVENT_SCHEMA,
    "refusals.parquet": REFUSAL_SCHEMA,
}

LOAN_GROUP_ROWS: Final = 131_072
EVENT_GROUP_ROWS: Final = 2_097_152
"""At most: a row group of events also ends with the events of a row group of loans, so that
whoever reads the loans a row group at a time finds their events in one piece."""
_MONEY_IN: Final = pa.array([Kind.PAYMENT, Kind.SETTLEMENT, Kind.RECOVERY], pa.int8())


class Book(NamedTuple):
    """A whole book on disk."""

    path: Path
    facts: dict[str, Any]
    """The content of ``book.json``."""

    @property
    def loans(self) -> int:
        """How many loans it has."""
        return int(self.facts["loans"])

    @property
    def events(self) -> int:
        """How many events it has."""
        return int(self.facts["events"])

    def file(self, name: str) -> Path:
        """Give the path of one of its files.

        Args:
            name: One of ``SCHEMAS``.
        """
        return self.path / name


class BookWriter:
    """Writes a book from tables or batches of any size and publishes it whole.

    Use it as a context manager and call ``publish`` last; leaving without it leaves
    nothing behind. Loans come in the order of ``loan_no``, events sorted by
    ``loan_no``, ``value_on``, ``seq``; ``open_book`` does not sort.

    Args:
        out: The folder to make. It must not exist, or be empty.
        currency: ISO 4217 code of the currency; amounts are in its hundredth.

    Raises:
        BookError: ``out`` holds something, or another run is writing it.
    """

    def __init__(self, out: Path, *, currency: str = "CNY") -> None:
        self.out = out.absolute()
        self._currency = currency
        self._refuse_if_taken()
        self._stage = self.out.parent / f".{self.out.name}.writing"
        self._lock = _lock_empty(self._stage)
        self._principal_fen = 0
        self._payment_fen = 0
        self._event_group = 0
        self._writers = {
            name: RowGroupWriter(
                self._stage / name,
                schema,
                EVENT_GROUP_ROWS if name == "events.parquet" else LOAN_GROUP_ROWS,
            )
            for name, schema in SCHEMAS.items()
        }

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the half-written folder away, unless it was published."""
        for writer in self._writers.values():
            writer.abandon()
        shutil.rmtree(self._stage, ignore_errors=True)
        os.close(self._lock)

    def add_products(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append to ``products.parquet``."""
        self._writers["products.parquet"].add(rows)

    def add_loans(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append to ``loans.parquet``."""
        self._writers["loans.parquet"].add(rows)
        self._principal_fen += _sum(rows.column("principal_fen"))

    def add_events(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append to ``events.parquet``."""
        writer = self._writers["events.parquet"]
        groups = rows.column("loan_no").to_numpy() // LOAN_GROUP_ROWS
        edges = [0, *(np.flatnonzero(np.diff(groups)) + 1).tolist(), rows.num_rows]
        for first, end in pairwise(edges if rows.num_rows else []):
            if groups[first] != self._event_group:
                writer.end_group()
                self._event_group = groups[first]
            writer.add(rows.slice(first, end - first))
        money_in = pc.is_in(rows.column("kind"), value_set=_MONEY_IN)
        self._payment_fen += _sum(rows.column("amount_fen").filter(money_in))

    def add_refusals(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append to ``refusals.parquet``."""
        self._writers["refusals.parquet"].add(rows)

    def publish(self, source: dict[str, Any] | None = None) -> Book:
        """Finish the files, write ``book.json`` and give the folder its name.

        Args:
            source: Where the rows came from; kept as it is in ``book.json``. No clock
                time and no path of a machine, or the same input gives other bytes.

        Raises:
            BookError: Something took the name in the meantime.
        """
        for writer in self._writers.values():
            writer.close()
        facts = {
            "format": FORMAT,
            "currency": self._currency,
            "loans": self._writers["loans.parquet"].rows,
            "events": self._writers["events.parquet"].rows,
            "products": self._writers["products.parquet"].rows,
            "refusals": self._writers["refusals.parquet"].rows,
            "principal_fen": self._principal_fen,
            "payment_fen": self._payment_fen,
            "source": source or {},
            "files": {name: _fingerprint(self._stage / name) for name in SCHEMAS},
        }
        text = json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False)
        (self._stage / "book.json").write_text(text + "\n", encoding="utf-8")
        for name in ("book.json", *SCHEMAS):
            sync_path(self._stage / name)
        sync_path(self._stage)
        self._refuse_if_taken()
        self._stage.rename(self.out)
        sync_path(self.out.parent)
        return Book(self.out, facts)

    def _refuse_if_taken(self) -> None:
        if self.out.exists() and (not self.out.is_dir() or any(self.out.iterdir())):
            raise BookError(
                self.out.name,
                "there is something here already",
                "choose another folder for the book, or remove this one first",
            )


def open_book(path: Path, *, verify: bool = True) -> Book:
    """Open a book and make sure that it is whole.

    Args:
        path: The folder.
        verify: Read every byte and compare it with the SHA-256 in ``book.json``.

    Raises:
        BookError: The folder is not a book, or a file is missing, damaged, or has
            other columns or rows than ``book.json`` says.
    """
    facts = _read_facts(path)
    for name, schema in SCHEMAS.items():
        _check_file(path / name, facts["files"].get(name), verify=verify)
        _check_table(path / name, schema, int(facts[name.removesuffix(".parquet")]))
    return Book(path, facts)


def _read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads((path / "book.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BookError(
            path.name,
            "there is no readable book.json in this folder",
            "give the folder that `kuanxian intake` or `kuanxian simulate` made",
        ) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise BookError(path.name, f"this is not a book of the form {FORMAT}", _MAKE_AGAIN)
    numbers = ("loans", "events", "products", "refusals", "principal_fen", "payment_fen")
    if not all(isinstance(facts.get(name), int) for name in numbers) or not isinstance(
        facts.get("files"), dict
    ):
        raise BookError(path.name, "book.json lacks counts, sums or files", _MAKE_AGAIN)
    return facts


_MAKE_AGAIN: Final = "make the book again from its sources"


def _check_file(path: Path, promise: object, *, verify: bool) -> None:
    if not isinstance(promise, dict) or not path.is_file():
        raise BookError(path.name, "the file is missing", _MAKE_AGAIN)
    if path.stat().st_size != promise.get("bytes"):
        raise BookError(path.name, "the file has another size than book.json says", _MAKE_AGAIN)
    if "footer_sha256" in promise and _footer_hash(path) != promise["footer_sha256"]:
        raise BookError(path.name, "the file has other bytes than book.json says", _MAKE_AGAIN)
    if verify and _fingerprint(path)["sha256"] != promise.get("sha256"):
        raise BookError(path.name, "the file has other bytes than book.json says", _MAKE_AGAIN)


def _check_table(path: Path, schema: pa.Schema, rows: int) -> None:
    try:
        metadata = pq.read_metadata(path)
        found = metadata.schema.to_arrow_schema()
    except (OSError, pa.ArrowException) as error:
        raise BookError(path.name, "the file is not readable Parquet", _MAKE_AGAIN) from error
    if not found.equals(schema, check_metadata=False):
        raise BookError(path.name, "the file has other columns than this version", _MAKE_AGAIN)
    if metadata.num_rows != rows:
        raise BookError(path.name, "the file has other rows than book.json says", _MAKE_AGAIN)


def _lock_empty(folder: Path) -> int:
    """Make the folder, empty, and hold it; the lock ends with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise BookError(
            folder.name,
            "another run is writing this book",
            "wait for it to end, or choose another folder",
        ) from error
    for item in folder.iterdir():
        item.unlink()
    return handle


def _fingerprint(path: Path) -> dict[str, int | str]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "bytes": path.stat().st_size,
        "sha256": digest,
        "footer_sha256": _footer_hash(path),
    }


def _footer_hash(path: Path) -> str:
    """Hash the footer of a Parquet file, which says where every page is.

    Each page has a checksum of its own, which is compared as it is read; the footer has
    none. Where its length makes no sense the whole file is hashed.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(size - 8, 0))
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(max(size - 8 - length, 0))
        return hashlib.sha256(stream.read()).hexdigest()


def sync_path(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sum(column: pa.Array | pa.ChunkedArray) -> int:
    return int(pc.sum(column).as_py() or 0)
