"""Windows: when a person may be reached, if nothing more happens.

The gate is asked the same question again at every instant at which its answer can change:
at midnights, at the minutes the rules name, where a wait ends. Between two such instants it
does not change, so the answer is a list of spans.
"""

from itertools import pairwise
from typing import Final, NamedTuple

from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.proposal import Proposal, check
from kuanxian.law.ask import clock_minutes, day_of_act
from kuanxian.law.scope import scope_of
from kuanxian.law.timeline import instants_of_change

DAY_US: Final = 86_400_000_000
DAYS_MAX: Final = 31


class Window(NamedTuple):
    """A span in which an act would be allowed."""

    from_at: int
    """Microseconds UTC, included."""
    until_at: int
    """Microseconds UTC, not included."""


class Closed(NamedTuple):
    """What stands against an act now."""

    rule: str
    verdict: str
    outcome: str


class Windows(NamedTuple):
    """When an act would be allowed."""

    asked_at: int
    until_at: int
    open: tuple[Window, ...]
    closed_by: tuple[Closed, ...]
    """What stands against it now; empty where it would be allowed now."""


def windows(gate: Gate, proposal: Proposal, days: int = 7) -> Windows:
    """Find when an act would be allowed in the next days.

    Nothing is decided, reserved or written.

    Args:
        gate: The door.
        proposal: What would be proposed.
        days: How many days to look ahead, 1 to 31.

    Raises:
        ProposalError: The proposal cannot be one.
        CaseError: There is no such case.
    """
    check(proposal)
    days = max(1, min(days, DAYS_MAX))
    known = gate.read(proposal.case_id, None)
    at = gate.clock()
    until = at + days * DAY_US
    scope = scope_of(gate.book, proposal.act, day_of_act(gate.book, at), known.case.lender.type)
    minutes = clock_minutes(scope)
    changes = instants_of_change(known.case, proposal.act_of(), at, until, minutes)
    instants = [at, *changes, until]
    spans: list[Window] = []
    closed: tuple[Closed, ...] = ()
    for begin, end in pairwise(instants):
        decision, _ = gate.decide(proposal, known, begin)
        if begin == at and not decision.allowed:
            closed = tuple(
                Closed(one.rule.id, one.verdict, one.outcome)
                for one in decision.spoke
                if one.verdict in {"forbid", "require", "refer"} or one.outcome == "unproven"
            )
        if decision.allowed:
            if spans and spans[-1].until_at == begin:
                spans[-1] = spans[-1]._replace(until_at=end)
            else:
                spans.append(Window(begin, end))
    return Windows(at, until, tuple(spans), closed)
