"""An agency appends nothing: whose streams those are is not its login's to say.

``append_entries`` takes any stream and any key. An agency with it could write a mark into a
borrower's stream, an event into a loan's, or take the key of a withdrawal before the person does.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

FUNCTIONS = "journal.append_entries, journal.append_entry"


def upgrade() -> None:
    """Take the two ways in."""
    op.execute(f"REVOKE EXECUTE ON FUNCTION {FUNCTIONS} FROM kx_agency")


def downgrade() -> None:
    """Give them back."""
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTIONS} TO kx_agency")
