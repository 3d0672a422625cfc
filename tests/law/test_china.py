"""The rulebook of mainland China: whole, and all that must be provable of it is proved."""

from pathlib import Path

import pytest

from kuanxian.base.errors import RulebookError
from kuanxian.law.load import load_rulebook, load_theorems
from kuanxian.law.prove import Proof, prove
from kuanxian.law.rulebook import Rulebook

pytestmark = pytest.mark.slow

THEOREMS = {
    "no_address_book", "no_number_from_an_address_book", "no_asking_on_such_a_number",
    "no_address_book_shown", "third_party", "third_party_due", "third_party_asked",
    "negative_report", "disputed_report", "quiet_hours", "no_asking_at_night", "minor", "deceased",
    "no_contact_order", "no_debt_act_at_a_third_person", "no_passing_on",
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


@pytest.mark.parametrize(
    ("name", "least"), [("unreachable_min_days", 3), ("unreachable_min_attempts", 3)]
)
def test_a_firm_may_not_ask_for_less_evidence_than_three_days_of_trying(
    name: str, least: int, tmp_path: Path
) -> None:
    policy = tmp_path / "house.toml"
    written = f'country = "cn"\nname = "house"\n[parameters]\n{name} = '
    policy.write_text(f"{written}{least}\n")
    assert load_rulebook("cn", policy=policy).policy.values[name] == least
    policy.write_text(f"{written}{least - 1}\n")
    with pytest.raises(RulebookError, match=name):
        load_rulebook("cn", policy=policy)
