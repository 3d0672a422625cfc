"""The evening run: from a book to a published folder."""

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.close.small_books import (
    APR,
    FEB,
    JAN,
    MAR,
    MAY,
    TERMS,
    order,
    pay,
    plain_kernel,
    write,
)

from kuanxian.base.days import day_of
from kuanxian.base.errors import BookError, CloseError
from kuanxian.close import run
from kuanxian.close.folder import OUTPUTS, held
from kuanxian.close.run import Outcome, close_day
from kuanxian.intake.book import Book, open_book
from kuanxian.loan import Event, Kind, Policy, Terms, position
from kuanxian.state.columns import POSITION_SCHEMA
from kuanxian.state.local import Cut

EVENTS = [[pay(1, FEB), pay(2, MAR)], [], [pay(1, FEB), Event(2, Kind.REVERSAL, MAR, ref_seq=1)]]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def close(*given: Any, **fields: Any) -> Outcome:
    return close_day(order(*given, **fields), kernel=plain_kernel)


def test_a_close_publishes_five_files(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    outcome = close(tmp_path / "b", out)
    assert sorted(bytes_of(out)) == sorted([*OUTPUTS, "close.json"])
    assert outcome.summary["book"]["loans"] == 3
    assert json.loads((out / "summary.json").read_text()) == outcome.summary
    assert [path.name for path in tmp_path.iterdir()] == ["b", "day"]


def test_the_positions_are_the_kernels(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", out)
    table = pq.read_table(out / "positions.parquet")
    assert table.schema.equals(POSITION_SCHEMA)
    wanted = [position(TERMS, events=events, as_of_on=APR, period_from_on=JAN) for events in EVENTS]
    assert table["payoff_fen"].to_pylist() == [at.payoff_fen for at in wanted]
    assert table["loan_id"].to_pylist() == ["L0", "L1", "L2"]


def test_the_manifest_names_every_output_by_its_content(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", out)
    outputs = json.loads((out / "close.json").read_text())["outputs"]
    for name, promise in outputs.items():
        text = (out / name).read_bytes()
        assert promise == {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    assert set(outputs) == set(OUTPUTS)


def test_closing_twice_changes_nothing(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    first = close(tmp_path / "b", out)
    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in out.iterdir()}
    bytes_before = bytes_of(out)
    again = close(tmp_path / "b", out)
    assert (first.already, again.already) == (False, True)
    assert again.summary == first.summary
    after = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in out.iterdir()}
    assert (after, bytes_of(out)) == (before, bytes_before)


@pytest.mark.parametrize(("threads", "cut"), [(1, Cut(1, 50)), (3, Cut(1, 50)), (2, Cut(1, 50))])
def test_threads_change_no_byte(tmp_path: Path, out: Path, threads: int, cut: Cut) -> None:
    write(tmp_path / "b", EVENTS * 5)
    close(tmp_path / "b", out, threads=threads, cut=cut)
    close(tmp_path / "b", tmp_path / "one", threads=1, cut=cut)
    assert bytes_of(out) == bytes_of(tmp_path / "one")


def test_the_cut_changes_no_figure(lived: Book, out: Path, tmp_path: Path) -> None:
    day = day_of(2026, 9, 30)
    whole = close(lived.path, out, day).summary
    cut = close(lived.path, tmp_path / "cut", day, cut=Cut(37, 20_000)).summary
    assert cut == whole
    left = pq.read_table(out / "positions.parquet")
    assert pq.read_table(tmp_path / "cut" / "positions.parquet").equals(left)


def test_closing_day_by_day_is_closing_once(tmp_path: Path) -> None:
    write(tmp_path / "b", EVENTS)
    before = None
    for day in (FEB, MAR, APR):
        close(tmp_path / "b", tmp_path / f"{day}", day, previous=before)
        before = tmp_path / f"{day}"
    close(tmp_path / "b", tmp_path / "once", APR)
    once = pq.read_table(tmp_path / "once" / "positions.parquet")
    assert pq.read_table(tmp_path / f"{APR}" / "positions.parquet").equals(once)


@pytest.mark.parametrize("loans", [0, 1])
def test_a_book_of_few_loans_closes(tmp_path: Path, out: Path, loans: int) -> None:
    write(tmp_path / "b", EVENTS[:loans])
    summary = close(tmp_path / "b", out).summary
    assert summary["totals"]["loans"] == loans
    assert pq.read_table(out / "positions.parquet").num_rows == loans
    assert pq.read_table(out / "refusals.parquet").num_rows == 0
    assert "report.html" in bytes_of(out)


def test_a_loan_of_many_events_closes_between_others(tmp_path: Path, out: Path) -> None:
    many = [pay(n, FEB + n // 1_000, 1) for n in range(3_000)]
    write(tmp_path / "b", [EVENTS[0], many, EVENTS[0]])
    close(tmp_path / "b", out, cut=Cut(3, 20_000))
    table = pq.read_table(out / "positions.parquet")
    assert table["paid_fen"].to_pylist() == [220_032, 3_000, 220_032]


def test_loans_of_every_status_reconcile(tmp_path: Path, out: Path) -> None:
    lives = [
        [pay(1, FEB), Event(2, Kind.WRITE_OFF, MAR), Event(3, Kind.RECOVERY, APR, 50_000)],
        [Event(1, Kind.SETTLEMENT, FEB, 2_000_000), Event(2, Kind.REFUND, MAR, 1_000)],
        [Event(1, Kind.DRAWDOWN, FEB, 100_000), Event(2, Kind.CREDIT, MAR, 500)],
        [Event(1, Kind.CORRECTION, FEB, 1_000_000)],
        [Event(1, Kind.ASSIGNMENT, FEB)],
        [pay(1, MAY)],
    ]
    terms = [*[TERMS] * 5, TERMS._replace(disbursed_on=MAY)]
    write(tmp_path / "b", lives, terms)
    summary = close(tmp_path / "b", out).summary
    assert all(row["holds"] for row in summary["reconciliation"])
    assert summary["corrected_loans"] == 1
    counts = {row["status"]: row["loans"] for row in summary["status"]}
    assert counts["written_off"] == counts["assigned"] == counts["pending"] == 1


def test_another_close_under_the_same_name_is_never_replaced(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", out, MAR)
    before = bytes_of(out)
    with pytest.raises(
        CloseError, match=r"its as_of is 2026-03-15, not 2026-04-15.*never replaced"
    ):
        close(tmp_path / "b", out, APR)
    assert bytes_of(out) == before


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_not_a_close_is_left_alone(tmp_path: Path, out: Path, kind: str) -> None:
    write(tmp_path / "b", EVENTS)
    if kind == "folder":
        out.mkdir()
        (out / "note.txt").write_text("mine")
    else:
        out.write_text("mine")
    with pytest.raises(CloseError, match="not a close"):
        close(tmp_path / "b", out)
    assert out.exists()


def test_an_empty_folder_may_become_the_close(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    out.mkdir()
    assert close(tmp_path / "b", out).summary["totals"]["loans"] == 3


def test_a_damaged_close_is_named(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", out)
    (out / "report.html").write_text("changed")
    with pytest.raises(CloseError, match=r"report\.html is not what was published"):
        close(tmp_path / "b", out)


def test_two_closes_of_one_folder_do_not_meet(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    with held(out), pytest.raises(CloseError, match=f"process {os.getpid()}"):
        close(tmp_path / "b", out)
    assert close(tmp_path / "b", out).summary["totals"]["loans"] == 3


def test_a_lock_file_left_behind_holds_nobody_up(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    (tmp_path / ".day.lock").write_text("999999\n")
    close(tmp_path / "b", out)
    assert not (tmp_path / ".day.lock").exists()


def test_a_book_that_changes_under_way_is_not_published(tmp_path: Path, out: Path) -> None:
    book = write(tmp_path / "b", EVENTS * 3)

    def meddle(done: int, _all: int) -> None:
        if done == 3:
            os.utime(book.file("loans.parquet"), ns=(1, 1))

    with pytest.raises(CloseError, match="the book changed"):
        close_day(order(book.path, out, cut=Cut(3, 50)), meddle, plain_kernel)
    assert not out.exists()


def test_a_full_disk_is_named_and_the_next_run_goes_on(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "b", EVENTS * 4)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(run, "write_report", full)
        with pytest.raises(CloseError, match=r"no room left.*goes on where it stopped"):
            close(tmp_path / "b", out, cut=Cut(2, 50))
    seen: list[int] = []
    close_day(
        order(tmp_path / "b", out, cut=Cut(2, 50)), lambda done, _: seen.append(done), plain_kernel
    )
    assert seen == [12]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    write(tmp_path / "b", EVENTS)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(CloseError, match="cannot be written to"):
        close(tmp_path / "b", locked / "day")


def test_other_inputs_do_not_use_a_work_folder(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS * 4)

    def stop(done: int, _all: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        close_day(order(tmp_path / "b", out, MAR, cut=Cut(2, 50)), stop, plain_kernel)
    assert (tmp_path / ".day.closing").is_dir()
    close(tmp_path / "b", out, APR, cut=Cut(2, 50))
    close(tmp_path / "b", tmp_path / "clean", APR, cut=Cut(2, 50))
    assert bytes_of(out) == bytes_of(tmp_path / "clean")


def test_a_kernel_that_loses_a_fen_is_caught(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)

    def leaky(loans: pa.Table, products: pa.Table, events: pa.Table, **when: Any) -> pa.Table:
        table = plain_kernel(loans, products, events, **when)
        place = table.schema.get_field_index("paid_principal_fen")
        paid = table["paid_principal_fen"].to_pylist()
        paid[2] -= 1
        return table.set_column(place, table.schema.field(place), pa.array(paid, pa.int64()))

    with pytest.raises(CloseError, match=r"principal: 1 loans do not add up.*loan_no 2"):
        close_day(order(tmp_path / "b", out), kernel=leaky)
    assert list(tmp_path.iterdir()) == [tmp_path / "b"]


@pytest.mark.parametrize(
    ("day", "period", "says"),
    [(APR, APR + 1, "period begins after"), (APR, -1, "period begins after")],
)
def test_an_order_that_makes_no_sense_is_refused(
    tmp_path: Path, out: Path, day: int, period: int, says: str
) -> None:
    write(tmp_path / "b", EVENTS)
    with pytest.raises(CloseError, match=says):
        close_day(order(tmp_path / "b", out, day)._replace(period_from_on=period))


def test_a_previous_close_of_a_later_day_is_refused(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", tmp_path / "later", MAY)
    with pytest.raises(CloseError, match="not before the day"):
        close(tmp_path / "b", out, APR, previous=tmp_path / "later")


def test_a_previous_close_that_is_none_is_refused(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    with pytest.raises(CloseError, match=r"no readable close\.json"):
        close(tmp_path / "b", out, previous=tmp_path / "b")


@pytest.mark.parametrize(
    "name", ["loans.parquet", "events.parquet", "products.parquet", "book.json"]
)
def test_a_book_without_one_of_its_files_is_refused(tmp_path: Path, out: Path, name: str) -> None:
    book = write(tmp_path / "b", EVENTS)
    book.file(name).unlink()
    with pytest.raises(BookError) as caught:
        close(tmp_path / "b", out)
    assert caught.value.advice
    assert not out.exists()


def test_a_changed_byte_is_found_when_asked_for(tmp_path: Path, out: Path) -> None:
    book = write(tmp_path / "b", EVENTS)
    text = bytearray(book.file("refusals.parquet").read_bytes())
    text[len(text) // 2] ^= 1
    book.file("refusals.parquet").write_bytes(text)
    with pytest.raises(BookError, match="other bytes"):
        close(tmp_path / "b", out, verify=True)


@pytest.mark.parametrize("name", ["loans.parquet", "events.parquet", "products.parquet"])
def test_a_flipped_bit_is_found_or_changes_nothing(tmp_path: Path, name: str) -> None:
    book = write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", tmp_path / "good")
    good = (tmp_path / "good" / "positions.parquet").read_bytes()
    data = book.file(name).read_bytes()
    found = 0
    for turn in range(24):
        at = (2 * turn + 1) * len(data) // 48
        bad = bytearray(data)
        bad[at] ^= 1 << turn % 8
        book.file(name).write_bytes(bad)
        out = tmp_path / f"out{turn}"
        with contextlib.suppress(BookError):
            close(tmp_path / "b", out)
        if out.exists():
            assert (out / "positions.parquet").read_bytes() == good
        else:
            found += 1
            assert not (tmp_path / f".{out.name}.closing").exists()
    assert found >= 18


def test_a_book_json_that_says_other_sums_is_caught(tmp_path: Path, out: Path) -> None:
    book = write(tmp_path / "b", EVENTS)
    facts = json.loads(book.file("book.json").read_text())
    facts["principal_fen"] += 1
    book.file("book.json").write_text(json.dumps(facts))
    with pytest.raises(CloseError, match=r"book\.json says 3600001, the files hold 3600000"):
        close(tmp_path / "b", out)


def test_a_close_needs_nothing_but_the_book(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", EVENTS)
    close(tmp_path / "b", out)
    shutil.move(tmp_path / "b", tmp_path / "moved")
    assert close(tmp_path / "moved", out).already
    assert open_book(tmp_path / "moved").loans == 3


def test_the_policy_moves_the_buckets(tmp_path: Path, out: Path) -> None:
    write(tmp_path / "b", [[]], [Terms(1_200_000, JAN, 12)])
    summary = close(tmp_path / "b", out, policy=Policy(ageing_1_days=90, ageing_2_days=90)).summary
    assert [row["loans"] for row in summary["ageing"]] == [0, 1, 0, 0, 0, 0, 0, 0]
    assert summary["ageing"][1]["to_days"] == 90
