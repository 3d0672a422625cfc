"""A mark that is taken back tells nothing, and an answer is given once.

``mark_opening`` says no more than a number. What became of it, a refusal too, and the bytes are
told in the next transaction of the same session, once: the session's place in a sequence moves
on with the answer, and a transaction taken back does not move it back. A purpose that rests on
consent needs a yes.
"""

from alembic import op

from kuanxian.store.migrations.parts import function, part

revision = "0009"
down_revision = "0008"

REPLACED = (
    "casework.issue_grant", "vault.over_budget", "vault.objection", "vault.mark_opening",
    "vault.fetch_opening",
)  # fmt: skip


def upgrade() -> None:
    """Put the new functions in place of the old."""
    op.execute(part("vault_marking"))


def downgrade() -> None:
    """Put the old ones back; refused attempts have no row there, an alarm freezes by hand."""
    op.execute("DROP FUNCTION vault.mark_opening, vault.fetch_opening, vault.last_mark")
    op.execute(
        "INSERT INTO vault.frozen_actor (actor, reason) SELECT DISTINCT officer, 'an alarm' "
        "FROM vault.opening WHERE outcome = 'alarm' ON CONFLICT DO NOTHING"
    )
    op.execute("DELETE FROM vault.opening WHERE outcome <> 'marked'")
    for name in REPLACED:
        op.execute(function("vault_opening", name))
    op.execute(function("vault_values", "vault.find"))
    op.execute(function("vault_rights", "vault.thaw_actor"))
    op.execute("REVOKE ALL ON FUNCTION vault.mark_opening, vault.fetch_opening FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION vault.mark_opening, vault.fetch_opening TO kx_vault")
    op.execute("DROP FUNCTION vault.is_frozen")
    op.execute(
        "ALTER TABLE vault.opening DROP COLUMN outcome, DROP COLUMN opening_no, "
        "ADD CONSTRAINT opening_grant_id_key UNIQUE (grant_id)"
    )
    op.execute("DROP TABLE consent.other_ground")
