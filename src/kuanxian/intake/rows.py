"""Rows: tables of any size into Parquet row groups."""

from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.errors import BookError


class RowGroupWriter:
    """Collects rows and writes a row group whenever enough have come, or when told to.

    The same rows give the same bytes, however they were cut into batches.

    Attributes:
        rows: How many rows were added so far.
    """

    def __init__(self, path: Path, schema: pa.Schema, group_rows: int) -> None:
        self.rows = 0
        self._name = path.name
        self._schema = schema
        self._group_rows = group_rows
        self._held: list[pa.Table] = []
        self._held_rows = 0
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
        self._file = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=texts or False,
            write_statistics=True,
            write_page_checksum=True,
            store_schema=False,
        )

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append rows.

        Raises:
            BookError: The rows have other columns than the schema.
        """
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])
        if not table.schema.equals(self._schema, check_metadata=False):
            raise BookError(self._name, "rows with other columns than the schema were given")
        self.rows += table.num_rows
        self._held.append(table)
        self._held_rows += table.num_rows
        while self._held_rows >= self._group_rows:
            self._write(self._group_rows)

    def end_group(self) -> None:
        """Write what is held as a row group of its own."""
        if self._held_rows:
            self._write(self._held_rows)

    def close(self) -> None:
        """Write what is left and finish the file; a second call does nothing."""
        if self._file.is_open:
            self.end_group()
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file as it is: on a full disk its end cannot be written either."""
        self._held = []
        with suppress(OSError, pa.ArrowException):
            self._file.close()
        self._file.is_open = False  # or the library tries once more when it is collected

    def _write(self, count: int) -> None:
        held = pa.concat_tables(self._held)
        group = held.slice(0, count).combine_chunks()
        self._file.write_table(group, row_group_size=count)
        rest = held.slice(count)
        self._held = [rest] if rest.num_rows else []
        self._held_rows = rest.num_rows
