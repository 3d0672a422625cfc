"""When a person may be reached, if nothing more happens."""

from collections.abc import Iterator

import pytest
from tests.action.contact.scene import Scene, at, position

from kuanxian.action.contact.windows import Window, windows
from kuanxian.base.days import day_of
from kuanxian.base.errors import ProposalError


def test_a_week_has_its_days_from_eight_to_ten(scene: Scene) -> None:
    case = scene.case()
    found = windows(scene.gate, scene.call(case), days=3)
    assert found.closed_by == ()
    assert found.open == DAYS


def test_after_three_calls_the_day_is_closed(scene: Scene) -> None:
    case = scene.case()
    for _ in range(3):
        assert scene.gate.propose(scene.call(case)).allowed
    found = windows(scene.gate, scene.call(case), days=1)
    assert "cn.frequency.effective_calls" in {one.rule for one in found.closed_by}
    assert found.open == (Window(at("2026-11-26 08:00"), at("2026-11-26 12:00")),)


DAYS = tuple(
    Window(at(f"2026-11-{day} {begin}"), at(f"2026-11-{day} {end}"))
    for day, begin, end in (
        (25, "12:00", "22:00"), (26, "08:00", "22:00"), (27, "08:00", "22:00"),
        (28, "08:00", "12:00"),
    )
)  # fmt: skip


@pytest.fixture
def until_tomorrow(scene: Scene) -> Iterator[Scene]:
    """Let the ledger know today and tomorrow, as a close does."""
    scene.ledger.until_on = day_of(2026, 11, 26)
    yield scene
    scene.ledger.until_on = None


@pytest.mark.parametrize("by_voice", [True, False])
def test_an_overdue_debt_is_foreseen_as_if_nothing_were_paid(
    until_tomorrow: Scene, by_voice: bool
) -> None:
    scene, case = until_tomorrow, until_tomorrow.case()
    act = (scene.call if by_voice else scene.sms)(case)
    found = windows(scene.gate, act, days=3)
    assert found.open == DAYS
    assert found.foreseen_at == at("2026-11-27 00:00")
    assert windows(scene.gate, act, days=1).foreseen_at is None
    # What is foreseen is no ground to act on: on the day itself the figure is not known.
    scene.clock.set("2026-11-27 12:00")
    if by_voice:
        assert windows(scene.gate, act, days=1).open == ()
        assert not scene.gate.propose(act).allowed
    else:
        with pytest.raises(ProposalError, match="no position"):
            scene.gate.propose(act)


def test_what_a_debt_that_is_not_overdue_will_be_is_not_foreseen(until_tomorrow: Scene) -> None:
    scene, case = until_tomorrow, until_tomorrow.case()
    scene.ledger.positions["d-1"] = position(days_past_due=1, overdue_principal_fen=100)
    found = windows(scene.gate, scene.call(case), days=3)
    assert found.foreseen_at is None
    assert "unknown" in {one.outcome for one in found.shut[-1].by}
    assert windows(scene.gate, scene.sms(case), days=3).until_at == at("2026-11-27 00:00")


def test_asking_changes_nothing(scene: Scene) -> None:
    case = scene.case()
    first = windows(scene.gate, scene.call(case), days=7)
    assert windows(scene.gate, scene.call(case), days=7) == first


def test_under_a_police_order_no_window_is_open(scene: Scene) -> None:
    case = scene.case()
    scene.tell(case, {"kind": "order", "person": "p-1", "step": "issued"})
    found = windows(scene.gate, scene.call(case), days=7)
    assert found.open == ()
    assert found.closed_by
