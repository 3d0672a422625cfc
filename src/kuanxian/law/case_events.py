"""Case events: the kinds of things that happen, with the keys of each.

Every event has ``id``, ``kind``, ``happened_at`` and ``known_at``; ``by`` says who did it and
``replaces`` names an event that counts no more once this one is known. A retraction is an
event of kind ``retraction``; a correction is the right event with ``replaces``.
"""

from typing import Final, NamedTuple

from kuanxian.law.case_tables import (
    CHANNELS,
    CONSENT_PURPOSES,
    CONTACT_PURPOSES,
    ID,
    QUERY_PURPOSES,
    RECORDS,
    ref,
)
from kuanxian.law.case_values import Field

CALL_OUTCOMES: Final = (
    "identified", "unidentified", "wrong_person", "voicemail", "no_answer", "busy", "rejected",
    "powered_off", "out_of_service", "dead_number", "failed", "unknown",
)  # fmt: skip
MESSAGE_OUTCOMES: Final = ("sent", "delivered", "read", "bounced", "failed", "unknown")
VISIT_OUTCOMES: Final = ("met", "absent", "moved", "refused", "unknown")
NOTICES: Final = (
    "adverse_report", "outsourcing", "assignment", "own_notice", "processing_rules",
    "plan_effect", "other",
)  # fmt: skip
FORMS: Final = ("written", "recorded", "own_request", "oral", "standard_clause", "unknown")


class EventKind(NamedTuple):
    """A kind of event: the group it belongs to, its words and its keys."""

    group: str
    """The word by which ``complete`` says that every event of it is in the file."""
    zh: str
    en: str
    keys: dict[str, Field]


COMMON: Final = {
    "id": ID,
    "kind": Field("word", "种类", "Kind of event.", need=True),
    "happened_at": Field("instant", "发生时刻", "When it happened.", need=True),
    "known_at": Field("instant", "知悉时刻", "When the lender came to know of it.", need=True),
    "by": ref("parties", "由谁", "Who did it; a person's own doing has no ``by``."),
    "replaces": ref("events", "取代", "The event that counts no more once this is known."),
}
_TO: Final = ref("people", "对谁", "To whom it went.", need=True)
_PERSON: Final = ref("people", "何人", "Whom it concerns.", need=True)
_POINT: Final = ref("points", "联系方式", "By which contact point.")
_DEBT: Final = ref("debts", "债务", "About which debt.")
_ONE_DEBT: Final = ref("debts", "债务", "About which debt.", need=True)
_CHANNEL: Final = Field("word", "渠道", "By which channel.", CHANNELS)
_PURPOSE: Final = Field("word", "目的", "For what purpose.", CONTACT_PURPOSES)
_VERSION: Final = Field("id", "版本", "Version of the text it rests on.")
_UNTIL: Final = Field("instant", "失效时刻", "First instant at which it holds no more.")
_FOUND_BY: Final = Field(
    "word", "认定机关", "The authority that decided so, as its paper shows.", ("court", "police")
)
_ON: Final = Field(
    "day", "起算日", "The day it counts from, where that is not the day it happened."
)


def _step(*words: str) -> Field:
    return Field("word", "步骤", "Which step of it.", words, need=True)


def _outcome(words: tuple[str, ...]) -> Field:
    return Field("word", "结果", "How it ended; unknown counts against the lender.", words)


def _topic(*words: str, need: bool = False) -> Field:
    return Field("word", "何种", "Of what.", words, need)


def _about(zh: str, en: str) -> Field:
    return ref("events", zh, en)


def _party(en: str, *, need: bool = True) -> Field:
    return ref("parties", "机构或人员", en, need=need)


KINDS: Final = {
    "call": EventKind("calls", "拨打电话", "A voice call placed by the lender's side.", {
        "to": _TO, "point": _POINT, "debt": _DEBT, "channel": _CHANNEL, "purpose": _PURPOSE,
        "outcome": _outcome(CALL_OUTCOMES),
    }),
    "message": EventKind("messages", "发送信息", "A text, mail, letter or in-app message.", {
        "to": _TO, "point": _POINT, "debt": _DEBT, "channel": _CHANNEL, "purpose": _PURPOSE,
        "outcome": _outcome(MESSAGE_OUTCOMES),
        "due": Field("flag", "到期告知", "It was a notice that the record found due."),
    }),
    "visit": EventKind("visits", "上门", "A visit in person.", {
        "to": _TO, "point": _POINT, "debt": _DEBT, "purpose": _PURPOSE,
        "outcome": _outcome(VISIT_OUTCOMES),
    }),
    "inbound": EventKind("inbound", "本人来联系", "The person got in touch.", {
        "person": _PERSON, "channel": _CHANNEL,
        "point": ref("points", "联系方式", "From which contact point, which shows it is theirs."),
    }),
    "notice": EventKind("notices", "告知", "A notice that the law asks for.", {
        "to": _TO, "point": _POINT, "debt": _DEBT, "channel": _CHANNEL,
        "notice": Field("word", "告知事项", "Of what.", NOTICES, need=True),
        "purpose": Field("word", "用途", "Of which use of data.", CONSENT_PURPOSES),
        "party": _party("The agency or assignee it tells of.", need=False),
        "about": _about("方案", "The plan it is about."),
        "outcome": _outcome(MESSAGE_OUTCOMES),
        "delivered_at": Field("instant", "送达时刻", "When it arrived, by the receipt."),
    }),
    "consent": EventKind("consents", "同意", "A consent asked, given, refused or withdrawn.", {
        "person": _PERSON, "debt": _DEBT, "version": _VERSION,
        "purpose": Field("word", "用途", "What it is for.", CONSENT_PURPOSES, need=True),
        "step": _step("asked", "given", "refused", "withdrawn"),
        "form": Field("word", "形式", "In which form.", FORMS),
        "separate": Field("flag", "单独同意", "Given separately, for this alone."),
        "query_purposes": Field("words", "约定用途", "Query purposes agreed.", QUERY_PURPOSES,
                                most=len(QUERY_PURPOSES)),
        "from_minute": Field("count", "起", "First local minute it allows.", most=1_439),
        "until_minute": Field("count", "止", "First local minute it no longer allows.", most=1_440),
        "until_at": _UNTIL,
    }),
    "change": EventKind("changes", "处理规则变更", "Purpose, method or kinds of data changed.", {
        "purpose": Field("word", "用途", "Of which use; none: of all.", CONSENT_PURPOSES),
        "version": _VERSION,
    }),
    "stop": EventKind("stops", "拒绝联系", "A person refuses contact, or takes that back.", {
        "person": _PERSON, "step": _step("asked", "lifted"),
    }),
    "preference": EventKind("preferences", "联系偏好", "How a person wishes to be contacted.", {
        "person": _PERSON, "step": _step("asked", "lifted"),
        "avoid": Field("words", "不用的渠道", "Not by these.", CHANNELS, most=len(CHANNELS)),
        "only": Field("words", "只用的渠道", "Only by these.", CHANNELS, most=len(CHANNELS)),
        "least_days": Field("count", "间隔日数", "At most once in so many days.", most=366),
    }),
    "state": EventKind("states", "状态", "A person's life and capacity, as the lender knows it.", {
        "person": _PERSON,
        "step": _step("deceased", "alive", "incapacity", "limited_capacity", "capable", "minor",
                      "adult"),
        "found_by": _FOUND_BY,
    }),
    "signal": EventKind("signals", "信号", "A sign that this person needs care.", {
        "person": _PERSON, "topic": _topic("self_harm", "serious_illness", "hardship", need=True),
        "step": _step("seen", "cleared"),
    }),
    "order": EventKind("orders", "禁止接触令", "A police order not to contact this person.", {
        "person": _PERSON, "step": _step("issued", "lifted"), "until_at": _UNTIL,
        "found_by": _FOUND_BY,
    }),
    "overdue": EventKind("overdues", "逾期", "An overdue episode begins or is paid up.", {
        "debt": _ONE_DEBT, "step": _step("began", "cured"), "on": _ON,
    }),
    "payment": EventKind("payments", "还款", "The debtor paid.", {"debt": _ONE_DEBT}),
    "settlement": EventKind("settlements", "结清", "A debt is paid in full or given up.", {
        "debt": _ONE_DEBT,
    }),
    "report": EventKind("reports", "报送征信", "Credit information was supplied.", {
        "debt": _ONE_DEBT,
        "record": Field("word", "内容", "What was supplied.", RECORDS, need=True),
    }),
    "dispute": EventKind("disputes", "异议", "A dispute of a record or of the debt.", {
        "person": _PERSON, "debt": _DEBT, "topic": _topic("record", "amount", "identity"),
        "point": ref("points", "联系方式", "At which contact point it was said."),
        "step": _step("received", "marked", "unmarked", "found_wrong", "found_omitted",
                      "found_right", "found_undecided", "corrected_at_provider",
                      "corrected_at_database", "unresolved_recorded", "answered_in_writing",
                      "withdrawn"),
        "about": _about("异议", "The event by which it was received."),
    }),
    "statement": EventKind("statements", "本人声明", "A statement on an adverse record.", {
        "person": _PERSON, "debt": _DEBT, "step": _step("made", "forwarded"),
        "about": _about("声明", "The event by which it was made."),
    }),
    "complaint": EventKind("complaints", "投诉", "A complaint to the lender.", {
        "person": _PERSON, "topic": _topic("credit_report", "conduct", "contract", "spam",
                                           "threat", "fraud", "other"),
        "step": _step("received", "found_complex", "extended", "answered", "withdrawn"),
        "about": _about("投诉", "The event by which it was received."),
    }),
    "plan": EventKind("plans", "方案", "An extension, deferral or new instalments.", {
        "debt": _ONE_DEBT,
        "step": _step("asked", "offered", "agreed", "refused", "broken", "ended"),
        "about": _about("方案", "The event by which it was asked or offered."), "until_at": _UNTIL,
    }),
    "mediation": EventKind("mediations", "调解", "People's mediation of the debt.", {
        "debt": _DEBT, "step": _step("agreed", "confirmation_asked"), "on": _ON,
    }),
    "interruption": EventKind("interruptions", "时效中断", "The limitation period begins anew.", {
        "debt": _ONE_DEBT, "topic": _topic("demand", "acknowledgement", "suit", "other"),
    }),
    "placement": EventKind("placements", "委外", "A debt is given to an agency or taken back.", {
        "debt": _ONE_DEBT, "party": _party("To which agency."), "step": _step("begun", "ended"),
        "until_at": _UNTIL,
    }),
    "agency": EventKind("agencies", "机构管理", "Something about an agency itself.", {
        "party": _party("Which agency."), "until_at": _UNTIL,
        "step": _step("listed", "delisted", "contract_began", "contract_renewed",
                      "contract_ended", "evaluated", "data_returned"),
    }),
    "training": EventKind("trainings", "培训考核", "A collector was trained and examined.", {
        "party": _party("Which collector."), "step": _step("exam_passed", "exam_failed", "trained"),
    }),
    "erasure": EventKind("erasures", "删除", "All data of a person were deleted.", {
        "person": _PERSON,
    }),
    "breach": EventKind("breaches", "个人信息安全事件", "Personal data leaked, changed or lost.", {
        "step": _step("found", "remedied", "authority_told", "people_told", "harm_averted",
                      "notice_complete"),
        "about": _about("事件", "The event by which it was found."),
    }),
    "audit": EventKind("audits", "合规审计", "A compliance audit was finished.", {}),
    "retraction": EventKind("retractions", "撤销", "The event it replaces never happened.", {
        "replaces": ref("events", "取代", "The event that never happened.", need=True),
        "found_by": _FOUND_BY,
    }),
}  # fmt: skip


def group_of(kind: str) -> str:
    """Find the group of a kind of event.

    Example:
        >>> group_of("call")
        'calls'
    """
    return KINDS[kind].group


GROUPS: Final = (
    "people", "points", "debts", *dict.fromkeys(kind.group for kind in KINDS.values()),
)  # fmt: skip
"""The words ``complete`` takes: the file has every one that the lender knows of."""
