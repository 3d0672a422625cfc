"""Convert: the cells of a block to columns of integers and texts, row by row taken or not.

The first thing wrong with a row, in the order of the layout's columns, is its reason.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.base.days import NO_DAY
from kuanxian.intake.cellblock import CellBlock, CellColumn
from kuanxian.intake.formula import Values
from kuanxian.intake.layout import Column, FilePart
from kuanxian.intake.reasons import Reason
from kuanxian.intake.shown import show_cell

TEXT_BYTES_MAX = 128

Reasons = npt.NDArray[np.int16]


class Block:
    """Converted rows of one source.

    Attributes:
        rows: How many there are.
        texts: Text columns; "" where there is no value.
        values: Number and date columns.
        reasons: (rows,) why a row is refused; 0: it is not.
        where: (rows,) which of ``places`` is to blame.
        places: Names of columns a refusal can point at.
        sources: The header of each column, by our name for it.
        details: What to say of a refused row, by row.
    """

    def __init__(self, rows: int, verdicts: Reasons) -> None:
        self.rows = rows
        self.texts: dict[str, pa.Array] = {}
        self.values: dict[str, Values] = {}
        self.reasons: Reasons = verdicts.copy()
        self.where: Reasons = np.zeros(rows, np.int16)
        self.places: list[str] = [""]
        self.sources: dict[str, str] = {}
        self.details: dict[int, str] = {}
        self.sums: dict[str, ColumnSum] = {}

    def refuse(self, mask: Any, reason: Any, place: str, detail: str = "") -> None:
        """Refuse the rows of a mask that are not refused yet.

        Args:
            mask: (rows,) which.
            reason: A ``Reason``, or one for each row.
            place: The column to blame, by our name for it.
            detail: What to say, the same for all.
        """
        rows = np.flatnonzero(mask & (self.reasons == 0))
        if len(rows) == 0:
            return
        place = self.sources.get(place, place)
        if place not in self.places:
            self.places.append(place)
        self.where[rows] = self.places.index(place)
        self.reasons[rows] = (
            reason if np.isscalar(reason) or isinstance(reason, int) else reason[rows]
        )
        if detail:
            self.details.update(dict.fromkeys(rows.tolist(), detail))


class ColumnSum:
    """What a column of amounts comes to, as it is written in the source.

    Attributes:
        sum_fen: Of all cells that could be read.
        refused_fen: Of those in rows that were refused while the source was read.
        rounded_ufen: What rounding took off them, millionths of a fen.
        rounded: How many cells were rounded.
        unreadable: How many cells could not be read.
    """

    def __init__(self) -> None:
        self.sum_fen = 0
        self.refused_fen = 0
        self.rounded_ufen = 0
        self.rounded = 0
        self.unreadable = 0

    def add(self, other: "ColumnSum") -> None:
        """Add another part of the same column."""
        self.sum_fen += other.sum_fen
        self.refused_fen += other.refused_fen
        self.rounded_ufen += other.rounded_ufen
        self.rounded += other.rounded
        self.unreadable += other.unreadable


def convert(cells: CellBlock, part: FilePart, loops: SimpleNamespace) -> Block:
    """Read every cell of a block that the layout names.

    Args:
        cells: The block.
        part: The part of the layout.
        loops: The byte loops, plain or compiled.
    """
    block = Block(cells.rows, cells.verdicts)
    block.sources = {column.name: str(column.source) for column in part.columns}
    for column in part.columns:
        found = cells.columns.get(column.name)
        if found is None:
            _fill_absent(block, column)
        elif column.what == "text":
            _read_text(block, column, found, cells.doubled, loops)
        elif column.codes is not None:
            _read_codes(block, column, found, cells.doubled, loops)
        elif column.what == "date":
            _read_dates(block, column, found, loops)
        else:
            _read_numbers(block, column, found, loops)
    return block


def _fill_absent(block: Block, column: Column) -> None:
    if column.what == "text":
        block.texts[column.name] = pa.array([""] * block.rows, pa.string())
        return
    default = NO_DAY if column.what == "date" else 0
    none = np.zeros(block.rows, np.bool_)
    block.values[column.name] = Values(np.full(block.rows, default, np.int64), none, none.copy())


def _read_text(
    block: Block, column: Column, found: CellColumn, doubled: Any, loops: SimpleNamespace
) -> None:
    text, reasons = gather_text(found, doubled, loops)
    if found.flaws is not None:
        reasons = np.where(found.flaws != 0, found.flaws, reasons)
    if column.empties:
        nothing = pc.is_in(text, value_set=pa.array(column.empties, pa.string()))
        if pc.any(nothing).as_py():
            text = pc.if_else(nothing, "", text)
            reasons[np.asarray(nothing)] = Reason.EMPTY_CELL
    block.texts[column.name] = text
    _refuse_cells(block, column, found, reasons, shown=False)


def gather_text(
    found: CellColumn, doubled: Any, loops: SimpleNamespace
) -> tuple[pa.Array, Reasons]:
    """Collect a column's texts, without blanks around them, and what is wrong with each."""
    rows = len(found.starts)
    starts, ends = found.starts.copy(), found.ends.copy()
    offsets = np.zeros(rows + 1, np.int32)
    data = loops.view(found.data)
    size = loops.measure_cells(data, starts, ends, offsets)
    text = np.zeros(size, np.uint8)
    loops.copy_cells(data, starts, ends, offsets, text)
    reasons = np.zeros(rows, np.int16)
    loops.find_bad_text(loops.view(text), offsets, TEXT_BYTES_MAX, reasons)
    array = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(text))
    if doubled.any():
        single = pc.replace_substring(array, '""', '"')
        array = pc.if_else(pa.array(doubled), single, array)
    return array, reasons


def _read_codes(
    block: Block, column: Column, found: CellColumn, doubled: Any, loops: SimpleNamespace
) -> None:
    text, reasons = gather_text(found, doubled, loops)
    codes = column.codes or {}
    keys = pa.array([key.lower() for key in codes], pa.string())
    index = pc.index_in(pc.utf8_lower(text), value_set=keys)
    meanings = np.array([*codes.values(), 0], np.int64)
    place = np.asarray(pc.fill_null(index, len(codes)))
    known = np.asarray(index.is_valid())
    nothing = np.asarray(pc.is_in(text, value_set=pa.array(["", *column.empties])))
    reasons[(reasons == 0) & ~known] = Reason.UNKNOWN_CODE
    reasons[nothing & ~known] = Reason.EMPTY_CELL
    block.values[column.name] = Values(meanings[place], known, np.zeros(block.rows, np.bool_))
    _refuse_cells(block, column, found, reasons, shown=True)


def _read_numbers(block: Block, column: Column, found: CellColumn, loops: SimpleNamespace) -> None:
    values = np.zeros(block.rows, np.int64)
    lefts = np.zeros(block.rows, np.int64)
    reasons = np.zeros(block.rows, np.int16)
    form = (column.power, column.thousands, column.style | found.style, column.rounding)
    loops.read_numbers(
        _cells(found, loops), form, _joined(column.empties, loops), (values, lefts, reasons)
    )
    if column.name.endswith("_fen"):
        block.sums[column.name] = _sum_up(values, lefts, reasons)
    if not column.signed:
        reasons[(reasons == 0) & (values < 0)] = Reason.NEGATIVE
    block.values[column.name] = Values(values, reasons == 0, np.zeros(block.rows, np.bool_))
    _refuse_cells(block, column, found, reasons, shown=True)


def _sum_up(values: Any, lefts: Any, reasons: Reasons) -> ColumnSum:
    total = ColumnSum()
    total.sum_fen = int(values.sum())
    total.rounded_ufen = int(lefts.sum())
    total.rounded = int(np.count_nonzero(lefts))
    total.unreadable = int(np.count_nonzero((reasons != 0) & (reasons != Reason.EMPTY_CELL)))
    return total


def _read_dates(block: Block, column: Column, found: CellColumn, loops: SimpleNamespace) -> None:
    values = np.zeros(block.rows, np.int64)
    reasons = np.zeros(block.rows, np.int16)
    forms = _joined(column.forms, loops)
    loops.read_dates(_cells(found, loops), forms, _joined(column.empties, loops), (values, reasons))
    block.values[column.name] = Values(values, reasons == 0, np.zeros(block.rows, np.bool_))
    _refuse_cells(block, column, found, reasons, shown=True)


def _refuse_cells(
    block: Block, column: Column, found: CellColumn, reasons: Reasons, *, shown: bool
) -> None:
    """Refuse the rows whose cell would not go; an empty cell may be allowed."""
    bad = reasons != 0
    if column.optional:
        bad &= reasons != Reason.EMPTY_CELL
    bad &= block.reasons == 0
    if not bad.any():
        return
    block.refuse(bad, reasons, column.name)
    if shown:
        for row in np.flatnonzero(bad):
            block.details[int(row)] = show_cell(found.text(int(row)))


def _cells(found: CellColumn, loops: SimpleNamespace) -> tuple[Any, Any, Any]:
    return loops.view(found.data), found.starts, found.ends


def _joined(texts: tuple[str, ...], loops: SimpleNamespace) -> tuple[Any, Any]:
    """Lay texts end to end; say where each ends."""
    encoded = [text.encode() for text in texts if text]
    marks = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    return loops.view(np.frombuffer(b"".join(encoded), np.uint8)), marks
