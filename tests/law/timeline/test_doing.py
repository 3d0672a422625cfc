"""How and by whom: channel, account, place, actor; the agency's record and the collector's."""

from typing import Any

import pytest
from tests.law.cases import BASE, Json, call, event, facts, stamp


def act(**keys: Any) -> Json:
    return {"act": {"kind": "contact", "to": "p-1", "point": "pt-1"} | keys}


REACHES = [
    ({"channel": "voice_human"}, False),
    ({"channel": "sms"}, False),
    ({"channel": "sms", "reaches_others": True}, True),
    ({"channel": "public", "reaches_others": False}, True),
    ({"channel": "letter", "reaches_others": False}, False),
    ({"channel": "letter", "place": "public"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("keys", "reaches"), REACHES)
def test_whether_others_can_read_or_hear_it(keys: Json, reaches: bool | None) -> None:
    assert facts(**act(**keys))["reaches_others"] is reaches


ADDRESSED: list[tuple[str, Json, bool | None]] = [
    ("email", {"kind": "email"}, False),
    ("letter", {"kind": "address"}, False),
    ("letter", {"kind": "address", "place": "home"}, False),
    ("letter", {"kind": "address", "place": "workplace"}, None),
    ("im", {"kind": "im"}, False),
    ("im", {"kind": "im", "place": "public"}, None),
    ("visit", {"kind": "address", "place": "home"}, False),
    ("visit", {"kind": "address"}, None),
    ("visit", {"kind": "address", "place": "workplace"}, None),
]


@pytest.mark.parametrize(("way", "point", "reaches"), ADDRESSED)
def test_what_goes_to_a_persons_own_address_reaches_nobody_else_unless_it_is_said(
    way: str, point: Json, reaches: bool | None
) -> None:
    points = [{"id": "pt-1", "person": "p-1"} | point]
    assert facts(points=points, **act(channel=way))["reaches_others"] is reaches
    told = facts(points=points, **act(channel=way, reaches_others=True))
    assert told["reaches_others"] is True
    assert facts(act={"kind": "message", "to": "p-1", "channel": way})["reaches_others"] is None


@pytest.mark.parametrize(
    ("point", "reaches"),
    [
        ({"kind": "landline"}, None),
        ({}, None),
        ({"kind": "landline", "place": "workplace"}, None),
        ({"kind": "landline", "place": "home"}, False),
        ({"kind": "mobile"}, False),
    ],
)
@pytest.mark.parametrize("way", ["voice_human", "voice_ai"])
def test_a_line_that_may_ring_at_a_workplace_may_be_heard(
    way: str, point: Json, reaches: bool | None
) -> None:
    points = [{"id": "pt-1", "person": "p-1"} | point]
    assert facts(points=points, **act(channel=way))["reaches_others"] is reaches
    told = facts(points=points, **act(channel=way, reaches_others=False))
    assert told["reaches_others"] is False


def test_what_the_act_says_is_passed_on() -> None:
    told = facts(**act(channel="sms", account="private", staff_count=2, place="home"))
    assert told["channel"] == "sms"
    assert told["account_kind"] == "private"
    assert told["visit_staff_count"] == 2
    assert told["contact_place"] == "home"
    assert facts(act={"kind": "visit", "to": "p-1"})["channel"] == "visit"


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ({"kind": "mobile"}, "mobile"),
        ({"kind": "landline"}, None),
        ({"kind": "landline", "place": "workplace"}, "workplace"),
        ({"kind": "email"}, "other"),
        ({}, None),
    ],
)
def test_where_it_would_ring(point: Json, place: str | None) -> None:
    points = [{"id": "pt-1", "person": "p-1"} | point]
    assert facts(points=points, **act())["contact_place"] == place


@pytest.mark.parametrize(
    ("said", "kept", "place"),
    [
        ("mobile", "workplace", "workplace"),
        ("workplace", "home", "workplace"),
        ("home", "mobile", "home"),
    ],
)
def test_a_place_of_work_is_one_whatever_the_act_calls_it(said: str, kept: str, place: str) -> None:
    points = [{"id": "pt-1", "person": "p-1", "kind": "landline", "place": kept}]
    assert facts(points=points, **act(place=said))["contact_place"] == place


ACTORS = [
    ("l-1", "lender"),
    ("a-1", "agency"),
    ("k-1", "agency"),
    ("k-2", "lender"),
    ("k-3", None),
    ("s-1", "sub_agency"),
    ("a-3", "sub_agency"),
    ("x-1", None),
    ("k-4", None),
    (None, None),
]
PARTIES: Json = {
    "parties": [
        *BASE["parties"],
        {"id": "k-2", "kind": "collector", "of": "l-1"},
        {"id": "k-3", "kind": "collector"},
        {"id": "s-1", "kind": "sub_agency", "of": "a-1"},
        {"id": "a-3", "kind": "agency", "of": "a-1"},
        {"id": "x-1", "kind": "lender"},
        {"id": "k-4", "kind": "collector", "of": "x-1"},
    ]
}


@pytest.mark.parametrize(("by", "kind"), ACTORS)
def test_a_collector_acts_for_whom_he_or_she_works(by: str | None, kind: str | None) -> None:
    keys = {"by": by} if by else {}
    assert facts(**PARTIES, **act(**keys))["actor_kind"] == kind


TOLD_APART = [
    ("agency and its collector", {"by": "a-1", "collector": "k-1"}, "agency"),
    ("agency named twice", {"by": "k-1", "agency": "a-1"}, "agency"),
    ("the lender's collector", {"by": "l-1", "collector": "k-2"}, "lender"),
    ("one agency acts, another is named", {"by": "a-2", "agency": "a-1"}, None),
    ("the lender acts by an agency's collector", {"by": "l-1", "collector": "k-1"}, None),
    ("the lender acts, an agency is named", {"by": "l-1", "agency": "a-1"}, None),
    ("an agency acts by the lender's collector", {"by": "a-1", "collector": "k-2"}, None),
    ("whose collector it is nobody knows", {"by": "l-1", "collector": "k-3"}, None),
    ("an agency is named, nobody acts", {"agency": "a-1"}, None),
]


@pytest.mark.parametrize(("keys", "kind"), [row[1:] for row in TOLD_APART],
                         ids=[str(row[0]) for row in TOLD_APART])  # fmt: skip
def test_who_acts_is_not_known_where_the_act_names_two(keys: Json, kind: str | None) -> None:
    told = facts(about("listed", "01-01 10:00"), **PARTIES, **act(**keys))
    assert told["actor_kind"] == kind
    assert told["agency_listed"] is (True if kind == "agency" else None)


ACTED = [
    ("nobody is named", {}, "lender"),
    ("the lender", {"by": "l-1"}, "lender"),
    ("an agency's collector alone", {"collector": "k-1"}, "agency"),
    ("nobody's collector alone", {"collector": "k-3"}, None),
    ("another lender", {"by": "x-1"}, None),
    ("a party of no kind", {"by": "n-1"}, None),
    ("an agency by the lender's collector", {"by": "a-2", "collector": "k-2"}, None),
    ("the lender by an agency's collector", {"by": "l-1", "collector": "k-1"}, None),
]


@pytest.mark.parametrize("kind", ["report", "sue", "process", "assign"])
@pytest.mark.parametrize(("keys", "actor"), [row[1:] for row in ACTED],
                         ids=[str(row[0]) for row in ACTED])  # fmt: skip
def test_an_act_is_the_lenders_only_where_nobody_else_is_named(
    kind: str, keys: Json, actor: str | None
) -> None:
    parties = {"parties": [*PARTIES["parties"], {"id": "n-1"}]}
    told = facts(**parties, act={"kind": kind, "to": "p-1"} | keys)
    assert told["actor_kind"] == actor


@pytest.mark.parametrize(("kind", "actor"), [("agency", None), ("lender", "lender")])
def test_a_party_under_the_lenders_id_is_the_lender_or_nobody(kind: str, actor: str | None) -> None:
    parties = [*BASE["parties"], {"id": "l-1", "kind": kind}]
    told = facts(parties=parties, act={"kind": "sue", "to": "p-1", "by": "l-1"})
    assert told["actor_kind"] == actor


def test_an_agency_that_is_handed_something_does_not_answer_for_who_hands_it() -> None:
    act = {"kind": "share", "to": "p-1", "by": "x-1", "agency": "a-1"}
    assert facts(BEGAN, **PARTIES, act=act)["agency_contract_ended"] is None
    assert facts(BEGAN, **PARTIES, act=act | {"by": "l-1"})["agency_contract_ended"] is False


FIRST = [
    ("nothing", [], True),
    ("spoken to", [call("e-1", "11-01 10:00")], False),
    ("tried in vain", [call("e-1", "11-01 10:00", "busy")], True),
    ("perhaps spoken to", [call("e-1", "11-01 10:00", "unidentified")], True),
    ("a text that arrived", [event("e-1", "message", "11-01 10:00", to="p-1", outcome="delivered")],
     False),
    ("a text nobody knows of", [event("e-1", "message", "11-01 10:00", to="p-1")], True),
    ("somebody else spoken to", [call("e-1", "11-01 10:00", to="p-2", point="pt-3")], True),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "first"), [row[1:] for row in FIRST],
                         ids=[str(row[0]) for row in FIRST])  # fmt: skip
def test_the_first_contact_is_the_first_that_surely_came_through(
    timeline: list[Json], first: bool
) -> None:
    assert facts(*timeline)["first_contact"] is first


OWN = event("n-1", "notice", "11-01 10:00", notice="own_notice", to="p-2", outcome="delivered")
INTRODUCED = [
    ("a notice of their own", [OWN], "p-2", False),
    ("one nobody knows to have arrived", [{**OWN, "outcome": "sent"}], "p-2", True),
    ("one about another matter", [{**OWN, "notice": "other"}], "p-2", True),
    ("one at the debtor's number", [{**OWN, "point": "pt-1"}], "p-2", True),
    ("one to the debtor", [{**OWN, "to": "p-1"}], "p-2", True),
    ("the debtor's own, which is no call", [{**OWN, "to": "p-1"}], "p-1", True),
]


@pytest.mark.parametrize(("timeline", "to", "first"), [row[1:] for row in INTRODUCED],
                         ids=[str(row[0]) for row in INTRODUCED])  # fmt: skip
def test_to_a_third_person_their_own_notice_is_the_first_word(
    timeline: list[Json], to: str, first: bool
) -> None:
    point = {"p-1": "pt-1", "p-2": "pt-3"}[to]
    assert facts(*timeline, **act(to=to, point=point))["first_contact"] is first


AGENCY = act(by="a-1")


def about(step: str, at: str, **keys: Any) -> Json:
    name = f"g-{step}-{at[:5]}"
    return event(name, "agency", at, **{"party": "a-1", "step": step} | keys)


def test_an_agency_that_gives_data_away_is_asked_for_its_own_contract() -> None:
    ended = about("contract_ended", "11-01 10:00")
    told = facts(BEGAN, ended, act={"kind": "share", "by": "a-1", "agency": "a-2"})
    assert told["agency_contract_ended"] is True


LISTED = [
    ([], False),
    ([about("listed", "01-01 10:00")], True),
    ([about("listed", "01-01 10:00"), about("delisted", "02-01 10:00")], False),
    *[
        (
            [about("delisted", "02-01 10:00", id=one), about("listed", "02-01 10:00", id="e-2")],
            False,
        )
        for one in ("e-1", "e-3")
    ],
    ([about("listed", "01-01 10:00", until_at=stamp("11-25 15:00"))], False),
    ([about("listed", "01-01 10:00", party="a-2")], False),
]


@pytest.mark.parametrize(("timeline", "listed"), LISTED)
def test_an_agency_on_the_list(timeline: list[Json], listed: bool) -> None:
    assert facts(*timeline, **AGENCY)["agency_listed"] is listed


BEGAN = about("contract_began", "01-01 10:00", until_at=stamp("12-31 00:00"))
CONTRACTS = [
    ("none", [], (None, None)),
    ("running", [BEGAN], (False, None)),
    ("ended", [BEGAN, about("contract_ended", "11-01 10:00")], (True, False)),
    ("run out", [about("contract_began", "01-01 10:00", until_at=stamp("11-25 15:00"))],
     (True, False)),
    ("ended, data back", [BEGAN, about("contract_ended", "11-01 10:00"),
     about("data_returned", "11-02 10:00")], (True, True)),
    ("data back before the end", [BEGAN, about("data_returned", "10-31 10:00"),
     about("contract_ended", "11-01 10:00")], (True, False)),
    ("ended and renewed", [BEGAN, about("contract_ended", "11-01 10:00"),
     about("contract_renewed", "11-03 10:00")], (False, None)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in CONTRACTS],
                         ids=[str(row[0]) for row in CONTRACTS])  # fmt: skip
def test_the_end_of_a_contract_and_what_became_of_the_data(
    timeline: list[Json], expected: tuple[Any, Any]
) -> None:
    told = facts(*timeline, **AGENCY)
    assert (told["agency_contract_ended"], told["agency_data_returned"]) == expected


EVALUATED = [
    ("never", [BEGAN], (328, False)),
    ("no contract either", [], (None, False)),
    ("once", [BEGAN, about("evaluated", "11-20 10:00")], (5, False)),
    ("renewed without", [BEGAN, about("contract_renewed", "06-01 10:00")], (328, True)),
    ("renewed after one", [BEGAN, about("evaluated", "05-20 10:00"),
     about("contract_renewed", "06-01 10:00")], (189, False)),
    ("renewed twice, one before the first", [BEGAN, about("evaluated", "05-20 10:00"),
     about("contract_renewed", "06-01 10:00"), about("contract_renewed", "08-01 10:00")],
     (189, True)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "expected"), [row[1:] for row in EVALUATED],
                         ids=[str(row[0]) for row in EVALUATED])  # fmt: skip
def test_evaluation_of_an_agency(timeline: list[Json], expected: tuple[Any, Any]) -> None:
    told = facts(*timeline, **AGENCY)
    found = told["days_since_agency_evaluation"], told["agency_renewed_unevaluated"]
    assert found == expected


def placed(step: str, at: str, **keys: Any) -> Json:
    told = {"debt": "d-1", "party": "a-1", "step": step}
    return event(f"pl-{step}-{at[3:5]}", "placement", at, **told | keys)


PLACED = [
    ([], False),
    ([placed("begun", "11-01 10:00")], True),
    ([placed("begun", "11-01 10:00"), placed("ended", "11-20 10:00")], False),
    ([placed("begun", "11-01 10:00", until_at=stamp("11-25 15:00"))], False),
    ([placed("begun", "11-01 10:00", until_at=stamp("11-25 15:01"))], True),
    ([placed("begun", "11-01 10:00", party="a-2")], False),
]


@pytest.mark.parametrize(("timeline", "assigned"), PLACED)
def test_a_case_that_is_with_the_agency(timeline: list[Json], assigned: bool) -> None:
    assert facts(*timeline, **AGENCY)["agency_case_assigned"] is assigned


def trained(step: str, at: str) -> Json:
    return event(f"t-{step}-{at[:5]}", "training", at, party="k-1", step=step)


TRAINED = [
    ([], (False, None)),
    ([trained("exam_passed", "11-01 10:00")], (True, 24)),
    ([trained("exam_passed", "01-01 10:00"), trained("trained", "11-20 10:00")], (True, 5)),
    ([trained("exam_passed", "01-01 10:00"), trained("exam_failed", "11-20 10:00")], (False, 328)),
]


@pytest.mark.parametrize(("timeline", "expected"), TRAINED)
def test_exam_and_training_of_the_collector(
    timeline: list[Json], expected: tuple[bool, int | None]
) -> None:
    told = facts(*timeline, **act(by="k-1"))
    found = told["collector_exam_passed"], told["days_since_collector_training"]
    assert found == expected
    told = facts(*timeline, **act(by="l-1", collector="k-1"))
    found = told["collector_exam_passed"], told["days_since_collector_training"]
    assert found == expected


def test_where_no_agency_and_no_collector_act_their_facts_are_unknown() -> None:
    told = facts(BEGAN, trained("exam_passed", "11-01 10:00"))
    for name in ("agency_listed", "agency_contract_ended", "agency_case_assigned",
                 "collector_exam_passed", "days_since_collector_training"):  # fmt: skip
        assert told[name] is None


def test_an_act_towards_an_agency_is_about_that_agency() -> None:
    told = facts(about("listed", "01-01 10:00"), act={"kind": "outsource", "agency": "a-1"})
    assert told["agency_listed"] is True


DUE: list[tuple[str, list[Json], Json, tuple[bool, bool | None]]] = [
    ("no agency at all", [], {}, (False, None)),
    ("one that has the case", [BEGAN], {}, (False, None)),
    ("one whose contract ended", [BEGAN, about("contract_ended", "11-01 10:00")], {},
     (True, False)),
    ("one that gave the data back", [BEGAN, about("contract_ended", "11-01 10:00"),
     about("data_returned", "11-02 10:00")], {}, (False, None)),
    ("one named, of no contract", [], {"agency": "a-1"}, (False, None)),
    ("one named, another's contract ended", [BEGAN, about("contract_ended", "11-01 10:00")],
     {"agency": "a-2"}, (False, None)),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "keys", "expected"), [row[1:] for row in DUE],
                         ids=[str(row[0]) for row in DUE])  # fmt: skip
def test_the_duties_of_a_day_ask_for_the_data_of_every_agency(
    timeline: list[Json], keys: Json, expected: tuple[bool, bool | None]
) -> None:
    act = {"kind": "duty", "to": "p-1"} | keys
    told = facts(*timeline, act=act)
    assert (told["agency_contract_ended"], told["agency_data_returned"]) == expected
    untold = facts(*timeline, act=act, complete=[])
    assert untold["agency_contract_ended"] is (True if expected[0] else None)
