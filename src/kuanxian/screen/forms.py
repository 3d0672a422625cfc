"""Forms: the normal form and the sound of a message, both in one pass.

``normalise`` and ``sound`` look each character up in a dictionary, which is most of the time
a message takes. Here the characters are numbers in one array, looked up together in a table
that those two fill: the answer is theirs, the time a half.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuanxian.screen.normalise import NORMAL_FORM, normalise, without_latin
from kuanxian.screen.syllables import has_letters, sound, sound_of, spell_letters, spells

_NOTHING: Final = 0
"""Stands for a character that the normal form leaves out."""
_APART: Final = 0x10FFFF
"""Stands for a character not met yet, or written as several; no text has it (a noncharacter)."""
_APART_SEEN: Final = chr(_APART)
_CODES: Final = 0x110000
_ASCII_LAST: Final = 0x7F

_plain = np.full(_CODES, _APART, np.uint32)
_heard = np.full(_CODES, _APART, np.uint32)


class Forms(NamedTuple):
    """The forms of a message."""

    plain: str
    """The normal form."""
    bare: str
    """The normal form without letters and digits."""
    heard: str
    """Syllable codes alone: one for each character of ``bare``, and of what letters spell."""
    lettered: bool
    """Latin letters are in it."""


def forms(message: str) -> Forms:
    """Write a message in its normal form, and by its sound.

    Example:
        >>> found = forms("爆 通訊2！")
        >>> found.plain == normalise("爆 通訊2！"), found.heard == sound("爆通讯")
        (True, True)
    """
    given = np.frombuffer(message.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = _plain.take(given)
    codes = codes[codes.nonzero()]
    plain = _text_of(codes)
    if _APART_SEEN in plain:
        plain = normalise(message)
        _learn(message)
        return Forms(plain, without_latin(plain), without_latin(sound(plain)), has_letters(plain))
    wide = codes[codes > _ASCII_LAST]
    bare = _text_of(wide)
    lettered = len(wide) < len(codes) and has_letters(plain)
    if lettered and spells(plain):
        heard = without_latin(spell_letters(_text_of(_heard.take(codes))))
        return Forms(plain, bare, heard, lettered)
    return Forms(plain, bare, _text_of(_heard.take(wide)), lettered)


def _text_of(codes: NDArray[np.uint32]) -> str:
    return str(codes.data, "utf-32-le") if len(codes) else ""


def _learn(message: str) -> None:
    """Fill the tables for the characters of a message."""
    for one in set(message):
        written = NORMAL_FORM[ord(one)]
        for part in written:
            _heard[ord(part)] = ord(sound_of(part))
        if len(written) < 2:
            _plain[ord(one)] = ord(written) if written else _NOTHING
