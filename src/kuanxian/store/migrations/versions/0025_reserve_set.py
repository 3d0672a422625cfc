"""Decisions made at the same time are written by the same few statements, not one after another."""

from alembic import op

from kuanxian.store.migrations.parts import CASES_ALONE, changed, function, part

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Write them as a set, each row looked up by its key."""
    op.execute(part("reserve_set"))


def downgrade() -> None:
    """Put the functions back that write one by one."""
    reserve = changed(part("gate_lean"), "\nBEGIN\n", "\nBEGIN" + CASES_ALONE)
    op.execute(reserve)
    op.execute("REVOKE ALL ON FUNCTION casework.reserve FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION casework.reserve TO kx_app")
    op.execute("DROP FUNCTION casework.reserve_each")
    op.execute(function("data_use", "casework.reserve_each"))
    op.execute("REVOKE ALL ON FUNCTION casework.reserve_each FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION casework.reserve_each TO kx_app")
    each = "ALTER FUNCTION casework.reserve_each(json, boolean)"
    op.execute(f"{each} SET plan_cache_mode = force_generic_plan")
    op.execute("ALTER FUNCTION casework.use_stopped RESET enable_seqscan")
    op.execute(function("vault_marking", "casework.issue_grant"))
    op.execute("DROP FUNCTION casework.issue_grants")
    op.execute("DROP TYPE casework.reservation")
