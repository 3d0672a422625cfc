"""Who owes what by their own signature, so that a guarantor is somebody's and a no is kept.

A number that said no as a contact came in again under another role; a decision in one case opened
any guarantor of the lender; each further case of a debtor had a budget of its own.
"""

from importlib import import_module
from types import ModuleType

from alembic import op

from kuanxian.store.migrations.parts import changed, function, part

revision = "0016"
down_revision = "0015"

ENTERED = "    END IF;\n    SELECT version INTO before"
SIGNED = """\
    ELSIF NOT is_contact AND p_field = 'phone'
        AND EXISTS (SELECT FROM vault.said_no n WHERE n.tenant = p_tenant AND n.digest = p_digest)
        AND NOT EXISTS (SELECT FROM vault.own_debt o
                        WHERE o.tenant = p_tenant AND o.person_id = p_person) THEN
        RAISE EXCEPTION 'a contact of that number said no'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'number_said_no';
"""
ERASED = "    UPDATE vault.person p SET state = 'erased'"
DEBTS = "    DELETE FROM vault.own_debt o WHERE o.tenant = p_tenant AND o.person_id = p_person;\n"


def upgrade() -> None:
    """Make the table, and let what opens and what comes in ask it."""
    op.execute(part("own_debt"))
    before = _before()
    put = changed(function("consent_bound", "vault.put_value"), before.HELD, before.FROZEN_TOO)
    op.execute(changed(put, ENTERED, SIGNED + ENTERED))
    op.execute(changed(function("still_held", "vault.erase"), ERASED, DEBTS + ERASED))


def downgrade() -> None:
    """Put the old functions back; contacts erased meanwhile stay erased."""
    before = _before()
    for name in ("objection", "budget_case", "over_budget", "erase"):
        op.execute(function("still_held", f"vault.{name}"))
    put = function("consent_bound", "vault.put_value")
    op.execute(changed(put, before.HELD, before.FROZEN_TOO))
    op.execute("DROP FUNCTION vault.is_of_case, vault.put_own_debt, vault.own_debts")
    op.execute("DROP INDEX casework.cases_of_debtor")
    op.execute("DROP TABLE vault.own_debt")


def _before() -> ModuleType:
    return import_module("kuanxian.store.migrations.versions.0015_still_held")
