"""Debtor's ways: by which acts the debtor of a case could be reached, by whoever has the case.

Calls and visits by the agency it is placed with, else by the lender; messages by the lender,
with the words of a notice that is due by that channel, else of the one its state calls for.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kuanxian.action.contact import Gate, Proposal
from kuanxian.action.contact.casebook import Known
from kuanxian.action.contact.ways import Asked, proposals
from kuanxian.action.notice import Due
from kuanxian.action.notice.kinds import POINTS
from kuanxian.law.case import Act, Case
from kuanxian.law.timeline.view import View, is_over
from kuanxian.loan import Position

_SPOKEN: Final = (("contact", "voice_human"), ("visit", "visit"))
"""A machine's call is left out: whether it may be made is its script's matter."""


def debtor_ways(
    gate: Gate, case_id: str, known: Known, positions: Mapping[str, Position], dues: Sequence[Due]
) -> Iterator[Proposal]:
    """List what could be proposed towards the debtor of a case.

    Args:
        gate: The door.
        case_id: Which case.
        known: The case.
        positions: Where its debts stand.
        dues: Its notices that are due.
    """
    case = known.case
    lender, having = case.lender.id, _having(case, gate.clock())
    debtor = next((one.id for one in case.people.values() if one.role == "debtor"), None)
    if debtor is None or not {lender, having} <= case.parties.keys():
        return
    debt = _furthest_behind(case, positions)
    stands = positions.get(debt or "")
    is_late = stands is not None and stands.days_past_due > 0
    asked = Asked(case_id, lender, debtor, debt=debt)
    for act, channel in _SPOKEN:
        purpose = "collect" if is_late else "inform"
        spoken = asked._replace(by=having, act=act, channel=channel, purpose=purpose)
        yield from proposals(gate, spoken, case)
    kinds = [due.kind for due in dues]
    kinds += ["first_overdue", "report_notice"] if is_late else ["due_reminder"]
    for channel in POINTS:
        template = _serving(gate, kinds, channel)
        if template is not None:
            written = asked._replace(
                act="message", channel=channel, purpose="notice", template=template
            )
            due = next((one for one in dues if one.kind == template), None)
            key, of = (due.key, due.party or "") if due else ("", "")
            told = (one._replace(notice=key, tells_of=of) for one in proposals(gate, written, case))
            yield from told


def _having(case: Case, at: int) -> str:
    """Find who has the case: the agency of the latest placement that runs, else the lender."""
    placed: dict[str, bool] = {}
    for event in View(case, Act(kind="duty"), at).of("placement"):
        placed.pop(event.party or "", None)
        if event.step == "begun" and not is_over(event, at):
            placed[event.party or ""] = True
    return next(reversed(placed), case.lender.id)


def _furthest_behind(case: Case, positions: Mapping[str, Position]) -> str | None:
    def days(debt: str) -> int:
        return positions[debt].days_past_due if debt in positions else -1

    return max(case.debts, key=days, default=None)


def _serving(gate: Gate, kinds: Sequence[str], channel: str) -> str | None:
    """Find the first kind of notice whose template is for a channel."""
    known = gate.lexicon.templates
    return next((kind for kind in kinds if kind in known and channel in known[kind].channels), None)
