"""A million rows at once are decided as one row is."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuanxian.base.days import day_of
from kuanxian.base.errors import LawError
from kuanxian.law import packed
from kuanxian.law.bulk import decide_many
from kuanxian.law.decide import decide
from kuanxian.law.facts import FactSpec
from kuanxian.law.load import load_rulebook
from kuanxian.law.rule import Value
from kuanxian.law.rulebook import Rulebook

DAY = day_of(2026, 11, 25)
KINDS = {
    "bool": pa.bool_(), "int": pa.int64(), "text": pa.string(), "enum": pa.string(),
    "date": pa.date32(), "instant": pa.timestamp("us", "UTC"),
}  # fmt: skip


def values_of(spec: FactSpec) -> st.SearchStrategy[Value]:
    """Draw a fact: known or not, near the ends of what it may be, and beyond."""
    if spec.type == "bool":
        return st.none() | st.booleans()
    if spec.type == "enum":
        return st.none() | st.sampled_from([*spec.values, "nonsense"])
    if spec.type == "text":
        return st.none() | st.text(max_size=3)
    edges = [spec.min, spec.max, 0, 1, 3, 5, 7, 29, 30, 480, 1260, DAY, DAY - 400]
    return st.none() | st.sampled_from([edge for edge in edges if edge >= 0])


def rows_of(book: Rulebook, names: list[str]) -> st.SearchStrategy[list[dict[str, Value]]]:
    one = st.fixed_dictionaries({name: values_of(book.catalogue[name]) for name in names})
    return st.lists(one, min_size=1, max_size=12)


def table_of(book: Rulebook, rows: list[dict[str, Value]], names: list[str]) -> pa.Table:
    columns = {}
    for name in names:
        kind = KINDS[book.catalogue[name].type]
        narrow = pa.int32() if kind == pa.date32() else kind
        columns[name] = pa.array([row[name] for row in rows], narrow).cast(kind)
    return pa.table(columns)


def agree(book: Rulebook, act: str, rows: list[dict[str, Any]], table: pa.Table) -> None:
    lender = None if "lender_type" in table.column_names else "bank"
    many = decide_many(book, table, act, DAY, lender).to_pylist()
    assert len(many) == len(rows)
    for row, told in zip(rows, many, strict=True):
        one = decide(book, act, row, DAY, row.get("lender_type", lender))
        assert told["verdict"] == one.verdict
        assert told["allowed"] == one.allowed
        fires = {
            spoken.rule.id
            for spoken in one.spoke
            if spoken.outcome in {"fires", "rebutted", "permits"}
        }
        opened = {
            spoken.rule.id for spoken in one.spoke if spoken.outcome in {"unknown", "unproven"}
        }
        assert (set(told["fires"]), set(told["open"])) == (fires, opened)
        assert set(one.missing) <= set(told["missing"])


def test_rows_that_only_look_alike_are_kept_apart(
    nowhere: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "_MULTIPLIER", np.uint64(0))  # every row has one hash
    rows: list[dict[str, Any]] = [
        {"calls_in_seven_days": calls, "stopped": calls == 3, "days_late": 60 - calls}
        for calls in range(12)
    ]
    agree(nowhere, "contact", rows, table_of(nowhere, rows, list(rows[0])))


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["contact", "charge", "duty", "delete"]))
def test_many_rows_are_decided_as_each_one_is(
    nowhere: Rulebook, data: st.DataObject, act: str
) -> None:
    names = [name for name, spec in nowhere.catalogue.items() if spec.source != "value"]
    names = data.draw(st.lists(st.sampled_from(names), unique=True))
    rows = data.draw(rows_of(nowhere, names))
    table = table_of(nowhere, rows, names) if names else pa.table({"x": [0] * len(rows)})
    agree(nowhere, act, rows, table)


def test_a_figure_that_ends_is_unknown_after_it_in_a_table_too() -> None:
    days = [(2025, 11, 30), (2025, 12, 1), (2025, 12, 31), (2026, 1, 1)]
    rows: list[dict[str, Any]] = [
        {"all_in_apr_ppb": 100_000_000, "contract_on": day_of(*day)} for day in days
    ]
    book = load_once()
    table = table_of(book, rows, list(rows[0])).append_column(
        "lender_type", pa.array(["private"] * len(rows))
    )
    agree(book, "charge", [row | {"lender_type": "private"} for row in rows], table)
    opened = [set(told["open"]) for told in decide_many(book, table, "charge", DAY).to_pylist()]
    assert ["cn.fee.private_cap" in one for one in opened] == [True, False, False, True]


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_many_rows_are_decided_as_each_one_is_by_chinas_rules(data: st.DataObject) -> None:
    book = load_once()
    act = data.draw(st.sampled_from(sorted(book.acts)))
    edition = book.edition(DAY)
    assert edition is not None
    from kuanxian.law.rulebook import names_of

    used = {n for rule in edition.rules if act in rule.acts for n in names_of(rule)}
    names = sorted(n for n in used if n in book.catalogue and book.catalogue[n].source != "value")
    dates = {book.catalogue[n].at for n in used if n in book.catalogue and book.catalogue[n].at}
    names = sorted({*names, *dates} - {""})
    rows: list[dict[str, Any]] = list(data.draw(rows_of(book, names)))
    table = table_of(book, rows, names)
    types = data.draw(st.lists(st.sampled_from([None, *book.country.lender_types]),
                               min_size=len(rows), max_size=len(rows)))  # fmt: skip
    for row, lender_type in zip(rows, types, strict=True):
        row["lender_type"] = lender_type
    agree(book, act, rows, table.append_column("lender_type", pa.array(types, pa.string())))


_BOOKS: list[Rulebook] = []


def load_once() -> Rulebook:
    if not _BOOKS:
        _BOOKS.append(load_rulebook("cn"))
    return _BOOKS[0]


def test_a_ledger_fact_may_have_the_name_of_its_position_column(nowhere: Rulebook) -> None:
    table = pa.table({"days_past_due": pa.array([29, 30, None], pa.int32())})
    told = decide_many(nowhere, table, "duty", DAY)
    assert told["verdict"].to_pylist() == ["allowed", "required", "required"]
    assert told["open"].to_pylist() == [[], [], ["xx.contact.statement"]]
    assert told["missing"].to_pylist() == [[], [], ["days_late"]]


def test_no_rows_are_no_verdicts(nowhere: Rulebook) -> None:
    told = decide_many(nowhere, pa.table({"days_past_due": pa.array([], pa.int32())}), "duty", DAY)
    assert told.num_rows == 0


def test_before_the_first_rule_there_is_no_rulebook_for_any_row(nowhere: Rulebook) -> None:
    table = pa.table({"days_past_due": pa.array([1, 2], pa.int32())})
    told = decide_many(nowhere, table, "contact", day_of(2020, 1, 1))
    assert told["verdict"].to_pylist() == ["no_rulebook"] * 2


def test_a_column_of_another_type_is_refused_by_name(nowhere: Rulebook) -> None:
    with pytest.raises(LawError, match="days_past_due: the column holds String"):
        decide_many(nowhere, pa.table({"days_past_due": ["9"]}), "duty", DAY)


def test_many_slices_give_what_one_gives(
    nowhere: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.table({"days_past_due": pa.array([*range(25, 35), None] * 3, pa.int32())})
    whole = decide_many(nowhere, table, "duty", DAY)
    monkeypatch.setattr("kuanxian.law.patterns._SLICE_ROWS", 7)
    assert decide_many(nowhere, table, "duty", DAY).to_pylist() == whole.to_pylist()
