"""Lived: a book of a few thousand loans and its loans as the kernel sees them."""

from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.intake.book import Book
from kuanxian.intake.tables import products_of
from kuanxian.loan import Conventions, Event, Position, Terms, position
from kuanxian.simulate.books import Plan

PLAN = Plan(loans=6_000, years=3, seed=7, until_on=20_757)
EVERY = 3
"""Every third loan is replayed."""


class Lived(NamedTuple):
    """One loan of the book, as the kernel sees it."""

    terms: Terms
    conventions: Conventions
    events: list[Event]
    facts: dict[str, Any]
    """The other columns of the loan."""

    def at(self, day_on: int) -> Position:
        """Give its position."""
        return position(self.terms, self.conventions, self.events, as_of_on=day_on)


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a Parquet file as rows of integers and texts."""
    table = pq.read_table(path)
    columns = [
        column.cast(pa.int32()).fill_null(-1) if pa.types.is_date32(column.type) else column
        for column in table.columns
    ]
    found: list[dict[str, Any]] = pa.table(columns, names=table.column_names).to_pylist()
    return found


def read_lives(book: Book) -> list[Lived]:
    """Read every third loan of a book."""
    products = products_of(pq.read_table(book.file("products.parquet")))
    events: dict[int, list[Event]] = {}
    for row in rows(book.file("events.parquet")):
        loan_no = row.pop("loan_no")
        events.setdefault(loan_no, []).append(Event(**row))
    lives = []
    for row in rows(book.file("loans.parquet"))[::EVERY]:
        terms = Terms(*(row[name] for name in Terms._fields))
        lives.append(Lived(terms, products[row["product_no"]], events.get(row["loan_no"], []), row))
    return lives
