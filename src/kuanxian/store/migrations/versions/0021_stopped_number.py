"""A contact whose number said no, whoever named them, is contacted no more, from then on."""

from alembic import op

from kuanxian.store.migrations.parts import changed, function

revision = "0021"
down_revision = "0020"

SHUT = "        WHERE x.state <> 'active';\n"
NOR_STOPPED = """\
        WHERE x.state <> 'active'
            OR (x.role = 'contact' AND vault.has_said_no(x.tenant, x.person_id));
"""


def upgrade() -> None:
    """Let what is asked of the vault before an act know a no as well."""
    op.execute(changed(function("data_use", "casework.use_stopped"), SHUT, NOR_STOPPED))


def downgrade() -> None:
    """Put the old function back."""
    op.execute(function("data_use", "casework.use_stopped"))
