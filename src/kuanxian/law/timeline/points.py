"""Points: whether a contact point was found not to be the person's.

A stranger who answered, a person there who says that it is somebody else's debt, or a dead number
shows that what is kept of this person is wrong. It is heard of the very point where it was found;
where either names no point, of every point of that kind. Only what comes later at that point takes
it back: the person's identity confirmed in a call there, or the person's own getting in touch from
there.
"""

from collections.abc import Container, Iterator
from typing import Final

from kuanxian.law.case import Event
from kuanxian.law.timeline.doings import is_own
from kuanxian.law.timeline.view import Facts, View
from kuanxian.law.timeline.ways import sort_of

_WHOLE: Final = ("calls", "disputes")
FACTS: Final = {"point_not_theirs": _WHOLE}

_NOT_THEIRS: Final = ("wrong_person", "dead_number")


def points(view: View) -> Facts:
    """Compute whether the act would go to a point that was found not to be the person's."""
    person, act = view.person, view.act
    if person is None:
        return {"point_not_theirs": None}
    shown = is_not_theirs(view, person.id, act.point, act.channel or act.kind)
    return {"point_not_theirs": view.known(shown, *_WHOLE)}


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
    sorts = {sort_of(way), sort_of(view.case.points[point].kind) if point else None}
    found_at = -1
    for where, sort, at in _found(view, person):
        same = where == point or where in names if where and point else sort in sorts
        found_at = max(found_at, at) if same else found_at
    return found_at >= 0 and found_at >= _confirmed_at(view, person, point)


def has_come(view: View, notice: Event) -> bool:
    """Say whether a notice has come to whom it was for, at a point that is still held theirs."""
    way = notice.channel or notice.kind
    return view.has_arrived(notice) and not (
        notice.person is not None and is_not_theirs(view, notice.person, notice.point, way)
    )


def _found(view: View, person: str) -> Iterator[tuple[str | None, str | None, int]]:
    """List where it was found, at which point and of which sort, and when."""
    for call in view.of("call"):
        if call.person == person and call.outcome in _NOT_THEIRS:
            yield call.point, sort_of("call"), call.happened_at
    for dispute in view.of("dispute"):
        said = (dispute.person, dispute.topic, dispute.step) == (person, "identity", "received")
        if said and dispute.point is not None:
            kind = view.case.points[dispute.point].kind
            yield dispute.point, sort_of(kind), dispute.happened_at


def _confirmed_at(view: View, person: str, point: str | None) -> int:
    """Find when this very point was last shown to be the person's; -1 if never."""
    if point is None:
        return -1
    shown = [
        *(call for call in view.of("call") if call.outcome == "identified"),
        *(word for word in view.of("inbound") if is_own(word)),
    ]
    at = (one.happened_at for one in shown if (one.point, one.person) == (point, person))
    return max(at, default=-1)
