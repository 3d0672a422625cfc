"""Shipped layouts load, and the reference names every key and function there is."""

from pathlib import Path

import pytest

from kuanxian.intake import formula, layout_column, layout_file
from kuanxian.intake.book import SCHEMAS
from kuanxian.intake.layout import EVENT_TEXTS, LOAN_TEXTS, Layout
from kuanxian.intake.layout_file import load_layout, parse_layout, shipped_layouts
from kuanxian.loan.events import Event
from kuanxian.loan.terms import Conventions, Method, Terms


@pytest.mark.parametrize("name", shipped_layouts())
def test_a_shipped_layout_is_named_as_its_file(name: str) -> None:
    assert load_layout(name).name == name


def columns_of(layout: Layout, part: str) -> set[str]:
    return {c.name for p in layout.parts if p.name == part for c in p.columns}


def test_our_own_form_has_every_field_of_the_kernel() -> None:
    own = load_layout("kuanxian")
    assert columns_of(own, "products") == {"product", *Conventions._fields}
    assert columns_of(own, "loans") == {*LOAN_TEXTS, *Terms._fields}
    events = {*Event._fields, *EVENT_TEXTS} - {"seq", "ref_seq"}
    assert columns_of(own, "events") == events


def test_the_reference_names_every_key(root: Path) -> None:
    page = (root / "docs" / "reference" / "layout.md").read_text(encoding="utf-8")
    keys = (*layout_file._TOP_KEYS, *layout_file._PART_KEYS, *layout_column._KEYS,
            *layout_column.AMOUNT_UNITS, *layout_column.RATE_UNITS, *layout_column.ROUNDINGS,
            "many_rows", "expect_rows", "when", "negative", *shipped_layouts())  # fmt: skip
    assert [key for key in keys if f"`{key}`" not in page] == []
    functions = (*formula.AGGREGATES, *formula._ROW_FUNCTIONS)
    assert [name for name in functions if f"`{name}(" not in page] == []


def test_the_example_of_the_reference_is_a_layout(root: Path) -> None:
    page = (root / "docs" / "reference" / "layout.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    layout = parse_layout(example, "example")
    assert [part.name for part in layout.parts] == ["loans", "payments"]
    assert layout.products[""].method == Method.LEVEL


def test_the_reference_of_a_book_names_every_file(root: Path) -> None:
    page = (root / "docs" / "reference" / "book.md").read_text(encoding="utf-8")
    assert [name for name in (*SCHEMAS, "book.json") if f"`{name}`" not in page] == []
