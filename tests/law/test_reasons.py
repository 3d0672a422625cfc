from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.any_condition import any_condition, any_facts
from tests.law.plain import answer

from kuanxian.law.parse import parse_condition
from kuanxian.law.reasons import reasons_of
from kuanxian.law.tree import NOWHERE, Value

CASE: dict[str, Value | None] = {
    "threat": 0, "insult": 2, "channel": "sms", "minute": 1350, "noticed": False, "days": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "reasons"),
    [
        ("threat > 0 OR insult > 0", "insult > 0"),
        ("channel = 'sms' AND (threat > 0 OR insult > 0)", "channel = 'sms' AND insult > 0"),
        ("minute < 480 OR minute >= 1320", "minute < 480 OR minute >= 1320"),
        ("NOT (noticed AND days >= 5)", "NOT noticed OR days < 5"),
        ("noticed OR days < 5", "days < 5"),
        ("threat > 0 OR (insult > 0 AND (noticed OR channel = 'sms'))",
         "insult > 0 AND channel = 'sms'"),
        ("noticed OR threat > 0", "noticed OR threat > 0"),
    ],
)  # fmt: skip
def test_an_alternative_that_does_not_hold_is_left_out(condition: str, reasons: str) -> None:
    found = reasons_of(parse_condition(condition, NOWHERE), CASE, {"minute"})
    assert found == parse_condition(reasons, NOWHERE)


@given(st.integers(0, 2**32))
def test_the_reasons_are_the_condition_in_this_case_and_imply_it_in_any(seed: int) -> None:
    dice = Random(seed)
    node, row = any_condition(dice), any_facts(dice)
    found = reasons_of(node, row, {"minute"})
    assert answer(found, row) is answer(node, row)
    if answer(node, row) is not False:
        other = any_facts(dice)
        assert answer(found, other) is not True or answer(node, other) is True
