"""Consents: given, taken back, run out, in which form, and whether anything changed since."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, event, facts, stamp

REPORT: Json = {
    "act": {"kind": "report", "to": "p-1", "debt": "d-1"},
    "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
}


def word(step: str, at: str, purpose: str = "report", **keys: Any) -> Json:
    name = f"c-{purpose}-{step}-{at}".replace(" ", "_").replace(":", ".")
    return event(name, "consent", at, **{"person": "p-1", "purpose": purpose, "step": step} | keys)


GIVEN = word("given", "11-01 10:00", form="written")
ACTIVE = [
    ("nothing", [], False, False),
    ("given in writing", [GIVEN], True, True),
    ("given by word of mouth", [word("given", "11-01 10:00", form="oral")], True, False),
    ("given in a form nobody told", [word("given", "11-01 10:00")], False, False),
    ("given in a form nobody knows", [word("given", "11-01 10:00", form="unknown")], False, False),
    ("given by the lender", [GIVEN | {"by": "l-1"}], False, False),
    ("given by an agency", [GIVEN | {"by": "a-1"}], False, False),
    ("withdrawn by way of an agency", [GIVEN, word("withdrawn", "11-02 10:00", by="a-1")], False,
     False),
    ("given while found without capacity", [event("s-1", "state", "10-01 10:00", person="p-1",
     step="limited_capacity"), GIVEN], False, False),
    ("given after a court found otherwise", [event("s-1", "state", "10-01 10:00", person="p-1",
     step="limited_capacity"), event("s-2", "state", "10-02 10:00", person="p-1", step="capable",
     found_by="court"), GIVEN], True, True),
    ("only a clause", [word("given", "11-01 10:00", form="standard_clause")], False, False),
    ("only asked for", [word("asked", "11-01 10:00")], False, False),
    ("withdrawn", [GIVEN, word("withdrawn", "11-02 10:00")], False, False),
    ("withdrawn at the same instant", [GIVEN, word("withdrawn", "11-01 10:00")], False, False),
    ("withdrawn, moved by the lender before it was given", [GIVEN, word("withdrawn",
     "11-02 10:00"), word("withdrawn", "10-02 10:00") | {"by": "l-1", "replaces":
     word("withdrawn", "11-02 10:00")["id"]}], False, False),
    ("withdrawn at this very instant", [GIVEN, word("withdrawn", "11-25 15:00")], False, False),
    ("withdrawn a minute from now", [GIVEN, word("withdrawn", "11-25 15:01")], True, True),
    ("withdrawn, not known yet", [GIVEN, word("withdrawn", "11-02 10:00", known="11-26 09:00")],
     True, True),
    ("withdrawn and given anew", [GIVEN, word("withdrawn", "11-02 10:00"),
     word("given", "11-03 10:00", form="written")], True, True),
    ("refused when asked anew", [GIVEN, word("refused", "11-02 10:00")], False, False),
    ("run out at this instant", [word("given", "11-01 10:00", form="written",
     until_at=stamp("11-25 15:00"))], False, False),
    ("running out in a minute", [word("given", "11-01 10:00", form="written",
     until_at=stamp("11-25 15:01"))], True, True),
    ("for another use", [word("given", "11-01 10:00", "query", form="written")], False, False),
    ("of another person", [word("given", "11-01 10:00", form="written", person="p-2")], False,
     False),
    ("about another debt", [word("given", "11-01 10:00", form="written", debt="d-2")], False,
     False),
    ("about this debt", [word("given", "11-01 10:00", form="written", debt="d-1")], True, True),
    ("a withdrawal about another debt", [GIVEN, word("withdrawn", "11-02 10:00", debt="d-2")],
     True, True),
    ("retracted", [GIVEN, event("e-9", "retraction", "11-02 10:00", replaces=GIVEN["id"])], False,
     False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "active", "written"), [row[1:] for row in ACTIVE],
                         ids=[str(row[0]) for row in ACTIVE])  # fmt: skip
def test_a_consent_in_force_and_in_writing(
    timeline: list[Json], active: bool, written: bool
) -> None:
    told = facts(*timeline, **REPORT)
    assert told["consent_active"] is active
    assert told["report_consent_written"] is written


def test_a_consent_in_force_is_certain_only_where_no_withdrawal_can_be_missing() -> None:
    told = facts(GIVEN, complete=["calls"], **REPORT)
    assert told["consent_active"] is None
    assert told["report_consent_written"] is None
    told = facts(GIVEN, word("withdrawn", "11-02 10:00"), complete=["calls"], **REPORT)
    assert told["consent_active"] is False
    assert told["consent_withdrawn"] is True


@pytest.mark.parametrize(("born", "active"), [("2008-10-30", True), ("2008-11-01", False)])
def test_a_consent_of_somebody_under_age_is_none_even_later(born: str, active: bool) -> None:
    people = [BASE["people"][0] | {"born_on": born}, BASE["people"][1]]
    assert facts(GIVEN, people=people, **REPORT)["report_consent_written"] is active


def test_a_consent_to_what_has_changed_since_is_none_to_a_report_a_query_or_a_contact() -> None:
    changed = event("h-1", "change", "11-10 10:00", version="v-2")
    assert facts(GIVEN, changed, **REPORT)["report_consent_written"] is False
    assert facts(GIVEN | {"version": "v-2"}, changed, **REPORT)["report_consent_written"] is True
    named = word("given", "11-01 10:00", "nominate", form="oral", person="p-2")
    act = {"kind": "contact", "to": "p-2", "point": "pt-3"}
    assert facts(named, act=act)["target_basis"] == "consent"
    assert facts(named, changed, act=act)["target_basis"] == "none"


VERSIONS = [
    ("none named, changed before", None, ["10-10"], True),
    ("none named, changed since", None, ["11-10"], False),
    ("the old one, changed before", "v-1", ["10-10"], False),
    ("the old one, changed since", "v-1", ["11-10"], False),
    ("the new one, changed before", "v-2", ["10-10"], True),
    ("the new one, changed since", "v-2", ["11-10"], True),
    ("the middle one of three", "v-2", ["10-10", "10-20"], False),
    ("the last one of three", "v-3", ["10-10", "10-20"], True),
]


@pytest.mark.parametrize(("version", "days", "stands"), [row[1:] for row in VERSIONS],
                         ids=[str(row[0]) for row in VERSIONS])  # fmt: skip
def test_a_consent_is_to_the_text_that_is_in_force(
    version: str | None, days: list[str], stands: bool
) -> None:
    changes = [event(f"h-{no}", "change", f"{day} 10:00", version=f"v-{no}", purpose="report")
               for no, day in enumerate(days, start=2)]  # fmt: skip
    told = facts(GIVEN | ({"version": version} if version else {}), *changes, **REPORT)
    assert told["report_consent_written"] is stands
    assert told["consent_covers_notice"] is stands


def test_that_a_consent_stands_is_certain_only_where_no_change_can_be_missing() -> None:
    named = word("given", "11-01 10:00", "nominate", form="oral", person="p-2")
    asked = word("given", "11-01 10:00", "query", form="written", query_purposes=["post_loan"])
    act = {"kind": "contact", "to": "p-2", "point": "pt-3"}
    query = {"kind": "query", "to": "p-1", "query_purpose": "post_loan"}
    for given, use, fact in (
        (GIVEN, REPORT["act"], "report_consent_written"),
        (asked, query, "query_consent_written"),
        (asked, query, "query_purpose_agreed"),
        (named, act, "target_basis"),
    ):
        assert facts(given, act=use)[fact] in (True, "consent"), fact
        lacking = [group for group in BASE["complete"] if group != "changes"]
        assert facts(given, act=use, complete=lacking)[fact] is None, fact


def test_how_often_to_be_called_is_a_wish_that_a_change_of_all_ends() -> None:
    wish = word("given", "11-01 10:00", "attempts", form="own_request")
    changed = event("h-1", "change", "11-10 10:00", version="v-2")
    lacking = [group for group in BASE["complete"] if group != "changes"]
    assert facts(wish)["attempts_agreed"] is True
    assert facts(wish, complete=lacking)["attempts_agreed"] is True
    assert facts(wish, changed)["attempts_agreed"] is False


def test_separate_is_what_was_given_for_this_alone() -> None:
    assert facts(GIVEN, **REPORT)["separate_consent_active"] is False
    told = facts(GIVEN | {"separate": True}, **REPORT)
    assert told["separate_consent_active"] is True


USES = [
    ({"kind": "report"}, True),
    ({"kind": "query"}, False),
    ({"kind": "process", "purpose": "report"}, True),
    ({"kind": "process", "purpose": "marketing"}, False),
    ({"kind": "process"}, None),
    ({"kind": "duty"}, None),
]


@pytest.mark.parametrize(("act", "active"), USES)
def test_the_use_is_the_acts_purpose_or_else_what_the_act_is(act: Json, active: Any) -> None:
    assert facts(GIVEN, act=act)["consent_active"] is active


LAST_WORD = [
    ("nothing", [], False, False),
    ("withdrawn", [GIVEN, word("withdrawn", "11-02 10:00")], True, False),
    ("given since", [word("withdrawn", "11-02 10:00"), word("given", "11-03 10:00", form="oral")],
     False, False),
    ("a clause of the form since", [word("withdrawn", "11-02 10:00"),
     word("given", "11-03 10:00", form="standard_clause")], True, False),
    ("refused", [word("refused", "11-02 10:00")], False, True),
    ("agreed since", [word("refused", "11-02 10:00"), word("given", "11-03 10:00", form="oral")],
     False, False),
    ("agreed in no known form since", [word("refused", "11-02 10:00"),
     word("given", "11-03 10:00")], False, True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "withdrawn", "refused"), [row[1:] for row in LAST_WORD],
                         ids=[str(row[0]) for row in LAST_WORD])  # fmt: skip
def test_the_persons_last_word(timeline: list[Json], withdrawn: bool, refused: bool) -> None:
    told = facts(*timeline, **REPORT)
    assert told["consent_withdrawn"] is withdrawn
    assert told["refused_before"] is refused


ASKED = [
    ("never refused", [word("asked", "11-02 10:00")], 0, None),
    ("refused and let be", [word("asked", "11-02 10:00"), word("refused", "11-02 10:01")], 0, 23),
    ("refused and asked twice more", [word("refused", "11-23 23:59"), word("asked", "11-24 10:00"),
     word("asked", "11-25 10:00")], 2, 2),
    ("refused again", [word("refused", "11-20 10:00"), word("asked", "11-21 10:00"),
     word("refused", "11-25 00:00")], 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "asks", "days"), [row[1:] for row in ASKED],
                         ids=[str(row[0]) for row in ASKED])  # fmt: skip
def test_how_often_it_was_asked_since_the_refusal(
    timeline: list[Json], asks: int, days: int | None
) -> None:
    told = facts(*timeline, **REPORT)
    assert told["asks_since_refusal"] == asks
    assert told["days_since_refusal"] == days


COVERS = [
    ("no consent", [], None),
    ("nothing changed", [GIVEN], True),
    ("all changed since", [GIVEN, event("h-1", "change", "11-10 10:00")], False),
    ("changed before", [GIVEN, event("h-1", "change", "10-10 10:00")], True),
    ("another use changed", [GIVEN, event("h-1", "change", "11-10 10:00", purpose="query")], True),
    ("changed to the version agreed to", [GIVEN | {"version": "v-2"},
     event("h-1", "change", "11-10 10:00", version="v-2")], True),
    ("agreed anew since", [GIVEN, event("h-1", "change", "11-10 10:00"),
     word("given", "11-11 10:00", form="oral")], True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "covers"), [row[1:] for row in COVERS],
                         ids=[str(row[0]) for row in COVERS])  # fmt: skip
def test_whether_the_consent_still_covers_the_processing(timeline: list[Json], covers: Any) -> None:
    assert facts(*timeline, **REPORT)["consent_covers_notice"] is covers


QUERY = word("given", "11-01 10:00", "query", form="written", query_purposes=["post_loan"])


@pytest.mark.parametrize(
    ("timeline", "purpose", "agreed"),
    [
        ([QUERY], "post_loan", True),
        ([QUERY], "guarantee", False),
        ([QUERY], None, None),
        ([], "post_loan", False),
        ([QUERY, word("withdrawn", "11-02 10:00", "query")], "post_loan", False),
    ],
)
def test_a_query_is_for_an_agreed_purpose(
    timeline: list[Json], purpose: str | None, agreed: bool | None
) -> None:
    act = {"kind": "query", "to": "p-1"} | ({"query_purpose": purpose} if purpose else {})
    assert facts(*timeline, act=act)["query_purpose_agreed"] is agreed


def test_agreements_of_other_kinds_follow_the_same_order() -> None:
    own = word("given", "11-01 10:00", "attempts", form="own_request")
    assert facts(own)["attempts_agreed"] is True
    assert facts(own | {"form": "standard_clause"})["attempts_agreed"] is False
    assert facts(own, act={"kind": "contact", "to": "p-2"})["attempts_agreed"] is False
    assert facts(own, word("withdrawn", "11-02 10:00", "attempts"))["attempts_agreed"] is False
    entry = word("given", "11-25 14:00", "visit_entry", form="recorded")
    assert facts(entry)["entry_consent"] is True
    assert facts()["entry_consent"] is False


def test_a_person_who_refused_automation_has_refused_until_agreeing() -> None:
    no = word("refused", "11-01 10:00", "automate")
    assert facts(no)["automated_refused"] is True
    yes = word("given", "11-02 10:00", "automate", form="recorded")
    assert facts(no, yes)["automated_refused"] is False
    for none in ({"form": "standard_clause"}, {"form": "unknown"}, {"by": "l-1"}):
        assert facts(no, yes | none)["automated_refused"] is True
    assert facts()["automated_refused"] is False
