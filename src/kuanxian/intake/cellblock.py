"""Cell block: some rows of a source, as places in bytes, before anything is read."""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.base.errors import SourceError
from kuanxian.intake.cells import BINARY
from kuanxian.intake.layout import Column
from kuanxian.intake.reasons import Reason

BLOCK_ROWS: Final = 65_536
"""How many rows a reader gives at a time."""
_NUMBER_EXACT: Final = 10**15

Places = npt.NDArray[np.int32]


class CellColumn(NamedTuple):
    """The cells of one column."""

    data: npt.NDArray[np.uint8]
    """The bytes they lie in, UTF-8."""
    starts: Places
    ends: Places
    """Exclusive; not above ``starts`` where there is no value."""
    style: int = 0
    """``BINARY`` where the texts were binary numbers."""
    flaws: npt.NDArray[np.int16] | None = None
    """(rows,) why a cell cannot be a text, though it may be a figure: a ``Reason``."""

    def text(self, row: int) -> str:
        """Give the text of one cell."""
        cell = bytes(self.data[self.starts[row] : max(self.starts[row], self.ends[row])])
        return cell.decode("utf-8", "replace")


class CellBlock(NamedTuple):
    """Some rows of a source."""

    rows: int
    verdicts: npt.NDArray[np.int16]
    """(rows,) what is wrong with a row as a whole: a ``Reason``."""
    columns: dict[str, CellColumn]
    """By our name; a column the source lacks is not there."""
    doubled: npt.NDArray[np.bool_]
    """(rows,) whether some cell has doubled quotes to be made single."""


class Reader(Protocol):
    """Reads one source in blocks.

    ``blocks`` reads from the disk, in order, and is cheap; ``cells`` does the work and
    may run in any thread.
    """

    facts: dict[str, Any]
    """How the source was found to be written; goes into ``book.json``."""

    def blocks(self) -> Any:
        """Iterate over the blocks, in order."""

    def cells(self, block: Any) -> CellBlock:
        """Find the cells of a block."""


def block_of_arrays(
    columns: tuple[Column, ...], arrays: dict[str, pa.Array], rows: int
) -> CellBlock:
    """Make a block of Arrow columns of any type.

    Args:
        columns: The columns of the layout.
        arrays: By our name; each of ``rows`` values.
        rows: How many rows.
    """
    found = {
        column.name: _cells_of(arrays[column.name]) for column in columns if column.name in arrays
    }
    return CellBlock(rows, np.zeros(rows, np.int16), found, np.zeros(rows, np.bool_))


def _cells_of(array: pa.Array) -> CellColumn:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    style = BINARY if pa.types.is_floating(array.type) else 0
    text = array if pa.types.is_string(array.type) else _to_text(array)
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        text = _decoded(text)
    _, offsets, data = text.buffers()
    if len(text) == 0:
        nothing = np.zeros(0, np.int32)
        return CellColumn(np.zeros(0, np.uint8), nothing, nothing, style)
    ends = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    bytes_ = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    starts = ends[:-1].copy()
    stops = np.where(np.asarray(text.is_valid()), ends[1:], starts)
    return CellColumn(bytes_, starts, stops.astype(np.int32), style, _flaws_of(array))


def _flaws_of(array: pa.Array) -> npt.NDArray[np.int16] | None:
    """Find what cannot be a text: no plain value, or a number that may have lost digits."""
    if pa.types.is_boolean(array.type) or pa.types.is_nested(array.type):
        return np.where(np.asarray(array.is_valid()), Reason.NOT_TEXT, 0).astype(np.int16)
    if not pa.types.is_floating(array.type):
        return None
    numbers = array.to_numpy(zero_copy_only=False)
    inexact = ~(np.abs(numbers) < 2 ** (np.finfo(numbers.dtype).nmant + 1))
    flaws = np.where(np.isfinite(numbers), Reason.NUMBER_AS_TEXT, Reason.NOT_FINITE)
    return np.where(inexact & np.asarray(array.is_valid()), flaws, 0).astype(np.int16)


def _to_text(array: pa.Array) -> pa.Array:
    """Write any value as text; a type that is no plain value becomes text that is refused."""
    kind = array.type
    if pa.types.is_floating(kind):
        return _floats_to_text(array)
    if pa.types.is_boolean(kind) or pa.types.is_nested(kind) or pa.types.is_null(kind):
        return pa.array([None if v is None else repr(v) for v in array.to_pylist()], pa.string())
    try:
        if pa.types.is_timestamp(kind):
            local = pc.local_timestamp(array) if kind.tz else array
            array = local.cast(pa.timestamp("us"), safe=False)
        return array.cast(pa.string())
    except pa.ArrowException:
        return _decoded(array)


def _decoded(array: pa.Array) -> pa.Array:
    """Read bytes as UTF-8; what is none, and what is not even bytes, is refused as unreadable."""
    try:
        raw = array.cast(pa.binary()).to_pylist()
    except pa.ArrowException:
        raw = [b"\xff" if valid else None for valid in array.is_valid().to_pylist()]
    texts = [None if value is None else value.decode("utf-8", "replace") for value in raw]
    return pa.array(texts, pa.string())


def _floats_to_text(array: pa.Array) -> pa.Array:
    """Write binary numbers in their shortest decimal form, without exponent."""
    text = array.cast(pa.string())
    if not pc.any(pc.match_substring(text, "e")).as_py():
        return text
    texts = [
        format(Decimal(text), "f") if text is not None and "e" in text else text
        for text in text.to_pylist()
    ]
    return pa.array(texts, pa.string())


def flaw_of_number(value: Any) -> Reason:
    """Say why a value cannot be a text. A workbook keeps the first 15 digits of a number."""
    if isinstance(value, bool | list | dict):
        return Reason.NOT_TEXT
    if not isinstance(value, float):
        return Reason.NONE
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return Reason.NOT_FINITE
    return Reason.NUMBER_AS_TEXT if abs(exact) >= _NUMBER_EXACT else Reason.NONE


def with_flaws(cells: CellBlock, flaws: dict[str, list[Reason]]) -> CellBlock:
    """Note why cells of a column cannot be texts."""
    found = {
        name: cells.columns[name]._replace(flaws=np.array(reasons, np.int16))
        for name, reasons in flaws.items()
    }
    return cells._replace(columns={**cells.columns, **found})


def damaged(path: Path, what: str) -> SourceError:
    """Make the error for a file that is not what its name says."""
    return SourceError(
        path.name,
        f"the file cannot be read as {what}",
        "It may be cut off, damaged, or of another format; get it again from the lender.",
    )
