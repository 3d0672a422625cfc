"""The log in the database: the same tree, in an order that commits cannot upset."""

import threading

import pytest
import sqlalchemy as sa
from tests.databases import Database, admin
from tests.journal.drafts import draft, drafts, execute, put

from kuanxian.base.errors import JournalError
from kuanxian.journal import merkle
from kuanxian.journal.append import append
from kuanxian.journal.log import Log, integrate, pending
from kuanxian.journal.merkle import Tree, extends, includes


def sequence(database: Database) -> int:
    with database.engine("kx_app").begin() as connection:
        return integrate(connection)


def leaves(database: Database) -> list[tuple[int, int]]:
    with database.engine("kx_audit").connect() as connection:
        query = sa.text("SELECT leaf_no, entry_no FROM journal.leaf ORDER BY leaf_no")
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_the_database_has_the_same_tree_as_memory(database: Database) -> None:
    memory = Tree()
    roots = [memory.root()]
    for step, count in enumerate((1, 254, 1, 1, 600, 300)):
        for receipt in put(database, *drafts(count, streams=11, tag=f"s{step}-")):
            memory.append(receipt.entry_hash)
            roots.append(memory.root())
        assert sequence(database) == memory.size
    with database.engine("kx_audit").connect() as connection:
        log = Log(connection)
        for size in (*range(0, 1157, 89), 255, 256, 257, 512, 1024, 1157):
            assert log.root(size) == roots[size]
            assert extends((size, roots[size]), (1157, roots[1157]), log.consistency(size))
        for leaf in (0, 1, 255, 256, 777, 1156):
            proof = log.inclusion(leaf)
            assert proof == merkle.inclusion(memory.subtree, leaf, 1157)
            assert includes(roots[1157], 1157, leaf, memory.subtree(0, leaf), proof)


def test_an_entry_whose_writer_commits_late_comes_later_and_is_not_lost(database: Database) -> None:
    made = database.engine("kx_app")
    with made.connect() as slow, made.connect() as slower:
        append(slow, [draft("a", "a")])
        append(slower, [draft("b", "b")])
        put(database, draft("c", "c"))
        assert sequence(database) == 1
        for turn in range(3):
            put(database, draft("d", f"d{turn}"))
            assert sequence(database) == 2 + turn
        slower.commit()
        assert sequence(database) == 5
        slow.rollback()
        assert sequence(database) == 5
    assert leaves(database) == [(0, 3), (1, 4), (2, 5), (3, 6), (4, 2)]
    put(database, draft("e", "e"))
    assert [sequence(database) for _ in range(3)] == [6, 6, 6]
    row = execute(database, "kx_audit", "SELECT settled_no, seen_no FROM journal.progress")
    assert row == (7, 7)


def test_writers_and_sequencers_at_once_lose_and_double_nothing(database: Database) -> None:
    done = threading.Event()

    def write(number: int) -> None:
        for turn in range(25):
            put(database, *[draft(f"w{number}", f"w{number}-{turn}-{n}") for n in range(4)])

    def keep_up() -> None:
        while not done.is_set():
            sequence(database)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    sequencers = [threading.Thread(target=keep_up) for _ in range(2)]
    for thread in (*writers, *sequencers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in sequencers:
        thread.join()
    assert sequence(database) == 600
    found = leaves(database)
    assert [leaf for leaf, _ in found] == list(range(600))
    assert len({entry for _, entry in found}) == 600


def test_a_restored_dump_goes_on_where_it_was(database: Database) -> None:
    put(database, *drafts(5))
    sequence(database)
    # A dump brings the numbers of the old server's transactions with it.
    with admin(database.place, database.place.url.database or "") as connection:
        connection.execute(sa.text("UPDATE journal.progress SET seen_xid = '99999999999'"))
    put(database, *drafts(5, tag="after"))
    assert sequence(database) == 10
    put(database, *drafts(5, tag="later"))
    assert sequence(database) == 15
    assert sequence(database) == 15
    row = execute(database, "kx_audit", "SELECT settled_no FROM journal.progress")
    assert row == (15,)


def test_pending_says_how_many_are_not_in_the_log_yet(database: Database) -> None:
    put(database, *drafts(3))
    with database.engine("kx_audit").connect() as connection:
        assert pending(connection) == 3
        connection.rollback()
        sequence(database)
        put(database, draft("x", "x"))
        assert pending(connection) == 1


def test_what_is_not_in_the_log_is_said(database: Database) -> None:
    put(database, *drafts(2))
    with database.engine("kx_audit").connect() as connection:
        log = Log(connection)
        for question in (lambda: log.leaf_of(1), lambda: log.inclusion(0), lambda: log.root(1),
                         lambda: log.consistency(1)):  # fmt: skip
            with pytest.raises(JournalError):
                question()
