"""Lives: one loan with any contract and any events, from a seed.

This is the input of the seeded simulation tests: not a likely loan but a possible one.
A likely book is made by ``kuanxian.simulate.books``.
"""

from typing import NamedTuple

from kuanxian.loan.events import Event
from kuanxian.loan.terms import Conventions, Terms
from kuanxian.simulate.any_contract import draw_conventions, draw_terms
from kuanxian.simulate.any_events import draw_events
from kuanxian.simulate.chance import Chance


class Life(NamedTuple):
    """A contract and what happened to it."""

    terms: Terms
    conventions: Conventions
    events: list[Event]
    """In booking order; value days in any order."""


def life(seed: int) -> Life:
    """Draw one loan: any settings that go together, any events within the bounds.

    Args:
        seed: Any integer. The same seed gives the same life, on every machine.

    Returns:
        Terms, conventions, events. A figure may be at the edge of its bound; a few
        events of some lives are ones the kernel has to refuse.

    Example:
        >>> life(7) == life(7)
        True
        >>> terms, conventions, events = life(7)
    """
    chance = Chance(seed)
    conventions = draw_conventions(chance)
    terms = draw_terms(chance, conventions)
    events = draw_events(chance, terms, conventions)
    # Plain integers, as a file gives them: enum members would compile to other types.
    return Life(
        Terms._make(map(int, terms)),
        Conventions._make(map(int, conventions)),
        [Event._make(map(int, event)) for event in events],
    )
