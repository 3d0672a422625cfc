"""Episodes of overdue: the days of the latest one, when it ended, and what was reported."""

from typing import Any

import pytest
from tests.law.cases import Json, event, facts, stamp

from kuanxian.base.days import day_of


def step(name: str, at: str, debt: str = "d-1", **keys: Any) -> Json:
    return event(
        f"o-{name}-{at.replace(' ', '_')[:8]}", "overdue", at, debt=debt, step=name, **keys
    )


def day(text: str) -> int:
    month, number = text.split("-")
    return day_of(2026, int(month), int(number))


ROWS = [
    ("none", [], None, None, None),
    ("running", [step("began", "11-02 00:00")], "11-02", None, False),
    ("paid up", [step("began", "11-02 00:00"), step("cured", "11-20 18:00")], "11-02", "11-20",
     True),
    ("a second one runs", [step("began", "09-02 00:00"), step("cured", "09-20 18:00"),
     step("began", "11-02 00:00")], "11-02", None, False),
    ("booked late, counts from its own day", [step("began", "11-05 00:00", on="2026-11-02")],
     "11-02", None, False),
    ("told again while it runs", [step("began", "11-02 00:00"), step("began", "11-03 00:00")],
     "11-03", None, False),
    ("told paid up twice", [step("began", "11-02 00:00"), step("cured", "11-20 18:00"),
     step("cured", "11-22 18:00")], "11-02", "11-20", True),
    ("the debt was settled", [step("began", "11-02 00:00"), event("s-1", "settlement",
     "11-24 10:00", debt="d-1")], "11-02", None, True),
    ("of another debt", [step("began", "11-02 00:00", debt="d-2")], None, None, None),
]  # fmt: skip
TWO_DEBTS: Json = {
    "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
    "act": {"kind": "report", "debt": "d-1"},
}


@pytest.mark.parametrize(("timeline", "began", "cured", "ended"), [row[1:] for row in ROWS],
                         ids=[str(row[0]) for row in ROWS])  # fmt: skip
def test_the_latest_episode(
    timeline: list[Json], began: str | None, cured: str | None, ended: bool | None
) -> None:
    told = facts(*timeline, **TWO_DEBTS)
    assert told["default_began_on"] == (day(began) if began else None)
    assert told["default_repaid_on"] == (day(cured) if cured else None)
    assert told["default_ended"] is ended


YEARS = [
    ("2031-11-24 12:00", 4, 1830 - 5),
    ("2031-11-25 12:00", 4, 1831 - 5),
    ("2031-11-26 00:00", 5, 1832 - 5),
]


@pytest.mark.parametrize(("at", "years", "days"), YEARS)
def test_five_years_are_over_when_the_anniversary_has_ended(at: str, years: int, days: int) -> None:
    past = [step("began", "11-02 00:00"), step("cured", "11-25 18:00")]
    told = facts(*past, at=stamp(at))
    assert told["years_since_default_ended"] == years
    assert told["days_since_cured"] == days


REPORTED = [
    ("not cured", [step("began", "11-02 00:00")], None),
    ("cured, nothing reported", [], False),
    ("cured and reported", [("recovery", "11-21 10:00")], True),
    ("reported settled", [("settled", "11-21 10:00")], True),
    ("reported on the day", [("recovery", "11-20 09:00")], True),
    ("reported overdue since", [("overdue", "11-21 10:00")], False),
    ("a recovery of before", [("recovery", "11-10 10:00")], False),
]  # fmt: skip


@pytest.mark.parametrize(("made", "reported"), [row[1:] for row in REPORTED],
                         ids=[str(row[0]) for row in REPORTED])  # fmt: skip
def test_the_recovery_is_reported_since_it_was_paid_up(made: Any, reported: bool | None) -> None:
    past: list[Json] = [step("began", "11-02 00:00"), step("cured", "11-20 18:00")]
    if reported is None:
        past = made
    else:
        past += [
            event(f"r-{no}", "report", at, debt="d-1", record=record)
            for no, (record, at) in enumerate(made)
        ]
    assert facts(*past)["recovery_reported"] is reported


@pytest.mark.parametrize(
    ("record", "negative"),
    [("overdue", True), ("bad_debt", True), ("guarantor_paid", True), ("normal", False),
     ("recovery", False), ("settled", False), ("correction", False), (None, None)],
)  # fmt: skip
def test_what_is_adverse(record: str | None, negative: bool | None) -> None:
    act = {"kind": "report"} | ({"record": record} if record else {})
    assert facts(act=act)["report_is_negative"] is negative


@pytest.mark.parametrize("record", ["normal", "recovery", "settled", "correction"])
@pytest.mark.parametrize("shown", ["reported_overdue_fen", "reported_days_past_due"])
def test_a_report_that_shows_something_overdue_is_adverse_whatever_it_is_called(
    record: str, shown: str
) -> None:
    act = {"kind": "report", "record": record}
    assert facts(act=act, facts={shown: 1})["report_is_negative"] is True
    assert facts(act=act, facts={shown: 0})["report_is_negative"] is False


@pytest.mark.parametrize("record", ["normal", "recovery", "settled", "correction"])
@pytest.mark.parametrize("letter", ["1", "7", "D", "Z", "G", "B", "N", "*", "M", "C", "#"])
def test_a_letter_makes_a_report_adverse_whatever_it_is_called(record: str, letter: str) -> None:
    act = {"kind": "report", "record": record}
    told = facts(act=act, facts={"reported_letter": letter})
    assert told["report_is_negative"] is (letter in "17DZGB")
