"""The embedded server starts from whatever a kill left behind, and lets nobody else in."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from kuanxian.base.errors import StoreError
from kuanxian.store import server
from kuanxian.store.account import Account, reachable_programs, reaches
from kuanxian.store.place import embedded_place, engine, open_connection
from kuanxian.store.up import bring_up

pytestmark = pytest.mark.service


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "db"
        server.stop(server.server_in(Path(folder) / "db"))


def answers(data: Path) -> bool:
    made = engine(embedded_place(server.server_in(data).sockets), "kx_audit")
    with open_connection(made) as connection:
        return bool(connection.scalar(sa.text("SELECT true")))


def postmaster(data: Path) -> int:
    return int((data / "postgres/postmaster.pid").read_text().split()[0])


def test_up_twice_is_up_once_and_down_twice_is_down(data: Path) -> None:
    first = bring_up(None, data)
    pid = postmaster(data)
    assert bring_up(None, data) == first
    assert postmaster(data) == pid
    assert server.stop(server.server_in(data))
    assert not server.stop(server.server_in(data))


def test_ups_that_start_together_make_one_server(data: Path) -> None:
    script = "import sys; from pathlib import Path; from kuanxian.store.up import bring_up; "
    script += "print(bring_up(None, Path(sys.argv[1])).revision)"

    def up(_: int) -> str:
        words = [sys.executable, "-c", script, str(data)]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(up, range(3)))) == 1
    assert answers(data)


def test_a_killed_server_starts_again(data: Path) -> None:
    bring_up(None, data)
    os.kill(postmaster(data), signal.SIGKILL)
    bring_up(None, data)
    assert answers(data)


def test_a_lock_file_that_names_somebody_elses_process_does_not_stop_a_start(data: Path) -> None:
    bring_up(None, data)
    found = server.server_in(data)
    lock = found.cluster / "postmaster.pid"
    text = lock.read_text()
    server.stop(found)
    # In a container the number of the killed server soon belongs to another program.
    lock.write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    (found.sockets / ".s.PGSQL.5432.lock").write_text(text.replace(text.split()[0], "1", 1))
    assert not server.is_running(found)
    bring_up(None, data)
    assert answers(data)


def test_a_cluster_half_made_is_made_anew(data: Path) -> None:
    half = data / "postgres.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    bring_up(None, data)
    assert answers(data)
    assert not half.exists()


def test_only_the_servers_own_account_gets_in(data: Path) -> None:
    bring_up(None, data)
    found = server.server_in(data)
    for path in (found.cluster, found.sockets):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert "listen_addresses = ''" in (found.cluster / "postgresql.auto.conf").read_text()
    assert psutil.Process(postmaster(data)).net_connections("inet") == []
    if os.geteuid() == 0:
        assert psutil.Process(postmaster(data)).uids().real != 0


def test_a_path_too_long_for_a_socket_is_no_obstacle(data: Path) -> None:
    far = data / ("x" * 90)
    bring_up(None, far)
    assert answers(far)
    sockets = server.server_in(far).sockets
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    server.stop(server.server_in(far))
    sockets.rmdir()


def test_the_log_quotes_no_statement_and_no_value(data: Path) -> None:
    bring_up(None, data)
    made = engine(embedded_place(server.server_in(data).sockets), "kuanxian_admin")
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE public.t (n text PRIMARY KEY)"))
    for _ in range(2):
        try:
            with made.begin() as connection:
                connection.execute(
                    sa.text("INSERT INTO public.t VALUES (:n)"), {"n": "13912345678"}
                )
        except sa.exc.IntegrityError:
            pass
    log = (data / "server.log").read_text()
    assert "duplicate key" in log
    assert "13912345678" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_a_folder_the_account_cannot_enter_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(StoreError, match="cannot enter it"):
        bring_up(None, tmp_path / "closed" / "db")


def test_programs_the_account_cannot_reach_are_copied(tmp_path: Path) -> None:
    nobody = Account("nobody", 65534, 65534)
    programs = tmp_path / "closed" / "pg"
    (programs / "bin").mkdir(parents=True)
    (programs / "bin" / "postgres").write_text("#!")
    (programs / "bin" / "postgres").chmod(0o700)
    (tmp_path / "closed").chmod(0o700)
    copy = reachable_programs(nobody, programs, tmp_path)
    assert copy == tmp_path / "pg"
    assert (copy / "bin" / "postgres").stat().st_mode & 0o777 == 0o755
    assert not reaches(nobody, programs)
    assert reachable_programs(nobody, programs, tmp_path) == copy
