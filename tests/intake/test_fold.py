"""The events of a loan: in order, numbered, in bounded memory."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.conftest import EVENTS, LAYOUT, LOANS, Read

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.intake import fold as fold_module
from kuanxian.intake.gather import Gather
from kuanxian.intake.undo import undo_payments
from kuanxian.loan.events import Kind

UNDO = LAYOUT.replace('amount_fen = "paid"', 'amount_fen = { column = "paid", signed = true }')
UNDO = UNDO.replace("[[files.events.events]]", '[[files.events.events]]\nnegative = "undo"')


def events_of(read_files: Read, layout: str, rows: str) -> list[tuple[int, int, int, int]]:
    tables = read_files(layout, loans_csv=LOANS, events_csv=EVENTS.splitlines()[0] + "\n" + rows)
    assert tables.refusals.num_rows == 0
    return [(e["seq"], e["kind"], e["amount_fen"], e["ref_seq"]) for e in tables.events.to_pylist()]


def test_a_negative_amount_takes_back_the_equal_payment_of_its_day(read_files: Read) -> None:
    rows = "A,,,payment,2024-03-01,5\nA,,,payment,2024-03-02,-5\nA,,,payment,2024-03-02,5\n"
    assert events_of(read_files, UNDO, rows) == [
        (1, Kind.PAYMENT, 500, 0),
        (2, Kind.PAYMENT, 500, 0),
        (3, Kind.REVERSAL, 500, 2),
    ]


def test_a_negative_amount_without_an_equal_payment_went_back_to_the_borrower(
    read_files: Read,
) -> None:
    rows = "A,,,payment,2024-03-01,5\nA,,,payment,2024-03-02,-4\n"
    assert events_of(read_files, UNDO, rows)[1] == (2, Kind.REFUND, 400, 0)


def test_events_of_one_day_keep_the_order_of_the_file(read_files: Read) -> None:
    rows = "".join(f"A,{9 - n},,payment,2024-03-01,{n}\n" for n in range(1, 9))
    assert [e[2] for e in events_of(read_files, LAYOUT, rows)] == list(range(100, 900, 100))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.booleans()), max_size=12).map(
        sorted
    )
)
def test_each_payment_is_taken_back_once_by_an_equal_amount_not_before_it(
    rows: list[tuple[int, int, bool]],
) -> None:
    days, amounts = [row[0] for row in rows], [row[1] for row in rows]
    undo = [row[2] for row in rows]
    found = undo_payments([Kind.PAYMENT] * len(rows), days, amounts, undo)
    assert set(found) == {place for place, negative in enumerate(undo) if negative}
    undone = [place for place in found.values() if place >= 0]
    assert len(undone) == len(set(undone))
    for place, payment in found.items():
        if payment >= 0:
            assert not undo[payment]
            assert amounts[payment] == amounts[place]
            assert days[payment] <= days[place]


@pytest.mark.parametrize("size", [3, 50, 100_000])
def test_chunks_of_any_size_give_the_same_events(
    read_files: Read, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    rows = "".join(
        f"{loan},{n},,payment,2024-03-0{n % 7 + 1},{n}\n" for n in range(1, 60) for loan in "AB"
    )
    expected = events_of(read_files, LAYOUT, rows)
    batches: Callable[..., object] = Gather.batches
    monkeypatch.setattr(Gather, "batches", lambda self, sql, _: batches(self, sql, size))
    assert events_of(read_files, LAYOUT, rows) == expected


@pytest.mark.slow
def test_a_loan_of_endless_events_never_fills_the_memory(
    read_files: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    fold_and_emit = fold_module._fold_and_emit

    def note(table: pa.Table, facts: Any, emit: Any) -> None:
        held.append(table.num_rows)
        fold_and_emit(table, facts, emit)

    monkeypatch.setattr(fold_module, "_fold_and_emit", note)
    batches = Gather.batches
    monkeypatch.setattr(Gather, "batches", lambda self, sql, _: batches(self, sql, 2_048))
    rows = "".join(f"A,{n},,payment,2024-03-01,1\n" for n in range(3 * EVENTS_MAX))
    tables = read_files(loans_csv=LOANS, events_csv=EVENTS + rows + "B,1,,payment,2024-03-01,7\n")
    assert tables.report["reasons"] == {"too_many_events": 3 * EVENTS_MAX + 2}
    assert tables.events["amount_fen"].to_pylist() == [700]
    assert max(held) <= EVENTS_MAX + 2 * 2_048
