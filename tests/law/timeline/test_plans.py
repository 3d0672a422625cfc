"""Plans, guarantors, mediation, ages of records and of the claim, open debts."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

from kuanxian.base.days import day_of


def plan(step: str, at: str, **keys: Any) -> Json:
    return event(f"p-{step}-{at[3:5]}", "plan", at, **{"debt": "d-1", "step": step} | keys)


AGREED = plan("agreed", "11-05 10:00")
PLANS = [
    ("none", [], (False, False)),
    ("asked", [plan("asked", "11-01 10:00")], (False, False)),
    ("offered", [plan("offered", "11-02 10:00")], (False, False)),
    ("agreed", [plan("offered", "11-02 10:00"), AGREED], (True, True)),
    ("agreed, never offered in the file", [AGREED], (True, True)),
    ("offered anew since", [plan("offered", "11-02 10:00"), AGREED,
     plan("offered", "11-10 10:00")], (False, True)),
    ("agreed by the lender", [plan("offered", "11-02 10:00"), AGREED | {"by": "l-1"}],
     (False, True)),
    ("agreed by one without capacity", [event("s-1", "state", "11-01 10:00", person="p-1",
     step="limited_capacity"), AGREED], (False, True)),
    ("agreed by one under age", [event("s-1", "state", "11-20 10:00", person="p-1", step="minor"),
     AGREED], (False, True)),
    ("refused, which the lender says never was", [plan("offered", "11-02 10:00"), AGREED,
     plan("refused", "11-06 10:00"), event("r-1", "retraction", "11-07 10:00", by="l-1",
     replaces="p-refused-06")], (False, True)),
    ("agreed, then refused", [plan("offered", "11-02 10:00"), AGREED, plan("refused",
     "11-06 10:00")], (False, True)),
    ("broken", [plan("offered", "11-02 10:00"), AGREED, plan("broken", "11-12 10:00")],
     (False, False)),
    ("broken and agreed again", [AGREED, plan("broken", "11-12 10:00"),
     plan("agreed", "11-13 10:00")], (True, True)),
    ("over", [plan("agreed", "11-05 10:00", until_at=stamp("11-25 15:00"))], (False, False)),
    ("ended", [AGREED, plan("ended", "11-12 10:00")], (False, False)),
    ("refused", [plan("offered", "11-02 10:00"), plan("refused", "11-03 10:00")], (False, False)),
    ("of another debt", [plan("agreed", "11-05 10:00", debt="d-2")], (False, False)),
]  # fmt: skip
TWO_DEBTS: Json = {
    "debts": [
        {"id": "d-1", "debtor": "p-1", "contract_on": "2025-11-01", "due_on": "2023-11-25"},
        {"id": "d-2", "debtor": "p-1"},
    ],
    "act": {"kind": "plan", "to": "p-1", "debt": "d-1"},
}


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in PLANS],
                         ids=[str(row[0]) for row in PLANS])  # fmt: skip
def test_a_plan_agreed_and_kept(timeline: list[Json], expected: tuple[bool, bool]) -> None:
    told = facts(*timeline, **TWO_DEBTS)
    assert (told["plan_agreement_recorded"], told["plan_is_kept"]) == expected


def test_a_plan_named_by_its_request_is_the_last_one_offered_for_it() -> None:
    asked = plan("asked", "11-01 10:00")
    offers = [plan("offered", f"11-{day} 10:00", about=asked["id"]) for day in ("02", "10")]
    agreed = AGREED | {"about": asked["id"]}
    two = TWO_DEBTS | {"act": TWO_DEBTS["act"] | {"about": asked["id"]}}
    assert facts(asked, offers[0], agreed, **two)["plan_agreement_recorded"] is True
    assert facts(asked, *offers, agreed, **two)["plan_agreement_recorded"] is False


def test_that_a_plan_is_kept_is_unknown_where_a_breach_of_it_may_be_missing() -> None:
    assert facts(AGREED, complete=[])["plan_is_kept"] is None
    assert facts(AGREED, complete=[])["plan_agreement_recorded"] is None
    assert facts(AGREED, plan("broken", "11-12 10:00"), complete=[])["plan_is_kept"] is False


def test_every_guarantor_agrees_in_writing_to_this_plan() -> None:
    people = [*BASE["people"], {"id": "p-3", "role": "guarantor"},
              {"id": "p-4", "role": "guarantor", "of": "p-1"}]  # fmt: skip
    offered = plan("offered", "11-02 10:00")

    def yes(person: str, at: str = "11-03 10:00", form: str = "written") -> Json:
        return event(f"c-{person}", "consent", at, person=person, purpose="plan", step="given",
                     form=form)  # fmt: skip

    assert facts()["guarantee_exists"] is False
    assert facts()["guarantor_consent_written"] is None
    for given, agreed in (
        ([], False),
        ([yes("p-3")], False),
        ([yes("p-3"), yes("p-4")], True),
        ([yes("p-3"), yes("p-4", form="oral")], False),
        ([yes("p-3"), yes("p-4", at="11-01 10:00")], False),
    ):
        told = facts(offered, *given, people=people)
        assert told["guarantee_exists"] is True
        assert told["guarantor_consent_written"] is agreed


def test_a_mediated_agreement_and_its_confirmation() -> None:
    deal = event("m-1", "mediation", "10-26 10:00", step="agreed")
    asked = event("m-2", "mediation", "11-01 10:00", step="confirmation_asked")
    names = ("mediated_deal", "mediation_confirmed", "days_since_mediation")
    for timeline, expected in (
        ([], (False, None, None)),
        ([deal], (True, False, 30)),
        ([deal, asked], (True, True, 30)),
        ([deal, asked | {"debt": "d-1"}], (True, True, 30)),
        ([deal, asked | {"debt": "d-2"}], (True, False, 30)),
        ([deal | {"debt": "d-2"}], (False, None, None)),
    ):
        told = facts(*timeline, **TWO_DEBTS)
        assert tuple(told[name] for name in names) == expected


PAID = event("y-1", "payment", "2025-03-01 10:00", debt="d-1")
LIMITATION = [
    ("last due day", [], "11-25 15:00", 2),
    ("its third anniversary has ended", [], "11-26 00:00", 3),
    ("a payment since", [PAID], "11-25 15:00", 1),
    ("a demand since", [event("i-1", "interruption", "2026-11-24 10:00", debt="d-1")],
     "11-25 15:00", 0),
    ("a plan agreed since", [plan("agreed", "2026-11-24 10:00")], "11-25 15:00", 0),
    ("a plan the lender says was agreed", [plan("agreed", "2026-11-24 10:00", by="l-1")],
     "11-25 15:00", 2),
    ("a plan only asked for", [plan("asked", "2026-11-24 10:00")], "11-25 15:00", 2),
    ("a payment on another debt", [PAID | {"debt": "d-2"}], "11-25 15:00", 2),
    ("a payment before the due day", [PAID | {"happened_at": stamp("2023-01-01 10:00")}],
     "11-25 15:00", 2),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "at", "years"), [row[1:] for row in LIMITATION],
                         ids=[str(row[0]) for row in LIMITATION])  # fmt: skip
def test_years_since_the_limitation_period_began(timeline: list[Json], at: str, years: int) -> None:
    assert facts(*timeline, at=stamp(at), **TWO_DEBTS)["limitation_years"] == years


AGES = [
    ("impact_assessment", "2023-11-24", [], 3),
    ("impact_assessment", "2023-11-25", [], 2),
    ("impact_assessment", None, [], None),
    ("recording", "2023-11-24", [], 3),
    ("recording", "2023-11-24", [call("e-1", "2025-01-01 10:00", "busy")], 1),
    ("recording", "2023-11-24", [event("s-1", "settlement", "11-01 10:00", debt="d-1")], 0),
    ("loan_record", None, [event("s-1", "settlement", "2020-11-01 10:00", debt="d-1")], 6),
    ("supply_record", "2023-11-24", [call("e-1", "11-01 10:00")], 3),
    (None, "2023-11-24", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "made_on", "timeline", "years"), AGES)
def test_the_age_of_a_record(
    kind: str | None, made_on: str | None, timeline: list[Json], years: int | None
) -> None:
    act = {"kind": "delete", "to": "p-1"} | ({"record_on": made_on} if made_on else {})
    stated = {"record_kind": kind} if kind else {}
    assert facts(*timeline, act=act, facts=stated)["record_age_years"] == years


def test_open_debts_of_the_debtor() -> None:
    assert facts(**TWO_DEBTS)["debts_open"] == 2
    settled = event("s-1", "settlement", "11-20 10:00", debt="d-2")
    assert facts(settled, **TWO_DEBTS)["debts_open"] == 1


def test_the_contracts_day_is_the_debts() -> None:
    assert facts(**TWO_DEBTS)["contract_on"] == day_of(2025, 11, 1)
    unsure = TWO_DEBTS | {"act": {"kind": "report", "to": "p-1"}}
    assert facts(**unsure)["contract_on"] is None
