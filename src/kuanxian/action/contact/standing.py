"""Standing: what has become of a grant since it was given.

A grant is a promise for minutes, and a case goes on meanwhile: a police order, a stop or a
payment may come in. So it is asked about again by whoever is about to use it, and on a retry:
as if it were proposed now, its own attempt left out of what is counted.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from kuanxian.action.contact.casebook import Known
from kuanxian.action.contact.words import Words
from kuanxian.base.errors import ProposalError, TemplateError
from kuanxian.law.decide import Decision
from kuanxian.law.rule import Value

LIVE: Final = "live"
USED: Final = "used"
"""Its outcome was reported."""
OVER: Final = "over"
"""Its time has run out."""
WITHDRAWN: Final = "withdrawn"
"""It would not be given now; or its words would be others."""


class Standing(NamedTuple):
    """What has become of a grant."""

    word: str
    decision: Decision | None = None
    """As it would be decided now; None where that was not asked."""


def standing_of(
    known: Known, grant_id: str, at: int,
    decide: Callable[[Known, int], tuple[Decision, Words | None]],
    unsaid: Callable[[Known, int, Mapping[str, Value]], Decision],
) -> Standing:  # fmt: skip
    """Say what has become of a grant.

    Args:
        known: The case, read at this instant.
        grant_id: Which grant.
        at: Now, microseconds UTC.
        decide: Decides the grant's proposal on a case at an instant.
        unsaid: The same where it cannot be put in words now: on the facts it had then.
    """
    granted = known.file.grants.get(grant_id)
    if granted is None:
        return Standing(WITHDRAWN)
    if grant_id in known.file.reported:
        return Standing(USED)
    if at >= granted["grant"]["expires_at"]:
        return Standing(OVER)
    events = tuple(event for event in known.case.events if event.id != grant_id)
    known = known._replace(case=known.case._replace(events=events))
    try:
        decision, words = decide(known, at)
    except (ProposalError, TemplateError):
        # It cannot be put in words any more: no amount is known now.
        return Standing(WITHDRAWN, unsaid(known, at, granted["facts"]))
    # Free words are not kept; they are the same where the proposal is.
    said = granted["grant"]["text"]
    holds = decision.allowed and (not said or (words is not None and words.text == said))
    return Standing(LIVE if holds else WITHDRAWN, decision)
