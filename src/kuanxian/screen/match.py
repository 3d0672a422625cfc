"""Match: find every pattern in a message, and where.

A message is looked through in its normal form, once more without letters and digits,
once by sound, and once by the expressions with gaps. Each pass takes time that grows
with the message alone, never with the number of patterns (Aho-Corasick, RE2).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import re2
from ahocorasick_rs import AhoCorasick, Implementation

from kuanxian.base.errors import PatternError
from kuanxian.screen.normalise import (
    normalise,
    places,
    places_without_latin,
    without_latin,
)
from kuanxian.screen.pattern import SYLLABLES_MIN, Category, Level, Pattern
from kuanxian.screen.syllables import places_of_sound, readings_of, sound

MESSAGE_CHARACTERS_MAX: Final = 20_000
"""A longer message is looked through in full, in pieces that overlap."""

_DENIAL: Final = re2.compile(
    r"(?:不会|不得|不能|不应|不应当|不允许|不需要|不收取|绝不|决不|从不|从未|并未|未曾|严禁|禁止|不要|切勿|请勿|杜绝"
    r"|无权|没有权利|拒绝|不存在|没有|(?:^|[^要还再能得])不)"
    r"(?:再|以任何|方式|形式|理由|擅自|私自|主动|随意|通过|渠道|或|和|也|向|对|您|你|任何|第三方|第三人|他人|其他|外"
    r"|把|将|给|会)*$"
)
"""A denial that ends where the hit begins. Only whole formulas of denial: a stray 不
somewhere before ("不还钱就…") takes nothing back."""


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

    def find(self, message: str) -> list[Hit]:
        """Find every pattern in a message.

        Args:
            message: Any text.

        Returns:
            The hits in the order of the message; of overlapping hits of one pattern, the
            longest. Empty where nothing was found.
        """
        plain = normalise(message)
        bare = without_latin(plain)
        found = list(self._characters.find(plain, Level.CHARACTER, _same))
        if len(bare) < len(plain):
            found += self._characters.find(
                bare, Level.CHARACTER, lambda: places_without_latin(plain)
            )
        found += self._sounds.find(sound(plain), Level.SYLLABLE, lambda: places_of_sound(plain))
        found += self._gaps.find(plain)
        if not found:
            return []
        return _settle(_told(found, plain, places(message)))


class _Found(NamedTuple):
    pattern: Pattern
    begin: int
    end: int
    """Places in the normal form."""
    by: Level


def _same() -> None:
    return None


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

    def find(
        self, text: str, by: Level, lead_back: Callable[[], list[int] | None]
    ) -> Iterable[_Found]:
        """Find the phrases; ``lead_back`` gives the places of ``text`` in the normal form."""
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if not hits:
            return []
        back = lead_back() or range(len(text))
        return [
            _Found(pattern, back[begin], back[end - 1] + 1, by)
            for number, begin, end in hits
            for pattern in self._forms[number][1]
        ]


class _Gaps:
    """Expressions of many patterns in one RE2 set."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._set = re2.Set.SearchSet()
        self._members: list[tuple[Pattern, Any]] = []
        for pattern in patterns:
            for phrase in pattern.phrases:
                try:
                    expression = re2.compile(phrase)
                    self._set.Add(phrase)
                except re2.error as error:
                    raise PatternError(pattern.id, f"{phrase}: {error}", "RE2 syntax") from error
                self._members.append((pattern, expression))
        if self._members:
            self._set.Compile()

    def find(self, text: str) -> Iterable[_Found]:
        if not self._members:
            return
        for number in self._set.Match(text) or ():
            pattern, expression = self._members[number]
            for hit in expression.finditer(text):
                if hit.end() > hit.start():
                    yield _Found(pattern, hit.start(), hit.end(), Level.GAP)


def _told(found: Iterable[_Found], plain: str, back: Sequence[int]) -> Iterable[Hit]:
    """Turn places in the normal form into places in the message; drop what is denied."""
    for pattern, begin, end, by in found:
        if pattern.deniable and _DENIAL.search(plain[max(0, begin - 24) : begin]):
            continue
        yield Hit(pattern.category, pattern.id, back[begin], back[end - 1] + 1, by)


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
