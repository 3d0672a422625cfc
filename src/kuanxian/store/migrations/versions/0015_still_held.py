"""What is shut stays shut until the bytes are given, and what is held can be put right.

A withdrawal counts between the mark and the bytes. Nobody restricted is found, and no contact of
theirs opened. A frozen person's value is corrected, a debtor's contacts are erased with them. A
yes stands on words that were kept. Without a case, openings count for the person.

Large objects and messages into the write-ahead log are PostgreSQL's own functions, which only a
superuser takes from everybody: where one migrates they are taken, elsewhere the guide says how.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from kuanxian.store.migrations.parts import changed, function, part
from kuanxian.store.roles import OWNER

revision = "0015"
down_revision = "0014"

HIDDEN_PLACES = sa.text(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
    "AND (proname LIKE 'lo\\_%' OR proname IN ('lowrite', 'pg_logical_emit_message')) "
    "AND proname NOT IN ('lo_import', 'lo_export') ORDER BY 1"
)
SUPERUSER = sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")

LOCKED = "'case' || d.case_id"
CASELESS = "'case' || vault.budget_case(d.case_id, d.tenant, d.person_id)"
FETCH = "    UPDATE vault.opening x SET fetched_at"
AGAIN = """\
    SELECT vault.against_use(d) INTO against FROM casework.decision d
        JOIN vault.opening_grant g USING (decision_id) WHERE g.grant_id = o.grant_id;
    IF against IS NOT NULL THEN
        RETURN QUERY SELECT against, NULL, NULL, NULL, NULL::integer, NULL::bytea, NULL,
            NULL::bytea;
        RETURN;
    END IF;
"""
HELD = "state IN ('active', 'restricted')"
FROZEN_TOO = r"""(state IN ('active', 'restricted') OR (state = 'frozen'
            AND EXISTS (SELECT FROM vault.sealed s WHERE s.tenant = p_tenant
                AND s.person_id = p_person AND s.field = p_field)))"""
ASKED = "    IF p_type IN ('requested', 'given') THEN\n"
WORDS_KEPT = """\
    IF p_type = 'given' AND NOT EXISTS (
        SELECT FROM consent.notice n,
            jsonb_extract_path(p_record, 'pii_processing', 'privacy_notice') w
        WHERE (n.notice_id, n.version\\:\\:text, n.language, encode(n.body_sha256, 'hex'),
               n.purpose) = (w ->> 'id', w ->> 'version', w ->> 'language', w ->> 'sha256',
                          p_purpose)) THEN
        RAISE EXCEPTION 'the words it was given on were not kept'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'notice_kept';
    END IF;
"""


def upgrade() -> None:
    """Put the new functions in place of the old."""
    op.execute(part("still_held"))
    op.execute(changed(function("vault_marking", "vault.mark_opening"), LOCKED, CASELESS))
    fetch = changed(function("vault_marking", "vault.fetch_opening"), FETCH, AGAIN + FETCH)
    op.execute(fetch.replace("    o vault.opening;\n", "    o vault.opening;\n    against text;\n"))
    op.execute(changed(function("consent_bound", "vault.put_value"), HELD, FROZEN_TOO))
    op.execute(
        changed(function("consent_bound", "consent.record_event"), ASKED, WORDS_KEPT + ASKED)
    )
    _hidden_places("REVOKE", "FROM")


def downgrade() -> None:
    """Put the old ones back."""
    _hidden_places("GRANT", "TO")
    op.execute("REVOKE INSERT ON consent.notice FROM kx_vault")
    for name in ("mark_opening", "fetch_opening", "over_budget", "find"):
        op.execute(function("vault_marking", f"vault.{name}"))
    for name in ("vault.put_value", "consent.record_event"):
        op.execute(function("consent_bound", name))
    before = import_module("kuanxian.store.migrations.versions.0013_vault_guards")
    before.bind_openings()
    op.execute("DROP INDEX vault.opening_caseless")
    op.execute("DROP FUNCTION vault.against_use, vault.is_shut, vault.budget_case")


def _hidden_places(verb: str, to: str) -> None:
    """Take from everybody, or give back, what writes outside the tables."""
    connection = op.get_bind()
    if not connection.scalar(SUPERUSER):
        return
    op.execute("RESET ROLE")
    for name in connection.scalars(HIDDEN_PLACES).all():
        op.execute(f"{verb} EXECUTE ON FUNCTION {name} {to} PUBLIC")
    op.execute(f"SET LOCAL ROLE {OWNER}")
