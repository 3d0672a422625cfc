"""A book is whole or not there, and damage to it is found."""

import datetime
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.intake.conftest import EVENTS, LAYOUT, LOANS

from kuanxian import simulate
from kuanxian.base.days import day_number, day_of
from kuanxian.base.errors import BookError
from kuanxian.intake import book as intake_book
from kuanxian.intake.book import SCHEMAS, Book, BookWriter, open_book
from kuanxian.intake.layout_file import load_layout, parse_layout
from kuanxian.intake.loan_file import parse_loan
from kuanxian.intake.own_form import write_own_form
from kuanxian.intake.read import read_book
from kuanxian.intake.sources import find_sources
from kuanxian.intake.tables import (
    EVENT_SCHEMA,
    LOAN_SCHEMA,
    PRODUCT_SCHEMA,
    REFUSAL_SCHEMA,
    products_of,
    products_table,
)
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.terms import Conventions, Method, Terms


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Make the book of the small lender."""
    (tmp_path / "loans.csv").write_text(LOANS)
    events = EVENTS + "A,2,,payment,2024-03-02,50\nA,3,2,reversal,2024-03-05,0\n"
    (tmp_path / "events.csv").write_text(events)
    sources = find_sources([str(tmp_path / "loans.csv"), str(tmp_path / "events.csv")])
    return read_book(sources, parse_layout(LAYOUT, "test.toml"), tmp_path / "book")


def test_columns_are_those_of_the_kernels_tuples() -> None:
    assert LOAN_SCHEMA.names[5:] == list(Terms._fields)
    assert EVENT_SCHEMA.names[1:] == list(Event._fields)
    assert PRODUCT_SCHEMA.names[2:] == list(Conventions._fields)


def test_products_come_back_as_they_were() -> None:
    products = [Conventions(), Conventions(method=Method.SINGLE, period_count=7)]
    assert products_of(products_table(products)) == products


def test_a_book_says_what_is_in_it(book: Book) -> None:
    facts = open_book(book.path).facts
    assert facts == book.facts
    assert (facts["loans"], facts["events"], facts["refusals"]) == (2, 3, 0)
    assert facts["principal_fen"] == 2_100_000
    assert facts["payment_fen"] == 15_000
    assert facts["source"]["layout"] == "test"


def test_nothing_is_left_beside_a_book(book: Book) -> None:
    assert sorted(p.name for p in book.path.parent.iterdir()) == ["book", "events.csv", "loans.csv"]


def test_the_same_files_give_the_same_bytes(book: Book, tmp_path: Path) -> None:
    sources = find_sources([str(tmp_path / "loans.csv"), str(tmp_path / "events.csv")])
    again = read_book(sources, parse_layout(LAYOUT, "test.toml"), tmp_path / "again")
    assert again.facts == book.facts


def test_a_reversal_finds_the_number_of_the_event_it_takes_back(book: Book) -> None:
    events = pq.read_table(book.file("events.parquet")).to_pylist()
    assert [(e["seq"], e["kind"], e["ref_seq"]) for e in events] == [
        (1, Kind.PAYMENT, 0),
        (2, Kind.PAYMENT, 0),
        (3, Kind.REVERSAL, 2),
    ]


def test_a_book_written_in_our_own_form_and_read_again_is_the_same_book(
    book: Book, tmp_path: Path
) -> None:
    files = [str(path) for path in write_own_form(book, tmp_path / "own")]
    again = read_book(find_sources(files), load_layout("kuanxian"), tmp_path / "again")
    for name in ("loans.parquet", "events.parquet"):
        assert again.facts["files"][name] == book.facts["files"][name]
    assert products_of(pq.read_table(again.file("products.parquet")))[-1:] == products_of(
        pq.read_table(book.file("products.parquet"))
    )


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_one_changed_byte_is_found(book: Book, name: str) -> None:
    path = book.file(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BookError, match="other bytes"):
        open_book(book.path)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a file is missing": lambda p: (p / "loans.parquet").unlink(),
    "a file is cut off": lambda p: os.truncate(p / "loans.parquet", 100),
    "book.json is missing": lambda p: (p / "book.json").unlink(),
    "book.json is no JSON": lambda p: (p / "book.json").write_text("{"),
    "book.json is of another form": lambda p: (p / "book.json").write_text('{"format": "x"}'),
    "book.json lacks its counts": lambda p: (p / "book.json").write_text(
        '{"format": "kuanxian-book/1"}'
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_book_is_not_opened(book: Book, damage: str) -> None:
    DAMAGE[damage](book.path)
    with pytest.raises(BookError):
        open_book(book.path)


def test_a_count_that_is_not_the_files_is_found(book: Book) -> None:
    facts = dict(book.facts, loans=3)
    (book.path / "book.json").write_text(json.dumps(facts))
    with pytest.raises(BookError, match="other rows"):
        open_book(book.path)


def test_a_book_is_never_written_over(book: Book) -> None:
    with pytest.raises(BookError, match="something here already"):
        BookWriter(book.path)


def test_two_runs_cannot_write_one_book(tmp_path: Path) -> None:
    with BookWriter(tmp_path / "b"), pytest.raises(BookError, match="another run"):
        BookWriter(tmp_path / "b")


def test_a_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BookError), BookWriter(tmp_path / "b") as writer:
        writer.add_loans(products_table([Conventions()]))
    assert list(tmp_path.iterdir()) == []


def test_a_run_clears_away_what_a_killed_one_left(tmp_path: Path) -> None:
    (tmp_path / ".b.writing").mkdir()
    (tmp_path / ".b.writing" / "loans.parquet").write_text("half")
    with BookWriter(tmp_path / "b") as writer:
        writer.publish()
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_rows_with_other_columns_are_not_taken(tmp_path: Path) -> None:
    with BookWriter(tmp_path / "b") as writer, pytest.raises(BookError, match="other columns"):
        writer.add_refusals(pa.table({"file": ["x"]}))


@pytest.mark.parametrize("step", [1, 3, 12])
def test_events_are_grouped_as_their_loans_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(intake_book, "LOAN_GROUP_ROWS", 2)
    monkeypatch.setattr(intake_book, "EVENT_GROUP_ROWS", 4)
    owners = [0, 0, 1, 3, 4, 4, 4, 4, 5, 5, 8, 9]
    columns = {
        field.name: owners if field.name == "loan_no" else [0] * len(owners)
        for field in EVENT_SCHEMA
    }
    events = pa.table(columns, schema=EVENT_SCHEMA)
    with BookWriter(tmp_path / "b") as writer:
        for start in range(0, len(owners), step):
            writer.add_events(events.slice(start, step))
        file = pq.ParquetFile(writer.publish().file("events.parquet"))
    groups = [file.read_row_group(k)["loan_no"].to_pylist() for k in range(file.num_row_groups)]
    assert groups == [[0, 0, 1], [3], [4, 4, 4, 4], [5, 5], [8, 9]]


def test_row_groups_do_not_depend_on_how_rows_were_cut(tmp_path: Path) -> None:
    refusals = pa.table(
        {name: pa.array(["x"] * 3000) for name in REFUSAL_SCHEMA.names}
        | {"row": pa.array(range(3000), pa.int64())},
        schema=REFUSAL_SCHEMA,
    )
    prints = []
    for step in (7, 3000):
        with BookWriter(tmp_path / str(step)) as writer:
            for start in range(0, 3000, step):
                writer.add_refusals(refusals.slice(start, step))
            prints.append(writer.publish().facts["files"]["refusals.parquet"])
    assert prints[0] == prints[1]


OWN_LOAN = "loan_id,principal_fen,disbursed_on,instalments,rate_ppb\nA,120000,2026-01-15,3,0\n"
SAYINGS = [
    'kind = "correction"\nfield = "FIELD"\nvalue = "VALUE"'.replace("FIELD", f).replace("VALUE", v)
    for f, v in (("rate", "6 %"), ("principal", "1,300.5"), ("first_due_on", "2026-03-01"))
] + [
    f'kind = "correction"\nfield = "{field}"\nvalue = {number + 1}'
    for number, field in enumerate(Terms._fields) if not field.endswith("_on")
] + [
    'kind = "reinstalment"\ninstalments = 3\nrate_ppb = 0',
    'kind = "reinstalment"\ninstalments = 3\nrate_ppb = 5\npart = "principal"',
    'kind = "deferral"\nperiods = 1\npart = "interest"',
    'kind = "waiver"\npart = "any"',
    'kind = "rate"\nrate_ppb = 0',
]  # fmt: skip
COLUMNS = {"instalments": "count", "periods": "count"}


def test_a_book_says_what_a_loan_file_says_and_comes_back_the_same(tmp_path: Path) -> None:
    text = '[terms]\nprincipal = "1200"\ndisbursed_on = 2026-01-15\ninstalments = 3\n'
    text += "".join(f"[[events]]\non = 2026-02-01\n{saying}\n" for saying in SAYINGS)
    told = parse_loan(text).events
    rows = [tomllib.loads(saying) for saying in SAYINGS]
    lines = [
        json.dumps({"loan_id": "A", "value_on": "2026-02-01"} | {
            COLUMNS.get(key, key): value for key, value in row.items()})
        for row in rows
    ]  # fmt: skip
    (tmp_path / "loans.csv").write_text(OWN_LOAN)
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")
    files = [str(tmp_path / "loans.csv"), f"events={tmp_path / 'events.jsonl'}"]
    made = read_book(find_sources(files), load_layout("kuanxian"), tmp_path / "made")
    assert pq.read_table(made.file("refusals.parquet")).to_pylist() == []
    events = pq.read_table(made.file("events.parquet"))
    plain = [
        Event(**{n: day_number(v) if isinstance(v, datetime.date) else v for n, v in row.items()
                 if v is not None})
        for row in events.drop_columns(["loan_no"]).to_pylist()
    ]  # fmt: skip
    assert plain == list(told)
    own = [str(path) for path in write_own_form(made, tmp_path / "own")]
    again = read_book(find_sources(own), load_layout("kuanxian"), tmp_path / "again")
    assert pq.read_table(again.file("events.parquet")).equals(events)


def test_a_simulated_book_comes_back_the_same_through_our_own_form(tmp_path: Path) -> None:
    made = tmp_path / "made"
    simulate.book(made, loans=400, years=2, seed=5, until_on=day_of(2026, 10, 31))
    files = [str(path) for path in write_own_form(open_book(made), tmp_path / "own")]
    again = read_book(find_sources(files), load_layout("kuanxian"), tmp_path / "again")
    assert again.facts["refusals"] == 0
    events = [pq.read_table(folder / "events.parquet") for folder in (made, again.path)]
    assert events[0].equals(events[1])
    loans = [pq.read_table(folder / "loans.parquet") for folder in (made, again.path)]
    assert loans[0].drop_columns("product_no").equals(loans[1].drop_columns("product_no"))
