"""A debtor and a loan are of one case, a collector of one party: claimed once, by a unique key.

What is counted over all loans of a debtor is counted in one case, so a second one would be a way
round. What cases opened before hold twice stays theirs: the one opened first has the claim.
"""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table, and claim for the cases that are there."""
    op.execute(part("claims"))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP TABLE casework.claim")
