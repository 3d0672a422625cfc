"""A made-up book: the same bytes each time, whole, in order, with sums that match."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.simulate.lived import PLAN

from kuanxian import simulate
from kuanxian.base.errors import BookError
from kuanxian.intake.book import SCHEMAS, Book, open_book
from kuanxian.loan import Kind
from kuanxian.simulate.books import Plan, write_book

FILES = ("book.json", *SCHEMAS)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


def events_of(book: Book) -> pa.Table:
    return pq.read_table(book.file("events.parquet"))


@pytest.mark.parametrize(
    ("slice_loans", "threads"),
    [(131_072, 1), (131_072, 3), (500, 2), (1_237, 3), (6_000, 1)],
)
def test_the_same_seed_gives_the_same_bytes_however_it_is_cut(
    book: Book, tmp_path: Path, slice_loans: int, threads: int
) -> None:
    cut = PLAN._replace(slice_loans=slice_loans, threads=threads)
    assert bytes_of(write_book(tmp_path / "again", cut).path) == bytes_of(book.path)


@pytest.mark.parametrize("change", [{"seed": 8}, {"years": 2}, {"until_on": 20_700}])
def test_another_argument_gives_another_book(
    book: Book, tmp_path: Path, change: dict[str, int]
) -> None:
    other = write_book(tmp_path / "other", PLAN._replace(**change))
    assert bytes_of(other.path)["events.parquet"] != bytes_of(book.path)["events.parquet"]


def test_the_python_function_writes_the_book_of_the_same_plan(book: Book, tmp_path: Path) -> None:
    done: list[int] = []
    choices = {"loans": PLAN.loans, "years": PLAN.years, "until_on": PLAN.until_on}
    again = simulate.book(tmp_path / "again", seed=PLAN.seed, tick=done.append, **choices)
    assert bytes_of(again.path) == bytes_of(book.path)
    assert sum(done) == PLAN.loans


def test_the_folder_is_a_whole_book(book: Book) -> None:
    assert open_book(book.path).facts == book.facts


def test_counts_and_sums_in_book_json_match_the_tables(book: Book) -> None:
    loans, events = pq.read_table(book.file("loans.parquet")), events_of(book)
    money_in = pc.is_in(
        events["kind"], pa.array([Kind.PAYMENT, Kind.SETTLEMENT, Kind.RECOVERY], pa.int8())
    )
    assert book.facts["loans"] == loans.num_rows == PLAN.loans
    assert book.facts["events"] == events.num_rows
    assert book.facts["principal_fen"] == pc.sum(loans["principal_fen"]).as_py()
    assert book.facts["payment_fen"] == pc.sum(events["amount_fen"].filter(money_in)).as_py()


def test_events_are_sorted_and_numbered_from_one_in_each_loan(book: Book) -> None:
    events = events_of(book)
    order = ["loan_no", "value_on", "seq"]
    assert events.select(order).equals(
        events.select(order).sort_by([(name, "ascending") for name in order])
    )
    loans = events.group_by("loan_no").aggregate([("seq", "min"), ("seq", "max"), ("seq", "count")])
    assert set(loans["seq_min"].to_pylist()) == {1}
    assert loans["seq_max"].equals(loans["seq_count"].cast(pa.int32()))


def test_nothing_happens_before_the_loan_is_paid_out_or_after_the_last_day(book: Book) -> None:
    events = events_of(book)
    days = events["value_on"].cast(pa.int32())
    paid_out = pq.read_table(book.file("loans.parquet"))["disbursed_on"].cast(pa.int32())
    assert pc.max(days).as_py() <= PLAN.until_on
    assert pc.min(pc.subtract(days, paid_out.take(events["loan_no"]))).as_py() == 0


def test_loans_are_numbered_in_the_order_they_were_paid_out(book: Book) -> None:
    loans = pq.read_table(book.file("loans.parquet"))
    days = loans["disbursed_on"].cast(pa.int32()).to_pylist()
    assert loans["loan_no"].to_pylist() == list(range(PLAN.loans))
    assert days == sorted(days)
    assert PLAN.until_on - days[0] <= 3 * 366
    assert len(set(loans["loan_id"].to_pylist())) == PLAN.loans


def test_a_reversal_refers_to_a_payment_of_its_loan(book: Book) -> None:
    events = events_of(book)
    payments = events.filter(pc.equal(events["kind"], Kind.PAYMENT))
    paid = set(zip(payments["loan_no"].to_pylist(), payments["seq"].to_pylist(), strict=True))
    reversed_ = events.filter(pc.equal(events["kind"], Kind.REVERSAL))
    assert reversed_.num_rows > 50
    assert paid >= set(
        zip(reversed_["loan_no"].to_pylist(), reversed_["ref_seq"].to_pylist(), strict=True)
    )


def test_the_lender_grows_and_spring_festival_is_quiet(book: Book) -> None:
    days = pq.read_table(book.file("loans.parquet"))["disbursed_on"]
    months = pc.month(days).to_pylist()
    assert months.count(2) < months.count(3)
    assert months.count(2) < months.count(11)
    middle = PLAN.until_on - 3 * 365 // 2
    late = pc.sum(pc.greater(days.cast(pa.int32()), middle)).as_py()
    assert late > PLAN.loans * 54 // 100


def test_a_loan_has_five_payments_or_more_on_average(book: Book) -> None:
    payments = pc.sum(pc.equal(events_of(book)["kind"], Kind.PAYMENT)).as_py()
    assert payments > 5 * PLAN.loans


@pytest.mark.parametrize("loans", [1, 2, 3])
def test_a_book_may_be_tiny(tmp_path: Path, loans: int) -> None:
    tiny = write_book(tmp_path / "tiny", PLAN._replace(loans=loans, slice_loans=2))
    assert open_book(tiny.path).loans == loans


@pytest.mark.parametrize(
    ("plan", "subject"),
    [
        (Plan(0, 3, 1, 20_757), "loans"),
        (Plan(2**31, 3, 1, 20_757), "loans"),
        (Plan(10, 0, 1, 20_757), "years"),
        (Plan(10, 21, 1, 20_757), "years"),
        (Plan(10, 20, 1, 10_000), "until"),
        (Plan(10, 3, 1, 60_000), "until"),
    ],
)
def test_a_plan_out_of_bounds_is_refused_by_name_and_leaves_nothing(
    tmp_path: Path, plan: Plan, subject: str
) -> None:
    with pytest.raises(BookError) as caught:
        write_book(tmp_path / "none", plan)
    assert caught.value.subject == subject
    assert list(tmp_path.iterdir()) == []
