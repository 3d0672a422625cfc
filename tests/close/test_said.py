"""In how many loans the law says what: each is counted once, and the page shows it."""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.close.small_books import order, plain_kernel, write

from kuanxian.base.days import day_of
from kuanxian.close import said
from kuanxian.close.report.render import render
from kuanxian.close.run import close_day
from kuanxian.close.verdicts import open_law
from kuanxian.intake.book import Book
from kuanxian.loan import Status
from kuanxian.state.local import Cut

DAY = day_of(2026, 9, 30)


@pytest.fixture(scope="module")
def closed(lived: Book, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A day closed in several slices, by the law and with an agency that kept data of one loan."""
    place = tmp_path_factory.mktemp("said")
    loan_id = pq.read_table(lived.file("loans.parquet"))["loan_id"][7].as_py()
    facts = {"loan_id": [loan_id], "agency_contract_ended": [True], "agency_data_returned": [False]}
    pq.write_table(pa.table(facts), place / "facts.parquet")
    law = open_law("cn", facts=place / "facts.parquet")
    given = order(lived.path, place / "out", DAY, law=law, cut=Cut(100))
    return close_day(given, kernel=plain_kernel).summary, place / "out"


def test_the_counts_are_those_of_the_rows(closed: tuple[dict[str, Any], Path]) -> None:
    summary, out = closed
    positions = pl.read_parquet(out / "positions.parquet", columns=["status"])
    rows = pl.read_parquet(out / "verdicts.parquet").with_columns(pl.col(pl.Categorical).cast(str))
    late = rows.filter(positions["status"] == Status.OVERDUE).to_dicts()
    law = summary["law"]
    assert law["overdue_loans"] == len(late) > 10
    for row in law["acts"]:
        for answer in said.ANSWERS:
            found = [one for one in late if row["act"] in acts_of(one[answer])]
            assert row[answer] == len(found), (row["act"], answer)
        assert sum(row[answer] for answer in said.ANSWERS) == len(late)
    for row in law["forbidding"]:
        entries = [entry for one in late for entry in one["must_not"].split()]
        told = [entry for entry in entries if entry.startswith(f"{row['act']}:")]
        assert row["loans"] == sum(row["rule"] in one.split(":")[1].split(",") for one in told)
    due = [(row["deed"], row["rule"], row["loans"]) for row in law["duties"]]
    assert ("recover_agency_data", "cn.agency.recover_data", 1) in due


def acts_of(entries: str) -> set[str]:
    return {entry.partition(":")[0] for entry in entries.split()}


def test_nobody_from_an_address_book_may_be_called_in_any_loan(
    closed: tuple[dict[str, Any], Path],
) -> None:
    acts = {row["act"]: row for row in closed[0]["law"]["acts"]}
    assert acts["call_address_book"]["may"] == acts["call_address_book"]["open"] == 0


def test_the_page_says_it_in_both_languages(closed: tuple[dict[str, Any], Path]) -> None:
    page = render(closed[0])
    for words in ("今日可做与不得做", "致电通讯录中的人 · cn.third_party.origin", "recover_data"):
        assert words in page
    assert "call somebody from an address book · cn.third_party.origin" in page
    assert "今日可做与不得做" not in render({**closed[0], "law": None})


def test_a_book_without_loans_has_a_count_of_none(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", [])
    law = close_day(
        order(tmp_path / "b", out, DAY, law=open_law("cn")), kernel=plain_kernel
    ).summary["law"]
    assert {row[answer] for row in law["acts"] for answer in said.ANSWERS} == {0}
    assert law["forbidding"] == law["duties"] == []
    assert said.told(None, None) is None
