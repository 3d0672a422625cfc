"""The schema goes up and down whole, one upgrade at a time, with no superuser."""

import threading

import pytest
import sqlalchemy as sa
from tests.databases import Database, Running, new_database

from kuanxian.base.errors import StoreError
from kuanxian.store import migrate
from kuanxian.store.place import ADMIN, engine, open_connection

OURS = sa.text(
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' "
)

_ACL = (
    "coalesce((SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest({}) x), '-')"
    "|| ' ' || {}::regrole"
)
_OURS = "IN ('journal', 'casework', 'vault', 'consent')"
CATALOG = tuple(
    words.format(ours=_OURS).replace(":", r"\:")
    for words in (
        "SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) || "
        + _ACL.format("proacl", "proowner")
        + " FROM pg_proc p WHERE pronamespace::regnamespace::text {ours}",
        "SELECT 'table ' || c.oid::regclass, relkind::text || relrowsecurity::text || "
        + _ACL.format("relacl", "relowner")
        + " FROM pg_class c WHERE relnamespace::regnamespace::text {ours} AND relkind <> 'i'",
        "SELECT 'column ' || attrelid::regclass || '.' || attname, format_type(atttypid, atttypmod)"
        " || attnotnull::text || coalesce(pg_get_expr(adbin, adrelid), '') "
        "|| coalesce(attacl::text, '') FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid "
        "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE "
        "relnamespace::regnamespace::text {ours} AND relkind = 'r' AND attnum > 0 "
        "AND NOT attisdropped",
        "SELECT 'constraint ' || conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace::regnamespace::text {ours}",
        "SELECT 'index ' || indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index "
        "JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace::regnamespace::text {ours}",
        "SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid) || "
        "tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT 'policy ' || tablename || ' ' || policyname, roles::text || cmd || "
        "coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies",
        "SELECT 'schema ' || nspname, " + _ACL.format("nspacl", "nspowner")
        + " FROM pg_namespace WHERE nspname {ours} OR nspname = 'public'",
        "SELECT 'database', " + _ACL.format("datacl", "datdba")
        + " FROM pg_database WHERE datname = current_database()",
    )
)  # fmt: skip
"""What a step may have made, as PostgreSQL says it."""


def test_the_migrating_login_is_no_superuser_on_a_lenders_server(system: Running) -> None:
    url = system.place.url.set(username=system.migrator, database="postgres")
    with engine(system.place._replace(url=url), ADMIN).connect() as connection:
        assert connection.scalar(sa.text("SHOW is_superuser")) == "off"


def test_the_schema_is_the_newest(database: Database) -> None:
    with database.engine("kx_audit").connect() as connection:
        assert migrate.current(connection) == migrate.head() != ""


def test_down_leaves_nothing_of_ours_and_up_again_works(fresh_database: Database) -> None:
    with fresh_database.engine(ADMIN).connect() as connection:
        assert migrate.downgrade(connection) == ""
        assert connection.scalar(OURS) == 0
        connection.rollback()
        assert migrate.upgrade(connection) == migrate.head()


@pytest.mark.slow
@pytest.mark.parametrize("servers", ["embedded"], indirect=True)
def test_each_step_down_leaves_what_the_step_before_had_made(servers: Running) -> None:
    place = new_database(servers)
    with engine(place, ADMIN).connect() as connection:
        newest = int(migrate.upgrade(connection))
        migrate.downgrade(connection)
        steps = [f"{number:04}" for number in range(1, newest + 1)]
        stood = {step: _catalog_at(connection, step) for step in steps}
        for step in reversed(steps[:-1]):
            migrate.downgrade(connection, step)
            assert (step, _catalog(connection)) == (step, stood[step])
        for step in steps[1:]:
            assert (step, _catalog_at(connection, step)) == (step, stood[step])


def _catalog_at(connection: sa.Connection, step: str) -> dict[str, str]:
    migrate.upgrade(connection, step)
    return _catalog(connection)


def _catalog(connection: sa.Connection) -> dict[str, str]:
    """Read what there is of functions, tables, rights, constraints, indexes and policies."""
    rows = [row for words in CATALOG for row in connection.execute(sa.text(words)).all()]
    connection.rollback()
    return {str(name): " ".join(str(what).split()) for name, what in rows}


def test_upgrades_that_start_together_do_not_race(servers: Running) -> None:
    place = new_database(servers)
    reached: list[str] = []

    def upgrade() -> None:
        # Alembic keeps what it works on in a global; programs do not share one, threads do.
        with engine(place, ADMIN).connect() as connection, lock:
            connection.execute(sa.text("SELECT 1"))
            connection.rollback()
            reached.append(migrate.upgrade(connection))

    lock = threading.Lock()
    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached == [migrate.head()] * 4


def test_a_failed_migration_leaves_the_schema_as_it_was(fresh_database: Database) -> None:
    with fresh_database.engine(ADMIN).connect() as connection:
        with pytest.raises(StoreError, match="the migration: Can't locate revision"):
            migrate.upgrade(connection, "9999")
        assert migrate.current(connection) == migrate.head()


def test_a_login_that_may_not_migrate_is_told_so(fresh_database: Database) -> None:
    place = fresh_database.place._replace(url=fresh_database.place.url.set(username="kuanxian_app"))
    refused = pytest.raises(StoreError, match=r"the migration: .*(permission denied|must be)")
    with engine(place, ADMIN).connect() as connection, refused:
        migrate.downgrade(connection)


def test_a_server_that_is_not_there_is_an_error_in_words(database: Database) -> None:
    place = database.place._replace(url=database.place.url.set(database="nowhere"))
    with pytest.raises(StoreError, match=r"database nowhere on .*does not exist"):
        open_connection(engine(place, "kx_app"))
