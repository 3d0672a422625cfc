from dataclasses import dataclass

import pytest

from kuanxian.base.errors import RuleFileError
from kuanxian.law.check import bounds_of, check_condition
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import Arithmetic, Compare, Declared, Where


@dataclass(frozen=True)
class Spec:
    type: str
    min: int = 0
    max: int = 0
    values: tuple[str, ...] = ()
    nullable: bool = True


FACTS: dict[str, Declared] = {
    "stopped": Spec("bool"),
    "known": Spec("bool"),
    "minute": Spec("int", 0, 1439),
    "debt_fen": Spec("int", 0, 2**40),
    "rate_ppb": Spec("int", -(2**30), 2**30),
    "any_int": Spec("int", -(2**63) + 1, 2**63 - 1),
    "note": Spec("text"),
    "role": Spec("enum", values=("debtor", "guarantor", "contact")),
    "other_role": Spec("enum", values=("contact", "stranger")),
    "channel": Spec("enum", values=("voice", "text")),
    "due_on": Spec("date", 0, 84_005),
    "asked_at": Spec("instant", 0, 2**53),
    "policy.min_days": Spec("int", 0, 3650),
}


def check(condition: str) -> None:
    check_condition(parse_condition(condition, Where("x.toml", 4)), FACTS, Where("x.toml", 4))


@pytest.mark.parametrize(
    "condition",
    [
        "TRUE",
        "stopped AND NOT known",
        "minute < 480 OR minute >= policy.min_days",
        "role = 'debtor' OR role IN ('contact', 'guarantor')",
        "role = other_role AND note = role",
        "note <> '' AND note = 'x'",
        "due_on >= DATE '2026-01-30' AND due_on <> DATE '2026-01-31'",
        "asked_at BETWEEN TIMESTAMP '2026-01-01 00:00:00Z' AND TIMESTAMP '2026-01-02 00:00:00Z'",
        "debt_fen * 2 - minute > rate_ppb * 1000",
        "COALESCE(minute, 0) = 0 AND COALESCE(stopped, known, TRUE)",
        "COALESCE(role, other_role, 'contact') = 'stranger'",
        "stopped IS NULL AND note IS NOT NULL",
        "any_int = 9223372036854775807",
        "role IS NOT DISTINCT FROM 'debtor'",
    ],
)
def test_a_typed_condition_passes(condition: str) -> None:
    check(condition)


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("minut < 480", "Did you mean minute?"),
        ("zzz", "not a declared fact: Declare it"),
        ("minute", "minute is a whole number, not true or false"),
        ("1", "1 is a whole number, not true or false"),
        ("'x'", "'x' is a text, not true or false"),
        ("minute + 1", "the sum is a whole number"),
        ("COALESCE(minute, 1)", "the part is a whole number"),
        ("NOT minute", "not true or false"),
        ("stopped AND role", "role is one of a list of values, not true or false"),
        ("minute = '480'", "without quotes"),
        ("note = 480", "in quotes"),
        ("note = DATE '2026-01-01'", "single quotes"),
        ("note < 'b'", "no order"),
        ("role >= 'debtor'", "no order"),
        ("stopped = known", "not compared"),
        ("stopped < known", "not compared"),
        ("stopped = 1", "NOT in front"),
        ("due_on = '2026-01-01'", "Write DATE"),
        ("due_on > TIMESTAMP '2026-01-01 00:00:00Z'", "Write DATE"),
        ("asked_at > DATE '2026-01-01'", "Write TIMESTAMP"),
        ("due_on + 1 > due_on", "takes whole numbers"),
        ("due_on - due_on > 3", "Days between two dates are a fact"),
        ("note + 'x' = 'y'", "takes whole numbers"),
        ("role = 'debter'", "'debter' is none of contact, debtor, guarantor"),
        ("'debter' <> role", "'debter' is none of contact, debtor, guarantor"),
        ("role IN ('contact', 'x')", "'x' is none of"),
        ("role = channel", "can never be equal"),
        ("minute IN (1, 'x')", "without quotes"),
        ("COALESCE(minute, 'x') = 1", "parts of one kind"),
        ("debt_fen * debt_fen > 0", "more than 63 bits"),
        ("any_int + 1 > 0", "more than 63 bits"),
        ("any_int - rate_ppb > 0 OR stopped", "more than 63 bits"),
        ("(any_int + 1) - 1 > 0", "more than 63 bits"),
        ("-any_int - 2 < 0", "more than 63 bits"),
    ],
)
def test_a_condition_that_does_not_fit_its_facts_is_refused(condition: str, reason: str) -> None:
    with pytest.raises(RuleFileError, match=r"x\.toml:4: ") as refused:
        check(condition)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("sum_", "bounds"),
    [
        ("minute - 1440", (-1440, -1)),
        ("minute * rate_ppb", (-1439 * 2**30, 1439 * 2**30)),
        ("rate_ppb * rate_ppb", (-(2**60), 2**60)),
        ("COALESCE(minute, rate_ppb)", (-(2**30), 2**30)),
        ("COALESCE(minute, 2000) + 1", (1, 2001)),
    ],
)
def test_bounds_are_those_of_the_facts(sum_: str, bounds: tuple[int, int]) -> None:
    compared = parse_condition(f"{sum_} = 0", Where("x.toml"))
    assert isinstance(compared, Compare)
    assert bounds_of(compared.left, FACTS) == bounds


def test_a_product_that_just_fits_passes_and_one_more_is_refused() -> None:
    fits = {"a": Spec("int", 0, 2**32), "b": Spec("int", 0, 2**31 - 1)}
    product = parse_condition("a * b > 0", Where("x"))
    check_condition(product, fits)
    with pytest.raises(RuleFileError, match="63 bits"):
        check_condition(product, fits | {"b": Spec("int", 0, 2**31)})
    assert isinstance(product, Compare)
    assert isinstance(product.left, Arithmetic)
