"""Disputes: of a credit record, and of the debt itself.

A dispute is settled when it was withdrawn, or when its check is done, what the check asks for
is done, and the person has the answer in writing. One whose matter nobody wrote down counts
both as one of the record and as one of the debt.
"""

from collections.abc import Sequence
from typing import Final

from kuanxian.law.timeline.chains import Chain, chains_of, chosen
from kuanxian.law.timeline.view import Facts, View

_WHOLE: Final = ("disputes",)
FACTS: Final = {
    "dispute_open": _WHOLE,
    "days_since_dispute": (),
    "dispute_mark_set": _WHOLE,
    "dispute_finding": _WHOLE,
    "dispute_answered_written": _WHOLE,
    "corrected_at_provider": _WHOLE,
    "corrected_at_database": _WHOLE,
    "unresolved_recorded": _WHOLE,
    "debt_disputed": _WHOLE,
    "statement_made": ("statements",),
    "statement_forwarded": ("statements",),
}

_FINDINGS: Final = {
    "found_wrong": "wrong", "found_omitted": "omitted", "found_right": "right",
    "found_undecided": "undecided",
}  # fmt: skip


def disputes(view: View) -> Facts:
    """Compute the dispute in question, and whether the debt itself is disputed."""
    people = {view.debtor, view.act.to} - {None}
    events = [event for event in view.of("dispute") if event.person in people]
    chains = [
        chain
        for chain in chains_of(view, events, "received")
        if chain.root.debt in (None, view.debt) or view.debt is None
    ]
    records = [chain for chain in chains if chain.root.topic in (None, "record")]
    debts = [chain for chain in chains if chain.root.topic != "record"]
    return {
        "dispute_open": _any_open(view, records),
        "debt_disputed": _any_open(view, debts),
        **_steps(view, chosen(view, records, _is_open)),
        **_statements(view),
    }


def _any_open(view: View, chains: Sequence[Chain]) -> bool | None:
    """Say whether a dispute is open; whose debt it is must be known to say that none is."""
    shown = any(map(_is_open, chains))
    return view.known(shown, *_WHOLE) if shown or view.debtor is not None else None


def _is_open(chain: Chain) -> bool:
    if chain.is_withdrawn:
        return False
    finding = chain.last(*_FINDINGS)
    done = {
        "found_wrong": chain.has("corrected_at_provider") and chain.has("corrected_at_database"),
        "found_omitted": chain.has("corrected_at_provider") and chain.has("corrected_at_database"),
        "found_right": True,
        "found_undecided": chain.has("unresolved_recorded"),
    }
    settled = finding is not None and done[finding.step or ""]
    return not (settled and chain.has("answered_in_writing"))


def _steps(view: View, chain: Chain | None) -> Facts:
    """Tell how far a dispute has come; all unknown where there is none."""
    if chain is None:
        return dict.fromkeys((
            "days_since_dispute", "dispute_mark_set", "dispute_finding",
            "dispute_answered_written", "corrected_at_provider", "corrected_at_database",
            "unresolved_recorded",
        ))  # fmt: skip
    marked = chain.last("marked", "unmarked")
    finding = chain.last(*_FINDINGS)
    pending = "pending" if view.whole(*_WHOLE) else None
    is_marked = marked is not None and marked.step == "marked"
    return {
        "days_since_dispute": view.days_since_instant(chain.root.happened_at),
        "dispute_mark_set": is_marked if marked else view.known(False, *_WHOLE),
        "dispute_finding": _FINDINGS[finding.step or ""] if finding else pending,
        "dispute_answered_written": view.known(chain.has("answered_in_writing"), *_WHOLE),
        "corrected_at_provider": view.known(chain.has("corrected_at_provider"), *_WHOLE),
        "corrected_at_database": view.known(chain.has("corrected_at_database"), *_WHOLE),
        "unresolved_recorded": view.known(chain.has("unresolved_recorded"), *_WHOLE),
    }


def _statements(view: View) -> Facts:
    """Tell whether the person made a statement and whether the last one was passed on."""
    events = [event for event in view.of("statement") if event.person == view.debtor]
    made = chains_of(view, events, "made")
    forwarded = bool(made) and made[-1].has("forwarded")
    return {
        "statement_made": view.known(bool(made), "statements") if view.debtor else None,
        "statement_forwarded": view.known(forwarded, "statements") if made else None,
    }
