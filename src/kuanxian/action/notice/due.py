"""Due: which notices a case asks for on a day.

A pure function of the case, where its debts stand, and an instant. It does not know what was
sent: what reached the person is an event of the case, and what is under way is `life`'s.
"""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple

from kuanxian.action.notice.kinds import KINDS, Pace
from kuanxian.base.days import NO_DAY
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.law.case import Act, Case, Event
from kuanxian.law.timeline.notices import notices
from kuanxian.law.timeline.view import View
from kuanxian.loan import Position
from kuanxian.loan.position import Status

_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})
_OPENING: Final = ("call", "message", "visit")
_OPENS_NOTHING: Final = ("in_app", "app_push")
_PLANS: Final = ("offered", "agreed", "broken")
_COMPLAINTS: Final = {"received": "received_on", "answered": "answered_on"}


class Due(NamedTuple):
    """A notice that is due."""

    kind: str
    """As in ``kinds.KINDS``; also the template."""
    to: str
    """The debtor."""
    debt: str | None
    episode: str
    """What it is about: a due day, the day an overdue began, a placement, a plan …"""
    since_on: int
    """First day on which it is due."""
    until_on: int | None = None
    """Last day on which it is worth sending; None: until it has arrived."""
    party: str | None = None
    """The agency or assignee it tells of."""
    about: str | None = None
    """The plan it is about."""
    values: Mapping[str, int] = _NOTHING
    """Slots of the template that the case itself tells."""

    @property
    def key(self) -> str:
        """Name it: one kind, one debt, one episode is one notice, whoever asks and when.

        One name in 900 would look like a telephone number by chance, and the gate takes none.
        """
        told = f"{self.kind}\0{self.to}\0{self.debt}\0{self.episode}"
        name = sha256(told.encode()).hexdigest()[:24]
        while holds_phone_or_identity(name):
            name = sha256(name.encode()).hexdigest()[:24]
        return f"{self.kind}-{name}"


def notices_due(
    case: Case, positions: Mapping[str, Position], at: int, pace: Pace
) -> tuple[Due, ...]:
    """List the notices a case asks for.

    Args:
        case: The case.
        positions: Where its debts stand, by debt; of one that is missing nothing is known, and
            no notice that rests on it is due.
        at: The instant, microseconds UTC; the day is the debtor's.
        pace: The firm's own times.

    Returns:
        The due notices, the oldest first.
    """
    found: list[Due] = []
    for debt in case.debts:
        view = View(case, Act(kind="duty", debt=debt), at)
        if view.debtor is None or view.today is None:
            continue
        position = positions.get(debt)
        if position is not None:
            found += _of_position(view, position, view.today, pace)
        found += _of_agencies(view)
        found += _of_plans(view)
    found += _of_person(case, at)
    today = View(case, Act(kind="duty"), at).today
    live = [one for one in found if _is_live(one, today, pace)]
    return tuple(sorted(live, key=lambda one: (one.since_on, one.key)))


def _is_live(due: Due, today: int | None, pace: Pace) -> bool:
    if today is None:
        return False
    until = due.until_on
    if until is None and KINDS[due.kind].lapses:
        until = due.since_on + pace.lasts_days
    return due.since_on <= today and (until is None or today <= until)


def _of_position(view: View, position: Position, today: int, pace: Pace) -> Iterator[Due]:
    to, debt = view.debtor or "", view.debt
    due_on, began_on = position.next_due_on, position.default_since_on
    if position.status == Status.ASSIGNED:
        yield from _of_assignees(view, today)
        return
    is_coming = due_on != NO_DAY and 0 <= due_on - today <= pace.reminder_days
    if position.days_past_due == 0 and position.next_due_fen > 0 and is_coming:
        yield Due("due_reminder", to, debt, str(due_on), due_on - pace.reminder_days, due_on)
    # Before the due day, and within grace, nothing bad exists that could be told of.
    if position.days_past_due_grace <= 0 or began_on == NO_DAY:
        return
    yield Due("first_overdue", to, debt, str(began_on), began_on)
    stated = view.case._replace(facts={**view.case.facts, "default_since_on": began_on})
    facts = notices(View(stated, view.act, view.at))
    if facts["episode_notice_delivered"] is not True:
        # 在…之后: delivered today, it is reported on the next day at the earliest.
        after = {"report_after_on": today + max(pace.report_lead_days - 1, 0)}
        yield Due("report_notice", to, debt, str(began_on), began_on, values=after)


def _of_assignees(view: View, today: int) -> Iterator[Due]:
    if notices(view)["assignment_notice_delivered"] is True:
        return
    for party in view.case.parties.values():
        if party.kind == "assignee":
            yield Due("claim_assigned", view.debtor or "", view.debt, party.id, today,
                      party=party.id, values={"from_on": today})  # fmt: skip


def _of_agencies(view: View) -> Iterator[Due]:
    """Tell of each agency that has the debt now, before it first gets in touch."""
    last: dict[str, Event] = {}
    for event in view.of("placement"):
        if event.debt == view.debt and event.party is not None:
            last[event.party] = event
    for party, event in last.items():
        if event.step != "begun" or (event.until_at is not None and view.at >= event.until_at):
            continue
        facts = notices(View(view.case, view.act._replace(agency=party), view.at))
        if facts["agency_notice_delivered"] is not True:
            begun_on = view.day_of(event) or 0
            yield Due("agency_assigned", view.debtor or "", view.debt, event.id, begun_on,
                      party=party, values={"from_on": begun_on})  # fmt: skip


def _of_plans(view: View) -> Iterator[Due]:
    """Tell of the latest step of the debt's plan, where it is one to tell of."""
    steps = [event for event in view.of("plan") if event.debt == view.debt]
    if steps and steps[-1].step in _PLANS:
        event = steps[-1]
        on = view.day_of(event) or 0
        told = {"agreed_on": on} if event.step == "agreed" else _NOTHING
        yield Due(f"plan_{event.step}", view.debtor or "", view.debt, event.id, on,
                  about=event.id, values=told)  # fmt: skip


def _of_person(case: Case, at: int) -> Iterator[Due]:
    """Tell the debtor of complaints of theirs, and of each use of their contact points."""
    view = View(case, Act(kind="duty"), at)
    debtor = view.debtor
    if debtor is None:
        return
    for event in view.of("complaint"):
        if event.person == debtor and event.step in _COMPLAINTS:
            on = view.day_of(event) or 0
            yield Due(f"complaint_{event.step}", debtor, None, event.id, on,
                      values={_COMPLAINTS[event.step]: on})  # fmt: skip
    if not any(one.kind == "app" and one.person == debtor for one in case.points.values()):
        return  # It goes in-app alone; without the app the borrower's own page has it.
    first = _first_of_chain(case)
    for kind in _OPENING:
        for event in view.of(kind):
            # Of an act whose outcome nobody knows it is not known that it opened anything.
            used = event.outcome not in (None, "unknown") and event.channel not in _OPENS_NOTHING
            if event.person == debtor and used:
                on = view.day_of(event) or 0
                yield Due("data_opened", debtor, None, first(event), on, on + 1,
                          values={"opened_on": on})  # fmt: skip


def _first_of_chain(case: Case) -> Callable[[Event], str]:
    """Find the event that a chain of corrections began with."""
    replaces = {event.id: event.replaces for event in case.events if event.replaces}

    def first(event: Event) -> str:
        name = event.id
        while name in replaces:
            name = replaces[name] or name
        return name

    return first
