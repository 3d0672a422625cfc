"""What the mainland China book lets a lender say to a contact for that person's own sake."""

from typing import Any, Final

import pytest
from tests.law.test_cn_contact import DAY, FRIEND, NIGHT, TEXT, stops

from kuanxian.law.decide import decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook

UNTOLD: Final[dict[str, Any]] = {
    "target_basis": "none", "target_noticed": False, "dead_number_proven": False,
    "unreachable_days": 0, "days_past_due_grace": 0, "owed_to_person": True, "notice_due": True,
    "question_open": True,
}  # fmt: skip
"""A contact who was told nothing yet, while the debtor is in reach and owes nothing."""
WORDS: Final[dict[str, dict[str, Any]]] = {
    "contact": {**FRIEND, **UNTOLD},
    "message": {
        **TEXT, "target_role": "nominated_contact", "target_origin": "typed_by_debtor",
        "states_amount": False, "stated_amount_fen": None,
        "point_origin": "typed_by_debtor", "discloses_debt": False,
        "payoff_fen": 123_456, **UNTOLD,
    },
}  # fmt: skip
IN_REACH: Final = {
    "third_party.own_basis", "third_party.debtor_reachable", "policy.unreachable_evidence",
    "policy.third_party_not_due",
}  # fmt: skip
TELLS: Final[tuple[dict[str, Any], ...]] = (
    {"stated_amount_fen": 123_456}, {"states_amount": True, "stated_amount_fen": 123_456},
    {"payee_kind": "lender"}, {"preview_shows_debt": True},
)  # fmt: skip
"""What tells of a debt though the words are said not to."""
OWN_NIGHT: Final = NIGHT | {"window_agreement": "own_request"}
ROWS: Final[list[tuple[str, dict[str, Any], str, set[str]]]] = [
    *[(act, {"contact_purpose": "answer"}, "allowed", set()) for act in WORDS],
    ("message", {"contact_purpose": "notice"}, "allowed", set()),
    ("contact", {"contact_purpose": "notice"}, "forbidden", {"policy.notice_written"}),
    ("message", {"contact_purpose": "answer", "payoff_fen": 0}, "allowed", set()),
    *[(act, {"contact_purpose": "pass_message"}, "forbidden", IN_REACH) for act in WORDS],
    ("message", {"contact_purpose": "notice", "owed_to_person": False}, "forbidden",
     IN_REACH | {"third_party.purpose"}),
    *[("message", {"contact_purpose": "notice", **more}, "forbidden", {rule})
      for more, rule in (({"target_stopped": True}, "third_party.stopped"),
                         ({"discloses_debt": True}, "third_party.no_debt_detail"),
                         *[(tells, "third_party.no_debt_detail") for tells in TELLS],
                         ({"payoff_fen": 0}, "third_party.settled"),
                         ({"target_origin": "purchased"}, "third_party.origin"),
                         (OWN_NIGHT, "contact.quiet_hours_others"))],
]  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


@pytest.mark.parametrize(("act", "changed", "verdict", "rules"), ROWS)
def test_a_first_notice_and_an_answer_go_to_a_contact_and_nothing_else_does(
    book: Rulebook, act: str, changed: dict[str, Any], verdict: str, rules: set[str]
) -> None:
    decision = decide(book, act, {**WORDS[act], **changed}, DAY, "bank")
    assert (decision.verdict, stops(decision)) == (verdict, rules)


def test_that_nothing_is_known_to_be_owed_to_a_contact_opens_nothing(book: Rulebook) -> None:
    for purpose in ("notice", "answer"):
        row = {**WORDS["message"], "contact_purpose": purpose, "owed_to_person": None}
        assert not decide(book, "message", row, DAY, "bank").allowed
