"""Each role writes where its job is: streams, tenants, contacts, freezes, consents, locks.

Advisory locks are PostgreSQL's own functions, which only a superuser takes from everybody. Where
one migrates (the server of the package), agencies lose them; elsewhere the guide says how.
"""

import sqlalchemy as sa
from alembic import op

from kuanxian.store.migrations.parts import CASES_ALONE, function, part
from kuanxian.store.roles import APP, OWNER, VAULT

revision = "0010"
down_revision = "0009"

# Who decides may not speak where the vault and the consents speak: a mark in a person's stream,
# or the key of a withdrawal, is not its to write.
RESERVED = r"""
    IF EXISTS (SELECT FROM unnest(p_streams, p_keys) AS d (stream, key)
               WHERE d.stream = 'vault' OR starts_with(d.stream, 'person\:')
                   OR starts_with(d.key, 'vault\:') OR starts_with(d.key, 'consent\:')) THEN
        RAISE EXCEPTION 'the streams of people and of the vault are written by its own functions'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
"""
TABLES = ("vault.person", "consent.event", "casework.cases", "casework.decision")
LOCKS = sa.text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
    "AND proname LIKE 'pg\\_%advisory%lock%' ORDER BY 1"
)
SUPERUSER = sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")


def upgrade() -> None:
    """Build the walls."""
    op.execute(part("walls"))
    entries = function("journal_append", "journal.append_entries")
    op.execute(entries.replace("\nBEGIN\n", "\nBEGIN" + RESERVED, 1))
    op.execute(part("gate_lean").replace("\nBEGIN\n", "\nBEGIN" + CASES_ALONE, 1))
    if op.get_bind().scalar(SUPERUSER):
        locks = _locks()
        _as_superuser(
            f"REVOKE EXECUTE ON FUNCTION {locks} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {locks} TO {OWNER}, {APP}, {VAULT}",
        )


def downgrade() -> None:
    """Take them down."""
    if op.get_bind().scalar(SUPERUSER):
        locks = _locks()
        _as_superuser(
            f"REVOKE EXECUTE ON FUNCTION {locks} FROM {OWNER}, {APP}, {VAULT}",
            f"GRANT EXECUTE ON FUNCTION {locks} TO PUBLIC",
        )
    op.execute(part("gate_lean"))
    op.execute(function("consent", "consent.record_event"))
    op.execute(function("vault_rights", "vault.set_state"))
    op.execute("DROP FUNCTION vault.add_person(text, text, text, text, bytea, text)")
    op.execute("ALTER FUNCTION vault.place_person RENAME TO add_person")
    op.execute("GRANT EXECUTE ON FUNCTION vault.add_person TO kx_vault")
    op.execute(function("vault_values", "vault.nominate"))
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT tenant_without_colon")
    for name in ("journal.append_entries", "journal.append_entry"):
        op.execute(function("journal_append", name))
    op.execute(
        "GRANT EXECUTE ON FUNCTION journal.append_entries, journal.append_entry TO kx_app, kx_vault"
    )


def _locks() -> str:
    """Name the functions of advisory locks, all of them."""
    return ", ".join(op.get_bind().scalars(LOCKS))


def _as_superuser(*statements: str) -> None:
    """Run statements as who logged in, and go on as the owner."""
    op.execute("RESET ROLE")
    for statement in statements:
        op.execute(statement)
    op.execute(f"SET LOCAL ROLE {OWNER}")
