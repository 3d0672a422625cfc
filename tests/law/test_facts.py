"""The catalogue of facts is read, and what is wrong in it is named."""

import pytest

from kuanxian.base.errors import RuleFileError
from kuanxian.law.facts import DAY_MAX, read_catalogue
from kuanxian.law.table import parse_toml

MINUTE = """
[fact.minute]
topic = "time"
type = "int"
unit = "minutes"
min = 0
max = 1439
source = "computed"
changes = "time"
zh = "一天中的分钟"
en = "minute of the day"
say.zh = "{value} 分"
say.en = "minute {value}"
"""
ROLE = """
[fact.role]
topic = "people"
type = "enum"
values = ["debtor", "contact"]
changes = "choice"
source = "stated"
zh = "角色"
en = "role"
words.zh = { debtor = "债务人", contact = "联系人" }
words.en = { debtor = "debtor", contact = "contact" }
"""
SIGNED = """
[fact.signed_on]
topic = "loan"
type = "date"
source = "stated"
changes = "never"
zh = "签订日"
en = "day of signing"
"""


def test_a_declaration_says_all_that_a_rule_needs() -> None:
    catalogue = read_catalogue(parse_toml(MINUTE + ROLE + SIGNED, "facts.toml"))
    assert list(catalogue) == ["minute", "role", "signed_on"]
    assert (catalogue["minute"].min, catalogue["minute"].max) == (0, 1439)
    assert catalogue["role"].values == ("debtor", "contact")
    assert catalogue["role"].words["zh"]["contact"] == "联系人"
    assert catalogue["minute"].say[""]["en"] == "minute {value}"
    assert (catalogue["signed_on"].min, catalogue["signed_on"].max) == (0, DAY_MAX)


@pytest.mark.parametrize(
    ("text", "old", "new", "words"),
    [
        (MINUTE, "min = 0", "", "fact.minute.min: is missing"),
        (MINUTE, "max = 1439", "max = -1", "min must not exceed max"),
        (MINUTE, 'type = "int"', 'type = "float"', "there is no 'float'"),
        (MINUTE, "[fact.minute]", '[fact."Minute"]', "small letters"),
        (MINUTE, 'unit = "minutes"', "", "fact.minute.unit: is missing"),
        (ROLE, 'words.en = { debtor = "debtor",', "words.en = {", "fact.role.words.en.debtor"),
        (ROLE, 'source = "stated"', 'source = "ledger"', "fact.role.column: is missing"),
        (SIGNED, 'type = "date"', 'type = "date"\nmin = 1', "only an int has bounds"),
        (SIGNED, 'source = "stated"', 'source = "value"\nvalue = "lpr"\nat = "x"', "no date fact"),
    ],
)
def test_what_is_wrong_in_it_is_named(text: str, old: str, new: str, words: str) -> None:
    assert old in text
    with pytest.raises(RuleFileError) as caught:
        read_catalogue(parse_toml(text.replace(old, new), "facts.toml"))
    assert words in str(caught.value)
