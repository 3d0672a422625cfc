"""Notices: what a person was told, with proof that it arrived.

A notice counts from the receipt of its delivery, not from its sending; one whose arrival
nobody knows has not arrived.
"""

from collections.abc import Iterator
from typing import Final

from kuanxian.law.case import Event, Person
from kuanxian.law.timeline.agency import agency_of, last_back_at
from kuanxian.law.timeline.consents import use_of
from kuanxian.law.timeline.episodes import began_on, cured_at
from kuanxian.law.timeline.handing import assignee_of
from kuanxian.law.timeline.plans import root_of
from kuanxian.law.timeline.points import has_come
from kuanxian.law.timeline.target import may_be_asked
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.wishes import waits_for_answer
from kuanxian.law.timeline.zones import day_start

_WHOLE: Final = ("notices",)
FACTS: Final = {
    "target_noticed": _WHOLE,
    "owed_to_person": ("notices", "consents", "erasures"),
    "processing_notice_given": _WHOLE,
    "agency_notice_delivered": _WHOLE,
    "assignment_notice_delivered": _WHOLE,
    "episode_notice_delivered": ("notices", "overdues"),
    "days_since_episode_notice": ("overdues",),
    "reporting_effect_told": _WHOLE,
}


def notices(view: View) -> Facts:
    """Compute which notices the debtor, or the person concerned, has received."""
    person, debtor, party = view.person, view.debtor, agency_of(view)
    told = [
        notice.party
        for notice in _delivered(view, debtor, "outsourcing")
        if _is_of_debt(view, notice) and notice.happened_at >= last_back_at(view, notice.party)
    ]
    episode_at = _episode_notice_at(view)
    own = next(_delivered(view, person.id if person else None, "own_notice"), None)
    assignee = assignee_of(view)
    assigned = any(
        _is_of_debt(view, one) and _tells_of(view, one, assignee)
        for one in _delivered(view, debtor, "assignment")
    )
    return {
        "target_noticed": view.known(own is not None, *_WHOLE) if person else None,
        "owed_to_person": _owed(view, person, told=own is not None) if person else None,
        "processing_notice_given": _processing_told(view),
        "agency_notice_delivered": view.known(party in told, *_WHOLE) if party else None,
        "assignment_notice_delivered": view.known(assigned, *_WHOLE) if debtor else None,
        "episode_notice_delivered": _episode_noticed(view, episode_at),
        "days_since_episode_notice": view.days_since_instant(episode_at),
        "reporting_effect_told": _effect_told(view),
    }


def _owed(view: View, person: Person, *, told: bool) -> bool | None:
    """Say whether the act is an answer that is open, or the first notice of a contact's own.

    Whom the debtor named must be told who holds the data before anything is done with them
    (个人信息保护法第十七条), so that neither a basis nor an earlier notice can be asked for.
    """
    if view.act.purpose == "answer":
        return waits_for_answer(view, person.id)
    if view.act.purpose != "notice" or told or not may_be_asked(view, person):
        return False
    return True if view.whole(*FACTS["owed_to_person"]) else None


def _delivered(view: View, person: str | None, notice: str) -> Iterator[Event]:
    """List the notices of one matter that had reached a person by now."""
    for event in view.of("notice"):
        if event.person == person and event.notice == notice and has_come(view, event):
            yield event


def _tells_of(view: View, notice: Event, assignee: str | None) -> bool:
    """Say whether a notice of assignment tells of who acts: one that names another does not.

    Nor does one that names nobody, but where the case's own lender is the assignee.
    """
    if assignee is None or notice.party == assignee:
        return True
    return notice.party is None and assignee == view.case.lender.id


def _processing_told(view: View) -> bool | None:
    """Say whether the person was told of this use of data, since it last changed."""
    person, use = view.person, use_of(view)
    if person is None or use is None:
        return None
    changes = [change.happened_at for change in view.of("change") if change.purpose in (None, use)]
    told = any(
        notice.purpose == use and notice.happened_at >= max(changes, default=-1)
        for matter in ("processing_rules", "own_notice")
        for notice in _delivered(view, person.id, matter)
    )
    if told:
        return True if view.whole("changes") else None
    return view.known(False, "notices")


def arrived_at(notice: Event) -> int:
    """Find when a notice arrived: by the receipt, or else when it was given; never before that."""
    return max(notice.happened_at, notice.delivered_at or 0)


def _is_of_debt(view: View, notice: Event) -> bool:
    """Say whether a notice is about the act's debt; one that names none is about none."""
    return view.debt is not None and notice.debt == view.debt


def _episode_notice_at(view: View) -> int | None:
    """Find when the first notice given within the present overdue episode arrived.

    It is due to whom the record is of: a co-borrower's or guarantor's is not the debtor's.
    """
    began = began_on(view)
    if began is None or not view.zones:
        return None
    start = max(cured_at(view), *(day_start(began, zone) for zone in view.zones))
    target = view.target
    signed = target is not None and target.role in ("co_borrower", "guarantor")
    subject = target.id if target is not None and signed else view.debtor
    arrivals = [
        arrived_at(notice)
        for notice in _delivered(view, subject, "adverse_report")
        if _is_of_debt(view, notice) and notice.happened_at >= start
    ]
    return min(arrivals, default=None)


def _episode_noticed(view: View, episode_at: int | None) -> bool | None:
    if episode_at is not None:
        return True
    return False if view.whole("notices") and began_on(view) is not None else None


def _effect_told(view: View) -> bool | None:
    """Say whether the borrower was told, for this plan, how it would be reported."""
    if view.debt is None:
        return None
    root = root_of(view)
    since = root.happened_at if root else -1
    told = any(
        _is_of_debt(view, notice)
        and (notice.happened_at >= since if notice.about is None else _is_about(notice, root))
        for notice in _delivered(view, view.debtor, "plan_effect")
    )
    return view.known(told and (root is not None or view.whole("plans")), "notices")


def _is_about(notice: Event, root: Event | None) -> bool:
    return root is not None and notice.about in (root.id, root.about)
