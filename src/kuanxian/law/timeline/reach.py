"""Reach: whether the debtor can be reached, shown by what was tried and never ticked.

A day is one on which the debtor could not be reached if somebody tried by day and every attempt
of that day failed, with no sign of the debtor since. A sign is a call in which somebody who may
have been the debtor spoke, declined or was talking to another, a message read, a meeting, or any
doing of the debtor's own. The days count in a row back from today, or from yesterday while
nothing failed today yet. A call that the caller's own side could not place, what was tried in the
night, and what names no point of the debtor's that it can reach, is no attempt. While a known
number that may be the debtor's was not tried in those days, nobody is out of reach.
"""

from collections.abc import Sequence
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.country import day_minutes_of
from kuanxian.law.timeline.counts import UNANSWERED
from kuanxian.law.timeline.doings import owner_of, seen_at
from kuanxian.law.timeline.points import is_not_theirs
from kuanxian.law.timeline.view import Facts, View, zones_of_person
from kuanxian.law.timeline.ways import PHONES, TAKEN
from kuanxian.law.timeline.zones import day_start, local_day, local_minute

_TRIED: Final = ("points", "calls", "messages", "visits", "inbound", "payments")
FACTS: Final = {
    "unreachable_days": _TRIED,
    "unreachable_attempts": _TRIED,
    "unreachable_hours": _TRIED,
    "dead_number_proven": _TRIED,
    "days_since_dead_number": _TRIED,
}
_IN_VAIN: Final = UNANSWERED - {"busy", "rejected", "failed"} | {"wrong_person"}
"""Outcomes of a call that show nobody there; ``failed`` shows nothing at all."""


def reach(view: View) -> Facts:
    """Compute the evidence that the debtor is out of reach; the least over the zones."""
    runs, sign_at = [], -1
    if view.debtor is not None:
        failed, sign_at = _tries(view, view.debtor)
        if view.whole(*_TRIED):
            numbers = _numbers(view, view.debtor)
            runs = [_run_in(zone, failed, sign_at, view.at, numbers) for zone in view.zones]
    days, attempts, hours = min(runs, default=(None, None, None))
    dead, oldest_at = _all_dead(view, sign_at)
    return {
        "unreachable_days": days,
        "unreachable_attempts": attempts,
        "unreachable_hours": hours,
        "dead_number_proven": dead,
        "days_since_dead_number": view.days_since_instant(oldest_at) if dead else None,
    }


def _numbers(view: View, debtor: str) -> set[str]:
    """List the debtor's numbers that may be dialled: not those found dead or a stranger's."""
    return {
        point.id
        for point in view.case.points.values()
        if point.person == debtor
        and point.kind in (None, *PHONES)
        and point.origin not in TAKEN
        and not is_not_theirs(view, debtor, point.id, "call")
    }


def _tries(view: View, debtor: str) -> tuple[list[Event], int]:
    """List the failed attempts since the last sign of the debtor, and the instant of that one.

    Each kind is gone through from its latest event back to the latest sign found so far.
    """
    failed, sign_at = [], seen_at(view, debtor)
    for kind in ("call", "visit", "message"):
        for event in reversed(view.of(kind)):
            if event.happened_at < sign_at:
                break
            # Whoever answers at the debtor's may be the debtor, whoever it was meant for.
            if _is_sign(event) and debtor in (event.person, owner_of(view, event)):
                sign_at = event.happened_at
            elif (
                event.person == debtor and view.is_at_own_point(event) and _is_attempt(view, event)
            ):
                failed.append(event)
    return failed, sign_at


def _is_sign(event: Event) -> bool:
    """Say whether an event may show the debtor; doubt is a sign, so that nobody is given up."""
    if event.kind == "call":
        return event.outcome not in _IN_VAIN and event.outcome != "failed"
    if event.kind == "visit":
        return event.outcome not in ("absent", "moved")
    return event.outcome == "read"


def _is_attempt(view: View, event: Event) -> bool:
    """Say whether an event that is no sign was a try, by day in every zone that may be theirs.

    Source:
        The hours of the day are those of ``country.toml``; outside of them nobody is tried
        lawfully, so that it is no evidence.
    """
    if event.kind == "message" or event.outcome == "failed" or event.point is None:
        return False
    zones = zones_of_person(view.case, event.person, event.point)
    by_day = day_minutes_of(view.case.country)
    return all(local_minute(event.happened_at, zone) in by_day for zone in zones)


def _run_in(
    zone: str, failed: Sequence[Event], sign_at: int, at: int, numbers: set[str]
) -> tuple[int, int, int]:
    """Find days, attempts and distinct hours of the run of failed days that reaches now."""
    today = local_day(at, zone)
    # The day of a sign is no day on which every attempt failed, whatever came after it.
    first = local_day(sign_at, zone) + 1 if sign_at >= 0 else None
    days = {local_day(one.happened_at, zone) for one in failed}
    last = today if today in days else today - 1
    day = last
    while day in days and (first is None or day >= first):
        day -= 1
    start = day_start(day + 1, zone)
    tried = [one for one in failed if one.happened_at >= start]
    if day == last or not numbers.issubset(one.point for one in tried):
        return 0, 0, 0
    hours = {local_minute(one.happened_at, zone) // 60 for one in tried}
    return last - day, len(tried), len(hours)


def _all_dead(view: View, sign_at: int) -> tuple[bool | None, int | None]:
    """Say whether each known number was last found dead, with no sign of the debtor since.

    Returns:
        Whether it was, and when the number that was tried least lately was found so.
    """
    if view.debtor is None:
        return None, None
    owned = [point for point in view.case.points.values() if point.person == view.debtor]
    # A point of no stated kind may be a number too, that nobody has tried.
    numbers = {point.id for point in owned if point.kind in (None, *PHONES)}
    latest = {
        call.point: call
        for call in view.of("call")
        if call.point in numbers and (call.outcome != "dead_number" or _is_attempt(view, call))
    }
    dead = [call for call in latest.values() if call.outcome == "dead_number"]
    if len(dead) < len(numbers):
        answered = any(call.outcome not in UNANSWERED for call in latest.values())
        return (False if answered or view.whole("calls") else None), None
    oldest_at = min((call.happened_at for call in dead), default=None)
    if oldest_at is not None and oldest_at <= sign_at:
        return False, None
    # A number or a sign that the file leaves out may be there; no number at all proves nothing.
    if not view.whole(*FACTS["dead_number_proven"]):
        return None, None
    return bool(numbers), oldest_at
