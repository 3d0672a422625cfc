"""Databases for tests: the wheel's own server, and the machine's where it has one.

``database`` gives a fresh, migrated database on each of them in turn; a test that asks for
it runs once a server. The machine's server stands for a lender's: we log in as a person who
is no superuser, and make our roles like any other customer of it.
"""

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from kuanxian.store import migrate, roles, server
from kuanxian.store.place import ADMIN, Place, embedded_place, engine, lender_place
from kuanxian.store.up import bring_up

NUMBERS = itertools.count(1)
MIGRATOR = "lender_dba"


class Running(NamedTuple):
    """A server that is up, and the login that migrates there."""

    place: Place
    migrator: str
    server: server.Server


class Database(NamedTuple):
    """A migrated database of its own on one of the servers."""

    place: Place
    running: Running

    def engine(self, group: str) -> sa.Engine:
        """Log in as the one login that is a member of a group."""
        login = self.running.migrator if group == ADMIN else roles.LOGINS[group]
        place = self.place._replace(url=self.place.url.set(username=login), embedded=False)
        return engine(place, group)

    def url(self, group: str) -> str:
        """Give the address a command is told, with the login of a group in it."""
        login = self.running.migrator if group == ADMIN else roles.LOGINS[group]
        return self.place.url.set(username=login).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def embedded() -> Iterator[Running]:
    """Start the wheel's server once for all tests of this process."""
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "db"
        bring_up(None, data)
        found = server.server_in(data)
        yield Running(embedded_place(found.sockets), ADMIN, found)
        server.stop(found)


@pytest.fixture(scope="session")
def system() -> Iterator[Running]:
    """Start the machine's own PostgreSQL, where there is one, as a lender would run it."""
    programs = system_programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed on this machine besides the wheel's")
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        found = server.start(server.server_in(Path(folder) / "db", programs))
        hba = found.cluster / "pg_hba.conf"
        hba.write_text("local all all trust\n")
        subprocess.run(["kill", "-HUP", (found.cluster / "postmaster.pid").read_text().split()[0]])
        place = embedded_place(found.sockets)
        with admin(place) as connection:
            connection.execute(sa.text(f"CREATE ROLE {MIGRATOR} LOGIN CREATEROLE CREATEDB"))
        yield Running(place._replace(embedded=False), MIGRATOR, found)
        server.stop(found)


def system_programs() -> Path | None:
    """Find the machine's PostgreSQL: on the path, or where Debian puts it."""
    on_path = shutil.which("postgres")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    first = Path(on_path).resolve() if on_path else (found[-1] if found else None)
    return first.parents[1] if first else None


def admin(place: Place, database: str = "postgres") -> sa.Connection:
    """Connect as the superuser, each statement for itself."""
    url = place.url.set(username=ADMIN, database=database)
    made = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    return made.connect()


@pytest.fixture(params=["embedded", "system"])
def servers(request: pytest.FixtureRequest) -> Running:
    """Give each server in turn."""
    running: Running = request.getfixturevalue(request.param)
    return running


def new_database(running: Running) -> Place:
    """Make an empty database that the migrating login owns."""
    name = f"kx{next(NUMBERS)}"
    with admin(running.place) as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} OWNER {running.migrator}"))
    url = running.place.url.set(database=name, username=running.migrator)
    return lender_place(url.render_as_string(hide_password=False))


def migrated_database(running: Running) -> Place:
    """Make a database with the newest schema by running the migrations."""
    place = new_database(running)
    with engine(place, ADMIN).connect() as connection:
        migrate.upgrade(connection)
    with admin(place, place.url.database or "") as connection:
        for group, login in roles.LOGINS.items():
            roles.create_login(connection, login, group)
    return place


@cache
def template(running: Running) -> Place:
    """Migrate once a server; a copy of this is thirty times faster."""
    return migrated_database(running)


def drop(place: Place, running: Running) -> None:
    """Remove a database."""
    with admin(running.place) as connection:
        connection.execute(sa.text(f"DROP DATABASE {place.url.database} WITH (FORCE)"))


def copied(running: Running) -> Iterator[Database]:
    """Copy the migrated database, and drop the copy at the end."""
    first, name = template(running), f"kx{next(NUMBERS)}"
    words = f"CREATE DATABASE {name} OWNER {running.migrator} TEMPLATE {first.url.database}"
    with admin(running.place) as connection:
        connection.execute(sa.text(words))
    place = first._replace(url=first.url.set(database=name))
    yield Database(place, running)
    drop(place, running)


@pytest.fixture
def database(servers: Running) -> Iterator[Database]:
    """Give a database with the newest schema and nothing in it, and a login for each group."""
    yield from copied(servers)


@pytest.fixture
def embedded_database(embedded: Running) -> Iterator[Database]:
    """Give the same on the wheel's server alone, where the server makes no difference."""
    yield from copied(embedded)


@pytest.fixture
def fresh_database(servers: Running) -> Iterator[Database]:
    """Give a database that was migrated itself: a copy lacks the rights on the database."""
    place = migrated_database(servers)
    yield Database(place, servers)
    drop(place, servers)


@pytest.fixture
def own_server() -> Iterator[Database]:
    """Give a database on a wheel's server of its own, to be killed and damaged."""
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "db"
        place = bring_up(None, data).place
        found = server.server_in(data)
        yield Database(place, Running(place, ADMIN, found))
        server.stop(found)
