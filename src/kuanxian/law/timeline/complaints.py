"""Complaints to the lender: open or not, how old, of which class and about what.

A complaint that nobody found complex is simple, the class with the shortest time limit.
"""

from functools import partial
from typing import Final

from kuanxian.law.country import complaint_days_of
from kuanxian.law.timeline.chains import Chain, chains_of, in_question, whose
from kuanxian.law.timeline.view import Facts, View

FACTS: Final = {
    "complaint_open": ("complaints",),
    "days_since_complaint": (),
    "complaint_class": (),
    "complaint_topic": (),
}


def complaints(view: View) -> Facts:
    """Compute the complaint in question: the one the act names, or the most pressing open one."""
    people = whose(view)
    events = [event for event in view.of("complaint") if event.person in people]
    chains = chains_of(view, events, "received")
    chain = max(in_question(view, chains, _is_open), key=partial(_days_past, view), default=None)
    return {
        "complaint_open": view.known(any(map(_is_open, chains)), "complaints") if people else None,
        "days_since_complaint": view.days_since_instant(chain.root.happened_at) if chain else None,
        "complaint_class": _class_of(chain) if chain else None,
        "complaint_topic": chain.root.topic if chain else None,
    }


def _days_past(view: View, chain: Chain) -> int:
    """Count the days past the time limit of its class: below zero while it runs.

    Source:
        The limits are ``complaint_days`` of ``country.toml``.
    """
    days = view.days_since_instant(chain.root.happened_at) or 0
    return days - complaint_days_of(view.case.country).get(_class_of(chain), 0)


def _is_open(chain: Chain) -> bool:
    return not (chain.has("answered") or chain.is_withdrawn)


def _class_of(chain: Chain) -> str:
    if chain.has("extended"):
        return "extended"
    return "complex" if chain.has("found_complex") else "simple"
