"""The rulebook of mainland China: whole, and all that must be provable of it is proved."""

import pytest

from kuanxian.law.load import load_rulebook, load_theorems
from kuanxian.law.prove import Proof, prove
from kuanxian.law.rulebook import Rulebook

pytestmark = pytest.mark.slow

THEOREMS = {
    "no_address_book", "no_number_from_an_address_book", "no_asking_on_such_a_number",
    "no_address_book_shown", "third_party", "third_party_due", "third_party_asked",
    "negative_report", "disputed_report", "quiet_hours", "no_asking_at_night", "minor", "deceased",
    "no_contact_order",
}  # fmt: skip


@pytest.fixture(scope="module")
def china() -> Rulebook:
    return load_rulebook("cn")


@pytest.fixture(scope="module")
def proof(china: Rulebook) -> Proof:
    return prove(china, load_theorems(china))


def test_every_promise_is_proved(proof: Proof) -> None:
    assert [(one.kind, one.id, one.reason, str(one.row)) for one in proof.broken] == []


def test_the_theorems_of_the_design_are_among_them(proof: Proof) -> None:
    assert {one.id for one in proof.findings if one.kind == "theorem"} >= THEOREMS


def test_every_rule_was_looked_at(china: Rulebook, proof: Proof) -> None:
    looked_at = {one.id for one in proof.findings if one.kind in {"alone", "restates", "permit"}}
    assert looked_at == {rule.id for rule in china.rules}
