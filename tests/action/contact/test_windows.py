"""When a person may be reached, if nothing more happens."""

from tests.action.contact.scene import Scene, at

from kuanxian.action.contact.windows import Window, windows
from kuanxian.base.days import day_of


def test_a_week_has_its_days_from_eight_to_ten(scene: Scene) -> None:
    case = scene.case()
    found = windows(scene.gate, scene.call(case), days=3)
    assert found.closed_by == ()
    assert found.open == (
        Window(at("2026-11-25 12:00"), at("2026-11-25 22:00")),
        Window(at("2026-11-26 08:00"), at("2026-11-26 22:00")),
        Window(at("2026-11-27 08:00"), at("2026-11-27 22:00")),
        Window(at("2026-11-28 08:00"), at("2026-11-28 12:00")),
    )


def test_after_three_calls_the_day_is_closed(scene: Scene) -> None:
    case = scene.case()
    for _ in range(3):
        assert scene.gate.propose(scene.call(case)).allowed
    found = windows(scene.gate, scene.call(case), days=1)
    assert "cn.frequency.effective_calls" in {one.rule for one in found.closed_by}
    assert found.open == (Window(at("2026-11-26 08:00"), at("2026-11-26 12:00")),)


def test_windows_end_where_the_ledger_does(scene: Scene) -> None:
    case = scene.case()
    known, today = scene.gate.ledger, day_of(2026, 11, 25)
    scene.gate.ledger = lambda debt, day_on: known(debt, day_on) if day_on <= today + 1 else None
    try:
        found = windows(scene.gate, scene.sms(case), days=7)
    finally:
        scene.gate.ledger = known
    assert found.open == (
        Window(at("2026-11-25 12:00"), at("2026-11-25 22:00")),
        Window(at("2026-11-26 08:00"), at("2026-11-26 22:00")),
    )
    assert found.until_at == at("2026-11-27 00:00")


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
