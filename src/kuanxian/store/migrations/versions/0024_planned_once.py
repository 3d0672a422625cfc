"""What reserves a decision is planned once for a connection, not anew for each decision."""

from alembic import op

revision = "0024"
down_revision = "0023"

STEP = "ALTER FUNCTION casework.reserve_each(json, boolean)"


def upgrade() -> None:
    """Keep its plans, and those of what it calls: each row is found by its key whatever is asked.

    The planner knows how long a list is that it is given, holds a plan for just that length to be
    cheaper, and made one with every decision.
    """
    op.execute(f"{STEP} SET plan_cache_mode = force_generic_plan")


def downgrade() -> None:
    """Let the planner choose."""
    op.execute(f"{STEP} RESET plan_cache_mode")
