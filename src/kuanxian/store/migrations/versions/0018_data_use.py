"""Whose data the vault has stopped using is contacted no more, from the next decision on."""

from alembic import op

from kuanxian.store.migrations.parts import function, part

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Let what reserves an act ask the vault in the same step."""
    op.execute(part("data_use"))


def downgrade() -> None:
    """Put the old function back, which asks nobody."""
    op.execute(function("gate_together", "casework.reserve_each"))
    op.execute("DROP FUNCTION casework.use_stopped")
