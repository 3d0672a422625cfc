"""Delimited: CSV and its relatives, in any encoding, a block at a time."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from kuanxian.base.errors import SourceError
from kuanxian.intake.cellblock import CellBlock, CellColumn
from kuanxian.intake.decode import Utf8, find_encoding, is_gb18030_too
from kuanxian.intake.layout import FilePart
from kuanxian.intake.lines import DOUBLED, LINE_BYTES_MAX
from kuanxian.intake.reasons import Reason

BLOCK_BYTES: Final = 4_194_304
_DELIMITERS: Final = (",", "\t", ";", "|", "\x01")
_LINE_END: Final = re.compile("\r\n|\r|\n")


class Head:
    """The beginning of a delimited file: its encoding, line ends, and header by any delimiter.

    Args:
        path: The file.
        encoding: A codec name, or ``auto``: a byte order mark decides; without one the
            file is UTF-8 if its beginning is, and GB18030 otherwise.

    Raises:
        SourceError: The file cannot be opened, is empty, or has no such encoding.

    Attributes:
        encoding: A codec name.
        may_be: Another encoding in which the bytes make sense as well; empty: none was looked for,
            or found.
        line: The header.
        returns: Whether lines end with a carriage return alone.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        with path.open("rb") as stream:
            beginning = stream.read(BLOCK_BYTES)
        if not beginning.strip():
            raise SourceError(path.name, "the file is empty")
        self.encoding = find_encoding(beginning, encoding, path.name)
        guessed = encoding == "auto" and self.encoding == "utf-8"
        self.may_be = "gb18030" if guessed and is_gb18030_too(beginning) else ""
        text = Utf8(self.encoding).text(beginning).lstrip("\r\n")
        end = _LINE_END.search(text)
        self.line = text[: end.start()] if end else text
        self.returns = end is not None and end.group() == "\r"

    def headers(self, delimiter: str, quote: str) -> Iterator[tuple[str, list[str]]]:
        """Split the header by the delimiter, or by each that is usual."""
        for mark in _DELIMITERS if delimiter == "auto" else (delimiter,):
            yield mark, _split(self.line, mark, quote)


class DelimitedReader:
    """Reads a delimited file.

    Args:
        path: The file.
        part: The part of the layout it is.
        head: Its beginning.
        delimiter: What separates cells.
        places: For each column of the layout that is there, its place in a record.
        width: How many cells a record has.
        loops: The byte loops, plain or compiled.
    """

    def __init__(
        self,
        path: Path,
        part: FilePart,
        head: Head,
        delimiter: str,
        places: dict[str, int],
        loops: SimpleNamespace,
    ) -> None:
        self._path = path
        self._part = part
        self._head = head
        self._places = places
        self._loops = loops
        self._width = len(_split(head.line, delimiter, part.quote))
        self._form = (
            ord(delimiter),
            ord(part.quote) if part.quote else 0,
            int(part.line_breaks),
            self._width,
        )
        self._slots = np.full(self._width, -1, np.int64)
        for slot, place in enumerate(places.values()):
            self._slots[place] = slot
        self.facts: dict[str, Any] = {
            "format": "csv",
            "encoding": head.encoding,
            "delimiter": delimiter,
            "blank_lines": 0,
        }
        if head.may_be:
            self.facts["encoding_may_be"] = head.may_be

    def blocks(self) -> Iterator[Any]:
        """Iterate over blocks of whole lines; the header is not in them."""
        with self._path.open("rb") as stream:
            lines = self._lines(iter(lambda: stream.read(BLOCK_BYTES), b""))
            yield from self._records(lines) if self._part.line_breaks else lines

    def _lines(self, raw: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
        """Cut UTF-8 bytes at line ends; a line longer than any record is cut short."""
        utf8 = Utf8(self._head.encoding, returns=self._head.returns)
        held = b""
        skip_header = self._part.header
        for block in raw:
            held += utf8.recode(block)
            cut = held.rfind(b"\n") + 1
            ready, held = held[:cut], held[cut:]
            if len(held) > LINE_BYTES_MAX + 2:
                held = held[: LINE_BYTES_MAX + 2]
            if skip_header and ready:
                ready = _after_header(ready)
                skip_header = False
            if ready:
                yield ready, False
        held += utf8.recode(b"", final=True)
        if skip_header:
            held = _after_header(held)
        yield held, True

    def _records(self, lines: Iterator[tuple[bytes, bool]]) -> Iterator[CellBlock]:
        """Cut at record ends, which only the splitter can find."""
        held = b""
        for block, final in lines:
            held += block
            cells, used = self._split(held, final=final)
            held = held[used:]
            yield cells

    def cells(self, block: Any) -> CellBlock:
        """Find the cells of a block."""
        if isinstance(block, CellBlock):
            return block
        return self._split(block[0], final=block[1])[0]

    def _split(self, block: bytes, *, final: bool) -> tuple[CellBlock, int]:
        data = np.frombuffer(block, np.uint8)
        most = block.count(b"\n") + 1
        starts = np.zeros((len(self._places), most), np.int32)
        ends = np.zeros((len(self._places), most), np.int32)
        verdicts = np.zeros(most, np.int16)
        records, blank, used = self._loops.split_records(
            self._loops.view(data), final, self._form, self._slots, (starts, ends, verdicts)
        )
        self.facts["blank_lines"] += blank
        doubled = verdicts[:records] >= DOUBLED
        verdicts = np.where(doubled, verdicts[:records] - DOUBLED, verdicts[:records])
        if self._part.open_end:
            verdicts[verdicts == Reason.NO_LINE_END] = Reason.NONE
        columns = {
            name: CellColumn(data, starts[slot, :records], ends[slot, :records])
            for slot, name in enumerate(self._places)
        }
        return CellBlock(records, verdicts.astype(np.int16), columns, doubled), used


def _split(line: str, delimiter: str, quote: str) -> list[str]:
    """Split a header; a quoted name may hold the delimiter."""
    names = [""]
    inside = False
    for sign in line:
        if quote and sign == quote:
            inside = not inside
        elif sign == delimiter and not inside:
            names.append("")
        else:
            names[-1] += sign
    return [name.strip().lstrip("\ufeff") for name in names]


def _after_header(block: bytes) -> bytes:
    return block.lstrip(b"\r\n").partition(b"\n")[2]
