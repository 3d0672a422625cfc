"""Columnar: Parquet, JSON lines and Excel workbooks, a block at a time."""

import datetime
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.errors import SourceError
from kuanxian.intake.cellblock import CellBlock, block_of_arrays
from kuanxian.intake.cells import BINARY
from kuanxian.intake.layout import Column, FilePart
from kuanxian.intake.lines import LINE_BYTES_MAX
from kuanxian.intake.reasons import Reason

_BLOCK_ROWS: Final = 65_536
_BLOCK_BYTES: Final = 16_777_216
_HEAD_LINES: Final = 100
_TOO_LONG: Final = b"\0too long"
"""Stands for a line that is longer than any record; it is no JSON."""
_WORKBOOK_EXACT: Final = 10**15
Pairs = Callable[[list[tuple[str, Any]]], dict[str, Any]]


class ParquetReader:
    """Reads a Parquet file. Column types do not matter: each value is read as its text.

    Args:
        path: The file.
        part: The part of the layout it is.
        columns: For each column of the layout that is there, its name in the file.
    """

    def __init__(self, path: Path, part: FilePart, columns: dict[str, str]) -> None:
        self._path = path
        self._part = part
        self._columns = columns
        self.facts: dict[str, Any] = {"format": "parquet"}

    def blocks(self) -> Iterator[pa.RecordBatch]:
        """Iterate over batches of rows.

        Raises:
            SourceError: The file is cut off or damaged.
        """
        names = list(dict.fromkeys(self._columns.values()))
        try:
            with pq.ParquetFile(self._path) as file:
                yield from file.iter_batches(_BLOCK_ROWS, columns=names, use_threads=False)
        except (OSError, pa.ArrowException) as error:
            raise damaged(self._path, "Parquet") from error

    def cells(self, block: pa.RecordBatch) -> CellBlock:
        """Find the cells of a batch."""
        arrays = {name: block.column(source) for name, source in self._columns.items()}
        return block_of_arrays(self._part.columns, arrays, block.num_rows)


def parquet_header(path: Path) -> list[str]:
    """Name the columns of a Parquet file.

    Raises:
        SourceError: It is not a Parquet file, or is cut off.
    """
    try:
        return list(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, "Parquet") from error


def parquet_sample(path: Path, rows: int = 100) -> list[list[str]]:
    """Read the first rows of a Parquet file as text; none where it is damaged."""
    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(batch_size=rows), None)
    except (OSError, pa.ArrowException):
        return []
    if batch is None:
        return []
    return [list(row) for row in zip(*map(_shown, batch.columns), strict=True)]


def _shown(column: pa.Array) -> list[str]:
    try:
        return ["" if cell is None else str(cell) for cell in column.to_pylist()]
    except (ValueError, OverflowError):  # a time that Python has no word for is no name
        return [""] * len(column)


class JsonLinesReader:
    """Reads a JSON lines file: one object a line; a key that is missing is an empty cell.

    Numbers are taken as they are written, digit by digit.
    """

    def __init__(self, path: Path, part: FilePart) -> None:
        self._path = path
        self._part = part
        self._known = {str(column.source) for column in part.columns}
        self.facts: dict[str, Any] = {"format": "jsonl", "encoding": "utf-8", "blank_lines": 0}

    def blocks(self) -> Iterator[list[bytes]]:
        """Iterate over lists of lines."""
        for lines in _line_lists(self._path):
            whole = [line for line in lines if line.strip()]
            self.facts["blank_lines"] += len(lines) - len(whole)
            if whole:
                yield whole

    def cells(self, block: list[bytes]) -> CellBlock:
        """Find the cells of some lines."""
        records = [_read_object(line, _without_twins) for line in block]
        arrays = {
            column.name: pa.array(
                [_plain_text(record.get(str(column.source))) for record in records], pa.string()
            )
            for column in self._part.columns
        }
        cells = block_of_arrays(self._part.columns, arrays, len(block))
        flaws = {
            column.name: [_flaw_of(record.get(str(column.source))) for record in records]
            for column in self._part.columns
            if column.what == "text"
        }
        verdicts = [
            Reason.LINE_TOO_LONG if line.startswith(_TOO_LONG) else self._judge(record)
            for line, record in zip(block, records, strict=True)
        ]
        return _with_flaws(cells, flaws)._replace(verdicts=np.array(verdicts, np.int16))

    def _judge(self, record: dict[str, Any]) -> Reason:
        """Say what is wrong with a line as a whole; an empty one stands for no record."""
        if not record:
            return Reason.NOT_A_RECORD
        if self._part.others == "refuse" and not record.keys() <= self._known:
            return Reason.UNKNOWN_COLUMN
        return Reason.NONE


def _line_lists(path: Path) -> Iterator[list[bytes]]:
    with path.open("rb") as stream:
        lines: list[bytes] = []
        size = 0
        while line := stream.readline(LINE_BYTES_MAX):
            while not line.endswith(b"\n") and (rest := stream.readline(LINE_BYTES_MAX)):
                line = _TOO_LONG + rest[-1:]
            lines.append(line.removeprefix(b"\xef\xbb\xbf"))
            size += len(line)
            if len(lines) == _BLOCK_ROWS or size > _BLOCK_BYTES:
                yield lines
                lines, size = [], 0
        yield lines


def _read_object(line: bytes, pairs: Pairs) -> dict[str, Any]:
    try:
        value = json.loads(
            line, parse_float=str, parse_int=str, parse_constant=float, object_pairs_hook=pairs
        )
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs; a key that stands twice has no one value."""
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError
    return record


def json_header(path: Path) -> tuple[list[str], set[str]]:
    """Name the keys of the first lines of a JSON lines file; a bad line costs only itself.

    Returns:
        The keys that any of them has, and those that all have.

    Raises:
        SourceError: None of the first lines is a JSON object.
    """
    lines = (line for block in _line_lists(path) for line in block if line.strip())
    first = list(islice(lines, _HEAD_LINES))
    if not first:
        raise SourceError(path.name, "the file is empty")
    # A key given twice costs the row, not the file.
    records = [record for line in first if (record := _read_object(line, dict))]
    if not records:
        raise SourceError(
            path.name,
            f"none of the first {len(first)} lines is a JSON object",
            "A JSON lines file has one object a line, in UTF-8.",
        )
    keys = list(dict.fromkeys(key for record in records for key in record))
    return keys, set(keys).intersection(*records)


def _plain_text(value: Any) -> str | None:
    """Write a value as text; what is no plain value becomes text that is refused."""
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    # A lone surrogate is no text; the decoder's mark U+FFFD stands for it, which is refused.
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


class WorkbookReader:
    """Reads one sheet of an Excel workbook.

    Args:
        path: The file.
        part: The part of the layout it is.
        columns: For each column of the layout that is there, its place in a row.
    """

    def __init__(self, path: Path, part: FilePart, columns: dict[str, int]) -> None:
        self._path = path
        self._part = part
        self._columns = columns
        self.facts: dict[str, Any] = {"format": "xlsx", "blank_lines": 0}

    def blocks(self) -> Iterator[list[list[Any]]]:
        """Iterate over lists of rows."""
        rows = read_sheet(self._path, self._part.sheet)[int(self._part.header) :]
        whole = [row for row in rows if any(cell != "" for cell in row)]
        self.facts["blank_lines"] += len(rows) - len(whole)
        for start in range(0, len(whole), _BLOCK_ROWS):
            yield whole[start : start + _BLOCK_ROWS]

    def cells(self, block: list[list[Any]]) -> CellBlock:
        """Find the cells of some rows."""
        arrays = {
            column.name: pa.array(
                [_sheet_text(row[self._columns[column.name]], column) for row in block],
                pa.string(),
            )
            for column in self._part.columns
            if column.name in self._columns
        }
        cells = block_of_arrays(self._part.columns, arrays, len(block))
        # Which cells were numbers is not kept apart: every cell is read as one.
        columns = {name: cell._replace(style=BINARY) for name, cell in cells.columns.items()}
        flaws = {
            column.name: [_flaw_of(row[self._columns[column.name]]) for row in block]
            for column in self._part.columns
            if column.what == "text" and column.name in self._columns
        }
        return _with_flaws(cells._replace(columns=columns), flaws)


def read_sheet(path: Path, sheet: str) -> list[list[Any]]:
    """Read a sheet of a workbook; the first one where none is named.

    Raises:
        SourceError: It is not a workbook, or has no such sheet.
    """
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        name = sheet or workbook.sheet_names[0]
        rows: list[list[Any]] = workbook.get_sheet_by_name(name).to_python()
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise damaged(
            path, f"an Excel workbook with the sheet {sheet!r}" if sheet else "Excel"
        ) from error
    return rows


def _flaw_of(value: Any) -> Reason:
    """Say why a value cannot be a text. A workbook keeps the first 15 digits of a number."""
    if isinstance(value, bool | list | dict):
        return Reason.NOT_TEXT
    if not isinstance(value, float):
        return Reason.NONE
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return Reason.NOT_FINITE
    return Reason.NUMBER_AS_TEXT if abs(exact) >= _WORKBOOK_EXACT else Reason.NONE


def _with_flaws(cells: CellBlock, flaws: dict[str, list[Reason]]) -> CellBlock:
    found = {
        name: cells.columns[name]._replace(flaws=np.array(reasons, np.int16))
        for name, reasons in flaws.items()
    }
    return cells._replace(columns={**cells.columns, **found})


def _sheet_text(value: Any, column: Column) -> str:
    """Write a cell as text, a date in the column's first form."""
    if isinstance(value, float):
        # A workbook keeps every number as a float; a whole one is written as the digits seen.
        exact = Decimal(repr(value))
        return format(exact, "f").removesuffix(".0") if exact.is_finite() else repr(value)
    if isinstance(value, datetime.date) and column.forms:
        return _date_text(value, column.forms[0])
    return str(value)


def _date_text(value: datetime.date, form: str) -> str:
    """Write a date in a form, as ``read_date`` reads it."""
    clock = ("00", "00", "00")
    if isinstance(value, datetime.datetime):
        clock = (f"{value.hour:02d}", f"{value.minute:02d}", f"{value.second:02d}")
    month, day = f"{value.month:02d}", f"{value.day:02d}"
    parts = {"YYYY": f"{value.year:04d}", "hh": clock[0], "mm": clock[1], "ss": clock[2]}
    parts |= {"MM": month, "M": month, "DD": day, "D": day, "*": ""}
    for token, text in parts.items():
        form = form.replace(token, text)
    return form


def damaged(path: Path, what: str) -> SourceError:
    """Make the error for a file that is not what its name says."""
    return SourceError(
        path.name,
        f"the file cannot be read as {what}",
        "It may be cut off, damaged, or of another format; get it again from the lender.",
    )
