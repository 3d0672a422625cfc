"""The five group roles, and what the owner needs to make everything else.

The login that runs this must own the database and be allowed to make roles, or find the
five made already and be a member of ``kx_owner``. It need not be a superuser.
"""

import sqlalchemy as sa
from alembic import op

from kuanxian.store.migrate import VERSION_TABLE
from kuanxian.store.roles import GROUPS, OWNER

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the roles that are missing, and go on as the owner."""
    connection = op.get_bind()
    database = connection.scalar(sa.text("SELECT quote_ident(current_database())"))
    for group in GROUPS:
        if connection.scalar(sa.text("SELECT to_regrole(:role) IS NULL"), {"role": group}):
            op.execute(f"CREATE ROLE {group} NOLOGIN")
    # Who makes a role may administer it, but since PostgreSQL 16 is not yet a member of it.
    if not connection.scalar(sa.text("SELECT pg_has_role(:role, 'USAGE')"), {"role": OWNER}):
        op.execute(f"GRANT {OWNER} TO CURRENT_USER")
    op.execute(f"GRANT CONNECT, CREATE ON DATABASE {database} TO {OWNER}")
    # Nobody else makes tables here, not even temporary ones.
    op.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    op.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    op.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}")
    # Alembic's own table: everyone may ask which revision this is, only the owner sets it.
    for group in GROUPS:
        op.execute(f"GRANT CONNECT ON DATABASE {database} TO {group}")
        op.execute(f"GRANT USAGE ON SCHEMA public TO {group}")
        op.execute(f"GRANT SELECT ON {VERSION_TABLE} TO {group}")
    op.execute(f"ALTER TABLE {VERSION_TABLE} OWNER TO {OWNER}")
    op.execute(f"SET LOCAL ROLE {OWNER}")


def downgrade() -> None:
    """Take back what was given here; the roles stay, for other databases may use them."""
    connection = op.get_bind()
    op.execute("RESET ROLE")
    database = connection.scalar(sa.text("SELECT quote_ident(current_database())"))
    op.execute(f"ALTER TABLE {VERSION_TABLE} OWNER TO CURRENT_USER")
    for group in GROUPS:
        op.execute(f"REVOKE ALL ON {VERSION_TABLE} FROM {group}")
        op.execute(f"REVOKE ALL ON SCHEMA public FROM {group}")
        op.execute(f"REVOKE ALL ON DATABASE {database} FROM {group}")
    op.execute(f"GRANT TEMPORARY ON DATABASE {database} TO PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
