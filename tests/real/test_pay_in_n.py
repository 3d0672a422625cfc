"""The pay-in-3 book: every loan and payment taken, matched, and its differences named."""

import csv
import datetime
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.real.figures import check_table, money

from kuanxian.base.days import NO_DAY, add_months, civil_of, day_number
from kuanxian.intake.layout_file import load_layout
from kuanxian.intake.read import Tables, read
from kuanxian.intake.sources import find_sources
from kuanxian.intake.tables import products_of
from kuanxian.loan import (
    Conventions,
    Event,
    Kind,
    Position,
    Status,
    Terms,
    What,
    position,
    schedule,
    trace,
)

pytestmark = pytest.mark.real

DAYS = ("2022-12-31", "2023-12-31", "2024-06-30")
LAST_ON = day_number(datetime.date(2024, 6, 30))
PAGE = Path("docs") / "explanation" / "real-data.md"


class Taken(NamedTuple):
    """One loan as it stands in the book."""

    loan_id: str
    terms: Terms
    events: list[Event]


def days_in(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the dates of a row into day numbers."""
    days = {name: value for name, value in row.items() if name.endswith("_on")}
    return row | {n: NO_DAY if v is None else day_number(v) for n, v in days.items()}


@pytest.fixture(scope="module")
def tables(shared: Path) -> Tables:
    """Take the two files in."""
    return read(find_sources([str(shared / "data" / "bnpl")]), load_layout("pay-in-n"))


@pytest.fixture(scope="module")
def conventions(tables: Tables) -> Conventions:
    """Give the book's one product."""
    return products_of(tables.products)[0]


@pytest.fixture(scope="module")
def loans(tables: Tables) -> list[Taken]:
    """Give each loan with its events."""
    events: list[list[Event]] = [[] for _ in range(tables.loans.num_rows)]
    for row in map(days_in, tables.events.to_pylist()):
        events[row.pop("loan_no")].append(Event(**row))
    rows = map(days_in, tables.loans.to_pylist())
    return [
        Taken(row["loan_id"], Terms(**{n: row[n] for n in Terms._fields}), own)
        for row, own in zip(rows, events, strict=True)
    ]


def test_every_row_is_taken_and_every_amount_accounted_for(tables: Tables, shared: Path) -> None:
    with (shared / "data" / "bnpl" / "repayments.csv").open() as stream:
        written = [int(row["amount"]) for row in csv.DictReader(stream)]
    assert (tables.loans.num_rows, tables.events.num_rows, tables.refusals.num_rows) == (
        1000, 2883, 0,
    )  # fmt: skip
    signs = {Kind.PAYMENT: 1, Kind.REVERSAL: -1, Kind.REFUND: -1}
    taken = [signs[e["kind"]] * e["amount_fen"] for e in tables.events.to_pylist()]
    assert sorted(taken) == sorted(written)
    assert sum(f["columns"].get("amount_fen", {}).get("sum_fen", 0)
               for f in tables.report["files"]) == sum(written)  # fmt: skip


def test_the_derived_schedule_is_the_lenders_to_the_last_hundredth(
    loans: list[Taken], conventions: Conventions, shared: Path
) -> None:
    with (shared / "data" / "bnpl" / "transactions.csv").open() as stream:
        stated = {row["transactionId"]: row for row in csv.DictReader(stream)}
    for loan in loans:
        row = stated[loan.loan_id]
        part = int(row["emiPrincipal"]), int(row["emiInterest"])
        plan = [(r.principal_fen, r.interest_fen) for r in schedule(loan.terms, conventions)]
        assert plan == [(int(row["downPaymentAmount"]), 0), *[part] * int(row["tenure"])]


def test_what_the_page_says_of_negative_and_repeated_rows(tables: Tables, shared: Path) -> None:
    with (shared / "data" / "bnpl" / "repayments.csv").open() as stream:
        rows = Counter(tuple(row.values()) for row in csv.DictReader(stream))
    kinds = Counter(tables.events["kind"].to_pylist())
    assert (kinds[Kind.REVERSAL], kinds[Kind.REFUND]) == (31, 1)
    assert sum(count > 1 for count in rows.values()) == 207


def test_one_loan_is_overdue_by_a_single_hundredth(
    loans: list[Taken], conventions: Conventions
) -> None:
    overdue = [p for p in stand(loans, conventions, DAYS[-1]) if p.status == Status.OVERDUE]
    small = [p.overdue_principal_fen for p in overdue if p.overdue_principal_fen < 1_000]
    assert (len(overdue), small) == (60, [1])


def exact_days(loans: list[Taken], *, months: bool) -> set[tuple[str, int]]:
    """Find payments on the very day that a period of 30 days, or of a month, ends."""
    found = set()
    for loan in loans:
        start_on = loan.terms.disbursed_on
        ends = {
            add_months(start_on, n, civil_of(start_on)[2]) if months else start_on + 30 * n
            for n in range(1, loan.terms.instalments + 1)
        }
        found |= {(loan.loan_id, e.seq) for e in loan.events
                  if e.kind == Kind.PAYMENT and e.value_on in ends}  # fmt: skip
    return found


def test_a_period_is_thirty_days_rather_than_a_month(loans: list[Taken], root: Path) -> None:
    thirty, month = exact_days(loans, months=False), exact_days(loans, months=True)
    rows: list[list[object]] = [
        ["exactly 30, 60 … days after the first day", len(thirty)],
        ["exactly one, two … months after it", len(month)],
        ["of these, on both", len(thirty & month)],
    ]
    check_table(root / PAGE, "bnpl-period", ["payments after the first day", "count"], rows)
    assert len(thirty - month) > 3 * len(month - thirty)


def stand(loans: list[Taken], conventions: Conventions, day: str) -> list[Position]:
    as_of_on = day_number(datetime.date.fromisoformat(day))
    return [position(ln.terms, conventions, ln.events, as_of_on=as_of_on) for ln in loans]


AMOUNTS = (
    "drawn_fen",
    "outstanding_principal_fen",
    "overdue_principal_fen",
    "paid_fen",
    "paid_principal_fen",
    "paid_interest_fen",
    "refunded_fen",
    "credit_fen",
)


def sums(positions: list[Position]) -> Iterator[object]:
    """Give the column of a day, in the order of ``STANDS``."""
    count = Counter(Status(p.status) for p in positions)
    yield from (count[status] for status in (Status.PENDING, Status.SETTLED, Status.CURRENT))
    yield count[Status.OVERDUE]
    for name in AMOUNTS:
        yield money(sum(getattr(p, name) for p in positions))
    yield sum(p.refused_events for p in positions)


STANDS = ["not yet paid out", "settled", "current", "overdue", "paid out", "outstanding principal",
          "overdue principal", "received", "of it, principal", "of it, interest",
          "sent back", "held for the borrower", "events the kernel could not apply"]  # fmt: skip


def test_where_the_book_stands_on_three_days(
    loans: list[Taken], conventions: Conventions, root: Path
) -> None:
    columns = [list(sums(stand(loans, conventions, day))) for day in DAYS]
    rows = [[name, *cells] for name, *cells in zip(STANDS, *columns, strict=True)]
    check_table(root / PAGE, "bnpl-stand", ["", *DAYS], rows)


def test_money_is_conserved_in_every_loan_on_every_day(
    loans: list[Taken], conventions: Conventions
) -> None:
    for day in DAYS:
        for p in stand(loans, conventions, day):
            met_fen = p.paid_principal_fen + p.paid_interest_fen
            assert p.paid_fen == met_fen + p.credit_fen + p.refunded_fen
            assert p.drawn_fen == p.outstanding_principal_fen + p.paid_principal_fen


def matches(loan: Taken, conventions: Conventions) -> Iterator[tuple[str, int]]:
    """Say of each event what it cleared, and its amount."""
    asked = {r.number: r.principal_fen + r.interest_fen for r in schedule(loan.terms, conventions)}
    cleared: dict[int, Counter[int]] = {}
    for entry in trace(loan.terms, conventions, loan.events, as_of_on=LAST_ON):
        if entry.what in (What.PAID, What.HELD):
            cleared.setdefault(entry.seq, Counter())[entry.row] += entry.amount_fen
    met: Counter[int] = Counter()
    reversed_seqs = {event.ref_seq for event in loan.events if event.kind == Kind.REVERSAL}
    for event in loan.events:
        parts = cleared.get(event.seq, Counter())
        if event.kind == Kind.PAYMENT and event.seq not in reversed_seqs:
            assert sum(parts.values()) == event.amount_fen
            held_fen = parts.pop(0, 0)
            met.update(parts)
            yield name_match(parts, held_fen, asked, met), event.amount_fen
        elif event.kind == Kind.REFUND:
            yield "sent back out of what was held", -event.amount_fen
        else:
            sign = -1 if event.kind == Kind.REVERSAL else 1
            yield "taken back the same day, and its taking back", sign * event.amount_fen


def name_match(parts: Counter[int], held_fen: int, asked: dict[int, int], met: Counter[int]) -> str:
    if not parts:
        return "all of it held: nothing was owed any more"
    if held_fen:
        return "clears what is left, the rest is held"
    whole = [row for row, amount_fen in parts.items() if amount_fen == asked[row]]
    if len(whole) == len(parts):
        return "one whole instalment" if len(whole) == 1 else "several whole instalments"
    if len(parts) > 1:
        return "several instalments, some in part"
    (row,) = parts
    return "completes an instalment" if met[row] == asked[row] else "part of an instalment"


def test_each_payment_is_matched_to_instalments(
    loans: list[Taken], conventions: Conventions, root: Path
) -> None:
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for loan in loans:
        for kind, amount_fen in matches(loan, conventions):
            counts[kind] += 1
            amounts[kind] += amount_fen
    rows: list[list[object]] = [
        [kind, count, money(amounts[kind])] for kind, count in counts.most_common()
    ]
    rows.append(["all", counts.total(), money(amounts.total())])
    check_table(
        root / PAGE, "bnpl-match", ["what a row of the payments file does", "rows", "sum"], rows
    )
    assert counts.total() == 2883


def name_surplus(loan: Taken, credit_fen: int) -> str:
    """Say what a surplus looks like, give or take two hundredths."""
    down_fen = loan.terms.down_payment_fen
    part_fen = (loan.terms.principal_fen - down_fen) // loan.terms.instalments
    if credit_fen <= 2:
        return "one or two hundredths: the tail of a division"
    if abs(credit_fen - down_fen) <= 2:
        return "the down payment, once more"
    if min(credit_fen % part_fen, -credit_fen % part_fen) <= 2:
        return "one or more instalments, once more"
    return "another amount"


def test_what_was_paid_too_much_has_a_pattern(
    loans: list[Taken], conventions: Conventions, root: Path
) -> None:
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for loan, p in zip(loans, stand(loans, conventions, DAYS[-1]), strict=True):
        if p.credit_fen:
            kind = name_surplus(loan, p.credit_fen)
            counts[kind] += 1
            amounts[kind] += p.credit_fen
    rows: list[list[object]] = [[k, n, money(amounts[k])] for k, n in counts.most_common()]
    rows.append(["all", counts.total(), money(amounts.total())])
    check_table(root / PAGE, "bnpl-surplus", ["held for the borrower", "loans", "sum"], rows)


def test_when_instalments_are_met(loans: list[Taken], conventions: Conventions, root: Path) -> None:
    counts: Counter[str] = Counter()
    for loan in loans:
        plan = schedule(loan.terms, conventions)
        left = {row.number: row.principal_fen + row.interest_fen for row in plan}
        met_on: dict[int, int] = {}
        for entry in trace(loan.terms, conventions, loan.events, as_of_on=LAST_ON):
            if entry.what == What.PAID:
                left[entry.row] -= entry.amount_fen
                met_on[entry.row] = entry.day_on
        for row in plan[1:]:
            late = met_on[row.number] - row.due_on if left[row.number] == 0 else None
            counts[name_timing(late, row.due_on)] += 1
    order = ["before the due day", "on it", "1 to 30 days after", "more than 30 days after",
             "overdue on 2024-06-30", "not yet due on 2024-06-30"]  # fmt: skip
    assert set(counts) <= set(order)
    rows: list[list[object]] = [[name, counts[name]] for name in order]
    check_table(root / PAGE, "bnpl-timing", ["instalments after the down payment", "count"], rows)


def name_timing(late: int | None, due_on: int) -> str:
    if late is None:
        return "overdue on 2024-06-30" if due_on < LAST_ON else "not yet due on 2024-06-30"
    if late > 30:
        return "more than 30 days after"
    return "before the due day" if late < 0 else "on it" if late == 0 else "1 to 30 days after"
