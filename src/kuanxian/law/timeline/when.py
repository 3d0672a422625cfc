"""When: the minute and the day it is for the person concerned, and what that person agreed."""

from typing import Final

from kuanxian.base.calendar import mainland, mainland_known_until
from kuanxian.base.days import weekday
from kuanxian.law.case import Event
from kuanxian.law.timeline.consents import ended_at_of, words_of
from kuanxian.law.timeline.view import Facts, View, is_over, zones_of_person
from kuanxian.law.timeline.zones import local_day, local_minute

FACTS: Final = {
    "earliest_local_minute": (),
    "latest_local_minute": (),
    "local_weekday": (),
    "local_day_off": (),
    "window_agreement": ("consents",),
}


def when(view: View) -> Facts:
    """Compute the facts of time at the act's instant.

    Every zone in which the person may be counts, the contact point's own included; where none
    is known, every zone of the country does.
    """
    person = view.person
    zones = zones_of_person(view.case, person.id if person else None, view.act.point)
    minutes = [local_minute(view.at, zone) for zone in zones]
    days = {local_day(view.at, zone) for zone in zones}
    day_on = days.pop() if len(days) == 1 else None
    return {
        "earliest_local_minute": min(minutes, default=None),
        "latest_local_minute": max(minutes, default=None),
        "local_weekday": None if day_on is None else weekday(day_on) + 1,
        "local_day_off": None if day_on is None else _is_day_off(view.case.country, day_on),
        "window_agreement": _agreement(view, minutes),
    }


def _is_day_off(country: str, day_on: int) -> bool | None:
    """Say whether a day is off; unknown where no official calendar of the day is published."""
    if country != "cn" or day_on > mainland_known_until():
        return None
    return bool(mainland()[day_on])


def _agreement(view: View, minutes: list[int]) -> str | None:
    """Find what the person addressed agreed about this very minute, in every zone.

    The person's own running request comes first; then a clause; then a request taken back. A
    withdrawal or refusal ends every request made up to its instant; a request that ran out, or
    about another debt, is none. That one still runs is certain only where the file has every
    consent, for one that it lacks may be a withdrawal.
    """
    person = view.person
    if person is None or not minutes:
        return None
    words = words_of(view, person.id, "contact_window")
    ended_at = ended_at_of(words)
    found = {
        _kind_of(word, ended_at)
        for word in words
        if word.step == "given" and _covers(word, minutes) and not is_over(word, view.at)
    }
    for kind in ("own_request", "standard_clause", "revoked"):
        if kind in found:
            return None if kind == "own_request" and not view.whole("consents") else kind
    return "none" if view.whole("consents") else None


def _kind_of(word: Event, ended_at: int) -> str:
    if word.form != "own_request":
        return "standard_clause"
    return "own_request" if word.happened_at > ended_at else "revoked"


def _covers(window: Event, minutes: list[int]) -> bool:
    """Say whether a window holds every minute; one that passes midnight is ``from > until``.

    A request that names no hours at all is not a request for these.
    """
    if window.form == "own_request" and window.from_minute is window.until_minute is None:
        return False
    first = window.from_minute or 0
    end = 1_440 if window.until_minute is None else window.until_minute
    if first <= end:
        return all(first <= minute < end for minute in minutes)
    return all(minute >= first or minute < end for minute in minutes)
