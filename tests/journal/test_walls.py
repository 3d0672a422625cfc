"""No role changes a row of the journal: the right is missing, and a trigger refuses it too."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from tests.databases import Database, admin
from tests.journal.drafts import draft, drafts, execute, put
from tests.journal.test_verify import sign_now

from kuanxian.journal.append import append_checked
from kuanxian.store.place import ADMIN

TABLES = {"entry": "actor = 'x'", "leaf": "leaf_no = 7", "subtree": "position = 7",
          "checkpoint": "note = ''"}  # fmt: skip
GROUPS = ("kx_owner", "kx_app", "kx_vault", "kx_audit")


def statements(table: str) -> list[str]:
    return [
        f"UPDATE journal.{table} SET {TABLES[table]}",
        f"DELETE FROM journal.{table}",
        f"TRUNCATE journal.{table} CASCADE",
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_no_role_changes_a_row(database: Database, group: str) -> None:
    put(database, draft())
    for table in TABLES:
        for statement in statements(table):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                execute(database, group, statement)


@pytest.mark.parametrize("group", ["kx_owner", ADMIN])
def test_who_takes_the_right_back_meets_the_trigger(database: Database, group: str) -> None:
    put(database, draft())
    with admin(database.place, database.place.url.database or "") as connection:
        if group == "kx_owner":
            connection.execute(
                sa.text(
                    "GRANT UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA journal TO kx_owner"
                )
            )
            connection.execute(sa.text("SET ROLE kx_owner"))
        else:
            connection.execute(sa.text("SET session_replication_role = replica"))
        for table in TABLES:
            for statement in statements(table):
                with pytest.raises(sa.exc.ProgrammingError, match="the journal only grows"):
                    connection.execute(sa.text(statement))


@pytest.mark.parametrize("group", ["kx_app", "kx_vault", "kx_audit"])
def test_only_functions_append(database: Database, group: str) -> None:
    for table in TABLES:
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            execute(database, group, f"INSERT INTO journal.{table} DEFAULT VALUES")
    for call in ("journal.append_one('a','b',now()::date,now(),'c','','d',null)",
                 "journal.keep_subtrees(0, 1)"):  # fmt: skip
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            execute(database, group, f"SELECT {call}")


def test_the_auditor_reads_and_appends_nothing(database: Database) -> None:
    put(database, draft())
    row = execute(database, "kx_audit", "SELECT count(*) FROM journal.entry")
    assert row == (1,)
    for call in ("append_entry('a','b',now()::date,now(),'c','{}','d')", "integrate()",
                 "add_checkpoint(0, '')"):  # fmt: skip
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            execute(database, "kx_audit", f"SELECT journal.{call}")


def test_the_vault_appends_by_its_own_functions_alone_and_reads_nothing(database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        put(database, draft(), group="kx_vault")
    for table in TABLES:
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            execute(database, "kx_vault", f"SELECT * FROM journal.{table}")


RESERVED = [("stream", "person:lender-1:p-1"), ("stream", "vault"),
            ("idempotency_key", "consent:lender-1/p-1/marketing/1"),
            ("idempotency_key", "vault:x")]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), RESERVED)
def test_who_decides_writes_no_mark_and_takes_no_key_of_one(
    database: Database, field: str, value: str
) -> None:
    words: dict[str, Any] = {field: value}
    with (
        pytest.raises(sa.exc.ProgrammingError, match="its own functions"),
        database.engine("kx_app").begin() as connection,
    ):
        append_checked(connection, [draft(key="other"), draft(**words)])
    assert execute(database, "kx_audit", "SELECT count(*) FROM journal.entry") == (0,)
    one = "SELECT journal.append_entry('a','b',now()::date,now(),'c','{}','d')"
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        execute(database, "kx_app", one)


def reserve(stream: str, key: str) -> str:
    order = {
        "streams": [stream], "versions": [0], "at": "2026-01-31T00:00:00Z",
        "kind": "contact.decided", "business_on": "2026-01-31", "actor": "a", "key": key,
        "decision_id": "d", "case_id": "c", "person_id": "p", "act": "contact",
        "purpose": "collect", "party_id": "l", "rulebook_hash": "r", "people": ["p"],
        "use_stopped": False,
    }  # fmt: skip
    told = f"'{json.dumps([order])}', CAST(ARRAY['{{}}'] AS bytea[])"
    return f"SELECT outcome FROM casework.reserve_each({told}, false)"


@pytest.mark.parametrize(("stream", "key", "kept"), [
    ("person:t:p", "k", False), ("vault", "k", False), ("case:1", "vault:k", False),
    ("case:1", "consent:k", False), ("case:1", "k", True),
])  # fmt: skip
def test_the_gate_writes_into_cases_alone(
    database: Database, stream: str, key: str, kept: bool
) -> None:
    if kept:
        assert execute(database, "kx_app", reserve(stream, key)) == ("kept",)
        return
    with pytest.raises(sa.exc.ProgrammingError, match="its own functions"):
        execute(database, "kx_app", reserve(stream, key))


def test_a_login_cannot_pass_for_another(database: Database) -> None:
    put(database, draft()._replace(actor="kuanxian_vault"))
    row = execute(database, "kx_audit", "SELECT actor, login FROM journal.entry")
    assert row == ("kuanxian_vault", "kuanxian_app")


UNREADABLE = [
    {"business_on": date(2200, 1, 1)},
    {"business_on": date(1969, 12, 31)},
    {"happened_at": datetime(9999, 1, 1, tzinfo=UTC)},
    {"body": b"\xff"},
]


@pytest.mark.parametrize("told", UNREADABLE)
def test_nothing_enters_that_a_reader_cannot_read(database: Database, told: dict[str, Any]) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=r"entry_day|entry_instants|invalid byte sequence"):
        put(database, draft()._replace(**told))
    put(database, draft(business_on=date(2199, 12, 31)))


def test_a_note_that_signs_nothing_of_this_tree_is_not_kept(database: Database) -> None:
    put(database, *drafts(5))
    note = sign_now(database)
    root = note.split("\n")[2]
    for wrong in ("not a checkpoint", note.replace("\n5\n", "\n4\n"), note.partition("\n\n")[0],
                  note.replace(root, "A" * 43 + "=")):  # fmt: skip
        with (
            pytest.raises(sa.exc.DBAPIError, match="no signed note of this tree"),
            database.engine("kx_app").begin() as connection,
        ):
            connection.execute(sa.text("SELECT journal.add_checkpoint(5, :note)"), {"note": wrong})


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 600, 1_029])
def test_the_database_and_we_find_one_root(database: Database, count: int) -> None:
    put(database, *drafts(count, streams=3))
    note = sign_now(database)
    assert note.split("\n")[1] == str(count)
