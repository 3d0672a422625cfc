"""Ledger: figures a case states as of the last close, where the timeline has gone on since.

They are of the day of the instant the case names. On an earlier day they are not known yet; and
what was paid, cured or settled since stands in no figure of an older close. A figure that cannot
be true any more is unknown, never replaced: what it is now, the next close says.
"""

from collections.abc import Mapping
from typing import Final

from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.zones import local_day

_LATE: Final = (
    "days_past_due", "days_past_due_grace", "overdue_principal_fen", "overdue_interest_fen",
    "overdue_penalty_fen", "overdue_fee_fen", "default_since_on",
)  # fmt: skip
LEDGER: Final = (*_LATE, "outstanding_principal_fen", "payoff_fen")
"""The facts whose source is the ledger."""
_FIGURES: Final = (*LEDGER, "ledger_amount_fen")
"""Those, and what whoever words a text states of it."""


def doubted(view: View, facts: Facts) -> Facts:
    """Find the stated figures that no longer hold, each as unknown.

    Args:
        view: The case at the instant.
        facts: The facts computed so far, the stated ones among them.
    """
    figures = {name: value for name in _FIGURES if isinstance(value := facts.get(name), int)}
    if _is_earlier(view) or facts["paid_today"] is True or _clash(figures):
        return dict.fromkeys(figures)
    if view.debt is None:
        return {}
    owed = {name for name, value in figures.items() if value > 0}
    if any(event.debt == view.debt for event in view.of("settlement")):
        return dict.fromkeys(owed)
    return dict.fromkeys(owed.intersection(_LATE)) if _nothing_late(view) else {}


def _is_earlier(view: View) -> bool:
    """Say whether the instant is of a day before the case's, in any zone."""
    return any(local_day(view.at, zone) < local_day(view.case.at, zone) for zone in view.zones)


def _clash(figures: Mapping[str, int]) -> bool:
    """Say whether figures cannot all be of one ledger.

    Grace adds no day, paid is paid, and no less than what is owed settles it.
    """
    payoff = figures.get("payoff_fen")
    if payoff is not None and figures.get("ledger_amount_fen", 0) > payoff:
        return True
    days = figures.get("days_past_due")
    if days is not None and figures.get("days_past_due_grace", 0) > days:
        return True
    return payoff == 0 and any(value > 0 for value in figures.values())


def _nothing_late(view: View) -> bool:
    """Say whether the timeline tells that the debt is not overdue: paid up, or never was."""
    steps = [event for event in view.of("overdue") if event.debt == view.debt]
    if not steps:
        return view.whole("overdues")
    return (
        max(steps, key=lambda event: (view.day_of(event) or 0, event.happened_at)).step == "cured"
    )
