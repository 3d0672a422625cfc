"""Match: find every pattern in a message, and where.

One automaton looks through the sound of a message (Aho-Corasick) for phrases and for the runs
of characters that expressions cannot do without. What may be there is then tried on the
characters, and by its sound where the pattern is heard. The first step takes time that grows
with the message alone, never with the number of patterns; few messages need a second.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from kuanxian.screen.forms import forms
from kuanxian.screen.member import ALIKE_MAX, SAME_MIN, Member, stands_for
from kuanxian.screen.normalise import (
    places,
    places_without_latin,
    without_latin,
    without_markup,
)
from kuanxian.screen.pattern import Category, Level, Pattern
from kuanxian.screen.sieve import Passed, Phrase, Sieve
from kuanxian.screen.syllables import places_of_sound, sound, spell_letters, spells
from kuanxian.screen.take_back import takes_back

_INTERLEAVED: Final = re.compile(
    r"[0-9a-z][^\x00-\x7f年月日时点分元][0-9a-z]{1,3}[^\x00-\x7f年月日时点分元][0-9a-z]"
    r"|[^\x00-\x7f][a-z]{1,2}[^\x00-\x7f]"
)
"""Letters or digits before, between and behind two characters that stand alone, and that are
no date, time or amount; or one letter or two between two characters."""


SPELLED_MIN: Final = 3
"""So many characters must be found where letters spell some of them: ``oppo您`` is no 泼您."""


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
        self._beside = {one.id: Member(one, one.beside, []) for one in patterns if one.beside}

    def find(self, message: str) -> list[Hit]:
        """Find every pattern in a message.

        Args:
            message: Any text.

        Returns:
            The hits in the order of the message; of overlapping hits of one pattern, the
            longest. Empty where nothing was found.
        """
        message = without_markup(message)
        plain, bare, heard, lettered = forms(message)
        passed = self._sieve.pass_through(bare, heard)
        lettered_hits = self._sieve.find_lettered(plain) if lettered else []
        spelled = lettered and spells(plain)
        if not (spelled or lettered_hits or passed.phrases or passed.members):
            return []
        texts = [_Text(plain, bare, heard, range(len(plain) + 1))]
        found = [
            _Found(one.pattern, begin, end, Level.CHARACTER) for one, begin, end in lettered_hits
        ]
        found += _find_in(texts[0], passed)
        if spelled:
            text = _read_letters(plain)
            found += _find_in(text, self._sieve.pass_through(text.said, text.heard, spelled=True))
            texts.append(text)
        return _settle(_told(self._stand(found, texts), message)) if found else []

    def _stand(self, found: list["_Found"], texts: Sequence["_Text"]) -> Iterable["_Found"]:
        """Leave out what was found twice, or needs something beside it that no text holds."""
        unlike = {(one.pattern.id, one.begin, one.end): one for one in reversed(found)}
        for one in unlike.values():
            beside = self._beside.get(one.pattern.id)
            if (
                beside is None
                or any(text.holds(beside) for text in texts)
                or beside.expression.search(one.meant)
            ):
                yield one


class _Text:
    """A message as it is read: by its characters, or with what its letters spell."""

    def __init__(self, written: str, said: str, heard: str, back: Sequence[int]) -> None:
        self.written = written
        """The normal form, or with syllable codes for what letters spell."""
        self.said = said
        """Of these, without letters and digits."""
        self.heard = heard
        """The sound of ``said``."""
        self.back = back
        """The place in the normal form of each of ``written``, and its end."""
        self._spelled = not isinstance(back, range)
        self.by = Level.SYLLABLE if self._spelled else Level.GAP
        """How an expression is found in it."""

    @cached_property
    def places(self) -> list[int]:
        """The place in ``written`` of each of ``said``."""
        return places_without_latin(self.written)

    @cached_property
    def interleaved(self) -> bool:
        """Letters or digits stand between single characters, ``爆1通a讯``."""
        return len(self.said) < len(self.written) and bool(_INTERLEAVED.search(self.written))

    def spans(self, member: Member, text: str) -> list[tuple[int, int]]:
        """Find an expression in one of the forms of this text."""
        if self._spelled:
            hits, least = member.spelled.finditer(text), SPELLED_MIN
        else:
            hits, least = member.expression.finditer(text), 1
        return [span for hit in hits if (span := hit.span())[1] - span[0] >= least]

    def holds(self, member: Member) -> bool:
        """Tell whether an expression is in it, also without letters and digits."""
        expression = member.spelled if self._spelled else member.expression
        return bool(expression.search(self.written) or expression.search(self.said))

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Give the place in the normal form of a part of ``said``."""
        return self.back[self.places[first]], self.back[self.places[last - 1] + 1]


def _read_letters(plain: str) -> _Text:
    written = spell_letters(plain)
    said = without_latin(written)
    return _Text(written, said, sound(said), [*places_of_sound(plain), len(plain)])


class _Found(NamedTuple):
    pattern: Pattern
    begin: int
    end: int
    """Places in the normal form."""
    by: Level
    meant: str = ""
    """What it stands for, where it is written otherwise."""


def _find_in(text: _Text, passed: Passed) -> Iterator[_Found]:
    yield from _find_phrases(text, passed.phrases)
    for member in passed.members:
        yield from _find_written(text, member) or _find_alike(text, member)


def _find_phrases(text: _Text, phrases: Iterable[tuple[Phrase, int, int]]) -> Iterator[_Found]:
    """Tell phrases that are written, or spelled in letters, from those that only sound so."""
    for (pattern, written), first, last in phrases:
        said = text.said[first:last]
        if said == written:
            yield _Found(pattern, *text.place(first, last), Level.CHARACTER)
        elif pattern.level is Level.SYLLABLE or (
            len(written) >= SPELLED_MIN and all(map(stands_for, said, written))
        ):
            yield _Found(pattern, *text.place(first, last), Level.SYLLABLE, written)


def _find_written(text: _Text, member: Member) -> list[_Found]:
    """Try an expression on the characters.

    Letters and digits are left out only where they stand between single characters; a date or
    an amount alone is no reason to look twice.
    """
    back = text.back
    spans = [(back[begin], back[end]) for begin, end in text.spans(member, text.written)]
    if not spans and text.interleaved:
        spans = [text.place(*span) for span in text.spans(member, text.said)]
    return [_Found(member.pattern, begin, end, text.by) for begin, end in spans]


def _find_alike(text: _Text, member: Member) -> Iterator[_Found]:
    """Find an expression of which a few characters are written by others that sound alike."""
    said = text.said
    restored = member.restore(said, text.heard)
    for first, last in text.spans(member, restored) if restored != said else ():
        same = sum(map(stands_for, said[first:last], restored[first:last]))
        if last - first - same <= ALIKE_MAX and same >= SAME_MIN:
            yield _Found(member.pattern, *text.place(first, last), Level.SYLLABLE, restored)


def _told(found: Iterable[_Found], message: str) -> Iterable[Hit]:
    """Turn places in the normal form into places in the message; drop what is taken back."""
    back = places(message)
    taken: dict[tuple[int, int], bool] = {}
    for pattern, begin, end, by, _ in found:
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
