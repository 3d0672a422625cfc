"""Slices of a book: contiguous loans with exactly their events."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.close.small_books import FEB, MAR, pay, reopen, write

from kuanxian.base.errors import BookError
from kuanxian.intake import book as intake_book
from kuanxian.intake.book import Book
from kuanxian.state import local
from kuanxian.state.local import Cut, Mark, Slice, in_order, read_slices, split

Change = Callable[[pa.Table], pa.Table]

CUTS = [Cut(1, 100), Cut(2, 4), Cut(3, 100), Cut(100, 4), Cut(100, 100)]
EVENTS = [[pay(1, FEB), pay(2, MAR)], [], [pay(n, FEB + n) for n in range(4)], [pay(1, MAR)], []]


def rewrite(book: Book, name: str, change: Change, **layout: Any) -> None:
    """Replace a file of a book by hand, keeping book.json's promise of its size out of it."""
    path = book.file(name)
    pq.write_table(change(pq.read_table(path)), path, **layout)


@pytest.mark.parametrize("cut", CUTS)
def test_each_loan_and_event_is_in_exactly_one_slice(tmp_path: Path, cut: Cut) -> None:
    book = write(tmp_path / "b", EVENTS)
    slices = list(read_slices(book, cut))
    loans = pa.concat_tables(s.loans for s in slices)
    assert loans.equals(pq.read_table(book.file("loans.parquet")))
    events = pa.concat_tables(s.events for s in slices)
    assert events.equals(pq.read_table(book.file("events.parquet")))
    for piece in slices:
        numbers = set(piece.loans["loan_no"].to_pylist())
        assert set(piece.events["loan_no"].to_pylist()) <= numbers
        assert piece.loans.num_rows <= cut.loans
        assert piece.events.num_rows <= max(cut.events, 4)


@pytest.mark.parametrize("cut", CUTS)
def test_reading_may_begin_at_the_end_of_any_slice(tmp_path: Path, cut: Cut) -> None:
    book = write(tmp_path / "b", EVENTS)
    slices = list(read_slices(book, cut))
    for place, piece in enumerate(slices):
        rest = list(read_slices(book, cut, piece.end))
        assert [s.begin for s in rest] == [s.begin for s in slices[place + 1 :]]
        assert [s.events for s in rest] == [s.events for s in slices[place + 1 :]]


def test_a_slice_of_a_row_group_of_loans_has_its_events_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_book, "LOAN_GROUP_ROWS", 2)
    monkeypatch.setattr(local, "_EVENTS_AT_ONCE", 5)
    slices = list(read_slices(write(tmp_path / "b", EVENTS), Cut(2, 100)))
    assert [s.events.num_rows for s in slices] == [2, 5, 0]
    assert max(s.events.column("amount_fen").num_chunks for s in slices) == 1


@pytest.mark.parametrize("rows", [1, 3, 5])
def test_row_groups_do_not_move_the_cuts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    book = write(tmp_path / "b", EVENTS)
    wanted = [(s.begin, s.end) for s in read_slices(book, Cut(2, 4))]
    rewrite(book, "events.parquet", lambda t: t, row_group_size=rows)
    rewrite(book, "loans.parquet", lambda t: t, row_group_size=rows)
    monkeypatch.setattr(local, "_LOANS_AT_ONCE", 2)
    monkeypatch.setattr(local, "_EVENTS_AT_ONCE", 2)
    assert [(s.begin, s.end) for s in read_slices(book, Cut(2, 4))] == wanted


def test_a_loan_of_many_events_stays_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [pay(n, FEB + n // 100, 1) for n in range(20_000)]
    book = write(tmp_path / "b", [[pay(1, FEB)], many, [pay(1, MAR)]])
    rewrite(book, "events.parquet", lambda t: t, row_group_size=4_096)
    monkeypatch.setattr(local, "_LOANS_AT_ONCE", 1_000)
    monkeypatch.setattr(local, "_EVENTS_AT_ONCE", 1_000)
    sizes = [s.events.num_rows for s in read_slices(book, Cut(10, 20_000))]
    assert sizes == [1, 20_000, 1]


def test_a_loan_of_too_many_events_is_refused_with_advice(tmp_path: Path) -> None:
    book = write(tmp_path / "b", [[pay(n, FEB, 1) for n in range(12)]])
    with pytest.raises(BookError, match=r"loan_no 0 has more than 10 events.*intake"):
        list(read_slices(book, Cut(5, 10)))


def test_an_empty_book_has_no_slices(tmp_path: Path) -> None:
    assert list(read_slices(write(tmp_path / "b", []))) == []


def test_a_slice_splits_into_runs_of_loans(tmp_path: Path) -> None:
    (piece,) = read_slices(write(tmp_path / "b", EVENTS))
    runs = [(run.num_rows, events.num_rows) for run, events in split(piece, 2)]
    assert runs == [(2, 2), (2, 5), (1, 0)]


def set_number(name: str, row: int, value: int | None) -> Change:
    """Make a change of one number of one column."""

    def change(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index(name)
        field = table.schema.field(place)
        kind = pa.int32() if pa.types.is_date32(field.type) else pa.int64()
        numbers = table[name].cast(kind).to_pylist()
        numbers[row] = value
        return table.set_column(place, field, pa.array(numbers, kind).cast(field.type))

    return change


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("loans.parquet", set_number("loan_no", 1, 7), "loan_no is not the row number"),
        ("loans.parquet", set_number("product_no", 1, 9), "a product_no is not in"),
        ("loans.parquet", set_number("product_no", 1, -1), "a product_no is not in"),
        ("loans.parquet", set_number("principal_fen", 1, None), "principal_fen lacks a value"),
        ("loans.parquet", set_number("disbursed_on", 1, None), "disbursed_on lacks a value"),
        ("events.parquet", set_number("loan_no", 1, 99), "out of order|no loan has"),
        ("events.parquet", set_number("loan_no", 6, 99), "a loan_no that no loan has"),
        ("events.parquet", set_number("loan_no", 0, -1), "out of order"),
        ("events.parquet", set_number("loan_no", 3, 0), "row 4 is out of order"),
        ("events.parquet", set_number("value_on", 1, None), "value_on lacks a value"),
        ("events.parquet", set_number("amount_fen", 1, None), "amount_fen lacks a value"),
        ("events.parquet", lambda t: t.slice(0, 3), "other rows than book.json says"),
        ("loans.parquet", lambda t: t.slice(0, 3), "other rows|no loan has"),
    ],
)
def test_a_hostile_file_is_refused_with_advice(
    tmp_path: Path, name: str, change: Change, says: str
) -> None:
    book = write(tmp_path / "b", EVENTS)
    rewrite(book, name, change)
    with pytest.raises(BookError, match=says) as caught:
        list(read_slices(book))
    assert caught.value.advice


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    book = write(tmp_path / "b", EVENTS)
    path = book.file("events.parquet")
    text = bytearray(path.read_bytes())
    text[4:200] = bytes(196)
    path.write_bytes(text)
    with pytest.raises(BookError, match="damaged"):
        list(read_slices(book))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_slices(tmp_path: Path, threads: int) -> None:
    book = write(tmp_path / "b", EVENTS)
    begins = list(in_order(read_slices(book, Cut(1, 100)), lambda s: s.begin.number, threads))
    assert begins == [0, 1, 2, 3, 4]


def test_an_error_in_a_worker_is_raised(tmp_path: Path) -> None:
    book = write(tmp_path / "b", EVENTS)

    def fail(piece: Slice) -> int:
        if piece.begin.number == 2:
            raise ValueError("slice 2")
        return piece.begin.number

    done: list[int] = []
    with pytest.raises(ValueError, match="slice 2"):
        done += in_order(read_slices(book, Cut(1, 100)), fail, 2)
    assert done == [0, 1]


def test_an_error_of_the_reader_ends_the_results_where_it_is_met(tmp_path: Path) -> None:
    book = write(tmp_path / "b", EVENTS)
    rewrite(book, "loans.parquet", set_number("loan_no", 4, 9), row_group_size=1)
    seen: list[int] = []
    with pytest.raises(BookError):
        seen.extend(in_order(read_slices(book, Cut(1, 100)), lambda s: s.begin.number, 2))
    assert seen == [0, 1]  # of slices 2 and 3, read as well, nobody has asked for the result yet


def test_a_reader_that_is_left_alone_stops(tmp_path: Path) -> None:
    book = write(tmp_path / "b", EVENTS)
    results = in_order(read_slices(book, Cut(1, 100)), lambda s: s.begin, 1)
    assert next(results) == Mark()
    results.close()  # type: ignore[attr-defined]
    assert reopen(tmp_path / "b").loans == 5
