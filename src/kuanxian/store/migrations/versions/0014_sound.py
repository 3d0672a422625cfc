"""Who decides cannot put into the journal what its readers cannot read.

An entry of the year 12026, or a body that is no text, ended every verification in an error, and
no entry can be taken out again. A note that signs nothing stood before the true ones for ever.
"""

from alembic import op

from kuanxian.store.migrations.parts import function, part

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Set the bounds."""
    op.execute(part("journal_sound"))


def downgrade() -> None:
    """Take them away."""
    op.execute(function("journal_log", "journal.add_checkpoint"))
    op.execute("DROP FUNCTION journal.root_of(bigint)")
    for name in ("entry_day", "entry_instants", "entry_text"):
        op.execute(f"ALTER TABLE journal.entry DROP CONSTRAINT {name}")
