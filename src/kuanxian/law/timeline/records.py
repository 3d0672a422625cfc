"""Records: how old things are in whole years, and what the debtor still owes.

A year is over when its anniversary day has ended. Age that lets something happen (a record
may go, a claim grows old) is certain only where nothing that would begin it anew can be
missing.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.doings import is_own_word
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.zones import local_day, years_over

_ACTIONS: Final = ("calls", "messages", "visits", "payments", "settlements")
FACTS: Final = {
    "record_age_years": _ACTIONS,
    "limitation_years": ("interruptions", "payments", "plans"),
    "contract_on": (),
    "debts_open": ("debts", "settlements"),
    "paid_today": ("payments", "overdues", "settlements"),
    "debt_settled": ("settlements",),
}

_MONEY: Final = ("payment", "settlement", "overdue")
_LASTING: Final = ("collection_record", "recording", "loan_record")
"""Records whose age begins with settlement or the last action on the debt."""


def records(view: View) -> Facts:
    """Compute ages and the number of open debts."""
    debt = view.case.debts[view.debt] if view.debt is not None else None
    return {
        "record_age_years": _years_since(view, _record_began_on(view)),
        "limitation_years": _years_since(view, _limitation_began_on(view)),
        "contract_on": debt.contract_on if debt else None,
        "debts_open": _open_debts(view),
        "paid_today": _paid_today(view),
        "debt_settled": _settled(view),
    }


def _years_since(view: View, began_on: int | None) -> int | None:
    if began_on is None or view.today is None:
        return None
    return years_over(began_on, view.today)


def _record_began_on(view: View) -> int | None:
    """Find the day from which the record's age counts; the kind of record is a stated fact."""
    kind = view.case.facts.get("record_kind")
    if kind is None:
        return None
    if kind not in _LASTING:
        return view.act.record_on
    if not view.whole(*_ACTIONS):
        return None
    last = max(_actions(view), key=lambda event: event.happened_at, default=None)
    days = (view.act.record_on, view.day_of(last) if last else None)
    return max((day for day in days if day is not None), default=None)


def _actions(view: View) -> list[Event]:
    """List what was done about the debtor or the debt."""
    towards = [
        event
        for kind in ("call", "message", "visit")
        for event in view.of(kind)
        if event.person == view.debtor
    ]
    return towards + [
        event
        for kind in ("payment", "settlement")
        for event in view.of(kind)
        if event.debt == view.debt
    ]


def _limitation_began_on(view: View) -> int | None:
    """Find the day the limitation period began: the last due day, or its last interruption."""
    if view.debt is None or not view.whole("interruptions", "payments", "plans"):
        return None
    due_on = view.case.debts[view.debt].due_on
    if due_on is None:
        return None
    begun = due_on
    for kind in ("interruption", "payment", "plan"):
        for event in reversed(view.of(kind)):
            if event.debt == view.debt and (
                kind != "plan" or (event.step == "agreed" and is_own_word(view, event))
            ):
                begun = max(begun, view.day_of(event) or begun)
                break
    return begun


def _open_debts(view: View) -> int | None:
    if view.debtor is None or not view.whole("debts", "settlements"):
        return None
    settled = {event.debt for event in view.of("settlement")}
    debts = view.case.debts.values()
    return sum(debt.debtor == view.debtor and debt.id not in settled for debt in debts)


def _settled(view: View) -> bool | None:
    if view.debt is None:
        return None
    return view.known(any(one.debt == view.debt for one in view.of("settlement")), "settlements")


def _paid_today(view: View) -> bool | None:
    """Say whether a payment, a cure or a settlement of the debt came, or came to be known, today.

    So does what was told of one and is corrected or taken back. What the last close says of the
    debt is then no longer so. Today in any zone counts.
    """
    if view.debt is None or not view.zones:
        return None
    paid = (
        event
        for kind in _MONEY
        for event in view.of(kind)
        if event.debt == view.debt and event.step in (None, "cured")
    )
    last_at = max(
        (max(event.happened_at, event.known_at) for event in chain(paid, _corrections(view))),
        default=None,
    )
    shown = last_at is not None and any(
        local_day(last_at, zone) >= local_day(view.at, zone) for zone in view.zones
    )
    return view.known(shown, *FACTS["paid_today"])


def _corrections(view: View) -> Iterator[Event]:
    """List the known corrections of what was told of the debt's money, or of such corrections."""
    replacing = [one for one in view.case.events if one.replaces is not None]
    by_id = {event.id: event for event in view.case.events} if replacing else {}
    # Of an event, whether it leads back to money: a chain is walked once.
    told: dict[str, bool] = {}
    for event in replacing:
        walked: list[str] = []
        old: Event | None = event
        while old is not None and old.id not in told:
            if old.kind in _MONEY and old.debt == view.debt:
                told[old.id] = True
            else:
                walked.append(old.id)
                old = by_id.get(old.replaces or "")
        told |= dict.fromkeys(walked, old is not None and told[old.id])
        if told[event.id] and max(event.happened_at, event.known_at) <= view.at:
            yield event
