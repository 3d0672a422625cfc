"""One condition, many engines, one answer."""

import contextlib
import itertools
from datetime import date, datetime
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest
import z3
from tests.law.any_condition import FACTS, any_condition, any_facts
from tests.law.plain import answer

from kuanxian.base.errors import RuleFileError
from kuanxian.law.check import check_condition
from kuanxian.law.emit_polars import polars_condition
from kuanxian.law.emit_python import Facts, compile_condition, compile_many
from kuanxian.law.emit_sql import sql_condition
from kuanxian.law.emit_z3 import Z3Terms
from kuanxian.law.native import native_value
from kuanxian.law.parse import parse_condition
from kuanxian.law.tree import NOWHERE, Compare, Fact, Kind, Literal, Node, Or, fact_names

DTYPES: dict[str, Any] = {
    "bool": pl.Boolean,
    "int": pl.Int64,
    "text": pl.String,
    "enum": pl.String,
    "date": pl.Date,
    "instant": pl.Datetime("us", "UTC"),
}
NARROW = {"minute": pl.Int16, "days": pl.Int8, "debt_fen": pl.Int32, "rate_ppb": pl.Int32}


def table_of(rows: list[Facts], **dtypes: Any) -> pl.DataFrame:
    columns = {}
    for name, spec in FACTS.items():
        cells: list[bool | int | str | date | datetime | None] = []
        for row in rows:
            value = row[name]
            cells.append(None if value is None else native_value(Kind(spec.type), value))
        columns[name] = pl.Series(name, cells, dtype=dtypes.get(name, DTYPES[spec.type]))
    return pl.DataFrame(columns)


def drawn(seed: int, conditions: int, rows: int) -> tuple[list[Node], list[Facts]]:
    dice = Random(seed)
    nodes: list[Node] = []
    while len(nodes) < conditions:
        node = any_condition(dice)
        # Two texts that can never be equal are refused; the rest of what is drawn is not.
        with contextlib.suppress(RuleFileError):
            check_condition(node, FACTS)
            nodes.append(node)
    return nodes, [any_facts(dice) for _ in range(rows)]


def plain_answers(nodes: list[Node], rows: list[Facts]) -> list[list[Any]]:
    return [[answer(node, row) for row in rows] for node in nodes]


def python_answers(nodes: list[Node], rows: list[Facts]) -> list[list[bool | None]]:
    decide = compile_many(nodes)
    columns: list[list[bool | None]] = [[False] * len(rows) for _ in nodes]
    for place, row in enumerate(rows):
        true, unknown = decide(row)
        for condition in true:
            columns[condition][place] = True
        for condition in unknown:
            columns[condition][place] = None
    return columns


def polars_answers(nodes: list[Node], table: pl.DataFrame) -> list[list[bool | None]]:
    named = {str(place): polars_condition(node) for place, node in enumerate(nodes)}
    # A condition over literals alone is one value; it stands for every row.
    found = table.select(pl.first().is_null().alias("rows"), **named)
    return [found[name].to_list() for name in named]


def duckdb_answers(nodes: list[Node], table: pl.DataFrame) -> list[list[bool | None]]:
    asked = [f"{sql_condition(node, 'duckdb')} AS c{n}" for n, node in enumerate(nodes)]
    with duckdb.connect() as connection:
        connection.register("facts", table.to_arrow())
        found = connection.sql(f"SELECT {', '.join(asked)} FROM facts").fetchall()
    return [list(column) for column in zip(*found, strict=True)]


def z3_answers(node: Node, rows: list[Facts]) -> list[bool | None]:
    terms = Z3Terms(FACTS)
    rails = terms.true(node), terms.maybe(node)
    answers: list[bool | None] = []
    for row in rows:
        given = [pair for name in fact_names(node) for pair in terms.values(name, row[name])]
        sure, maybe = (z3.is_true(z3.simplify(z3.substitute(rail, *given))) for rail in rails)
        answers.append(True if sure else None if maybe else False)
        assert maybe or not sure
    return answers


def agree(seed: int, conditions: int, rows: int) -> None:
    nodes, drawn_rows = drawn(seed, conditions, rows)
    plain = plain_answers(nodes, drawn_rows)
    assert python_answers(nodes, drawn_rows) == plain
    table = table_of(drawn_rows)
    assert polars_answers(nodes, table) == plain
    assert duckdb_answers(nodes, table) == plain


def test_python_polars_and_duckdb_agree_in_every_case() -> None:
    agree(seed=20_260_130, conditions=150, rows=60)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_two_thousand_conditions_over_five_hundred_rows_agree(part: int) -> None:
    agree(seed=part, conditions=200, rows=500)


def test_the_random_conditions_have_all_three_answers_often() -> None:
    nodes, rows = drawn(7, 300, 60)
    answers = list(itertools.chain(*plain_answers(nodes, rows)))
    for kind in (True, False, None):
        assert answers.count(kind) > len(answers) / 10


def test_narrow_and_encoded_columns_change_nothing() -> None:
    nodes, rows = drawn(11, 150, 60)
    plain = plain_answers(nodes, rows)
    categories = {"role": pl.Categorical, "note": pl.Categorical}
    assert polars_answers(nodes, table_of(rows, **NARROW)) == plain
    assert duckdb_answers(nodes, table_of(rows, **NARROW)) == plain
    assert polars_answers(nodes, table_of(rows, **categories)) == plain


@pytest.mark.parametrize(
    ("seed", "conditions"), [(3, 60), pytest.param(4, 400, marks=pytest.mark.slow)]
)
def test_z3_agrees_in_every_case(seed: int, conditions: int) -> None:
    nodes, rows = drawn(seed, conditions, 10)
    for node, expected in zip(nodes, plain_answers(nodes, rows), strict=True):
        assert z3_answers(node, rows) == expected


def test_the_solver_finds_a_row_for_each_answer_it_says_is_possible() -> None:
    nodes, _ = drawn(9, 25, 0)
    found = 0
    for node in nodes:
        terms = Z3Terms(FACTS)
        for expected, rail in (
            (True, terms.true(node)),
            (False, z3.Not(terms.maybe(node))),
            (None, z3.And(terms.maybe(node), z3.Not(terms.true(node)))),
        ):
            solver = z3.Solver()
            solver.add(rail, *terms.domain())
            if solver.check() == z3.sat:
                found += 1
                assert answer(node, terms.row(solver.model())) is expected
    assert found > len(nodes)


def test_one_compiled_condition_is_the_same_as_one_of_many() -> None:
    nodes, rows = drawn(5, 60, 40)
    for node, expected in zip(nodes, plain_answers(nodes, rows), strict=True):
        decide = compile_condition(node)
        assert [decide(row) for row in rows] == expected


@pytest.mark.slow
def test_spark_agrees_where_it_is_installed() -> None:
    spark_sql = pytest.importorskip("pyspark.sql")
    nodes, rows = drawn(13, 200, 200)
    asked = [f"{sql_condition(node, 'spark')} AS c{n}" for n, node in enumerate(nodes)]
    builder = spark_sql.SparkSession.builder.master("local[1]")
    builder = builder.config("spark.sql.session.timeZone", "UTC").config(
        "spark.ui.enabled", "false"
    )
    spark = builder.getOrCreate()
    try:
        facts = spark.createDataFrame(table_of(rows, **NARROW).to_arrow())
        found = [tuple(row) for row in facts.selectExpr(*asked).collect()]
    finally:
        spark.stop()
    assert [list(column) for column in zip(*found, strict=True)] == plain_answers(nodes, rows)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("duckdb", """(("a" = 'it''s') OR ("b" >= TIMESTAMPTZ '2026-01-30 00:00:00+00:00'))"""),
        ("spark", r"""((`a` = 'it\'s') OR (`b` >= TIMESTAMP '2026-01-30 00:00:00+00:00'))"""),
    ],
)
def test_each_dialect_writes_texts_names_and_instants_its_own_way(dialect: str, text: str) -> None:
    condition = "a = 'it''s' OR b >= TIMESTAMP '2026-01-30 08:00:00+08:00'"
    assert sql_condition(parse_condition(condition, NOWHERE), dialect) == text


def test_a_long_list_nests_no_engine_too_deep() -> None:
    long = Or(tuple(Compare("=", Fact("days"), Literal(Kind.INT, n)) for n in range(-5, 295)))
    rows: list[Facts] = [any_facts(Random(1))]
    assert polars_answers([long], table_of(rows)) == plain_answers([long], rows)
    assert python_answers([long], rows) == duckdb_answers([long], table_of(rows))
