"""Appending: one winner, one entry a key, one chain a stream, and the database's own clock."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from tests.databases import Database
from tests.journal.drafts import DAY, NOON, draft, drafts, execute, put

from kuanxian.base.errors import ConflictError, EntryError, JournalError, RepeatedKeyError
from kuanxian.journal import writer as writer_module
from kuanxian.journal.append import Receipt, append, append_checked, append_each
from kuanxian.journal.canonical import encode
from kuanxian.journal.entry import NOTHING, Draft, hash_of
from kuanxian.journal.read import read_entries, read_stream
from kuanxian.journal.writer import Writer
from kuanxian.store.place import engine


def stream_of(database: Database, stream: str) -> list[int]:
    with database.engine("kx_audit").connect() as connection:
        entries = read_stream(connection, stream)
    before = NOTHING
    for entry in entries:
        assert entry.previous_hash == before
        assert entry.entry_hash == hash_of(entry)
        before = entry.entry_hash
    return [entry.stream_version for entry in entries]


def test_an_entry_is_kept_as_it_was_given_with_what_the_database_adds(database: Database) -> None:
    (receipt,) = put(database, draft())
    with database.engine("kx_audit").connect() as connection:
        (entry,) = read_stream(connection, "loan:1")
    assert (entry.stream, entry.kind, entry.business_on, entry.happened_at, entry.actor,
            entry.body, entry.idempotency_key) == draft()[:7]  # fmt: skip
    assert (entry.stream_version, entry.previous_hash, entry.login) == (1, NOTHING, "kuanxian_app")
    assert (entry.entry_no, entry.recorded_at, entry.entry_hash) == (
        receipt.entry_no, receipt.recorded_at, receipt.entry_hash)  # fmt: skip
    row = execute(database, "kx_audit", "SELECT clock_timestamp()")
    assert row is not None
    assert timedelta(0) < row[0] - entry.recorded_at < timedelta(minutes=5)


def test_streams_count_for_themselves_and_chain(database: Database) -> None:
    put(database, *drafts(10, streams=3))
    put(database, *drafts(10, streams=3, tag="again"))
    assert stream_of(database, "loan:0") == list(range(1, 9))
    assert stream_of(database, "loan:1") == list(range(1, 7))


def test_the_same_key_twice_gives_the_first_result(database: Database) -> None:
    (first,) = put(database, draft())
    (second,) = put(database, draft())
    assert second == first._replace(outcome="repeated")
    assert stream_of(database, "loan:1") == [1]


CHANGES = [
    {"stream": "loan:2"}, {"kind": "loan.other"}, {"business_on": DAY + timedelta(1)},
    {"happened_at": NOON + timedelta(microseconds=1)}, {"actor": "system:other"},
    {"body": encode({"amount_fen": 101})},
]  # fmt: skip


@pytest.mark.parametrize("changed", CHANGES, ids=lambda change: next(iter(change)))
def test_the_same_key_with_other_content_is_an_error(
    database: Database, changed: dict[str, Any]
) -> None:
    put(database, draft())
    with pytest.raises(RepeatedKeyError, match="k1: was used for entry 1"):
        put(database, draft()._replace(**changed))


def test_a_stream_that_is_elsewhere_is_a_conflict(database: Database) -> None:
    put(database, draft(expected_version=0))
    with pytest.raises(ConflictError, match="loan:1: is at version 1, not 0"):
        put(database, draft(key="k2", expected_version=0))
    with database.engine("kx_app").begin() as connection:
        append(connection, [draft(key="a"), draft(key="b")], expected_version=1)
    assert stream_of(database, "loan:1") == [1, 2, 3]


def test_each_of_a_batch_stands_for_itself(database: Database) -> None:
    put(database, draft())
    batch = [
        draft(key="k2", expected_version=5),
        draft(),
        draft(stream="loan:2", key="k3"),
        draft(stream="loan:2", key="k3"),
        draft(stream="loan:2", key="k3", kind="other"),
        draft(key="k4", expected_version=1),
        draft(key="k5", expected_version=1),
        draft(stream="loan:3", key="k1"),
    ]
    with database.engine("kx_app").begin() as connection:
        outcomes = [receipt.outcome for receipt in append_each(connection, batch)]
    assert outcomes == ["conflict", "repeated", "appended", "repeated", "differs", "appended",
                        "conflict", "differs"]  # fmt: skip
    assert stream_of(database, "loan:1") == [1, 2]


def test_a_rolled_back_transaction_leaves_nothing(database: Database) -> None:
    with database.engine("kx_app").connect() as connection:
        append(connection, [draft()])
        connection.rollback()
    assert stream_of(database, "loan:1") == []
    put(database, draft())
    assert stream_of(database, "loan:1") == [1]


def changed(field: str, value: Any) -> Draft:
    """Make a draft with one field changed."""
    return draft(**{field: value})


BAD = [("stream", ""), ("stream", "person:t:p"), ("stream", "vault"), ("stream", "a b"),
       ("stream", "贷"), ("stream", "a\nb"), ("kind", "k" * 101),
       ("actor", "\x7f"), ("idempotency_key", "")]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD)
def test_a_field_that_is_no_line_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(EntryError, match=field):
        append_each(None, [changed(field, value)])  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "value"), BAD)
def test_the_database_refuses_it_too(database: Database, field: str, value: str) -> None:
    refused = pytest.raises(sa.exc.DBAPIError, match=r"entry_words|its own functions")
    with refused, database.engine("kx_app").begin() as connection:
        append_checked(connection, [changed(field, value)])


def test_two_writers_one_wins_and_the_other_is_told(database: Database) -> None:
    told: list[str] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        try:
            put(database, draft(key=f"w{number}", expected_version=0))
        except ConflictError:
            told.append("conflict")
        else:
            told.append("won")

    run([partial(write, n) for n in range(8)])
    assert sorted(told) == ["conflict"] * 7 + ["won"]


def run(jobs: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_64_threads_on_one_stream_leave_no_gap_and_no_duplicate(database: Database) -> None:
    made = engine(database.place._replace(url=database.place.url.set(username="kuanxian_app")),
                  "kx_app")  # fmt: skip
    receipts: list[Receipt] = []
    with Writer(made) as writer:

        def write(number: int) -> None:
            receipts.extend(writer.append(draft(key=f"t{number}-{turn}")) for turn in range(10))

        run([partial(write, n) for n in range(64)])
    assert sorted(receipt.stream_version for receipt in receipts) == list(range(1, 641))
    assert stream_of(database, "loan:1") == list(range(1, 641))


def test_64_threads_with_a_connection_each_leave_no_gap_either(database: Database) -> None:
    run([partial(put, database, draft(key=f"c{n}")) for n in range(64)])
    assert stream_of(database, "loan:1") == list(range(1, 65))


def test_one_key_from_many_streams_at_once_is_kept_once(database: Database) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(12)

    def write(number: int) -> None:
        start.wait()
        with database.engine("kx_app").begin() as connection:
            outcomes.append(append_each(connection, [draft(f"loan:{number}")])[0].outcome)

    run([partial(write, n) for n in range(12)])
    assert sorted(outcomes) == ["appended"] + ["differs"] * 11


def test_batches_in_opposite_orders_do_not_deadlock(database: Database) -> None:
    def write(tag: str, step: int) -> None:
        for turn in range(10):
            put(database, *[draft(f"loan:{n}", f"{tag}-{turn}-{n}") for n in range(40)[::step]])

    run([partial(write, "up", 1), partial(write, "down", -1)])
    assert stream_of(database, "loan:0") == list(range(1, 21))


def test_a_closed_writer_says_so_and_has_kept_what_it_was_given(database: Database) -> None:
    with Writer(database.engine("kx_app")) as writer:
        future = writer.submit(drafts(500, streams=7))
    assert all(receipt.is_kept for receipt in future.result())
    with pytest.raises(JournalError, match="was closed"):
        writer.append(draft(key="late"))


def test_one_bad_draft_in_a_writers_batch_does_not_stop_the_others(database: Database) -> None:
    with Writer(database.engine("kx_app")) as writer:
        future = writer.submit([*drafts(20, 5), draft("loan:1", "x", expected_version=99)])
    assert [receipt.outcome for receipt in future.result()] == ["appended"] * 20 + ["conflict"]


def test_parts_handed_in_one_after_the_other_keep_their_order_over_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "BATCH_MAX", 50)
    some = drafts(600)
    with Writer(database.engine("kx_app")) as writer:
        futures = [writer.submit(some[begin : begin + 30]) for begin in range(0, 600, 30)]
    versions = [receipt.stream_version for future in futures for receipt in future.result()]
    assert versions == list(range(1, 601))


def test_a_draft_of_wrong_types_is_told_to_its_caller_and_stops_no_other(
    database: Database,
) -> None:
    wrong: Any = b"k"
    with Writer(database.engine("kx_app")) as writer:
        with pytest.raises(TypeError):
            writer.submit([draft(key="a"), draft(kind=wrong)]).result()
        assert writer.append(draft(key="b")).is_kept


def test_a_function_of_the_database_marks_in_its_own_transaction(database: Database) -> None:
    body = '{"why": "提醒", "field": "phone"}'
    call = (
        "SELECT journal.append_entry('person:9', 'vault.opened', '2026-01-31', "
        f"'2026-01-31 12:00Z', 'officer:1', '{body}', 'g1', 0)"
    )
    with database.engine("kx_owner").connect() as connection:
        connection.execute(sa.text(call))
        connection.rollback()
    assert stream_of(database, "person:9") == []
    for _ in range(2):
        execute(database, "kx_owner", call.replace(", 0)", ")"))
    assert stream_of(database, "person:9") == [1]
    with database.engine("kx_audit").connect() as connection, connection.begin():
        (entry,) = read_entries(connection, kind="vault.opened")
    assert entry.body == '{"field":"phone","why":"提醒"}'.encode()
    assert entry.login == "kuanxian_owner"
    with pytest.raises(sa.exc.OperationalError, match="the stream is at version 1, not 0"):
        execute(database, "kx_owner", call.replace("'g1'", "'g2'"))
    with pytest.raises(sa.exc.IntegrityError, match="used for another entry"):
        execute(database, "kx_owner", call.replace("phone", "name"))
