"""Who is named in which case: the duties and clocks of a guarantor are found by it."""

from alembic import op

from kuanxian.store.migrations.parts import part

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the table, and fill it from the journal."""
    op.execute(part("case_people"))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP TABLE casework.case_person")
