"""Books: a lender's life as a book folder, in slices, in bounded memory.

The same seed and arguments give the same bytes, on one thread or many.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from kuanxian.base.bounds import LOANS_PER_BOOK_MAX
from kuanxian.base.days import add_months, civil_of, date_of, day_of
from kuanxian.base.errors import BookError
from kuanxian.intake.book import Book, BookWriter
from kuanxian.intake.tables import LOAN_SCHEMA, products_table
from kuanxian.simulate.applications import Contracts, apply_for, day_weights
from kuanxian.simulate.draws import Counters, Ints, key_of, words
from kuanxian.simulate.ledger import arrow_column
from kuanxian.simulate.places import Place
from kuanxian.simulate.products import PRODUCTS
from kuanxian.simulate.segments import CHANNELS, LENDERS, TIERS
from kuanxian.simulate.walk import walk

YEARS_MAX: Final = 20
SLICE_LOANS: Final = 131_072
_FIRST_YEAR: Final = 1_990
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8)
_ID_CHARACTERS: Final = 16


class Plan(NamedTuple):
    """What a book is made of, and how it is cut up (which changes no byte of it)."""

    loans: int
    years: int
    seed: int
    until_on: int
    slice_loans: int = SLICE_LOANS
    threads: int = 2


def book(
    out: Path,
    *,
    loans: int,
    years: int,
    seed: int,
    until_on: int,
    tick: Callable[[int], None] | None = None,
) -> Book:
    """Live a lender's life and write it down as a book.

    Args:
        out: The folder to make; it must not exist, or be empty.
        loans: How many loans, 1 or more.
        years: Over how many years they were paid out, 1 … 20.
        seed: Any integer.
        until_on: The last day, as days since 1970-01-01; nothing happens after it.
        tick: Called with the number of loans done since the last call.

    Returns:
        The published book.

    Raises:
        BookError: An argument is out of bounds, or ``out`` holds something.
    """
    return write_book(out, Plan(loans, years, seed, until_on), tick)


def write_book(out: Path, plan: Plan, tick: Callable[[int], None] | None = None) -> Book:
    """Write the book of a plan. See ``book``."""
    check_plan(plan)
    with BookWriter(out) as writer:
        writer.add_products(products_table([product.conventions for product in PRODUCTS]))
        for loans, events in _slices(plan):
            writer.add_loans(loans)
            writer.add_events(events)
            if tick is not None:
                tick(loans.num_rows)
        return writer.publish(
            {
                "made_by": "kuanxian simulate",
                "loans": plan.loans,
                "years": plan.years,
                "seed": plan.seed,
                "until_on": date_of(plan.until_on).isoformat(),
            }
        )


def check_plan(plan: Plan) -> None:
    """Refuse a plan that cannot be lived.

    Raises:
        BookError: Naming the argument and its bounds.
    """
    if not 1 <= plan.loans <= LOANS_PER_BOOK_MAX:
        raise BookError("loans", f"must be 1 to {LOANS_PER_BOOK_MAX}, not {plan.loans}")
    if not 1 <= plan.years <= YEARS_MAX:
        raise BookError("years", f"must be 1 to {YEARS_MAX}, not {plan.years}")
    first, last = day_of(_FIRST_YEAR + plan.years, 1, 1), day_of(2100, 1, 1)
    if not first <= plan.until_on < last:
        raise BookError(
            "until",
            f"must be a day from {date_of(first)} to {date_of(last - 1)}",
            "choose a later last day, or fewer years",
        )


def _slices(plan: Plan) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Make the slices on several threads, and give them out in order."""
    day = civil_of(plan.until_on)[2]
    # 20 years back: months are counted forward only.
    year, month, _ = civil_of(plan.until_on)
    first_on = add_months(day_of(year - plan.years, month, 1), 0, day) + 1
    weights = day_weights(first_on, plan.until_on)
    waiting: deque[Future[tuple[pa.Table, pa.Table]]] = deque()
    with ThreadPoolExecutor(plan.threads) as pool:
        for start in range(0, plan.loans, plan.slice_loans):
            waiting.append(pool.submit(_slice, plan, start, (first_on, weights)))
            if len(waiting) > plan.threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _slice(plan: Plan, start: int, days_on: tuple[int, Ints]) -> tuple[pa.Table, pa.Table]:
    key = key_of(plan.seed)
    end = min(start + plan.slice_loans, plan.loans)
    loan_no = np.arange(start, end, dtype=np.int64)
    contracts = apply_for(key, loan_no, plan.loans, days_on)
    events = walk(key, contracts, plan.until_on).table(start, plan.until_on)
    return _loans_table(key, contracts), events


def _loans_table(key: int, contracts: Contracts) -> pa.Table:
    figures = contracts.figures()
    segments = [f"{channel}/{tier}" for channel in CHANNELS for tier in TIERS]
    texts = {
        "loan_id": loan_ids(words(key, contracts.loan_no, Place.ID)),
        "lender_id": pa.array(LENDERS).take(pa.array(contracts.lender)),
        "segment": pa.array(segments).take(
            pa.array(contracts.channel * len(TIERS) + contracts.tier)
        ),
    }
    figures |= {"loan_no": contracts.loan_no, "product_no": contracts.product_no}
    columns = [
        texts[field.name] if field.name in texts else arrow_column(figures[field.name], field.type)
        for field in LOAN_SCHEMA
    ]
    return pa.Table.from_arrays(columns, schema=LOAN_SCHEMA)


def loan_ids(drawn: Counters) -> pa.Array:
    """Write words of 64 bits as 16 hexadecimal characters each.

    Example:
        >>> loan_ids(np.array([255], np.uint64)).to_pylist()
        ['00000000000000ff']
    """
    pairs = drawn.astype(">u8").view(np.uint8).reshape(-1, 1)
    digits = np.concatenate([_HEX[pairs >> 4], _HEX[pairs & 15]], axis=1)
    offsets = np.arange(len(drawn) + 1, dtype=np.int32) * _ID_CHARACTERS
    return pa.StringArray.from_buffers(
        len(drawn), pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(digits))
    )
