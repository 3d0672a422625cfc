"""Hunt: plant, drive, dump, look. Prints what was found and where; exit code 1 if anything.

    python -m tools.leak.hunt [--people 1000] [--seed 1] [--keep]

Looked through: the data folder with the write-ahead log and the server's log, a dump of the
database, books and reports, everything the commands said, every error message, what was
left in the temporary folder, names of files. Not looked through: the memory of processes,
and the folder ``permitted``, which holds what was handed in and what a person asked for.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from tools.leak.canaries import make_canaries, patterns
from tools.leak.drives import DRIVES, LEAVES, NO_PERSONAL_DATA, Field
from tools.leak.search import Hit, Needle, search_tree

from kuanxian.store import server
from kuanxian.store.place import ADMIN, engine
from kuanxian.store.roles import VAULT
from kuanxian.store.up import Standing, bring_up
from kuanxian.vault.keeper import Keeper
from kuanxian.vault.key_file import add_key, read_key_file
from kuanxian.vault.tenant_keys import INDEX, STOP, tenant_key


class Found(NamedTuple):
    """What a hunt came to."""

    hits: list[Hit]
    patterns: int
    bytes: int
    """How much was looked through."""
    seen_when_planted: bool
    """A canary put into the tree on purpose was found: the search works there."""
    left_out: list[tuple[str, ...]]
    """Commands that could hold a person's value and were not run."""


def hunt(people: int, seed: int, home: Path) -> Found:
    """Run the whole hunt below a folder.

    Args:
        people: How many canaries, 30 or more.
        seed: Which ones.
        home: An empty folder that the server's account can enter.
    """
    canaries = make_canaries(people, seed)
    needle = Needle(patterns(canaries))
    tree, permitted, keys = (home / name for name in ("tree", "permitted", "keys"))
    for folder in (tree, permitted, keys, tree / "tmp"):
        folder.mkdir()
    data = tree / "data"
    standing = bring_up(None, data)
    try:
        _show_full_pages(standing)
        environment = {**os.environ, "KUANXIAN_DATA": str(data), "TMPDIR": str(tree / "tmp"),
                       "KUANXIAN_KEY_FILE": str(keys / "keys"),
                       "KUANXIAN_JOURNAL_KEY": str(keys / "journal.key")}  # fmt: skip
        add_key(keys / "keys", "k1")
        holder = read_key_file(keys / "keys")
        index, stop = (tenant_key(keys / "keys.tenants", holder, "lender-1", u)
                       for u in (INDEX, STOP))  # fmt: skip
        keeper = Keeper("lender-1", engine(standing.place, VAULT, pool_max=2), holder, index, stop,
                        "officer-9")  # fmt: skip
        field = Field(tree, permitted, standing, keeper, canaries, environment, set())
        for name, (drive, _) in DRIVES.items():
            print(f"drive: {name}", file=sys.stderr)
            drive(field)
        keeper.engine.dispose()
        _dump(standing, data, tree)
    finally:
        server.stop(server.server_in(data))
    hits = search_tree(tree, needle)
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
    seen = _is_seen(tree, needle, canaries[-1].phone)
    left = [leaf for leaf in LEAVES if leaf not in field.driven and leaf[0] not in NO_PERSONAL_DATA]
    return Found(hits, len(needle), size, seen, left)


def _show_full_pages(standing: Standing) -> None:
    """Let the write-ahead log be readable: compressed pages would hide what is in them."""
    place = standing.place
    with engine(place, ADMIN).connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("ALTER SYSTEM SET wal_compression = off"))
        connection.execute(sa.text("SELECT pg_reload_conf()"))


def _dump(standing: Standing, data: Path, tree: Path) -> None:
    url = standing.place.url
    found = server.server_in(data)
    with (tree / "dump.sql").open("wb") as file:
        subprocess.run(
            [str(found.programs / "bin" / "pg_dump"), "-h", str(url.query["host"]), "-U", ADMIN,
             str(url.database)], stdout=file, check=True,
        )  # fmt: skip


def _is_seen(tree: Path, needle: Needle, phone: str) -> bool:
    """Plant one canary at the end of a real file of the database, find it, take it out."""
    victim = max((tree / "data/postgres").rglob("[0-9]*"), key=lambda path: path.stat().st_size)
    with victim.open("ab") as file:
        size = file.tell()
        file.write(b"\xff" * 3 + phone[::-1].encode())
    with victim.open("rb") as stream:
        seen = any(True for _ in needle.find_in_stream(stream, ""))
    os.truncate(victim, size)
    return seen


def main() -> int:
    """Run the hunt and say what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kxleak") as folder:
        Path(folder).chmod(0o711)
        found = hunt(asked.people, asked.seed, Path(folder))
    for hit in found.hits[:50]:
        print(f"{hit.where} at {hit.at}: {hit.what}")
    print(
        f"{asked.people:,} canaries, {found.patterns:,} patterns, {found.bytes:,} bytes looked "
        f"through, {len(DRIVES)} drives: {len(found.hits)} found"
    )
    if not found.seen_when_planted:
        print("the search does not see what was planted on purpose")
    for leaf in found.left_out:
        print(f"not driven: kuanxian {' '.join(leaf)}")
    return int(bool(found.hits or found.left_out) or not found.seen_when_planted)


if __name__ == "__main__":
    sys.exit(main())
