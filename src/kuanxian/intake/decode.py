"""Decode: bytes of any encoding and any line end into UTF-8 lines that end with a newline.

A file put together from two encodings is the danger: a UTF-8 line within a GB18030 file is,
byte for byte, mostly good GB18030 too, and would name another loan. Such a line is marked
here, and refused where a cell of it is read as text.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from kuanxian.base.errors import SourceError
from kuanxian.intake.lines import LINE_BYTES_MAX

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE: Final = ("gb18030", "gbk", "gb2312")
_MARK: Final = "\ufffe".encode()
"""Stands for what is in another encoding than the file; ``find_bad_text`` knows it."""
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_LINE_END: Final = re.compile(rb"[\r\n]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")


class Utf8:
    """Turns bytes of any encoding into UTF-8; what makes no sense becomes U+FFFD.

    Args:
        encoding: A codec name.
        returns: Whether lines end with a carriage return alone.
    """

    def __init__(self, encoding: str, *, returns: bool = False) -> None:
        self._plain = encoding == "utf-8"
        self._mixable = encoding in _CHINESE
        self._returns = returns
        self._held = b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def text(self, block: bytes) -> str:
        """Decode to text."""
        return self._decoder.decode(block)

    def recode(self, block: bytes, *, final: bool = False) -> bytes:
        """Decode to UTF-8 bytes, every line end to one with a newline."""
        if self._mixable:
            block = b"".join(self._marked(self._whole_lines(block, final=final)))
        elif not (self._plain and block.isascii() and not self._decoder.getstate()[0]):
            block = self._decoder.decode(block, final).encode("utf-8")
        return block.replace(b"\r", b"\n") if self._returns else block

    def _whole_lines(self, block: bytes, *, final: bool) -> bytes:
        """Hold back the last line until it is whole, unless it is longer than any line."""
        block = self._held + block
        cut = after_last_line(block)
        if final or len(block) - cut > LINE_BYTES_MAX:
            cut = len(block)
        self._held = block[cut:]
        return block[:cut]

    def _marked(self, lines: bytes) -> Iterator[bytes]:
        """Decode lines; of those that are UTF-8, mark what is not ASCII."""
        done = 0
        for start, end in _utf8_lines(lines):
            yield self._decoder.decode(lines[done:start]).encode("utf-8")
            yield _HIGH_RUN.sub(_MARK, lines[start:end])
            done = end
        yield self._decoder.decode(lines[done:]).encode("utf-8")


def _utf8_lines(lines: bytes) -> Iterator[tuple[int, int]]:
    """Find the lines whose bytes are UTF-8 with Chinese characters in it.

    In GB18030 a run of high bytes seldom begins like a Chinese character of UTF-8: few
    lines have to be looked at closely.
    """
    data = np.frombuffer(lines, np.uint8)
    high = data >= 0x80
    begins = high[:-2] & high[1:-1] & (data[1:-1] < 0xC0) & (data[:-2] >= 0xE3)
    begins[1:] &= ~high[:-3]
    end = 0
    for place in np.flatnonzero(begins).tolist():
        if place < end:
            continue
        start = after_last_line(lines[end:place]) + end
        found = _LINE_END.search(lines, place)
        end = found.start() if found else len(lines)
        if _is_utf8(lines[start:end]):
            yield start, end


def _is_utf8(line: bytes) -> bool:
    try:
        return _HAN.search(line.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def after_last_line(block: bytes) -> int:
    """Find the place after the last line end, of any kind; 0: there is none."""
    return max(block.rfind(b"\n"), block.rfind(b"\r")) + 1


def find_encoding(beginning: bytes, wanted: str, name: str) -> str:
    r"""Find the encoding of a file.

    Args:
        beginning: Its first bytes.
        wanted: A codec name, or ``auto``: a byte order mark decides; without one the file
            is UTF-8 if its beginning is, or more of its Chinese lines are than are not, and
            GB18030 otherwise.
        name: What to call it in an error.

    Raises:
        SourceError: There is no such encoding.

    Example:
        >>> find_encoding("编号\n".encode("gb18030"), "auto", "loans.csv")
        'gb18030'
    """
    for mark, encoding in _BOMS:
        if beginning.startswith(mark):
            return encoding
    if wanted != "auto":
        try:
            return codecs.lookup(wanted).name
        except LookupError as error:
            raise SourceError(name, f"there is no encoding {wanted!r}") from error
    whole = beginning[: after_last_line(beginning)]
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return _encoding_of_most(whole)
    return "utf-8"


def is_gb18030_too(beginning: bytes) -> bool:
    """Say whether bytes that are UTF-8 are good GB18030 as well, as other characters.

    Example:
        >>> is_gb18030_too("张三".encode()), is_gb18030_too("编号三".encode()), is_gb18030_too(b"A")
        (True, False, False)
    """
    whole = beginning[: after_last_line(beginning)] or beginning
    try:
        whole.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return not whole.isascii()


def _encoding_of_most(lines: bytes) -> str:
    """Let the lines vote. Those of the other encoding are refused, one by one, as they come.

    That is safe: a line that is not UTF-8 leaves no trace in the line after it.
    """
    chinese = [line for line in lines.splitlines() if not line.isascii()]
    return "utf-8" if sum(map(_is_utf8, chinese)) * 2 > len(chinese) else "gb18030"
