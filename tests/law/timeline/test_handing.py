"""What is handed to an agency and passed on by one, and what is done for an assignee."""

import pytest
from tests.law.cases import Json, event, facts
from tests.law.timeline.test_doing import PARTIES

PASSED_ON = [
    ("the lender to an agency", {"by": "l-1", "agency": "a-1"}, False),
    ("nobody says who", {"agency": "a-1"}, False),
    ("an agency to another", {"by": "a-1", "agency": "a-2"}, True),
    ("the lender to a sub-agency", {"by": "l-1", "agency": "s-1"}, True),
    ("the lender to an agency's agency", {"by": "l-1", "agency": "a-3"}, True),
    ("a sub-agency by itself", {"by": "s-1"}, True),
    ("an agency by itself", {"by": "a-1"}, False),
    ("the collector of nobody", {"by": "k-3", "agency": "a-1"}, None),
]


@pytest.mark.parametrize("kind", ["outsource", "process", "share"])
@pytest.mark.parametrize(("keys", "passed_on"), [row[1:] for row in PASSED_ON],
                         ids=[str(row[0]) for row in PASSED_ON])  # fmt: skip
def test_what_is_passed_on_from_agency_to_agency(
    kind: str, keys: Json, passed_on: bool | None
) -> None:
    told = facts(**PARTIES, act={"kind": kind, "to": "p-1"} | keys)
    hands_over = kind == "outsource" and keys == {"by": "a-1"}
    assert told["re_entrusted"] is (hands_over or passed_on)


def test_an_agency_that_gives_data_to_an_agency_must_say_to_which() -> None:
    for keys, passed_on in (({}, None), ({"agency": "a-2"}, True), ({"agency": "a-1"}, False)):
        for kind in ("share", "disclose", "process"):
            acts = {"kind": kind, "to": "p-1", "by": "a-1"} | keys
            told = facts(**PARTIES, act=acts, facts={"recipient_kind": "entrusted_agency"})
            assert told["re_entrusted"] is passed_on
            assert told["handed_to_agency"] is True


HANDED: list[tuple[str, Json, str, bool | None]] = [
    ("to an agency", {"agency": "a-1"}, "own_staff", True),
    ("to an agency it does not name", {}, "entrusted_agency", True),
    ("to its own staff", {}, "own_staff", False),
    ("to an assignee", {"agency": "s-9"}, "assignee", False),
    ("to a party of no kind", {"agency": "y-1"}, "own_staff", None),
]
OWNERS: Json = {
    "parties": [
        *PARTIES["parties"], {"id": "y-1"}, {"id": "s-9", "kind": "assignee"},
        {"id": "s-8", "kind": "assignee"}, {"id": "k-9", "kind": "collector", "of": "s-9"},
        {"id": "a-9", "kind": "agency", "of": "s-9"}, {"id": "a-8", "kind": "agency", "of": "a-9"},
        {"id": "k-8", "kind": "collector", "of": "a-9"},
    ]
}  # fmt: skip


@pytest.mark.parametrize(("keys", "receiver", "handed"), [row[1:] for row in HANDED],
                         ids=[str(row[0]) for row in HANDED])  # fmt: skip
def test_whether_something_is_handed_to_an_agency(
    keys: Json, receiver: str, handed: bool | None
) -> None:
    acts = {"kind": "share", "to": "p-1", "by": "l-1"} | keys
    told = facts(**OWNERS, act=acts, facts={"recipient_kind": receiver})
    assert told["handed_to_agency"] is handed


@pytest.mark.parametrize(("by", "handed"), [("l-1", True), ("a-1", False)])
def test_what_an_agencys_people_see_is_handed_to_one(by: str, handed: bool) -> None:
    act = {"kind": "disclose", "to": "p-1", "by": by}
    seen = {"viewer_role": "agency_collector", "recipient_kind": "own_staff"}
    assert facts(**OWNERS, act=act, facts=seen)["handed_to_agency"] is handed
    assert facts(**OWNERS, act=act, facts=seen)["agency_listed"] is (None if handed else False)


@pytest.mark.parametrize(
    ("by", "agency", "handed"),
    [("l-1", "s-9", True), ("l-1", "a-9", True), ("l-1", "k-8", True), ("s-9", "a-9", False),
     ("s-9", "s-8", True), ("l-1", "a-1", False), ("l-1", "y-1", None), ("l-1", "x-1", None)],
)  # fmt: skip
def test_whether_something_is_handed_to_an_assignee(
    by: str, agency: str, handed: bool | None
) -> None:
    for kind in ("share", "process", "assign"):
        act = {"kind": kind, "to": "p-1", "by": by, "agency": agency}
        told = facts(**OWNERS, act=act, facts={"recipient_kind": "entrusted_agency"})
        assert told["handed_to_assignee"] is handed
    assert facts(**OWNERS, act={"kind": "share", "to": "p-1"})["handed_to_assignee"] is False


@pytest.mark.parametrize("kind", ["contact", "sue"])
@pytest.mark.parametrize(
    ("by", "own", "buyer"),
    [("l-1", False, True), ("a-1", False, True), ("k-2", False, True), ("s-9", True, True),
     ("k-9", True, True), ("a-9", True, True), ("k-8", True, True), ("a-8", True, True),
     ("x-1", None, None)],
)  # fmt: skip
def test_for_whom_it_is_done(kind: str, by: str, own: bool | None, buyer: bool | None) -> None:
    acts = {"kind": kind, "to": "p-1", "by": by}
    assert facts(**OWNERS, act=acts)["for_assignee"] is own
    lender = {"id": "l-1", "type": "assignee"}
    assert facts(**OWNERS, act=acts, lender=lender)["for_assignee"] is buyer


TOLD_OF: list[tuple[str, str, str | None, bool]] = [
    ("it is named", "s-9", "s-9", True),
    ("another is named", "s-9", "s-8", False),
    ("nobody is named", "s-9", None, False),
    ("its agency acts", "k-8", "s-9", True),
    ("its agency acts, another is named", "k-8", "s-8", False),
    ("the lender is the assignee", "l-1", "l-1", True),
    ("the lender is the assignee, nobody is named", "l-1", None, True),
    ("the lender is the assignee, another is named", "l-1", "s-8", False),
]


@pytest.mark.parametrize(("by", "named", "counts"), [row[1:] for row in TOLD_OF],
                         ids=[str(row[0]) for row in TOLD_OF])  # fmt: skip
def test_a_notice_of_assignment_tells_of_the_assignee_that_acts(
    by: str, named: str | None, counts: bool
) -> None:
    told = event("n-1", "notice", "11-01 10:00", notice="assignment", to="p-1", debt="d-1",
                 outcome="delivered", **({"party": named} if named else {}))  # fmt: skip
    lender = {"id": "l-1", "type": "assignee" if by == "l-1" else "bank"}
    acts = {"kind": "sue", "to": "p-1", "by": by, "debt": "d-1"}
    assert facts(told, **OWNERS, act=acts, lender=lender)["assignment_notice_delivered"] is counts
