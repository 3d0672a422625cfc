"""Growing: one Parquet file that grows slice by slice and survives a kill.

After each slice the file is longer by one encoded part, and an ``Entry`` says how long
it is now, the SHA-256 of all of it, and where its columns are. An entry is worth
nothing unless the bytes are there: ``bears_out`` reads them back before it believes.
What stands behind the last believed entry is cut off.
"""

import base64
import hashlib
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.close.footer import (
    MAGIC,
    Part,
    columns_of,
    count_rows,
    moved_row_groups,
    take_apart,
    write_footer,
)

_READ_BYTES: Final = 1 << 22


class Entry(NamedTuple):
    """What one slice added to a file."""

    size: int
    """Length of the file after it, bytes."""
    sha256: str
    """Of the file up to there."""
    rows: int
    """Rows it added."""
    row_groups: list[str]
    """The encoded entries of its row groups, base64."""


def encode_part(table: pa.Table, layout: dict[str, Any]) -> Part:
    """Encode rows as a Parquet file in memory; takes no lock while it works.

    Args:
        table: The rows; none of them gives a part without row groups.
        layout: Keyword arguments of ``pyarrow.parquet.write_table``.
    """
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, row_group_size=max(table.num_rows, 1), **layout)
    return take_apart(memoryview(sink.getvalue()))


class GrowingFile:
    """A Parquet file under construction.

    Args:
        path: Its place. It need not exist.
        schema: Its columns.
        layout: Keyword arguments of ``pyarrow.parquet.write_table``, the same for each
            part.
    """

    def __init__(self, path: Path, schema: pa.Schema, layout: dict[str, Any]) -> None:
        self._empty = encode_part(schema.empty_table(), layout)
        path.touch()
        self._file: IO[bytes] = path.open("r+b")
        self._digest = hashlib.sha256()
        self._size = 0
        self._rows = 0
        self._row_groups: list[bytes] = []
        self._next: hashlib._Hash | None = None

    def bears_out(self, entry: Entry) -> bool:
        """Say whether the bytes that the next entry of an earlier run speaks of are there."""
        if self._size == 0:
            start = self._read_on(len(MAGIC))
            if start is None or start.digest() != hashlib.sha256(MAGIC).digest():
                return False
            self._digest, self._size = start, len(MAGIC)
        self._next = self._read_on(entry.size)
        return self._next is not None and self._next.hexdigest() == entry.sha256

    def accept(self, entry: Entry) -> None:
        """Take over an entry that ``bears_out`` has just confirmed."""
        assert self._next is not None
        self._digest = self._next
        self._size = entry.size
        self._rows += entry.rows
        self._row_groups += [base64.b64decode(group) for group in entry.row_groups]

    def begin(self) -> None:
        """Cut off what no entry vouches for and get ready to append."""
        if self._size == 0:
            self._file.seek(0)
            self._write(MAGIC)
        self._file.truncate(self._size)
        self._file.seek(self._size)

    def append(self, part: Part) -> Entry:
        """Append the row groups of a part.

        Raises:
            ValueError: The part has other columns than the file.
        """
        if columns_of(part) != columns_of(self._empty):
            raise ValueError("a part has other columns than the file")
        groups = moved_row_groups(part, self._size, len(self._row_groups))
        self._write(part.body)
        self._file.flush()
        self._rows += count_rows(part)
        self._row_groups += groups
        return Entry(
            self._size,
            self._digest.hexdigest(),
            count_rows(part),
            [base64.b64encode(group).decode("ascii") for group in groups],
        )

    def finish(self) -> dict[str, int | str]:
        """Write the footer and close the file; give its size and SHA-256."""
        self._write(write_footer(self._empty, self._row_groups, self._rows))
        self.close()
        return {"bytes": self._size, "sha256": self._digest.hexdigest()}

    def close(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def _write(self, text: bytes | memoryview) -> None:
        self._file.write(text)
        self._digest.update(text)
        self._size += len(text)

    def _read_on(self, size: int) -> "hashlib._Hash | None":
        """Digest the file up to ``size``; None where it is shorter."""
        digest = self._digest.copy()
        self._file.seek(self._size)
        left = size - self._size
        while left > 0 and (text := self._file.read(min(left, _READ_BYTES))):
            digest.update(text)
            left -= len(text)
        return None if left else digest
