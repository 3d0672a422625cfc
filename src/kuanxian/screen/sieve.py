"""Sieve: let through the few patterns that may be in a message.

Phrases and the runs that expressions need are in one automaton over the sound of a message.
A run sets a bit for each group of runs that it belongs to; an expression whose groups all have
their bit may match, and the rest need not be tried.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from kuanxian.base.errors import PatternError
from kuanxian.screen.expression import GROUPS_MAX, needs, split
from kuanxian.screen.member import USUAL, Member, compile_expression
from kuanxian.screen.normalise import normalise
from kuanxian.screen.pattern import SYLLABLES_MIN, Level, Pattern
from kuanxian.screen.syllables import readings_of

RUN_MIN: Final = 2
"""An expression needs a run of so many characters; single ones are in every message."""


class Phrase(NamedTuple):
    """A phrase of a pattern in its normal form."""

    pattern: Pattern
    written: str


class Passed(NamedTuple):
    """What a sieve lets through."""

    phrases: list[tuple[Phrase, int, int]]
    """Each with its first place among the codes, and the one behind its last."""
    members: list[Member]
    """Expressions that may match, by their characters or by their sound."""


_NOTHING: Final = Passed([], [])


class Sieve:
    """The patterns of a country, by what they cannot do without."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        phrases: dict[str, list[Phrase]] = {}
        lettered: dict[str, list[Phrase]] = {}
        bits: dict[str, int] = {}
        runs: dict[str, set[str]] = {}
        self._members: list[Member] = []
        for pattern in patterns:
            for phrase in pattern.phrases:
                if pattern.level is Level.GAP:
                    compile_expression(pattern, phrase)
                    self._members += [
                        Member(pattern, part, _needs_of(pattern, part)) for part in split(phrase)
                    ]
                else:
                    written = normalise(phrase)
                    _check(pattern, phrase, written)
                    found = Phrase(pattern, written)
                    if any(one <= "\x7f" for one in written):
                        lettered.setdefault(written, []).append(found)
                        continue
                    for form in readings_of(written):
                        phrases.setdefault(form, []).append(found)
        alike: dict[str, int] = {}
        self._given = self._set_bits(bits, alike, runs)
        every = sorted({*phrases, *bits})
        self._phrases = [phrases.get(form, []) for form in every]
        self._layers = sum(1 << (layer * len(self._members)) for layer in range(GROUPS_MAX))
        """Times the bits of some expressions: those of all their groups."""
        self._phrase_bit = 1 << (GROUPS_MAX * len(self._members))
        self._bits = _shared(
            bits.get(form, 0) | (form in phrases) * self._phrase_bit for form in every
        )
        self._bits_alike = _shared(alike.get(form, 0) for form in every)
        self._runs = [runs.get(form, set()) for form in every]
        self._automaton = _automaton(every)
        self._lettered = list(lettered.values())
        self._letters = _automaton(list(lettered))

    def _set_bits(
        self, bits: dict[str, int], alike: dict[str, int], runs: dict[str, set[str]]
    ) -> int:
        """Give each run its bits; the bits of groups that an expression has not are given."""
        given = 0
        for number, member in enumerate(self._members):
            for layer in range(GROUPS_MAX):
                bit = 1 << (layer * len(self._members) + number)
                if layer >= len(member.groups):
                    given |= bit
                    continue
                for run in member.groups[layer]:
                    for form in readings_of(run):
                        bits[form] = bits.get(form, 0) | bit
                        runs.setdefault(form, set()).add(run)
                        if len(set(run) - USUAL) > 1:
                            alike[form] = alike.get(form, 0) | bit
        return given

    def pass_through(self, said: str, heard: str, *, spelled: bool = False) -> Passed:
        """Find the phrases in a text, and the expressions that may match it.

        Args:
            said: A normal form without letters and digits.
            heard: Its sound.
            spelled: Syllable codes are in it for what letters spell.
        """
        hits = self._automaton.find_matches_as_indexes(heard, overlapping=True)
        seen, bits = self._given, self._bits
        for number, _, _ in hits:
            seen |= bits[number]
        full = self._full(seen)
        if not full and seen < self._phrase_bit:
            return _NOTHING
        wanted = full * self._layers | self._phrase_bit
        hits = [hit for hit in hits if bits[hit[0]] & wanted]
        return self._sort(hits, said, spelled=spelled)

    def _sort(self, hits: list[tuple[int, int, int]], text: str, *, spelled: bool) -> Passed:
        """Leave out what sounds like a run only because a usual character does."""
        phrases = []
        seen = self._given
        for number, begin, end in hits:
            said = text[begin:end]
            if spelled or said in self._runs[number]:
                seen |= self._bits[number]
            elif self._bits_alike[number] and _sounds_like(said, self._runs[number]):
                seen |= self._bits_alike[number]
            phrases += [(phrase, begin, end) for phrase in self._phrases[number]]
        return Passed(phrases, self._listed(self._full(seen)))

    def find_lettered(self, plain: str) -> list[tuple[Phrase, int, int]]:
        """Find the phrases that are written with letters or digits, in a normal form."""
        return [
            (phrase, begin, end)
            for number, begin, end in self._letters.find_matches_as_indexes(plain, overlapping=True)
            for phrase in self._lettered[number]
        ]

    def _full(self, seen: int) -> int:
        """Tell which expressions have a run of each of their groups, as bits."""
        count = len(self._members)
        full = seen & (1 << count) - 1
        for layer in range(1, GROUPS_MAX):
            full &= seen >> (layer * count)
        return full

    def _listed(self, bits: int) -> list[Member]:
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self._members[lowest.bit_length() - 1])
            bits ^= lowest
        return found


def _sounds_like(said: str, runs: Iterable[str]) -> bool:
    """Tell that no usual character is written where one of the runs has another."""
    usual = [(place, one) for place, one in enumerate(said) if one in USUAL]
    return any(all(run[place] == one for place, one in usual) for run in runs)


def _shared(numbers: Iterable[int]) -> list[int]:
    """List numbers, equal ones as one object: there are few, and they stay in the cache."""
    known: dict[int, int] = {}
    return [known.setdefault(one, one) for one in numbers]


def _automaton(forms: list[str]) -> AhoCorasick:
    return AhoCorasick(forms, implementation=Implementation.ContiguousNFA, store_patterns=False)


def _needs_of(pattern: Pattern, expression: str) -> list[frozenset[str]]:
    needed = needs(expression)
    if not needed or any(len(run) < RUN_MIN for group in needed for run in group):
        raise PatternError(
            pattern.id,
            f"{expression}: would be tried on nearly every message",
            "name two neighbouring characters, no letters or digits, that must be there",
        )
    return needed


def _check(pattern: Pattern, phrase: str, written: str) -> None:
    """Refuse a phrase that would be found nearly everywhere."""
    if len(written) < 2:
        raise PatternError(pattern.id, "a phrase of one character", "make it longer")
    if pattern.level is Level.SYLLABLE and len(written) < SYLLABLES_MIN:
        raise PatternError(
            phrase,
            f"shorter than {SYLLABLES_MIN} characters, so it sounds like too much else",
            'write level = "character", or a longer phrase',
        )
