"""``kuanxian up`` and ``kuanxian down``."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import Database

from kuanxian.store import migrate
from kuanxian.store.server import server_in, stop

pytestmark = pytest.mark.service

PROGRAM = Path(sys.executable).with_name("kuanxian")


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "db"
        stop(server_in(Path(folder) / "db"))


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True)


def test_up_starts_a_server_that_outlives_the_command_and_down_stops_it(data: Path) -> None:
    done = run("up", "--data", data, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts["schema"] == migrate.head()
    assert facts["postgresql"].startswith("18.")
    assert run("up", "--data", data).stdout.startswith("PostgreSQL 18.")
    assert run("down", "--data", data).stdout == f"stopped: {data}\n"
    assert run("down", "--data", data).stdout == f"no server was running in {data}\n"


def test_up_on_a_lenders_server_brings_its_schema_up(database: Database) -> None:
    done = run("up", "--database-url", database.url("kuanxian_admin"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"schema {migrate.head()}" in done.stdout


def test_a_server_that_is_not_there_is_two_lines(data: Path) -> None:
    done = run("up", "--database-url", f"postgresql://a:hunter2@/loans?host={data}")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2
    assert "hunter2" not in done.stderr
