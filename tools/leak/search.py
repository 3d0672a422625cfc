"""Search: look for a million byte strings at every place of every file, in bounded memory.

Each pattern is known by its last eight bytes. A chunk of a file is seen as 64-bit words at
every offset; a bitmap of hashed words lets nearly all of them fall through, and what stays
is compared in full. Archives, gzip and Parquet files are looked at unpacked as well.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK_BYTES = 1 << 22
WORD = 8
BITS = 24
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Hit(NamedTuple):
    """A canary where it must not be."""

    where: str
    at: int
    what: str
    """Whose, which field, in what form. Never the value."""


class Needle:
    """Many patterns, ready to be looked for.

    Args:
        patterns: Bytes and what they are; at least eight bytes each.
    """

    def __init__(self, patterns: dict[bytes, str]) -> None:
        self._patterns = patterns
        self._longest = max(map(len, patterns))
        self._by_end: dict[int, list[bytes]] = {}
        for pattern in patterns:
            self._by_end.setdefault(int.from_bytes(pattern[-WORD:], "little"), []).append(pattern)
        ends = np.fromiter(self._by_end, dtype=np.uint64, count=len(self._by_end))
        self._bitmap = np.zeros(1 << BITS, dtype=bool)
        self._bitmap[self._slots(ends)] = True

    def __len__(self) -> int:
        return len(self._patterns)

    @staticmethod
    def _slots(words: Any) -> Any:
        with np.errstate(over="ignore"):
            return (words * MULTIPLIER) >> np.uint64(64 - BITS)

    def find(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Find every pattern in a piece of memory: where it begins, and what it is."""
        for shift in range(WORD):
            count = (len(data) - shift) // WORD
            if count <= 0:
                return
            words = np.frombuffer(data, dtype="<u8", count=count, offset=shift)
            for place in np.flatnonzero(self._bitmap[self._slots(words)]):
                end = shift + int(place) * WORD + WORD
                for pattern in self._by_end.get(int(words[place]), ()):
                    start = end - len(pattern)
                    if start >= 0 and data[start:end] == pattern:
                        yield start, self._patterns[pattern]

    def find_in_stream(self, stream: Any, where: str) -> Iterator[Hit]:
        """Find every pattern in a stream, also where it lies over the edge of two chunks."""
        tail, offset = b"", 0
        while chunk := stream.read(CHUNK_BYTES):
            data = tail + chunk
            for start, what in self.find(data):
                # What lies in the tail alone was found with the chunk before.
                yield Hit(where, offset - len(tail) + start, what)
            offset += len(chunk)
            tail = data[-self._longest :]


def search_tree(folder: Path, needle: Needle) -> list[Hit]:
    """Look through every file below a folder."""
    hits: set[Hit] = set()
    for path in sorted(folder.rglob("*")):
        hits |= set(needle.find_in_stream(io.BytesIO(str(path).encode()), f"name of {path.name}"))
        if path.is_file() and not path.is_symlink():
            for part, stream in _opened(path):
                hits |= set(needle.find_in_stream(stream, f"{path.relative_to(folder)}{part}"))
    return sorted(hits)


def _opened(path: Path) -> Iterator[tuple[str, Any]]:
    """Give a file as it is, and unpacked where it is packed."""
    with path.open("rb") as stream:
        head = stream.read(4)
        stream.seek(0)
        yield "", stream
    if head[:2] == b"\x1f\x8b":
        with gzip.open(path) as unpacked:
            yield " unpacked", unpacked
    elif head == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as unpacked:
                    yield f" {name}", unpacked
    elif head == b"PAR1":
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException):
            return
        yield " as text", io.BytesIO(repr(table.to_pylist()).encode())
