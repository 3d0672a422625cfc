"""The system account the embedded PostgreSQL runs under, and what it can reach.

PostgreSQL refuses to run as root. Started by root, the server runs as the account that
owns its folder already, else as ``postgres`` where that account exists, else as
``kuanxian``, which is made. No permission of any folder above ours is ever loosened for it:
programs it cannot reach are copied into the data folder.
"""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

from kuanxian.base.errors import StoreError

NAMES = ("postgres", "kuanxian")
"""Accounts to run under when started by root, the first that exists."""


class Account(NamedTuple):
    """A system account."""

    name: str
    uid: int
    gid: int


def server_account(cluster: Path) -> Account:
    """Choose the account the server runs under.

    Args:
        cluster: The folder of the database cluster; it need not exist.

    Returns:
        The account of this process, or, where that is root, one that is not.

    Raises:
        StoreError: Root has no account to give the server and cannot make one.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner != 0:
        return _account(pwd.getpwuid(owner))
    for name in NAMES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    return _made(NAMES[-1])


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _made(name: str) -> Account:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        advice = "Make a system account named postgres, or start it as a person who is not root."
        raise StoreError("the account", "PostgreSQL cannot run as root", advice) from None
    return _account(pwd.getpwnam(name))


def reaches(account: Account, path: Path) -> bool:
    """Say whether an account can walk to a path and read what is there."""
    steps = [path, *path.resolve().parents]
    wanted = [stat.S_IROTH | stat.S_IXOTH] + [stat.S_IXOTH] * (len(steps) - 1)
    return all(_allows(account, step, bits) for step, bits in zip(steps, wanted, strict=True))


def _allows(account: Account, path: Path, others: int) -> bool:
    """Compare the permission bits that apply to the account with those it needs."""
    found = path.stat()
    if account.uid in (found.st_uid, 0):
        others <<= 6
    elif account.gid == found.st_gid:
        others <<= 3
    return found.st_mode & others == others


def reachable_programs(account: Account, programs: Path, data: Path) -> Path:
    """Give a folder of PostgreSQL's programs the account can run, copied where need be.

    Args:
        account: Who is to run them.
        programs: The installation: the folder that holds ``bin``, ``lib`` and ``share``.
        data: The data folder; a copy goes in there.

    Returns:
        The installation itself, or its copy.
    """
    if reaches(account, programs / "bin" / "postgres"):
        return programs
    copy = data / programs.name
    if not copy.exists():
        half = data / f"{programs.name}.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(programs, half, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o055 if path.stat().st_mode & 0o100 else 0o644)
        half.rename(copy)
    return copy
