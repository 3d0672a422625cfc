"""Breaches of personal data at the lender, and its compliance audits."""

from typing import Final

from kuanxian.law.timeline.chains import Chain, chains_of, in_question
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.zones import months_over

_WHOLE: Final = ("breaches",)
_STEPS: Final = {
    "breach_remedied": "remedied",
    "breach_authority_told": "authority_told",
    "breach_people_told": "people_told",
    "breach_harm_averted": "harm_averted",
    "breach_notice_complete": "notice_complete",
}
FACTS: Final = {
    "breach_found": _WHOLE,
    **dict.fromkeys(_STEPS, _WHOLE),
    "months_since_audit": ("audits",),
}


def breaches(view: View) -> Facts:
    """Compute how far the breaches in question were dealt with; unknown where there is none."""
    chains = chains_of(view, view.of("breach"), "found")
    asked = in_question(view, chains, _is_open)
    facts: Facts = {"breach_found": view.known(bool(chains), *_WHOLE)}
    for fact, step in _STEPS.items():
        done = all(chain.has(step) for chain in asked)
        facts[fact] = view.known(done, *_WHOLE) if asked else None
    facts["months_since_audit"] = _since_audit(view)
    return facts


def _is_open(chain: Chain) -> bool:
    """Say whether anything is left to do: people need not be told where harm was averted."""
    told = chain.has("people_told", "harm_averted") and chain.has("authority_told")
    return not (told and chain.has("remedied") and chain.has("notice_complete"))


def _since_audit(view: View) -> int | None:
    """Count whole months since the last audit; unknown where there never was one."""
    audits = view.of("audit")
    if not audits or not view.whole("audits") or view.today is None:
        return None
    finished_on = view.day_of(audits[-1])
    return None if finished_on is None else months_over(finished_on, view.today)
