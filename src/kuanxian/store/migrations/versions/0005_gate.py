"""The gate's one step: see that nothing moved, write the decision, reserve, grant.

What a decision read (the case and its parties, each at a version) is checked under the case's
lock; then the entry, the decision and the vault's grant are written together or not at all.
"""

import re
from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

FOLDER = Path(__file__).parent / "sql"


def upgrade() -> None:
    """Add the function."""
    op.execute(re.sub(":", r"\\:", (FOLDER / "gate.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """Remove it."""
    op.execute("DROP FUNCTION casework.reserve")
