"""Channel: how the act would be done, from where, and by whom."""

from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.points import has_come
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.ways import VOICES
from kuanxian.law.timeline.wishes import contacts_of

FACTS: Final = {
    "channel": (),
    "first_contact": ("calls", "messages", "visits", "notices"),
    "account_kind": (),
    "reaches_others": (),
    "contact_place": (),
    "visit_staff_count": (),
    "actor_kind": (),
}

_PERSONAL: Final = ("voice_human", "voice_ai", "sms", "app_push", "in_app")
"""Channels that reach one person alone unless the act says otherwise."""
_ADDRESSED: Final = ("email", "letter", "im")


def channel(view: View) -> Facts:
    """Compute how and by whom; what the act does not say stays unknown."""
    act = view.act
    return {
        "channel": act.channel or ("visit" if act.kind == "visit" else None),
        "first_contact": _first_contact(view),
        "account_kind": act.account,
        "reaches_others": _reaches_others(view),
        "contact_place": _place(view),
        "visit_staff_count": act.staff_count,
        "actor_kind": view.actor.kind if view.actor else None,
    }


def _first_contact(view: View) -> bool | None:
    """Say whether nobody has yet spoken to this person for the lender.

    To somebody other than the debtor a notice of their own that has arrived is the first word:
    it says who processes their data (个人信息保护法第十七条: 个人信息处理者的名称或者姓名).
    """
    person = view.person
    if person is None:
        return None
    contacts = contacts_of(view, person.id)
    if any(_came_through(event) and view.is_at_own_point(event) for event in contacts):
        return False
    notices = view.of("notice") if person.id != view.debtor else ()
    if any(_introduced(view, event, person.id) for event in notices):
        return False
    return True if view.whole(*FACTS["first_contact"]) else None


def _introduced(view: View, notice: Event, person: str) -> bool:
    """Say whether a notice of a person's own has reached that person."""
    own = notice.notice == "own_notice" and notice.person == person
    return own and has_come(view, notice)


def _came_through(event: Event) -> bool:
    """Say whether a contact surely reached the person; who was not reached is still new."""
    return event.outcome in ("identified", "delivered", "read", "met")


def _reaches_others(view: View) -> bool | None:
    """Say whether others can hear or read it by its form."""
    act = view.act
    if act.channel == "public":
        return True
    if act.reaches_others is not None:
        return act.reaches_others
    if act.channel in VOICES and _place(view) in (None, "workplace"):
        # A colleague may take it, and it is heard in the room: who calls has to say. A line of
        # which nobody knows where it rings may ring there.
        return None
    return False if act.channel in _PERSONAL or _is_to_own_address(view) else None


def _is_to_own_address(view: View) -> bool:
    """Say whether it goes to the person's own address: in an envelope, a mailbox, one's own chat.

    At a workplace or in a public place others may open, read or hear it; a visit is heard by
    nobody else only where the place is known to be home. Who writes on the envelope says so.
    """
    act = view.act
    if act.point is None or view.case.points[act.point].person != act.to:
        return False
    if "visit" in (act.kind, act.channel):
        return _place(view) == "home"
    return act.channel in _ADDRESSED and _place(view) not in ("workplace", "public")


def _place(view: View) -> str | None:
    """Find where it would ring or where the visit would be.

    A place of work that the act or the point tells of is one, whatever the other calls it.
    """
    point = view.case.points[view.act.point] if view.act.point is not None else None
    told = [place for place in (view.act.place, point.place if point else None) if place]
    if told:
        return "workplace" if "workplace" in told else told[0]
    if point is None:
        return None
    return {"mobile": "mobile", "email": "other", "app": "other", "im": "other"}.get(
        point.kind or ""
    )
