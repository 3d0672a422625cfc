"""The journal: entries, the log over them, checkpoints; nobody changes a row.

``append_entries`` is the one way in. It runs as the owner for whoever may call it, so the
version, the two hashes, the login and ``recorded_at`` are the database's own and cannot be
given. ``integrate`` puts committed entries into the Merkle log, in an order fixed there
alone: transactions commit in another order than they number their entries.
"""

import re
from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

FOLDER = Path(__file__).parent / "sql"
PARTS = ("journal_tables", "journal_append", "journal_log", "journal_rights")


def upgrade() -> None:
    """Make the schema ``journal``."""
    for part in PARTS:
        op.execute(re.sub(":", r"\\:", (FOLDER / f"{part}.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """Remove the journal, every entry with it."""
    op.execute("DROP SCHEMA journal CASCADE")
