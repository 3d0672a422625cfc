"""Assemble: all facts of a case at an instant, theme by theme."""

from collections.abc import Callable
from typing import Final

from kuanxian.law.case import Act, Case
from kuanxian.law.timeline import counts, reach, when
from kuanxian.law.timeline.view import Facts, View

_THEMES: Final[tuple[tuple[Callable[[View], Facts], tuple[str, ...]], ...]] = (
    (when.when, when.FACTS),
    (counts.counts, counts.FACTS),
    (reach.reach, reach.FACTS),
)

COMPUTED: Final = frozenset(name for _, names in _THEMES for name in names)
"""Every fact that this layer computes; a case file may state none of them."""


def facts_of(case: Case, act: Act | None = None, at: int | None = None) -> Facts:
    """Compute every fact of a case for an act at an instant, the stated ones included.

    Args:
        case: The case.
        act: What is proposed; the case's own act where none is given.
        at: The deciding instant, microseconds UTC; the case's own where none is given. At a
            later one the facts are what they will be if nothing more happens.

    Returns:
        A value for every computed fact, None where the case does not tell, and the stated
        facts as they were stated.
    """
    view = View(case, case.act if act is None else act, case.at if at is None else at)
    facts: Facts = dict(case.facts)
    for theme, _ in _THEMES:
        facts.update(theme(view))
    return facts
