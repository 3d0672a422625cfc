"""Arrays: the columns of an Arrow table as integer arrays, made once each."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kuanxian.base.days import NO_DAY

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class Arrays:
    """The columns of a table, by name.

    Days are numbers, and a missing day is ``NO_DAY``.

    Args:
        table: Integer and date columns; others cannot be asked for.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._made: dict[str, npt.NDArray[Any]] = {}
        self.rows: int = table.num_rows

    def __getitem__(self, name: str) -> Ints:
        if name not in self._made:
            column = self._table.column(name)
            if pa.types.is_date32(column.type):
                column = column.cast(pa.int32()).fill_null(NO_DAY)
            self._made[name] = column.to_numpy()
        return self._made[name]

    def sum(self, names: Iterable[str]) -> Ints:
        """Add columns up, row by row, in int64."""
        total: Ints = np.zeros(self.rows, np.int64)
        for name in names:
            total += self[name]
        return total
