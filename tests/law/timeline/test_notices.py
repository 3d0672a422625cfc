"""Notices count from the proof that they arrived, and only for the episode they were given in."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

from kuanxian.base.days import day_of

BEGAN = event("o-1", "overdue", "11-02 00:00", debt="d-1", step="began")


def notice(at: str, matter: str = "adverse_report", **keys: Any) -> Json:
    told = {"to": "p-1", "notice": matter, "outcome": "delivered", "debt": "d-1"}
    return event(f"n-{matter}-{at[3:5]}", "notice", at, **told | keys)


LETTER = notice("11-08 10:00", point="pt-9", channel="letter")


def visited(day: str, outcome: str = "moved") -> list[Json]:
    return [event(f"v-{day}", "visit", f"{day} 10:00", to="p-1", point="pt-9", outcome=outcome)]


def text(day: str, outcome: str) -> Json:
    return event("m-1", "message", f"{day} 10:00", to="p-1", point="pt-1", channel="sms",
                 outcome=outcome)  # fmt: skip


EPISODES = [
    ("no notice", [BEGAN], (False, None)),
    ("delivered in the episode", [BEGAN, notice("11-08 10:00")], (True, 17)),
    ("delivered on its first day", [BEGAN, notice("11-02 00:00")], (True, 23)),
    ("given before it", [BEGAN, notice("11-01 23:59")], (False, None)),
    ("given before, arrived within", [BEGAN, notice("11-01 23:59",
     delivered_at=stamp("11-02 09:00"))], (False, None)),
    ("a receipt older than the sending", [BEGAN, notice("11-20 10:00",
     delivered_at=stamp("11-08 10:00"))], (True, 5)),
    ("sent only", [BEGAN, notice("11-08 10:00", outcome="sent")], (False, None)),
    ("bounced", [BEGAN, notice("11-08 10:00", outcome="bounced")], (False, None)),
    ("an outcome nobody told", [BEGAN, {k: v for k, v in notice("11-08 10:00").items()
                                        if k != "outcome"}], (False, None)),
    ("read", [BEGAN, notice("11-08 10:00", outcome="read")], (True, 17)),
    ("arrives at this instant", [BEGAN, notice("11-25 10:00", delivered_at=stamp("11-25 15:00"))],
     (True, 0)),
    ("arrives in a minute", [BEGAN, notice("11-25 10:00", delivered_at=stamp("11-25 15:01"))],
     (False, None)),
    ("the first of two counts", [BEGAN, notice("11-08 10:00"), notice("11-20 10:00")], (True, 17)),
    ("about another debt", [BEGAN, notice("11-08 10:00", debt="d-2")], (False, None)),
    ("to another person", [BEGAN, notice("11-08 10:00", to="p-2")], (False, None)),
    ("at a number that was bought", [BEGAN, notice("11-08 10:00", point="pt-8")], (False, None)),
    ("by text to an address", [BEGAN, notice("11-08 10:00", point="pt-9", channel="sms")],
     (False, None)),
    ("by letter to an address", [BEGAN, notice("11-08 10:00", point="pt-9", channel="letter")],
     (True, 17)),
    ("at a number a stranger had answered", [BEGAN, call("e-1", "11-05 10:00", "wrong_person"),
     notice("11-08 10:00", point="pt-1")], (False, None)),
    ("at a number a stranger answered since", [BEGAN, notice("11-08 10:00", point="pt-1"),
     call("e-1", "11-20 10:00", "wrong_person")], (False, None)),
    ("at a number that is dead", [BEGAN, call("e-1", "11-07 10:00", "dead_number"),
     notice("11-08 10:00", point="pt-1")], (False, None)),
    ("at a number shown to be theirs since", [BEGAN, call("e-1", "11-05 10:00", "wrong_person"),
     notice("11-08 10:00", point="pt-1"), call("e-2", "11-09 10:00")], (True, 17)),
    ("at a number of an origin nobody knows", [BEGAN, notice("11-08 10:00", point="pt-7")],
     (False, None)),
    ("at an address where they had moved", [BEGAN, *visited("11-05"), LETTER], (False, None)),
    ("at an address where they moved since", [BEGAN, LETTER, *visited("11-20")], (False, None)),
    ("at an address where they were met since", [BEGAN, *visited("11-05"), LETTER,
     *visited("11-09", "met")], (True, 17)),
    ("at a number from which a text had come back", [BEGAN, text("11-07", "bounced"),
     notice("11-08 10:00", point="pt-1")], (False, None)),
    ("at a number from which a notice had come back", [BEGAN, notice("11-07 10:00", point="pt-1",
     outcome="bounced"), notice("11-08 10:00", point="pt-1")], (False, None)),
    ("at a number from which one came back, confirmed since", [BEGAN, text("11-07", "bounced"),
     notice("11-08 10:00", point="pt-1"), call("e-2", "11-09 10:00")], (True, 17)),
    ("at a number from which a text came back since", [BEGAN, notice("11-08 10:00", point="pt-1"),
     text("11-20", "bounced")], (True, 17)),
    ("at an address, where a text had come back", [BEGAN, text("11-07", "bounced"), LETTER],
     (True, 17)),
    ("at a number where a stranger answered a call for another", [BEGAN, call("e-1", "11-07 10:00",
     "wrong_person", to="p-2"), notice("11-08 10:00", point="pt-1")], (False, None)),
    *((f"at a number where a call for another {said}", [BEGAN, call("e-1", f"11-{day} 10:00",
       "dead_number", to="p-2"), notice("11-08 10:00", point="pt-1")], (False, None))
      for day, said in (("07", "had found it dead"), ("20", "found it dead since"))),
    ("at a number found dead for another, confirmed since", [BEGAN, call("e-1", "11-07 10:00",
     "dead_number", to="p-2"), notice("11-08 10:00", point="pt-1"), call("e-2", "11-09 10:00")],
     (True, 17)),
    ("at an address from where a visit to another found them moved", [BEGAN, LETTER, *(
     one | {"to": "p-2"} for one in visited("11-20"))], (False, None)),
    ("at a number from which a text to another had come back", [BEGAN, text("11-07", "bounced")
     | {"to": "p-2"}, notice("11-08 10:00", point="pt-1")], (False, None)),
    ("at a number of which another says that it is not the debtor's", [BEGAN, event("e-1",
     "dispute", "11-07 10:00", person="p-2", topic="identity", step="received", point="pt-1"),
     notice("11-08 10:00", point="pt-1")], (False, None)),
    ("while another's own number is dead", [BEGAN, call("e-1", "11-07 10:00", "dead_number",
     to="p-2", point="pt-3"), notice("11-08 10:00")], (True, 17)),
    ("nobody knows where, while a number of theirs is dead", [BEGAN, call("e-1", "11-07 10:00",
     "dead_number"), notice("11-08 10:00")], (False, None)),
    ("at another person's number", [BEGAN, notice("11-08 10:00", point="pt-3")], (False, None)),
    ("published", [BEGAN, notice("11-08 10:00", channel="public")], (False, None)),
    ("of another matter", [BEGAN, notice("11-08 10:00", "plan_effect")], (False, None)),
    ("retracted", [BEGAN, notice("11-08 10:00"), event("e-9", "retraction", "11-09 10:00",
     replaces="n-adverse_report-08")], (False, None)),
    ("of an episode paid up since", [BEGAN, notice("11-08 10:00"), event("o-2", "overdue",
     "11-10 00:00", debt="d-1", step="cured"), event("o-3", "overdue", "11-20 00:00", debt="d-1",
     step="began")], (False, None)),
    ("of an episode paid up on the day of the next", [event("o-0", "overdue", "11-01 00:00",
     debt="d-1", step="began"), notice("11-20 09:00"), event("o-2", "overdue", "11-20 12:00",
     debt="d-1", step="cured"), event("o-3", "overdue", "11-20 13:00", debt="d-1", step="began")],
     (False, None)),
    ("nothing is overdue", [notice("11-08 10:00")], (None, None)),
]  # fmt: skip
POINTS = [
    *BASE["points"],
    {"id": "pt-8", "person": "p-1", "kind": "mobile", "origin": "purchased"},
    {"id": "pt-9", "person": "p-1", "kind": "address", "origin": "contract"},
    {"id": "pt-7", "person": "p-1", "kind": "mobile"},
]
TWO_DEBTS: Json = {
    "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
    "act": {"kind": "report", "debt": "d-1"},
}


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in EPISODES],
                         ids=[str(row[0]) for row in EPISODES])  # fmt: skip
def test_a_notice_of_this_very_episode(timeline: list[Json], expected: tuple[Any, Any]) -> None:
    told = facts(*timeline, points=POINTS, **TWO_DEBTS)
    assert (told["episode_notice_delivered"], told["days_since_episode_notice"]) == expected


@pytest.mark.parametrize("debts", [{}, TWO_DEBTS])
def test_a_notice_that_names_no_debt_is_about_none(debts: Json) -> None:
    unnamed = {key: value for key, value in notice("11-08 10:00").items() if key != "debt"}
    assert facts(BEGAN, notice("11-08 10:00"), **debts)["episode_notice_delivered"] is True
    assert facts(BEGAN, unnamed, **debts)["episode_notice_delivered"] is False


def test_the_ledgers_day_counts_where_it_is_later_than_the_timelines() -> None:
    told = facts(BEGAN, notice("11-08 10:00"), facts={"default_since_on": "2026-11-09"})
    assert told["episode_notice_delivered"] is True  # text is not a day without the catalogue
    stated = {"default_since_on": day_of(2026, 11, 9)}
    assert facts(BEGAN, notice("11-08 10:00"), facts=stated)["episode_notice_delivered"] is False


def test_of_a_file_that_may_lack_episodes_a_notice_proves_nothing() -> None:
    told = facts(BEGAN, notice("11-08 10:00"), complete=["notices"])
    assert told["episode_notice_delivered"] is None


def test_a_contact_person_is_told_by_a_notice_of_his_or_her_own() -> None:
    act = {"act": {"kind": "contact", "to": "p-2", "point": "pt-3"}}
    own = notice("11-08 10:00", "own_notice", to="p-2")
    assert facts(own, **act)["target_noticed"] is True
    assert facts(**act)["target_noticed"] is False
    assert facts(notice("11-08 10:00", "own_notice"), **act)["target_noticed"] is False


NO: Json = {"purpose": "nominate", "step": "withdrawn"}
Owed = tuple[str, list[Json], str, bool]
GONE = ("the debtor names nobody", "said no", "erased", "settled")
OWED: list[Owed] = [
    ("named, and told nothing yet", [], "notice", True),
    (
        "told on paper that has not arrived",
        [notice("11-08 10:00", "own_notice", to="p-2", outcome="sent")],
        "notice",
        True,
    ),
    ("told before", [notice("11-08 10:00", "own_notice", to="p-2")], "notice", False),
    (
        "the debtor names nobody",
        [event("c-1", "consent", "11-08 10:00", person="p-1", **NO)],
        "notice",
        False,
    ),
    ("said no", [event("c-1", "consent", "11-08 10:00", person="p-2", **NO)], "notice", False),
    ("erased", [event("x-1", "erasure", "11-08 10:00", person="p-2")], "notice", False),
    ("settled", [event("x-1", "settlement", "11-08 10:00", debt="d-1")], "notice", False),
    ("another purpose", [], "pass_message", False),
    ("asked nothing", [], "answer", False),
    ("asked", [event("i-1", "inbound", "11-25 09:00", person="p-2")], "answer", True),
    ("the debtor asked", [event("i-1", "inbound", "11-25 09:00", person="p-1")], "answer", False),
]


@pytest.mark.parametrize(("timeline", "purpose", "owed"), [row[1:] for row in OWED],
                         ids=[row[0] for row in OWED])  # fmt: skip
def test_a_contact_is_owed_a_first_notice_and_an_answer(
    timeline: list[Json], purpose: str, owed: bool
) -> None:
    act = {"kind": "message", "to": "p-2", "point": "pt-3", "purpose": purpose, "debt": "d-1"}
    told = facts(*timeline, act=act)
    assert told["owed_to_person"] is owed
    assert not owed or purpose != "notice" or told["target_named"]


@pytest.mark.parametrize("row", [row for row in OWED if row[0] in GONE], ids=sorted(GONE))
def test_whoever_is_a_contact_no_more_is_not_asked_for_consent(row: Owed) -> None:
    act = {"kind": "ask_consent", "to": "p-2", "purpose": "contact", "debt": "d-1"}
    assert facts(act=act)["target_named"] is True
    assert facts(*row[1], act=act)["target_named"] is False


def test_nobody_but_a_named_contact_is_owed_a_first_notice() -> None:
    people = [BASE["people"][0], BASE["people"][1] | {"role": "family"}]
    act = {"kind": "message", "to": "p-2", "purpose": "notice"}
    assert facts(people=people, act=act)["owed_to_person"] is False


PROCESSING = [
    ("told of this use", [notice("11-08 10:00", "processing_rules", purpose="report")], True),
    ("told of another", [notice("11-08 10:00", "processing_rules", purpose="query")], False),
    ("told of none in particular", [notice("11-08 10:00", "processing_rules")], False),
    ("changed since", [notice("11-08 10:00", "processing_rules", purpose="report"),
     event("h-1", "change", "11-09 10:00")], False),
    ("told again since", [event("h-1", "change", "11-07 10:00"),
     notice("11-08 10:00", "processing_rules", purpose="report")], True),
    ("not told", [], False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "told"), [row[1:] for row in PROCESSING],
                         ids=[str(row[0]) for row in PROCESSING])  # fmt: skip
def test_a_person_told_of_a_use_of_data(timeline: list[Json], told: bool) -> None:
    act = {"kind": "report", "to": "p-1"}
    assert facts(*timeline, act=act)["processing_notice_given"] is told


def test_the_debtor_is_told_of_each_agency() -> None:
    act = {"act": {"kind": "contact", "to": "p-1", "by": "a-1"}}
    for party, delivered in (("a-1", True), ("a-2", False), (None, False)):
        keys = {"party": party} if party else {}
        told = facts(notice("11-08 10:00", "outsourcing", **keys), **act)
        assert told["agency_notice_delivered"] is delivered


def test_an_agency_that_has_the_debt_anew_is_told_of_anew() -> None:
    act = {"act": {"kind": "contact", "to": "p-1", "by": "a-1"}}
    back = event("g-1", "placement", "11-10 10:00", debt="d-1", party="a-1", step="ended")
    anew = event("g-2", "placement", "11-11 10:00", debt="d-1", party="a-1", step="begun")
    told = notice("11-08 10:00", "outsourcing", party="a-1")
    assert facts(told, back, **act)["agency_notice_delivered"] is True
    assert facts(told, back, anew, **act)["agency_notice_delivered"] is False
    again = notice("11-12 10:00", "outsourcing", party="a-1")
    assert facts(told, back, anew, again, **act)["agency_notice_delivered"] is True


@pytest.mark.parametrize(("debt", "delivered"), [("d-1", True), ("d-2", False), (None, False)])
def test_the_debtor_is_told_of_an_agency_debt_by_debt(debt: str | None, delivered: bool) -> None:
    told = notice("11-08 10:00", "outsourcing", party="a-1") | {"debt": debt}
    changes = TWO_DEBTS | {"act": {"kind": "contact", "to": "p-1", "by": "a-1", "debt": "d-1"}}
    sent = {key: value for key, value in told.items() if value is not None}
    assert facts(sent, **changes)["agency_notice_delivered"] is delivered


def test_the_notice_of_a_record_goes_to_whose_record_it_is() -> None:
    people = [*BASE["people"], {"id": "p-3", "role": "guarantor", "of": "p-1"}]
    act = {"kind": "report", "to": "p-3", "debt": "d-1"}
    to_debtor = notice("11-08 10:00")
    told = facts(BEGAN, to_debtor, people=people, act=act)
    assert told["episode_notice_delivered"] is False
    told = facts(BEGAN, to_debtor | {"to": "p-3"}, people=people, act=act)
    assert told["episode_notice_delivered"] is True


@pytest.mark.parametrize(("party", "delivered"), [("s-1", True), ("s-2", False), (None, False)])
def test_an_assignee_is_one_that_the_notice_names(party: str | None, delivered: bool) -> None:
    parties = [*BASE["parties"], {"id": "s-1", "kind": "assignee"}, {"id": "s-2"}]
    named = {"party": party} if party else {}
    act = {"kind": "contact", "to": "p-1", "by": "s-1"}
    told = facts(notice("11-08 10:00", "assignment", **named), parties=parties, act=act)
    assert told["assignment_notice_delivered"] is delivered


def test_an_assignment_is_notified_for_its_debt() -> None:
    assert facts(notice("11-08 10:00", "assignment"))["assignment_notice_delivered"] is True
    assert facts()["assignment_notice_delivered"] is False


def plan(step: str, at: str, **keys: Any) -> Json:
    return event(f"p-{step}-{at[3:5]}", "plan", at, debt="d-1", step=step, **keys)


EFFECTS = [
    ("told after the offer", [plan("offered", "11-08 10:00"), notice("11-09 10:00", "plan_effect")],
     True),
    ("told before the offer", [plan("offered", "11-08 10:00"),
     notice("11-07 10:00", "plan_effect")], False),
    ("told about this offer by name", [plan("offered", "11-08 10:00"),
     notice("11-09 10:00", "plan_effect", about="p-offered-08")], True),
    ("told about an older one by name", [plan("offered", "11-01 10:00"),
     plan("offered", "11-08 10:00"),
     notice("11-09 10:00", "plan_effect", about="p-offered-01")], False),
    ("not told", [plan("offered", "11-08 10:00")], False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "told"), [row[1:] for row in EFFECTS],
                         ids=[str(row[0]) for row in EFFECTS])  # fmt: skip
def test_the_borrower_is_told_how_this_plan_is_reported(timeline: list[Json], told: bool) -> None:
    act = {"kind": "plan", "to": "p-1", "debt": "d-1"}
    assert facts(*timeline, act=act)["reporting_effect_told"] is told
