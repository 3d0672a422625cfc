"""Names: the points of a case that are names for one thing in the vault.

The vault keeps one phone number, one mailbox and one address of a person, whatever the points of a
case are called. What was dialled, or found to be a stranger's, under one name is so under each: a
second name would only walk round the limit.
"""

from typing import Final

from kuanxian.law.case import Act, Case
from kuanxian.law.timeline import facts_of
from kuanxian.law.timeline.counts import attempts_at_point
from kuanxian.law.timeline.points import is_not_theirs
from kuanxian.law.timeline.view import Facts, View

_KEPT: Final = {"mobile": "phone", "landline": "phone", "email": "email", "address": "address"}


def facts_at(case: Case, act: Act, at: int) -> Facts:
    """Compute every fact of a case for an act at an instant, what its names tell among them."""
    return facts_of(case, act, at) | facts_of_names(case, act, at)


def facts_of_names(case: Case, act: Act, at: int) -> Facts:
    """Find what was learned under every name of what an act would use.

    Returns:
        The facts that are another than the point's own; none where it has one name only.
    """
    if act.point is None:
        return {}
    point = case.points[act.point]
    names = frozenset(
        one.id
        for one in case.points.values()
        if one.person == point.person and _KEPT.get(one.kind or "") == _KEPT.get(point.kind or "")
    )
    if len(names) == 1 or point.kind not in _KEPT:
        return {}
    view = View(case, act, at)
    facts: Facts = {"unanswered_attempts_today": attempts_at_point(view, names)}
    if is_not_theirs(view, point.person, point.id, act.channel or act.kind, names):
        facts["point_not_theirs"] = True
    return facts
