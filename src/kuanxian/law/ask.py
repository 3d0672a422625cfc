"""Ask: a case and a proposed act, decided at an instant; and when it would be allowed.

Facts are computed anew at each instant asked about, so a counter that runs out at
midnight, a window that opens at eight or a notice that becomes old enough is seen.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from kuanxian.law.case import Act, Case
from kuanxian.law.decide import Decision, decide
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import Scope, scope_of
from kuanxian.law.timeline import facts_of, instants_of_change
from kuanxian.law.timeline.zones import local_day
from kuanxian.law.tree import Compare, Fact, Kind, Literal, Node, children
from kuanxian.law.word_forms import is_clock

SCOPES_KEPT: Final = 64
"""Scopes whose minutes are kept: some acts and lender types of a book or two."""


def ask(book: Rulebook, case: Case, act: Act | None = None, at: int | None = None) -> Decision:
    """Decide a case's act at an instant, with what was known by then.

    Args:
        book: The rulebook of the case's country.
        case: The case.
        act: What is proposed; the case's own where none is given.
        at: Microseconds UTC; the case's own instant where none is given. Any past instant
            replays: the rules of that day, and nothing that became known later.
    """
    act = case.act if act is None else act
    at = case.at if at is None else at
    return decide(book, act.kind, facts_of(case, act, at), day_of_act(book, at), case.lender.type)


def day_of_act(book: Rulebook, at: int) -> int:
    """Find the day whose rules apply at an instant: the country's own day."""
    return local_day(at, book.country.zone)


def next_allowed(
    book: Rulebook, case: Case, act: Act | None, from_at: int, until_at: int
) -> int | None:
    """Find the first instant at which an act is allowed if nothing more happens.

    Args:
        book: The rulebook.
        case: The case.
        act: What is proposed; None for the case's own.
        from_at: The first instant looked at.
        until_at: The last one; a span of some weeks at most.

    Returns:
        Microseconds UTC; None where it is not allowed in that span.
    """
    return next((at for at, allowed in spells(book, case, act, from_at, until_at) if allowed), None)


def spells(
    book: Rulebook, case: Case, act: Act | None, from_at: int, until_at: int
) -> Iterator[tuple[int, bool]]:
    """Go through the spells in which an act is allowed, or is not.

    Yields:
        The first instant of each spell, and whether the act is allowed in it; two spells
        that follow each other differ.
    """
    act = case.act if act is None else act
    minutes = clock_minutes(scope_of(book, act.kind, day_of_act(book, from_at), case.lender.type))
    before: bool | None = None
    for at in (from_at, *instants_of_change(case, act, from_at, until_at, minutes)):
        allowed = ask(book, case, act, at).allowed
        if allowed is not before:
            yield at, allowed
            before = allowed


@lru_cache(SCOPES_KEPT)
def clock_minutes(scope: Scope) -> tuple[int, ...]:
    """List the minutes of the day with which the rules of a scope compare a time of day.

    Looked for once a scope: walking its rules costs more than a decision.
    """
    found: set[int] = set()
    for node in scope.nodes:
        found.update(_minutes_in(node, scope))
    return tuple(sorted(found))


def _minutes_in(node: Node, scope: Scope) -> Iterator[int]:
    if isinstance(node, Compare):
        sides = (node.left, node.right)
        clocks = [one for one in sides if isinstance(one, Fact) and one.name in scope.specs]
        if any(is_clock(scope.specs[one.name]) for one in clocks):
            yield from (
                int(one.value) for one in sides if isinstance(one, Literal) and one.kind is Kind.INT
            )
    for part in children(node):
        yield from _minutes_in(part, scope)
