"""Ledger: rows and amounts in, taken and refused, each counted where it happens.

What came in is counted while the sources are read, what was taken while the book is
written, what was refused while the refusals are. The three are compared at the end.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kuanxian.base.errors import BookError
from kuanxian.intake.tally import FileTally
from kuanxian.loan.events import Kind

Ints = npt.NDArray[np.int64]


class Ledger:
    """Counts of one intake, by file and by what its rows became.

    A *line* is one thing the rows of a file become: its loans (line 0), or the events
    of one rule (line rule + 1).

    Args:
        files: How many files.
        rules: How many event rules the layout has.
    """

    def __init__(self, files: int, rules: int) -> None:
        shape = (files, rules + 1)
        self.given = np.zeros(shape, np.int64)
        self.given_fen = np.zeros(shape, np.int64)
        self.taken = np.zeros(shape, np.int64)
        self.taken_fen = np.zeros(shape, np.int64)
        self.refused = np.zeros(shape, np.int64)
        self.refused_fen = np.zeros(shape, np.int64)

    def count(self, what: str, files: Any, lines: Any, amounts: Any, undo: Any = None) -> None:
        """Count rows.

        Args:
            what: ``given``, ``taken`` or ``refused``.
            files: (n,) the file of each row.
            lines: (n,) its line.
            amounts: (n,) its amount, fen.
            undo: (n,) whether the amount was negative in the source.
        """
        at = (to_ints(files), to_ints(lines))
        amounts = to_ints(amounts)
        if undo is not None:
            amounts = np.where(np.asarray(undo), -amounts, amounts)
        np.add.at(getattr(self, what), at, 1)
        np.add.at(getattr(self, f"{what}_fen"), at, amounts)

    def check(self, tallies: list[FileTally]) -> None:
        """Make sure that nothing was lost on the way.

        Raises:
            BookError: It was: a defect of this program, and no book is made.
        """
        rows_even = all(t.rows == t.taken + t.refused for t in tallies)
        lines_even = (self.given == self.taken + self.refused).all()
        amounts_even = (self.given_fen == self.taken_fen + self.refused_fen).all()
        if not (rows_even and lines_even and amounts_even):
            raise BookError(
                "the book",
                "what came in is not what was taken and refused together",
                "This is a defect of kuanxian; please report it with the layout.",
            )

    def report(self, file_no: int, names: list[str]) -> dict[str, Any]:
        """Give a file's lines, for ``book.json``."""
        return {
            name: {
                "given": int(self.given[file_no, line]),
                "given_fen": int(self.given_fen[file_no, line]),
                "taken": int(self.taken[file_no, line]),
                "taken_fen": int(self.taken_fen[file_no, line]),
                "refused_later": int(self.refused[file_no, line]),
                "refused_later_fen": int(self.refused_fen[file_no, line]),
            }
            for line, name in enumerate(names)
            if self.given[file_no, line]
        }


def to_ints(column: Any) -> Ints:
    """Turn an Arrow or NumPy column into int64."""
    if isinstance(column, pa.ChunkedArray | pa.Array):
        return np.asarray(column.cast(pa.int64()))
    return np.asarray(column, np.int64)


def money_of(events: pa.Table) -> Ints:
    """Find the amounts of events; what a correction puts right may be a rate, a day or a number."""
    is_correction = to_ints(events["kind"]) == Kind.CORRECTION
    return np.where(is_correction, 0, to_ints(events["amount_fen"]))
