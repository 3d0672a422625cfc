"""Who is kept: the list the evening goes through to find whose time is over."""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the function."""
    op.execute(part("vault_kept"))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP FUNCTION vault.kept")
