"""Index check: see that people are found by the key that they were put in under.

Another index key finds nobody and knows of no *no*, and says so as if there were none. So the
database keeps a digest under the right one, and whoever comes with another is refused: with an
older file of tenant keys, or with one that another machine made.
"""

import sqlalchemy as sa

from kuanxian.base.errors import KeyHolderError
from kuanxian.vault.blind import blind
from kuanxian.vault.secret import Secret, SecretBytes

_KNOWS = sa.text("SELECT vault.knows_index(:tenant, :digest)")
_FIELD = "index key"


def may_make_index(engine: sa.Engine, tenant: str) -> bool:
    """Say whether an index key may be made: nobody is found by another one yet.

    Args:
        engine: Logged in as a member of ``kx_vault``.
        tenant: The lender.
    """
    return _knows(engine, tenant, None)


def check_index(engine: sa.Engine, tenant: str, key: SecretBytes) -> None:
    """Pass the index key of a tenant's people, and keep its digest where there was none.

    Raises:
        KeyHolderError: They were put in under another.
    """
    if not _knows(engine, tenant, blind(key, _FIELD, Secret(tenant))):
        reason = f"people of {tenant} are found by another index key"
        advice = (
            "Name the key file whose file of tenant keys they were put in with, or put that back. "
            "Is it lost for good: SECURITY.md, lost key."
        )
        raise KeyHolderError("the file of tenant keys", reason, advice)


def _knows(engine: sa.Engine, tenant: str, digest: bytes | None) -> bool:
    with engine.begin() as connection:
        return bool(connection.scalar(_KNOWS, {"tenant": tenant, "digest": digest}))
