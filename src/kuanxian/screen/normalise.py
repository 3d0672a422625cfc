"""Normalise: one form for the many ways to write the same characters.

People who mean to slip past a list of words put spaces, dots, emoji or zero-width
characters between the characters, write them full-width or in their traditional form, or
take a look-alike from another block. One table, filled as characters are met, undoes all
of that in a single pass; each character stands for itself, so a place in the normal form
always leads back to a place in the original.
"""

import re
import unicodedata
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
        return "".join(LOOK_ALIKES.get(part) or self._simplified(part) for part in kept)

    def _simplified(self, character: str) -> str:
        if character.isascii():
            return character
        if self._simplify is None:
            from opencc import OpenCC

            self._simplify = OpenCC("t2s")
        return VARIANTS.get(character) or str(self._simplify.convert(character))


LOOK_ALIKES: Final = {
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
    "単": "单", "図": "图", "実": "实", "対": "对", "売": "卖", "発": "发", "児": "儿",
}  # fmt: skip

NORMAL_FORM: Final = NormalForm()
_LATIN: Final = re.compile(r"[\x00-\x7f]+")


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
