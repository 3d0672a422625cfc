"""Decisions that are made at the same time are written in one go: one round trip, one commit."""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the function."""
    op.execute(part("gate_together"))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP FUNCTION casework.reserve_each")
