"""Syllables: what a text sounds like, without tones.

``报通迅录`` reads as ``爆通讯录`` does; so does ``bao通讯lu``. Each character becomes one
code for its toneless syllable, and a run of Latin letters that spells syllables becomes
their codes. A pattern and a text that sound alike are then equal strings.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import product
from typing import Final

_FIRST_CODE: Final = 0xE000
"""Codes come from the private use area, where no text has characters of its own."""
_READINGS_MAX: Final = 12
"""Readings kept of one phrase; a long phrase of many ambiguous characters has more."""
_LETTERS: Final = re.compile(r"[a-z]+")
_LATIN: Final = re.compile(r"[a-z]")

_codes: Final[dict[str, str]] = {}


def _code(syllable: str) -> str:
    if syllable not in _codes:
        _codes[syllable] = chr(_FIRST_CODE + len(_codes))
    return _codes[syllable]


def _toneless(reading: str) -> str:
    """Take the tone off: ``lǜ`` becomes ``lv``, as it is typed."""
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    return "".join(part for part in parts.replace("u\u0308", "v") if part.isascii())


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@cache
def _syllables_of(character: str) -> tuple[str, ...]:
    given = _readings().get(ord(character))
    if given is None:
        return ()
    return tuple(dict.fromkeys(map(_toneless, given.split(","))))


class _Sounds(dict[int, str]):
    """Character code to the code of its most usual syllable; others stay as they are."""

    def __missing__(self, code: int) -> str:
        syllables = _syllables_of(chr(code))
        sound = _code(syllables[0]) if syllables else chr(code)
        self[code] = sound
        return sound


_SOUNDS: Final = _Sounds()


@cache
def spelled() -> frozenset[str]:
    """List the syllables that two or more Latin letters may spell."""
    usual = range(0x4E00, 0x9FA6)
    readings = _readings()
    found = {_toneless(readings[code].split(",")[0]) for code in usual if code in readings}
    return frozenset(one for one in found if len(one) > 1)


def sound(text: str) -> str:
    """Turn a normal form into syllable codes.

    Example:
        >>> sound("bao通讯lu") == sound("报通迅录")
        True
    """
    return spell_letters(text.translate(_SOUNDS))


def sound_of(character: str) -> str:
    """Give the code of the most usual syllable of a character, or the character."""
    return _SOUNDS[ord(character)]


def has_letters(text: str) -> bool:
    """Tell whether Latin letters are in a text."""
    return _LATIN.search(text) is not None


def spells(text: str) -> bool:
    """Tell whether any Latin letters of a text spell a syllable."""
    return any(map(_spells, _LETTERS.findall(text)))


@lru_cache(maxsize=4096)
def _spells(letters: str) -> bool:
    return any(code > "\x7f" for code in _spell(letters)[0])


def spell_letters(codes: str) -> str:
    """Turn each run of Latin letters that spells syllables into their codes."""
    if not has_letters(codes):
        return codes
    return _LETTERS.sub(lambda run: "".join(_spell(run.group())[0]), codes)


def places_of_sound(text: str) -> list[int]:
    """Tell from which character of a normal form each code of its ``sound`` came.

    Example:
        >>> places_of_sound("bao通讯lu")
        [0, 3, 4, 5]
    """
    found: list[int] = []
    last = 0
    for run in _LETTERS.finditer(text):
        found += range(last, run.start())
        found += [run.start() + begin for begin in _spell(run.group())[1]]
        last = run.end()
    return [*found, *range(last, len(text))]


@lru_cache(maxsize=4096)
def _spell(letters: str) -> tuple[list[str], list[int]]:
    """Split letters into syllables.

    As few letters as can be spell nothing; then, as few syllables as can begin with a vowel, as
    pinyin is written: ``zhuangei`` is *zhuan gei*, and not *zhuang ei*.

    Returns:
        A code or a letter each, and where each began.
    """
    best = [(0, 0)] * (len(letters) + 1)
    lengths = [1] * len(letters)
    for begin in reversed(range(len(letters))):
        lost, vowels = best[begin + 1]
        ways = [(lost + 1, vowels, -1)]
        for length in range(2, min(6, len(letters) - begin) + 1):
            if letters[begin : begin + length] in spelled():
                lost, vowels = best[begin + length]
                ways.append((lost, vowels + (letters[begin] in "aoe"), -length))
        lost, vowels, length = min(ways)
        best[begin], lengths[begin] = (lost, vowels), -length
    found: list[str] = []
    begins: list[int] = []
    begin = 0
    while begin < len(letters):
        part = letters[begin : begin + lengths[begin]]
        found.append(_code(part) if len(part) > 1 else part)
        begins.append(begin)
        begin += len(part)
    return found, begins


def is_spelled(code: str) -> bool:
    """Tell the code of a syllable from a character."""
    return _FIRST_CODE <= ord(code) < _FIRST_CODE + len(_codes)


def with_spellings(expression: str) -> str:
    """Let the code of each of its syllables stand for a character of an expression.

    Example:
        >>> bool(re.search(with_spellings("告[诉知]"), spell_letters("gaozhi")))
        True
    """
    written = []
    in_class = False
    for place, one in enumerate(expression):
        if expression[place - 1 : place] != "\\":
            in_class = one == "[" or (in_class and one != "]")
        alike = one + "".join(map(_code, _syllables_of(one))) if one > "\x7f" else one
        written.append(alike if in_class or len(alike) == 1 else f"[{alike}]")
    return "".join(written)


def readings_of(phrase: str) -> set[str]:
    """List the ways a phrase may be read, as codes.

    A text is read by the most usual syllable of each character. A phrase is known
    beforehand, so its characters take every syllable they have: ``还`` is *hai* and
    *huan*, and ``环款`` is found by ``还款``. Letters run together may split otherwise:
    *yilianchuli* is ``已立案处理``.

    Args:
        phrase: A normal form.

    Returns:
        Up to a dozen strings of codes; the reading of ``sound`` is one of them.
    """
    usual = sound(phrase)
    if _LATIN.search(phrase):
        return {usual}
    choices = [[_code(one) for one in _syllables_of(char)] or [char] for char in phrase]
    found = {usual}
    for reading in product(*choices):
        if len(found) >= _READINGS_MAX:
            break
        found.add("".join(reading))
    letters = "".join((_syllables_of(one) or (one,))[0] for one in phrase)
    run_together = spell_letters(letters)
    return found | {run_together} if len(run_together) > 3 else found
