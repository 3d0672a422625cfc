"""Ledger: collects what happens to a slice of loans and puts it in order.

Entries come in as arrays, a kind at a time. A column that a kind does not use is not
written until the end. ``seq`` is given when everything is known, so an entry that refers
to another one does so by its number in the ledger until then.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from kuanxian.base.days import NO_DAY
from kuanxian.intake.tables import EVENT_SCHEMA
from kuanxian.loan.events import Event, Kind
from kuanxian.simulate.draws import Ints

NO_ENTRY: Final = -1
_DAY_BITS: Final = 17
_DEFAULTS: Final = dict.fromkeys(Event._fields, 0) | {
    "until_on": NO_DAY,
    "recorded_on": NO_DAY,
    "ref_seq": NO_ENTRY,
}
_ALWAYS: Final = ("kind", "value_on", "amount_fen")


class Ledger:
    """What happened to a slice of loans."""

    def __init__(self) -> None:
        self._rows: list[Ints] = []
        self._always: dict[str, list[Ints]] = {name: [] for name in _ALWAYS}
        self._others: dict[str, list[tuple[int, Ints]]] = {}
        self._count = 0

    def note(self, row: Ints, kind: Kind, value_on: Ints, **columns: Ints) -> Ints:
        """Write entries of one kind.

        Args:
            row: (n,) place of each loan in the slice.
            kind: What happened.
            value_on: (n,) the day each counts from.
            **columns: Other fields of ``Event``, (n,) each; ``ref_seq`` holds ledger
                numbers.

        Returns:
            (n,) the ledger numbers of the entries.
        """
        start, count = self._count, len(row)
        self._count += count
        self._rows.append(row)
        amount_fen = columns.pop("amount_fen", None)
        zeros = np.zeros(count, np.int64)
        self._always["kind"].append(zeros + int(kind))
        self._always["value_on"].append(value_on)
        self._always["amount_fen"].append(zeros if amount_fen is None else amount_fen)
        for name, column in columns.items():
            self._others.setdefault(name, []).append((start, column))
        return np.arange(start, start + count, dtype=np.int64)

    def table(self, first_loan_no: int, until_on: int) -> pa.Table:
        """Give the entries up to a day as events, sorted and numbered.

        Args:
            first_loan_no: The number of the loan in row 0.
            until_on: Entries that count from a later day are left out.
        """
        if not self._rows:
            return EVENT_SCHEMA.empty_table()
        row, value_on = np.concatenate(self._rows), np.concatenate(self._always["value_on"])
        order = np.argsort((row << _DAY_BITS) | value_on, kind="stable")
        order = order[value_on[order] <= until_on]
        row = row[order]
        starts = np.searchsorted(row, row, side="left")
        seq = np.arange(1, len(row) + 1, dtype=np.int64) - starts
        columns = {"loan_no": row + first_loan_no, "seq": seq}
        for name in Event._fields[1:]:
            columns[name] = self._column(name)[order]
        columns["ref_seq"] = self._seq_of(columns["ref_seq"], order, seq)
        return events_table(columns)

    def _column(self, name: str) -> Ints:
        if name in self._always:
            return np.concatenate(self._always[name])
        column = np.full(self._count, _DEFAULTS[name], np.int64)
        for start, part in self._others.get(name, []):
            column[start : start + len(part)] = part
        return column

    def _seq_of(self, entry: Ints, order: Ints, seq: Ints) -> Ints:
        """Turn ledger numbers into sequence numbers."""
        numbers = np.zeros(self._count + 1, np.int64)
        numbers[order] = seq
        numbers[NO_ENTRY] = 0
        return numbers[entry]


def events_table(columns: dict[str, Ints]) -> pa.Table:
    """Turn columns of integers into a table of events; ``NO_DAY`` becomes null.

    Example:
        >>> columns = {name: np.array([1]) for name in EVENT_SCHEMA.names}
        >>> columns["until_on"] = np.array([NO_DAY])
        >>> events_table(columns)["until_on"].null_count
        1
    """
    arrays = [arrow_column(columns[field.name], field.type) for field in EVENT_SCHEMA]
    return pa.Table.from_arrays(arrays, schema=EVENT_SCHEMA)


def arrow_column(column: Ints, kind: pa.DataType) -> pa.Array:
    """Turn integers into an Arrow column; in a column of days ``NO_DAY`` becomes null."""
    if not pa.types.is_date32(kind):
        return pa.array(column.astype(kind.to_pandas_dtype(), copy=False))
    days = column.astype(np.int32)
    missing = days == NO_DAY
    return pa.array(days, mask=missing if missing.any() else None).cast(kind)
