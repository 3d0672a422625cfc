"""Windows: when an act would be allowed, and what stands against it when it would not.

The gate is asked the same question again at every instant at which its answer can change:
at midnights, at the minutes the rules name, where a wait ends. Between two such instants it
does not change, so the answer is a list of spans.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from kuanxian.action.contact.answer import heard, is_against
from kuanxian.action.contact.casebook import Known
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.ledger import Ledger
from kuanxian.action.contact.proposal import Proposal, check
from kuanxian.base.errors import ProposalError
from kuanxian.law.ask import clock_minutes, day_of_act
from kuanxian.law.case_values import DAY_US
from kuanxian.law.decide import Decision
from kuanxian.law.scope import scope_of
from kuanxian.law.timeline import instants_of_change
from kuanxian.loan import Position

DAYS_MAX: Final = 31


class Window(NamedTuple):
    """A span in which an act would be allowed."""

    from_at: int
    """Microseconds UTC, included."""
    until_at: int
    """Microseconds UTC, not included."""


class Closed(NamedTuple):
    """What stands against an act."""

    rule: str
    verdict: str
    outcome: str


class Shut(NamedTuple):
    """A span in which an act would not be allowed."""

    from_at: int
    """Microseconds UTC, included."""
    until_at: int
    """Microseconds UTC, not included."""
    by: tuple[Closed, ...]
    """Empty where no rulebook is in force: then nothing is allowed."""


class Windows(NamedTuple):
    """When an act would be allowed; every instant of the span is in a window, or shut."""

    asked_at: int
    until_at: int
    """So far it can be told."""
    open: tuple[Window, ...]
    shut: tuple[Shut, ...]
    foreseen_at: int | None = None
    """From here on no close tells where the debt stands: as if nothing were paid. None: nowhere."""

    @property
    def closed_by(self) -> tuple[Closed, ...]:
        """Say what stands against it now; nothing where it would be allowed now."""
        now = self.shut[:1]
        return now[0].by if now and now[0].from_at == self.asked_at else ()


class _Ahead:
    """The ledger, and where a debt that is overdue would stand on a day it does not know yet.

    Such a debt stays overdue while nothing happens. What becomes of one that is not overdue, or
    within its grace, the last close does not tell.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._last: dict[str, tuple[int, Position]] = {}
        self.foresees = False

    def __call__(self, debt_id: str, day_on: int, /) -> Position | None:
        position = self._ledger(debt_id, day_on)
        if position is not None:
            self._last[debt_id] = (day_on, position)
            return position
        if debt_id not in self._last:
            return None
        known_on, stood = self._last[debt_id]
        if stood.days_past_due_grace <= 0:
            return None
        self.foresees = True
        days = day_on - known_on
        return stood._replace(
            days_past_due=stood.days_past_due + days,
            days_past_due_grace=stood.days_past_due_grace + days,
        )

    def stood_on(self, day_on: int, /) -> int:
        return self._ledger.stood_on(day_on)


def windows(gate: Gate, proposal: Proposal, days: int = 7) -> Windows:
    """Find when an act would be allowed in the next days, if nothing more happens.

    On days of which no close tells yet an overdue debt is taken to be so many days more overdue.
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
    known = gate.read_used(proposal.case_id)
    at = gate.clock()
    span = Window(at, at + max(1, min(days, DAYS_MAX)) * DAY_US)
    found, foreseen_at = [], None
    ahead = _Ahead(gate.ledger)
    minutes = minutes_of(gate, proposal, known, at)
    for piece, decision in decided(gate, proposal, known, span, minutes, ahead):
        found.append((piece, decision))
        if ahead.foresees and foreseen_at is None:
            foreseen_at = piece.from_at
    return Windows(at, found[-1][0].until_at, joined(found), shut(found), foreseen_at)


def minutes_of(gate: Gate, proposal: Proposal, known: Known, at: int) -> tuple[int, ...]:
    """List the minutes of the day at which the answer to a proposal can change."""
    day_on, lender_type = day_of_act(gate.book, at), known.case.lender.type
    return clock_minutes(scope_of(gate.book, proposal.act, day_on, lender_type))


def decided(
    gate: Gate,
    proposal: Proposal,
    known: Known,
    span: Window,
    minutes: tuple[int, ...],
    ledger: Ledger | None = None,
) -> Iterator[tuple[Window, Decision]]:
    """Cut a span where the answer can change, and decide each piece at its first instant.

    It ends early where the words would need a figure that nobody knows yet: the ledger knows
    where a debt stands today and tomorrow, and not in a week.

    Raises:
        ProposalError: It cannot be put in words at the beginning.
    """
    act = proposal.act_of()
    changes = instants_of_change(known.case, act, span.from_at, span.until_at - 1, minutes)
    for begin, end in pairwise([span.from_at, *changes, span.until_at]):
        try:
            decision = gate.decide(proposal, known, begin, ledger)[0]
        except ProposalError:
            if begin == span.from_at:
                raise
            return
        yield Window(begin, end), decision


def joined(found: Iterable[tuple[Window, Decision]]) -> tuple[Window, ...]:
    """Join the pieces in which an act is allowed."""
    spans: list[Window] = []
    for piece, decision in found:
        if not decision.allowed:
            continue
        if spans and spans[-1].until_at == piece.from_at:
            spans[-1] = spans[-1]._replace(until_at=piece.until_at)
        else:
            spans.append(piece)
    return tuple(spans)


def shut(found: Iterable[tuple[Window, Decision]]) -> tuple[Shut, ...]:
    """Join the pieces in which an act is not allowed, those that the same rules shut."""
    spans: list[Shut] = []
    for piece, decision in found:
        if decision.allowed:
            continue
        by = closed_by(decision)
        if spans and (spans[-1].until_at, spans[-1].by) == (piece.from_at, by):
            spans[-1] = spans[-1]._replace(until_at=piece.until_at)
        else:
            spans.append(Shut(*piece, by))
    return tuple(spans)


def closed_by(decision: Decision) -> tuple[Closed, ...]:
    """List what stands against an act, as far as whoever asks may hear of it."""
    return tuple(
        Closed(one.rule.id, one.verdict, one.outcome) for one in heard(decision) if is_against(one)
    )
