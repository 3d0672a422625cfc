"""Match: find every pattern in a message, and where.

One automaton looks through the sound of a message (Aho-Corasick) for phrases and for the runs
of characters that expressions cannot do without. What may be there is then tried on the
characters, and by its sound where the pattern is heard. The first step takes time that grows
with the message alone, never with the number of patterns; few messages need a second.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from kuanxian.screen.forms import Forms, forms
from kuanxian.screen.member import ALIKE_MAX, SAME_MIN, Member, compile_expression
from kuanxian.screen.normalise import places, places_without_latin, without_latin
from kuanxian.screen.pattern import Category, Level, Pattern
from kuanxian.screen.sieve import Phrase, Sieve
from kuanxian.screen.syllables import places_of_sound, sound
from kuanxian.screen.take_back import takes_back

_INTERLEAVED: Final = re.compile(
    r"[0-9a-z][^\x00-\x7f年月日时点分元][0-9a-z]{1,3}[^\x00-\x7f年月日时点分元][0-9a-z]"
)
"""Letters or digits before, between and behind two characters that stand alone, and that are
no date, time or amount."""


class Hit(NamedTuple):
    """One pattern found in a message."""

    category: str
    pattern_id: str
    begin: int
    """Index in the message of its first character."""
    end: int
    """Index in the message behind its last character."""
    by: Level
    """How it was found."""


class Matcher:
    """Every pattern of a country, ready to look through messages."""

    def __init__(self, categories: Sequence[Category]) -> None:
        patterns = [pattern for category in categories for pattern in category.patterns]
        self._sieve = Sieve(patterns)
        self._beside = {
            one.id: compile_expression(one, one.beside) for one in patterns if one.beside
        }

    def find(self, message: str) -> list[Hit]:
        """Find every pattern in a message.

        Args:
            message: Any text.

        Returns:
            The hits in the order of the message; of overlapping hits of one pattern, the
            longest. Empty where nothing was found.
        """
        found_forms = forms(message)
        plain, bare, heard, letters = found_forms
        phrases, members = self._sieve.pass_through(bare, heard)
        lettered = self._sieve.find_lettered(plain) if letters else []
        if not (phrases or members or lettered):
            return []
        text = _Text(found_forms)
        found = [_Found(one.pattern, begin, end, Level.CHARACTER) for one, begin, end in lettered]
        found += _find_phrases(text, phrases)
        for member in members:
            found += _find_written(text, member) or _find_alike(text, member)
        if not found:
            return []
        return _settle(_told(self._stand(found, text), message))

    def _stand(self, found: Iterable["_Found"], text: "_Text") -> Iterable["_Found"]:
        """Leave out what was found twice, or needs something beside it that no text holds."""
        unlike = {(one.pattern.id, one.begin, one.end): one for one in reversed(list(found))}
        for one in unlike.values():
            beside = self._beside.get(one.pattern.id)
            if beside is None or beside.search(text.plain) or beside.search(text.bare):
                yield one


class _Text:
    """The forms of a message, and what is made of them where something may be found."""

    def __init__(self, found: Forms) -> None:
        self.plain, self.bare, self.heard, _ = found
        self.aligned = len(self.bare) == len(self.heard)
        """A character stands behind each syllable code: no letters spell one."""
        self.interleaved = (
            len(self.plain) > len(self.bare) and _INTERLEAVED.search(self.plain) is not None
        )
        """Letters or digits stand between single characters, ``爆1通a讯``."""

    @cached_property
    def places(self) -> list[int]:
        """The place in the normal form of each syllable code."""
        if self.aligned:
            return places_without_latin(self.plain)
        both = zip(sound(self.plain), places_of_sound(self.plain), strict=True)
        return [place for code, place in both if code > "\x7f"]

    def said(self) -> str:
        """Give a character for each syllable code; for letters that spell one, the code."""
        if self.aligned:
            return self.bare
        both = zip(self.heard, self.places, strict=True)
        return "".join(
            code if (one := self.plain[place]) <= "\x7f" else one for code, place in both
        )


class _Found(NamedTuple):
    pattern: Pattern
    begin: int
    end: int
    """Places in the normal form."""
    by: Level


def _find_phrases(text: _Text, phrases: Iterable[tuple[Phrase, int, int]]) -> Iterator[_Found]:
    """Tell phrases that are written from those that only sound so."""
    for (pattern, written), first, last in phrases:
        begin, end = text.places[first], text.places[last - 1] + 1
        if without_latin(text.plain[begin:end]) == written:
            yield _Found(pattern, begin, end, Level.CHARACTER)
        elif pattern.level is Level.SYLLABLE:
            yield _Found(pattern, begin, end, Level.SYLLABLE)


def _find_written(text: _Text, member: Member) -> list[_Found]:
    """Try an expression on the characters.

    Letters and digits are left out only where they stand between single characters; a date or
    an amount alone is no reason to look twice.
    """
    spans = _spans(member.expression, text.plain)
    if not spans and text.interleaved:
        back = places_without_latin(text.plain)
        spans = [(back[b], back[e - 1] + 1) for b, e in _spans(member.expression, text.bare)]
    return [_Found(member.pattern, begin, end, Level.GAP) for begin, end in spans]


def _find_alike(text: _Text, member: Member) -> Iterator[_Found]:
    """Find an expression of which a few characters are written by others that sound alike."""
    said = text.said()
    restored = member.restore(said, text.heard)
    for first, last in _spans(member.expression, restored) if restored != said else ():
        differ = sum(map(str.__ne__, said[first:last], restored[first:last]))
        if differ <= ALIKE_MAX and last - first - differ >= SAME_MIN:
            begin, end = text.places[first], text.places[last - 1] + 1
            yield _Found(member.pattern, begin, end, Level.SYLLABLE)


def _spans(expression: Any, text: str) -> list[tuple[int, int]]:
    return [span for hit in expression.finditer(text) if (span := hit.span())[1] > span[0]]


def _told(found: Iterable[_Found], message: str) -> Iterable[Hit]:
    """Turn places in the normal form into places in the message; drop what is taken back."""
    back = places(message)
    taken: dict[tuple[int, int], bool] = {}
    for pattern, begin, end, by in found:
        first, last = span = back[begin], back[end - 1] + 1
        if pattern.deniable and span not in taken:
            taken[span] = takes_back(message, first, last)
        if not (pattern.deniable and taken[span]):
            yield Hit(pattern.category, pattern.id, first, last, by)


def _settle(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the longest of overlapping hits of one pattern, in the order of the message."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (one.begin - one.end, one.begin, one.by)):
        if not any(
            one.pattern_id == hit.pattern_id and one.begin < hit.end and hit.begin < one.end
            for one in kept
        ):
            kept.append(hit)
    return sorted(kept, key=lambda one: (one.begin, one.end, one.pattern_id))
