"""Replay: from slices of the book to rows in the two files that grow.

A worker takes one slice through the kernel, the refused events, the identities, the
tally and the encoder. The main thread only appends what comes back, in order, and
writes one line to the record of finished slices. A run that finds such a record goes
on behind its last line that the files bear out.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.errors import BookError
from kuanxian.close.counted import add_up
from kuanxian.close.footer import Part
from kuanxian.close.growing import Entry, GrowingFile, encode_part
from kuanxian.close.identities import check_slice
from kuanxian.close.order import Order
from kuanxian.close.refused import REFUSED_SCHEMA, list_refused
from kuanxian.close.tally import Tally, blank, merge, tally_slice
from kuanxian.intake.book import Book
from kuanxian.intake.tables import products_of
from kuanxian.loan import Conventions
from kuanxian.state.columns import POSITION_SCHEMA
from kuanxian.state.local import Mark, Slice, in_order, read_slices

Watch = Callable[[int, int], None]
"""Called after each slice with the loans done and the loans there are."""

Kernel = Callable[..., pa.Table]
"""``kuanxian.state.batch.positions``, or a stand-in of the same signature."""

_FEW_VALUES: Final = ("lender_id", "segment", "product_no", "status", "letter", "bucket", "grade")
_LAYOUT: Final[dict[str, dict[str, Any]]] = {
    "positions.parquet": {
        "compression": "snappy",
        "use_dictionary": list(_FEW_VALUES),
        "column_encoding": {
            field.name: "DELTA_BINARY_PACKED"
            for field in POSITION_SCHEMA
            if field.name not in _FEW_VALUES and not pa.types.is_string(field.type)
        },
    },
    "refusals.parquet": {"compression": "snappy", "use_dictionary": ["kind", "reason"]},
}
"""How each file is encoded; measured to be the fastest that every reader knows."""

_SCHEMAS: Final = {"positions.parquet": POSITION_SCHEMA, "refusals.parquet": REFUSED_SCHEMA}


class _Done(NamedTuple):
    """A slice that a worker is done with."""

    end: Mark
    parts: dict[str, Part]
    tally: Tally


class _Task(NamedTuple):
    """What every worker needs besides its slice."""

    order: Order
    products_table: pa.Table
    products: list[Conventions]
    kernel: Kernel


def replay_book(
    book: Book, order: Order, work: Path, kernel: Kernel, watch: Watch
) -> tuple[Tally, dict[str, dict[str, int | str]]]:
    """Replay a book into ``positions.parquet`` and ``refusals.parquet``.

    Args:
        book: The book.
        order: What is closed.
        work: The work folder; may hold what an earlier run finished.
        kernel: What turns loans and events into positions.
        watch: Told of progress.

    Returns:
        The merged tally, and the size and SHA-256 of each file.
    """
    table = pq.read_table(book.file("products.parquet"))
    task = _Task(order, table, _read_products(table), kernel)
    files = {
        name: GrowingFile(work / "out" / name, schema, _LAYOUT[name])
        for name, schema in _SCHEMAS.items()
    }
    try:
        record = _Record(work / "finished.jsonl")
        mark, tally = record.restore(files)
        watch(mark.loan_no, book.loans)
        slices = read_slices(book, order.cut, mark)
        for done in in_order(slices, lambda piece: _close_slice(piece, task), order.threads):
            entries = {name: files[name].append(part) for name, part in done.parts.items()}
            record.add(done.end, entries, done.tally)
            tally = merge(tally, done.tally)
            watch(done.end.loan_no, book.loans)
        return tally, {name: file.finish() for name, file in files.items()}
    finally:
        for file in files.values():
            file.close()


def _read_products(table: pa.Table) -> list[Conventions]:
    numbers = table.column("product_no").to_pylist()
    if numbers != list(range(len(numbers))):
        raise BookError(
            "products.parquet",
            "product_no is not the row number",
            "make the book again from its sources",
        )
    return products_of(table)


def _close_slice(piece: Slice, task: _Task) -> _Done:
    order = task.order
    positions = task.kernel(
        piece.loans,
        task.products_table,
        piece.events,
        as_of_on=order.as_of_on,
        period_from_on=order.period_from_on,
        policy=order.policy,
        threads=1,
    )
    listing = list_refused(piece, positions, task.products, order.as_of_on)
    money = add_up(piece, order.as_of_on, listing.keys)
    tally = tally_slice(piece, positions, order.period_from_on)
    tally["refused"] = listing.by_reason
    tally["corrected"] = int(np.count_nonzero(money.corrected))
    tally["identities"] = check_slice(piece, positions, money, order.as_of_on, listing.unlisted)
    tables = {"positions.parquet": positions, "refusals.parquet": listing.rows}
    parts = {
        name: encode_part(table, _LAYOUT[name]) for name, table in tables.items() if table.num_rows
    }
    return _Done(piece.end, parts, tally)


class _Record:
    """The record of finished slices: one line each, with a checksum of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def restore(self, files: dict[str, GrowingFile]) -> tuple[Mark, Tally]:
        """Believe the lines that the files bear out; drop the rest.

        Returns:
            Where to go on, and the tally up to there.
        """
        mark = Mark()
        tally = blank()
        kept = []
        for line, fact in self._lines():
            entries = {name: Entry(*entry) for name, entry in fact["entries"].items()}
            if not all(files[name].bears_out(entry) for name, entry in entries.items()):
                break
            for name, entry in entries.items():
                files[name].accept(entry)
            mark = Mark(*fact["end"])
            tally = merge(tally, fact["tally"])
            kept.append(line)
        for file in files.values():
            file.begin()
        self._path.write_text("".join(kept), encoding="ascii")
        return mark, tally

    def add(self, end: Mark, entries: dict[str, Entry], tally: Tally) -> None:
        """Write a finished slice down."""
        fact = json.dumps({"end": end, "entries": entries, "tally": tally})
        with self._path.open("a", encoding="ascii") as stream:
            stream.write(f"{zlib.crc32(fact.encode('ascii')):08x} {fact}\n")

    def _lines(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Read whole lines; the last may be torn by a kill."""
        if not self._path.exists():
            return
        for line in self._path.read_text(encoding="ascii", errors="replace").splitlines(True):
            checksum, _, fact = line.rstrip("\n").partition(" ")
            if not line.endswith("\n") or checksum != f"{zlib.crc32(fact.encode()):08x}":
                return
            yield line, json.loads(fact)
