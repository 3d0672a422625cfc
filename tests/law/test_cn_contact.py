"""What the mainland China book answers to a caller, a writer, a visitor and an agency."""

import datetime
from typing import Any

import pytest

from kuanxian.base.days import day_number
from kuanxian.law.answer import answer
from kuanxian.law.decide import Decision, decide
from kuanxian.law.explain import explain
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook

DAY = day_number(datetime.date(2026, 11, 25))
HITS = (
    "threat_hits", "insult_hits", "exposure_threat_hits", "shaming_hits", "contact_pressure_hits",
    "false_authority_hits", "false_status_hits", "credit_exaggeration_hits",
    "borrow_to_repay_hits", "undisclosed_fee_hits", "private_payee_hits",
)  # fmt: skip
CALL: dict[str, Any] = {
    "channel": "voice_human",
    "target_role": "debtor",
    "contact_purpose": "collect",
    "actor_kind": "lender",
    "claimed_identity": "lender",
    "account_kind": "company",
    "dialler_setup": "plain",
    "first_contact": False,
    "contact_place": "mobile",
    "reaches_others": False,
    "target_origin": "contract",
    "point_origin": "contract",
    "point_not_theirs": False,
    "earliest_local_minute": 600,
    "latest_local_minute": 600,
    "window_agreement": "none",
    "effective_calls_today": 0,
    "unanswered_attempts_today": 0,
    "against_preference": False,
    "target_stopped": False,
    **dict.fromkeys(("messages_to_target_today", "messages_to_target_week"), 0),
    **dict.fromkeys(("visits_to_target_today", "answers_by_channel_today"), 0),
    "question_open": False,
    "answer_words": True,
    "owed_to_person": False,
    "notice_due": False,
    "collector_exam_passed": True,
    "days_since_collector_training": 100,
    "act_automated": False,
    "days_past_due_grace": 10,
    "debtor_deceased": False,
    "debtor_minor": False,
    "debtor_capacity": "full",
    "no_contact_order": False,
    "distress_signal": False,
    "hardship_claimed": False,
    "debt_disputed": False,
    "plan_is_kept": False,
    "days_since_last_cycle": 30,
}
"""A lawful call to a debtor ten days overdue, at ten in the morning."""
TEXT: dict[str, Any] = {
    **{name: value for name, value in CALL.items() if not name.startswith("collector")},
    **dict.fromkeys(HITS, 0),
    "channel": "sms",
    "states_amount": True,
    "stated_amount_fen": 123_456,
    "ledger_amount_fen": 123_456,
    "payee_kind": "none",
    "claims_reporting": False,
    "preview_shows_debt": False,
}
FRIEND: dict[str, Any] = {
    **CALL,
    "target_role": "nominated_contact",
    "target_origin": "typed_by_debtor",
    "point_origin": "typed_by_debtor",
    "contact_purpose": "pass_message",
    "target_basis": "consent",
    "target_noticed": True,
    "target_stopped": False,
    "discloses_debt": False,
    "effective_calls_to_target_today": 0,
    "payoff_fen": 123_456,
    "dead_number_proven": False,
    "unreachable_days": 3,
    "unreachable_attempts": 6,
    "unreachable_hours": 3,
}
"""A lawful call to a contact the debtor named, who agreed, on the third day out of contact."""
VISIT: dict[str, Any] = {
    **CALL,
    "channel": "visit",
    "contact_place": "home",
    "visit_staff_count": 2,
    "visit_enters": False,
    "visit_recorded": True,
    "visit_identity_shown": True,
}
AGENCY: dict[str, Any] = {
    **CALL,
    "actor_kind": "agency",
    "claimed_identity": "agency",
    "agency_notice_delivered": True,
    "agency_listed": True,
    "agency_contract_complete": True,
    "agency_contract_ended": False,
    "agency_case_assigned": True,
    "agency_violent_record": False,
    "days_since_agency_evaluation": 100,
    "agency_renewed_unevaluated": False,
}
LAWFUL = {
    "call": ("contact", CALL),
    "text": ("message", TEXT),
    "friend": ("contact", FRIEND),
    "visit": ("visit", VISIT),
    "agency": ("contact", AGENCY),
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def ask(book: Rulebook, base: str, day: int = DAY, **changed: Any) -> Decision:
    act, facts = LAWFUL[base]
    return decide(book, act, {**facts, **changed}, day, "bank")


def stops(decision: Decision) -> set[str]:
    """Name the rules that fire and stop the act."""
    return {
        spoken.rule.id.removeprefix("cn.")
        for spoken in decision.spoke
        if spoken.outcome == "fires" and spoken.verdict in {"forbid", "require", "refer"}
    }


@pytest.mark.parametrize("base", LAWFUL)
def test_what_is_lawful_is_allowed_and_nothing_warns(book: Rulebook, base: str) -> None:
    decision = ask(book, base)
    assert decision.verdict == "allowed"
    assert {spoken.outcome for spoken in decision.spoke} == {"permits"}


@pytest.mark.parametrize("base", LAWFUL)
@pytest.mark.parametrize("lender_type", [None, "consumer_finance", "small_loan", "assignee"])
def test_it_is_allowed_to_lenders_of_every_type(
    book: Rulebook, base: str, lender_type: str | None
) -> None:
    act, facts = LAWFUL[base]
    assert decide(book, act, facts, DAY, lender_type).allowed


AI: dict[str, Any] = {
    **dict.fromkeys(HITS, 0), "channel": "voice_ai", "act_automated": True, "ai_disclosed": True,
    "human_reachable": True, "states_amount": False, "payee_kind": "none",
    "claims_reporting": False, "automated_refused": False,
}  # fmt: skip
"""What makes it a call by a machine, that says nothing it may not."""
_SHUT: list[dict[str, Any]] = [
    {"target_stopped": True}, {"debt_disputed": True}, {"plan_is_kept": True},
    {"days_past_due_grace": 0},
]  # fmt: skip
_SHUT_BY = [
    ("referred", "frequency.stop_asked"), ("referred", "policy.disputed_debt"),
    ("forbidden", "policy.plan_kept"), ("referred", "contact.nothing_overdue"),
]  # fmt: skip
NIGHT = {"earliest_local_minute": 1320, "latest_local_minute": 1320}
CASES: list[tuple[str, dict[str, Any], str, set[str]]] = [
    ("call", {"earliest_local_minute": 1315, "latest_local_minute": 1315}, "allowed", set()),
    ("call", NIGHT, "forbidden", {"contact.quiet_hours"}),
    ("call", NIGHT | {"window_agreement": "own_request"}, "allowed", set()),
    ("call", NIGHT | {"window_agreement": "standard_clause"}, "forbidden",
     {"contact.quiet_hours", "contact.standard_clause_window"}),
    ("call", NIGHT | {"window_agreement": "revoked"}, "forbidden",
     {"contact.quiet_hours", "contact.revoked_window"}),
    ("friend", NIGHT | {"window_agreement": "own_request"}, "forbidden",
     {"contact.quiet_hours_others"}),
    ("call", {"effective_calls_today": 2}, "allowed", set()),
    ("call", {"effective_calls_today": 3}, "forbidden",
     {"frequency.effective_calls", "policy.calls_cap"}),
    ("call", {"unanswered_attempts_today": 6, "attempts_agreed": False}, "forbidden",
     {"frequency.attempts", "policy.attempts_cap"}),
    ("call", {"unanswered_attempts_today": 6, "attempts_agreed": True}, "allowed", set()),
    ("call", {"against_preference": True}, "referred", {"frequency.preference"}),
    ("call", {"target_stopped": True}, "referred", {"frequency.stop_asked"}),
    *[("call", {"target_role": role, "target_stopped": True, "guarantee_in_period": True,
                "states_amount": False}, "referred", {"frequency.stop_asked"})
      for role in ("co_borrower", "guarantor")],
    *[("call", {fact: True, "contact_purpose": "answer", "question_open": True}, "allowed", set())
      for fact in ("target_stopped", "debt_disputed", "plan_is_kept")],
    ("call", {"contact_purpose": "answer", "question_open": True, "days_past_due_grace": 0},
     "allowed", set()),
    ("call", {"contact_purpose": "answer"}, "forbidden", {"policy.answer_asked"}),
    *[(base, {"contact_purpose": "notice", "notice_due": due}, "forbidden",
       {"policy.notice_written"}) for base in ("call", "visit") for due in (True, False)],
    *[("text", {**fact, "contact_purpose": "notice", "notice_due": True}, "allowed", set())
      for fact in _SHUT],
    *[("text", {**fact, "contact_purpose": purpose}, verdict, {rule})
      for fact, (verdict, rule) in zip(_SHUT, _SHUT_BY, strict=True)
      for purpose in ("collect", "inform", "notice", "negotiate")],
    ("call", {"days_past_due_grace": 0}, "referred", {"contact.nothing_overdue"}),
    ("call", {"days_past_due_grace": None}, "referred", set()),
    ("visit", {"days_past_due_grace": None}, "referred", set()),
    ("call", {"channel": "sms"}, "forbidden", set()),
    ("call", {"channel": "letter", "states_amount": False, "claims_reporting": False}
     | dict.fromkeys(HITS, 0) | {"payee_kind": "none"}, "not_permitted", set()),
    ("call", {"dialler_setup": "number_rotation"}, "forbidden", {"channel.dialler_evasion"}),
    ("call", {"account_kind": "private", "account_approved": False}, "forbidden",
     {"channel.private_account"}),
    ("call", {"claimed_identity": "authority"}, "forbidden", {"channel.false_identity"}),
    ("call", {"first_contact": True, "identity_stated": False}, "forbidden", {"channel.identity"}),
    ("call", {"threat_hits": 1}, "forbidden", {"content.spoken_script"}),
    ("call", {"target_origin": "purchased"}, "forbidden", {"third_party.origin"}),
    ("call", {"point_origin": "purchased"}, "forbidden", {"third_party.point_origin"}),
    *[(base, {"point_not_theirs": True}, "forbidden", {"policy.point_not_theirs"})
      for base in ("call", "text", "friend", "visit", "agency")],
    ("call", {"point_origin": "other"}, "referred", {"third_party.origin_unclear"}),
    ("call", {"debtor_minor": True}, "forbidden", {"vulnerable.statutory_agent"}),
    ("call", {"debtor_deceased": True}, "referred", {"vulnerable.deceased_person"}),
    ("call", {"debtor_deceased": True, "act_automated": True}, "forbidden",
     {"vulnerable.deceased"}),
    ("call", {"distress_signal": True}, "referred", {"policy.distress_person"}),
    ("call", {"no_contact_order": True}, "forbidden", {"complaint.no_contact_order"}),
    ("call", {"collector_exam_passed": False}, "forbidden", {"agency.collector_trained"}),
    ("call", {"target_role": "employer", "contact_purpose": "inform", "target_origin": "other",
              "target_basis": "none", "target_noticed": False, "target_stopped": False,
              "discloses_debt": True, "dead_number_proven": False, "unreachable_days": 0,
              "unreachable_attempts": 0, "unreachable_hours": 0,
              "effective_calls_to_target_today": 0}, "forbidden",
     {"third_party.purpose", "third_party.debtor_reachable", "third_party.no_debt_detail",
      "third_party.own_basis", "third_party.origin_unclear", "policy.unreachable_evidence"}),
    ("friend", {"target_origin": "address_book"}, "forbidden", {"third_party.origin"}),
    ("friend", {"target_stopped": True}, "forbidden", {"third_party.stopped"}),
    ("friend", {"discloses_debt": True}, "forbidden", {"third_party.no_debt_detail"}),
    ("friend", {"contact_purpose": "collect"}, "forbidden", {"third_party.collect"}),
    ("friend", {"contact_purpose": "inform"}, "forbidden", {"third_party.purpose"}),
    ("friend", {"target_noticed": False}, "forbidden", {"third_party.own_basis"}),
    ("friend", {"unreachable_days": 2}, "forbidden", {"policy.unreachable_evidence"}),
    ("friend", {"unreachable_days": 0}, "forbidden",
     {"third_party.debtor_reachable", "policy.unreachable_evidence"}),
    ("friend", {"unreachable_days": 0, "dead_number_proven": True, "days_since_dead_number": 7},
     "allowed", set()),
    ("friend", {"unreachable_days": 0, "dead_number_proven": True, "days_since_dead_number": 8},
     "forbidden", {"policy.unreachable_evidence"}),
    ("friend", {"effective_calls_to_target_today": 1}, "forbidden",
     {"policy.third_party_calls"}),
    ("friend", {"effective_calls_today": 2}, "allowed", set()),
    *[(base, {"target_role": "statutory_agent"}, "forbidden", {"vulnerable.no_agent"})
      for base in ("call", "text", "visit")],
    *[("call", {"target_role": "statutory_agent", **weak}, "referred",
       {"vulnerable.incapacity_person"})
      for weak in ({"debtor_minor": True}, {"debtor_capacity": "limited"})],
    ("call", {"target_role": "statutory_agent", "debtor_capacity": None}, "forbidden", set()),
    ("friend", {"debtor_capacity": "none"}, "referred", {"vulnerable.incapacity_person"}),
    ("friend", {"payoff_fen": 0}, "forbidden", {"third_party.settled"}),
    ("friend", {"payoff_fen": None}, "forbidden", set()),
    ("friend", {"days_past_due_grace": 0}, "forbidden", {"policy.third_party_not_due"}),
    ("friend", {"plan_is_kept": True}, "forbidden", {"policy.third_party_not_due"}),
    ("friend", {"debt_disputed": True}, "forbidden", {"policy.third_party_not_due"}),
    ("friend", {"target_role": "family"}, "not_permitted", set()),
    ("text", {"stated_amount_fen": 123_457}, "forbidden", {"content.amount_mismatch"}),
    ("text", {"payee_kind": "private"}, "forbidden", {"content.private_payee"}),
    *[(base, {"states_amount": True, "stated_amount_fen": 99_999_900, "ledger_amount_fen": 100},
       "forbidden", {"content.amount_mismatch"}) for base in ("call", "visit", "agency")],
    *[(base, {"states_amount": True, "stated_amount_fen": 1}, "forbidden", set())
      for base in ("call", "visit")],
    *[(base, {"payee_kind": kind}, "forbidden", {"content.private_payee"})
      for base in ("call", "visit") for kind in ("private", "other")],
    *[(base, {"claims_reporting": True, "report_consent_written": consent,
              "episode_notice_delivered": not consent}, "forbidden", {"content.reporting_claim"})
      for base in ("call", "visit") for consent in (True, False)],
    ("call", AI, "allowed", set()),
    ("call", AI | {"claims_reporting": None}, "forbidden", set()),
    ("call", AI | {"claims_reporting": True, "report_consent_written": False}, "forbidden",
     {"content.reporting_claim"}),
    ("text", {"channel": "public"}, "forbidden", {"channel.public"}),
    ("text", {"channel": "letter", "reaches_others": True}, "forbidden", {"channel.public"}),
    ("text", {"claims_reporting": True, "report_consent_written": True,
              "episode_notice_delivered": False}, "forbidden", {"content.reporting_claim"}),
    *[("text", {name: 1}, "forbidden", {rule}) for name, rule in [
        ("threat_hits", "content.threat"), ("insult_hits", "content.threat"),
        ("false_status_hits", "content.false_status"),
        ("false_authority_hits", "content.false_status"),
        ("credit_exaggeration_hits", "content.credit_exaggeration"),
        ("borrow_to_repay_hits", "content.borrow_to_repay"),
        ("undisclosed_fee_hits", "content.private_payee"),
        ("private_payee_hits", "content.private_payee"),
        ("contact_pressure_hits", "content.pressure"),
        ("exposure_threat_hits", "content.pressure"), ("shaming_hits", "content.pressure"),
    ]],
    ("text", {"messages_to_target_today": 1, "messages_to_target_week": 5}, "allowed", set()),
    ("text", {"messages_to_target_today": 2}, "forbidden", {"policy.messages_cap"}),
    ("text", {"messages_to_target_week": 6}, "forbidden", {"policy.messages_cap"}),
    ("text", {"messages_to_target_today": 9, "contact_purpose": "notice", "notice_due": True},
     "allowed", set()),
    ("visit", {"visits_to_target_today": 1}, "forbidden", {"policy.visits_cap"}),
    ("visit", {"visit_staff_count": 1}, "forbidden", {"channel.visit_staff"}),
    ("visit", {"visit_enters": True, "entry_consent": False}, "forbidden",
     {"channel.visit_entry"}),
    ("visit", {"contact_place": "workplace", "reaches_others": True}, "forbidden",
     {"channel.workplace", "channel.public"}),
    ("agency", {"claimed_identity": "lender"}, "forbidden", {"channel.agency_as_lender"}),
    ("agency", {"agency_notice_delivered": False}, "forbidden", {"agency.told"}),
    ("agency", {"agency_listed": False}, "forbidden", {"agency.listed"}),
    ("agency", {"agency_contract_ended": True}, "forbidden", {"agency.mandate"}),
    ("agency", {"agency_case_assigned": False}, "forbidden", {"agency.mandate"}),
    ("agency", {"agency_violent_record": True}, "forbidden", {"agency.violent_record"}),
    ("agency", {"days_since_agency_evaluation": 366}, "forbidden", {"policy.agency_evaluated"}),
    ("agency", {"agency_renewed_unevaluated": True}, "forbidden", {"policy.agency_evaluated"}),
    ("agency", {"actor_kind": "sub_agency", "sub_agency_approved": False}, "forbidden",
     {"agency.sub_agency"}),
    ("agency", {"actor_kind": "assignee", "claimed_identity": "assignee",
                "assignment_notice_delivered": False}, "forbidden", {"agency.assignee_notice"}),
]  # fmt: skip


@pytest.mark.parametrize(("base", "changed", "verdict", "rules"), CASES)
def test_one_thing_changed_is_answered_by_its_rule(
    book: Rulebook, base: str, changed: dict[str, Any], verdict: str, rules: set[str]
) -> None:
    decision = ask(book, base, **changed)
    assert (decision.verdict, stops(decision)) == (verdict, rules)


@pytest.mark.parametrize(
    ("base", "changed"),
    [(base, changed) for base, changed, verdict, _ in CASES if verdict != "allowed"],
)
def test_forgetting_a_fact_never_opens_the_door(
    book: Rulebook, base: str, changed: dict[str, Any]
) -> None:
    act, facts = LAWFUL[base]
    row = {**facts, **changed}
    # What a person will say is not known beforehand: of what is not told nothing is judged.
    told = {"states_amount", "payee_kind", "claims_reporting"}
    unsaid = told if row["channel"] in {"voice_human", "visit"} else set()
    for name in row:
        if not name.endswith("_hits") and name not in unsaid:
            fewer = {key: value for key, value in row.items() if key != name}
            assert not decide(book, act, fewer, DAY, "bank").allowed, name


def test_a_record_of_violence_stops_an_agency_of_a_lender_of_any_type(book: Rulebook) -> None:
    act, facts = LAWFUL["agency"]
    row = {**facts, "agency_violent_record": True}
    for lender_type in (None, *book.country.lender_types):
        assert decide(book, act, row, DAY, lender_type).verdict == "forbidden"


@pytest.mark.parametrize("base", LAWFUL)
def test_before_the_national_standard_no_contact_is_permitted(book: Rulebook, base: str) -> None:
    last = day_number(datetime.date(2025, 2, 27))
    assert ask(book, base, last).verdict == "not_permitted"
    assert ask(book, base, last + 1).verdict == "allowed"


def test_six_attempts_bind_only_since_the_association_wrote_them_down(book: Rulebook) -> None:
    first = day_number(datetime.date(2026, 1, 30))
    row = {"unanswered_attempts_today": 6, "attempts_agreed": False}
    assert ask(book, "call", first - 1, **row).verdict == "allowed"
    assert ask(book, "call", first, **row).verdict == "forbidden"


def test_a_decision_on_a_past_day_cites_no_text_that_came_later(book: Rulebook) -> None:
    before = day_number(datetime.date(2026, 1, 29))
    cited = [
        "\n".join(explain(ask(book, "call", day, **NIGHT), "zh")) for day in (before, before + 1)
    ]
    grounds = [
        line
        for line in cited[0].splitlines()
        if line.strip().startswith("cn.contact.quiet_hours —")
    ]
    assert "GB/T 45251-2025" in grounds[0]
    assert "催收工作指引" not in grounds[0]
    assert "cn.contact.quiet_hours — 《金融机构个人消费类贷款催收工作指引（试行）》" in cited[1]


@pytest.mark.parametrize(
    ("day", "first", "authority"),
    [
        (datetime.date(2025, 3, 10), "gbt-45251", "recommended-standard"),
        (datetime.date(2026, 1, 29), "gbt-45251", "recommended-standard"),
        (datetime.date(2026, 1, 30), "cba-collection-2026", "self-regulation"),
    ],
)
def test_an_answer_as_data_cites_no_text_that_came_later_either(
    book: Rulebook, day: datetime.date, first: str, authority: str
) -> None:
    day_on = day_number(day)
    told = answer(ask(book, "call", day_on, **NIGHT), day_on)["spoke"][0]
    assert told["rule"] == "cn.contact.quiet_hours"
    assert told["sources"][0]["instrument"] == first
    assert told["authority"] == authority
    assert all(book.instruments[one["instrument"]].is_in_force(day_on) for one in told["sources"])
