"""The walls around the cases: row policies and the rights to read, seen to be there.

Where they are missing, PostgreSQL answers with no rows and no error. No cases reads as *never
contacted* and *nothing is due*; so who acts on such an answer asks first whether the walls stand.
"""

import sqlalchemy as sa

from kuanxian.base.errors import StoreError
from kuanxian.store.lock import LOCK_NO
from kuanxian.store.migrations.parts import part
from kuanxian.store.roles import GROUPS, OWNER

_GAPS = sa.text(
    "WITH book AS (SELECT c.oid, 'casework.' || relname AS name, relrowsecurity, relname "
    "FROM pg_class c WHERE relnamespace = to_regnamespace('casework') "
    "AND relname IN ('cases', 'assignment')) "
    "SELECT 'the rows of ' || name FROM book WHERE NOT relrowsecurity UNION ALL "
    "SELECT format('the row policy %s of %s', policy, name) "
    "FROM book, unnest(ARRAY['whole_book', 'own_cases']) policy WHERE NOT EXISTS "
    "(SELECT FROM pg_policies p WHERE p.schemaname = 'casework' AND p.tablename = relname "
    "AND policyname = policy AND roles = '{public}') UNION ALL "
    "SELECT format('the right of %s to read %s', role, name) "
    "FROM book, unnest(ARRAY['kx_app', 'kx_audit']) role "
    "WHERE NOT has_table_privilege(role, oid, 'SELECT') ORDER BY 1"
)

_GAPS_IN_DATABASE = sa.text(
    "SELECT what FROM (VALUES ('the ban on temporary tables', "
    "has_database_privilege(to_regrole('kx_agency'), current_database(), 'TEMP')), "
    "('the right of kx_owner to make schemas', "
    "NOT has_database_privilege(to_regrole('kx_owner'), current_database(), 'CREATE'))) "
    "AS gap (what, is_there) WHERE is_there AND to_regclass('public.kuanxian_version') IS NOT NULL"
)


def gaps_in_walls(connection: sa.Connection) -> list[str]:
    """Name what is missing of the walls around the cases, nothing where all stand."""
    return list(connection.scalars(_GAPS))


def check_walls(connection: sa.Connection) -> None:
    """Pass where all cases are to be seen by who may: then none means none.

    Raises:
        StoreError: A row policy or a right is missing.
    """
    gaps = gaps_in_walls(connection)
    if gaps:
        advice = "kuanxian up puts it back. Only the database's owner can have taken it away."
        raise StoreError("the database", f"{', '.join(gaps)}: missing", advice)


def mend_walls(connection: sa.Connection) -> list[str]:
    """Put back what is missing of the walls, in a transaction of its own.

    Args:
        connection: A login that may become the owner, outside a transaction.

    Returns:
        What was missing.
    """
    with connection.begin():
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:no)"), {"no": LOCK_NO})
        gaps = gaps_in_walls(connection)
        if gaps:
            connection.execute(sa.text(f"SET LOCAL ROLE {OWNER}"))
            connection.execute(sa.text(part("book_walls")))
    return gaps


def mend_database(connection: sa.Connection) -> list[str]:
    """Put back the rights on the database itself, which a dump without ``--create`` does not hold.

    Args:
        connection: The login that owns the database, outside a transaction.

    Returns:
        What was missing; nothing where there is no schema yet.
    """
    with connection.begin():
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:no)"), {"no": LOCK_NO})
        gaps = list(connection.scalars(_GAPS_IN_DATABASE))
        if gaps:
            database = connection.scalar(sa.text("SELECT quote_ident(current_database())"))
            for words in (
                f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
                f"GRANT CREATE ON DATABASE {database} TO {OWNER}",
                f"GRANT CONNECT ON DATABASE {database} TO {', '.join(GROUPS)}",
            ):
                connection.execute(sa.text(words))
    return gaps
