"""What Alembic runs: every step of an upgrade on the connection handed in, as the owner."""

import sqlalchemy as sa
from alembic import context

from kuanxian.store.migrate import VERSION_TABLE
from kuanxian.store.roles import OWNER


def run() -> None:
    """Run the steps asked for, inside the caller's transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, version_table=VERSION_TABLE)
    # The first step makes the owner and takes its place; later upgrades begin there.
    if connection.scalar(sa.text("SELECT to_regclass(:name) IS NOT NULL"), {"name": VERSION_TABLE}):
        connection.execute(sa.text(f"SET LOCAL ROLE {OWNER}"))
    context.run_migrations()


# A test run imports every file of the package; only Alembic sets this up.
if hasattr(context, "config"):
    run()
