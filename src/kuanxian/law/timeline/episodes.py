"""Episodes: when an overdue of the debt began and when it was paid up.

Days are the ledger's: an event may name the day it counts from. Everything is about the
latest episode; whether there was a later one is certain only where the file has them all.
"""

from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.zones import years_over

_WHOLE: Final = ("overdues",)
FACTS: Final = {
    "default_began_on": _WHOLE,
    "default_repaid_on": _WHOLE,
    "days_since_cured": _WHOLE,
    "years_since_default_ended": _WHOLE,
    "default_ended": _WHOLE,
    "recovery_reported": ("overdues", "reports"),
    "report_is_negative": (),
    "reported_record": (),
}

_ADVERSE: Final = ("overdue", "bad_debt", "guarantor_paid")
_ADVERSE_LETTERS: Final = frozenset("1234567DZGB")
"""Overdue, paid by a guarantor, settled in kind, ended otherwise, bad debt."""
_SHOWN_OVERDUE: Final = ("reported_overdue_fen", "reported_days_past_due")


def episodes(view: View) -> Facts:
    """Compute the days of the latest overdue episode, and what of it was reported."""
    began, cured = _latest(view)
    cured_on = view.day_of(cured) if cured else None
    ended = cured_on is not None and view.today is not None
    record = view.act.record
    return {
        "default_began_on": view.day_of(began) if began else None,
        "default_repaid_on": cured_on,
        "days_since_cured": view.days_since(cured_on),
        "years_since_default_ended": years_over(cured_on, view.today)
        if cured_on is not None and view.today is not None
        else None,
        "default_ended": _ended(view, began, cured),
        "recovery_reported": _recovered(view, cured) if ended and cured else None,
        "report_is_negative": _is_adverse(view) if record is not None else None,
        "reported_record": record,
    }


def _is_adverse(view: View) -> bool:
    """Say whether a report is adverse: by its kind, its letter, or something overdue in it."""
    if view.case.facts.get("reported_letter") in _ADVERSE_LETTERS:
        return True
    shown = (view.case.facts.get(name) for name in _SHOWN_OVERDUE)
    return view.act.record in _ADVERSE or any(isinstance(one, int) and one > 0 for one in shown)


def began_on(view: View) -> int | None:
    """Find the first day of the present episode: as told, or as the ledger's stated fact.

    Where both are there the later one counts, so that no notice of an older episode does.
    """
    began, cured = _latest(view)
    told = view.day_of(began) if began is not None and cured is None else None
    stated = view.case.facts.get("default_since_on")
    days = [day for day in (told, stated) if isinstance(day, int) and not isinstance(day, bool)]
    return max(days, default=None)


def cured_at(view: View) -> int:
    """Find when an episode of the debt was last paid up; -1 if never."""
    return max(
        (one.happened_at for one in view.of("overdue")
         if one.debt == view.debt and one.step == "cured"),
        default=-1,
    )  # fmt: skip


def _latest(view: View) -> tuple[Event | None, Event | None]:
    """Find the begin of the latest episode, and its end if it has ended."""
    if view.debt is None or not view.whole("overdues"):
        return None, None
    steps = [event for event in view.of("overdue") if event.debt == view.debt]
    steps.sort(key=lambda event: view.day_of(event) or 0)
    began = cured = None
    for event in steps:
        if event.step == "began":
            began, cured = event, None
        elif began is not None and cured is None:
            cured = event
    return began, cured


def _ended(view: View, began: Event | None, cured: Event | None) -> bool | None:
    """Say whether the latest default is over: paid up, or the debt settled since it began."""
    if began is None:
        return None
    settled = any(
        event.debt == view.debt and event.happened_at >= began.happened_at
        for event in view.of("settlement")
    )
    return cured is not None or settled or view.known(False, "settlements")


def _recovered(view: View, cured: Event) -> bool | None:
    """Say whether the recovery was reported since the overdue was paid up."""
    cured_on = view.day_of(cured) or 0
    reported = any(
        report.debt == view.debt
        and report.record in ("recovery", "settled", "normal")
        and (view.day_of(report) or 0) >= cured_on
        for report in view.of("report")
    )
    return view.known(reported, "reports")
