"""Forms: the normal form and the sound of a message, both in one pass.

``normalise`` and ``sound`` look each character up in a dictionary, which is most of the time
a message takes. Here the characters are numbers in one array, looked up together in a table
that those two fill: the answer is theirs, the time a half.
"""

from codecs import utf_32_le_decode, utf_32_le_encode
from typing import Any, Final, NamedTuple

import numpy as np

from kuanxian.screen.normalise import NORMAL_FORM, normalise, without_latin
from kuanxian.screen.syllables import has_letters, sound, sound_of

_NOTHING: Final = "\0"
"""Stands for a character that a form leaves out."""
_APART: Final = "\U0010ffff"
"""Stands for a character not met yet, or written as several; no text has it (a noncharacter)."""
_CODES: Final = 0x110000

_plain = np.full(_CODES, ord(_APART), np.uint32)
"""Character code to its normal form."""
_heard = np.zeros(_CODES, np.uint32)
"""Character code to its syllable code; to nothing for letters and digits."""


class Forms(NamedTuple):
    """The forms of a message."""

    plain: str
    """The normal form."""
    bare: str
    """The normal form without letters and digits."""
    heard: str
    """The sound of ``bare``: a syllable code for each character."""
    lettered: bool
    """Latin letters are in it."""


def forms(message: str) -> Forms:
    """Write a message in its normal form, and by its sound.

    Example:
        >>> found = forms("爆 通訊2！")
        >>> found.plain == normalise("爆 通訊2！"), found.heard == sound("爆通讯")
        (True, True)
    """
    given = np.frombuffer(utf_32_le_encode(message, "surrogatepass")[0], np.uint32)
    codes = _plain.take(given)
    plain = _read(codes).replace(_NOTHING, "")
    if _APART in plain:
        plain = normalise(message)
        _learn(message)
        bare = without_latin(plain)
        return Forms(plain, bare, sound(bare), has_letters(plain))
    sounds = _heard.take(given)
    wide = sounds.nonzero()
    bare = _read(codes[wide])
    lettered = len(bare) < len(plain) and has_letters(plain)
    return Forms(plain, bare, _read(sounds[wide]), lettered)


def _read(codes: Any) -> str:
    """Read an array of codes; ``bytes.decode`` takes thrice the time, to look up its codec."""
    return utf_32_le_decode(codes)[0]


def _learn(message: str) -> None:
    """Fill the tables for the characters of a message."""
    for one in set(message):
        written = NORMAL_FORM[ord(one)]
        if len(written) < 2:
            _plain[ord(one)] = ord(written or _NOTHING)
            _heard[ord(one)] = ord(sound_of(written) if written > "\x7f" else _NOTHING)
