"""A login is one group and cannot become another, whatever SQL it says."""

import pytest
import sqlalchemy as sa
from tests.databases import Database, admin

from kuanxian.base.errors import StoreError
from kuanxian.store.place import engine, open_connection
from kuanxian.store.roles import APP, AUDIT, GROUPS, LOGINS, create_login, groups_of

ESCAPES = [
    "RESET ROLE",
    "SET ROLE NONE",
    "SET ROLE kx_owner",
    "SET ROLE kx_vault",
    "SET SESSION AUTHORIZATION kuanxian_owner",
    "SET SESSION AUTHORIZATION kuanxian_admin",
]


@pytest.mark.parametrize("escape", ESCAPES)
def test_no_statement_gives_a_login_another_group(database: Database, escape: str) -> None:
    with database.engine(APP).connect() as connection:
        try:
            connection.execute(sa.text(escape))
        except sa.exc.DBAPIError:
            connection.rollback()
        held = connection.scalars(
            sa.text("SELECT g FROM unnest(:all :: text[]) g WHERE pg_has_role(g, 'USAGE')"),
            {"all": list(GROUPS)},
        )
        assert list(held) == [APP]


def test_a_connection_runs_under_the_group_it_asked_for(database: Database) -> None:
    for group, login in LOGINS.items():
        with database.engine(group).connect() as connection:
            row = connection.execute(sa.text("SELECT current_user, session_user")).one()
            assert tuple(row) == (group, login)


def test_a_login_that_is_no_member_is_told_what_to_do(database: Database) -> None:
    place = database.place._replace(url=database.place.url.set(username=LOGINS[APP]))
    with pytest.raises(StoreError, match="permission denied to set role") as caught:
        open_connection(engine(place, AUDIT))
    assert "GRANT" in caught.value.advice


@pytest.mark.parametrize("statement", ["CREATE TABLE t (n int)", "CREATE TEMP TABLE t (n int)",
                                       "CREATE SCHEMA s", "CREATE ROLE r"])  # fmt: skip
@pytest.mark.parametrize("group", sorted({*LOGINS} - {"kx_owner"}))
def test_nobody_but_the_owner_makes_anything(
    fresh_database: Database, group: str, statement: str
) -> None:
    refused = pytest.raises(sa.exc.ProgrammingError, match="permission denied")
    with fresh_database.engine(group).connect() as connection, refused:
        connection.execute(sa.text(statement))


def test_a_login_is_a_member_of_one_group(database: Database) -> None:
    with admin(database.place, database.place.url.database or "") as connection:
        create_login(connection, LOGINS[APP], APP)
        assert groups_of(connection, LOGINS[APP]) == {APP}
        with pytest.raises(StoreError, match="already a member of kx_app"):
            create_login(connection, LOGINS[APP], AUDIT)


@pytest.mark.parametrize("name", ["kx_app", "Agency", "a;b", "", "a b", "a-b", 'a"b', "员"])
def test_a_name_that_is_no_login_name_is_refused(database: Database, name: str) -> None:
    refused = pytest.raises(StoreError, match="a name is lower case")
    with admin(database.place, database.place.url.database or "") as connection, refused:
        create_login(connection, name, APP)
