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
from kuanxian.close.arrays import Arrays
from kuanxian.close.counted import add_up
from kuanxian.close.footer import Part
from kuanxian.close.growing import Entry, GrowingFile, encode_part
from kuanxian.close.identities import check_slice
from kuanxian.close.order import Order
from kuanxian.close.refused import REFUSED_SCHEMA, list_refused
from kuanxian.close.said import tally_said
from kuanxian.close.tally import Tally, blank, merge, tally_slice
from kuanxian.close.verdicts import VERDICT_LAYOUT, VERDICT_SCHEMA, verdicts_of
from kuanxian.intake.book import Book
from kuanxian.loan.position import Status
from kuanxian.state.columns import POSITION_SCHEMA
from kuanxian.state.local import Mark, Slice, in_order, read_slices, split

Watch = Callable[[int, int], None]
"""Called after each slice with the loans done and the loans there are."""

Kernel = Callable[..., pa.Table]
"""``kuanxian.state.batch.positions``, or a stand-in of the same signature."""

_RUN_LOANS: Final = 32_768
"""Loans the kernel takes at once: memory of that size is used again, not mapped anew."""

_DENSE: Final = (
    *("loan_no", "outstanding_principal_fen", "accrued_interest_fen", "payoff_fen"),
    *("next_due_fen", "last_payment_fen", "paid_in_period_fen", "paid_fen"),
    *("paid_principal_fen", "paid_interest_fen", "drawn_fen"),
)
"""Columns in which most values differ; the others are mostly one value or few."""

_LAYOUT: Final[dict[str, dict[str, Any]]] = {
    "positions.parquet": {
        "compression": "snappy",
        "use_dictionary": [
            name for name in POSITION_SCHEMA.names if name not in {*_DENSE, "loan_id"}
        ],
        "column_encoding": dict.fromkeys(_DENSE, "DELTA_BINARY_PACKED"),
    },
    "refusals.parquet": {"compression": "snappy", "use_dictionary": ["kind", "reason"]},
    "verdicts.parquet": VERDICT_LAYOUT,
}
"""How each file is encoded; measured to be the fastest that every reader knows."""

_SCHEMAS: Final = {"positions.parquet": POSITION_SCHEMA, "refusals.parquet": REFUSED_SCHEMA}
_VERDICTS: Final = "verdicts.parquet"


class _Done(NamedTuple):
    """A slice that a worker is done with."""

    end: Mark
    parts: dict[str, Part]
    tally: Tally


class _Task(NamedTuple):
    """What every worker needs besides its slice."""

    order: Order
    products: pa.Table
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
    table = _read_products(book.file("products.parquet"))
    task = _Task(order, table, kernel)
    schemas = _SCHEMAS if order.law is None else {**_SCHEMAS, _VERDICTS: VERDICT_SCHEMA}
    files = {
        name: GrowingFile(work / "out" / name, schema, _LAYOUT[name])
        for name, schema in schemas.items()
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


def _read_products(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (OSError, pa.ArrowException) as error:
        raise BookError(
            path.name, "the file is damaged", "make the book again from its sources"
        ) from error
    numbers = table.column("product_no").to_pylist()
    if numbers != list(range(len(numbers))):
        raise BookError(
            "products.parquet",
            "product_no is not the row number",
            "make the book again from its sources",
        )
    return table


def _close_slice(piece: Slice, task: _Task) -> _Done:
    order = task.order
    positions = pa.concat_tables(
        task.kernel(
            loans,
            task.products,
            events,
            as_of_on=order.as_of_on,
            period_from_on=order.period_from_on,
            policy=order.policy,
            threads=1,
        )
        for loans, events in split(piece, _RUN_LOANS)
    )
    at, events = Arrays(positions), Arrays(piece.events)
    listing = list_refused(piece, events, at, task.products, order.as_of_on)
    money = add_up(piece, events, order.as_of_on, listing.keys)
    tally = tally_slice(piece, positions, at, order.period_from_on)
    tally["refused"] = listing.by_reason
    tally["corrected"] = int(np.count_nonzero(money.corrected))
    tally["identities"] = check_slice(piece, at, money, order.as_of_on)
    tables = {"positions.parquet": positions, "refusals.parquet": listing.rows}
    if order.law is not None:
        tables[_VERDICTS] = verdicts_of(positions, order.law, order.as_of_on)
        tally["said"] = tally_said(tables[_VERDICTS], at["status"] == Status.OVERDUE)
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
