"""Matters that go on: disputes, statements, complaints, breaches, audits."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, event, facts, stamp

TWO = {"debts": [*BASE["debts"], {"id": "d-2", "debtor": "p-1"}],
       "act": BASE["act"] | {"debt": "d-1"}}  # fmt: skip


def dispute(step: str, at: str = "11-10 10:00", **keys: Any) -> Json:
    told = {"person": "p-1", "step": step}
    if step == "received":
        told["topic"] = "record"
    return event(f"x-{step}-{at[3:5]}", "dispute", at, **told | keys)


RECEIVED = dispute("received", "11-05 23:59")
ANSWERED = dispute("answered_in_writing", "11-20 10:00")
BOTH = [dispute("corrected_at_provider", "11-12 10:00"),
        dispute("corrected_at_database", "11-13 10:00")]  # fmt: skip
OPEN = [
    ("none", [], (False, None, None)),
    ("received", [RECEIVED], (True, 20, "pending")),
    ("received today", [dispute("received", "11-25 00:00")], (True, 0, "pending")),
    ("withdrawn", [RECEIVED, dispute("withdrawn")], (False, 20, "pending")),
    ("withdrawn by the lender", [RECEIVED, dispute("withdrawn", by="l-1")], (True, 20, "pending")),
    ("withdrawn by one without capacity", [RECEIVED, event("s-1", "state", "11-06 10:00",
     person="p-1", step="incapacity"), dispute("withdrawn")], (True, 20, "pending")),
    ("withdrawn by another", [RECEIVED, dispute("withdrawn", person="p-2")],
     (True, 20, "pending")),
    ("withdrawn by another, who names it", [RECEIVED, dispute("withdrawn", person="p-2",
     about="x-received-05")], (True, 20, "pending")),
    ("withdrawn of another debt", [RECEIVED | {"debt": "d-1"}, dispute("withdrawn", debt="d-2")],
     (True, 20, "pending")),
    ("found and answered of another debt", [RECEIVED, dispute("found_right", debt="d-2"),
     ANSWERED | {"debt": "d-2"}], (True, 20, "pending")),
    ("of this debt, answered without naming it", [RECEIVED | {"debt": "d-1"},
     dispute("found_right"), ANSWERED], (False, 20, "right")),
    ("of no debt in particular, answered of this one", [RECEIVED, dispute("found_right",
     debt="d-1"), ANSWERED | {"debt": "d-1"}], (False, 20, "right")),
    ("moved by the lender before its answer", [dispute("received", "11-21 10:00"), ANSWERED,
     dispute("found_right"), RECEIVED | {"by": "l-1", "replaces": "x-received-21"}],
     (True, 4, "pending")),
    ("moved by the lender, answered since", [RECEIVED, dispute("found_right"), ANSWERED, dispute(
     "received", "11-06 10:00", by="l-1", replaces="x-received-05")], (False, 19, "right")),
    ("moved by the person, who is answered under the old name", [RECEIVED, dispute("received",
     "11-06 10:00", replaces="x-received-05"), dispute("found_right", about="x-received-05"),
     ANSWERED | {"about": "x-found_right-10"}], (False, 19, "right")),
    ("found and answered before it came", [RECEIVED, dispute("found_right", "11-03 10:00",
     about="x-received-05"), dispute("answered_in_writing", "11-04 10:00", about="x-received-05")],
     (True, 20, "pending")),
    ("found right, not answered", [RECEIVED, dispute("found_right")], (True, 20, "right")),
    ("found right and answered", [RECEIVED, dispute("found_right"), ANSWERED],
     (False, 20, "right")),
    ("found wrong, answered, not corrected", [RECEIVED, dispute("found_wrong"), ANSWERED],
     (True, 20, "wrong")),
    ("corrected at the provider alone", [RECEIVED, dispute("found_wrong"), BOTH[0], ANSWERED],
     (True, 20, "wrong")),
    ("corrected at both", [RECEIVED, dispute("found_wrong"), *BOTH, ANSWERED],
     (False, 20, "wrong")),
    ("an omission made good", [RECEIVED, dispute("found_omitted"), *BOTH, ANSWERED],
     (False, 20, "omitted")),
    ("undecided and answered", [RECEIVED, dispute("found_undecided"), ANSWERED],
     (True, 20, "undecided")),
    ("undecided, recorded, answered", [RECEIVED, dispute("found_undecided"),
     dispute("unresolved_recorded", "11-11 10:00"), ANSWERED], (False, 20, "undecided")),
    ("answered without a check", [RECEIVED, ANSWERED], (True, 20, "pending")),
    ("the older of two open ones", [RECEIVED, dispute("received", "11-15 10:00")],
     (True, 20, "pending")),
    ("the open one of two", [RECEIVED, dispute("withdrawn"), dispute("received", "11-15 10:00")],
     (True, 10, "pending")),
    ("of the debt alone", [dispute("received", "11-05 10:00", topic="amount")],
     (False, None, None)),
    ("of nobody knows what", [event("x-1", "dispute", "11-05 10:00", person="p-1",
     step="received")], (True, 20, "pending")),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in OPEN],
                         ids=[str(row[0]) for row in OPEN])  # fmt: skip
def test_a_dispute_of_the_record(timeline: list[Json], expected: tuple[Any, ...]) -> None:
    told = facts(*timeline, **TWO)
    found = told["dispute_open"], told["days_since_dispute"], told["dispute_finding"]
    assert found == expected


def test_the_act_may_name_the_dispute_it_is_about() -> None:
    two = [RECEIVED, dispute("received", "11-15 10:00")]
    act = {"kind": "answer_dispute", "about": "x-received-15"}
    assert facts(*two, act=act)["days_since_dispute"] == 10


def test_of_thousands_of_disputes_each_is_closed_by_the_step_that_names_it() -> None:
    begun = [
        event(f"d-{no}", "dispute", "11-05 10:00", person="p-1", step="received")
        for no in range(3_000)
    ]
    ended = [
        event(f"w-{no}", "dispute", "11-06 10:00", person="p-1", step="withdrawn", about=f"d-{no}")
        for no in range(3_000)
    ]
    assert facts(*begun, *ended[1:])["dispute_open"] is True
    assert facts(*begun, *ended)["dispute_open"] is False


def test_a_step_goes_on_with_the_dispute_it_names() -> None:
    two = [RECEIVED, dispute("received", "11-15 10:00")]
    mark = dispute("marked", "11-16 10:00", about="x-received-05")
    earlier = facts(*two, mark, act={"kind": "answer_dispute", "about": "x-received-05"})
    assert earlier["dispute_mark_set"] is True
    later = facts(*two, mark, act={"kind": "answer_dispute", "about": "x-received-15"})
    assert later["dispute_mark_set"] is False


WRONG = dispute("found_wrong", "11-16 10:00", about="x-received-15")
UNDER = dispute("received", "11-15 10:00")


def test_no_dispute_stands_for_another() -> None:
    """An older one that is marked hides no newer one without a mark, or found wrong."""
    mark = dispute("marked", "11-06 10:00", about="x-received-05")
    assert facts(RECEIVED, UNDER, mark)["dispute_mark_set"] is False
    both = dispute("marked", "11-17 10:00", about="x-received-15")
    assert facts(RECEIVED, UNDER, mark, both)["dispute_mark_set"] is True
    told = facts(
        RECEIVED, UNDER, WRONG, act=BASE["act"] | {"kind": "report", "about": "x-received-05"}
    )
    assert told["dispute_finding"] == "wrong"


@pytest.mark.parametrize("topic", ["amount", "identity"])
def test_a_debt_that_was_found_wrong_is_a_record_that_was(topic: str) -> None:
    corrected = [dispute(step, "11-17 10:00", about="x-received-15")
                 for step in ("corrected_at_provider", "corrected_at_database")]  # fmt: skip
    answered = dispute("answered_in_writing", "11-18 10:00", about="x-received-15")
    told = facts(UNDER | {"topic": topic}, WRONG)
    assert (told["dispute_finding"], told["corrected_at_provider"]) == ("wrong", False)
    done = facts(UNDER | {"topic": topic}, WRONG, *corrected, answered)
    assert done["debt_disputed"] is (topic == "identity")
    assert done["debt_not_theirs"] is (topic == "identity")


def test_a_debt_is_not_somebody_elses_for_being_disputed_or_once_it_was_found_right() -> None:
    asked = UNDER | {"topic": "identity"}
    again = dispute("found_right", "11-20 10:00", about="x-received-15")
    assert facts(asked)["debt_not_theirs"] is False
    assert facts(asked, WRONG, again)["debt_not_theirs"] is False


def test_who_withdraws_once_the_debt_was_found_to_be_somebody_elses_owes_it_no_more() -> None:
    asked = UNDER | {"topic": "identity"}
    withdrawn = dispute("withdrawn", "11-20 10:00", about="x-received-15")
    assert facts(asked, withdrawn)["debt_not_theirs"] is False
    told = facts(asked, WRONG, withdrawn)
    assert (told["debt_disputed"], told["debt_not_theirs"]) == (False, True)


STEPS = [
    ("marked", "dispute_mark_set"),
    ("answered_in_writing", "dispute_answered_written"),
    ("corrected_at_provider", "corrected_at_provider"),
    ("corrected_at_database", "corrected_at_database"),
    ("unresolved_recorded", "unresolved_recorded"),
]


@pytest.mark.parametrize(("step", "fact"), STEPS)
def test_each_step_is_told_of_the_dispute(step: str, fact: str) -> None:
    assert facts(RECEIVED)[fact] is False
    assert facts(RECEIVED, dispute(step))[fact] is True
    assert facts()[fact] is None


def test_a_mark_taken_off_is_no_mark() -> None:
    told = facts(RECEIVED, dispute("marked"), dispute("unmarked", "11-11 10:00"))
    assert told["dispute_mark_set"] is False


DEBT = [
    ([dispute("received", topic="amount")], True),
    ([dispute("received", topic="identity")], True),
    ([dispute("received")], False),
    ([dispute("received", topic="amount"), dispute("withdrawn", "11-11 10:00")], False),
    ([dispute("received", topic="amount", debt="d-1")], True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "disputed"), DEBT)
def test_a_dispute_of_the_debt_itself(timeline: list[Json], disputed: bool) -> None:
    assert facts(*timeline)["debt_disputed"] is disputed


def test_a_statement_is_forwarded_after_it_was_made() -> None:
    made = event("t-1", "statement", "11-10 10:00", person="p-1", step="made")
    sent = event("t-2", "statement", "11-11 10:00", person="p-1", step="forwarded")
    again = event("t-3", "statement", "11-12 10:00", person="p-1", step="made")
    other = event("t-4", "statement", "11-13 10:00", person="p-1", step="forwarded", about="t-3")
    for timeline, expected in (
        ([], (False, None)),
        ([made], (True, False)),
        ([made, sent], (True, True)),
        ([made, sent, again], (True, False)),
        ([made, again, other], (True, False)),
        ([made, sent, again, other], (True, True)),
    ):
        told = facts(*timeline)
        assert (told["statement_made"], told["statement_forwarded"]) == expected


@pytest.mark.parametrize(("by", "stands"), [({}, False), ({"by": "l-1"}, True)])
def test_a_statement_is_taken_back_by_who_made_it(by: Json, stands: bool) -> None:
    made = event("t-1", "statement", "11-10 10:00", person="p-1", step="made")
    back = event("t-2", "retraction", "11-11 10:00", replaces="t-1", **by)
    assert facts(made, back)["statement_made"] is stands


def complaint(step: str, at: str, **keys: Any) -> Json:
    return event(f"k-{step}-{at[3:5]}", "complaint", at, **{"person": "p-1", "step": step} | keys)


COMPLAINTS = [
    ("none", [], (False, None, None, None)),
    ("received", [complaint("received", "11-10 10:00", topic="conduct")],
     (True, 15, "simple", "conduct")),
    ("complex", [complaint("received", "11-10 10:00"), complaint("found_complex", "11-11 10:00")],
     (True, 15, "complex", None)),
    ("extended", [complaint("received", "11-10 10:00"), complaint("found_complex", "11-11 10:00"),
     complaint("extended", "11-12 10:00")], (True, 15, "extended", None)),
    ("answered", [complaint("received", "11-10 10:00"), complaint("answered", "11-12 10:00")],
     (False, 15, "simple", None)),
    ("withdrawn", [complaint("received", "11-10 10:00"), complaint("withdrawn", "11-12 10:00")],
     (False, 15, "simple", None)),
    ("withdrawn by the lender", [complaint("received", "11-10 10:00"),
     complaint("withdrawn", "11-12 10:00", by="l-1")], (True, 15, "simple", None)),
    ("a second one is open", [complaint("received", "11-10 10:00"),
     complaint("answered", "11-12 10:00"), complaint("received", "11-20 10:00", topic="spam")],
     (True, 5, "simple", "spam")),
    ("an extended one, and a simple one past its days", [complaint("received", "10-20 10:00"),
     complaint("extended", "10-21 10:00"), complaint("received", "11-08 10:00")],
     (True, 17, "simple", None)),
    ("a complex one past its days, and a new one", [complaint("received", "10-20 10:00"),
     complaint("found_complex", "10-21 10:00"), complaint("received", "11-24 10:00")],
     (True, 36, "complex", None)),
    ("of somebody else", [complaint("received", "11-10 10:00", person="p-2")],
     (False, None, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in COMPLAINTS],
                         ids=[str(row[0]) for row in COMPLAINTS])  # fmt: skip
def test_complaints(timeline: list[Json], expected: tuple[Any, ...]) -> None:
    told = facts(*timeline)
    names = ("complaint_open", "days_since_complaint", "complaint_class", "complaint_topic")
    assert tuple(told[name] for name in names) == expected


@pytest.mark.parametrize(
    ("role", "answered"), [("nominated_contact", False), ("statutory_agent", True)]
)
def test_an_answer_goes_to_whose_matter_it_is_or_to_who_stands_in(
    role: str, answered: bool
) -> None:
    people = [BASE["people"][0], BASE["people"][1] | {"role": role}]
    for kind, open_one in (
        ("dispute", RECEIVED),
        ("complaint", complaint("received", "11-10 10:00")),
    ):
        act = {"kind": f"answer_{kind}", "to": "p-2"}
        assert facts(open_one, act=act, people=people)[f"{kind}_open"] is answered
        own = open_one | {"person": "p-2"}
        assert facts(own, act=act, people=people)[f"{kind}_open"] is True


def test_how_far_a_breach_was_dealt_with() -> None:
    found = event("b-1", "breach", "11-10 10:00", step="found")
    told = facts(found, event("b-2", "breach", "11-10 12:00", step="remedied"))
    assert told["breach_found"] is True
    assert told["breach_remedied"] is True
    assert told["breach_people_told"] is False
    whole = ("remedied", "authority_told", "people_told", "notice_complete")
    later = [event(f"b-{no}", "breach", "11-12 10:00", step=step, about="b-9")
             for no, step in enumerate(whole, 4)]  # fmt: skip
    other = event("b-9", "breach", "11-11 10:00", step="found")
    first = [event(f"b-{no}", "breach", "11-10 12:00", step=step)
             for no, step in ((2, "remedied"), (3, "people_told"))]  # fmt: skip
    assert facts(found, *first, other, *later)["breach_authority_told"] is False
    assert facts(found, *first, other)["breach_remedied"] is False
    assert facts()["breach_found"] is False
    assert facts()["breach_remedied"] is None


AUDITS = [
    ([], None),
    ([event("u-1", "audit", "2024-11-24 10:00")], 24),
    ([event("u-1", "audit", "2024-11-25 10:00")], 23),
    ([event("u-1", "audit", "2024-11-24 10:00"), event("u-2", "audit", "11-24 10:00")], 0),
]


@pytest.mark.parametrize(("timeline", "months"), AUDITS)
def test_whole_months_since_the_last_audit(timeline: list[Json], months: int | None) -> None:
    assert facts(*timeline, at=stamp("11-25 15:00"))["months_since_audit"] == months
