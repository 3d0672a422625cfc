"""Wishes: that a person asked something, or does not want to be contacted, or otherwise or less.

What a person asked for holds until that person takes it back; asked and taken back at the
same instant, it holds. A wish that somebody else took back, as an event with ``by`` says, stands:
the lender lifts nobody's stop. A question is whatever a person asks an answer to: getting in touch,
a complaint, a dispute, a request for a plan, a statement.
"""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.chains import Chain, chains_of
from kuanxian.law.timeline.counts import UNANSWERED
from kuanxian.law.timeline.doings import is_own, is_own_word
from kuanxian.law.timeline.view import Facts, View, zones_of_person
from kuanxian.law.timeline.zones import day_start, local_day

_CONTACTS: Final = ("calls", "messages", "visits")
FACTS: Final = {
    "target_stopped": ("stops",),
    "against_preference": ("preferences",),
    "question_open": ("inbound", "complaints", "disputes", "plans", "statements", *_CONTACTS),
    "answers_by_channel_today": _CONTACTS,
    "plan_asked": ("plans",),
}
_IN_VAIN: Final = UNANSWERED | {"bounced", "absent", "moved"}
"""Outcomes of an act that surely reached nobody; ``failed`` is among them."""
_ASKED: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "complaint": ("received", ("answered",)),
    "dispute": ("received", ("answered_in_writing",)),
    "plan": ("asked", ("agreed", "refused", "broken", "ended")),
    "statement": ("made", ()),
}
"""Matters in which a person asks for an answer: the step that asks, and the steps that end it."""


def wishes(view: View) -> Facts:
    """Compute what the person concerned asked for, and whether the act goes against it."""
    person = view.person
    return {
        "target_stopped": _stopped(view, person.id) if person else None,
        "against_preference": _against(view, person.id) if person else None,
        "question_open": waits_for_answer(view, person.id) if person else None,
        "answers_by_channel_today": _answers_today(view, person.id) if person else None,
        "plan_asked": view.known(bool(_open(view, "plan", person.id)), "plans") if person else None,
    }


def _stopped(view: View, person: str) -> bool | None:
    return view.known(bool(_standing(view, "stop", person)), "stops")


def waits_for_answer(view: View, person: str) -> bool | None:
    """Say whether the person asked something, and nothing that answers may have come through since.

    It lets something happen, so that it is certain only where no answer can be missing.
    """
    asked_at = _asked_at(view, person)
    if asked_at < 0:
        return False if view.whole(*FACTS["question_open"]) else None
    if any(
        one.purpose in (None, "answer") and one.happened_at >= asked_at
        for one in contacts_of(view, person)
        if one.outcome not in _IN_VAIN
    ):
        return False
    return True if view.whole(*_CONTACTS) else None


def _answers_today(view: View, person: str) -> int | None:
    """Count today's acts to answer a person by the act's channel that may have come through."""
    zones = zones_of_person(view.case, person)
    if not zones or not view.whole(*_CONTACTS):
        return None
    start = min(day_start(local_day(view.at, zone), zone) for zone in zones)
    return sum(
        one.purpose in (None, "answer")
        and one.channel == view.act.channel
        and one.happened_at >= start
        and one.outcome not in _IN_VAIN
        for one in contacts_of(view, person)
    )


def _asked_at(view: View, person: str) -> int:
    """Find when the person last asked something, in person, that no step has ended; -1 if never."""
    asked = [word for word in view.of("inbound") if word.person == person and is_own(word)]
    for kind in _ASKED:
        asked += _open(view, kind, person)
    return max((word.happened_at for word in asked), default=-1)


def _open(view: View, kind: str, person: str) -> list[Event]:
    """List what a person asked in matters of a kind that no step has ended."""
    begin, ends = _ASKED[kind]
    return [
        chain.root
        for chain in chains_of(view, view.of(kind), begin)
        if _is_asked_by(view, chain, person) and not (chain.is_withdrawn or chain.has(*ends))
    ]


def _is_asked_by(view: View, chain: Chain, person: str) -> bool:
    """Say whether a matter is a person's own and of the act's debt; the debtor asks for plans."""
    root = chain.root
    who = view.case.debts[root.debt].debtor if root.kind == "plan" and root.debt else root.person
    return is_own(root) and who == person and (root.debt in (None, view.debt) or view.debt is None)


def _standing(view: View, kind: str, person: str) -> list[Event]:
    """List what a person asked for and has not taken back in person."""
    words = [event for event in view.of(kind) if event.person == person]
    lifted = (word for word in words if word.step == "lifted" and is_own_word(view, word))
    lifted_at = max((word.happened_at for word in lifted), default=-1)
    return [word for word in words if word.step == "asked" and word.happened_at >= lifted_at]


def _against(view: View, person: str) -> bool | None:
    """Say whether the act's channel or its day goes against a wish."""
    answers = {False if view.whole("preferences") else None}
    for wish in _standing(view, "preference", person):
        if wish.avoid or wish.only:
            answers.add(_by_channel(view, wish))
        if wish.least_days is not None:
            answers.add(_too_soon(view, person, wish.least_days))
    if True in answers:
        return True
    return None if None in answers else False


def _by_channel(view: View, wish: Event) -> bool | None:
    channel = view.act.channel
    if channel is None:
        return None
    return channel in wish.avoid or (bool(wish.only) and channel not in wish.only)


def _too_soon(view: View, person: str, least_days: int) -> bool | None:
    """Say whether the last contact was fewer than so many local days ago, in any zone."""
    last_at = max((event.happened_at for event in contacts_of(view, person)), default=None)
    zones = zones_of_person(view.case, person)
    if last_at is not None and zones:
        days = min(local_day(view.at, zone) - local_day(last_at, zone) for zone in zones)
        if days < least_days:
            return True
    return False if view.whole(*_CONTACTS) and zones else None


def contacts_of(view: View, person: str) -> list[Event]:
    """List the calls, messages and visits to a person, whatever came of them."""
    return [
        event
        for kind in ("call", "message", "visit")
        for event in view.of(kind)
        if event.person == person
    ]
