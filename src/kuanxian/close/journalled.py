"""A book into the journal, and the lives of its loans out again, as tables.

What goes in is each contract and each event, as an entry of the loan's stream; taking the same
book twice changes nothing. What comes out are the tables a close reads.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import groupby, islice
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from kuanxian.base.days import NO_DAY, date_of, day_number
from kuanxian.base.errors import BookError, JournalError
from kuanxian.base.personal import holds_phone_or_identity
from kuanxian.intake.book import Book
from kuanxian.intake.tables import EVENT_SCHEMA, LOAN_SCHEMA, products_of, products_table
from kuanxian.journal.append import Receipt
from kuanxian.journal.entry import Draft, Entry
from kuanxian.journal.loan_life import Life, contract_draft, event_draft, life_of
from kuanxian.journal.read import read_by_stream
from kuanxian.journal.writer import Writer
from kuanxian.loan import Conventions, Event, Terms
from kuanxian.state.local import Cut, read_slices, split

LOANS_AT_ONCE = 2_000
AHEAD_MAX = 8
PREFIX = "loan:"


Handed = tuple[list[Draft], Future[list[Receipt]]]
"""Drafts, and their receipts to come."""


class Taken(NamedTuple):
    """What became of a book's rows."""

    appended: int
    repeated: int
    """They were there already."""


class Told(NamedTuple):
    """Loans out of the journal, with the tables a close reads."""

    loan_ids: list[str]
    events: list[list[Event]]
    """For each loan its events, as the kernel orders them."""
    tables: tuple[pa.Table, pa.Table, pa.Table]
    """LOAN_SCHEMA, PRODUCT_SCHEMA, EVENT_SCHEMA."""


def take_book(book: Book, writer: Writer, actor: str) -> Taken:
    """Append every contract and every event of a book.

    Args:
        book: The book.
        writer: Appends them.
        actor: Who brings it in.

    Raises:
        JournalError: The journal holds another contract or event under the same number.
        BookError: The id of a loan looks like a mobile or an identity number.
    """
    counts = {"appended": 0, "repeated": 0}
    waiting: list[Handed] = []
    for drafts in _drafts_of(book, actor):
        waiting.append((drafts, writer.submit(drafts)))
        if len(waiting) > AHEAD_MAX:
            _count(waiting.pop(0), counts)
    for handed in waiting:
        _count(handed, counts)
    return Taken(counts["appended"], counts["repeated"])


def _count(handed: Handed, counts: dict[str, int]) -> None:
    """Wait for receipts and count what they say."""
    drafts, future = handed
    for draft, receipt in zip(drafts, future.result(), strict=True):
        if not receipt.is_kept:
            reason = "the journal holds it with other figures"
            advice = "What changed is told by a new event: a correction or a reversal."
            raise JournalError(draft.idempotency_key, reason, advice)
        counts[receipt.outcome] += 1


def _drafts_of(book: Book, actor: str) -> Iterator[list[Draft]]:
    """Make the drafts of some loans at a time."""
    products = products_of(pq.read_table(book.file("products.parquet")))
    for piece in read_slices(book, Cut()):
        for loans, events in split(piece, LOANS_AT_ONCE):
            said: dict[int, list[Event]] = {}
            for row in events.to_pylist():
                said.setdefault(row.pop("loan_no"), []).append(Event(**_numbers(row)))
            drafts: list[Draft] = []
            for row in loans.to_pylist():
                figures = _numbers({name: row[name] for name in Terms._fields})
                settings = products[row["product_no"]]
                loan_id = row["loan_id"]
                if holds_phone_or_identity(loan_id):
                    raise BookError(
                        "loans.parquet",
                        f"the id of loan_no {row['loan_no']} looks like somebody's number",
                        "the journal never forgets one",
                    )
                drafts.append(contract_draft(loan_id, Terms(**figures), settings, actor))
                # In the order in which they became known, as far as the book says.
                booked = sorted(said.get(row["loan_no"], []), key=lambda event: event.seq)
                drafts += [event_draft(loan_id, event, actor) for event in booked]
            yield drafts


def _numbers(row: dict[str, Any]) -> dict[str, int]:
    """Turn cells into the kernel's figures."""
    return {
        name: (NO_DAY if value is None else day_number(value)) if name.endswith("_on") else value
        for name, value in row.items()
    }


def tell_loans(
    connection: sa.Connection, loans: int = LOANS_AT_ONCE, left_out: list[str] | None = None
) -> Iterator[Told]:
    """Read every loan's life out of the journal, some loans at a time, in the order of ids.

    Args:
        connection: As ``kx_audit`` or ``kx_app``, in a transaction.
        loans: How many at a time.
        left_out: Takes the streams that no life can be read from; None raises at the first.

    Raises:
        JournalError: Such a stream, where nothing takes it. An entry cannot be taken back, and
            one that says nothing must not stand in the way of all other loans for ever.
    """
    lives = _lives(read_by_stream(connection, PREFIX), left_out)
    while some := list(islice(lives, loans)):
        ordered = [sorted(life.events, key=lambda e: (e.value_on, e.seq)) for _, life in some]
        yield Told([loan_id for loan_id, _ in some], ordered, tables_of(some, ordered))


def _lives(entries: Iterable[Entry], left_out: list[str] | None) -> Iterator[tuple[str, Life]]:
    for stream, found in groupby(entries, key=lambda entry: entry.stream):
        try:
            life = life_of(found)
        except JournalError:
            if left_out is None:
                raise
            left_out.append(stream)
            continue
        yield stream.removeprefix(PREFIX), life


def tables_of(
    lives: Sequence[tuple[str, Life]], ordered: Sequence[Sequence[Event]]
) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Write lives down as the tables of a book."""
    products: dict[Conventions, int] = {}
    numbers = [products.setdefault(life.conventions, len(products)) for _, life in lives]
    loans = {
        "loan_no": range(len(lives)),
        "loan_id": [loan_id for loan_id, _ in lives],
        "lender_id": [""] * len(lives),
        "segment": [""] * len(lives),
        "product_no": numbers,
    }
    columns = zip(*(life.terms for _, life in lives), strict=True)
    loans |= dict(zip(Terms._fields, columns, strict=True))
    owners = [no for no, events in enumerate(ordered) for _ in events]
    said = list(zip(*(event for events in ordered for event in events), strict=True))
    said = said or [()] * len(Event._fields)
    events = {"loan_no": owners} | dict(zip(Event._fields, said, strict=True))
    return _table(loans, LOAN_SCHEMA), products_table(list(products)), _table(events, EVENT_SCHEMA)


def _table(columns: dict[str, Any], schema: pa.Schema) -> pa.Table:
    """Build a table; the kernel's days become dates, no day an empty cell."""
    arrays = []
    for field in schema:
        cells: Iterable[Any] = columns[field.name]
        if pa.types.is_date(field.type):
            cells = [None if day_on == NO_DAY else date_of(day_on) for day_on in cells]
        arrays.append(pa.array(list(cells), field.type))
    return pa.Table.from_arrays(arrays, schema=schema)
