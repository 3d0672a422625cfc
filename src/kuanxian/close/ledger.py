"""Ledger: the positions of a finished close, asked one debt at a time.

A figure of an evening is good for that day and the next, until the next close; after that
nothing is known, and a message that would name an amount is not sent.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kuanxian.base.days import NO_DAY, day_number
from kuanxian.base.errors import CloseError
from kuanxian.close.order import read_manifest
from kuanxian.loan.position import Position

GOOD_DAYS: Final = 1
"""So many days after its own a close is still believed."""


class CloseLedger:
    """Says where a debt stood at the last close. A debt's id is the book's loan id.

    Attributes:
        as_of_on: Of which day every figure is, also one that is asked for on the day after.
    """

    def __init__(self, folder: Path) -> None:
        """Open a close.

        Raises:
            CloseError: It is no finished close, or its positions cannot be read.
        """
        self.as_of_on = day_number(date.fromisoformat(read_manifest(folder)["inputs"]["as_of"]))
        try:
            self._rows = pq.read_table(
                folder / "positions.parquet", columns=["loan_id", *Position._fields]
            )
        except (OSError, pa.ArrowInvalid):
            raise CloseError(
                "positions.parquet", "cannot be read", "Close the day again."
            ) from None
        self._ids = self._rows.column("loan_id").combine_chunks()
        self._known: dict[str, Position | None] = {}

    def remember(self, debt_ids: Sequence[str]) -> None:
        """Find many debts at once: each one on its own is a walk through the whole close."""
        places = pc.index_in(pa.array(debt_ids, self._ids.type), value_set=self._ids)
        found = self._rows.take(places.drop_null()).to_pylist()
        self._known.update(dict.fromkeys(debt_ids))
        self._known.update((row["loan_id"], _position(row)) for row in found)

    def __call__(self, debt_id: str, day_on: int) -> Position | None:
        """Give the position of a debt, or None where it is not known for that day."""
        if not self.as_of_on <= day_on <= self.as_of_on + GOOD_DAYS:
            return None
        if debt_id not in self._known:
            self.remember([debt_id])
        return self._known[debt_id]

    def stood_on(self, day_on: int) -> int:
        """Say of which day the figures are that it gives for a day: never of a later one."""
        return min(day_on, self.as_of_on)


def _position(row: Mapping[str, Any]) -> Position:
    return Position(**{name: _whole(row[name]) for name in Position._fields})


def _whole(value: int | date | None) -> int:
    if value is None:
        return NO_DAY
    return day_number(value) if isinstance(value, date) else value
