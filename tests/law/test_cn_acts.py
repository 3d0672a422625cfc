"""Acts on data, money and answers in mainland China: allowed in order, stopped by one thing."""

from collections.abc import Mapping
from typing import Final

import pytest

from kuanxian.base.days import day_of
from kuanxian.law.decide import Decision, decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Value
from kuanxian.law.rulebook import Rulebook

DAY: Final = day_of(2026, 11, 25)
Row = Mapping[str, Value]

PERSON: Final[Row] = {
    "no_contact_order": False, "debtor_deceased": False, "debtor_minor": False,
    "debtor_capacity": "full", "target_origin": "contract", "target_role": "debtor",
    "actor_kind": "lender", "handed_to_agency": False,
}  # fmt: skip
DATA: Final[Row] = {
    **PERSON, "legal_basis": "contract", "subject_is_party": True, "consent_active": False,
    "consent_withdrawn": False, "consent_covers_notice": True, "data_is_sensitive": False,
    "separate_consent_active": False, "impact_assessment_done": True, "record_frozen": False,
    "deletion_ground": "none", "use_is_storage_only": False, "data_is_credit_report": False,
    "re_entrusted": False,
}  # fmt: skip
OVERDUE: Final[Row] = {
    "overdue_principal_fen": 100_000, "overdue_interest_fen": 3_000, "overdue_penalty_fen": 200,
    "overdue_fee_fen": 0,
}  # fmt: skip
SHOWN: Final[Row] = {
    "concluded_online": True, "cost_popup_shown": True, "forced_reading_done": True,
    "cost_confirmed": True, "plan_agreement_recorded": True, "contract_on": day_of(2026, 8, 1),
}  # fmt: skip
COST: Final[Row] = {
    "platform_assisted": False, "all_in_apr_ppb": 180_000_000,
    "court_line_ppb": 240_000_000, "assisted_line_ppb": 240_000_000,
}  # fmt: skip
READY: Final[Mapping[str, Row]] = {
    "process": DATA,
    "collect_data": {
        **DATA, "permission_requested": "none", "collected_kind": "mobile_number",
        "refusal_blocks_service": True,
    },
    "disclose": {
        **DATA, "recipient_kind": "own_staff", "viewer_role": "collector", "shown_field": "phone",
        "shown_unmasked": False, "need_recorded": False, "rows_exported": 1,
        "export_purpose_recorded": False, "contact_people_shown": 0,
    },
    "share": {**DATA, "recipient_kind": "other_processor", "separate_consent_active": True},
    "ask_consent": {
        **PERSON, "processing_notice_given": True, "refused_before": False, "channel": "sms",
        "point_origin": "contract", "earliest_local_minute": 600, "latest_local_minute": 600,
        "dialler_setup": "plain", "account_kind": "company",
        "claimed_identity": "lender", "target_unable": False, "target_stopped": False,
        "against_preference": False,
    },
    "query": {**PERSON, "query_consent_written": True, "query_purpose_agreed": True},
    "delete": {
        **PERSON, "deletion_ground": "purpose_done", "record_kind": "profile",
        "record_age_years": 1, "legal_hold": False,
    },
    "charge": {
        **PERSON, **COST, "charge_agreed": True, "charge_kind": "interest",
        "interest_agreed": True, "contract_on": day_of(2026, 8, 1), "fee_on_cost_statement": True,
        "principal_received_fen": 500_000, "principal_basis_fen": 500_000, "settles_early": False,
        "cap_cited": "none",
    },
    "allocate": {
        **PERSON, "allocation_order": "costs_interest_principal", "order_agreed": False,
        "debts_open": 2, "ladder_agreed": False, "debtor_designated": True,
        "follows_designation": True, "follows_ladder": False,
    },
    "plan": {**PERSON, **SHOWN, "plan_kind": "reinstalment", "reporting_effect_told": True},
    "sign": {**PERSON, **SHOWN, **COST, "signature_recorded": True},
    "sue": {**PERSON, **OVERDUE, "limitation_years": 1},
    "answer_dispute": {"dispute_open": True, "answer_is_written": True},
    "answer_complaint": {
        "complaint_open": True, "handler_is_complained_of": False, "reply_names_remedies": True,
    },
}  # fmt: skip
AGENCY: Final[Row] = {
    "actor_kind": "agency", "agency_contract_complete": True, "agency_contract_ended": False,
    "agency_case_assigned": True, "agency_listed": True,
}  # fmt: skip
ASKS: Final[Row] = {
    **AGENCY, "claimed_identity": "agency", "agency_notice_delivered": True,
    "agency_violent_record": False, "days_since_agency_evaluation": 10,
    "agency_renewed_unevaluated": False,
}  # fmt: skip
SPOKEN: Final[Row] = {
    "channel": "voice_human", "earliest_local_minute": 900, "latest_local_minute": 900,
    "effective_calls_today": 0, "target_stopped": False, "against_preference": False,
}  # fmt: skip
NIGHT: Final[Row] = {
    "channel": "sms", "earliest_local_minute": 1380, "latest_local_minute": 1380,
    "window_agreement": "none",
}  # fmt: skip
UNAPPROVED: Final[Row] = {"actor_kind": "sub_agency", "sub_agency_approved": False}
UNTOLD: Final[Row] = {"for_assignee": True, "assignment_notice_delivered": False}
GIVEN: Final[Row] = {**AGENCY, "actor_kind": "lender", "handed_to_agency": True}
ELSEWHERE: Final[tuple[Row, ...]] = (
    {"recipient_kind": "other_processor"}, {"handed_to_assignee": True},
)  # fmt: skip
HANDED: Final = ("process", "disclose", "share", "collect_data", "query", "plan", "sign", "charge",
                 "allocate", "sue")  # fmt: skip
CONTACT: Final[Row] = {
    "target_role": "nominated_contact", "target_origin": "typed_by_debtor",
    "subject_is_party": False, "legal_basis": "consent", "consent_active": True,
    "target_stopped": False, "debt_settled": False, "target_noticed": True,
}  # fmt: skip
HEIR: Final[Row] = {"target_role": "heir", "debtor_deceased": True}
SIGNED: Final[Row] = {
    **OVERDUE, "target_role": "guarantor", "guarantee_in_period": True,
    "guarantee_limit_fen": 103_200,
}  # fmt: skip
OVER: Final[Row] = {"target_role": "guarantor", "guarantee_in_period": False}
BROKEN: Final[tuple[tuple[str, Row, str, str], ...]] = (
    ("process", {"subject_is_party": False}, "forbidden", "consent.no_basis"),
    ("process", {"record_frozen": True}, "forbidden", "retention.frozen_use"),
    ("process", {"data_is_sensitive": True}, "referred", "consent.sensitive_contract"),
    ("process", {"debtor_deceased": True}, "referred", "vulnerable.other_acts"),
    ("collect_data", {"permission_requested": "address_book"}, "forbidden", "data.permissions"),
    ("collect_data", {"collected_kind": "location"}, "forbidden", "data.necessary"),
    ("disclose", {"shown_unmasked": True}, "forbidden", "data.masking"),
    ("disclose", {"shown_unmasked": True, "viewer_role": "person_concerned"}, "forbidden",
     "data.masking"),
    *((act, {**CONTACT, "target_noticed": False}, "forbidden", "third_party.used_unnoticed")
      for act in ("process", "disclose", "share")),
    *(("collect_data", {"collected_kind": kind, "refusal_blocks_service": False}, "forbidden",
       "consent.sensitive_kind") for kind in ("health", "face", "location")),
    ("disclose", {"shown_field": "health"}, "forbidden", "consent.sensitive_kind"),
    ("disclose", {"rows_exported": 2}, "forbidden", "data.export_purpose"),
    ("disclose", {"recipient_kind": "public"}, "forbidden", "consent.publish"),
    ("share", {"separate_consent_active": False}, "referred", "consent.share_other_basis"),
    ("share", {"impact_assessment_done": False}, "forbidden", "consent.assessment_supply"),
    ("ask_consent", {"processing_notice_given": False}, "not_permitted", ""),
    ("ask_consent", {"channel": "voice_ai"}, "not_permitted", ""),
    ("ask_consent", {"target_role": "nominated_contact", "target_origin": "typed_by_debtor",
     "target_named": True, "discloses_debt": False, "target_unable": True}, "referred",
     "consent.asked_unable"),
    ("ask_consent", {"target_role": "nominated_contact", "target_origin": "typed_by_debtor",
     "target_named": False, "discloses_debt": False}, "not_permitted", ""),
    *(("ask_consent", {**ASKS, **lacking}, "forbidden", rule) for lacking, rule in (
        ({"agency_listed": False}, "agency.listed"),
        ({"agency_notice_delivered": False}, "agency.told"),
        ({"agency_violent_record": True}, "agency.violent_record"))),
    *(("ask_consent", unwanted, "referred", "consent.asked_unwanted")
      for unwanted in ({"target_stopped": True}, {"against_preference": True})),
    ("ask_consent", {"data_use_stopped": True}, "forbidden", "data.use_stopped"),
    ("ask_consent", UNTOLD, "forbidden", "agency.assignee_acts"),
    *(("ask_consent", words, "forbidden", "content.asked_words")
      for words in ({"threat_hits": 1}, {"payee_kind": "private"},
                    {"stated_amount_fen": 2, "ledger_amount_fen": 1})),
    *((act, words, "forbidden", "content.answer_words")
      for act in ("answer_dispute", "answer_complaint", "sue")
      for words in ({"insult_hits": 1}, {"payee_kind": "other"}, {"reaches_others": True})),
    *((act, {**CONTACT, **ended}, "forbidden", "third_party.use_ended")
      for act in ("process", "disclose", "share", "collect_data")
      for ended in ({"target_stopped": True}, {"debt_settled": True})),
    ("ask_consent", {"point_origin": "purchased"}, "forbidden", "consent.asked_point_origin"),
    ("ask_consent", {"earliest_local_minute": 1410, "latest_local_minute": 1410,
     "window_agreement": "none"}, "forbidden", "consent.asked_at_night"),
    ("ask_consent", {"dialler_setup": "sim_bank"}, "forbidden", "channel.dialler_evasion"),
    ("ask_consent", {"account_kind": "private", "account_approved": False}, "forbidden",
     "channel.private_account"),
    ("ask_consent", {"target_role": "family", "target_stopped": False, "discloses_debt": False},
     "not_permitted", ""),
    *((act, {**AGENCY, "agency_contract_ended": True}, "forbidden", "agency.mandate_acts")
      for act in ("process", "disclose", "share", "query", "charge", "plan", "sue")),
    *((act, {**AGENCY, "agency_listed": False}, "forbidden", "agency.listed_acts")
      for act in ("process", "disclose", "share", "collect_data", "query", "charge", "plan",
                  "allocate", "sue")),
    *((act, {"re_entrusted": True, "sub_agency_approved": False}, "forbidden", "agency.hands_on")
      for act in ("process", "disclose", "share", "collect_data")),
    *((act, UNAPPROVED, "forbidden", "agency.sub_agency")
      for act in READY if not act.startswith(("delete", "answer_"))),
    *((act, {**GIVEN, "agency_contract_ended": True}, "forbidden", "agency.receiver_contract")
      for act in HANDED),
    *((act, {**GIVEN, "agency_listed": False}, "forbidden", "agency.receiver_listed")
      for act in HANDED),
    *(("query", {"recipient_kind": kind}, "forbidden", "data.credit_report_query")
      for kind in ("entrusted_agency", "third_person", "public")),
    *(("query", {**to, "separate_consent_active": False}, "forbidden", "data.credit_report_query")
      for to in ELSEWHERE),
    ("query", GIVEN, "forbidden", "data.credit_report_query"),
    *((act, {**UNTOLD, "actor_kind": kind},
       "forbidden", "agency.assignee_acts") for act in ("query", "charge", "plan", "sign", "sue")
      for kind in ("lender", "assignee", "agency")),
    *((act, {"target_role": role}, "forbidden", "third_party.debt_acts")
      for act in ("sue", "charge", "plan", "sign") for role in ("nominated_contact", "spouse")),
    *((act, {"target_role": "co_borrower", "target_origin": "typed_by_debtor"}, "forbidden",
       "policy.party_origin") for act in ("sue", "charge", "plan", "sign")),
    *((act, {"target_role": "co_borrower", "target_origin": None}, "forbidden",
       "policy.party_origin") for act in ("sue", "charge", "plan", "sign", "query", "process")),
    *((act, {**HEIR, "debtor_deceased": False}, "forbidden", "third_party.heir_acts")
      for act in ("sue", "charge", "plan", "sign")),
    *((act, {**HEIR, "heir_renounced": True}, "forbidden", "third_party.heir_acts")
      for act in ("sue", "charge", "plan", "sign")),
    ("sue", HEIR, "referred", "vulnerable.other_acts"),
    *((act, {"target_role": "statutory_agent"}, "forbidden", "vulnerable.no_agent_acts")
      for act in ("sue", "charge", "plan", "sign", "query", "process", "disclose", "share")),
    *((act, OVER, "forbidden", "third_party.guarantor_acts")
      for act in ("sue", "charge", "plan", "sign")),
    *((act, {**SIGNED, "guarantee_limit_fen": 103_199}, "forbidden",
       "third_party.guarantor_acts") for act in ("sue", "charge", "plan", "sign")),
    *((act, {**SIGNED, "guarantee_limit_fen": None}, "forbidden", "third_party.guarantor_acts")
      for act in ("sue", "charge", "plan", "sign")),
    *(("disclose", {"recipient_kind": kind, "separate_consent_active": False}, "referred",
       "consent.share_other_basis") for kind in ("third_person", "assignee", "other_processor")),
    *((act, {"recipient_kind": "third_person"}, "referred", "consent.use_for_others")
      for act in ("process", "collect_data")),
    *(("process", {"data_is_credit_report": True, **more}, "forbidden",
       "data.credit_report_use") for more in ({"handed_to_agency": True}, AGENCY)),
    *((act, {"data_is_credit_report": True, **more}, "forbidden", "data.credit_report_use")
      for act in ("share", "disclose") for more in ({"handed_to_agency": True}, AGENCY,
                                                    {"viewer_role": "agency_collector"})),
    *((act, {"recipient_kind": kind}, "forbidden", "credit_report.reported_only")
      for act in ("share", "disclose") for kind in ("credit_database", "credit_agency")),
    *((act, {"recipient_kind": kind}, "forbidden", "credit_report.reported_only_use")
      for act in ("process", "collect_data") for kind in ("credit_database", "credit_agency")),
    ("share", {"recipient_kind": None}, "forbidden", "credit_report.reported_only"),
    *((act, {"recipient_kind": "public"}, "forbidden", "consent.publish")
      for act in ("process", "collect_data")),
    *((act, {"recipient_kind": kind, "handed_to_assignee": True, "separate_consent_active": False},
       "referred", rule) for kind in ("entrusted_agency", "own_staff")
      for act, rule in (("share", "consent.share_other_basis"),
                        ("disclose", "consent.share_other_basis"),
                        ("process", "consent.use_for_others"))),
    *((act, {"debt_settled": True}, "forbidden", "policy.settled_acts")
      for act in ("charge", "plan", "sue")),
    ("query", {"query_purpose_agreed": False}, "forbidden", "credit_report.query_consent"),
    ("delete", {"deletion_ground": "none"}, "not_permitted", ""),
    ("delete", {"record_kind": "audit_log"}, "referred", "policy.audit_log"),
    ("delete", {"record_kind": "supply_record"}, "forbidden", "retention.supply_years"),
    ("charge", {"fee_on_cost_statement": False}, "forbidden", "fee.on_statement"),
    ("charge", {"interest_agreed": False}, "forbidden", "fee.no_interest_agreed"),
    ("charge", {"principal_received_fen": 450_000}, "required", "fee.principal_received"),
    ("charge", {"platform_assisted": True, "all_in_apr_ppb": 240_000_001}, "referred",
     "fee.assisted_line"),
    ("allocate", {"follows_designation": False}, "forbidden", "repayment.designation"),
    ("allocate", {"debtor_designated": False}, "forbidden", "repayment.ladder"),
    ("allocate", {"allocation_order": "principal_first"}, "forbidden", "repayment.order"),
    ("plan", {"plan_agreement_recorded": False}, "forbidden", "repayment.agreement"),
    ("plan", {"reporting_effect_told": False}, "required", "policy.reporting_effect"),
    ("plan", {"cost_confirmed": False}, "forbidden", "fee.cost_shown_plan"),
    ("sign", {"forced_reading_done": False}, "forbidden", "fee.cost_shown_sign"),
    ("sign", {"signature_recorded": False}, "not_permitted", ""),
    *((act, NIGHT, "forbidden", "contact.quiet_hours_told")
      for act in ("sue", "answer_dispute", "answer_complaint")),
    *((act, {"point_origin": "address_book"}, "forbidden", "third_party.point_origin_acts")
      for act in ("sue", "plan", "disclose")),
    *((act, {"channel": "public"}, "forbidden", "channel.public_acts")
      for act in ("sue", "disclose", "process", "share", "plan", "charge")),
    ("sue", {"limitation_years": 3}, "referred", "repayment.limitation"),
    ("sue", {**SPOKEN, "effective_calls_today": 3}, "forbidden", "frequency.suit_calls"),
    ("sue", {**SPOKEN, "target_stopped": True}, "referred", "frequency.suit_unwanted"),
    ("sue", {**SPOKEN, "against_preference": True}, "referred", "frequency.suit_unwanted"),
    ("answer_dispute", {"answer_is_written": False}, "forbidden", "dispute.written_answer"),
    *((act, {"debt_not_theirs": True}, "forbidden", "dispute.not_theirs")
      for act in ("plan", "sign", "charge", "sue")),
    ("answer_complaint", {"handler_is_complained_of": True}, "forbidden", "complaint.handler"),
)  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def ask(book: Rulebook, act: str, row: Row) -> Decision:
    return decide(book, act, row, DAY, "bank")


@pytest.mark.parametrize("act", READY)
def test_an_act_with_everything_in_order_is_allowed(book: Rulebook, act: str) -> None:
    decision = ask(book, act, READY[act])
    stopped = [(one.rule.id, one.outcome, one.facts) for one in decision.spoke]
    assert decision.allowed, stopped


@pytest.mark.parametrize(("act", "change", "verdict", "rule"), BROKEN)
def test_one_thing_out_of_order_stops_an_act_and_the_rule_is_named(
    book: Rulebook, act: str, change: Row, verdict: str, rule: str
) -> None:
    decision = ask(book, act, {**READY[act], **change})
    assert decision.verdict == verdict
    assert not rule or f"cn.{rule}" in {one.rule.id for one in decision.spoke}


def test_a_suit_may_be_told_of_by_a_call_of_the_day_that_nobody_minds(book: Rulebook) -> None:
    assert ask(book, "sue", {**READY["sue"], **SPOKEN}).verdict == "allowed"


def test_a_dispute_of_the_debt_is_answered_like_one_of_a_record(book: Rulebook) -> None:
    row = {**READY["answer_dispute"], "dispute_open": False, "debt_disputed": True}
    assert ask(book, "answer_dispute", row).verdict == "allowed"


def test_an_agency_that_may_act_may_ask_for_consent(book: Rulebook) -> None:
    assert ask(book, "ask_consent", {**READY["ask_consent"], **ASKS}).allowed


@pytest.mark.parametrize("act", ["process", "disclose", "collect_data"])
def test_a_contacts_data_are_used_while_the_debt_is_open_and_nobody_said_stop(
    book: Rulebook, act: str
) -> None:
    assert ask(book, act, {**READY[act], **CONTACT}).allowed


@pytest.mark.parametrize("act", ["sue", "charge", "plan", "sign"])
def test_a_guarantor_answers_for_what_is_owed_up_to_the_limit(book: Rulebook, act: str) -> None:
    assert ask(book, act, {**READY[act], **SIGNED}).allowed
    less = {**READY[act], **SIGNED, "guarantee_limit_fen": 50_000, "stated_amount_fen": 50_000}
    assert ask(book, act, less).allowed


@pytest.mark.parametrize("act", READY)
def test_an_act_of_which_nothing_is_known_is_not_allowed(book: Rulebook, act: str) -> None:
    decision = ask(book, act, {})
    assert not decision.allowed
    assert decision.missing


def test_consent_may_be_asked_in_the_app_at_any_hour_and_over_no_number(book: Rulebook) -> None:
    row = {**READY["ask_consent"], "channel": "in_app", "earliest_local_minute": 1410,
           "latest_local_minute": 1410, "window_agreement": "none"}  # fmt: skip
    del row["point_origin"]
    assert ask(book, "ask_consent", row).allowed
    assert not ask(book, "ask_consent", {**row, "channel": "app_push"}).allowed
    assert not ask(book, "ask_consent", {**row, "channel": None}).allowed
