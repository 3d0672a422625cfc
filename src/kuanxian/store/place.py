"""Which database, and a connection to it under one role.

A place is an address: ``--database-url``, else ``KUANXIAN_DATABASE_URL``, else the embedded
server in the data folder. The caller reads the environment and hands in what it found.

Each connection runs under one group role. On an embedded database we log in as that role's
own login; on a lender's server the address says who logs in, and that login must be a member. A
login is one group, so there a group may have an address of its own.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa

from kuanxian.base.errors import StoreError
from kuanxian.store.roles import GROUPS, LOGINS

DATABASE = "kuanxian"
DRIVER = "postgresql+psycopg"
SCHEMES = ("postgresql", "postgres", DRIVER)
ADMIN = "kuanxian_admin"
"""The embedded server's own superuser: starts it, makes the database and the logins."""

CONNECT_SECONDS = 10
NO_LOGINS: Mapping[str, str] = MappingProxyType({})


class Place(NamedTuple):
    """Where the database is."""

    url: sa.URL
    """Its address. Its text form shows ``***`` for a password."""
    embedded: bool
    """It is the server that comes with the package."""
    logins: tuple[tuple[str, sa.URL], ...] = ()
    """On a lender's server: groups that log in by an address of their own, and that address."""


def lender_place(url: str, logins: Mapping[str, str] = NO_LOGINS) -> Place:
    """Read the address of a lender's own server, and those of single groups there.

    Example:
        >>> lender_place("postgresql://teller@db.internal/loans").url.database
        'loans'

    Raises:
        StoreError: One is no PostgreSQL address, or they name different databases. No address is
            quoted: it may hold a password.
    """
    first = _address(url, "the database address")
    own = tuple((group, _address(one, f"the address of {group}")) for group, one in logins.items())
    for group, one in own:
        if one.database != first.database:
            advice = "A command that reads in one and writes in another would decide on nothing."
            raise StoreError(f"the address of {group}", "it names another database", advice)
    return Place(first, embedded=False, logins=own)


def _address(url: str, subject: str) -> sa.URL:
    try:
        read = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        read = None
    if read is None or read.drivername not in SCHEMES or not read.database:
        advice = "Write postgresql://login@host:5432/database."
        raise StoreError(subject, "not a PostgreSQL address", advice)
    return read.set(drivername=DRIVER)


def server_of(url: sa.URL) -> tuple[str, str]:
    """Name the server of an address: its host and port, as they are written.

    Example:
        >>> server_of(lender_place("postgresql://teller@db.internal/loans").url)
        ('db.internal', '5432')
    """
    host, port = url.host or url.query.get("host"), url.port or url.query.get("port")
    return str(host or ""), str(port or 5432)


def embedded_place(sockets: Path) -> Place:
    """Name the embedded database by the folder of its socket."""
    url = sa.URL.create(DRIVER, database=DATABASE, query={"host": str(sockets)})
    return Place(url, embedded=True)


def engine(place: Place, group: str, *, pool_max: int = 0) -> sa.Engine:
    """Make an engine whose connections run under one group role.

    Args:
        place: Which database.
        group: One of ``roles.GROUPS``, or ``ADMIN`` on an embedded database.
        pool_max: Connections open at most and kept for reuse; 0 opens one each time, which
            is what a command wants.

    Returns:
        An engine; ``open_connection`` turns its first failure into words.
    """
    url = dict(place.logins).get(group, place.url)
    options = f"-c timezone=UTC -c application_name={group}"
    if place.embedded:
        url = url.set(username=LOGINS.get(group, group))
    if group in GROUPS:
        options += f" -c role={group}"
    arguments = {"connect_timeout": CONNECT_SECONDS, "options": options}
    if pool_max == 0:
        return sa.create_engine(url, connect_args=arguments, poolclass=sa.NullPool)
    return sa.create_engine(url, connect_args=arguments, pool_size=pool_max, max_overflow=0)


def open_connection(made: sa.Engine) -> sa.Connection:
    """Connect, and say in words why it is not possible.

    Raises:
        StoreError: The server is not there, or the login may not take the role.
    """
    try:
        return made.connect()
    except sa.exc.OperationalError as error:
        raise unreachable(error, made.url) from None


def unreachable(error: sa.exc.DBAPIError, url: sa.URL) -> StoreError:
    """Put a failed connection into words: where, and the server's own first line."""
    said = str(error.orig).strip().splitlines()
    reason = said[-1].split("FATAL:")[-1].strip() if said else "no answer"
    advice = "Start it with kuanxian up, or give --database-url."
    if "permission denied to set role" in reason:
        group = reason.rpartition("kx_")[2].rstrip('"')
        advice = (
            f"That step needs a login of kx_{group}: name it in KUANXIAN_{group.upper()}_URL "
            f"(GRANT kx_{group} TO it), as docs/how-to/use-your-own-postgresql.md says."
        )
    elif "does not exist" in reason and "role" in reason:
        advice = "Run kuanxian up, which makes the roles."
    return StoreError(where(url), reason, advice)


def where(url: sa.URL) -> str:
    """Name a database without its password."""
    return f"database {url.database} on {url.host or url.query.get('host', 'this machine')}"
