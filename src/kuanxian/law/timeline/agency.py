"""Agency: the party the act goes to or through, and the person who does the work."""

from collections.abc import Sequence
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.rule import DUTY
from kuanxian.law.timeline.acting import AGENCIES, CONTACTS
from kuanxian.law.timeline.handing import HANDING_OVER
from kuanxian.law.timeline.view import Facts, View, is_over

_WHOLE: Final = ("agencies",)
FACTS: Final = {
    "agency_listed": _WHOLE,
    "agency_contract_ended": _WHOLE,
    "agency_data_returned": _WHOLE,
    "days_since_agency_evaluation": _WHOLE,
    "agency_renewed_unevaluated": _WHOLE,
    "agency_case_assigned": ("placements",),
    "collector_exam_passed": ("trainings",),
    "days_since_collector_training": ("trainings",),
}

_CONTRACT: Final = ("contract_began", "contract_renewed", "contract_ended")


def agency(view: View) -> Facts:
    """Compute what is known of the agency and the collector; None where the act has none."""
    party = agency_of(view)
    events = [event for event in view.of("agency") if event.party == party]
    ended_at = _ended_at(events, view.at)
    trained = [event for event in view.of("training") if event.party == _collector_of(view)]
    facts: Facts = dict.fromkeys(FACTS)
    if party is not None:
        facts |= {
            "agency_listed": _listed(view, events),
            "agency_contract_ended": _contract_ended(view, events, ended_at),
            "agency_data_returned": _returned(view, events, ended_at),
            "days_since_agency_evaluation": _since_evaluation(view, events),
            "agency_renewed_unevaluated": _renewed_unevaluated(view, events),
            "agency_case_assigned": _assigned(view, party),
        }
    if view.act.kind == DUTY:
        facts |= _due_back(view, party)
    if _collector_of(view) is not None:
        facts |= {
            "collector_exam_passed": _exam_passed(view, trained),
            "days_since_collector_training": _since_training(view, trained),
        }
    return facts


def agency_of(view: View) -> str | None:
    """Find the agency: the one to which a case is handed over, else the one that acts.

    Where none acts it is the one to which any act but a contact hands something.
    """
    handed = view.act.agency if view.act.kind not in CONTACTS else None
    if handed is not None and view.act.kind in HANDING_OVER:
        return handed
    party = view.actor
    if party is None:
        return None  # Else whoever is handed something would answer for whoever acts.
    return party.id if party.kind in AGENCIES else handed


def _collector_of(view: View) -> str | None:
    if view.act.collector is not None:
        return view.act.collector
    party = view.case.parties.get(view.act.by or "")
    return party.id if party is not None and party.kind == "collector" else None


def _listed(view: View, events: Sequence[Event]) -> bool | None:
    """Say whether it is on the list; that it was not struck off needs the whole record."""
    last = _last(events, ("listed", "delisted"))
    if last is not None and (last.step == "delisted" or is_over(last, view.at)):
        return False
    if not view.whole("agencies"):
        return None
    return last is not None


def _ended_at(events: Sequence[Event], at: int) -> int | None:
    """Find when the contract ended or ran out, if it did and was not renewed since."""
    last = _last(events, _CONTRACT)
    if last is None:
        return None
    if last.step == "contract_ended":
        return last.happened_at
    return last.until_at if is_over(last, at) else None


def _contract_ended(view: View, events: Sequence[Event], ended_at: int | None) -> bool | None:
    if ended_at is not None:
        return True
    begun = _last(events, _CONTRACT) is not None
    return False if begun and view.whole("agencies") else None


def _returned(view: View, events: Sequence[Event], ended_at: int | None) -> bool | None:
    """Say whether the data came back after the end; unknown while no end is known."""
    if ended_at is None:
        return None
    last = _last(events, ("data_returned",))
    return view.known(last is not None and last.happened_at >= ended_at, "agencies")


def _due_back(view: View, named: str | None) -> Facts:
    """Say whether data are due back: of the agency named, else of any whose contract ended.

    An agency of which no contract is told, like no agency at all, has had none.
    """
    parties = [named] if named else dict.fromkeys(event.party for event in view.of("agency"))
    for party in parties:
        events = [event for event in view.of("agency") if event.party == party]
        ended_at = _ended_at(events, view.at)
        if ended_at is not None and not (returned := _returned(view, events, ended_at)):
            return {"agency_contract_ended": True, "agency_data_returned": returned}
    return {"agency_contract_ended": view.known(False, *_WHOLE)}


def _since_evaluation(view: View, events: Sequence[Event]) -> int | None:
    last = _last(events, ("evaluated",)) or _first(events, "contract_began")
    if last is None or not view.whole("agencies"):
        return None
    return view.days_since_instant(last.happened_at)


def _renewed_unevaluated(view: View, events: Sequence[Event]) -> bool | None:
    """Say whether no evaluation lies between the last renewal and the one or begin before."""
    renewed = _last(events, ("contract_renewed",))
    if not view.whole("agencies"):
        return None
    if renewed is None:
        return False
    terms = [event.happened_at for event in events if event.step in _CONTRACT[:2]]
    before = max((at for at in terms if at < renewed.happened_at), default=-1)
    return not any(
        event.step == "evaluated" and before <= event.happened_at <= renewed.happened_at
        for event in events
    )


def _assigned(view: View, party: str) -> bool | None:
    """Say whether the debt is with the agency now."""
    if view.debt is None:
        return None
    events = [
        event for event in view.of("placement") if event.party == party and event.debt == view.debt
    ]
    last = _last(events, ("begun", "ended"))
    if last is not None and (last.step == "ended" or is_over(last, view.at)):
        return False
    if not view.whole("placements"):
        return None
    return last is not None


def last_back_at(view: View, party: str | None) -> int:
    """Find when the debt was taken back before it was placed with an agency anew; -1 if never."""
    back_at = before = -1
    for one in view.of("placement"):
        if (one.party, one.debt) == (party, view.debt):
            if one.step == "ended":
                before = one.happened_at
            else:
                back_at = before
    return back_at


def _exam_passed(view: View, trained: Sequence[Event]) -> bool | None:
    last = _last(trained, ("exam_passed", "exam_failed"))
    return last.step == "exam_passed" if last else view.known(False, "trainings")


def _since_training(view: View, trained: Sequence[Event]) -> int | None:
    last = _last(trained, ("exam_passed", "trained"))
    if last is None or not view.whole("trainings"):
        return None
    return view.days_since_instant(last.happened_at)


def _last(events: Sequence[Event], steps: tuple[str, ...]) -> Event | None:
    """Find the last of some steps; of those at one instant, the one that is named last.

    The steps that end something are: a strike-off and a listing at one instant are a strike-off.
    """
    found = (event for event in events if event.step in steps)
    return max(found, key=lambda one: (one.happened_at, steps.index(one.step or "")), default=None)


def _first(events: Sequence[Event], step: str) -> Event | None:
    return next((event for event in events if event.step == step), None)
