"""A layout computes with whole numbers, exactly, and with nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.errors import LayoutError
from kuanxian.intake.formula import Values, compute, parse_formula


def column(*values: int | None) -> Values:
    return Values(
        np.array([value or 0 for value in values], np.int64),
        np.array([value is not None for value in values]),
        np.zeros(len(values), np.bool_),
    )


def run(text: str, **columns: Values) -> list[int | str | None]:
    rows = len(next(iter(columns.values())).values)
    result = compute(parse_formula(text, "x"), columns, rows)
    return [
        "broken" if broken else int(value) if present else None
        for value, present, broken in zip(*result, strict=True)
    ]


CASES = [
    ("a + b * 2", [(1, 3)], [7]),
    ("-a - b", [(1, 3)], [-4]),
    ("a + b", [(1, None)], [None]),
    ("first(a, b)", [(None, 3)], [3]),
    ("first(a, b)", [(1, 3)], [1]),
    ("least(a, b)", [(1, 3)], [1]),
    ("most(a, b, 7)", [(1, 3)], [7]),
    ("ppb_of(a, b)", [(1, 3)], [333_333_333]),
    ("ppb_of(a, b)", [(2, 3)], [666_666_667]),
    ("ppb_of(a, b)", [(0, 0)], [0]),
    ("ppb_of(a, b)", [(1, 0)], ["broken"]),
    ("days_after(a, b)", [(20_000, 30)], [20_030]),
    ("months_after(a, b)", [(19_753, 1)], [19_782]),
    ("months_before(a, b)", [(19_782, 1)], [19_751]),
    ("months_before(a, b)", [(10, 1)], ["broken"]),
    ("a * b", [(2**40, 2**40)], ["broken"]),
    ("a + b", [(INT64_MAX, 1)], ["broken"]),
]


@pytest.mark.parametrize(("text", "rows", "results"), CASES)
def test_a_formula_is_computed(
    text: str, rows: list[tuple[int, int]], results: list[int | str | None]
) -> None:
    a, b = zip(*rows, strict=True)
    assert run(text, a=column(*a), b=column(*b)) == results


def test_a_row_that_does_not_fit_does_not_touch_the_next() -> None:
    assert run("a * b", a=column(2**40, 3), b=column(2**40, 5)) == ["broken", 15]


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13), st.integers(0, 999))
def test_what_is_computed_is_what_python_computes(a: int, b: int, c: int) -> None:
    expected = a + b * c - c
    fits = abs(b * c) <= INT64_MAX and abs(expected) <= INT64_MAX
    assert run("a + b * c - c", a=column(a), b=column(b), c=column(c)) == [
        expected if fits else "broken"
    ]


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_ppb_of_is_the_nearest_and_gives_the_part_back(part: int, whole: int) -> None:
    rate = run("ppb_of(a, b)", a=column(part), b=column(whole))[0]
    assert isinstance(rate, int)
    assert abs(rate * whole - part * 10**9) * 2 <= whole


FORBIDDEN = [
    "a / b", "a // b", "a % b", "a ** b", "1.5", "True", "'x'", "a.b", "a[0]", "lambda: 1",
    "[a]", "a if b else c", "a < b", "a and b", "f(a)", "first()", "sum(a + b)", "count(a)",
    "__import__('os')", "open('x')", "a; b", "", "(" * 1000, "9" * 30, "a :=1", "first(*a)",
    "first(a, key=b)", "a" * 501,
]  # fmt: skip


@pytest.mark.parametrize("text", FORBIDDEN, ids=lambda text: text[:20])
def test_nothing_else_is_a_formula(text: str) -> None:
    with pytest.raises(LayoutError):
        parse_formula(text, "layout: files.x.loan.y")
