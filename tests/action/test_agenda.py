"""What a case asks of tomorrow."""

import json

import pytest
from tests.action.contact.conftest import OVERDUE, book, lexicon, scene, stage
from tests.action.contact.scene import Scene, at, case_told

from kuanxian.action.agenda import Counter, agenda
from kuanxian.action.contact.outcome import Report, report
from kuanxian.action.contact.windows import Window
from kuanxian.base.days import day_of

__all__ = ["book", "lexicon", "scene", "stage"]

LATE = OVERDUE._replace(default_since_on=day_of(2026, 11, 13))


def test_the_windows_are_those_of_tomorrow(scene: Scene) -> None:
    case = scene.case()
    found = agenda(scene.gate, case, {}, [scene.call(case)])
    assert [one.spans for one in found.windows] == [
        (Window(at("2026-11-26 08:00"), at("2026-11-26 22:00")),)
    ]
    scene.tell(case, {"kind": "order", "person": "p-1", "step": "issued"})
    assert agenda(scene.gate, case, {}, [scene.call(case)]).windows[0].spans == ()


CLOCKS = {
    # Eight in Berlin is 14:00 in Shanghai in summer, 15:00 from the night of the 25th on.
    "the day before clocks change": (24, "14:00"),
    "the day of 25 hours": (25, "15:00"),
    "the day after": (26, "15:00"),
}


@pytest.mark.parametrize(("day", "opens"), CLOCKS.values(), ids=CLOCKS.keys())
def test_who_may_be_in_two_zones_is_reached_by_day_in_both(
    scene: Scene, day: int, opens: str
) -> None:
    people = case_told()["people"]
    people[0]["zones"] = ["Asia/Shanghai", "Europe/Berlin"]
    case = scene.case(people=people)
    scene.clock.set("2026-10-23 12:00")
    found = agenda(scene.gate, case, {}, [scene.call(case)], on=day_of(2026, 10, day))
    assert [one.spans for one in found.windows] == [
        (Window(at(f"2026-10-{day} {opens}"), at(f"2026-10-{day} 22:00")),)
    ]


def test_a_way_that_cannot_be_put_in_words_says_why_and_stops_no_other(scene: Scene) -> None:
    case = scene.case()
    scene.ledger.positions = {}
    found = agenda(scene.gate, case, {}).windows
    assert [(one.channel, bool(one.spans), bool(one.error)) for one in found] == [
        ("voice_human", False, False), ("sms", False, True)
    ]  # fmt: skip
    assert found[0].closed_by == ("cn.contact.nothing_overdue",)


def test_notices_that_are_due_are_there_with_what_is_next(scene: Scene) -> None:
    found = agenda(scene.gate, scene.case(), {"d-1": LATE})
    assert [(one.due.kind, one.step.do, one.step.channel) for one in found.notices] == [
        ("first_overdue", "propose", "sms"),
        ("report_notice", "propose", "sms"),
    ]
    assert agenda(scene.gate, scene.case(), {}).notices == ()


def test_a_grant_is_unreported_from_its_end_until_somebody_reports(scene: Scene) -> None:
    case = scene.case()
    answer = scene.gate.propose(scene.call(case))
    assert answer.grant is not None
    assert agenda(scene.gate, case, {}).unreported == ()
    scene.clock.move(300)
    found = agenda(scene.gate, case, {}).unreported
    assert [(one.grant_id, one.by, one.channel) for one in found] == [
        (answer.grant.grant_id, "a-1", "voice_human")
    ]
    told = Report(answer.grant.grant_id, "no_answer", scene.clock.now, "a-1", "officer-1")
    report(scene.gate, case, told)
    assert agenda(scene.gate, case, {}).unreported == ()


def test_a_counter_one_short_of_its_limit_is_there(scene: Scene) -> None:
    case = scene.case()
    assert scene.gate.propose(scene.call(case)).allowed
    assert agenda(scene.gate, case, {}).counters == ()
    assert scene.gate.propose(scene.call(case)).allowed
    near = Counter("effective_calls_today", "pt-1", 2, 3)
    assert agenda(scene.gate, case, {}).counters == (near,)


def test_a_counter_that_is_not_known_is_there(scene: Scene) -> None:
    complete = [one for one in case_told()["complete"] if one != "calls"]
    found = agenda(scene.gate, scene.case(complete=complete), {}).counters
    assert {one.counted for one in found} == {None}
    assert len(found) == 2


def test_an_agenda_is_json_and_asking_changes_nothing(scene: Scene) -> None:
    case = scene.case()
    before = scene.gate.read(case, None).file.version
    first = agenda(scene.gate, case, {"d-1": LATE}, [scene.call(case)])
    told = json.loads(json.dumps(first.as_json()))
    assert told["notices"][0]["kind"] == "first_overdue"
    assert scene.gate.read(case, None).file.version == before
    assert agenda(scene.gate, case, {"d-1": LATE}, [scene.call(case)]) == first
