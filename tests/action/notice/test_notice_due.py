"""Which notices a case asks for on a day."""

from typing import Any

import pytest
from tests.action.contact.scene import NOON, at, case_told, iso, position
from tests.action.notice.pace import PACE

from kuanxian.action.notice import Due, notices_due
from kuanxian.base.days import NO_DAY, day_of
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.law.case import Case
from kuanxian.law.case_file import case_of
from kuanxian.loan import Position
from kuanxian.loan.position import Status

TODAY = day_of(2026, 11, 25)
IN_TIME = position(next_due_on=TODAY + 3, next_due_fen=50_000, default_since_on=NO_DAY)
LATE = position(days_past_due=12, days_past_due_grace=12, default_since_on=TODAY - 12,
                next_due_on=TODAY + 3, next_due_fen=50_000)  # fmt: skip


def case(*events: dict[str, Any], without: str = "", **more: Any) -> Case:
    told = {**case_told(), **more}
    timeline = [one for one in told["timeline"] if not one["id"].startswith(without or "~")]
    for number, event in enumerate(events):
        timeline.append({"id": f"e-{number}", "happened_at": "2026-11-20T12:00:00+08:00",
                         "known_at": "2026-11-20T12:00:00+08:00", **event})  # fmt: skip
    whole = {"format": "kuanxian-case-1", "at": iso(NOON), "act": {"kind": "duty"}, **told}
    return case_of({**whole, "timeline": timeline}, "made-up")


def kinds(of: Case, of_debt: Position | None = None, now: int = NOON) -> list[str]:
    found = notices_due(of, {"d-1": of_debt} if of_debt else {}, now, PACE)
    return sorted(one.kind for one in found)


POSITIONS: dict[str, tuple[Position | None, list[str]]] = {
    "three days before the due day": (IN_TIME, ["due_reminder"]),
    "four days before": (IN_TIME._replace(next_due_on=TODAY + 4), []),
    "on the due day": (IN_TIME._replace(next_due_on=TODAY), ["due_reminder"]),
    "nothing is asked for": (IN_TIME._replace(next_due_fen=0), []),
    "late, and no reminder then": (LATE, ["first_overdue", "report_notice"]),
    "late within grace": (LATE._replace(days_past_due_grace=0), []),
    "late for a year": (LATE._replace(default_since_on=TODAY - 365), ["report_notice"]),
    "where it stands is not known": (None, []),
}


@pytest.mark.parametrize(("stands", "wanted"), POSITIONS.values(), ids=POSITIONS.keys())
def test_a_notice_is_due_by_where_the_debt_stands(
    stands: Position | None, wanted: list[str]
) -> None:
    assert kinds(case(), stands) == wanted


def notice(word: str, **more: Any) -> dict[str, Any]:
    return {"kind": "notice", "to": "p-1", "notice": word, "channel": "sms", "debt": "d-1",
            "outcome": "delivered", **more}  # fmt: skip


COMPLAINT = {"kind": "complaint", "person": "p-1", "topic": "conduct"}
PLAN = {"kind": "plan", "debt": "d-1"}
THAT_DAY = "2026-11-25T10:00:00+08:00"
CALL = {"kind": "call", "to": "p-1", "channel": "voice_human", "purpose": "collect",
        "happened_at": THAT_DAY, "known_at": THAT_DAY}  # fmt: skip

EVENTS: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "a complaint": ([{**COMPLAINT, "step": "received"}], ["complaint_received"]),
    "a plan offered": ([{**PLAN, "step": "offered"}], ["plan_offered"]),
    "a plan agreed since": (
        [{**PLAN, "step": "offered"}, {**PLAN, "step": "agreed", "about": "e-0",
          "happened_at": "2026-11-21T12:00:00+08:00", "known_at": "2026-11-21T12:00:00+08:00"}],
        ["plan_agreed"],
    ),
    "a plan refused": ([{**PLAN, "step": "refused"}], []),
    "a call that was answered": ([{**CALL, "outcome": "identified"}], ["data_opened"]),
    "a call of which nothing is known": ([{**CALL, "outcome": "unknown"}], []),
    "an in-app message": (
        [{**CALL, "kind": "message", "channel": "in_app", "outcome": "sent"}], []
    ),
}  # fmt: skip


APP = {"id": "pt-app", "person": "p-1", "kind": "app", "origin": "contract", "place": "mobile"}


@pytest.mark.parametrize(("events", "wanted"), EVENTS.values(), ids=EVENTS.keys())
def test_a_notice_is_due_by_what_happened(events: list[dict[str, Any]], wanted: list[str]) -> None:
    assert kinds(case(*events, points=[*case_told()["points"], APP])) == wanted


def test_of_an_opening_nobody_is_told_who_has_no_app_to_be_told_in() -> None:
    assert kinds(case({**CALL, "outcome": "identified"})) == []


def test_a_complaint_of_long_ago_is_not_acknowledged_now() -> None:
    complained = case({**COMPLAINT, "step": "received"})
    assert kinds(complained, now=at("2026-12-20 12:00")) == ["complaint_received"]
    assert kinds(complained, now=at("2026-12-21 12:00")) == []


def test_an_agency_is_told_of_while_it_has_the_debt_and_was_not_told_of() -> None:
    assert kinds(case()) == []
    untold = case(without="no-a-1")
    due = notices_due(untold, {}, NOON, PACE)
    assert [(one.kind, one.party, one.episode) for one in due] == [
        ("agency_assigned", "a-1", "pl-a-1")
    ]
    taken_back = {"kind": "placement", "debt": "d-1", "party": "a-1", "step": "ended"}
    assert kinds(case(taken_back, without="no-a-1")) == []


def test_a_transferred_claim_is_told_of_until_it_was_told() -> None:
    parties = [*case_told()["parties"], {"id": "as-1", "kind": "assignee"}]
    assigned = IN_TIME._replace(status=Status.ASSIGNED)
    assert kinds(case(parties=parties), assigned) == ["claim_assigned"]
    assert kinds(case(notice("assignment", party="as-1"), parties=parties), assigned) == []


def test_one_report_notice_is_for_one_overdue_episode() -> None:
    assert kinds(case(notice("adverse_report")), LATE) == ["first_overdue"]
    # Given on the 20th; an episode that began on the 21st is another.
    later = LATE._replace(default_since_on=TODAY - 4, days_past_due=4, days_past_due_grace=4)
    assert kinds(case(notice("adverse_report")), later) == ["first_overdue", "report_notice"]
    lost = notice("adverse_report", outcome="failed", replaces="e-0")
    assert "report_notice" in kinds(case(notice("adverse_report"), lost), LATE)


def test_the_name_of_a_notice_is_that_of_its_episode_alone() -> None:
    first = {one.kind: one.key for one in notices_due(case(), {"d-1": LATE}, NOON, PACE)}
    later = notices_due(case(), {"d-1": LATE}, NOON + 86_400_000_000, PACE)
    assert {one.kind: one.key for one in later} == first
    other = LATE._replace(default_since_on=TODAY - 11)
    assert not {one.key for one in notices_due(case(), {"d-1": other}, NOON, PACE)} & set(
        first.values()
    )


def test_no_key_of_a_notice_reads_as_somebodys_number() -> None:
    due = [Due("report_notice", "p-1", f"d-{number}", "20000", 1) for number in range(5_000)]
    asked = [f"{one.key}:1:sms:29900000" for one in due]
    assert [one for one in asked if holds_phone_or_identity(one)] == []
    assert len(set(asked)) == len(due)


def test_a_notice_that_could_be_begun_keeps_its_key() -> None:
    assert (
        Due("report_notice", "p-1", "d-1", "20000", 1).key
        == "report_notice-9c5cf54b17a7f0941cce2599"
    )
