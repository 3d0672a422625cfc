"""JSON lines: one object a line; a bad line costs only itself."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kuanxian.base.errors import SourceError
from kuanxian.intake.cellblock import (
    BLOCK_ROWS,
    CellBlock,
    block_of_arrays,
    flaw_of_number,
    with_flaws,
)
from kuanxian.intake.layout import FilePart
from kuanxian.intake.lines import LINE_BYTES_MAX
from kuanxian.intake.reasons import Reason

_BLOCK_BYTES: Final = 16_777_216
_HEAD_LINES: Final = 100
_TOO_LONG: Final = b"\0too long"
"""Stands for a line that is longer than any record; it is no JSON."""
Pairs = Callable[[list[tuple[str, Any]]], dict[str, Any]]


class Fraction(str):
    """A bare number of JSON with a point or an exponent, as it is written."""

    __slots__ = ()


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
        return with_flaws(cells, flaws)._replace(verdicts=np.array(verdicts, np.int16))

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
            if len(lines) == BLOCK_ROWS or size > _BLOCK_BYTES:
                yield lines
                lines, size = [], 0
        yield lines


def _read_object(line: bytes, pairs: Pairs) -> dict[str, Any]:
    try:
        value = json.loads(
            line.decode("utf-8", "surrogatepass"),  # of bytes it would guess, line by line
            parse_float=Fraction,
            parse_int=str,
            parse_constant=float,
            object_pairs_hook=pairs,
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


def _flaw_of(value: Any) -> Reason:
    """Say why a value cannot be a text: a number with a point or an exponent has many spellings."""
    return Reason.NUMBER_AS_TEXT if isinstance(value, Fraction) else flaw_of_number(value)
