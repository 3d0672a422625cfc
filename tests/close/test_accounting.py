"""A book through the journal: the same positions, and a ledger that Beancount agrees with."""

import datetime
import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.close.small_books import write as small_book
from tests.databases import Database
from tests.state.test_twins import book_of

from kuanxian import simulate
from kuanxian.base.days import day_of
from kuanxian.base.errors import BookError, JournalError
from kuanxian.close.accounting import Totals, write_ledger
from kuanxian.close.journalled import Told, take_book, tell_loans
from kuanxian.intake.book import Book, open_book
from kuanxian.intake.tables import products_of
from kuanxian.journal.append import append_checked
from kuanxian.journal.beancount import yuan
from kuanxian.journal.entry import Draft
from kuanxian.journal.postings import CREDIT, PRINCIPAL
from kuanxian.journal.writer import Writer
from kuanxian.loan import Policy, Status, trace
from kuanxian.state.batch import positions
from kuanxian.state.local import read_slices
from kuanxian.state.traced import traces

UNTIL = day_of(2026, 10, 31)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    out = tmp_path_factory.mktemp("books") / "book"
    simulate.book(out, loans=150, years=2, seed=11, until_on=UNTIL)
    return open_book(out)


def told(database: Database) -> list[Told]:
    with database.engine("kx_audit").connect() as connection:
        return list(tell_loans(connection, 70))


def take(database: Database, book: Book) -> tuple[int, int]:
    with Writer(database.engine("kx_app")) as writer:
        return take_book(book, writer, "system:test")


def test_a_loan_whose_id_is_somebodys_number_does_not_enter_the_journal(
    embedded_database: Database, tmp_path: Path
) -> None:
    named = small_book(tmp_path / "named", [[], []], names=["loan-0000", "ZhangWei-17405000001"])
    with pytest.raises(BookError, match="loan_no 1 looks like somebody's number"):
        take(embedded_database, named)
    assert told(embedded_database) == []


@pytest.mark.parametrize("body", [b"", b"[" * 60_000, b"{}", b'{"kind": "payment"}', b"null"])
def test_an_entry_that_is_no_loans_costs_its_own_loan_alone(
    embedded_database: Database, tmp_path: Path, body: bytes
) -> None:
    take(embedded_database, small_book(tmp_path / "two", [[], []], names=["L-1", "L-2"]))
    at = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    wrong = Draft("loan:L-1", "loan.event", at.date(), at, "system:test", body, "wrong-1")
    with embedded_database.engine("kx_app").begin() as connection:
        append_checked(connection, [wrong])
    left_out: list[str] = []
    with embedded_database.engine("kx_audit").connect() as connection:
        read = list(tell_loans(connection, left_out=left_out))
        assert [one.loan_ids for one in read] == [["L-2"]]
        assert left_out == ["loan:L-1"]
        with pytest.raises(JournalError, match="loan:L-1"):
            list(tell_loans(connection))


def closed(loans: pa.Table, products: pa.Table, events: pa.Table) -> list[dict[str, Any]]:
    """Close a day over tables; what a row is called in its table is left out."""
    found = positions(
        loans, products, events, as_of_on=UNTIL, period_from_on=UNTIL - 30, policy=Policy()
    )
    rows: list[dict[str, Any]] = found.drop_columns(
        ["loan_no", "lender_id", "segment", "product_no"]
    ).to_pylist()
    return rows


@pytest.mark.slow
def test_rebuilt_from_the_journal_a_book_has_the_same_positions(
    embedded_database: Database, book: Book
) -> None:
    rows = book.loans + book.events
    assert take(embedded_database, book) == (rows, 0)
    assert take(embedded_database, book) == (0, rows)
    from_journal: dict[str, Any] = {}
    for some in told(embedded_database):
        from_journal |= {row["loan_id"]: row for row in closed(*some.tables)}
    (piece,) = read_slices(book)
    products = pq.read_table(book.file("products.parquet"))
    from_book = closed(piece.loans, products, piece.events)
    assert len(from_book) == len(from_journal) == 150
    assert [from_journal[row["loan_id"]] for row in from_book] == from_book


@pytest.mark.slow
def test_another_book_under_the_same_numbers_is_refused(
    embedded_database: Database, book: Book, tmp_path: Path
) -> None:
    take(embedded_database, book)
    simulate.book(tmp_path / "b", loans=150, years=2, seed=12, until_on=UNTIL)
    other = open_book(tmp_path / "b")
    with pytest.raises(JournalError, match="the journal holds it with other figures"):
        take(embedded_database, renamed(other, book, tmp_path))


def renamed(other: Book, like: Book, folder: Path) -> Book:
    """Give a book the loan numbers of another."""
    loans = pq.read_table(other.file("loans.parquet"))
    names = pq.read_table(like.file("loans.parquet"))["loan_id"]
    place = loans.column_names.index("loan_id")
    pq.write_table(loans.set_column(place, "loan_id", names), other.file("loans.parquet"))
    return other


@pytest.mark.slow
def test_compiled_traces_are_the_plain_ones() -> None:
    lives = [simulate.life(seed) for seed in range(120)]
    loans, products, events = book_of(lives)
    on = day_of(2031, 5, 1)
    traced = traces(loans, products, events, as_of_on=on)
    for place, some in enumerate(lives):
        plain = trace(*some, as_of_on=on)
        assert traced.of(place) == [tuple(map(int, line)) for line in plain]
    assert len(products_of(products)) > 10


def ledger_of(database: Database) -> tuple[str, Totals]:
    text = io.StringIO()
    totals = write_ledger(told(database), text, as_of_on=UNTIL, title="test")
    return text.getvalue(), totals


@pytest.mark.slow
def test_beancount_agrees_with_the_ledger(
    embedded_database: Database, book: Book, root: Path, tmp_path: Path
) -> None:
    check = root / ".venv-oracles" / "bin" / "bean-check"
    if not check.exists():
        pytest.skip("the programs to compare with are not installed: make .venv-oracles/.made")
    take(embedded_database, book)
    text, totals = ledger_of(embedded_database)
    balances = "".join(
        f"2026-11-01 balance {account}  {yuan(fen)} CNY\n"
        for account, fen in totals.balances_fen.items()
    )
    path = tmp_path / "loans.beancount"
    path.write_text(text + balances, "utf-8")
    done = subprocess.run([check, path], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    # A fen moved is a fen noticed.
    path.write_text(re.sub(r"(?m)^(  Assets:Cash  -?\d+\.\d)\d", r"\g<1>x", text, count=1)
                    .replace("x CNY", "9 CNY") + balances, "utf-8")  # fmt: skip
    assert subprocess.run([check, path], capture_output=True).returncode != 0


@pytest.mark.slow
def test_the_ledger_has_the_principal_of_the_positions(
    embedded_database: Database, book: Book
) -> None:
    take(embedded_database, book)
    _, totals = ledger_of(embedded_database)
    assert sum(totals.balances_fen.values()) == 0
    owed_fen = credit_fen = 0
    for some in told(embedded_database):
        for row in closed(*some.tables):
            # What was written off or assigned is off the books.
            if row["written_off_on"] is None and row["status"] != Status.ASSIGNED:
                owed_fen += row["outstanding_principal_fen"]
            credit_fen += row["credit_fen"]
    assert totals.balances_fen[PRINCIPAL] == owed_fen
    assert -totals.balances_fen[CREDIT] == credit_fen
