"""Expression: what an expression cannot match without, and what it sounds like.

An expression costs a microsecond to try, and there are hundreds. Each names, in groups, the
runs of characters without which it cannot match: one run of every group must be in the text.
One automaton looks for all the runs at once, so an expression is tried only where it may match.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from kuanxian.base.errors import PatternError

GROUPS_MAX: Final = 3
"""Groups kept of one expression, those that say most first."""
_WRITINGS_MAX: Final = (100, 3_000)
"""Ways to write a part that are listed; a part with more is looked at piece by piece. The
second where the first leaves but runs of one character, which are in every text."""
_CLASS_MAX: Final = 12


class _Part(NamedTuple):
    """What is known of a part of an expression."""

    writings: frozenset[str] | None
    """Every text the part matches; nothing where they are too many to list."""
    needs: tuple[frozenset[str], ...] = ()
    """One of each must be in what the part matches; used where there are no writings."""


_ANYTHING: Final = _Part(None)
_NOTHING: Final = _Part(frozenset({""}))


def needs(expression: str) -> list[frozenset[str]]:
    """List groups of runs of characters; where one has none in a text, nothing matches there.

    Letters, digits and marks stand in no run: a text is looked through without them.

    Example:
        >>> [sorted(group) for group in needs("(?:打|拨)你的?通讯录.{0,4}(?:一遍|两遍)")]
        [['一遍', '两遍'], ['打你的通讯录', '打你通讯录', '拨你的通讯录', '拨你通讯录']]

    Raises:
        PatternError: The expression ends in the middle of a part.
    """
    found: list[frozenset[str]] = []
    for writings_max in _WRITINGS_MAX:
        read = _Reader(expression, writings_max).alternatives()
        found = [_shortest(group) for group in _needs_of(read)]
        long = [group for group in found if min(map(len, group)) > 1]
        if long:
            found = long
            break
    ranked = sorted(found, key=lambda group: (-min(map(len, group)), len(group)))
    return sorted(ranked[:GROUPS_MAX], key=sorted)


def split(expression: str) -> list[str]:
    """Part an expression at the bars that stand in no brackets.

    Example:
        >>> split("利滚利|(?:一天|每天)翻[倍|番]")
        ['利滚利', '(?:一天|每天)翻[倍|番]']
    """
    parts = [""]
    depth = 0
    in_class = False
    for place, one in enumerate(expression):
        if expression[place - 1 : place] != "\\":
            in_class = one == "[" or (in_class and one != "]")
            depth += 0 if in_class else {"(": 1, ")": -1}.get(one, 0)
        if one == "|" and not depth and not in_class:
            parts.append("")
        else:
            parts[-1] += one
    return parts


def _shortest(group: frozenset[str]) -> frozenset[str]:
    """Keep no run that holds another."""
    return frozenset(run for run in group if not any(part in group for part in _parts(run)))


def _parts(run: str) -> Iterator[str]:
    """Give every shorter run within a run."""
    for length in range(1, len(run)):
        for begin in range(len(run) - length + 1):
            yield run[begin : begin + length]


def _needs_of(part: _Part) -> tuple[frozenset[str], ...]:
    if part.writings is None:
        return part.needs
    return () if "" in part.writings else (part.writings,)


class _Reader:
    """Reads an expression of the subset of RE2 that patterns are written in."""

    def __init__(self, expression: str, writings_max: int) -> None:
        self._left = expression
        self._at = 0
        self._writings_max = writings_max

    def _next(self) -> str:
        return self._left[self._at : self._at + 1]

    def _take(self) -> str:
        if self._at >= len(self._left):
            raise PatternError(self._left, "ends in the middle", "RE2 syntax")
        self._at += 1
        return self._left[self._at - 1]

    def alternatives(self) -> _Part:
        """Read up to the bracket that closes, or the end."""
        parts = [self._sequence()]
        while self._next() == "|":
            self._take()
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        written = [one.writings for one in parts]
        if all(one is not None for one in written):
            every = frozenset().union(*(one for one in written if one is not None))
            if len(every) <= self._writings_max:
                return _Part(every)
        groups = [_needs_of(part) for part in parts]
        if not all(groups):
            return _ANYTHING
        best = (max(some, key=lambda group: min(map(len, group))) for some in groups)
        return _Part(None, (frozenset().union(*best),))

    def _sequence(self) -> _Part:
        needed: list[frozenset[str]] = []
        run: frozenset[str] = frozenset({""})
        whole = True
        while self._next() not in ("", "|", ")"):
            part = self._repeated()
            joined = None if part.writings is None else len(part.writings) * len(run)
            if part.writings is not None and joined is not None and joined <= self._writings_max:
                run = frozenset(map("".join, product(run, part.writings)))
                continue
            whole = False
            needed += _needs_of(_Part(run))
            run = part.writings or frozenset({""})
            needed += part.needs
        return _Part(run) if whole else _Part(None, (*needed, *_needs_of(_Part(run))))

    def _repeated(self) -> _Part:
        part = self._atom()
        mark = self._next()
        if mark and mark in "?*+{":
            counts = self._counts()
            if counts == (0, 1):
                part = _Part(None if part.writings is None else part.writings | {""})
            elif counts[0] == 0:
                part = _ANYTHING
            elif counts != (1, 1):
                part = _Part(None, _needs_of(part))
            if self._next() == "?":
                self._take()
        return part

    def _counts(self) -> tuple[int, int]:
        mark = self._take()
        if mark != "{":
            return {"?": (0, 1), "*": (0, 2), "+": (1, 2)}[mark]
        said = ""
        while (one := self._take()) != "}":
            said += one
        least, _, most = said.partition(",")
        return int(least), int(most or (least if "," not in said else 2))

    def _atom(self) -> _Part:
        one = self._take()
        if one == "(":
            if self._left.startswith("?:", self._at):
                self._at += 2
            part = self.alternatives()
            self._take()
            return part
        if one == "[":
            return self._class()
        if one == "\\":
            one = self._take()
            if one in "pP" and self._next() == "{":
                self._at = self._left.index("}", self._at) + 1
            return _ANYTHING
        if one in "^$":
            return _NOTHING
        return _ANYTHING if one.isascii() else _Part(frozenset({one}))

    def _class(self) -> _Part:
        listed = ""
        while (one := self._take()) != "]":
            listed += one
        if any(one.isascii() for one in listed) or len(listed) > _CLASS_MAX:
            return _ANYTHING
        return _Part(frozenset(listed))
