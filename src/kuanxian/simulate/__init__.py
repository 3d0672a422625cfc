"""A lender's life from a seed: whole books, and single loans of any kind.

::

    from kuanxian import simulate

    simulate.life(7)                                  # one loan, any settings
    simulate.book(folder, loans=1_000, years=2, seed=7, until_on=20_757)  # a folder
"""

from pathlib import Path
from typing import Any

from kuanxian.simulate.lives import Life, life

__all__ = ["Life", "book", "life"]


def book(out: Path, **choices: Any) -> Any:
    """Write a book; see ``kuanxian.simulate.books.book``, which this loads when called."""
    from kuanxian.simulate.books import book as write

    return write(out, **choices)
