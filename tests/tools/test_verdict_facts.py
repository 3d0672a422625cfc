"""The page on what verdicts need tells enough: with those facts known, the act is decided."""

import pytest
from tests.law.test_cn_contact import CALL, DAY
from tools.verdict_facts import needs, verdict_facts_page

from kuanxian.law.decide import decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def test_a_lawful_call_is_allowed_by_the_facts_the_page_names_and_the_ledger(
    book: Rulebook,
) -> None:
    (standard,) = [one for one in book.standards if one.name == "call_debtor"]
    named = needs(book, standard.act, dict(standard.facts))
    ledger = {name for name, spec in book.catalogue.items() if spec.source == "ledger"}
    told = {name: value for name, value in CALL.items() if name in named | ledger}
    row = {**told, **standard.facts}
    assert decide(book, standard.act, row, DAY, "bank").allowed
    assert not decide(book, standard.act, dict(standard.facts), DAY, "bank").allowed


def test_an_act_no_fact_can_save_needs_none(book: Rulebook) -> None:
    (standard,) = [one for one in book.standards if one.name == "call_address_book"]
    assert needs(book, standard.act, dict(standard.facts)) == set()
    assert "`call_address_book` | 致电通讯录中的人 | never allowed" in verdict_facts_page("cn")
