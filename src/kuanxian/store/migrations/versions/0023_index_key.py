"""The database knows by which index key people are found: another one finds nobody."""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the table; whoever comes first with a key for people who are there says which."""
    op.execute(part("index_key"))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP FUNCTION vault.knows_index")
    op.execute("DROP TABLE vault.index_key")
