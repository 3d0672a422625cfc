"""Assemble: all facts of a case at an instant, theme by theme."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kuanxian.law.case import Act, Case
from kuanxian.law.timeline import (
    agency,
    breaches,
    channel,
    complaints,
    consents,
    counts,
    debtor,
    disputes,
    episodes,
    handing,
    ledger,
    notices,
    plans,
    points,
    reach,
    records,
    target,
    when,
    wishes,
)
from kuanxian.law.timeline.view import Facts, View

_THEMES: Final[tuple[tuple[Callable[[View], Facts], Mapping[str, tuple[str, ...]]], ...]] = (
    (when.when, when.FACTS),
    (target.target, target.FACTS),
    (counts.counts, counts.FACTS),
    (reach.reach, reach.FACTS),
    (points.points, points.FACTS),
    (wishes.wishes, wishes.FACTS),
    (debtor.debtor, debtor.FACTS),
    (channel.channel, channel.FACTS),
    (agency.agency, agency.FACTS),
    (handing.handing, handing.FACTS),
    (consents.consents, consents.FACTS),
    (notices.notices, notices.FACTS),
    (episodes.episodes, episodes.FACTS),
    (disputes.disputes, disputes.FACTS),
    (complaints.complaints, complaints.FACTS),
    (plans.plans, plans.FACTS),
    (records.records, records.FACTS),
    (breaches.breaches, breaches.FACTS),
)

COMPUTED: Final[Mapping[str, tuple[str, ...]]] = {
    name: groups for _, facts in _THEMES for name, groups in facts.items()
}
"""Every fact this layer computes, with the groups of events that must be whole for it to be
certain. A case file may state none of these facts."""


def undeclared_groups(case: Case, unknown: Iterable[str]) -> tuple[str, ...]:
    """Name the groups that unknown facts need and that the case does not declare complete.

    Args:
        case: The case.
        unknown: Names of facts, those that are not computed included.

    Returns:
        Words of ``complete``, in alphabetical order.
    """
    needed = {group for fact in unknown for group in COMPUTED.get(fact, ())}
    return tuple(sorted(needed - case.complete))


def facts_of(case: Case, act: Act | None = None, at: int | None = None) -> Facts:
    """Compute every fact of a case for an act at an instant, the stated ones included.

    Args:
        case: The case.
        act: What is proposed; the case's own act where none is given.
        at: The deciding instant, microseconds UTC; the case's own where none is given. At a
            later one the facts are what they will be if nothing more happens.

    Returns:
        A value for every computed fact, None where the case does not tell, and the stated
        facts as they were stated, but for figures of the ledger that hold no more.
    """
    view = View(case, case.act if act is None else act, case.at if at is None else at)
    facts: Facts = dict(case.facts)
    for theme, _ in _THEMES:
        facts.update(theme(view))
    facts.update(ledger.doubted(view, facts))
    return facts
