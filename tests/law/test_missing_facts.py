"""Ten questions in which a prohibition's fact is not there: five facts, null and absent."""

from typing import Any

import duckdb
import polars as pl
import pytest

from kuanxian.law.check import check_condition
from kuanxian.law.emit_polars import polars_condition
from kuanxian.law.emit_python import compile_many
from kuanxian.law.emit_sql import sql_condition
from kuanxian.law.facts import FactSpec
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import NOWHERE, fact_names

FACTS = {
    spec.name: spec
    for spec in (
        FactSpec("act", "enum", values=("contact", "report")),
        FactSpec("target", "enum", values=("debtor", "third_party")),
        FactSpec("local_minute", "int", max=1439, min=0),
        FactSpec("stop_requested", "bool"),
        FactSpec("consented", "bool"),
        FactSpec("nominated", "bool"),
        FactSpec("unreachable_days", "int", min=0, max=36_500),
        FactSpec("notice_days", "int", min=0, max=36_500),
    )
}
RULES = [
    parse_condition(text, NOWHERE)
    for text in (
        "act = 'contact' AND (local_minute < 480 OR local_minute >= 1320)",
        "act = 'contact' AND stop_requested",
        "act = 'contact' AND target = 'third_party'"
        " AND NOT (consented AND nominated AND unreachable_days >= 7)",
        "act = 'report' AND notice_days < 5",
    )
]
LAWFUL: dict[str, Any] = {
    "act": "contact", "target": "debtor", "local_minute": 600, "stop_requested": False,
    "consented": True, "nominated": True, "unreachable_days": 30, "notice_days": 30,
}  # fmt: skip
QUESTIONS = [
    ({"target": "third_party"}, "unreachable_days"),
    ({"target": "third_party"}, "consented"),
    ({}, "local_minute"),
    ({}, "stop_requested"),
    ({"act": "report"}, "notice_days"),
]


def python_forbids(row: dict[str, Any]) -> bool:
    true, unknown = compile_many(RULES, FACTS)(row)
    return bool(true or unknown)


def table_of(row: dict[str, Any]) -> pl.DataFrame:
    dtypes = {"bool": pl.Boolean, "int": pl.Int64, "enum": pl.String}
    columns = {
        name: pl.Series(name, [row.get(name)], dtype=dtypes[spec.type])
        for name, spec in FACTS.items()
    }
    return pl.DataFrame(columns)


def polars_forbids(row: dict[str, Any]) -> bool:
    asked = {str(n): polars_condition(rule).fill_null(True) for n, rule in enumerate(RULES)}
    return any(table_of(row).select(**asked).row(0))


def duckdb_forbids(row: dict[str, Any]) -> bool:
    asked = ", ".join(f"COALESCE({sql_condition(rule, 'duckdb')}, TRUE)" for rule in RULES)
    with duckdb.connect() as connection:
        connection.register("facts", table_of(row).to_arrow())
        return any(connection.sql(f"SELECT {asked} FROM facts").fetchall()[0])


ENGINES = [python_forbids, polars_forbids, duckdb_forbids]


@pytest.mark.parametrize("forbids", ENGINES)
def test_with_every_fact_there_the_five_acts_are_lawful(forbids: Any) -> None:
    assert [forbids(LAWFUL | changes) for changes, _ in QUESTIONS] == [False] * 5


@pytest.mark.parametrize("forbids", ENGINES)
@pytest.mark.parametrize("absent", [True, False])
def test_a_missing_fact_is_never_a_yes(forbids: Any, absent: bool) -> None:
    allowed = []
    for changes, missing in QUESTIONS:
        row = LAWFUL | changes | {missing: None}
        if absent:
            del row[missing]
        allowed += [] if forbids(row) else [missing]
    assert not allowed


def test_the_rules_use_each_fact_they_ask_about() -> None:
    for rule in RULES:
        check_condition(rule, FACTS)
    assert {name for rule in RULES for name in fact_names(rule)} == set(FACTS)
