from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.any_condition import FACTS, any_condition, any_facts
from tests.law.plain import answer

from kuanxian.law.parse import parse_condition
from kuanxian.law.simplify import residual
from kuanxian.law.tree import NOWHERE, Compare, Fact, Kind, Literal, Value, fact_names, walk

DAYS: dict[str, Value | None] = {"stop": False, "nominated": True, "k": 30, "role": "debtor"}


@pytest.mark.parametrize(
    ("condition", "rest"),
    [
        ("NOT nominated OR d < 3", "d < 3"),
        ("NOT nominated OR d < 3 OR stop", "d < 3"),
        ("nominated AND stop", "FALSE"),
        ("nominated OR a", "TRUE"),
        ("a AND NOT a", "a AND NOT a"),
        ("NOT NOT a", "a"),
        ("NOT (nominated AND a)", "NOT a"),
        ("role = 'debtor' AND a", "a"),
        ("role <> 'debtor' OR a", "a"),
        ("role IN ('debtor', 'x') AND a", "a"),
        ("role NOT IN ('debtor', 'x') OR a", "a"),
        ("role IS NULL OR a", "a"),
        ("role IS NOT NULL AND a", "a"),
        ("a IS NULL OR stop", "a IS NULL"),
        ("k <= d", "d >= 30"),
        ("k + 5 > d + 7", "d < 28"),
        ("d + 10 >= k", "d >= 20"),
        ("d - 10 >= k", "d >= 40"),
        ("k - d >= 10", "d <= 20"),
        ("2 * d >= k + 1", "d >= 16"),
        ("2 * d > k + 1", "d > 15"),
        ("2 * d < k + 1", "d < 16"),
        ("2 * d <= k + 1", "d <= 15"),
        ("d * -2 < k", "d > -15"),
        ("d * 2 = k", "d = 15"),
        ("d * 2 = k + 1", "d * 2 = 31"),
        ("d * 0 = k", "d * 0 = 30"),
        ("3 * (d + 2) >= k", "d >= 8"),
        ("d + e + 3 > k", "d + e > 27"),
        ("d + 3 + e + 4 > k", "d + e > 23"),
        ("1 * d + 0 > k", "d > 30"),
        ("d >= 3 AND d > 4 AND d < 9 AND d <= 8", "d > 4 AND d < 9"),
        ("d >= 3 OR d > 4 OR d < 0 OR d <= 1", "d >= 3 OR d <= 1"),
        ("a AND (a OR b)", "a"),
        ("a OR (a AND b)", "a"),
        ("a AND a", "a"),
        ("a AND (b AND nominated) AND (stop OR c)", "a AND b AND c"),
        ("COALESCE(a, nominated, b)", "COALESCE(a, TRUE)"),
        ("COALESCE(nominated, a)", "TRUE"),
        ("COALESCE(COALESCE(a, b), stop) AND COALESCE(k, d) = 30", "COALESCE(a, b, FALSE)"),
        ("d = 9223372036854775807 AND d + k > 9223372036854775806", None),
    ],
)
def test_what_is_known_is_filled_in(condition: str, rest: str | None) -> None:
    left = residual(parse_condition(condition, NOWHERE), DAYS)
    if rest is not None:
        assert left == parse_condition(rest, NOWHERE)


def test_a_bound_that_would_leave_63_bits_is_not_moved() -> None:
    node = parse_condition("d - 9223372036854775807 > 5", NOWHERE)
    assert answer(residual(node, {}), {"d": 1}) is False
    far = parse_condition("-9223372036854775807 - d > 5", NOWHERE)
    assert residual(far, {}) == far


def test_a_known_date_stays_a_date() -> None:
    node = Compare("<", Fact("due_on"), Fact("paid_on"))
    right = Literal(Kind.DATE, 20_483)
    assert residual(node, {"paid_on": 20_483}, FACTS) == Compare("<", Fact("due_on"), right)


@given(st.integers(0, 2**32))
def test_what_is_left_gives_the_same_answer_for_every_row(seed: int) -> None:
    dice = Random(seed)
    node, row = any_condition(dice), any_facts(dice)
    known = {name: value for name, value in row.items() if dice.random() < 0.5}
    rest = residual(node, known, FACTS)
    assert answer(rest, row) is answer(node, row)
    filled = {name for name, value in known.items() if value is not None}
    assert not filled & set(fact_names(rest))
    assert residual(rest, {}, FACTS) == rest, "nothing is left to simplify"
    assert len(list(walk(residual(node, row)))) <= len(list(walk(node)))


@given(st.integers(0, 2**32))
def test_a_condition_whose_facts_are_all_known_is_true_or_false(seed: int) -> None:
    dice = Random(seed)
    node, row = any_condition(dice), any_facts(dice, unknown=0)
    assert residual(node, row) == Literal(Kind.BOOL, bool(answer(node, row)))
