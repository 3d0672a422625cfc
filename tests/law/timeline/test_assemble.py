"""The fact layer as a whole: every declared fact is computed, none is invented."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.law.cases import BASE, Json, a_case, call, event, facts, stamp

from kuanxian.law.case_events import GROUPS
from kuanxian.law.timeline import COMPUTED, facts_of, undeclared_groups


@pytest.fixture(scope="module")
def declared(root: Path) -> dict[str, Any]:
    text = (root / "rules/facts.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["fact"]
    return found


def test_every_computed_fact_is_declared_and_every_declared_one_computed(
    declared: dict[str, Any],
) -> None:
    assert {name for name, fact in declared.items() if fact["source"] == "computed"} == set(
        COMPUTED
    )


def test_an_answer_has_every_computed_fact_and_the_stated_ones() -> None:
    told = facts(facts={"threat_hits": 0})
    assert set(told) == set(COMPUTED) | {"threat_hits"}


def test_the_groups_a_fact_needs_are_groups_of_the_case_file() -> None:
    assert {group for groups in COMPUTED.values() for group in groups} <= set(GROUPS)


DEAD = [call("x-1", "11-24 10:00", "dead_number"), call("x-2", "11-24 10:00", "dead_number",
                                                        point="pt-2")]  # fmt: skip


def yes(use: str, person: str = "p-1") -> Json:
    return event("c-1", "consent", "11-01 10:00", person=person, purpose=use, step="given",
                 form="written")  # fmt: skip


IN_A_CASE: dict[str, tuple[list[Json], Json]] = {
    "dead_number_proven": (DEAD, {}),
    "days_since_dead_number": (DEAD, {}),
    "debtor_minor": ([], {"people": [{"id": "p-1", "role": "debtor"}, BASE["people"][1]]}),
    "report_consent_written": ([yes("report")], {}),
    "query_consent_written": ([yes("query")], {}),
    "target_basis": ([yes("contact", "p-2")], {"act": {"kind": "contact", "to": "p-2"}}),
    "owed_to_person": ([], {"act": {"kind": "message", "to": "p-2", "purpose": "notice"}}),
    "target_named": ([], {"act": {"kind": "ask_consent", "to": "p-2"}}),
}


@pytest.mark.parametrize("fact", sorted(COMPUTED))
def test_without_the_groups_it_needs_a_fact_says_nothing_about_what_is_absent(fact: str) -> None:
    timeline, changes = IN_A_CASE.get(fact, ([], {}))
    for group in COMPUTED[fact]:
        told = facts(*timeline, **changes, complete=sorted(set(GROUPS) - {group}))
        assert told[fact] is None, group


def test_the_act_and_the_instant_may_be_others_than_the_cases() -> None:
    case = a_case(call("e-1", "11-25 09:00"))
    act = case.act._replace(to="p-2", point="pt-3")
    before = case.at - 8 * 3600 * 1_000_000
    assert facts_of(case, act)["target_role"] == "nominated_contact"
    assert facts_of(case, at=before)["effective_calls_today"] == 0


NOBODY: Json = {"act": {"kind": "duty"}, "people": [], "points": [], "debts": []}


def test_a_case_of_nobody_is_all_unknown_but_what_concerns_no_person() -> None:
    told = facts(**NOBODY)
    known = {name for name, value in told.items() if value is not None}
    assert known == {
        "earliest_local_minute", "latest_local_minute", "local_weekday", "local_day_off",
        "contact_people_held", "re_entrusted", "actor_kind", "handed_to_agency",
        "handed_to_assignee", "for_assignee", "agency_contract_ended",
        "unlawful_contacts_held", "breach_found",
    }  # fmt: skip


def test_with_nothing_declared_complete_almost_nothing_is_known() -> None:
    told = facts(complete=[], at=stamp("11-25 15:00"))
    known = {name for name, value in told.items() if value is not None}
    assert known == {
        "earliest_local_minute", "latest_local_minute", "local_weekday", "local_day_off",
        "target_role", "target_origin",
        "point_origin", "contact_purpose", "subject_is_party", "target_basis", "debtor_minor",
        "owed_to_person", "target_named",
        "channel", "reaches_others", "contact_place", "actor_kind", "contract_on",
        "re_entrusted", "handed_to_agency", "handed_to_assignee", "for_assignee",
    }  # fmt: skip


def test_an_unknown_fact_names_the_groups_that_were_not_declared() -> None:
    case = a_case(complete=["consents", "inbound"])
    asked = ("window_agreement", "effective_calls_today", "unreachable_days", "threat_hits")
    assert undeclared_groups(case, asked) == ("calls", "messages", "payments", "points", "visits")
    assert undeclared_groups(a_case(), asked) == ()
