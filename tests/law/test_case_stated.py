"""Stated facts: read by the catalogue's types and bounds, and never those computed."""

from pathlib import Path
from typing import Any

import pytest
from tests.law.cases import Json, a_file, instant

from kuanxian.base.days import day_of
from kuanxian.base.errors import CaseFileError
from kuanxian.law.case_file import case_of
from kuanxian.law.case_stated import Stated, stated_fields
from kuanxian.law.facts import FactSpec, read_catalogue
from kuanxian.law.table import read_toml

SPECS = [
    FactSpec("told", "bool", source="stated"),
    FactSpec("hits", "int", source="stated", min=0, max=9),
    FactSpec("word", "text", source="stated"),
    FactSpec("kind", "enum", source="stated", values=("none", "some")),
    FactSpec("asked_on", "date", source="stated"),
    FactSpec("asked_at", "instant", source="stated"),
    FactSpec("owed_fen", "int", source="ledger", min=0, max=10, column="owed_fen"),
    FactSpec("lpr_ppb", "int", source="value", min=0, max=10, value="lpr", at="asked_on"),
]
STATED: Stated = stated_fields({spec.name: spec for spec in SPECS})


def read(facts: Json) -> Any:
    return dict(case_of(a_file(facts=facts), "case.json", STATED).facts)


def test_each_type_is_read_into_what_rules_compare() -> None:
    written = {
        "told": False, "hits": 9, "word": "以本人为准", "kind": "some", "asked_on": "2026-11-25",
        "asked_at": "2026-11-25T09:00:00+08:00", "owed_fen": 0,
    }  # fmt: skip
    assert read(written) == written | {
        "asked_on": day_of(2026, 11, 25),
        "asked_at": instant("11-25 09:00"),
    }


REFUSED = [
    ("told", 1, "neither true nor false"),
    ("hits", 10, "not between 0 and 9"),
    ("hits", True, "not a whole number"),
    ("word", "two\nlines", "not a text"),
    ("word", "x" * 201, "not a text"),
    ("kind", "any", "not one of its words"),
    ("asked_on", "25.11.2026", "not a day"),
    ("asked_at", "2026-11-25", "not an instant"),
    ("lpr_ppb", 3, "no such fact"),
    ("hit", 3, "no such fact"),
    ("effective_calls_today", 0, "computed"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_what_a_fact_cannot_be_is_refused(name: str, value: object, reason: str) -> None:
    with pytest.raises(CaseFileError) as error:
        read({name: value})
    assert error.value.subject == f"case.json: /facts/{name}"
    assert reason in error.value.reason


def test_more_facts_than_any_case_has_are_refused() -> None:
    with pytest.raises(CaseFileError, match="more than 500 facts"):
        read({f"f{n}": 1 for n in range(501)})


def test_every_fact_of_the_catalogue_that_may_be_stated_has_a_form(root: Path) -> None:
    table = read_toml(root / "rules/facts.toml", "facts.toml")
    catalogue = read_catalogue(table)
    fields = stated_fields(catalogue)
    assert "threat_hits" in fields
    assert not any(catalogue[name].source in ("computed", "value") for name in fields)
