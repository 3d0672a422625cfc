"""Points: whether a contact point was found not to be the person's.

A stranger who answered, a person there who says that it is somebody else's debt, or a dead number
shows that what is kept of this person is wrong. It is heard of every point of that kind: the
vault keeps one number, one address of a person, whatever names its points have. Only what comes
later at this very point takes it back: the person's identity confirmed in a call there, or the
person's own getting in touch from there.
"""

from collections.abc import Iterator
from typing import Final

from kuanxian.law.timeline.view import Facts, View

_WHOLE: Final = ("calls", "disputes")
FACTS: Final = {"point_not_theirs": _WHOLE}

_NOT_THEIRS: Final = ("wrong_person", "dead_number")
_PHONE: Final = "phone"
_KIND_OF: Final = {
    "mobile": _PHONE, "landline": _PHONE, "voice_human": _PHONE, "voice_ai": _PHONE,
    "sms": _PHONE, "letter": "address", "visit": "address", "in_app": "app", "app_push": "app",
}  # fmt: skip
"""What a kind of point, or a channel, comes down to; any other stands for itself."""


def points(view: View) -> Facts:
    """Compute whether the act would go to a point that was found not to be the person's."""
    person = view.person
    if person is None:
        return {"point_not_theirs": None}
    found_at = max(_found(view, person.id), default=-1)
    shown = found_at >= 0 and found_at >= _confirmed_at(view, person.id)
    return {"point_not_theirs": view.known(shown, *_WHOLE)}


def _found(view: View, person: str) -> Iterator[int]:
    """List when it was found, at any point of the kinds that the act would use."""
    kinds = _kinds(view)
    for call in view.of("call"):
        if call.person == person and call.outcome in _NOT_THEIRS and _PHONE in kinds:
            yield call.happened_at
    for dispute in view.of("dispute"):
        said = (dispute.person, dispute.topic, dispute.step) == (person, "identity", "received")
        if said and dispute.point is not None and _kind_of_point(view, dispute.point) in kinds:
            yield dispute.happened_at


def _confirmed_at(view: View, person: str) -> int:
    """Find when the act's very point was last shown to be the person's; -1 if never."""
    point = view.act.point
    shown = [
        *(call for call in view.of("call") if call.outcome == "identified"),
        *(word for word in view.of("inbound") if word.by is None),
    ]
    at = (
        one.happened_at
        for one in shown
        if point is not None and (one.point, one.person) == (point, person)
    )
    return max(at, default=-1)


def _kinds(view: View) -> set[str | None]:
    act = view.act
    channel = act.channel or act.kind
    kinds = {_KIND_OF.get(channel, channel), _PHONE if act.kind == "contact" else None}
    if act.point is not None:
        kinds.add(_kind_of_point(view, act.point))
    return kinds - {None}


def _kind_of_point(view: View, point: str) -> str | None:
    kind = view.case.points[point].kind
    return _KIND_OF.get(kind or "", kind)
