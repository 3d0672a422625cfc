"""What an expression cannot match without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuanxian.base.errors import PatternError
from kuanxian.screen.expression import needs, split

EXPRESSIONS = (
    "通讯录",
    "打.{0,4}通讯录",
    "(?:打|拨)(?:给)?你的?通讯录",
    "(?:爆|轰炸)[^不]{0,5}(?:通讯录|联系人)",
    "(?:他|她)(?:们)?的?(?:债务|欠款)+[还偿]清",
    "通{2}讯{1,3}录(?:一遍|两遍)?",
    "还款(?:(?:到|给)我(?:的)?)*(?:账户|卡上)",
    r"加\w{2,4}微信(?:\d|号码)",
    "(?:24小时|全天)轰炸",
    r"\p{Han}(?:立案|拘留)$",
    "(?:贷款|网贷)(?:先|再)?(?:还|填)(?:上|了)",
)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_an_expression_matches_holds_a_run_of_each_group(
    expression: str, data: st.DataObject
) -> None:
    python = expression.replace(r"\p{Han}", "[一-龥]")
    text = data.draw(st.from_regex(python, fullmatch=True))
    groups = needs(expression)
    assert groups
    for group in groups:
        assert any(run in text for run in group)


def test_letters_and_digits_are_in_no_run() -> None:
    assert needs("24小时") == [frozenset({"小时"})]
    assert needs("txl|微信") == []


def test_runs_of_one_character_are_a_last_resort() -> None:
    assert needs("打.{0,3}通讯录") == [frozenset({"通讯录"})]
    assert set(needs("打.{0,3}爆")) == {frozenset({"打"}), frozenset({"爆"})}


def test_an_expression_is_parted_at_the_bars_outside_brackets() -> None:
    assert split("甲|(?:乙|丙)|[丁|戊]") == ["甲", "(?:乙|丙)", "[丁|戊]"]


@pytest.mark.parametrize("broken", ["(?:甲", "[甲", "甲{2"])
def test_an_expression_that_ends_too_soon_is_refused(broken: str) -> None:
    with pytest.raises(PatternError, match="ends in the middle"):
        needs(broken)
