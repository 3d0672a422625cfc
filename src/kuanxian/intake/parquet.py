"""Parquet: a file of typed columns, a batch of rows at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.intake.cellblock import BLOCK_ROWS, CellBlock, block_of_arrays, damaged
from kuanxian.intake.layout import FilePart


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
                yield from file.iter_batches(BLOCK_ROWS, columns=names, use_threads=False)
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
