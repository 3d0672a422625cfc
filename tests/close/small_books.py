"""Books made by hand for the tests of the close, and a kernel that needs no compiler."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from kuanxian.base.days import NO_DAY, day_of
from kuanxian.close.order import Order
from kuanxian.intake.book import Book, BookWriter, open_book
from kuanxian.intake.tables import EVENT_SCHEMA, LOAN_SCHEMA, products_of, products_table
from kuanxian.loan import Conventions, Event, Kind, Policy, Terms, position
from kuanxian.state.columns import IDENTITY, POSITION_SCHEMA

JAN, FEB, MAR, APR, MAY = (day_of(2026, month, 15) for month in range(1, 6))
CONVENTIONS = Conventions()
TERMS = Terms(1_200_000, JAN, 12, rate_ppb=180_000_000, penalty_rate_ppb=270_000_000)


def pay(seq: int, on: int, amount_fen: int = 110_016, **fields: int) -> Event:
    """A payment."""
    return Event(seq, Kind.PAYMENT, on, amount_fen, **fields)


def write(
    out: Path,
    events: Sequence[Sequence[Event]],
    terms: Sequence[Terms] = (),
    products: Sequence[Conventions] = (CONVENTIONS,),
    names: Sequence[str] = (),
) -> Book:
    """Write a book: loan ``i`` has ``terms[i]`` (else TERMS), ``events[i]``, and its product."""
    count = len(events)
    loans = list(terms) or [TERMS] * count
    rows = [
        {
            "loan_no": number,
            "loan_id": names[number] if names else f"L{number}",
            "lender_id": "lender-1",
            "segment": "app",
            "product_no": number % len(products),
            **_dates(loans[number]._asdict()),
        }
        for number in range(count)
    ]
    facts = [
        {"loan_no": number, **_dates(event._asdict())}
        for number in range(count)
        for event in sorted(events[number], key=lambda event: (event.value_on, event.seq))
    ]
    with BookWriter(out) as writer:
        writer.add_products(products_table(products))
        writer.add_loans(pa.Table.from_pylist(rows, LOAN_SCHEMA))
        writer.add_events(pa.Table.from_pylist(facts, EVENT_SCHEMA))
        return writer.publish()


def order(book: Path, out: Path, as_of_on: int = APR, **fields: Any) -> Order:
    """An order with one thread, for the period since the first loan."""
    given = {"threads": 1, "policy": Policy(), **fields}
    return Order(book, out, as_of_on, JAN, **given)


def plain_kernel(loans: pa.Table, products: pa.Table, events: pa.Table, **when: Any) -> pa.Table:
    """The plain twin of ``kuanxian.state.batch.positions``."""
    when.pop("threads", None)
    snapshots = products_of(products)
    by_loan: dict[int, list[Event]] = {}
    for row in _numbers(events):
        by_loan.setdefault(row.pop("loan_no"), []).append(Event(**row))
    made = []
    for loan in _numbers(loans):
        terms = Terms(**{name: loan[name] for name in Terms._fields})
        own = by_loan.get(loan["loan_no"], [])
        at = position(terms, snapshots[loan["product_no"]], own, **when)
        same = {name: loan[name] for name, _ in IDENTITY}
        made.append({**same, **_dates({k: int(v) for k, v in at._asdict().items()})})
    return pa.Table.from_pylist(made, POSITION_SCHEMA)


def reopen(path: Path) -> Book:
    """Open a book without reading all of it."""
    return open_book(path, verify=False)


def _dates(row: dict[str, int]) -> dict[str, int | None]:
    return {
        name: None if name.endswith("_on") and value == NO_DAY else int(value)
        for name, value in row.items()
    }


def _numbers(table: pa.Table) -> Iterable[dict[str, Any]]:
    columns = [
        table[name].cast(pa.int32()).fill_null(NO_DAY) if name.endswith("_on") else table[name]
        for name in table.column_names
    ]
    return list(pa.table(columns, names=table.column_names).to_pylist())
