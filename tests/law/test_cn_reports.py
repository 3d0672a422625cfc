"""An adverse report in mainland China: what must be so before it leaves the house."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.days import day_of
from kuanxian.law.decide import Decision, decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Value
from kuanxian.law.rulebook import Rulebook

DAY = day_of(2026, 11, 25)
READY: Mapping[str, Value] = {
    "actor_kind": "lender",
    "no_contact_order": False,
    "debtor_deceased": False,
    "debtor_minor": False,
    "debtor_capacity": "full",
    "report_consent_written": True,
    "handed_to_agency": False,
    "report_is_negative": True,
    "report_has_barred_data": False,
    "report_has_dispute_mark": False,
    "dispute_open": False,
    "debt_disputed": False,
    "episode_notice_delivered": True,
    "days_since_episode_notice": 6,
    "default_ended": False,
    "days_past_due": 40,
    "days_past_due_grace": 37,
    "overdue_principal_fen": 100_000,
    "overdue_interest_fen": 3_000,
    "overdue_penalty_fen": 200,
    "overdue_fee_fen": 0,
    "outstanding_principal_fen": 500_000,
    "reported_overdue_fen": 103_200,
    "reported_principal_fen": 500_000,
    "reported_days_past_due": 40,
    "reported_letter": "2",
}
OVERDUE = ("principal", "interest", "penalty", "fee")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def report(book: Rulebook, facts: Mapping[str, Value], day: int = DAY) -> Decision:
    return decide(book, "report", facts, day, "consumer_finance")


def test_an_adverse_report_with_everything_in_order_is_allowed(book: Rulebook) -> None:
    decision = report(book, READY)
    assert (decision.verdict, decision.missing) == ("allowed", ())


@pytest.mark.parametrize(
    ("change", "verdict", "rule"),
    [
        ({"report_consent_written": False}, "forbidden", "written_consent"),
        ({"episode_notice_delivered": False}, "required", "notice_before"),
        ({"days_since_episode_notice": 4}, "required", "notice_lead"),
        ({"days_past_due_grace": 0}, "forbidden", "outside_grace"),
        ({"reported_overdue_fen": 103_199}, "forbidden", "equals_ledger"),
        ({"reported_principal_fen": 500_001}, "forbidden", "equals_ledger"),
        ({"reported_days_past_due": 39, "reported_letter": "2"}, "forbidden", "equals_ledger"),
        ({"reported_letter": "1"}, "referred", "letter"),
        ({"dispute_open": True}, "forbidden", "dispute_mark"),
        ({"debt_disputed": True}, "forbidden", "dispute_mark"),
        (
            {"debt_disputed": True, "report_has_dispute_mark": True, "debt_not_theirs": True},
            "forbidden",
            "found_wrong",
        ),
        ({"reported_letter": "B", "ledger_letter": "2"}, "forbidden", "equals_status"),
        ({"reported_letter": "G"}, "forbidden", "equals_status"),
        ({"reported_record": "bad_debt"}, "forbidden", "equals_status"),
        ({"reported_record": "settled"}, "forbidden", "equals_status"),
        ({"target_role": "nominated_contact"}, "forbidden", "subject"),
        (
            {
                "dispute_open": True,
                "report_has_dispute_mark": True,
                "dispute_finding": "wrong",
                "corrected_at_provider": True,
                "corrected_at_database": False,
            },
            "forbidden",
            "found_wrong",
        ),
        ({"plan_is_kept": True}, "referred", "report_plan_kept"),
        ({"report_has_barred_data": True}, "forbidden", "barred_content"),
        ({"default_ended": True, "years_since_default_ended": 5}, "forbidden", "five_years"),
        ({"days_past_due": 6, "days_past_due_grace": 6}, "forbidden", "report_floor"),
        ({"no_contact_order": True}, "referred", "no_contact_acts"),
    ],
)
def test_one_thing_out_of_order_stops_it_and_is_named(
    book: Rulebook, change: Mapping[str, Value], verdict: str, rule: str
) -> None:
    decision = report(book, {**READY, **change})
    assert decision.verdict == verdict
    assert rule in {one.rule.id.rsplit(".", 1)[1] for one in decision.spoke}


NOT_ASKED = ("report_has_dispute_mark", "report_is_negative")
"""Of no weight here: nothing is disputed, and all that an adverse report needs is there."""


@pytest.mark.parametrize("name", [name for name in READY if name not in NOT_ASKED])
def test_one_thing_not_known_stops_it_and_is_named(book: Rulebook, name: str) -> None:
    decision = report(book, {key: value for key, value in READY.items() if key != name})
    assert not decision.allowed
    assert name in decision.missing


def test_a_disputed_item_may_be_reported_with_its_mark(book: Rulebook) -> None:
    assert report(book, {**READY, "dispute_open": True, "report_has_dispute_mark": True}).allowed


def test_a_report_not_known_to_be_harmless_is_treated_as_adverse(book: Rulebook) -> None:
    row = {**READY, "report_is_negative": None, "episode_notice_delivered": False}
    decision = report(book, row)
    assert not decision.allowed
    assert "report_is_negative" in decision.missing


def test_before_the_regulation_nothing_permits_a_report(book: Rulebook) -> None:
    decision = report(book, READY, day_of(2013, 3, 14))
    assert decision.verdict == "not_permitted"


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Value]:
    """Make rows near the one that is in order, with some facts changed and some not known."""
    row = dict(READY)
    for name in draw(st.sets(st.sampled_from(sorted(READY)), max_size=5)):
        value = READY[name]
        if isinstance(value, bool):
            row[name] = draw(st.sampled_from([True, False, None]))
        elif isinstance(value, int):
            row[name] = draw(st.sampled_from([0, 1, value - 1, value, value + 1, None]))
        else:
            row[name] = draw(st.sampled_from(["1", "2", "7", "full", "none", None]))
    return row


@given(row=rows())
def test_an_allowed_adverse_report_has_consent_notice_no_grace_and_the_ledgers_figures(
    book: Rulebook, row: dict[str, Value]
) -> None:
    if row["report_is_negative"] is False or not report(book, row).allowed:
        return
    assert row["report_consent_written"] is True
    assert row["episode_notice_delivered"] is True
    assert isinstance(row["days_past_due_grace"], int)
    assert row["days_past_due_grace"] > 0
    parts = [row[f"overdue_{part}_fen"] for part in OVERDUE]
    assert row["reported_overdue_fen"] == sum(part for part in parts if isinstance(part, int))
    assert None not in parts
    assert row["reported_principal_fen"] == row["outstanding_principal_fen"] is not None
    assert row["dispute_open"] is False or row["report_has_dispute_mark"] is True
