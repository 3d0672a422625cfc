"""Case tables: the keys of a case file, in one place.

The reader, the JSON Schema and the reference page are all made from these tables; a key that
is not here does not exist. Events have their own tables in ``case_events``.
"""

from typing import Final

from kuanxian.law.case_values import Field

FORMAT: Final = "kuanxian-case-1"

LENDER_TYPES: Final = (
    "bank", "consumer_finance", "small_loan", "trust", "platform", "guarantee", "private",
    "assignee",
)  # fmt: skip
ROLES: Final = (
    "debtor", "co_borrower", "guarantor", "statutory_agent", "heir", "spouse",
    "nominated_contact", "family", "employer", "other",
)  # fmt: skip
ORIGINS: Final = (
    "contract", "own_statement", "typed_by_debtor", "public_record", "address_book", "call_log",
    "sms_import", "purchased", "other",
)  # fmt: skip
POINT_KINDS: Final = ("mobile", "landline", "email", "app", "im", "address")
PLACES: Final = ("mobile", "home", "workplace", "public", "other")
PARTY_KINDS: Final = ("lender", "agency", "sub_agency", "assignee", "collector")
CHANNELS: Final = (
    "voice_human", "voice_ai", "sms", "email", "app_push", "in_app", "im", "letter", "visit",
    "public",
)  # fmt: skip
CONTACT_PURPOSES: Final = (
    "collect", "inform", "notice", "negotiate", "answer", "locate", "pass_message",
)  # fmt: skip
CONSENT_PURPOSES: Final = (
    "report", "query", "share", "publish", "sensitive_data", "automate", "nominate", "contact",
    "contact_window", "attempts", "visit_entry", "plan", "service", "marketing",
)  # fmt: skip
RECORDS: Final = (
    "normal", "overdue", "bad_debt", "guarantor_paid", "recovery", "settled", "correction",
)  # fmt: skip
QUERY_PURPOSES: Final = ("loan_approval", "post_loan", "guarantee", "dispute", "other")
ACTS: Final = (
    "contact", "message", "visit", "collect_data", "ask_consent", "process", "disclose", "share",
    "outsource", "assign", "delete", "report", "query", "plan", "sign", "charge", "allocate",
    "sue", "automate", "answer_dispute", "answer_complaint", "duty",
)  # fmt: skip

ID: Final = Field("id", "化名编号", "A pseudonymous id, unique in the file.", need=True)


def ref(table: str, zh: str, en: str, *, need: bool = False) -> Field:
    """Make the field of a reference into another table of the file."""
    return Field("ref", zh, en, (table,), need)


LENDER: Final = {
    "id": ID,
    "type": Field("word", "出借人类型", "What kind of lender it is by licence.", LENDER_TYPES),
}
PERSON: Final = {
    "id": ID,
    "role": Field("word", "身份", "What this person is to the debt.", ROLES, need=True),
    "of": ref("people", "所属债务人", "The debtor to whom a person who is not the debtor belongs."),
    "origin": Field("word", "来源", "Where the lender has this person from.", ORIGINS),
    "zones": Field("zones", "时区", "Every time zone in which this person may be.", most=16),
    "born_on": Field("day", "出生日期", "Day of birth."),
    "debts": Field(
        "refs",
        "用于债务",
        "For which debts this person was named; none: for all.",
        ("debts",),
        most=500,
    ),
}
POINT: Final = {
    "id": ID,
    "person": ref("people", "属于谁", "Whose it is.", need=True),
    "kind": Field("word", "种类", "What kind of contact point it is.", POINT_KINDS),
    "origin": Field("word", "来源", "Where the lender has it from.", ORIGINS),
    "place": Field("word", "所在", "Where it rings or lies.", PLACES),
    "zones": Field("zones", "时区", "Time zones the point itself suggests.", most=16),
}
PARTY: Final = {
    "id": ID,
    "kind": Field("word", "种类", "What the party is.", PARTY_KINDS),
    "of": ref("parties", "为谁", "The party for whom it acts."),
}
DEBT: Final = {
    "id": ID,
    "debtor": ref("people", "债务人", "Who owes it.", need=True),
    "contract_on": Field("day", "合同日", "Day on which the contract was concluded."),
    "due_on": Field("day", "最后到期日", "Last due day of the contract."),
}
ACT: Final = {
    "kind": Field("word", "行为", "What is proposed.", ACTS, need=True),
    "channel": Field("word", "渠道", "By which channel.", CHANNELS),
    "to": ref("people", "对谁", "Towards whom, or whose data it uses."),
    "point": ref("points", "联系方式", "At which contact point."),
    "purpose": Field(
        "word", "目的", "For what: of a contact, or of the use of data.",
        tuple(dict.fromkeys(CONTACT_PURPOSES + CONSENT_PURPOSES)),
    ),
    "by": ref("parties", "由谁", "Who would do it: the lender or a party."),
    "agency": ref("parties", "受托或受让方", "The agency or assignee to which it would go."),
    "collector": ref("parties", "催收员", "The person who would do it, as a party."),
    "debt": ref("debts", "债务", "About which debt; needed where the debtor has several."),
    "about": ref("events", "所涉事项", "The dispute, complaint or plan that it is about."),
    "account": Field(
        "word", "账号归属", "Whose number, device or account is used.", ("company", "private")
    ),
    "reaches_others": Field("flag", "他人可知", "Others can read or hear it by its form."),
    "place": Field("word", "地点", "Where a visit would be.", PLACES),
    "staff_count": Field("count", "人数", "How many staff would come.", most=1_000),
    "record": Field("word", "报送内容", "What would be reported.", RECORDS),
    "record_on": Field("day", "记录形成日", "Day on which the record in question was made."),
    "query_purpose": Field("word", "查询用途", "What a credit query is for.", QUERY_PURPOSES),
}  # fmt: skip
TOP: Final = (
    "format", "country", "at", "lender", "people", "points", "parties", "debts", "consents",
    "timeline", "complete", "act", "facts", "about",
)  # fmt: skip
NEEDED: Final = ("format", "country", "at", "people", "act")
LISTS: Final = {
    "people": (PERSON, 200),
    "points": (POINT, 1_000),
    "parties": (PARTY, 500),
    "debts": (DEBT, 500),
}
"""The lists of nouns: their keys, and the most items each may have."""
EVENTS_MAX: Final = 20_000
"""Most events of a case, consents and timeline together."""
ABOUT_MAX: Final = 2_000
"""Longest remark, characters."""
FACTS_MAX: Final = 500
"""Most stated facts."""
