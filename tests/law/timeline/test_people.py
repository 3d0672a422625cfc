"""Who is concerned: role, origin, basis, wishes, and the debtor's life, age and needs."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp

CONTACT: Json = {"act": {"kind": "contact", "channel": "sms", "to": "p-2", "point": "pt-3"}}


def test_role_and_origin_are_the_persons_and_the_points() -> None:
    told = facts(**CONTACT)
    assert told["target_role"] == "nominated_contact"
    assert told["target_origin"] == "typed_by_debtor"
    assert told["point_origin"] == "typed_by_debtor"
    assert told["subject_is_party"] is False
    assert facts()["subject_is_party"] is True


def test_a_barred_origin_of_the_debtor_is_told_of_an_act_that_names_nobody() -> None:
    for origin, told in (("contract", None), ("purchased", "purchased")):
        people = [BASE["people"][0] | {"origin": origin}, BASE["people"][1]]
        assert facts(people=people, act={"kind": "report"})["target_origin"] == told


def test_an_origin_that_is_not_told_is_unknown() -> None:
    people = [BASE["people"][0], {"id": "p-2", "role": "other", "of": "p-1"}]
    assert facts(people=people, **CONTACT)["target_origin"] is None


def named(purpose: str = "nominate", step: str = "given", at: str = "11-01 10:00") -> Json:
    name = f"c-{step}"
    return event(name, "consent", at, person="p-2", purpose=purpose, step=step, form="oral")


def named_for(debt: str) -> Json:
    """A contact named for one of two debts, where the act is about the first."""
    contact = {"id": "p-2", "role": "nominated_contact", "of": "p-1", "debts": [debt]}
    return {
        "people": [BASE["people"][0], contact],
        "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
        "act": CONTACT["act"] | {"debt": "d-1"},
    }


BASIS = [
    ("the debtor", {}, [], "contract"),
    ("a contact who agreed to be named", CONTACT, [named()], "consent"),
    ("a contact who agreed to be contacted", CONTACT, [named("contact")], "consent"),
    ("a contact who took it back", CONTACT, [named(), named(step="withdrawn", at="11-02 10:00")],
     "none"),
    ("a contact named, who refused to be contacted", CONTACT,
     [named(), named("contact", "refused", "11-02 10:00")], "none"),
    ("a contact who took one of two back", CONTACT,
     [named(), named("contact", "withdrawn", "11-02 10:00")], "none"),
    ("a contact whom the debtor names no more", CONTACT,
     [named(), named(step="withdrawn", at="11-02 10:00") | {"person": "p-1"}], "none"),
    ("a contact whom the debtor refused to name", CONTACT,
     [named(), named(step="refused", at="11-02 10:00") | {"person": "p-1"}], "none"),
    ("a contact who refused and then agreed", CONTACT,
     [named("contact", "refused"), named(at="11-02 10:00")], "consent"),
    ("a contact who never agreed", CONTACT, [], "none"),
    ("a contact for whom the lender agreed", CONTACT, [named() | {"by": "l-1"}], "none"),
    ("a contact who agreed in a form nobody knows", CONTACT, [named() | {"form": "unknown"}],
     "none"),
    ("a contact whose data were erased", CONTACT,
     [named(), event("x-1", "erasure", "11-20 10:00", person="p-2")], "none"),
    ("an erasure that the lender takes back", CONTACT, [named(),
     event("x-1", "erasure", "11-20 10:00", person="p-2"),
     event("x-2", "retraction", "11-21 10:00", replaces="x-1", by="l-1")], "none"),
    ("a contact told to be under age", CONTACT,
     [named(), event("st-9", "state", "11-20 10:00", person="p-2", step="minor")], "none"),
    ("a contact named for this debt", CONTACT | named_for("d-1"), [named()], "consent"),
    ("a contact named for another debt", CONTACT | named_for("d-2"), [named()], "none"),
    ("a statutory agent", {"people": [BASE["people"][0], {"id": "p-2", "role": "statutory_agent"}],
                           **CONTACT}, [], "legal_duty"),
    ("an heir", {"people": [BASE["people"][0], {"id": "p-2", "role": "heir"}], **CONTACT}, [],
     "none"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "timeline", "basis"), [row[1:] for row in BASIS],
                         ids=[str(row[0]) for row in BASIS])  # fmt: skip
def test_the_basis_for_using_a_persons_data(
    changes: Json, timeline: list[Json], basis: str
) -> None:
    assert facts(*timeline, **changes)["target_basis"] == basis


def test_a_contact_named_for_one_debt_has_no_certain_basis_where_the_debt_is_not_known() -> None:
    vague = named_for("d-1") | {"act": CONTACT["act"]}
    assert facts(named(), **vague)["target_basis"] is None


OTHERS: Json = {
    "people": [
        BASE["people"][0],
        {"id": "p-2", "role": "nominated_contact", "of": "p-1", "debts": ["d-1"]},
        {"id": "p-3", "role": "family", "of": "p-1", "origin": "call_log"},
        {"id": "p-4", "role": "guarantor", "of": "p-1"},
    ],
    "debts": [{"id": "d-1", "debtor": "p-1"}, {"id": "d-2", "debtor": "p-1"}],
    "points": [],
    "act": {"kind": "duty", "debt": "d-1"},
}


def test_contact_people_held_for_this_debt_alone() -> None:
    assert facts(**OTHERS)["contact_people_held"] == 1
    settled = event("s-1", "settlement", "11-20 10:00", debt="d-2")
    assert facts(settled, **OTHERS)["contact_people_held"] == 2
    erased = event("x-1", "erasure", "11-21 10:00", person="p-2")
    assert facts(settled, erased, **OTHERS)["contact_people_held"] == 1


def test_people_of_an_unlawful_origin_held() -> None:
    assert facts(**OTHERS)["unlawful_contacts_held"] == 1
    erased = event("x-1", "erasure", "11-21 10:00", person="p-3")
    assert facts(erased, **OTHERS)["unlawful_contacts_held"] == 0


def retract(name: str, own: str = "r-1", **keys: Any) -> Json:
    return event(own, "retraction", "11-05 10:00", replaces=name, **keys)


def test_a_contact_of_nobody_knows_which_of_two_debtors_tells_nothing_of_either() -> None:
    people = [*BASE["people"], {"id": "p-9", "role": "debtor"}]
    act = CONTACT["act"] | {"debt": "d-1"}
    sign = call("e-1", "11-25 09:00", "no_answer")
    assert facts(sign, people=people, act=act)["debtor_minor"] is False
    people[1] = {key: value for key, value in people[1].items() if key != "of"}
    told = facts(sign, people=people, act=act)
    for fact in ("unreachable_days", "debtor_deceased", "debtor_minor", "debt_disputed",
                 "no_contact_order", "effective_calls_today"):  # fmt: skip
        assert told[fact] is None, fact


def stop(step: str, at: str, person: str = "p-2") -> Json:
    return event(f"s-{step}-{at[3:5]}", "stop", at, person=person, step=step)


UNABLE = event("st-0", "state", "11-01 10:00", person="p-2", step="incapacity")
# fmt: off
STOPS = [
    ([], False),
    ([stop("asked", "11-01 10:00")], True),
    ([stop("asked", "11-01 10:00"), stop("lifted", "11-02 10:00")], False),
    ([stop("asked", "11-01 10:00"), stop("lifted", "11-01 10:00")], True),
    ([stop("asked", "11-01 10:00"), stop("lifted", "11-02 10:00") | {"by": "l-1"}], True),
    ([stop("asked", "11-01 10:00"), stop("lifted", "11-02 10:00") | {"by": "k-1"}], True),
    ([stop("lifted", "11-01 10:00"), stop("asked", "11-02 10:00")], True),
    ([stop("asked", "11-01 10:00"), retract("s-asked-01", by="l-1")], True),
    ([stop("asked", "11-01 10:00"), retract("s-asked-01")], False),
    ([stop("asked", "11-01 10:00"), retract("s-asked-01", by="l-1"),
      retract("r-1", "r-2", by="k-1")], True),
    ([stop("asked", "11-01 10:00"), stop("lifted", "11-02 10:00")
      | {"by": "k-1", "replaces": "s-asked-01"}], True),
    ([stop("asked", "11-01 10:00"), stop("asked", "11-03 10:00")
      | {"by": "l-1", "replaces": "s-asked-01"}, stop("lifted", "11-02 10:00")], True),
    ([stop("lifted", "11-02 10:00"), stop("asked", "11-03 10:00"), stop("asked", "11-01 10:00")
      | {"by": "l-1", "replaces": "s-asked-03"}], True),
    ([stop("lifted", "11-02 10:00"), stop("asked", "11-03 10:00"), stop("asked", "11-01 10:00")
      | {"replaces": "s-asked-03"}], False),
    ([stop("asked", "11-01 10:00"), UNABLE, stop("lifted", "11-02 10:00")], True),
    ([UNABLE | {"step": "minor"}, stop("asked", "11-01 10:00"), stop("lifted", "11-02 10:00")],
     True),
    ([stop("asked", "11-01 10:00", "p-1")], False),
]
# fmt: on


@pytest.mark.parametrize(("timeline", "stopped"), STOPS)
def test_a_person_who_said_stop_is_let_be(timeline: list[Json], stopped: bool) -> None:
    assert facts(*timeline, **CONTACT)["target_stopped"] is stopped


def test_one_stop_is_enough_where_the_file_may_lack_others() -> None:
    assert facts(stop("asked", "11-01 10:00"), complete=[], **CONTACT)["target_stopped"] is True


def wish(**keys: Any) -> Json:
    return event("w-1", "preference", "11-01 10:00", person="p-1", step="asked", **keys)


LIFTED = event("w-2", "preference", "11-02 10:00", person="p-1", step="lifted")
WISHES = [
    ("no wish", [], False),
    ("not by voice", [wish(avoid=["voice_human"])], True),
    ("not by text", [wish(avoid=["sms"])], False),
    ("only by letter", [wish(only=["letter"])], True),
    ("only by voice", [wish(only=["voice_human"])], False),
    ("taken back", [wish(only=["letter"]), LIFTED], False),
    ("taken back by the lender", [wish(only=["letter"]), LIFTED | {"by": "l-1"}], True),
    ("once in three days, last three days ago", [wish(least_days=3), call("e-1", "11-22 23:59")],
     False),
    ("once in three days, last two days ago", [wish(least_days=3), call("e-1", "11-23 00:00")],
     True),
    ("once in three days, tried in vain yesterday",
     [wish(least_days=3), call("e-1", "11-24 10:00", "busy")], True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "against"), [row[1:] for row in WISHES],
                         ids=[str(row[0]) for row in WISHES])  # fmt: skip
def test_an_act_against_a_wish(timeline: list[Json], against: bool) -> None:
    assert facts(*timeline)["against_preference"] is against


def test_a_wish_for_less_is_unknown_to_be_kept_where_contacts_may_be_missing() -> None:
    told = facts(wish(least_days=3), complete=["preferences"])
    assert told["against_preference"] is None


def state(step: str, at: str = "11-01 10:00") -> Json:
    return event(f"st-{step}-{at[3:5]}", "state", at, person="p-1", step=step)


COURT = state("capable", "11-02 10:00") | {"found_by": "court"}
# fmt: off
STATES = [
    ([], (False, "full")),
    ([state("deceased")], (True, "full")),
    ([state("deceased"), state("alive", "11-02 10:00")], (False, "full")),
    ([state("deceased"), state("alive", "11-02 10:00") | {"by": "l-1"}], (True, "full")),
    (
        [
            state("deceased") | {"by": "l-1"},
            state("alive", "11-02 10:00") | {"by": "l-1", "replaces": "st-deceased-01"},
        ],
        (True, "full"),
    ),
    ([state("alive", "11-02 10:00"), state("deceased", "11-03 10:00"),
      state("deceased") | {"by": "l-1", "replaces": "st-deceased-03"}], (True, "full")),
    ([COURT, state("incapacity", "11-03 10:00"),
      state("incapacity") | {"by": "l-1", "replaces": "st-incapacity-03"}], (False, "none")),
    ([state("deceased"), retract("st-deceased-01", by="l-1")], (True, "full")),
    ([state("deceased"), retract("st-deceased-01")], (False, "full")),
    ([state("incapacity"), retract("st-incapacity-01", by="l-1")], (False, "none")),
    ([state("incapacity"), retract("st-incapacity-01", by="l-1", found_by="court")],
     (False, "full")),
    ([state("incapacity")], (False, "none")),
    ([state("limited_capacity")], (False, "limited")),
    ([state("incapacity"), COURT], (False, "full")),
    ([state("limited_capacity"), COURT], (False, "full")),
    ([state("incapacity"), state("capable", "11-02 10:00")], (False, "none")),
    ([state("incapacity"), state("capable", "11-02 10:00") | {"by": "l-1"}], (False, "none")),
    ([state("incapacity"), COURT | {"found_by": "police"}], (False, "none")),
    ([COURT, state("incapacity", "11-03 10:00")], (False, "none")),
    ([state("capable")], (False, "full")),
]
# fmt: on


@pytest.mark.parametrize(("timeline", "expected"), STATES)
def test_life_and_capacity(timeline: list[Json], expected: tuple[bool, str]) -> None:
    told = facts(*timeline)
    assert (told["debtor_deceased"], told["debtor_capacity"]) == expected


AGES = [
    ("2008-11-24", "cn", False),
    ("2008-11-25", "cn", True),
    ("2008-11-26", "cn", True),
    ("2008-02-29", "cn", False),
    ("2008-11-24", "xx", None),
]


@pytest.mark.parametrize(("born", "country", "minor"), AGES)
def test_a_debtor_is_a_minor_up_to_the_end_of_the_birthday(
    born: str, country: str, minor: bool | None
) -> None:
    people = [BASE["people"][0] | {"born_on": born}, BASE["people"][1]]
    assert facts(people=people, country=country)["debtor_minor"] is minor


UNABLES = [
    ({}, [], False),
    ({"born_on": "2008-11-26"}, [], True),
    ({"born_on": "2008-11-24"}, [], False),
    ({"born_on": "1990-06-01"}, [UNABLE | {"step": "minor"}], True),
    ({}, [UNABLE], True),
    ({}, [UNABLE, UNABLE | {"id": "st-9", "step": "capable", "found_by": "court"}], False),
    ({}, [UNABLE, UNABLE | {"id": "st-9", "step": "capable"}], True),
    ({}, [UNABLE | {"person": "p-1"}], False),
]


@pytest.mark.parametrize(("keys", "timeline", "unable"), UNABLES)
def test_whether_a_contact_could_agree_to_anything(
    keys: Json, timeline: list[Json], unable: bool
) -> None:
    people = [BASE["people"][0], BASE["people"][1] | keys]
    assert facts(*timeline, people=people, **CONTACT)["target_unable"] is unable
    told = facts(*timeline, people=people, complete=[], **CONTACT)["target_unable"]
    assert told is (True if unable else None)


def test_of_a_debtor_whose_birthday_nobody_told_the_age_is_not_known() -> None:
    people = [{"id": "p-1", "role": "debtor"}, BASE["people"][1]]
    told = facts(people=people)
    assert (told["debtor_minor"], told["debtor_capacity"]) == (None, None)
    grown = state("adult")
    assert facts(grown, people=people)["debtor_minor"] is False
    assert facts(grown, people=people)["debtor_capacity"] == "full"
    assert facts(grown, people=people, complete=[])["debtor_minor"] is None
    assert facts(state("minor"), state("adult", "11-02 10:00"), people=people)["debtor_minor"]
    assert facts(grown)["debtor_minor"] is False
    born = [people[0] | {"born_on": "2010-01-01"}, people[1]]
    assert facts(grown, people=born)["debtor_minor"] is True
    told = facts(state("minor"), people=people, complete=[])
    assert told["debtor_minor"] is True
    assert told["debtor_capacity"] == "limited"


def order(step: str, at: str, **keys: Any) -> Json:
    return event(f"o-{step}-{at[3:5]}", "order", at, **{"person": "p-1", "step": step} | keys)


def lifted(at: str) -> Json:
    return order("lifted", at, found_by="police")


ORDERS = [
    ([], False),
    ([order("issued", "11-01 10:00")], True),
    ([order("issued", "11-01 10:00"), lifted("11-02 10:00")], False),
    ([order("issued", "11-01 10:00"), lifted("11-01 10:00")], True),
    ([order("issued", "11-01 10:00"), order("lifted", "11-02 10:00")], True),
    ([order("issued", "11-01 10:00"), order("lifted", "11-02 10:00", by="l-1")], True),
    ([order("issued", "11-01 10:00"), order("lifted", "11-02 10:00", found_by="court")], True),
    ([lifted("11-01 10:00"), order("issued", "11-02 10:00")], True),
    ([order("issued", "11-01 10:00", until_at=stamp("11-25 15:00"))], False),
    ([order("issued", "11-01 10:00", until_at=stamp("11-25 15:01"))], True),
    ([order("issued", "11-01 10:00", person="p-2")], False),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "ordered"), ORDERS)
def test_an_order_of_the_police_about_the_person_addressed(
    timeline: list[Json], ordered: bool
) -> None:
    assert facts(*timeline)["no_contact_order"] is ordered


def sign(topic: str, step: str = "seen", at: str = "11-20 10:00", person: str = "p-1") -> Json:
    return event(f"g-{topic}-{step}", "signal", at, person=person, topic=topic, step=step)


def offer(at: str) -> Json:
    return event("p-9", "plan", at, debt="d-1", step="offered")


SIGNS = [
    ("none", [], (False, False, None)),
    ("self-harm", [sign("self_harm")], (True, False, None)),
    ("illness, dealt with", [sign("serious_illness"),
     sign("serious_illness", "cleared", "11-21 10:00")], (False, False, None)),
    ("illness dealt with, self-harm not", [sign("self_harm"), sign("serious_illness"),
     sign("serious_illness", "cleared", "11-21 10:00")], (True, False, None)),
    ("hardship", [sign("hardship")], (False, True, False)),
    ("hardship, a plan offered before", [sign("hardship"), offer("11-19 10:00")],
     (False, True, False)),
    ("hardship, a plan offered since", [sign("hardship"), offer("11-21 10:00")],
     (False, True, True)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in SIGNS],
                         ids=[str(row[0]) for row in SIGNS])  # fmt: skip
def test_signs_that_somebody_needs_care(
    timeline: list[Json], expected: tuple[bool, bool, bool | None]
) -> None:
    told = facts(*timeline)
    found = told["distress_signal"], told["hardship_claimed"], told["renegotiation_offered"]
    assert found == expected


def test_the_debtors_distress_counts_when_somebody_else_is_addressed() -> None:
    assert facts(sign("self_harm"), **CONTACT)["distress_signal"] is True
    assert facts(sign("self_harm", person="p-2"), **CONTACT)["distress_signal"] is True


@pytest.mark.parametrize("role", ["co_borrower", "guarantor"])
@pytest.mark.parametrize(
    ("debts", "debt", "found"),
    [([], "d-1", None), (["d-1"], "d-1", None), (["d-2"], "d-1", "other"), (["d-2"], None, "")],
)
def test_who_signed_for_another_debt_is_a_stranger_to_this_one(
    role: str, debts: list[str], debt: str | None, found: str | None
) -> None:
    people = [BASE["people"][0], BASE["people"][1] | {"role": role, "debts": debts}]
    two = [*BASE["debts"], {"id": "d-2", "debtor": "p-1"}]
    act = {"kind": "contact", "to": "p-2", **({"debt": debt} if debt else {})}
    told = facts(people=people, debts=two, act=act)
    assert told["target_role"] == (role if found is None else found or None)
    assert told["subject_is_party"] is {None: True, "other": False, "": None}[found]
    assert (told["target_basis"] == "contract") is (found is None)
