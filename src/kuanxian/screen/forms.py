"""Forms: the normal form and the sound of a message, both in one pass.

``normalise`` and ``sound`` look each character up in a dictionary, which is most of the time
a message takes. Here the characters are numbers in one array, looked up together in a table
that those two fill: the answer is theirs, the time a half.
"""

from typing import Final

import numpy as np

from kuanxian.screen.normalise import NORMAL_FORM, normalise
from kuanxian.screen.syllables import sound, sound_of, spell_letters

_NOTHING: Final = 0
"""Stands for a character that the normal form leaves out."""
_APART: Final = 0x10FFFF
"""Stands for a character not met yet, or written as several; no text has it (a noncharacter)."""
_APART_SEEN: Final = chr(_APART)
_CODES: Final = 0x110000

_plain = np.full(_CODES, _APART, np.uint32)
_heard = np.full(_CODES, _APART, np.uint32)


def forms(message: str) -> tuple[str, str]:
    """Write a message in its normal form, and that as syllable codes.

    Example:
        >>> plain, heard = forms("爆 通訊！")
        >>> plain == normalise("爆 通訊！"), heard == sound(plain)
        (True, True)
    """
    given = np.frombuffer(message.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = _plain.take(given)
    codes = codes[codes.nonzero()]
    plain = str(codes.data, "utf-32-le") if len(codes) else ""
    if _APART_SEEN in plain:
        plain = normalise(message)
        _learn(message)
        return plain, sound(plain)
    return plain, spell_letters(str(_heard.take(codes).data, "utf-32-le")) if plain else ""


def _learn(message: str) -> None:
    """Fill the tables for the characters of a message."""
    for one in set(message):
        written = NORMAL_FORM[ord(one)]
        for part in written:
            _heard[ord(part)] = ord(sound_of(part))
        if len(written) < 2:
            _plain[ord(one)] = ord(written) if written else _NOTHING
