"""Text: bytes of any encoding into text, and text into rows, to be looked at and dropped."""

import csv
import re
from collections.abc import Iterator
from typing import Final

CELLS_OF_ONE_LINE: Final = re.compile(r"\s*[,;|\t，；：:、=]\s*|\s{1,}[-–—]+\s{1,}|\s{2,}")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DELIMITERS: Final = ",;\t|"
LINES_MAX: Final = 400


def read_text(data: bytes) -> str:
    """Read bytes as text, whatever their encoding; what cannot be read becomes a mark.

    Example:
        >>> read_text("姓名".encode("gb18030")), read_text("BEGIN".encode("utf-16-le"))
        ('姓名', 'BEGIN')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    head = data[:4096]
    if len(head) >= 4 and head.count(0) * 3 >= len(head):
        even = head[0::2].count(0)
        return data.decode("utf-16-be" if even > head[1::2].count(0) else "utf-16-le", "replace")
    for cut in range(4):  # the last character may have been cut off
        try:
            return data[: len(data) - cut].decode()
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace")


def tables_of(text: str) -> Iterator[list[list[str]]]:
    """Read text as a table, once for each delimiter that its first line has."""
    lines = [line for line in text.splitlines() if line.strip()][:LINES_MAX]
    if not lines:
        return
    for mark in _DELIMITERS:
        if any(mark in line for line in lines[:3]):
            try:
                yield list(csv.reader(lines, delimiter=mark))
            except csv.Error:
                continue


def lines_as_rows(text: str) -> list[list[str]]:
    r"""Read each line as cells parted by whatever people part a name and a number with.

    Example:
        >>> lines_as_rows("1. 王五 17405000001\nAnn Lee: +1 212 555 0100")
        [['王五', '17405000001'], ['Ann Lee', '+1 212 555 0100']]
    """
    rows = []
    for line in text.splitlines()[:LINES_MAX]:
        bare = re.sub(r"^\s*(?:[-*•]|\d{1,3}[.、)）])\s*", "", line).strip()
        if bare:
            rows.append(_cells_of(bare))
    return rows


def _cells_of(line: str) -> list[str]:
    cells = [cell for cell in CELLS_OF_ONE_LINE.split(line) if cell]
    if len(cells) > 1:
        return cells
    found = re.fullmatch(r"(.*?\D)\s*((?:\+|\(|00)?\d[\d\s().-]{5,24}\d)", line)
    if found:
        return [found[1].strip(), found[2]]
    found = re.fullmatch(r"((?:\+|\(|00)?\d[\d\s().-]{5,24}\d)\s*(\D.*)", line)
    return [found[2].strip(), found[1]] if found else [line]
