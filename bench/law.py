"""Measure the law room: ``python bench/law.py [--rows N] [--json FILE]``.

One run measures everything, because machines differ and only ratios within one run
travel. On eight rules: one decision and many, beside Python by hand, CEL, Cedar and Rego,
which must agree on every row first; then what each says when a fact is missing. On the
book of mainland China: one decision with every rule id and fact, and a table of rows.

A single decision is timed by the processor's clock in batches of fifty, and the median of the
batches is given; a table by the wall clock and by the processor's, the least of some runs.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from eight_rules import (
    ENGINES,
    FACTS,
    NAMES,
    Engine,
    Row,
    any_row,
    conditions,
    missing_rows,
    says,
)
from kuanxian.law.bulk import decide_many
from kuanxian.law.decide import decide
from kuanxian.law.emit_polars import polars_condition
from kuanxian.law.emit_python import compile_many
from kuanxian.law.emit_sql import sql_condition
from kuanxian.law.facts import FactSpec
from kuanxian.law.load import load_rulebook
from kuanxian.law.native import native_value
from kuanxian.law.patterns import find_patterns
from kuanxian.law.reads import compile_row
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.tree import Kind, fact_names

BATCH = 50
DAY = 20_800
"""2026-12-13."""
DTYPES: dict[str, Any] = {
    "bool": pl.Boolean, "int": pl.Int64, "text": pl.String, "enum": pl.String, "date": pl.Date,
    "instant": pl.Datetime("us", "UTC"),
}  # fmt: skip


def micros(work: Callable[[Row], object], rows: Sequence[Row], rounds: int) -> float:
    """Time calls; the median of the batches, microseconds a call."""
    taken = []
    for start in range(0, min(len(rows), rounds * BATCH), BATCH):
        batch = rows[start : start + BATCH]
        begun = time.thread_time_ns()
        for row in batch:
            work(row)
        taken.append((time.thread_time_ns() - begun) / len(batch) / 1000)
    return statistics.median(taken)


def seconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Time a call; the least wall-clock and the least processor seconds of some runs."""
    walls, cores = [], []
    for _ in range(runs):
        begun, used = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - begun)
        cores.append(time.process_time() - used)
    return min(walls), min(cores)


def singles(figures: dict[str, Any], rows: list[Row]) -> dict[str, Engine]:
    """Time one decision over eight rules in every language."""
    made = {name: make() for name, make in ENGINES.items()}
    expected = [sorted(made["Python by hand"](row)) for row in rows[:2000]]
    print("\n| eight rules, one decision | median µs | beside Python by hand |")
    print("|---|--:|--:|")
    hand = 0.0
    for name, engine in made.items():
        wrong = sum(
            sorted(engine(row)) != right for row, right in zip(rows[:2000], expected, strict=True)
        )
        assert not wrong, f"{name} disagrees on {wrong} rows"
        took = micros(engine, rows, 400 if name in {"ours, compiled", "Python by hand"} else 20)
        hand = hand or took
        figures["single_us"][name] = took
        print(f"| {name} | {took:,.2f} | {took / hand:,.1f}× |")
    return made


def missing(figures: dict[str, Any], made: dict[str, Engine]) -> None:
    """Ask ten questions in which a fact is missing."""
    print("\n| a fact is missing | " + " | ".join(made) + " |\n|---|" + "---|" * len(made))
    allowed = dict.fromkeys(made, 0)
    for question, row in missing_rows():
        answers = {name: says(engine, row) for name, engine in made.items()}
        for name, answer in answers.items():
            allowed[name] += answer == "ALLOWED"
        print(f"| {question} | " + " | ".join(answers.values()) + " |")
    print("| **says allowed** | " + " | ".join(f"{n} of 10" for n in allowed.values()) + " |")
    figures["allowed_of_10"] = allowed


def table_of(specs: Mapping[str, FactSpec], columns: Mapping[str, list[Any]]) -> pl.DataFrame:
    """Make a table of facts."""

    def dtype(spec: FactSpec) -> Any:
        return pl.Enum(spec.values) if spec.type == "enum" else DTYPES[spec.type]

    return pl.DataFrame(
        {name: pl.Series(name, columns[name], dtype=dtype(specs[name])) for name in columns}
    )


def eight_in_bulk(figures: dict[str, Any], engine: Engine, count: int) -> None:
    """Decide a table of rows over eight rules."""
    dice = random.Random(8)
    sample = [any_row(dice) for _ in range(20_000)]
    some = table_of(FACTS, {name: [row[name] for row in sample] for name in sample[0]})
    table = pl.concat([some] * (count // len(sample))).rechunk()
    nodes = conditions()
    asked = {
        name: polars_condition(node).fill_null(True)
        for name, node in zip(NAMES, nodes, strict=True)
    }
    connection = duckdb.connect(config={"threads": 2})
    connection.register("facts", table.to_arrow())
    text = ", ".join(
        f"COALESCE({sql_condition(node, 'duckdb')}, TRUE) AS {name}"
        for name, node in zip(NAMES, nodes, strict=True)
    )
    looped = micros(engine, sample, 100) * count / 1e6
    works: dict[str, Callable[[], object]] = {
        "Polars": lambda: table.select(**asked),
        "DuckDB": lambda: connection.sql(f"SELECT {text} FROM facts").to_arrow_table(),
    }
    print(f"\n| {count:,} rows × eight rules | wall s | processor s |\n|---|--:|--:|")
    for name, work in works.items():
        wall, cores = seconds(work, 7)
        figures["bulk_8_s"][name] = wall
        print(f"| {name} | {wall:.3f} | {cores:.3f} |")
    print(f"| ours, compiled, row by row (scaled) | {looped:.2f} | |")


def quiet_row(dice: random.Random, run: Any, specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    """Find a row of which few rules speak, as of most acts: the best value of each fact."""
    row = {name: any_value(dice, spec) for name, spec in specs.items()}
    for name, spec in specs.items():
        tried = [{**row, name: any_value(dice, spec)} for _ in range(6)]
        row = min([row, *tried], key=lambda one: sum(map(len, run(one))))
    return row


def any_value(dice: random.Random, spec: FactSpec) -> Any:
    """Draw a value a fact may have, small ones often."""
    match spec.type:
        case "bool":
            return dice.random() < 0.3
        case "enum":
            return dice.choice(spec.values)
        case "text":
            return "x"
    low, high = spec.min, spec.max
    return dice.randint(low, min(high, low + dice.choice([1, 10, 1000, high - low])))


def whole_book(figures: dict[str, Any], book: Rulebook) -> list[dict[str, Any]]:
    """Decide over the whole book: one act, then every rule at once; give the rows."""
    dice = random.Random(6)
    edition = book.edition(DAY)
    assert edition is not None
    nodes = [edition.node(rule) for rule in edition.rules]
    used = list(dict.fromkeys(name for node in nodes for name in fact_names(node)))
    specs = {name: book.catalogue[name] for name in used}
    run = compile_many(nodes, specs)
    rows = []
    for _ in range(40):
        quiet = quiet_row(dice, run, specs)
        for _ in range(BATCH):
            some = dice.sample(list(specs), 8)
            rows.append(quiet | {name: any_value(dice, specs[name]) for name in some})
    print(f"\n| the book of {book.country.id}: {len(nodes)} rules | median µs |\n|---|--:|")
    for act in ("contact", "message", "report", "charge", "duty"):
        took = micros(lambda row, act=act: decide(book, act, row, DAY).verdict, rows, 40)
        told = micros(lambda row, act=act: decide(book, act, row, DAY).spoke, rows, 40)
        figures["decide_us"][act] = {"verdict": took, "with ids and facts": told}
        print(f"| decide {act}: verdict | {took:.1f} |")
        print(f"| decide {act}: with every rule id and its facts | {told:.1f} |")
    ids = [rule.id for rule in edition.rules]
    told_by = [compile_row(fact_names(node), specs) for node in nodes]

    def every(row: Row) -> list[tuple[str, dict[str, Any]]]:
        get = row.get
        true, unknown = run(row)
        return [(ids[place], told_by[place](get)) for place in true + unknown]

    # A case's facts have just been worked out: they are near at hand, not in far memory.
    warm = rows[:: len(rows) // BATCH] * 40
    figures["whole_book_us"] = micros(run, warm, 40)
    figures["whole_book_ids_us"] = micros(every, warm, 40)
    spoken = statistics.mean(len(every(row)) for row in rows)
    print(f"| all {len(nodes)} rules at once | {figures['whole_book_us']:.1f} |")
    print(f"| the same, with ids and facts ({spoken:.0f} rules speak) | "
          f"{figures['whole_book_ids_us']:.1f} |")  # fmt: skip
    return rows


def book_in_bulk(
    figures: dict[str, Any], book: Rulebook, rows: list[dict[str, Any]], count: int
) -> None:
    """Decide a table of rows over the whole book."""
    edition = book.edition(DAY)
    assert edition is not None
    nodes = [edition.node(rule) for rule in edition.rules]
    specs = {name: book.catalogue[name] for name in rows[0]}
    columns = {
        name: [None if row[name] is None else native_value(Kind(specs[name].type), row[name])
               for row in rows] for name in specs
    }  # fmt: skip
    made = table_of(specs, columns)
    table = pl.concat([made] * (count // len(rows))).rechunk()
    asked = [polars_condition(node).alias(str(place)) for place, node in enumerate(nodes)]
    arrow = table.to_arrow()
    unlike = shuffled(made, count).to_arrow()
    works: dict[str, tuple[Callable[[], object], str]] = {
        "bulk_expressions_s": (lambda: table.select(asked), "every condition, as columns"),
        "bulk_book_s": (lambda: find_patterns(book, arrow, DAY), "every rule, by pattern"),
        "bulk_act_s": (
            lambda: decide_many(book, arrow, "contact", DAY),
            "`decide_many` for a call: verdict, rules that speak, what is missing",
        ),
        "bulk_unlike_s": (
            lambda: find_patterns(book, unlike, DAY),
            "every rule, every fact drawn by itself, a tenth missing",
        ),
        "bulk_unlike_act_s": (
            lambda: decide_many(book, unlike, "contact", DAY),
            "`decide_many` for a call on those",
        ),
    }
    print(
        f"\nThe first three: {len(rows):,} rows, each a quiet one with eight facts drawn anew, "
        f"none missing, repeated to {len(table):,}. The last two: nearly every row is unlike every "
        "other, which no loan book is."
    )
    print(f"\n| {len(table):,} rows × {len(nodes)} rules | wall s | processor s |\n|---|--:|--:|")
    for name, (work, what) in works.items():
        wall, cores = seconds(work, 3)
        figures[name] = {"wall": wall, "processor": cores}
        print(f"| {what} | {wall:.2f} | {cores:.2f} |")


def shuffled(made: pl.DataFrame, count: int) -> pl.DataFrame:
    """Draw each fact of each row by itself, and leave a tenth of all out."""
    kept = pl.Series([True] * 9 + [False])
    drawn = []
    for place, series in enumerate(made.iter_columns()):
        values = series.sample(count, with_replacement=True, seed=place)
        there = kept.sample(count, with_replacement=True, seed=1000 + place)
        drawn.append(pl.select(pl.when(there).then(values)).to_series().alias(series.name))
    return pl.DataFrame(drawn)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    figures: dict[str, Any] = {"single_us": {}, "bulk_8_s": {}, "decide_us": {}}
    dice = random.Random(1)
    rows: list[Row] = [any_row(dice) for _ in range(20_000)]
    made = singles(figures, rows)
    missing(figures, made)
    eight_in_bulk(figures, made["ours, compiled"], given.rows)
    book = load_rulebook()
    book_in_bulk(figures, book, whole_book(figures, book), given.rows)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
