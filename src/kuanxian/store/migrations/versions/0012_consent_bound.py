"""A consent is bound to the number it was given for, a no to the number that said it.

Another number in a contact's place ends what was said for the one before. A contact's no is
remembered by the keyed digest of the number, for the tenant. Consent events count by when they
happened, their ids are the person's own, and after a no the days of the purpose hold here too.
"""

from alembic import op

from kuanxian.store.migrations.parts import function, part

revision = "0012"
down_revision = "0011"

REPLACED = (
    ("vault_values", "vault.put_value"), ("vault_rights", "vault.set_contact_state"),
    ("consent", "consent.standing"), ("walls", "consent.record_event"),
)  # fmt: skip


def upgrade() -> None:
    """Put the new functions in place of the old."""
    op.execute(part("consent_bound"))


def downgrade() -> None:
    """Put the old ones back; what was remembered of a no goes."""
    for file, name in REPLACED:
        op.execute(function(file, name))
    op.execute("GRANT EXECUTE ON FUNCTION consent.record_event TO kx_app")
    op.execute(
        "DROP FUNCTION vault.end_consent, vault.take_no, vault.has_said_no, consent.check_asking, "
        "consent.last_said"
    )
    op.execute("DROP TABLE vault.said_no, consent.asking")
