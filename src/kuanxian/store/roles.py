"""Who may do what in the database: five group roles, and logins that are members of one.

``kx_owner``  owns every table; migrations run as it. It may not change a journal row either.
``kx_app``    decides: reads and appends the journal, cannot read the vault.
``kx_vault``  opens sealed values, through functions only.
``kx_agency`` an outside collection agency: its own cases only, while they are assigned.
``kx_audit``  reads everything but the vault, changes nothing.

The groups cannot log in. A program logs in as a member of exactly one, so that nothing it
says (``RESET ROLE`` least of all) gives it more: the wall is PostgreSQL's, not ours. Which
agency a session belongs to is its login, ``session_user``, which SQL cannot change.
"""

from typing import Final

import sqlalchemy as sa

from kuanxian.base.errors import StoreError

OWNER: Final = "kx_owner"
APP: Final = "kx_app"
VAULT: Final = "kx_vault"
AGENCY: Final = "kx_agency"
AUDIT: Final = "kx_audit"
GROUPS: Final = (OWNER, APP, VAULT, AGENCY, AUDIT)
"""The group roles, the owner first."""

LOGINS: Final = {group: group.replace("kx_", "kuanxian_") for group in GROUPS if group != AGENCY}
"""The logins an embedded database has from the start; agencies get theirs one by one."""


def create_login(connection: sa.Connection, login: str, group: str) -> None:
    """Make a login that is a member of one group, or leave it as it is if it is one.

    Args:
        connection: As somebody who may make roles. On an embedded database the login needs no
            password: the socket's folder admits only the server's own account.
        login: Its name: lower case letters, digits and ``_``.
        group: One of ``GROUPS``.

    Raises:
        StoreError: The name is no login name, or it is a member of another group already.
    """
    if group not in GROUPS:
        raise StoreError(group, "there is no such group role", f"One of {', '.join(GROUPS)}.")
    plain = login.replace("_", "a").isalnum() and login.isascii() and login == login.lower()
    if not plain or login in GROUPS:
        raise StoreError("the login", "a name is lower case letters, digits and _")
    held = groups_of(connection, login)
    if held - {group}:
        raise StoreError(login, f"already a member of {', '.join(sorted(held))}")
    if connection.scalar(sa.text("SELECT to_regrole(:login) IS NULL"), {"login": login}):
        connection.execute(sa.text(f"CREATE ROLE {login} LOGIN"))
    connection.execute(sa.text(f"GRANT {group} TO {login}"))


def groups_of(connection: sa.Connection, login: str) -> set[str]:
    """Name the group roles a login is a member of."""
    rows = connection.execute(
        sa.text(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
            "JOIN pg_roles l ON l.oid = m.member WHERE l.rolname = :login"
        ),
        {"login": login},
    )
    return {name for (name,) in rows if name in GROUPS}
