"""Own form: a book written back as the files the layout ``kuanxian`` reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from kuanxian.base.days import NO_DAY, date_of
from kuanxian.intake.book import Book
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Terms

_BATCH_ROWS: Final = 131_072


def write_own_form(book: Book, folder: Path) -> list[Path]:
    """Write a book as three CSV files.

    Events get their number within the loan as ``event_id``, so that reversals find them.

    Args:
        book: The book.
        folder: Where to; made if it is not there.

    Returns:
        ``products.csv``, ``loans.csv`` and ``events.csv``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    products = pq.read_table(book.file("products.parquet"))
    pcsv.write_csv(products.drop_columns(["product_no"]), folder / "products.csv")
    names = pq.read_table(book.file("loans.parquet"), columns=["loan_id"])["loan_id"]
    product_ids = products["product_id"]
    _rewrite(book.file("loans.parquet"), folder / "loans.csv", lambda t: _loans(t, product_ids))
    _rewrite(book.file("events.parquet"), folder / "events.csv", lambda t: _events(t, names))
    return [folder / name for name in ("products.csv", "loans.csv", "events.csv")]


def _loans(table: pa.Table, product_ids: pa.ChunkedArray) -> pa.Table:
    ids = product_ids.take(table["product_no"])
    return table.append_column("product_id", ids).drop_columns(["loan_no", "product_no"])


def _events(table: pa.Table, loan_ids: pa.ChunkedArray) -> pa.Table:
    is_reversal = pc.equal(table["kind"], int(Kind.REVERSAL))
    reversed_ids = pc.if_else(is_reversal, table["ref_seq"].cast(pa.string()), "")
    table = table.add_column(0, "loan_id", loan_ids.take(table["loan_no"]))
    table = table.append_column("event_id", table["seq"].cast(pa.string()))
    table = table.append_column("reverses_id", reversed_ids)
    return _name_fields(table).drop_columns(["loan_no", "seq", "ref_seq"])


def _name_fields(table: pa.Table) -> pa.Table:
    """Write corrections in words: which figure of the terms, and what belongs there."""
    is_correction = pc.equal(table["kind"], int(Kind.CORRECTION))
    words = [("", "")] * table.num_rows
    for row in np.flatnonzero(is_correction).tolist():
        name = Terms._fields[table["part"][row].as_py()]
        words[row] = (name, _word(name, table["amount_fen"][row].as_py()))
    for name in ("part", "amount_fen"):
        plain = pc.if_else(is_correction, pa.scalar(0, table.schema.field(name).type), table[name])
        table = table.set_column(table.column_names.index(name), name, plain)
    for place, name in enumerate(("field", "value")):
        table = table.append_column(name, pa.array([pair[place] for pair in words], pa.string()))
    return table


def _word(name: str, value: int) -> str:
    if not name.endswith("_on"):
        return str(value)
    return "" if value == NO_DAY else date_of(value).isoformat()


def _rewrite(source: Path, target: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Stream a Parquet file into a CSV file, changing each batch."""
    with pq.ParquetFile(source) as file:
        schema = change(file.schema_arrow.empty_table()).schema
        with pcsv.CSVWriter(target, schema) as writer:
            for batch in file.iter_batches(_BATCH_ROWS):
                writer.write_table(change(pa.Table.from_batches([batch])))
