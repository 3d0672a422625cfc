"""Complaints to the lender: open or not, how old, of which class and about what.

A complaint that nobody found complex is simple, the class with the shortest time limit.
"""

from typing import Final

from kuanxian.law.timeline.chains import Chain, chains_of, chosen, whose
from kuanxian.law.timeline.view import Facts, View

FACTS: Final = {
    "complaint_open": ("complaints",),
    "days_since_complaint": (),
    "complaint_class": (),
    "complaint_topic": (),
}


def complaints(view: View) -> Facts:
    """Compute the complaint in question: the one the act names, or the oldest open one."""
    people = whose(view)
    events = [event for event in view.of("complaint") if event.person in people]
    chains = chains_of(view, events, "received")
    chain = chosen(view, chains, _is_open)
    return {
        "complaint_open": view.known(any(map(_is_open, chains)), "complaints") if people else None,
        "days_since_complaint": view.days_since_instant(chain.root.happened_at) if chain else None,
        "complaint_class": _class_of(chain) if chain else None,
        "complaint_topic": chain.root.topic if chain else None,
    }


def _is_open(chain: Chain) -> bool:
    return not (chain.has("answered") or chain.is_withdrawn)


def _class_of(chain: Chain) -> str:
    if chain.has("extended"):
        return "extended"
    return "complex" if chain.has("found_complex") else "simple"
