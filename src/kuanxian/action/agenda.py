"""Agenda: what a case asks of tomorrow, for the close of a day.

Windows, notices that are due, grants of which nobody said what became, counters near their
limits. Nothing is decided or written.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.casebook import CaseFile
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.proposal import Proposal
from kuanxian.action.contact.windows import Window, windows
from kuanxian.action.notice import Due, notices_due
from kuanxian.action.notice.life import Notice, Step, next_step
from kuanxian.action.notice.record import able_channels, read_notices
from kuanxian.law.case import Act, Case
from kuanxian.law.timeline import facts_of
from kuanxian.law.timeline.view import View
from kuanxian.law.timeline.zones import day_start
from kuanxian.loan import Position

COUNTERS: Final[Mapping[str, str]] = {
    "effective_calls_today": "effective_calls_max",
    "unanswered_attempts_today": "attempts_per_point_max",
}
"""Facts that count, and the firm's parameter that is their limit; it never exceeds the law's."""


class Open(NamedTuple):
    """When tomorrow an act would be allowed, if nothing more happens."""

    act: str
    to: str
    channel: str
    spans: tuple[Window, ...]


class Unreported(NamedTuple):
    """A grant that has ended and of which nobody said what became. It counts as used."""

    grant_id: str
    by: str
    channel: str | None
    expires_at: int


class Counter(NamedTuple):
    """A counter that is one short of its limit, at it, or not known."""

    fact: str
    point: str
    counted: int | None
    """None: not known, which the rules count as too many."""
    limit: int


class Notable(NamedTuple):
    """A notice that is due, and what is next of it."""

    due: Due
    step: Step


class Agenda(NamedTuple):
    """What a case asks of tomorrow."""

    case_id: str
    asked_at: int
    windows: tuple[Open, ...]
    notices: tuple[Notable, ...]
    unreported: tuple[Unreported, ...]
    counters: tuple[Counter, ...]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {
            "case_id": self.case_id,
            "asked_at": self.asked_at,
            "windows": [
                {**one._asdict(), "spans": [span._asdict() for span in one.spans]}
                for one in self.windows
            ],
            "notices": [
                {"kind": one.due.kind, "key": one.due.key, "debt": one.due.debt,
                 "since_on": one.due.since_on, "until_on": one.due.until_on,
                 "next": one.step.do.value, "channel": one.step.channel}
                for one in self.notices
            ],
            "unreported": [one._asdict() for one in self.unreported],
            "counters": [one._asdict() for one in self.counters],
        }  # fmt: skip


def agenda(
    gate: Gate, case_id: str, positions: Mapping[str, Position], asked: Sequence[Proposal] = ()
) -> Agenda:
    """Say what a case asks of tomorrow.

    Args:
        gate: The door; its clock is now.
        case_id: Which case.
        positions: Where its debts stand, by debt.
        asked: What somebody means to do, for the windows.

    Raises:
        CaseError: There is no such case.
        ProposalError: What somebody means to do cannot be proposed.
    """
    known = gate.read(case_id, None)
    file, case, at = known.file, known.case, gate.clock()
    return Agenda(
        case_id,
        at,
        tuple(_tomorrow(gate, case, one, at) for one in asked),
        _notices(case, positions, at, read_notices(gate, case_id)),
        unreported(file, at),
        counters(case, at, gate.book.policy.values),
    )


def _tomorrow(gate: Gate, case: Case, asked: Proposal, at: int) -> Open:
    """Cut the windows of the coming days to the person's tomorrow, the longest over the zones."""
    view = View(case, asked.act_of(), at)
    spans: list[Window] = []
    if view.today is not None:
        begin = min(day_start(view.today + 1, zone) for zone in view.zones)
        end = max(day_start(view.today + 2, zone) for zone in view.zones)
        for span in windows(gate, asked, days=3).open:
            cut = Window(max(span.from_at, begin), min(span.until_at, end))
            if cut.from_at < cut.until_at:
                spans.append(cut)
    return Open(asked.act, asked.to, asked.channel, tuple(spans))


def _notices(
    case: Case, positions: Mapping[str, Position], at: int, book: Mapping[str, Notice]
) -> tuple[Notable, ...]:
    found = []
    for due in notices_due(case, positions, at):
        step = next_step(due.kind, book.get(due.key), at, able_channels(case, due.to))
        if step.do != "done":
            found.append(Notable(due, step))
    return tuple(found)


def unreported(file: CaseFile, at: int) -> tuple[Unreported, ...]:
    """List the grants that have ended and of which nobody said what became, by their end."""
    found = [
        Unreported(name, body["attempt"]["by"], body["attempt"].get("channel"),
                   body["grant"]["expires_at"])
        for name, body in file.grants.items()
        if name not in file.reported and body["grant"]["expires_at"] <= at
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.expires_at, one.grant_id)))


def counters(case: Case, at: int, policy: Mapping[str, Any]) -> tuple[Counter, ...]:
    """List the debtor's counters that are one short of their limit, beyond it, or not known."""
    debtors = {person.id for person in case.people.values() if person.role == "debtor"}
    found = []
    for point in case.points.values():
        if point.person not in debtors or point.kind not in ("mobile", "landline"):
            continue
        facts = facts_of(case, Act(kind="contact", to=point.person, point=point.id), at)
        for fact, parameter in COUNTERS.items():
            count, limit = facts[fact], policy[parameter]
            assert count is None or isinstance(count, int)
            if count is None or count >= limit - 1:
                found.append(Counter(fact, point.id, count, limit))
    return tuple(found)
