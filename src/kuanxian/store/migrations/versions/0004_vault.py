"""The vault and consents: sealed values behind functions, marks that come before bytes.

No role but the owner reads a table of the vault. ``kx_vault`` calls functions: to put a
sealed value in, to mark an opening, and, in a later transaction, to fetch what was marked.
A reader who takes its transaction back has taken back its request, not the mark.
"""

import re
from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

FOLDER = Path(__file__).parent / "sql"
PARTS = ("consent", "vault_tables", "vault_values", "vault_opening", "vault_rights")


def upgrade() -> None:
    """Make the schemas ``consent`` and ``vault``."""
    for part in PARTS:
        op.execute(re.sub(":", r"\\:", (FOLDER / f"{part}.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """Remove every sealed value, key, consent and grant."""
    op.execute("DROP FUNCTION casework.issue_grant(text, text, text)")
    op.execute("DROP SCHEMA vault CASCADE")
    op.execute("DROP SCHEMA consent CASCADE")
