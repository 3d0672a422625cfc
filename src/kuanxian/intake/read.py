"""Read: loan files in; tables and refusals, or a book, out."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyarrow as pa

from kuanxian.intake.assemble import assemble
from kuanxian.intake.book import Book, BookWriter
from kuanxian.intake.layout import Layout
from kuanxian.intake.sources import Source
from kuanxian.intake.tables import EVENT_SCHEMA, LOAN_SCHEMA, PRODUCT_SCHEMA, REFUSAL_SCHEMA


class Tables(NamedTuple):
    """What loan files come to."""

    products: pa.Table
    """PRODUCT_SCHEMA."""
    loans: pa.Table
    """LOAN_SCHEMA."""
    events: pa.Table
    """EVENT_SCHEMA."""
    refusals: pa.Table
    """REFUSAL_SCHEMA: the rows that were not taken."""
    report: dict[str, Any]
    """Rows and amounts in, taken and refused."""


class _Memory:
    """Keeps the tables of a book in memory."""

    def __init__(self) -> None:
        self.products = [PRODUCT_SCHEMA.empty_table()]
        self.loans = [LOAN_SCHEMA.empty_table()]
        self.events = [EVENT_SCHEMA.empty_table()]
        self.refusals = [REFUSAL_SCHEMA.empty_table()]

    def add_products(self, rows: pa.Table) -> None:
        self.products.append(rows)

    def add_loans(self, rows: pa.Table) -> None:
        self.loans.append(rows)

    def add_events(self, rows: pa.Table) -> None:
        self.events.append(rows)

    def add_refusals(self, rows: pa.Table) -> None:
        self.refusals.append(rows)


def read(sources: list[Source], layout: Layout) -> Tables:
    """Read loan files into tables in memory.

    Args:
        sources: The files.
        layout: What they mean.

    Returns:
        The tables of a book. Every input row is in them or in the refusals.

    Raises:
        SourceError: A file cannot be read as what it claims to be, or fits no part of
            the layout.
    """
    memory = _Memory()
    with TemporaryDirectory() as folder:
        report = assemble(sources, layout, Path(folder) / "stage", memory)
    return Tables(
        pa.concat_tables(memory.products),
        pa.concat_tables(memory.loans),
        pa.concat_tables(memory.events),
        pa.concat_tables(memory.refusals),
        report,
    )


def read_book(sources: list[Source], layout: Layout, out: Path) -> Book:
    """Read loan files of any size into a book, in bounded memory.

    Args:
        sources: The files.
        layout: What they mean.
        out: The folder of the book; it must not exist, or be empty.

    Raises:
        SourceError: A file cannot be read as what it claims to be, or fits no part of
            the layout.
        BookError: There is something at ``out``.
    """
    with BookWriter(out, currency=layout.currency) as book:
        folder = out.absolute().parent / f".{out.name}.staging"
        report = assemble(sources, layout, folder, book)
        return book.publish(report)
