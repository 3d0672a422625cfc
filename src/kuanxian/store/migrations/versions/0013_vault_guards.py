"""What the vault's own role could do without a mark, or for a purpose that does not need it.

Traps are laid by the owner. Keys are listed and wrapped anew with entries, and the erasure names
every key that wrapped one. A purpose opens the values it needs, a case its own people, and the
person's own copy goes into no dialler.
"""

from alembic import op

from kuanxian.store.migrations.parts import changed, function, part

revision = "0013"
down_revision = "0012"

BEFORE = "        WHEN d.agency_id IS NOT NULL AND NOT EXISTS ("
BOUND = """\
        WHEN NOT EXISTS (SELECT FROM consent.purpose_field f
            WHERE f.purpose = d.purpose AND f.field = p_field) THEN 'another_field'
        WHEN d.purpose = 'subject_access' AND p_channel <> 'copy' THEN 'another_channel'
        WHEN d.case_id IS NOT NULL AND NOT EXISTS (SELECT FROM casework.cases k
            WHERE k.case_id = d.case_id AND k.tenant = d.tenant AND (k.debtor_id = d.person_id
                OR EXISTS (SELECT FROM vault.contact c WHERE c.tenant = d.tenant
                    AND c.contact_id = d.person_id AND c.debtor_id = k.debtor_id)
                OR EXISTS (SELECT FROM vault.person x WHERE x.tenant = d.tenant
                    AND x.person_id = d.person_id AND x.role = 'guarantor')))
            THEN 'another_case'
"""
ONE_KEY = "RETURNING k.key_id INTO had_key"
ALL_KEYS = "RETURNING array_to_string(k.former_key_ids || k.key_id, ' ') INTO had_key"


def upgrade() -> None:
    """Put the new functions in place of the old."""
    op.execute(part("vault_guards"))
    bind_openings()


def bind_openings() -> None:
    """Bind an opening to its purpose and case, and name every key in an erasure."""
    op.execute(changed(function("vault_marking", "vault.objection"), BEFORE, BOUND + BEFORE))
    op.execute(changed(function("vault_rights", "vault.erase"), ONE_KEY, ALL_KEYS))


def downgrade() -> None:
    """Put the old ones back."""
    op.execute(function("vault_marking", "vault.objection"))
    op.execute(function("vault_rights", "vault.erase"))
    op.execute("DROP FUNCTION vault.poison, vault.key_ids, vault.keys_to_rewrap")
    op.execute("DROP FUNCTION vault.put_rewrapped, vault.note")
    op.execute(function("vault_rights", "vault.poison"))
    for name in ("vault.keys_to_rewrap", "vault.put_rewrapped"):
        op.execute(function("vault_values", name))
    given = "vault.poison, vault.keys_to_rewrap, vault.put_rewrapped"
    op.execute(f"REVOKE ALL ON FUNCTION {given} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {given} TO kx_vault")
    op.execute("ALTER TABLE vault.person_key DROP COLUMN former_key_ids")
    op.execute("DROP TABLE consent.purpose_field")
