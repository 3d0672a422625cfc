"""Promise: the contract alone, as corrections say that it always was.

What was promised is the terms and, of a given schedule, its rows. Whatever else happened is
no part of it.
"""

from collections.abc import Iterable

from kuanxian.base.bounds import DAY_MAX
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.memory import Loan
from kuanxian.loan.replay import correct, sift, strike
from kuanxian.loan.terms import Conventions, Terms
from kuanxian.loan.view import in_order, prepare


def promised(
    terms: Terms, conventions: Conventions, events: Iterable[Event]
) -> tuple[Terms, list[Event]]:
    """Find what a contract promised, by all that is known of it.

    Args:
        terms: Its figures, before corrections.
        conventions: Its settings.
        events: What happened, in any order; what was taken back does not count.

    Returns:
        The figures as they always were, and the rows of a given schedule.

    Raises:
        TermsError: A figure is out of bounds. A correction that leads there is left out.
        EventError: Two events have the same number, or there are too many.

    Example:
        >>> terms = Terms(1_200_000, 20_468, 12, rate_ppb=180_000_000)
        >>> place = Terms._fields.index("rate_ppb")
        >>> known = Event(1, Kind.CORRECTION, 20_500, 120_000_000, part=place)
        >>> promised(terms, Conventions(), [known])[0].rate_ppb
        120000000
    """
    ordered = in_order(events)
    loan = Loan(events=len(ordered))
    prepare(loan, terms, conventions, DAY_MAX)
    loan.event = ordered
    loan.event_count = len(ordered)
    if sift(loan):
        strike(loan)
        correct(loan)
    rows = [
        event
        for event, void in zip(ordered, loan.void, strict=False)
        if event.kind == Kind.INSTALMENT and void == 0
    ]
    return Terms(*(loan.figures[place] for place in range(len(terms)))), rows
