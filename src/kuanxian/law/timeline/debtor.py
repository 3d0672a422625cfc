"""Debtor: life, age and capacity, and signs that somebody needs care or must be let alone.

What protects a person needs one sign only; that there is none is certain only where the file
has every event of that group.
"""

from typing import Final

from kuanxian.law.case import Event, Person
from kuanxian.law.country import majority_years_of
from kuanxian.law.timeline.acting import CONTACTS
from kuanxian.law.timeline.doings import is_own
from kuanxian.law.timeline.view import Facts, View, is_over
from kuanxian.law.timeline.zones import years_over

FACTS: Final = {
    "debtor_deceased": ("states",),
    "debtor_minor": ("states",),
    "debtor_capacity": ("states",),
    "no_contact_order": ("orders",),
    "distress_signal": ("signals",),
    "hardship_claimed": ("signals",),
    "renegotiation_offered": ("plans",),
}

_CAPACITY: Final = {"incapacity": "none", "limited_capacity": "limited", "capable": "full"}


def debtor(view: View) -> Facts:
    """Compute what is known of the debtor, and of whoever the act is aimed at."""
    owing = view.case.people[view.debtor] if view.debtor is not None else None
    minor = _any_minor(view) if owing else None
    hardship_at = _seen_at(view, view.debtor, ("hardship",))
    people = {view.debtor, view.target.id if view.target else None} - {None}
    distress = [_seen_at(view, one, ("self_harm", "serious_illness")) for one in people]
    return {
        "debtor_deceased": _deceased(view) if owing else None,
        "debtor_minor": minor,
        "debtor_capacity": _capacity(view, minor) if owing else None,
        "no_contact_order": _any_ordered(view),
        "distress_signal": view.known(any(at is not None for at in distress), "signals")
        if people
        else None,
        "hardship_claimed": view.known(hardship_at is not None, "signals") if owing else None,
        "renegotiation_offered": _offered(view, hardship_at),
    }


def _last_step(view: View, person: str | None, steps: tuple[str, ...]) -> str | None:
    """Find the last of some steps that is told of a person's state.

    Of several at one instant the one named first in ``steps`` counts: what protects comes first.
    What protects counts whoever told it; what takes a protection back, only from whom it lies
    with (``_undoes``). What was told wrongly is corrected by ``replaces``.
    """
    told = [
        event
        for event in view.of("state")
        if event.person == person and event.step in steps and _undoes(event)
    ]
    if not told:
        return None
    last_at = max(event.happened_at for event in told)
    return min((str(one.step) for one in told if one.happened_at == last_at), key=steps.index)


def _undoes(event: Event) -> bool:
    """Say whether a step that takes a protection back comes from whom that lies with.

    That somebody lives is that person's own showing, which has no ``by``; that somebody is
    capable again is found by a court. The lender's word is neither.
    """
    if event.step == "alive":
        return is_own(event)
    return event.step != "capable" or event.found_by == "court"


def _parties(view: View) -> list[Person]:
    """List who must be spared: the debtor, and a co-borrower or guarantor the act is aimed at."""
    found = [view.case.people[view.debtor]] if view.debtor is not None else []
    if view.target is not None and view.target.role in {"co_borrower", "guarantor"}:
        found.append(view.target)
    return found


def _deceased(view: View) -> bool | None:
    lasts = [_last_step(view, one.id, ("deceased", "alive")) for one in _parties(view)]
    if "deceased" in lasts:
        return True
    return False if None not in lasts else view.known(False, "states")


def _any_minor(view: View) -> bool | None:
    """Say whether one of those to be spared is under age; not known of one is not known."""
    answers = [_minor(view, one) for one in _parties(view)]
    if True in answers:
        return True
    return None if None in answers else False


def _minor(view: View, owing: Person) -> bool | None:
    """Say whether the debtor is under age; the day of coming of age still counts as under.

    Without a day of birth nobody is known to be of age, unless a state says ``adult``.

    Source:
        The age is ``majority_years`` of ``country.toml``.
    """
    if _last_step(view, owing.id, ("minor",)):
        return True
    years = majority_years_of(view.case.country)
    if owing.born_on is None:
        # A debtor of unknown age may be a child.
        return view.known(False, "states") if _last_step(view, owing.id, ("adult",)) else None
    if years is None or view.today is None:
        return None
    return years_over(owing.born_on, view.today) < years


def _capacity(view: View, minor: bool | None) -> str | None:
    """Find the weakest capacity of those to be spared."""
    answers = {_capacity_of(view, one, minor) for one in _parties(view)}
    weakest = [one for one in _CAPACITY.values() if one in answers and one != "full"]
    if weakest:
        return weakest[0]
    return None if None in answers else "full"


def _capacity_of(view: View, person: Person, minor: bool | None) -> str | None:
    last = _last_step(view, person.id, tuple(_CAPACITY))
    if last:
        return _CAPACITY[last]
    if minor:
        return "limited"
    return "full" if view.whole("states") and minor is False else None


def _any_ordered(view: View) -> bool | None:
    """Say whether an order spares whom the act is aimed at, or the debtor it is about.

    A word passed on to the debtor by somebody else is contact too. What a co-borrower or a
    guarantor owes is that person's own matter.
    """
    target, act = view.target, view.act
    own = (
        target is not None
        and target.role in {"co_borrower", "guarantor"}
        and act.kind in CONTACTS
        and act.purpose not in {None, "locate", "pass_message"}
    )
    people = {target.id if target else None, None if own else view.debtor} - {None}
    answers = [_ordered(view, one) for one in people if one is not None]
    if True in answers:
        return True
    return None if None in answers or not (own or view.debtor) else False


def _ordered(view: View, person: str) -> bool | None:
    """Say whether an order stands; one lifted at its very instant still does.

    Only the police, who issued it, lift it.
    """
    orders = [event for event in view.of("order") if event.person == person]
    lifted = [one for one in orders if one.step == "lifted" and one.found_by == "police"]
    lifted_at = max((order.happened_at for order in lifted), default=-1)
    stands = any(
        order.step == "issued" and order.happened_at >= lifted_at and not is_over(order, view.at)
        for order in orders
    )
    return view.known(stands, "orders")


def _seen_at(view: View, person: str | None, topics: tuple[str, ...]) -> int | None:
    """Find when a sign was last seen that nobody has cleared since, topic by topic."""
    seen: dict[str, int] = {}
    cleared: dict[str, int] = {}
    for event in view.of("signal"):
        if event.person == person and event.topic in topics:
            at = seen if event.step == "seen" else cleared
            at[event.topic or ""] = event.happened_at
    open_at = [at for topic, at in seen.items() if at >= cleared.get(topic, -1)]
    return max(open_at, default=None)


def _offered(view: View, hardship_at: int | None) -> bool | None:
    """Say whether a plan was offered since the hardship was told; unknown where none was."""
    if hardship_at is None:
        return None
    debts = view.case.debts
    offered = any(
        plan.step == "offered"
        and plan.happened_at >= hardship_at
        and plan.debt is not None
        and debts[plan.debt].debtor == view.debtor
        for plan in view.of("plan")
    )
    return view.known(offered, "plans")
