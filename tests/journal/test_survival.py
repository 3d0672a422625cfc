"""What was acknowledged is there: after kills of the writer, of the server, and a full disk."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.databases import Database, Running, admin
from tests.journal.drafts import draft
from tests.journal.killed_writer import keys_in

from kuanxian.base.errors import JournalError, StoreError
from kuanxian.journal import verify as verification
from kuanxian.journal.canonical import encode
from kuanxian.journal.entry import Draft
from kuanxian.journal.log import integrate
from kuanxian.journal.writer import Writer
from kuanxian.store import server
from kuanxian.store.place import ADMIN, engine
from kuanxian.store.up import bring_up

ROUNDS = 21
"""Kills in one database; ten databases make 210."""


def keys_of(database: Database) -> Counter[str]:
    with database.engine("kx_audit").connect() as connection:
        found = connection.scalars(sa.text("SELECT idempotency_key FROM journal.entry"))
        return Counter(found)


def wait_for_the_dead(database: Database) -> None:
    """Let sessions of killed writers end: the server may still be committing their last batch."""
    name = database.place.url.database or ""
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = :name AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with admin(database.place, name) as connection:
        for _ in range(1000):
            if connection.scalar(query, {"name": name}) == 0:
                return
            threading.Event().wait(0.01)
    raise AssertionError("a killed writer's session did not end")


def looks_whole(database: Database, acknowledged: set[str]) -> None:
    wait_for_the_dead(database)
    kept = keys_of(database)
    assert acknowledged - set(kept) == set(), "acknowledged and lost"
    assert [key for key, count in kept.items() if count > 1] == []
    with database.engine("kx_app").begin() as connection:
        integrate(connection)
    with database.engine("kx_audit").connect() as connection:
        report = verification.verify(connection)
    assert report.findings == []
    assert (report.entries, report.pending) == (kept.total(), 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_writer_killed_at_any_instant_loses_and_doubles_nothing(
    embedded_database: Database, tmp_path: Path, seed: int
) -> None:
    script = Path(__file__).with_name("killed_writer.py")
    root = Path(__file__).parents[2]
    words = [sys.executable, str(script), embedded_database.url("kx_app"), str(seed), str(ROUNDS)]
    with subprocess.Popen(
        [*words, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as writers:  # fmt: skip
        assert writers.stdin is not None
        assert writers.stdout is not None
        for _ in range(ROUNDS):
            assert writers.stdout.readline()
            looks_whole(embedded_database, set(keys_in(tmp_path / "acknowledged")))
            writers.stdin.write("\n")
            writers.stdin.flush()
    assert writers.returncode == 0


def app(database: Database) -> sa.Engine:
    return engine(database.place, "kx_app")


def under_load(database: Database, happen: Callable[[server.Server], None]) -> None:
    """Let six threads append while something happens to the server; then look."""
    acknowledged: set[str] = set()
    stop = threading.Event()

    def write(writer: Writer, number: int) -> None:
        turn = 0
        while not stop.is_set():
            key = f"{number}-{turn}"
            assert writer.append(draft(f"loan:{number % 3}", key)).is_kept
            acknowledged.add(key)
            turn += 1

    with Writer(app(database)) as writer:
        threads = [threading.Thread(target=write, args=(writer, n)) for n in range(6)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            reached = len(acknowledged) + 50
            while len(acknowledged) < reached:
                stop.wait(0.01)
            happen(database.running.server)
        reached = len(acknowledged) + 50
        while len(acknowledged) < reached:
            stop.wait(0.01)
        stop.set()
        for thread in threads:
            thread.join()
    looks_whole(database, acknowledged)


def restart(found: server.Server) -> None:
    """Stop the server in order and start it."""
    server.stop(found)
    server.start(found)


def kill(found: server.Server) -> None:
    """End the server as a lost power cord would, and start it."""
    os.kill(int((found.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    server.start(found)


@pytest.mark.slow
@pytest.mark.parametrize("happen", [restart, kill])
def test_a_server_that_goes_away_under_load_loses_nothing(
    own_server: Database, happen: Callable[[server.Server], None]
) -> None:
    under_load(own_server, happen)


def test_a_server_that_stays_away_is_an_error_in_words(own_server: Database) -> None:
    with Writer(app(own_server), tries=2) as writer:
        assert writer.append(draft()).is_kept
        server.stop(own_server.running.server)
        with pytest.raises((JournalError, StoreError), match=r"the journal: .+ Send it again with"):
            writer.append(draft(key="k2"))
        server.start(own_server.running.server)
        assert writer.append(draft(key="k2")).outcome in ("appended", "repeated")
    looks_whole(own_server, {"k1", "k2"})


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Give a disk of 400 MB; only root can make one."""
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        disk = Path(folder) / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=0711", "tmpfs", str(disk)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("a small disk to fill cannot be made here")
        yield disk
        server.stop(server.server_in(disk / "db"))
        subprocess.run(["umount", str(disk)], check=True)


def large(draw: random.Random, turn: int, number: int) -> Draft:
    """Make a draft that does not compress."""
    body = encode(draw.randbytes(3000).hex())
    return draft(f"loan:{number}", f"{turn}-{number}", body=body)


@pytest.mark.slow
def test_a_full_disk_is_a_clear_error_and_loses_nothing(small_disk: Path) -> None:
    place = bring_up(None, small_disk / "db").place
    found = server.server_in(small_disk / "db")
    database = Database(place, Running(place, ADMIN, found))
    acknowledged: set[str] = set()
    draw = random.Random(4)
    said = ""
    with Writer(app(database), tries=3) as writer:
        for turn in range(400):
            batch = [large(draw, turn, n) for n in range(400)]
            try:
                for one, receipt in zip(batch, writer.submit(batch).result(), strict=True):
                    assert receipt.is_kept
                    acknowledged.add(one.idempotency_key)
            except JournalError as error:
                said = str(error)
                break
    assert len(acknowledged) > 1000
    assert said.startswith("the journal: ")
    assert "end it again with the same keys" in said

    subprocess.run(["mount", "-o", "remount,size=1200m", str(small_disk)], check=True)
    bring_up(None, small_disk / "db")
    looks_whole(database, acknowledged)
    with Writer(app(database)) as writer:
        assert all(writer.append(one).is_kept for one in batch[:20])
