"""The schema, up and down: Alembic's migrations, inside the package, one upgrade at a time.

Everything one upgrade does is one transaction under an advisory lock, so two programs that
start together do not race, and a failure leaves the schema as it was.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from kuanxian.base.errors import StoreError
from kuanxian.store.lock import LOCK_NO

FOLDER = Path(__file__).with_name("migrations")
VERSION_TABLE = "kuanxian_version"


def upgrade(connection: sa.Connection, revision: str = "head") -> str:
    """Bring the schema up to a revision.

    Args:
        connection: A login that may make roles and owns the database, outside a transaction.
        revision: A revision's number, or ``head``.

    Returns:
        The revision the schema now has.

    Raises:
        StoreError: A migration failed; nothing of it remains.
    """
    return _run(connection, command.upgrade, revision)


def downgrade(connection: sa.Connection, revision: str = "base") -> str:
    """Take the schema down to a revision; ``base`` leaves nothing of ours.

    Returns:
        The revision the schema now has, empty for none.

    Raises:
        StoreError: A migration failed; nothing of it is undone.
    """
    return _run(connection, command.downgrade, revision)


def current(connection: sa.Connection) -> str:
    """Name the revision of the schema, empty for none."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision() or ""


def head() -> str:
    """Name the newest revision this package has."""
    return ScriptDirectory(str(FOLDER)).get_current_head() or ""


def _run(connection: sa.Connection, run: object, revision: str) -> str:
    assert callable(run)
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        with connection.begin():
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:no)"), {"no": LOCK_NO})
            run(config, revision)
            reached = current(connection)
            if not reached:
                connection.execute(sa.text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
            return reached
    except sa.exc.DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        advice = (
            "The schema is as it was. docs/how-to/use-your-own-postgresql.md says what it needs."
        )
        raise StoreError("the migration", said, advice) from error
    except CommandError as error:
        raise StoreError("the migration", str(error)) from error
