"""Member: an expression of a pattern, found by its characters or by its sound.

A pattern is parted into expressions (`kuanxian.screen.expression`), each a member of the sieve
that tells which of them may be in a message.
"""

import re
from functools import cached_property
from typing import Any, Final

import re2

from kuanxian.base.errors import PatternError
from kuanxian.screen.pattern import Pattern
from kuanxian.screen.syllables import is_spelled, readings_of, with_spellings

ALIKE_MAX: Final = 2
"""So many characters of an expression may be written by others that sound like them."""
SAME_MIN: Final = 2
"""So many must be written as they are."""
USUAL: Final = frozenset(
    "的了是在我你您他她们这那么吗呢吧啊就也都不没有和与或一个人要说很还把被让给对从到去来上下里"
)  # fmt: skip
"""Characters so usual that they stand for themselves, whatever they sound like."""
_RUN: Final = re.compile(r"[^\x00-\x7f]{2,}")


class Member:
    """An expression of a pattern, by its characters and by its sound."""

    def __init__(self, pattern: Pattern, expression: str, groups: list[frozenset[str]]) -> None:
        self.pattern = pattern
        self.expression = compile_expression(pattern, expression)
        self.groups = groups
        self._written = expression

    @cached_property
    def spelled(self) -> Any:
        """The expression for a text in which syllable codes stand for what letters spell."""
        return compile_expression(self.pattern, with_spellings(self._written))

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        """Two neighbouring characters of the expression, by what they sound like."""
        runs = {*_RUN.findall(self._written), *(run for group in self.groups for run in group)}
        pairs = {run[place : place + 2] for run in runs for place in range(len(run) - 1)}
        found: dict[str, list[str]] = {}
        for pair in sorted(pairs):
            for codes in readings_of(pair):
                found.setdefault(codes, []).append(pair)
        return found

    def _places(self, heard: str) -> list[tuple[int, str]]:
        """List where a text sounds like a pair; two of the same do not overlap."""
        places: list[tuple[int, str]] = []
        pairs = self._pairs
        for place in range(len(heard) - 1):
            codes = heard[place : place + 2]
            if codes in pairs and places[-1:] != [(place - 1, codes)]:
                places.append((place, codes))
        return places

    def restore(self, said: str, heard: str) -> str:
        """Write the characters of the expression where others stand that sound like them.

        A character is replaced only beside one that is written as the expression writes it:
        a lone 照 is no 找.

        Args:
            said: A normal form, a character for each syllable code, or the code itself.
            heard: Its syllable codes.
        """
        places = self._places(heard)
        restored = said
        for place, codes in (*places, *reversed(places)):
            written = restored[place : place + 2]
            if written not in self._pairs[codes]:
                meant = (pair for pair in self._pairs[codes] if _is_half(written, pair))
                restored = restored[:place] + next(meant, written) + restored[place + 2 :]
        return restored


def _is_half(said: str, pair: str) -> bool:
    """Tell that one of two characters is that of a pair, and neither a usual one."""
    first, last = map(stands_for, said, pair)
    return first != last and USUAL.isdisjoint(said)


def stands_for(said: str, meant: str) -> bool:
    """Tell that a character is the one meant, or spelled where that is known to be heard."""
    return said == meant or is_spelled(said)


def compile_expression(pattern: Pattern, expression: str) -> Any:
    """Compile an expression of a pattern.

    Raises:
        PatternError: It is none.
    """
    try:
        return re2.compile(expression)
    except re2.error as error:
        raise PatternError(pattern.id, f"{expression}: {error}", "RE2 syntax") from error
