"""Row policies that name no role: a member of a role could take those that name it away."""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0019"
down_revision = "0018"

WHOLE = "CREATE POLICY whole_book ON casework.{} TO kx_app, kx_audit USING (true) WITH CHECK (true)"
OWN = "CREATE POLICY own_cases ON casework.{} FOR SELECT TO kx_agency USING ({})"
OF_TABLE = {
    "cases": "case_id IN (SELECT casework.own_cases())",
    "assignment": "agency_id = casework.own_agency() "
    "AND casework.runs(starts_at, ends_at, ended_at)",
}


def upgrade() -> None:
    """Put the new policies in place of the old, or of what is left of them."""
    op.execute(part("book_walls"))


def downgrade() -> None:
    """Put the old ones back."""
    for table, own in OF_TABLE.items():
        op.execute(f"DROP POLICY whole_book ON casework.{table}")
        op.execute(f"DROP POLICY own_cases ON casework.{table}")
        op.execute(WHOLE.format(table))
        op.execute(OWN.format(table, own))
    op.execute(
        "REVOKE EXECUTE ON FUNCTION casework.own_agency, casework.own_cases FROM kx_app, kx_audit"
    )
