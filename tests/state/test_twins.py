"""The compiled kernel and the plain one give the same figures for the same loan."""

from datetime import date

import pyarrow as pa
import pytest

from kuanxian.base.days import NO_DAY, date_of, day_number, month_start
from kuanxian.base.errors import BookError
from kuanxian.intake.tables import EVENT_SCHEMA, LOAN_SCHEMA, products_table
from kuanxian.loan import Conventions, Event, Policy, Position, Terms, position
from kuanxian.simulate import Life, life
from kuanxian.state.batch import positions

LIVES = 3_000


def dated(name: str, value: int) -> int | date | None:
    """Turn a kernel's day into a cell."""
    if not name.endswith("_on"):
        return value
    return None if value == NO_DAY else date_of(value)


def book_of(lives: list[Life]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Write lives down as the three tables of a book, a product each."""
    loans = [
        {
            "loan_no": no,
            "loan_id": f"L{no}",
            "lender_id": "",
            "segment": "",
            "product_no": no,
            **{name: dated(name, value) for name, value in lived.terms._asdict().items()},
        }
        for no, lived in enumerate(lives)
    ]
    events = [
        {"loan_no": no, **{name: dated(name, value) for name, value in event._asdict().items()}}
        for no, lived in enumerate(lives)
        for event in sorted(lived.events, key=lambda event: (event.value_on, event.seq))
    ]
    return (
        pa.Table.from_pylist(loans, LOAN_SCHEMA),
        products_table([lived.conventions for lived in lives]),
        pa.Table.from_pylist(events, EVENT_SCHEMA),
    )


def cells_of(at: Position) -> dict[str, object]:
    """Turn a plain position into the cells of a row."""
    return {name: dated(name, int(value)) for name, value in at._asdict().items()}


@pytest.mark.slow
def test_the_compiled_kernel_agrees_with_the_plain_one_on_any_life() -> None:
    lives = [life(seed) for seed in range(LIVES)]
    loans, products, events = book_of(lives)
    for as_of_on in (19_000, 20_100, 21_500):
        table = positions(
            loans,
            products,
            events,
            as_of_on=as_of_on,
            period_from_on=month_start(as_of_on),
            policy=Policy(),
        )
        for seed, row in enumerate(table.to_pylist()):
            told = cells_of(position(*lives[seed], as_of_on=as_of_on))

            assert told == {name: row[name] for name in told}, (seed, as_of_on)


def test_slices_and_threads_change_nothing() -> None:
    loans, products, events = book_of([life(seed) for seed in range(200)])

    def told(loans: pa.Table, events: pa.Table, threads: int) -> pa.Table:
        return positions(
            loans,
            products,
            events,
            as_of_on=20_500,
            period_from_on=20_490,
            policy=Policy(),
            threads=threads,
        )

    whole = told(loans, events, 1)
    number = events["loan_no"].to_numpy()
    parts = []
    for first, end in ((0, 1), (1, 77), (77, 200)):
        own = events.slice(
            int((number < first).sum()), int(((number >= first) & (number < end)).sum())
        )
        parts.append(told(loans.slice(first, end - first), own, 3))

    assert pa.concat_tables(parts).equals(whole)


def test_what_is_recorded_later_is_not_known() -> None:
    terms = Terms(120_000, 20_000, 1)
    paid = Event(1, 1, 20_010, 50_000, recorded_on=20_050)
    loans, products, events = book_of([Life(terms, Conventions(), [paid])])
    told = [
        positions(
            loans,
            products,
            events,
            as_of_on=20_020,
            period_from_on=20_000,
            policy=Policy(),
            known_on=known_on,
        )["paid_fen"].to_pylist()
        for known_on in (20_049, 20_050)
    ]

    assert told == [[0], [50_000]]


def test_unsorted_events_are_refused() -> None:
    terms = Terms(120_000, 20_000, 1)
    paid = [Event(1, 1, 20_010, 500), Event(2, 1, 20_005, 500)]
    loans, products, events = book_of([Life(terms, Conventions(), paid)])

    with pytest.raises(BookError, match="not sorted"):
        positions(
            loans,
            products,
            events.take([1, 0]),
            as_of_on=20_020,
            period_from_on=20_000,
            policy=Policy(),
        )


def test_events_of_other_loans_are_refused() -> None:
    lives = [Life(Terms(120_000, 20_000, 1), Conventions(), [Event(1, 1, 20_010, 500)])] * 2
    loans, products, events = book_of(lives)

    with pytest.raises(BookError, match="not in this slice"):
        positions(
            loans.slice(0, 1),
            products,
            events,
            as_of_on=20_020,
            period_from_on=20_000,
            policy=Policy(),
        )


def test_a_contract_beyond_the_bounds_is_refused_before_it_is_computed() -> None:
    lives = [Life(Terms(120_000, 20_000, 1), Conventions(), [])] * 3
    loans, products, events = book_of(lives)
    column = loans.schema.get_field_index("instalments")
    loans = loans.set_column(column, "instalments", pa.array([1, 999_999, 1], pa.int32()))

    with pytest.raises(BookError, match="loan_no 1"):
        positions(
            loans,
            products,
            events,
            as_of_on=day_number(date(2026, 1, 1)),
            period_from_on=20_000,
            policy=Policy(),
        )
