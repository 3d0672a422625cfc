"""Consents: what a person agreed to, for which use, and what was taken back since.

A withdrawal or refusal ends every consent to that use given up to its instant; a consent that
ran out is none, and so is one of a person who was then under age or without capacity. That a
consent *is* in force is certain only where the file has every consent, for one that it lacks may
be a withdrawal. A clause of a standard form is no consent of its own, and a consent whose form is
not told may be such a clause. Nobody consents for another.
"""

from collections.abc import Sequence
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.case_tables import CONSENT_PURPOSES
from kuanxian.law.timeline.doings import is_own_word
from kuanxian.law.timeline.view import Facts, View

_WHOLE: Final = ("consents",)
FACTS: Final = {
    "consent_active": _WHOLE,
    "separate_consent_active": _WHOLE,
    "consent_withdrawn": _WHOLE,
    "consent_covers_notice": ("consents", "changes"),
    "refused_before": _WHOLE,
    "asks_since_refusal": _WHOLE,
    "days_since_refusal": _WHOLE,
    "report_consent_written": ("consents", "changes"),
    "query_consent_written": ("consents", "changes"),
    "query_purpose_agreed": ("consents", "changes"),
    "attempts_agreed": _WHOLE,
    "entry_consent": _WHOLE,
    "automated_refused": _WHOLE,
}

_OF_ACT: Final = {
    "report": "report", "query": "query", "share": "share", "disclose": "share",
    "assign": "share", "automate": "automate",
    "plan": "plan", "contact": "contact", "message": "contact", "visit": "contact",
}  # fmt: skip
"""The use of data that an act is, where it does not name one."""


def consents(view: View) -> Facts:
    """Compute what the person concerned agreed to, for the act's use of data and for others."""
    person = view.person
    use = use_of(view)
    words = words_of(view, person.id if person else None, use)
    active = active_of(view, words)
    return {
        "consent_active": _sure(view, words, active),
        "separate_consent_active": _sure(view, words, [one for one in active if one.separate]),
        "consent_withdrawn": _last_is(view, words, "withdrawn"),
        "consent_covers_notice": _covers(view, active),
        "refused_before": _last_is(view, words, "refused"),
        "asks_since_refusal": _asks(view, words),
        "days_since_refusal": _days_since_refusal(view, words),
        "report_consent_written": _has(view, person and person.id, "report", "written"),
        "query_consent_written": _has(view, person and person.id, "query", "written"),
        "query_purpose_agreed": _query_agreed(view, person and person.id),
        "attempts_agreed": _has(view, person and person.id, "attempts", "own_request"),
        "entry_consent": _has(view, person and person.id, "visit_entry"),
        "automated_refused": _refuses_automation(view, person and person.id),
    }


def use_of(view: View) -> str | None:
    """Find for which use of data the act needs a consent, if it tells."""
    if view.act.purpose in CONSENT_PURPOSES:
        return view.act.purpose
    return _OF_ACT.get(view.act.kind)


def words_of(view: View, person: str | None, purpose: str | None) -> list[Event]:
    """List what a person said on a use of data, about this debt or about all.

    A consent that somebody else gave, as its ``by`` says, is not that person's.
    """
    if person is None or purpose is None:
        return []
    return [
        word
        for word in view.said(person, purpose)
        if word.debt in (None, view.debt) and (word.step != "given" or is_own_word(view, word))
    ]


def standing_of(view: View, words: Sequence[Event]) -> list[Event]:
    """List the consents in force that are to the processing as it is now.

    That one stands is certain only where the file has every change.
    """
    return [word for word in active_of(view, words) if _is_current(view, word)]


def _is_current(view: View, word: Event) -> bool:
    """Say whether no change took the place of what was agreed to, before the consent or since.

    A consent that names no version is to what held when it was given.
    """
    changes = [one for one in view.of("change") if one.purpose in (None, word.purpose)]
    since = [one for one in changes if one.happened_at > word.happened_at]
    if word.version is None or any(one.version is None for one in since):
        return not since
    versions = [one.version for one in changes if one.version is not None]
    return not versions or versions[-1] == word.version


def active_of(view: View, words: Sequence[Event]) -> list[Event]:
    """List the consents in force among what a person said on one use."""
    ended_at = ended_at_of(words)
    return [
        word
        for word in words
        if _is_yes(word)
        and word.happened_at > ended_at
        and (word.until_at is None or view.at < word.until_at)
    ]


def has_taken_back(view: View, person: str, purpose: str) -> bool:
    """Say whether a person refused a use or took it back, and has not agreed to it since."""
    words = words_of(view, person, purpose)
    ended_at = ended_at_of(words)
    return ended_at >= 0 and not any(
        _is_yes(word) and word.happened_at > ended_at for word in words
    )


def _is_yes(word: Event) -> bool:
    """Say whether a word is a consent: a clause of a form, or what may be one, is none."""
    return word.step == "given" and word.form not in ("standard_clause", "unknown", None)


def ended_at_of(words: Sequence[Event]) -> int:
    """Find when consents last ended by a withdrawal or refusal; -1 if they never did."""
    ends = (word.happened_at for word in words if word.step in ("withdrawn", "refused"))
    return max(ends, default=-1)


def _sure(view: View, words: Sequence[Event], active: Sequence[Event]) -> bool | None:
    """Answer yes where a consent is in force and nothing can be missing; no where none is."""
    if not words and (view.person is None or use_of(view) is None):
        return None
    if view.whole("consents"):
        return bool(active)
    return False if ended_at_of(words) >= 0 and not active else None


def _last_is(view: View, words: Sequence[Event], step: str) -> bool | None:
    """Say whether the person's last word is this one; it wins over what was given then."""
    if not words and (view.person is None or use_of(view) is None):
        return None
    at = max((word.happened_at for word in words if word.step == step), default=-1)
    given = any(_is_yes(word) and word.happened_at > at for word in words)
    return view.known(at >= 0 and not given, "consents")


def _covers(view: View, active: Sequence[Event]) -> bool | None:
    """Say whether nothing about the processing changed since the last consent in force."""
    if not active:
        return None
    if not _is_current(view, active[-1]):
        return False
    return True if view.whole("consents", "changes") else None


def _asks(view: View, words: Sequence[Event]) -> int | None:
    """Count how often it was asked for again since the last refusal; 0 if never refused."""
    if not view.whole("consents") or use_of(view) is None or view.person is None:
        return None
    refused_at = max((word.happened_at for word in words if word.step == "refused"), default=None)
    if refused_at is None:
        return 0
    return sum(word.step == "asked" and word.happened_at > refused_at for word in words)


def _days_since_refusal(view: View, words: Sequence[Event]) -> int | None:
    if not view.whole("consents"):
        return None
    refused = [word.happened_at for word in words if word.step == "refused"]
    return view.days_since_instant(max(refused, default=None))


def _has(view: View, person: str | None, purpose: str, form: str | None = None) -> bool | None:
    """Say whether a person's consent to a use is in force, in a form if one is asked for.

    A report and a query use data: that no change of it is missing must be known too. The rest, how
    often to be called and to be visited at home, is a wish.
    """
    if person is None:
        return None
    words = words_of(view, person, purpose)
    if any(form in (None, one.form) for one in standing_of(view, words)):
        changes = ("changes",) if purpose in ("report", "query") else ()
        return True if view.whole("consents", *changes) else None
    return False if view.whole("consents") or ended_at_of(words) >= 0 else None


def _query_agreed(view: View, person: str | None) -> bool | None:
    """Say whether the purpose of a credit query is one that a consent in force names."""
    if view.act.query_purpose is None or person is None or not view.whole("consents"):
        return None
    active = standing_of(view, words_of(view, person, "query"))
    if any(view.act.query_purpose in consent.query_purposes for consent in active):
        return True if view.whole("changes") else None
    return False


def _refuses_automation(view: View, person: str | None) -> bool | None:
    if person is None:
        return None
    return view.known(has_taken_back(view, person, "automate"), "consents")
