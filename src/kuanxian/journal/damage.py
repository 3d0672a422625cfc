"""A page the database itself cannot read: which table, and between which entries."""

import re

import sqlalchemy as sa

PAGE = re.compile(r"invalid page in block (\d+) of relation \"?([\w/]+)")
RELATIONS = sa.text(
    "SELECT c.relname, coalesce(i.indrelid::regclass, h.oid, c.oid)::regclass::text, c.relkind "
    "FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid "
    "LEFT JOIN pg_class h ON h.reltoastrelid = c.oid "
    "WHERE pg_relation_filepath(c.oid) = :path"
)


def damaged_page(connection: sa.Connection, error: sa.exc.DBAPIError) -> tuple[str, str, str]:
    """Put a failed reading into words: where, which part, what.

    Args:
        connection: Not in a transaction.
        error: What the database said.

    Raises:
        sqlalchemy.exc.DBAPIError: The error is about something else than a damaged page.
    """
    state = getattr(error.orig, "sqlstate", None)
    found = PAGE.search(str(error.orig))
    if state not in ("XX001", "XX002"):
        raise error
    if not found:
        return "a page", "unknown", str(error.orig).splitlines()[0]
    block, path = int(found[1]), found[2]
    name, table, kind = connection.execute(RELATIONS, {"path": path}).first() or (path, path, "r")
    where = f"page {block} of {table}"
    if kind == "i":
        return where, f"index {name}", "cannot be read; REINDEX makes it anew from the table"
    what = "cannot be read, and what follows was not checked"
    if table == "journal.entry" and kind == "r":
        what = f"cannot be read: entries {_entries_around(connection, block)}; {what[16:]}"
    return where, "every field on it", what


def _entries_around(connection: sa.Connection, block: int) -> str:
    """Name the entries beside a page that cannot be read."""
    # Plus nothing, so that the answer comes from these pages and not from the index.
    query = (
        "SELECT {which}(entry_no + 0) FROM journal.entry "
        "WHERE ctid >= '({begin},0)'::tid AND ctid < '({end},0)'::tid"
    )
    before = after = None
    if block:
        words = query.format(which="max", begin=block - 1, end=block)
        before = connection.scalar(sa.text(words))
    words = query.format(which="min", begin=block + 1, end=block + 2)
    after = connection.scalar(sa.text(words))
    return f"after {before or 0}" + (f" and before {after}" if after else "")
