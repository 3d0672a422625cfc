"""Disputes: of a credit record, and of the debt itself.

A dispute is settled when it was withdrawn, or when its check is done, what the check asks for
is done, and the person has the answer in writing. One whose matter nobody wrote down counts
both as one of the record and as one of the debt.
"""

from collections.abc import Callable, Sequence
from typing import Final

from kuanxian.law.timeline.chains import Chain, chains_of, in_question, whose
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
    "debt_not_theirs": _WHOLE,
    "statement_made": ("statements",),
    "statement_forwarded": ("statements",),
}

_FINDINGS: Final = {
    "found_wrong": "wrong", "found_omitted": "omitted", "found_right": "right",
    "found_undecided": "undecided",
}  # fmt: skip

_OF_A_DISPUTE: Final = (
    "days_since_dispute", "dispute_mark_set", "dispute_finding", "dispute_answered_written",
    "corrected_at_provider", "corrected_at_database", "unresolved_recorded",
)  # fmt: skip


def disputes(view: View) -> Facts:
    """Compute the dispute in question, and whether the debt itself is disputed."""
    people = whose(view)
    events = [event for event in view.of("dispute") if event.person in people]
    chains = [
        chain
        for chain in chains_of(view, events, "received")
        if chain.root.debt in (None, view.debt) or view.debt is None
    ]
    records = [chain for chain in chains if chain.root.topic in (None, "record")]
    debts = [chain for chain in chains if chain.root.topic != "record"]
    return {
        "dispute_open": _any(view, records, _is_open),
        "debt_disputed": _any(view, debts, _is_open),
        "debt_not_theirs": _any(view, debts, _is_anothers),
        **_steps(view, records, debts),
        **_statements(view),
    }


def _any(view: View, chains: Sequence[Chain], holds: Callable[[Chain], bool]) -> bool | None:
    """Say whether something holds of a dispute; whose debt it is must be known to say of none."""
    shown = any(map(holds, chains))
    return view.known(shown, *_WHOLE) if shown or view.debtor is not None else None


def _is_open(chain: Chain) -> bool:
    if chain.is_withdrawn:
        return False
    finding = chain.last(*_FINDINGS)
    done = {
        "found_right": True,
        "found_undecided": chain.has("unresolved_recorded"),
    }
    settled = finding is not None and done.get(finding.step or "", not _is_wrong(chain))
    return not (settled and chain.has("answered_in_writing"))


def _is_wrong(chain: Chain) -> bool:
    """Say whether a record or debt was found wrong and stands so: not corrected at both places.

    That a debt is somebody else's no correction makes good.
    """
    finding = chain.last(*_FINDINGS)
    corrected = chain.has("corrected_at_provider") and chain.has("corrected_at_database")
    wrong = finding is not None and finding.step in ("found_wrong", "found_omitted")
    return wrong and not (corrected and chain.root.topic != "identity")


def _is_anothers(chain: Chain) -> bool:
    """Say whether the debt was found to be somebody else's.

    No correction makes it theirs, nor that they withdraw once they were told that they are right.
    """
    return chain.root.topic == "identity" and _is_wrong(chain)


def _steps(view: View, records: Sequence[Chain], debts: Sequence[Chain]) -> Facts:
    """Tell how far the dispute in question has come; all unknown where there is none.

    What was found wrong and still stands wrong comes before any other, the one that the act names
    too; and while several are open all must be marked: one matter never stands for another.
    """
    asked = in_question(view, records, _is_open)
    found = next(filter(_is_wrong, (*records, *debts)), asked[0] if asked else None)
    facts = dict.fromkeys(_OF_A_DISPUTE) if found is None else _found(view, found)
    if asked:
        answered = asked[0].has("answered_in_writing")
        facts |= {
            "days_since_dispute": view.days_since_instant(asked[0].root.happened_at),
            "dispute_mark_set": view.known(all(map(_is_marked, asked)), *_WHOLE),
            "dispute_answered_written": view.known(answered, *_WHOLE),
        }
    return facts


def _found(view: View, chain: Chain) -> Facts:
    finding = chain.last(*_FINDINGS)
    pending = "pending" if view.whole(*_WHOLE) else None
    told = ("corrected_at_provider", "corrected_at_database", "unresolved_recorded")
    facts: Facts = dict.fromkeys(_OF_A_DISPUTE)
    facts |= {step: view.known(chain.has(step), *_WHOLE) for step in told}
    return facts | {"dispute_finding": _FINDINGS[finding.step or ""] if finding else pending}


def _is_marked(chain: Chain) -> bool:
    marked = chain.last("marked", "unmarked")
    return marked is not None and marked.step == "marked"


def _statements(view: View) -> Facts:
    """Tell whether the person made a statement and whether each one was passed on."""
    events = [event for event in view.of("statement") if event.person == view.debtor]
    made = chains_of(view, events, "made")
    forwarded = all(chain.has("forwarded") for chain in made)
    return {
        "statement_made": view.known(bool(made), "statements") if view.debtor else None,
        "statement_forwarded": view.known(forwarded, "statements") if made else None,
    }
