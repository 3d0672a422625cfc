"""Match: find every pattern in a message, and where.

A message is looked through in its normal form, once more without letters and digits,
once by sound, and once by the expressions with gaps. Each pass takes time that grows
with the message alone, never with the number of patterns (Aho-Corasick, RE2).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, Implementation

from kuanxian.base.errors import PatternError
from kuanxian.screen.forms import forms
from kuanxian.screen.normalise import (
    normalise,
    places,
    places_without_latin,
    without_latin,
)
from kuanxian.screen.pattern import SYLLABLES_MIN, Category, Level, Pattern
from kuanxian.screen.syllables import places_of_sound, readings_of
from kuanxian.screen.take_back import takes_back

MESSAGE_CHARACTERS_MAX: Final = 20_000
"""A longer message is looked through in full, in pieces that overlap."""


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
        self._characters = _Automaton(patterns, lambda phrase: {normalise(phrase)})
        heard = [pattern for pattern in patterns if pattern.level is Level.SYLLABLE]
        self._sounds = _Automaton(heard, _heard)
        self._gaps = _Gaps([pattern for pattern in patterns if pattern.level is Level.GAP])
        self._beside = {one.id: _compile(one, one.beside) for one in patterns if one.beside}

    def find(self, message: str) -> list[Hit]:
        """Find every pattern in a message.

        Args:
            message: Any text.

        Returns:
            The hits in the order of the message; of overlapping hits of one pattern, the
            longest. Empty where nothing was found.
        """
        plain, heard = forms(message)
        found = self._characters.find(plain, Level.CHARACTER)
        found += self._gaps.find(plain)
        bare, runs = without_latin(plain)
        if runs:
            found += self._find_between(plain, bare, runs)
        alike = self._sounds.find(heard, Level.SYLLABLE)
        if alike:
            found += _lead_back(alike, places_of_sound(plain))
        if not found:
            return []
        return _settle(_told(self._stand(found, plain, bare), message))

    def _find_between(self, plain: str, bare: str, runs: int) -> list["_Found"]:
        """Find what has letters and digits between its characters.

        Expressions are tried only where letters and digits stand between single characters,
        ``爆1通a讯``; a date or an amount alone is no reason to look twice.
        """
        found = self._characters.find(bare, Level.CHARACTER)
        if runs >= 3 and _INTERLEAVED.search(plain):
            found += self._gaps.find(bare)
        return _lead_back(found, places_without_latin(plain)) if found else []

    def _stand(self, found: Iterable["_Found"], *texts: str) -> Iterable["_Found"]:
        """Leave out what was found twice, or needs something beside it that no text holds."""
        unlike = {(one.pattern.id, one.begin, one.end): one for one in reversed(list(found))}
        for one in unlike.values():
            beside = self._beside.get(one.pattern.id)
            if beside is None or any(map(beside.search, texts)):
                yield one


class _Found(NamedTuple):
    pattern: Pattern
    begin: int
    end: int
    """Places in the normal form."""
    by: Level


def _lead_back(found: Iterable[_Found], back: Sequence[int]) -> list[_Found]:
    """Turn places in a text made from the normal form into places in the normal form."""
    return [one._replace(begin=back[one.begin], end=back[one.end - 1] + 1) for one in found]


def _heard(phrase: str) -> set[str]:
    plain = normalise(phrase)
    if len(plain) < SYLLABLES_MIN:
        raise PatternError(
            phrase,
            f"shorter than {SYLLABLES_MIN} characters, so it sounds like too much else",
            'write level = "character", or a longer phrase',
        )
    return readings_of(plain)


class _Automaton:
    """Phrases of many patterns in one Aho-Corasick automaton."""

    def __init__(self, patterns: Iterable[Pattern], forms: Callable[[str], set[str]]) -> None:
        meant: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for phrase in pattern.phrases if pattern.level is not Level.GAP else ():
                for form in forms(phrase):
                    if len(form) < 2:
                        raise PatternError(
                            pattern.id, "a phrase of one character", "make it longer"
                        )
                    meant.setdefault(form, []).append(pattern)
        self._forms = list(meant.items())
        self._automaton = AhoCorasick(
            [form for form, _ in self._forms],
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def find(self, text: str, by: Level) -> list[_Found]:
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return [
            _Found(pattern, begin, end, by)
            for number, begin, end in hits
            for pattern in self._forms[number][1]
        ]


def _compile(pattern: Pattern, expression: str) -> Any:
    try:
        return re2.compile(expression)
    except re2.error as error:
        raise PatternError(pattern.id, f"{expression}: {error}", "RE2 syntax") from error


class _Gaps:
    """Expressions of many patterns behind one filter.

    RE2 takes from each expression the strings without which it cannot match and looks for all
    of them at once; only what may match is tried. A set of all expressions would be one pass
    as well, yet with gaps in them its automaton has a state for nearly every message: measured,
    575 µs a message against 8.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._filter = re2.Filter()
        self._members: list[tuple[Pattern, Any]] = []
        for pattern in patterns:
            for phrase in pattern.phrases:
                self._members.append((pattern, _compile(pattern, phrase)))
                self._filter.Add(phrase)
        if self._members:
            self._filter.Compile()

    def find(self, text: str) -> list[_Found]:
        if not self._members:
            return []
        return [
            _Found(pattern, hit.start(), hit.end(), Level.GAP)
            for pattern, expression in map(
                self._members.__getitem__, self._filter.Match(text) or ()
            )
            for hit in expression.finditer(text)
            if hit.end() > hit.start()
        ]


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
