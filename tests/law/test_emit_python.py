from typing import Any

import pytest

from kuanxian.law.emit_python import compile_condition, compile_many
from kuanxian.law.facts import FactSpec
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import Value, Where

CASES: list[tuple[str, dict[str, Value | None], bool | None]] = [
    ("TRUE", {}, True),
    ("FALSE", {}, False),
    ("NOT TRUE", {}, False),
    ("a", {"a": True}, True),
    ("a", {"a": None}, None),
    ("a", {}, None),
    ("a", {"a": "yes"}, None),
    ("NOT a", {"a": 1}, None),
    ("a AND b", {"a": False}, False),
    ("a AND b", {"a": True}, None),
    ("a OR b", {"a": True}, True),
    ("a OR b", {"a": False}, None),
    ("NOT (a AND b)", {"a": False}, True),
    ("NOT (a OR b)", {"a": False}, None),
    ("n < 480", {"n": 479}, True),
    ("n < 480", {"n": 480}, False),
    ("n < 480", {}, None),
    ("NOT n < 480", {"n": 480}, True),
    ("NOT n < 480", {}, None),
    ("n = m", {"n": 1, "m": 1}, True),
    ("n = m", {"n": 1}, None),
    ("n <> m", {"n": 1}, None),
    ("n <> m", {}, None),
    ("t = 'x'", {}, None),
    ("t <> 'x'", {}, None),
    ("t <> 'x'", {"t": "y"}, True),
    ("NOT t <> 'x'", {"t": "x"}, True),
    ("t IN ('x', 'y')", {"t": "y"}, True),
    ("t IN ('x', 'y')", {}, None),
    ("t NOT IN ('x', 'y')", {}, None),
    ("t NOT IN ('x', 'y')", {"t": "z"}, True),
    ("t NOT IN ('x', 'y')", {"t": "x"}, False),
    ("n + m IN (3)", {"n": 1, "m": 2}, True),
    ("n + m NOT IN (3)", {"n": 1}, None),
    ("n + n * 2 > m", {"n": 2, "m": 5}, True),
    ("-n = m", {"n": 2, "m": -2}, True),
    ("n IS NULL", {}, True),
    ("n IS NULL", {"n": 0}, False),
    ("n IS NOT NULL", {"n": None}, False),
    ("COALESCE(n, m, 7) = 7", {}, True),
    ("COALESCE(n, m, 7) = 7", {"n": 0}, False),
    ("COALESCE(n, m) + 1 = 8", {"m": 7}, True),
    ("COALESCE(n, m) = 7", {}, None),
    ("COALESCE(n + m, k) = 7", {"n": 1, "k": 7}, True),
    ("COALESCE(t, 'x') IN ('x')", {}, True),
    ("COALESCE(7, n) = 7", {}, True),
    ("COALESCE(a AND b, FALSE)", {"a": True}, False),
    ("COALESCE(a AND b, TRUE)", {"a": True}, True),
    ("COALESCE(a, b)", {"b": False}, False),
    ("COALESCE(a, b)", {}, None),
    ("NOT COALESCE(a, b)", {"a": False}, True),
    ("NOT COALESCE(a, b)", {}, None),
    ("t IS NOT DISTINCT FROM u", {}, True),
    ("t IS NOT DISTINCT FROM u", {"t": "x"}, False),
    ("t IS DISTINCT FROM 'x'", {}, True),
    ("n NOT BETWEEN 1 AND 3", {"n": 4}, True),
    ("n NOT BETWEEN 1 AND m", {"n": 0}, True),
    ("n BETWEEN 1 AND m", {"n": 2}, None),
]


@pytest.mark.parametrize(("condition", "facts", "answer"), CASES)
def test_a_condition_has_three_answers(
    condition: str, facts: dict[str, Value | None], answer: bool | None
) -> None:
    assert compile_condition(parse_condition(condition, Where("x")))(facts) is answer


def test_many_conditions_are_one_function() -> None:
    conditions = [parse_condition(condition, Where("x")) for condition, _, _ in CASES]
    decide = compile_many(conditions)
    for place, (_, facts, answer) in enumerate(CASES):
        true, unknown = decide(facts)
        assert (place in true, place in unknown) == (answer is True, answer is None)
        assert not set(true) & set(unknown)


def test_no_condition_says_nothing() -> None:
    assert compile_many(())({"a": True}) == ([], [])


DECLARED = {
    "minute": FactSpec("minute", "int", min=0, max=1439),
    "origin": FactSpec("origin", "enum", values=("contract", "address_book")),
    "stopped": FactSpec("stopped", "bool"),
    "note": FactSpec("note", "text"),
    "due_on": FactSpec("due_on", "date", min=0, max=84_005),
}


@pytest.mark.parametrize(
    ("condition", "name", "value"),
    [
        ("minute < 480", "minute", 1440),
        ("minute < 480", "minute", -1),
        ("minute < 480", "minute", True),
        ("minute < 480", "minute", "08:00"),
        ("minute < 480", "minute", 7.5),
        ("origin = 'address_book'", "origin", "adress_book"),
        ("origin <> 'contract'", "origin", "adress_book"),
        ("origin NOT IN ('contract')", "origin", ["contract"]),
        ("origin IN ('contract')", "origin", 1),
        ("stopped", "stopped", 1),
        ("NOT stopped", "stopped", "no"),
        ("note = 'x'", "note", 1),
        ("due_on = DATE '2026-01-30'", "due_on", "2026-01-30"),
        ("due_on = DATE '2026-01-30'", "due_on", 84_006),
        ("secret = 1", "secret", 1),
    ],
)
def test_a_value_that_is_not_as_declared_is_unknown(condition: str, name: str, value: Any) -> None:
    nodes = [parse_condition(text, Where("x")) for text in (condition, f"{name} IS NULL")]
    assert compile_many(nodes, DECLARED)({name: value}) == ([1], [0])


def test_a_declared_value_is_taken_as_it_is() -> None:
    texts = [
        "minute < 480",
        "origin = 'contract'",
        "stopped",
        "note = ''",
        "due_on > DATE '2026-01-30'",
    ]
    nodes = [parse_condition(text, Where("x")) for text in texts]
    facts: dict[str, Value | None] = {"minute": 0, "origin": "contract", "stopped": True}
    facts |= {"note": "", "due_on": 84_005}
    assert compile_many(nodes, DECLARED)(facts) == ([0, 1, 2, 3, 4], [])


def test_a_fact_may_be_worked_out_from_others() -> None:
    nodes = [parse_condition("cap < minute", Where("x"))]
    decide = compile_many(nodes, DECLARED, {"cap": lambda get: 7 if get("note") == "x" else None})
    assert decide({"minute": 8, "note": "x"}) == ([0], [])
    assert decide({"minute": 8, "cap": 1}) == ([], [0]), "what is stated in its place is not taken"
