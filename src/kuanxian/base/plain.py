"""Plain: a text as who looks for numbers in it must read it.

A number may be written full-width, in Han digits, with marks between that are drawn as nothing,
or in the escapes of JSON, pages and links. Here it is plain digits; and each character knows
where in the given text it stood, for who takes it out there.
"""

import re
import unicodedata
from html import unescape
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|\\u[0-9A-Fa-f]{4}|&#(?:[0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});|.", re.DOTALL
)
_ESCAPES: Final = ("%", "\\u", "&#")
_DRAWN_AS_NOTHING: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Besides the format characters (Cf): joiners, fillers and selectors."""
_HAN: Final = "〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_HAN_DIGITS: Final = dict(zip(map(ord, _HAN), "001234567891123456789", strict=True))
_HAN_RUN: Final = re.compile(rf"(?:[{_HAN}][\s.·-]?){{7,}}")
"""So many Han digits in a row are a number; fewer may be words."""


class Plain(NamedTuple):
    """A text in plain characters."""

    text: str
    begins: list[int]
    """Where in the given text each character began."""
    ends: list[int]
    """Where it ended there."""


def plain_text(text: str) -> str:
    r"""Write a text in plain characters, its escapes undone.

    Example:
        >>> plain_text("１74\u200b0%2D500&#45;一"), plain_text("一七四零-五零零零零零零一")
        ('1740-500-一', '1740-50000001')
    """
    if text.isascii() and not any(mark in text for mark in _ESCAPES):
        return text
    if any(mark in text for mark in _ESCAPES):
        text = _TOKEN.sub(lambda token: _read(token.group()), text)
    return _digits("".join(map(_reduce, unicodedata.normalize("NFKC", text))))


def plain_with_places(text: str) -> Plain:
    """Write a text in plain characters, and tell where each came from."""
    if text.isascii() and not any(mark in text for mark in _ESCAPES):
        return Plain(text, list(range(len(text))), list(range(1, len(text) + 1)))
    written, begins, ends = [], [], []
    for token in _TOKEN.finditer(text):
        for character in unicodedata.normalize("NFKC", _read(token.group())):
            if reduced := _reduce(character):
                written.append(reduced)
                begins.append(token.start())
                ends.append(token.end())
    return Plain(_digits("".join(written)), begins, ends)


def _read(token: str) -> str:
    """Undo one escape; any other character stays."""
    if len(token) == 1:
        return token
    if token[0] == "%":
        return bytes.fromhex(token.replace("%", "")).decode("utf-8", "replace")
    return unescape(token) if token[0] == "&" else chr(int(f"0x{token[2:]}", 0))


def _reduce(character: str) -> str:
    """Write a digit of any script as ours, and what is drawn as nothing as nothing."""
    if character.isascii():
        return character
    if unicodedata.category(character) == "Cf" or _DRAWN_AS_NOTHING.match(character):
        return ""
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _digits(text: str) -> str:
    return _HAN_RUN.sub(lambda run: run.group().translate(_HAN_DIGITS), text)
