"""Whoever an act of collecting is aimed at under the contract is spared as the debtor is."""

import json
from typing import Any

import pytest

from kuanxian.base.errors import CaseFileError
from kuanxian.law.case_file import read_case
from kuanxian.law.timeline import facts_of

AT = "2026-11-25T12:00:00+08:00"


def told(*events: dict[str, Any], to: str = "p-2", role: str = "co_borrower") -> bytes:
    people = [
        {"id": "p-1", "role": "debtor", "born_on": "1990-01-01"},
        {"id": "p-2", "role": role, "of": "p-1", "born_on": "1990-01-01"},
    ]
    timeline = [{"happened_at": AT, "known_at": AT, **event} for event in events]
    top = {
        "format": "kuanxian-case-1", "country": "cn", "at": AT, "people": people,
        "timeline": timeline, "complete": ["states", "orders", "calls"],
        "act": {"kind": "contact", "to": to, "purpose": "collect"},
    }  # fmt: skip
    return json.dumps(top).encode()


def facts(content: bytes) -> dict[str, Any]:
    return facts_of(read_case(content, "case.json"))


def state(name: str, step: str, person: str = "p-2") -> dict[str, Any]:
    return {"id": name, "kind": "state", "person": person, "step": step}


@pytest.mark.parametrize("role", ["co_borrower", "guarantor"])
def test_a_co_borrower_and_a_guarantor_are_spared_too(role: str) -> None:
    assert facts(told(role=role))["debtor_deceased"] is False
    assert facts(told(state("s-1", "deceased"), role=role))["debtor_deceased"] is True
    assert facts(told(state("s-1", "minor"), role=role))["debtor_minor"] is True
    assert facts(told(state("s-1", "incapacity"), role=role))["debtor_capacity"] == "none"


def test_of_somebody_else_nothing_is_said_of_the_debtor() -> None:
    assert facts(told(state("s-1", "deceased"), role="family"))["debtor_deceased"] is False


@pytest.mark.parametrize("names", [("a", "z"), ("z", "a")])
def test_of_two_states_at_one_instant_the_one_that_protects_counts(names: tuple[str, str]) -> None:
    dead = state(names[0], "deceased", "p-1"), state(names[1], "alive", "p-1")
    assert facts(told(*dead, to="p-1"))["debtor_deceased"] is True
    weak = (
        state(names[0], "incapacity", "p-1"),
        state(names[1], "capable", "p-1") | {"found_by": "court"},
    )
    assert facts(told(*weak, to="p-1"))["debtor_capacity"] == "none"


def test_an_order_cannot_be_replaced_by_a_call() -> None:
    order = {"id": "e-1", "kind": "order", "person": "p-1", "step": "issued"}
    call = {"id": "e-2", "kind": "call", "to": "p-1", "outcome": "no_answer", "replaces": "e-1"}
    with pytest.raises(CaseFileError, match="another kind"):
        read_case(told(order, call, to="p-1"), "case.json")


TAKEN_BACK = [
    ({"kind": "retraction"}, True),
    ({"kind": "retraction", "by": "a-1"}, True),
    ({"kind": "retraction", "found_by": "court"}, True),
    ({"kind": "retraction", "found_by": "police"}, False),
    ({"kind": "order", "person": "p-1", "step": "issued", "until_at": AT}, True),
    ({"kind": "order", "person": "p-1", "step": "lifted", "found_by": "police"}, False),
]


@pytest.mark.parametrize(("replacing", "ordered"), TAKEN_BACK)
def test_an_order_is_taken_back_or_corrected_by_the_police_alone(
    replacing: dict[str, Any], ordered: bool
) -> None:
    parties = [{"id": "a-1", "kind": "agency"}]
    top = json.loads(told(ORDER, {"id": "e-2", "replaces": "e-1", **replacing}, to="p-1"))
    assert facts(json.dumps(top | {"parties": parties}).encode())["no_contact_order"] is ordered


ORDER = {"id": "e-1", "kind": "order", "person": "p-1", "step": "issued"}
ORDERED = [
    ("nominated_contact", "contact", "pass_message", True),
    ("family", "contact", "locate", True),
    ("statutory_agent", "contact", "collect", True),
    ("other", "assign", None, True),
    ("co_borrower", "contact", "collect", False),
    ("guarantor", "visit", "collect", False),
    ("co_borrower", "contact", "pass_message", True),
    ("co_borrower", "contact", None, True),
    ("co_borrower", "plan", None, True),
]


@pytest.mark.parametrize(("role", "kind", "purpose", "spared"), ORDERED)
def test_an_order_on_the_debtor_reaches_an_act_aimed_at_somebody_else(
    role: str, kind: str, purpose: str | None, spared: bool
) -> None:
    top = json.loads(told(ORDER, role=role))
    top["act"] = {"kind": kind, "to": "p-2"} | ({"purpose": purpose} if purpose else {})
    assert facts(json.dumps(top).encode())["no_contact_order"] is spared


def test_an_order_on_a_co_borrower_stops_a_call_to_that_person_and_not_to_the_debtor() -> None:
    order = ORDER | {"person": "p-2"}
    assert facts(told(order))["no_contact_order"] is True
    assert facts(told(order, to="p-1"))["no_contact_order"] is False
