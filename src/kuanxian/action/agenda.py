"""Agenda: what a case asks of tomorrow, for the close of a day.

Windows of every way to the debtor, notices that are due, grants of which nobody said what
became, counters near their limits. Nothing is decided or written.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from kuanxian.action.caseload import Loaded, load_case
from kuanxian.action.contact.casebook import CaseFile
from kuanxian.action.contact.gate import Gate
from kuanxian.action.contact.names import facts_at
from kuanxian.action.contact.proposal import Proposal
from kuanxian.action.contact.windows import Window, closed_by, decided, joined, minutes_of
from kuanxian.action.debtor_ways import debtor_ways
from kuanxian.action.notice import Due, Pace, notices_due, pace_of
from kuanxian.action.notice.life import Step, next_step
from kuanxian.action.notice.record import able_channels
from kuanxian.base.errors import KuanxianError
from kuanxian.law.case import Act, Case
from kuanxian.law.timeline.view import View
from kuanxian.law.timeline.zones import day_start
from kuanxian.loan import Position

COUNTERS: Final[Mapping[str, str]] = {
    "effective_calls_today": "effective_calls_max",
    "unanswered_attempts_today": "attempts_per_point_max",
}
"""Facts that count, and the firm's parameter that is their limit; it never exceeds the law's."""


class Open(NamedTuple):
    """When on the day an act would be allowed, if nothing more happens."""

    act: str
    channel: str
    to: str
    point: str | None
    spans: tuple[Window, ...]
    closed_by: tuple[str, ...]
    """The rules that stand against it all that day; empty where there is a window."""
    error: str = ""
    """Why it could not even be asked."""


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

    @property
    def asks(self) -> bool:
        """Whether anybody has to do anything."""
        return bool(self.notices or self.unreported or self.counters)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {
            "case_id": self.case_id,
            "asked_at": self.asked_at,
            "windows": [
                {**one._asdict(), "closed_by": list(one.closed_by),
                 "spans": [span._asdict() for span in one.spans]}
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
    gate: Gate,
    case: Loaded | str,
    positions: Mapping[str, Position],
    asked: Sequence[Proposal] | None = None,
    on: int | None = None,
) -> Agenda:
    """Say what a case asks of tomorrow.

    Args:
        gate: The door; its clock is now.
        case: Which case; its id has it read.
        positions: Where its debts stand, by debt.
        asked: What somebody means to do, for the windows; None: every way to the debtor.
        on: The local day whose windows are wanted, what is left of it; None: tomorrow.

    Raises:
        CaseError: There is no such case.
    """
    loaded = load_case(gate.app, case) if isinstance(case, str) else case
    known, at = loaded.known, gate.clock()
    pace = pace_of(gate.book.policy.values)
    dues = notices_due(known.case, positions, at, pace)
    if asked is None:
        asked = tuple(debtor_ways(gate, loaded.case_id, known, positions, dues))
    return Agenda(
        loaded.case_id,
        at,
        tuple(_open(gate, loaded, one, _span(known.case, one, at, on)) for one in asked),
        tuple(_notables(loaded, dues, at, pace)),
        unreported(known.file, at),
        counters(known.case, at, gate.book.policy.values),
    )


def _span(case: Case, asked: Proposal, at: int, on: int | None) -> Window | None:
    """Find what is left of a day, or of tomorrow: the longest over the debtor's zones."""
    view = View(case, asked.act_of(), at)
    if view.today is None:
        return None
    day_on = view.today + 1 if on is None else on
    begin = min(day_start(day_on, zone) for zone in view.zones)
    end = max(day_start(day_on + 1, zone) for zone in view.zones)
    return Window(max(begin, at), end) if at < end else None


def _open(gate: Gate, loaded: Loaded, asked: Proposal, span: Window | None) -> Open:
    """Find when an act would be allowed within a span, and what stands against it all through."""
    names = asked.act, asked.channel, asked.to, asked.point
    if span is None:
        return Open(*names, (), ())
    known = loaded.known
    try:
        minutes = minutes_of(gate, asked, known, span.from_at)
        found = list(decided(gate, asked, known, span, minutes))
    except KuanxianError as error:
        return Open(*names, (), (), f"{error.subject}: {error.reason}")
    spans = joined(found)
    if spans:
        return Open(*names, spans, ())
    first, *others = ([one.rule for one in closed_by(decision)] for _, decision in found)
    return Open(*names, (), tuple(rule for rule in first if all(rule in one for one in others)))


def _notables(loaded: Loaded, dues: Sequence[Due], at: int, pace: Pace) -> list[Notable]:
    steps = (
        (due, next_step(due.kind, loaded.notices.get(due.key), at,
                        able_channels(loaded.known.case, due.to), pace))
        for due in dues
    )  # fmt: skip
    return [Notable(due, step) for due, step in steps if step.do != "done"]


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
        facts = facts_at(case, Act(kind="contact", to=point.person, point=point.id), at)
        for fact, parameter in COUNTERS.items():
            count, limit = facts[fact], policy[parameter]
            assert count is None or isinstance(count, int)
            if count is None or count >= limit - 1:
                found.append(Counter(fact, point.id, count, limit))
    return tuple(found)
