"""What PostgreSQL counts tells nobody of other agencies' cases, or which person is a trap."""

from alembic import op

from kuanxian.store.migrations.parts import changed, function, part

revision = "0022"
down_revision = "0021"

LOOKED_FOR = """\
EXISTS (SELECT FROM vault.poison x
        WHERE x.tenant = d.tenant AND x.person_id = d.person_id);
"""
ALL_READ = """\
coalesce((
        -- All are read, whoever it is: how many rows of a table were fetched is anybody's to see.
        SELECT bool_or(x.tenant = d.tenant AND x.person_id = d.person_id)
        FROM vault.poison x), false);
"""


def upgrade() -> None:
    """Give agencies their cases by a function, and traps no counter."""
    op.execute(part("told_by_counts"))
    op.execute(changed(function("own_debt", "vault.objection"), LOOKED_FOR, ALL_READ))


def downgrade() -> None:
    """Put back the tables and the old functions."""
    op.execute(function("own_debt", "vault.objection"))
    op.execute(function("vault_marking", "vault.is_frozen"))
    op.execute("DROP INDEX vault.opening_alarm")
    op.execute("CREATE INDEX opening_alarm ON vault.opening (officer) WHERE outcome = 'alarm'")
    op.execute("DROP FUNCTION casework.assigned_cases")
    op.execute("GRANT SELECT ON casework.cases, casework.assignment TO kx_agency")
