"""Diff: what a change of the rulebook lets through, and what it newly stops.

Not which lines changed, but which rows become allowed and which become blocked, one
example each. That is the sentence a change record needs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import z3

from kuanxian.law.emit_z3 import Z3Terms
from kuanxian.law.facts import Catalogue
from kuanxian.law.rule import DUTY
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.solve import Question, Row, catalogue_of, shape_of

NOTHING = Edition(0, 0, (), {})
"""The edition of a day on which no rulebook is in force."""


class Change(NamedTuple):
    """What a change does to an act."""

    act: str
    becomes: str
    """``allowed`` or ``blocked``; of the act ``duty``: ``due`` or ``not due``."""
    row: Row
    """One row of which it is so."""


class Edited(NamedTuple):
    """A rule that is not the same."""

    rule: str
    how: str
    """``added``, ``removed`` or ``changed``."""


def edited_rules(old: Rulebook, new: Rulebook, day: int) -> list[Edited]:
    """List the rules of a day that are not the same in two books."""
    before, after = ({one.id: one for one in _edition(book, day).rules} for book in (old, new))
    found = [Edited(name, "added") for name in after if name not in before]
    found += [Edited(name, "removed") for name in before if name not in after]
    for name in before.keys() & after.keys():
        one, other = before[name], after[name]
        same = (
            _edition(old, day).node(one) == _edition(new, day).node(other)
            and one.verdict == other.verdict
            and one.unknown == other.unknown
            and one.acts == other.acts
            and one.lender_types == other.lender_types
        )
        if not same:
            found.append(Edited(name, "changed"))
    return sorted(found)


def changes(old: Rulebook, new: Rulebook, day: int) -> Iterator[Change]:
    """Find for each act a row that becomes allowed, and one that becomes blocked.

    Args:
        old: The rulebook before.
        new: The rulebook after; of the same country.
        day: The day looked at.

    Raises:
        RuntimeError: The solver gave up.
    """
    before, after = _edition(old, day), _edition(new, day)
    for act in dict.fromkeys((*old.acts, *new.acts)):
        if before.rules == after.rules and shape_of(before, act) == shape_of(after, act):
            continue
        catalogue = Catalogue({**catalogue_of(old), **catalogue_of(new)})
        terms = Z3Terms(catalogue)
        was, now = Question(old, before, act, terms), Question(new, after, act, terms)
        words = ("not due", "due") if act == DUTY else ("allowed", "blocked")
        for word, wanted in (
            (words[0], (now.allowed(), z3.Not(was.allowed()))),
            (words[1], (was.allowed(), z3.Not(now.allowed()))),
        ):
            row = now.find(*wanted)
            if row is not None:
                yield Change(act, word, row)


def _edition(book: Rulebook, day: int) -> Edition:
    return book.edition(day) or NOTHING
