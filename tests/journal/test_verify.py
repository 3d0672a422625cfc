"""Verify finds whatever was changed behind the journal's back, and says where."""

import random
import re

import pytest
import sqlalchemy as sa
from tests.databases import Database, admin
from tests.journal.drafts import draft, drafts, put
from tests.journal.test_checkpoint import SIGNER

from kuanxian.journal.checkpoint import Checkpoint, sign
from kuanxian.journal.frontier import Frontier
from kuanxian.journal.log import Log, integrate
from kuanxian.journal.merkle import Tree
from kuanxian.journal.verify import Finding, Report, verify
from kuanxian.store import server

PENDING = 3


def sign_now(database: Database) -> str:
    with database.engine("kx_app").begin() as connection:
        integrate(connection)
    with database.engine("kx_app").begin() as connection:
        log = Log(connection)
        note = sign(Checkpoint(SIGNER.name, log.size, log.root()), SIGNER)
        call = sa.text("SELECT journal.add_checkpoint(:size, :note)")
        connection.execute(call, {"size": log.size, "note": note})
    return note


def filled(database: Database) -> None:
    """Put in 600 entries, two checkpoints, and some entries that are not in the log yet."""
    put(database, *drafts(300, streams=7, tag="a"))
    sign_now(database)
    put(database, *drafts(300, streams=7, tag="b"))
    sign_now(database)
    put(database, *drafts(PENDING, streams=2, tag="c"))


def check(database: Database) -> Report:
    with database.engine("kx_audit").connect() as connection:
        return verify(connection, SIGNER.verifier)


def tamper(database: Database, *statements: str) -> None:
    """Change rows as a superuser who switches the triggers off."""
    with admin(database.place, database.place.url.database or "") as connection:
        for table in ("entry", "leaf", "subtree", "checkpoint"):
            connection.execute(sa.text(f"ALTER TABLE journal.{table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.exec_driver_sql(statement)


def places(report: Report) -> list[tuple[str, str]]:
    return [(finding.where, finding.field) for finding in report.findings]


def test_a_store_that_nobody_touched_is_intact(database: Database) -> None:
    filled(database)
    report = check(database)
    assert report.findings == []
    assert report[:6] == (603, 7, 600, PENDING, 2, 600)
    with database.engine("kx_audit").connect() as connection:
        assert report.root == Log(connection).root()


def test_an_empty_store_is_intact(database: Database) -> None:
    sign_now(database)
    report = check(database)
    assert (report.entries, report.checkpoints, report.findings) == (0, 1, [])


ENTRY_CHANGES = {
    "stream": "SET stream = 'loan:9'",
    "stream_version": "SET stream_version = stream_version # 1024",
    "kind": "SET kind = 'loan.evens'",
    "business_on": "SET business_on = business_on + 1",
    "happened_at": "SET happened_at = happened_at + interval '1 microsecond'",
    "recorded_at": "SET recorded_at = recorded_at + "
    "(1 - 2 * mod(extract(epoch FROM recorded_at) * 1000000, 2)) * interval '1 microsecond'",
    "actor": "SET actor = 'system:tess'",
    "login": "SET login = 'kuanxian_apq'",
    "idempotency_key": "SET idempotency_key = overlay(idempotency_key placing 'z' from 1)",
    "body": "SET body = set_byte(body, 15, 57)",
    "previous_hash": "SET previous_hash = "
    "set_byte(previous_hash, 3, get_byte(previous_hash, 3) # 1)",
    "entry_hash": "SET entry_hash = set_byte(entry_hash, 31, get_byte(entry_hash, 31) # 128)",
}


@pytest.mark.parametrize("field", ENTRY_CHANGES)
def test_a_changed_byte_of_an_entry_is_found_in_its_field(database: Database, field: str) -> None:
    filled(database)
    # Entry 5 is in the log, entry 601 not yet.
    for entry_no in (5, 601):
        tamper(database, f"UPDATE journal.entry {ENTRY_CHANGES[field]} WHERE entry_no = {entry_no}")
    assert places(check(database)) == [("entry 5", field), ("entry 601", field)]


OTHER_CHANGES: list[tuple[str, tuple[str, str]]] = [
    ("UPDATE journal.entry SET entry_no = 99999 WHERE entry_no = 17", ("entry 99999", "entry_no")),
    ("UPDATE journal.leaf SET entry_no = 99999 WHERE leaf_no = 17", ("entry 18", "entry_no")),
    ("UPDATE journal.leaf SET leaf_no = 99999 WHERE leaf_no = 17", ("leaf 17", "leaf_no")),
    ("UPDATE journal.leaf SET leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1) "
     "WHERE leaf_no = 17", ("entry 18", "leaf_hash")),
    ("UPDATE journal.subtree SET subtree_hash = set_byte(subtree_hash, 0, "
     "get_byte(subtree_hash, 0) # 1) WHERE level = 9", ("subtree 9/0", "subtree_hash")),
    ("UPDATE journal.subtree SET position = 9 WHERE level = 9", ("subtree 9/0", "level")),
    ("UPDATE journal.checkpoint SET note = overlay(note placing '9' from 27) WHERE tree_size = 300",
     ("checkpoint 300", "note")),
    ("UPDATE journal.checkpoint SET tree_size = 301 WHERE tree_size = 300",
     ("checkpoint 301", "tree_size")),
    ("UPDATE journal.checkpoint SET tree_size = 3000 WHERE tree_size = 300",
     ("checkpoint 3000", "tree_size")),
    ("DELETE FROM journal.entry WHERE entry_no = 17", ("leaf 16", "entry_no")),
    ("DELETE FROM journal.leaf WHERE leaf_no = 599", ("checkpoint 600", "tree_size")),
    ("DELETE FROM journal.subtree WHERE level = 8 AND position = 1", ("subtree 8/1", "level")),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "where"), OTHER_CHANGES)
def test_a_change_of_the_log_is_found_where_it_is(
    embedded_database: Database, statement: str, where: tuple[str, str]
) -> None:
    filled(embedded_database)
    tamper(embedded_database, statement)
    assert where in places(check(embedded_database))


def test_history_rewritten_whole_does_not_fit_what_was_signed(database: Database) -> None:
    """Whoever owns the database can forge everything but the signature."""
    put(database, draft("loan:1", "true"))
    note = sign_now(database)
    tamper(database, "TRUNCATE journal.entry, journal.leaf, journal.subtree, journal.checkpoint",
           "UPDATE journal.progress SET settled_no = 0, seen_no = 0, seen_xid = '0'")  # fmt: skip
    put(database, draft("loan:1", "forged"))
    with database.engine("kx_app").begin() as connection:
        integrate(connection)
    with admin(database.place, database.place.url.database or "") as connection:
        query = sa.text("INSERT INTO journal.checkpoint VALUES (1, :note)")
        connection.execute(query, {"note": note})
    assert check(database).findings == [
        Finding("checkpoint 1", "note", "the log had another root at this size")
    ]


def test_the_edge_has_the_root_of_the_tree_and_completes_its_subtrees() -> None:
    edge, tree = Frontier(), Tree()
    for n in range(1100):
        leaf = n.to_bytes(32, "big")
        tree.append(leaf)
        for level, position, node in edge.append(leaf):
            assert node == tree.subtree(level, position)
        assert edge.root() == tree.root()


def flipped_on_disk(database: Database, draw: random.Random) -> int:
    """Flip a bit of the file of journal.entry while the server is down; give its page."""
    running = database.running.server
    with admin(database.place, "kuanxian") as connection:
        connection.execute(sa.text("CHECKPOINT"))
        path = connection.scalar(sa.text("SELECT pg_relation_filepath('journal.entry')"))
    server.stop(running)
    file = running.cluster / str(path)
    held = bytearray(file.read_bytes())
    page = draw.randrange(len(held) // PAGE)
    # Rows fill a page from its end.
    held[page * PAGE + draw.randrange(PAGE // 2, PAGE)] ^= 1 << draw.randrange(8)
    file.write_bytes(held)
    server.start(running)
    return page


PAGE = 8192


@pytest.mark.parametrize("seed", range(4))
def test_a_bit_flipped_on_the_disk_is_found_and_its_page_named(
    own_server: Database, seed: int
) -> None:
    put(own_server, *drafts(400, streams=9))
    sign_now(own_server)
    page = flipped_on_disk(own_server, random.Random(seed))
    (finding,) = check(own_server).findings
    assert finding.where == f"page {page} of journal.entry"
    assert re.search(r"entries after \d+", finding.what)
