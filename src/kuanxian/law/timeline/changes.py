"""Changes: the instants at which a fact of a case may become another if nothing more happens.

Between two of them every fact keeps its value, so a search for the next allowed instant looks
only there: local midnights (counters, ages and waiting periods go by days), the minutes of
the day that matter to a rule or a person's window, what runs out, what is known ahead, and
clock changes.
"""

import datetime
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from kuanxian.base.days import date_of
from kuanxian.law.case import Act, Case
from kuanxian.law.timeline.view import View, zones_of_person
from kuanxian.law.timeline.zones import day_start, local_day

_QUARTER_US: Final = 15 * 60 * 1_000_000
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = datetime.timedelta(microseconds=1)


def instants_of_change(
    case: Case, act: Act, from_at: int, until_at: int, minutes: Iterable[int] = ()
) -> list[int]:
    """List the instants after one and up to another at which a fact may change.

    Args:
        case: The case.
        act: What is proposed.
        from_at: Microseconds UTC, itself left out.
        until_at: Microseconds UTC, itself included.
        minutes: Minutes of the local day that matter to rules, 0 to 1440, such as 480 and
            1320 for quiet hours; those of the case's own windows are added.

    Returns:
        Instants in rising order, each once. Some may change nothing; none is missing.
    """
    view = View(case, act, from_at)
    zones = _zones(view)
    windows = (
        minute
        for event in case.events
        for minute in (event.from_minute, event.until_minute)
        if minute is not None
    )
    # A fact is another from the minute after an "up to and including" threshold on.
    wanted = sorted({0} | {minute for one in chain(minutes, windows) for minute in (one, one + 1)})
    found = set(_of_events(case))
    for zone in zones:
        found.update(_of_days(zone, from_at, until_at, wanted))
    return sorted(at for at in found if from_at < at <= until_at)


def _zones(view: View) -> tuple[str, ...]:
    """List every zone that a fact of this act looks at."""
    zones = list(view.zones)
    for person in (view.person, view.target):
        if person is not None:
            zones += zones_of_person(view.case, person.id, view.act.point)
    return tuple(dict.fromkeys(zones))


def _of_events(case: Case) -> Iterator[int]:
    """List when events come to count, arrive, or run out."""
    for event in case.events:
        yield max(event.happened_at, event.known_at)
        if event.until_at is not None:
            yield event.until_at
        if event.delivered_at is not None:
            yield event.delivered_at


def _of_days(zone: str, from_at: int, until_at: int, minutes: list[int]) -> Iterator[int]:
    """List the wanted minutes of every local day in between, and of days with a clock change."""
    info = ZoneInfo(zone)
    for day_on in range(local_day(from_at, zone), local_day(until_at, zone) + 1):
        start, end = day_start(day_on, zone), day_start(day_on + 1, zone)
        if end - start == 96 * _QUARTER_US:
            yield from (start + minute * 60_000_000 for minute in minutes if minute <= 1_440)
            continue
        # Clocks change on this day: every quarter of an hour is looked at, and each minute
        # wanted both times it may come.
        yield from range(start, end, _QUARTER_US)
        date = date_of(day_on)
        for minute in minutes:
            if minute < 1_440:
                clock = datetime.time(minute // 60, minute % 60, tzinfo=info)
                for fold in (0, 1):
                    local = datetime.datetime.combine(date, clock.replace(fold=fold))
                    yield (local - _EPOCH) // _MICROSECOND
