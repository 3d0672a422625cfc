"""Cases, the agencies they are assigned to, what was decided: pseudonymous ids only.

An agency's login sees its own cases while the assignment runs, by row-level security on
``session_user``, which no SQL changes. Decisions are added by what decides and changed by
nobody; the vault opens nothing without one.
"""

import re
from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

FOLDER = Path(__file__).parent / "sql"


def upgrade() -> None:
    """Make the schema ``casework``."""
    op.execute(re.sub(":", r"\\:", (FOLDER / "casework.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """Remove cases, assignments and decisions."""
    op.execute("DROP SCHEMA casework CASCADE")
