"""Points: whether a contact point was found not to be the person's.

A stranger who answered, a person there who says that it is somebody else's debt, a dead number or
a visit that found the person moved shows that what is kept of this person is wrong. It is heard of
the very point where it was found; where either names no point, of every point of that kind. Only
what comes later at that point takes it back: the person's identity confirmed in a call there, a
meeting there, or the person's own getting in touch from there. That a notice arrived is doubted by
less: what was sent there before came back, or any of this was found there by an act meant for
somebody else.
"""

from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.doings import is_own, owner_of
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.ways import sort_of

_WHOLE: Final = ("calls", "disputes")
FACTS: Final = {"point_not_theirs": _WHOLE}

_NOT_THEIRS: Final = ("wrong_person", "dead_number")
Found = tuple[str | None, str | None, int]
"""At which point something was found, if it is told, of which sort, and when."""


def points(view: View) -> Facts:
    """Compute whether the act would go to a point that was found not to be the person's."""
    person, act = view.person, view.act
    if person is None:
        return {"point_not_theirs": None}
    way = act.channel or act.kind
    shown = is_not_theirs(view, person.id, act.point, way)
    told = (*_WHOLE, "visits") if sort_of(way) == "address" else _WHOLE
    return {"point_not_theirs": view.known(shown, *told)}


def is_not_theirs(
    view: View, person: str, point: str | None, way: str, names: Container[str] = ()
) -> bool:
    """Say whether a point was found not to be a person's, and nothing since shows that it is.

    Args:
        view: The case at the instant.
        person: Whose it is said to be.
        point: Which; None: any to which the way leads.
        way: By which channel or kind of act or event it is used.
        names: Other points known to be the same number or address.
    """
    found_at = _last_at(view, _found(view, person), point, way, names)
    return found_at >= 0 and found_at >= _confirmed_at(view, person, point)


def _last_at(
    view: View, found: Iterable[Found], point: str | None, way: str, names: Container[str] = ()
) -> int:
    """Find when something was last found of a point, by that point or its sort; -1 if never."""
    # A notice of which neither point nor channel is told may have gone to any.
    anywhere = point is None and way == "notice"
    sorts = {sort_of(way), sort_of(view.case.points[point].kind) if point else None}
    last_at = -1
    for where, sort, at in found:
        same = where == point or where in names if where and point else anywhere or sort in sorts
        last_at = max(last_at, at) if same else last_at
    return last_at


def has_come(view: View, notice: Event) -> bool:
    """Say whether a notice has come to whom it was for, at a point that is still held theirs."""
    person, point, way = notice.person, notice.point, notice.channel or notice.kind
    if person is None or not view.has_arrived(notice):
        return False
    found_at = _last_at(view, chain(_found(view, person), _doubts(view, notice)), point, way)
    return found_at < 0 or found_at < _confirmed_at(view, person, point)


def _doubts(view: View, notice: Event) -> Iterator[Found]:
    """List what makes a receipt doubtful, though it does not show the point to be a stranger's.

    What is found of a point is found of whoever has it, whomever the act there was meant for.
    """
    for event, sort in _signs(view):
        if owner_of(view, event) == notice.person:
            yield event.point, sort, event.happened_at
    for kind in ("message", "notice"):
        for sent in view.of(kind):
            returned = sent.outcome == "bounced" and sent.happened_at <= notice.happened_at
            if returned and notice.person in (sent.person, owner_of(view, sent)):
                yield sent.point, sort_of(sent.channel or kind), sent.happened_at


def _found(view: View, person: str) -> Iterator[Found]:
    """List where it was found, at which point and of which sort, and when."""
    for event, sort in _signs(view):
        if event.person == person:
            yield event.point, sort, event.happened_at


def _signs(view: View) -> Iterator[tuple[Event, str | None]]:
    """List what shows that a point is wrong, with the sort of point it was done or said at."""
    for visit in view.of("visit"):
        if visit.outcome == "moved":
            yield visit, sort_of("visit")
    for call in view.of("call"):
        if call.outcome in _NOT_THEIRS:
            yield call, sort_of("call")
    for dispute in view.of("dispute"):
        if (dispute.topic, dispute.step) == ("identity", "received") and dispute.point is not None:
            yield dispute, sort_of(view.case.points[dispute.point].kind)


def _confirmed_at(view: View, person: str, point: str | None) -> int:
    """Find when this very point was last shown to be the person's; -1 if never."""
    if point is None:
        return -1
    shown = [
        *(call for call in view.of("call") if call.outcome == "identified"),
        *(visit for visit in view.of("visit") if visit.outcome == "met"),
        *(word for word in view.of("inbound") if is_own(word)),
    ]
    at = (one.happened_at for one in shown if (one.point, one.person) == (point, person))
    return max(at, default=-1)
