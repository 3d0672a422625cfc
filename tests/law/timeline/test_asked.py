"""A question of the person's own that waits for an answer."""

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

ASKED = event("e-1", "inbound", "11-25 09:00", person="p-1")


def asked(kind: str, step: str, **more: str) -> Json:
    """A matter of the debtor's own that asks for an answer; a plan names no person."""
    who = {} if kind == "plan" else {"person": "p-1"}
    return event("e-1", kind, "11-25 09:00", step=step, **{"debt": "d-1"} | who | more)


def then(kind: str, step: str, **more: str) -> Json:
    return asked(kind, step, **more) | {
        "id": "e-2", "happened_at": stamp("11-25 10:00"), "known_at": stamp("11-25 10:00")
    }  # fmt: skip


COMPLAINT = event("e-1", "complaint", "11-25 09:00", person="p-1", topic="conduct", step="received")
DISPUTE = asked("dispute", "received")
PLAN = asked("plan", "asked")
STATEMENT = asked("statement", "made")


def answer(outcome: str | None, at: str = "11-25 10:00", **more: str) -> Json:
    return call("e-2", at, outcome, **{"purpose": "answer", **more})


ROWS: list[tuple[str, list[Json], bool]] = [
    ("nobody asked", [], False),
    ("asked", [ASKED], True),
    ("somebody else asked", [ASKED | {"person": "p-2"}], False),
    ("somebody noted that it was asked", [ASKED | {"by": "a-1"}], False),
    ("answered", [ASKED, answer("identified")], False),
    ("perhaps answered", [ASKED, answer("unknown")], False),
    ("no outcome told", [ASKED, answer(None)], False),
    ("tried in vain", [ASKED, answer("no_answer")], True),
    ("collected from meanwhile", [ASKED, answer("identified", purpose="collect")], True),
    ("nobody knows what for", [ASKED, call("e-2", "11-25 10:00")], False),
    ("answered before", [answer("identified", "11-25 08:30"), ASKED], True),
    ("answered, and asked again",
     [ASKED, answer("identified"), ASKED | {"id": "e-3", "happened_at": "2026-11-25T11:00:00+08:00",
                                            "known_at": "2026-11-25T11:00:00+08:00"}], True),
    *[(f"a {one['kind']}", [one], True) for one in (COMPLAINT, DISPUTE, PLAN, STATEMENT)],
    *[(f"a {one['kind']}, answered by a call", [one, answer("identified")], False)
      for one in (COMPLAINT, DISPUTE, PLAN, STATEMENT)],
    *[(f"a {one['kind']} that the lender wrote", [one | {"by": "l-1"}], False)
      for one in (COMPLAINT, DISPUTE, PLAN, STATEMENT)],
    ("another's complaint", [COMPLAINT | {"person": "p-2"}], False),
    ("a complaint answered", [COMPLAINT, event("e-2", "complaint", "11-25 10:00", person="p-1",
                                               step="answered")], False),
    ("a dispute answered in writing", [DISPUTE, then("dispute", "answered_in_writing")], False),
    ("a dispute checked and not answered", [DISPUTE, then("dispute", "found_right")], True),
    ("a dispute withdrawn", [DISPUTE, then("dispute", "withdrawn")], False),
    ("a dispute withdrawn by the lender", [DISPUTE, then("dispute", "withdrawn", by="l-1")], True),
    ("a plan offered", [PLAN, then("plan", "offered")], True),
    ("a plan agreed", [PLAN, then("plan", "agreed")], False),
    ("a plan offered and not asked for", [asked("plan", "offered")], False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "waits"), [row[1:] for row in ROWS],
                         ids=[row[0] for row in ROWS])  # fmt: skip
def test_a_question_waits_until_it_is_answered(timeline: list[Json], waits: bool) -> None:
    assert facts(*timeline)["question_open"] is waits


@pytest.mark.parametrize("group", ["calls", "messages", "visits"])
def test_that_it_waits_is_certain_only_where_no_answer_can_be_missing(group: str) -> None:
    whole = {"calls", "messages", "visits"}
    for question in (ASKED, COMPLAINT, DISPUTE, PLAN, STATEMENT):
        assert facts(question, complete=sorted(whole))["question_open"] is True
        assert facts(question, complete=sorted(whole - {group}))["question_open"] is None


def test_what_is_asked_about_another_debt_is_no_question_about_this_one() -> None:
    debts = [*BASE["debts"], {"id": "d-2", "debtor": "p-1"}]
    for question in (DISPUTE, PLAN, STATEMENT):
        told = facts(question, debts=debts, act=BASE["act"] | {"debt": "d-2"})
        assert told["question_open"] is False


@pytest.mark.parametrize(
    ("timeline", "wanted"),
    [([PLAN], True), ([], False), ([PLAN | {"by": "l-1"}], False), ([COMPLAINT], False),
     ([PLAN, then("plan", "offered")], True), ([PLAN, then("plan", "refused")], False),
     ([PLAN, answer("identified")], True)],
)  # fmt: skip
def test_a_plan_is_asked_for_until_a_step_ends_it(timeline: list[Json], wanted: bool) -> None:
    assert facts(*timeline)["plan_asked"] is wanted
