"""Stage: every source read once, its rows put down as columns beside the book.

What could be a loan or an event goes to a Parquet file; what could not goes to the
refusals. Which loan an event belongs to, and whether a row came twice, is found out
afterwards (``gather``), over columns on disk.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.intake.compiled import plain
from kuanxian.intake.convert import Block, convert
from kuanxian.intake.layout import FilePart
from kuanxian.intake.ledger import Ledger, money_of
from kuanxian.intake.records import Products, make_events, make_loans, make_products
from kuanxian.intake.sources import OpenSource
from kuanxian.intake.staged import (
    EVENT_STAGE,
    LOAN_STAGE,
    LOST_STAGE,
    argument_rows,
    cut_table,
    lost_loans,
    place_rows,
    refusal_rows,
)
from kuanxian.intake.tables import REFUSAL_SCHEMA
from kuanxian.intake.tally import FileTally
from kuanxian.loan.terms import Conventions


class Stage:
    """The files of one intake between its sources and its book.

    Args:
        folder: Where to put them; it is there and empty.
        ledger: Counts what is put down.

    Attributes:
        folder: The same.
        ledger: The same.
        tallies: What was counted, by file.
    """

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder = folder
        self.ledger = ledger
        self.tallies: list[FileTally] = []
        self._files: dict[str, pq.ParquetWriter] = {}
        for name, schema in (
            ("loans", LOAN_STAGE),
            ("events", EVENT_STAGE),
            ("refusals", REFUSAL_SCHEMA),
            ("lost", LOST_STAGE),
        ):
            self.write(name, schema.empty_table())

    def write(self, name: str, table: pa.Table) -> None:
        """Append rows to one of the files."""
        if name not in self._files:
            self._files[name] = pq.ParquetWriter(
                self.folder / f"{name}.parquet",
                table.schema,
                compression="lz4",
                use_dictionary=False,
                write_statistics=False,
            )
        if table.num_rows:
            self._files[name].write_table(table)
        if name == "loans":
            amounts = table["principal_fen"]
            self.ledger.count("given", table["file_no"], np.zeros(len(amounts)), amounts)
        if name == "events":
            lines = np.asarray(table["rule"]) + 1
            self.ledger.count("given", table["file_no"], lines, money_of(table), table["undo"])

    def refuse(self, tally: FileTally, rows: pa.Table) -> None:
        """Put refused rows of a file down and count them."""
        self.write("refusals", rows)
        tally.refused += rows.num_rows

    def finish(self, *names: str) -> None:
        """Finish files, so that they can be read; all of them where none is named."""
        for name in names or list(self._files):
            if name in self._files:
                self._files.pop(name).close()


class Making(NamedTuple):
    """What rows are made into, and with what."""

    products: Products
    rules: dict[tuple[str, int], int]
    """The number of each event rule, by part and place in it."""
    loops: SimpleNamespace
    """The byte loops, plain or compiled."""


def stage_source(source: OpenSource, stage: Stage, making: Making) -> None:
    """Read a source of loans or events and put its rows down.

    Args:
        source: The file.
        stage: Where to.
        making: What the rows are made into.

    Raises:
        SourceError: The file turns out to be damaged.
    """
    tally, file_no = _open_tally(source, stage)

    def work(raw: Any) -> tuple[Block, dict[str, pa.Table]]:
        block = convert(source.reader.cells(raw), source.part, making.loops)
        return block, _make(block, source.part, making)

    for block, tables in _in_order(source.reader.blocks(), work):
        first_row = tally.rows + 1
        for name, table in tables.items():
            stage.write(name, place_rows(table, file_no, first_row))
        _close_block(block, source, stage, tally)


def stage_products(source: OpenSource, stage: Stage) -> dict[str, Conventions]:
    """Read a source of products."""
    tally, _ = _open_tally(source, stage)
    products: dict[str, Conventions] = {}
    for raw in source.reader.blocks():
        block = convert(source.reader.cells(raw), source.part, plain())
        products |= make_products(block, products)
        _close_block(block, source, stage, tally)
    tally.taken = tally.rows - tally.refused
    return products


def _open_tally(source: OpenSource, stage: Stage) -> tuple[FileTally, int]:
    tally = FileTally(source.name, source.part.name, source.reader.facts)
    stage.tallies.append(tally)
    return tally, len(stage.tallies) - 1


def _close_block(block: Block, source: OpenSource, stage: Stage, tally: FileTally) -> None:
    """Count a block's rows and put its refusals down."""
    refused = np.flatnonzero(block.reasons)
    if len(refused):
        stage.refuse(tally, refusal_rows(block, refused, source.name, tally.rows + 1))
        stage.write("lost", lost_loans(block, refused, source.part))
        for name, found in block.sums.items():
            found.refused_fen = int(block.values[name].values[refused].sum())
    tally.add_block(block)


def _in_order(raws: Iterator[Any], work: Callable[[Any], Any]) -> Iterator[Any]:
    """Do the work in two threads and hand the results on in the order of the input."""
    with ThreadPoolExecutor(2) as pool:
        waiting: deque[Future[Any]] = deque()
        for raw in raws:
            waiting.append(pool.submit(work, raw))
            if len(waiting) == 3:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _make(block: Block, part: FilePart, making: Making) -> dict[str, pa.Table]:
    """Make every table the part's rules ask for, of the rows that none of them refused."""
    loans = None
    if part.loan is not None and not part.loan.many_rows:
        loans = make_loans(block, part.loan, making.products, making.loops)
    events = [make_events(block, rule) for rule in part.events]
    whole = block.reasons == 0
    tables: dict[str, pa.Table] = {}
    if loans is not None:
        tables["loans"] = cut_table(loans, LOAN_STAGE, whole)
    elif part.loan is not None:
        tables[f"rows-{part.name}"] = argument_rows(block, part.loan, whole)
    made = []
    for place, (columns, taken) in enumerate(events):
        number = making.rules[part.name, place]
        columns["rule"] = pa.array(np.full(block.rows, number, np.int16))
        made.append(cut_table(columns, EVENT_STAGE, whole & taken))
    if made:
        tables["events"] = pa.concat_tables(made)
    return tables
