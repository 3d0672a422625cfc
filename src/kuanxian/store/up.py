"""Bring a database up: the embedded server, its database and logins, the newest schema."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.store import migrate, roles, server
from kuanxian.store.lock import LOCK_NO
from kuanxian.store.place import (
    ADMIN,
    DATABASE,
    NO_LOGINS,
    Place,
    embedded_place,
    engine,
    lender_place,
    open_connection,
)
from kuanxian.store.roles import LOGINS
from kuanxian.store.walls import mend_database, mend_walls

ALONE = sa.text("SELECT pg_advisory_xact_lock(:no)")


class Standing(NamedTuple):
    """A database that is up."""

    place: Place
    version: str
    """PostgreSQL's own version."""
    revision: str
    """The schema's revision."""
    mended: list[str]
    """What was missing of the walls and was put back."""


def find_place(url: str | None, data: Path, logins: Mapping[str, str] = NO_LOGINS) -> Place:
    """Choose the database: the address where there is one, else the embedded server.

    Args:
        url: The address of a lender's own server, or none.
        data: The data folder of the embedded server.
        logins: Addresses there of groups that log in for themselves; the embedded server has its
            own logins.
    """
    return lender_place(url, logins) if url else embedded_place(server.server_in(data).sockets)


def bring_up(url: str | None, data: Path) -> Standing:
    """Start the embedded server (unless an address is given) and bring the schema up.

    Args:
        url: The address of a lender's own server, or none.
        data: The data folder of the embedded server.

    Raises:
        StoreError: The server does not start, is not there, or a migration fails.
    """
    if not url:
        started = server.start(server.server_in(data))
        make_database(embedded_place(started.sockets))
    place = find_place(url, data)
    with open_connection(engine(place, ADMIN)) as connection:
        # First: an upgrade may have to make a schema.
        mended = mend_database(connection)
        revision = migrate.upgrade(connection)
        mended += mend_walls(connection)
        if place.embedded:
            with connection.begin():
                connection.execute(ALONE, {"no": LOCK_NO})
                for group, login in LOGINS.items():
                    roles.create_login(connection, login, group)
        version = connection.scalar(sa.text("SHOW server_version"))
    return Standing(place, str(version), revision, mended)


def make_database(place: Place) -> None:
    """Make the embedded server's database where it is missing."""
    first = place._replace(url=place.url.set(database="postgres"))
    with open_connection(engine(first, ADMIN)) as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        # Held until this connection closes: two programs that start together make one.
        connection.execute(sa.text("SELECT pg_advisory_lock(:no)"), {"no": LOCK_NO})
        there = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(there, {"name": DATABASE}) is None:
            # Nobody comes in who has not been given the right to.
            connection.execute(sa.text(f"CREATE DATABASE {DATABASE}"))
            connection.execute(sa.text(f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC"))
