"""Each loan of a close is told what may, must and must not be done, by the rules of the day."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.close.small_books import APR, order, pay, plain_kernel, write

from kuanxian.base.days import day_number
from kuanxian.base.errors import CloseError
from kuanxian.close.run import close_day
from kuanxian.close.verdicts import SAID, VERDICT_SCHEMA, Law, open_law, verdicts_of
from kuanxian.intake.book import Book
from kuanxian.law.decide import decide
from kuanxian.law.rule import DUTY
from kuanxian.state.local import Cut


@pytest.fixture(scope="module")
def law() -> Law:
    return open_law("cn")


def a_book(tmp_path: Path) -> Book:
    """Two loans: one paid in time, one with nothing paid since January."""
    return write(tmp_path / "book", [[pay(1, APR - 30), pay(2, APR - 1, 300_000)], []])


def rows_of(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / "verdicts.parquet").to_pylist()
    return rows


def test_each_loan_gets_its_verdicts_with_the_rules_that_gave_them(
    tmp_path: Path, out: Path, law: Law
) -> None:
    close_day(order(a_book(tmp_path).path, out, law=law), kernel=plain_kernel)
    kept, late = rows_of(out)
    assert (kept["loan_id"], late["loan_id"]) == ("L0", "L1")
    assert "report_overdue:cn.credit_report.outside_grace" in kept["must_not"]
    assert "report_overdue" in late["open"]
    for row in (kept, late):
        assert "call_address_book:" in row["must_not"]
        assert "call_address_book" not in row["may"]
        assert "sue" in row["open"], "what is not known is never a yes"


def test_the_verdicts_are_those_of_one_decision_a_loan(tmp_path: Path, out: Path, law: Law) -> None:
    close_day(order(a_book(tmp_path).path, out, law=law), kernel=plain_kernel)
    positions = pq.read_table(out / "positions.parquet").to_pylist()
    for position, row in zip(positions, rows_of(out), strict=True):
        facts = {
            name: day_number(value) if hasattr(value, "year") else value
            for name, spec in law.book.catalogue.items()
            if spec.column and (value := position[spec.column]) is not None
        }
        for one in law.book.standards:
            told = decide(law.book, one.act, {**facts, **one.facts}, APR)
            forbidden = [
                spoken.rule.id
                for spoken in told.spoke
                if spoken.outcome == "fires" and spoken.verdict == "forbid"
            ]
            entry = next((e for e in row["must_not"].split() if e.split(":")[0] == one.name), "")
            assert sorted(entry.partition(":")[2].split(",")) == sorted(forbidden) or (
                not entry and not forbidden
            )
            assert told.allowed == (one.name in {e.split(":")[0] for e in row["may"].split()})
        due = {
            f"{spoken.rule.requires}:{spoken.rule.id}"
            for spoken in decide(law.book, DUTY, facts, APR).spoke
            if spoken.outcome == "fires" and spoken.rule.verdict == "require"
        }
        assert set(row["must"].split()) == due


def test_facts_of_the_lenders_own_are_used(tmp_path: Path, out: Path) -> None:
    facts = pa.table(
        {
            "loan_id": ["L1"],
            "lender_type": ["bank"],
            "agency_contract_ended": [True],
            "agency_data_returned": [False],
        }
    )
    pq.write_table(facts, tmp_path / "facts.parquet")
    law = open_law("cn", facts=tmp_path / "facts.parquet")
    close_day(order(a_book(tmp_path).path, out, law=law), kernel=plain_kernel)
    kept, late = rows_of(out)
    assert "recover_agency_data:cn.agency.recover_data" in late["must"]
    assert "recover_agency_data" not in kept["must"]
    assert "recover_agency_data:cn.agency.recover_data" in kept["must_open"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"loan_id": ["L1"], "nonsense": [1]}, "no such fact"),
        ({"loan_id": ["L1"], "days_past_due": [1]}, "the ledger or the rulebook gives it"),
        ({"debtor_minor": [True]}, "there is no column loan_id"),
        ({"loan_id": ["L1", "L1"], "debtor_minor": [True, False]}, "two rows"),
    ],
)
def test_a_table_of_facts_that_cannot_be_used_is_refused(
    tmp_path: Path, columns: dict[str, list[Any]], words: str
) -> None:
    pq.write_table(pa.table(columns), tmp_path / "facts.parquet")
    with pytest.raises(CloseError, match=words):
        open_law("cn", facts=tmp_path / "facts.parquet")
    (tmp_path / "text.parquet").write_text("no")
    with pytest.raises(CloseError, match="no readable Parquet"):
        open_law("cn", facts=tmp_path / "text.parquet")


def test_a_close_by_other_rules_is_another_close(tmp_path: Path, out: Path, law: Law) -> None:
    book = a_book(tmp_path)
    close_day(order(book.path, out, law=law), kernel=plain_kernel)
    assert close_day(order(book.path, out, law=law), kernel=plain_kernel).already
    policy = tmp_path / "house.toml"
    policy.write_text('country = "cn"\nname = "house"\n', "utf-8")
    other = law._replace(book=open_law("cn", policy).book)
    with pytest.raises(CloseError, match="it holds another close"):
        close_day(order(book.path, out, law=other), kernel=plain_kernel)
    with pytest.raises(CloseError, match="it holds another close"):
        close_day(order(book.path, out), kernel=plain_kernel)
    (out / "verdicts.parquet").write_bytes(b"")
    with pytest.raises(CloseError, match=r"verdicts\.parquet is not what was published"):
        close_day(order(book.path, out, law=law), kernel=plain_kernel)


def test_a_close_that_stopped_goes_on_to_the_same_bytes(
    tmp_path: Path, out: Path, lived: Book, law: Law
) -> None:
    cut = Cut(100)
    whole = tmp_path / "whole"
    close_day(order(lived.path, whole, law=law, cut=cut), kernel=plain_kernel)

    def stop(done: int, _all: int) -> None:
        if done >= 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        close_day(order(lived.path, out, law=law, cut=cut), stop, kernel=plain_kernel)
    close_day(order(lived.path, out, law=law, cut=cut), kernel=plain_kernel)
    for name in ("verdicts.parquet", "close.json"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()


def test_no_rows_have_the_same_columns(law: Law) -> None:
    from kuanxian.state.columns import POSITION_SCHEMA

    made = verdicts_of(POSITION_SCHEMA.empty_table(), law, APR)
    assert made.schema == VERDICT_SCHEMA
    assert made.num_rows == 0
    assert set(SAID) < set(made.column_names)
