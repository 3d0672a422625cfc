"""Counts: how often a person was called, written to or visited, by the lender and all for it.

Today is the local calendar day, half-open from its midnight; the very instant counts. Where
several zones are possible the day begins at the earliest midnight, which gives the greatest
count. Who called and about which debt does not matter. A call whose outcome is not known
counts as effective *and* as unanswered: doubt counts against the lender.
"""

from collections.abc import Callable, Container, Iterator
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.view import Facts, View, zones_of_person
from kuanxian.law.timeline.ways import VOICES, can_reach
from kuanxian.law.timeline.zones import day_start, local_day

FACTS: Final = {
    "effective_calls_today": ("calls",),
    "effective_calls_to_target_today": ("calls",),
    "informational_calls_today": ("calls",),
    "unanswered_attempts_today": ("calls",),
    "messages_to_target_today": ("messages",),
    "messages_to_target_week": ("messages",),
    "visits_to_target_today": ("visits",),
    "days_since_last_cycle": ("placements",),
}

UNANSWERED: Final = frozenset((
    "voicemail", "no_answer", "busy", "rejected", "powered_off", "out_of_service", "dead_number",
    "failed", "bounced",
))  # fmt: skip
"""Outcomes of a call, or of a message by voice, in which nobody spoke."""
WEEK_DAYS: Final = 7
"""Local days a week has, today among them."""
NEVER_DAYS: Final = 73_000
"""Days since what never was: the bound of such facts, two hundred years."""

_WITH_DEBTOR: Final = ("co_borrower", "guarantor", "statutory_agent")
_MUTE: Final = ("email", "address")
"""Points at which nobody is called; an account of an app may be."""
_DOUBTFUL: Final = (None, "unknown")


def counts(view: View) -> Facts:
    """Compute today's counters and the days since the last round of collection."""
    whole = view.whole("calls")
    person = view.person
    return {
        "effective_calls_to_target_today": _to(view, person.id, is_effective)
        if whole and person
        else None,
        "effective_calls_today": _to_debtor(view, is_effective) if whole else None,
        "informational_calls_today": _to_debtor(view, _is_informational) if whole else None,
        "unanswered_attempts_today": attempts_at_point(view, {view.act.point}),
        "messages_to_target_today": _sent(view, "message"),
        "messages_to_target_week": _sent(view, "message", WEEK_DAYS),
        "visits_to_target_today": _sent(view, "visit"),
        "days_since_last_cycle": _last_cycle(view),
    }


def is_effective(call: Event) -> bool:
    """Say whether a call was answered, by whomever: a stranger has been disturbed too."""
    return call.outcome not in UNANSWERED


def is_unanswered(call: Event) -> bool:
    """Say whether a call counts as an attempt that nobody answered."""
    return call.outcome in UNANSWERED or call.outcome in _DOUBTFUL


def _is_informational(call: Event) -> bool:
    """Count connected calls that only inform; one without a purpose may have been one."""
    return call.outcome not in UNANSWERED and call.purpose in (None, "inform")


def _to_debtor(view: View, counted: Callable[[Event], bool]) -> int | None:
    """Count calls to the debtor, or to the person addressed who owes with or acts for the debtor.

    The greater count tells, so that nobody who may be collected from is without a limit.
    """
    if view.debtor is None:
        return None
    target = view.target
    people = {view.debtor} | ({target.id} if target and target.role in _WITH_DEBTOR else set())
    found = [_to(view, person, counted) for person in people]
    return None if None in found else max(count for count in found if count is not None)


def _to(view: View, person: str, counted: Callable[[Event], bool]) -> int | None:
    zones = zones_of_person(view.case, person)
    points = view.case.points

    def is_theirs(call: Event) -> bool:
        return person in (call.person, points[call.point].person if call.point else None)

    return count_today(view, zones, lambda call: is_theirs(call) and counted(call))


def attempts_at_point(view: View, names: Container[str | None]) -> int | None:
    """Count today's unanswered attempts at the point that the act names.

    Args:
        view: The case at the instant.
        names: The point, and other names of the same number, if they are known to be that.

    Returns:
        One at no point may have been at it. None where the act names no point that can be called,
        or calls may be missing.
    """
    point = view.act.point
    if point is None or not view.whole("calls"):
        return None
    owner = view.case.points[point].person
    if view.case.points[point].kind in _MUTE:
        return None

    def is_at_it(call: Event) -> bool:
        return call.person == owner if call.point is None else call.point in names

    zones = zones_of_person(view.case, owner, point)
    return count_today(view, zones, lambda call: is_unanswered(call) and is_at_it(call))


def count_today(view: View, zones: tuple[str, ...], counted: Callable[[Event], bool]) -> int | None:
    """Count the calls of the local day so far.

    Returns:
        None where no zone is known at all, or where something sent may have been one of them.
    """
    if not zones:
        return None
    start = min(day_start(local_day(view.at, zone), zone) for zone in zones)
    calls = [call for call in _calls_since(view, start) if counted(call)]
    return len(calls) if all(one.kind == "call" or one.channel for one in calls) else None


def _calls_since(view: View, start: int) -> Iterator[Event]:
    """List the calls since an instant; what was said by voice is one, whatever it is called.

    What was sent by a way that nobody told may be one too, but at a point that no call reaches.

    Source:
        The standard counts calls 含智能语音 (GB/T 45251-2025).
    """
    for kind in ("call", "message", "notice"):
        for event in reversed(view.of(kind)):
            if event.happened_at < start:
                break
            if kind == "call" or event.channel in VOICES or _may_be_spoken(view, event):
                yield event


def _may_be_spoken(view: View, sent: Event) -> bool:
    kind = view.case.points[sent.point].kind if sent.point else None
    return sent.channel is None and can_reach("call", kind)


def _sent(view: View, kind: str, days: int = 1) -> int | None:
    """Count messages or visits to the person in the last local days, whatever became of them."""
    person = view.person
    if person is None or not view.whole(f"{kind}s"):
        return None
    zones = zones_of_person(view.case, person.id)
    if not zones:
        return None
    start = min(day_start(local_day(view.at, zone) - days + 1, zone) for zone in zones)
    return sum(
        one.person == person.id and one.happened_at >= start and not _is_laid_out(one)
        for one in view.of(kind)
    )


def _is_laid_out(sent: Event) -> bool:
    """Say whether a due notice was only laid where the person looks: it disturbs nobody."""
    return sent.channel == "in_app" and sent.due is True


def _last_cycle(view: View) -> int | None:
    """Count days since an earlier placement of the debt ended; many where there was none."""
    if view.debt is None or not view.whole("placements"):
        return None
    ended = [
        event.happened_at
        for event in view.of("placement")
        if event.debt == view.debt and event.step == "ended"
    ]
    return view.days_since_instant(max(ended)) if ended else NEVER_DAYS
