"""Normalise: one form for the many ways to write the same characters.

People who mean to slip past a list of words put spaces, dots, emoji or zero-width
characters between the characters, write them full-width or in their traditional form, or
take a look-alike from another block. One table, filled as characters are met, undoes all
of that in a single pass; each character stands for itself, so a place in the normal form
always leads back to a place in the original.
"""

import re
import unicodedata
from html import unescape
from typing import Any, Final


class NormalForm(dict[int, str]):
    """Character code to what stands for it: lower case, simplified, or nothing.

    What carries no meaning for a pattern (punctuation, marks, symbols, spaces, control and
    zero-width characters) becomes nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._simplify: Any = None

    def __missing__(self, code: int) -> str:
        written = self._reduce(chr(code))
        self[code] = written
        return written

    def _reduce(self, character: str) -> str:
        if "一" <= character <= "鿿":
            return self._simplified(character)
        compatible = unicodedata.normalize("NFKC", character).casefold()
        kept = (part for part in compatible if unicodedata.category(part)[0] in "LN")
        return "".join(
            LOOK_ALIKES.get(part) or _without_mark(part) or self._simplified(part)
            for part in kept
            if part not in _INVISIBLE
        )

    def _simplified(self, character: str) -> str:
        if character.isascii():
            return character
        if self._simplify is None:
            from opencc import OpenCC

            self._simplify = OpenCC("t2s")
        return VARIANTS.get(character) or str(self._simplify.convert(character))


def _without_mark(letter: str) -> str:
    """Take the mark off a Latin letter, a tone of pinyin too; nothing where it is none."""
    parts = unicodedata.normalize("NFD", letter)
    if not parts[0].isascii():
        return ""
    return "v" if parts.startswith("u") and "\u0308" in parts else parts[0]


_INVISIBLE: Final = "\u115f\u1160"
"""Letters by their category that are drawn as nothing; two more are compatible with these."""
LOOK_ALIKES: Final = {
    "ɑ": "a",
    "ɡ": "g",
    # Cyrillic and Greek letters that are drawn like Latin ones.
    **dict(zip("авсеніјкмопрѕтухѵ", "abcehijkmonpstyxv", strict=False)),
    **dict(zip("αβεικνορτυχ", "abeiknoptux", strict=True)),
}
VARIANTS: Final = {
    # Characters that OpenCC leaves alone and that are written for another one.
    "尓": "尔", "伱": "你", "妳": "你", "祢": "你", "咑": "打", "菿": "到", "莪": "我",
    "哋": "的", "囬": "回", "茴": "回", "乸": "妈", "媽": "妈", "迩": "你", "扗": "在",
    "亽": "人", "秂": "人", "亼": "人", "囯": "国", "囗": "口", "濄": "过", "吿": "告",
    "亾": "亡", "镸": "长", "闁": "门", "甴": "由", "伩": "信", "徴": "征", "徵": "征",
    "羣": "群", "峯": "峰", "囘": "回", "箇": "个", "裏": "里", "銭": "钱", "収": "收",
    "著": "着", "単": "单", "図": "图", "実": "实", "対": "对", "売": "卖", "発": "发", "児": "儿",
}  # fmt: skip

NORMAL_FORM: Final = NormalForm()
_LATIN: Final = re.compile(r"[\x00-\x7f]+")
_KEYCAP: Final = "\u20e3"
_MARKUP: Final = re.compile(
    r"[0-9]\ufe0f?\u20e3|</?(?:a|b|br|big|del|div|em|font|i|ins|mark|p|s|small|span|strong|sub|sup|u)"
    r"(?:\s+[a-z-]+=[^<>\x80-\U0010ffff]{0,80})?\s*/?>|&(?:#x?[0-9a-f]{1,6}|[a-z]{2,8});",
    re.IGNORECASE,
)


def without_markup(message: str) -> str:
    """Blank out the HTML tags of a message and put characters for references such as ``&#36890;``.

    So are digits that are drawn on a key, as emoji are: they say nothing.

    No character changes its place. Any other ``<...>`` stays: it may be words.

    Example:
        >>> without_markup("爆<b>通</b>讯&#24405;。")
        '爆   通    讯录       。'
    """
    if "<" not in message and "&" not in message and _KEYCAP not in message:
        return message
    return _MARKUP.sub(_blanked, message)


def _blanked(found: re.Match[str]) -> str:
    said = found.group()
    shown = unescape(said) if said[0] == "&" else ""
    return shown.ljust(len(said)) if shown != said else said


def normalise(text: str) -> str:
    """Write a text in its normal form.

    Example:
        >>> normalise("爆 通·訊\u200b錄！ＡＢＣ")
        '爆通讯录abc'
    """
    return text.translate(NORMAL_FORM)


def places(text: str) -> list[int]:
    """Tell from which character of the original each character of the normal form came.

    Returns:
        One index into ``text`` for each character of ``normalise(text)``.

    Example:
        >>> places("爆 通")
        [0, 2]
    """
    return [index for index, one in enumerate(text) for _ in NORMAL_FORM[ord(one)]]


def without_latin(text: str) -> str:
    """Leave letters and digits out of a normal form, as in ``爆1通a讯2录``.

    Example:
        >>> without_latin("爆1通a讯")
        '爆通讯'
    """
    return _LATIN.sub("", text)


def places_without_latin(text: str) -> list[int]:
    """Tell from which character of a normal form each of ``without_latin`` came.

    Example:
        >>> places_without_latin("爆1通a讯")
        [0, 2, 4]
    """
    return [index for index, one in enumerate(text) if one > "\x7f"]
