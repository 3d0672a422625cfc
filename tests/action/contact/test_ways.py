"""By which acts the people of a case could be reached, and what shuts the rest."""

from itertools import pairwise
from typing import Any

import pytest
from tests.action.contact.scene import Scene, at, case_told

from kuanxian.action.contact.ways import Asked, Way, ways
from kuanxian.action.contact.windows import Closed, Shut, Window
from kuanxian.base.errors import ProposalError
from kuanxian.law.case_values import DAY_US


def named(found: list[Way]) -> list[tuple[str, str | None, str]]:
    return [(one.proposal.to, one.proposal.point, one.proposal.channel) for one in found]


def many_points(scene: Scene) -> str:
    more = [
        {"id": "pt-3", "person": "p-1", "kind": "address", "origin": "contract", "place": "home"},
        {"id": "pt-4", "person": "p-1", "kind": "email", "origin": "contract"},
        {"id": "pt-5", "person": "p-1", "kind": "landline", "origin": "contract", "place": "home"},
        {"id": "pt-6", "person": "p-1", "kind": "app", "origin": "contract"},
    ]
    return scene.case(points=[*case_told()["points"], *more])


def test_every_person_point_and_channel_is_gone_through(scene: Scene) -> None:
    found = ways(scene.gate, Asked(many_points(scene), "a-1"), days=1)
    assert named(found) == [
        ("p-1", "pt-1", "voice_human"), ("p-1", "pt-1", "voice_ai"), ("p-1", "pt-1", "sms"),
        ("p-2", "pt-2", "voice_human"), ("p-2", "pt-2", "voice_ai"), ("p-2", "pt-2", "sms"),
        ("p-1", "pt-3", "visit"), ("p-1", "pt-4", "email"),
        ("p-1", "pt-5", "voice_human"), ("p-1", "pt-5", "voice_ai"), ("p-1", "pt-6", "in_app"),
    ]  # fmt: skip


def test_what_is_named_narrows_it_down(scene: Scene) -> None:
    case = many_points(scene)
    calls = ways(scene.gate, Asked(case, "a-1", to="p-1", act="contact"), days=1)
    assert {one.proposal.point for one in calls} == {"pt-1", "pt-5"}
    one = ways(scene.gate, Asked(case, "a-1", point="pt-1", channel="sms"), days=1)
    assert named(one) == [("p-1", "pt-1", "sms")]
    assert one[0].proposal.template == "first_overdue"


def test_each_instant_of_the_span_is_open_or_shut(scene: Scene) -> None:
    for way in ways(scene.gate, Asked(many_points(scene), "a-1"), days=2):
        assert way.windows is not None, way.proposal
        spans = sorted([*way.windows.open, *(one[:2] for one in way.windows.shut)])
        assert spans[0][0] == scene.clock.now
        assert spans[-1][1] == scene.clock.now + 2 * DAY_US
        assert all(one[1] == other[0] for one, other in pairwise(spans))
        assert all(one.by for one in way.windows.shut)


def test_the_night_is_shut_by_the_quiet_hours(scene: Scene) -> None:
    asked = Asked(scene.case(), "a-1", to="p-1", channel="voice_human")
    (way,) = ways(scene.gate, asked, days=1)
    assert way.windows is not None
    assert way.windows.open == (
        Window(at("2026-11-25 12:00"), at("2026-11-25 22:00")),
        Window(at("2026-11-26 08:00"), at("2026-11-26 12:00")),
    )
    quiet = Closed("cn.contact.quiet_hours", "forbid", "fires")
    assert way.windows.shut == (Shut(at("2026-11-25 22:00"), at("2026-11-26 08:00"), (quiet,)),)


def test_who_does_not_owe_is_asked_to_pass_a_message_and_is_shut(scene: Scene) -> None:
    for way in ways(scene.gate, Asked(scene.case(), "a-1", to="p-2"), days=1):
        assert way.proposal.purpose == "pass_message"
        assert way.windows is not None
        assert way.windows.open == ()


def test_an_open_way_is_allowed_when_it_is_proposed(scene: Scene) -> None:
    found = ways(scene.gate, Asked(many_points(scene), "a-1"), days=1)
    now = [one.proposal for one in found if one.windows and one.windows.open[:1]
           and one.windows.open[0].from_at == scene.clock.now]  # fmt: skip
    assert now
    for number, proposal in enumerate(now):
        asked = proposal._replace(case_id=many_points(scene), key=f"k-{number}", officer="o-1")
        assert scene.gate.propose(asked).allowed, proposal


def test_without_a_position_a_message_cannot_be_proposed_and_says_why(scene: Scene) -> None:
    scene.ledger.positions = {}
    (way,) = ways(scene.gate, Asked(scene.case(), "a-1", to="p-1", channel="sms"), days=1)
    assert way.windows is None
    assert "no position" in str(way.why_not)


@pytest.mark.parametrize("more", [{"by": "a-9"}, {"to": "p-9"}, {"point": "x"}, {"debt": "d-9"}])
def test_what_is_not_of_the_case_is_refused(scene: Scene, more: dict[str, Any]) -> None:
    with pytest.raises(ProposalError, match="not of this case"):
        ways(scene.gate, Asked(scene.case(), "a-1")._replace(**more))
