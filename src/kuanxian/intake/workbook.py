"""Workbook: one sheet of an Excel file."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from kuanxian.intake.cellblock import (
    BLOCK_ROWS,
    CellBlock,
    block_of_arrays,
    damaged,
    flaw_of_number,
    with_flaws,
)
from kuanxian.intake.cells import BINARY
from kuanxian.intake.layout import Column, FilePart


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
        for start in range(0, len(whole), BLOCK_ROWS):
            yield whole[start : start + BLOCK_ROWS]

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
            column.name: [flaw_of_number(row[self._columns[column.name]]) for row in block]
            for column in self._part.columns
            if column.what == "text" and column.name in self._columns
        }
        return with_flaws(cells._replace(columns=columns), flaws)


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
