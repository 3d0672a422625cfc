"""Compile the kernel before the tests: ``python tools/compile_kernel.py``.

Compiling takes a minute or two, once for the close and once for the trace. Workers of the tests
that meet an empty cache at the same time would each do it; here it is done once, both side by side.
What is compiled already is only loaded.
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq

from kuanxian import simulate
from kuanxian.base.days import day_of
from kuanxian.intake.book import open_book
from kuanxian.loan import Policy
from kuanxian.state.batch import positions
from kuanxian.state.local import read_slices
from kuanxian.state.traced import traces

AS_OF_ON = day_of(2026, 6, 30)


def close(book: Path) -> None:
    """Close a book: the kernel without its trace."""
    products = pq.read_table(book / "products.parquet")
    for piece in read_slices(open_book(book)):
        positions(
            piece.loans,
            products,
            piece.events,
            as_of_on=AS_OF_ON,
            period_from_on=AS_OF_ON - 29,
            policy=Policy(),
        )


def trace(book: Path) -> None:
    """Trace a book: the kernel with its trace."""
    products = pq.read_table(book / "products.parquet")
    for piece in read_slices(open_book(book)):
        traces(piece.loans, products, piece.events, as_of_on=AS_OF_ON)


def main() -> None:
    """Run both on a book of a few loans."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        simulate.book(book, loans=50, years=1, seed=1, until_on=AS_OF_ON)
        with ProcessPoolExecutor(2) as pool:
            for done in [pool.submit(close, book), pool.submit(trace, book)]:
                done.result()


if __name__ == "__main__":
    main()
