import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kuanxian.vault.key_file import add_key, read_key_file
from kuanxian.vault.tenant_keys import USES, tenant_file, tenant_key

Cost = Callable[[Sequence[str | Path]], float]


@pytest.fixture
def cost_of() -> Cost:
    """Measure a program: seconds of processor time, the least of five runs.

    A small command waits for nothing, so on a quiet machine this is what a person waits
    for; unlike the time on the wall, it does not grow when the machine is busy.
    """

    def once(words: Sequence[str | Path]) -> float:
        started = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, code, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(code)
        assert started.returncode == 0
        return used.ru_utime + used.ru_stime

    return lambda words: min(once(words) for _ in range(5))


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the keys of all tests on the one embedded database: no others find its people."""
    folder = tmp_path_factory.mktemp("keys")
    add_key(folder / "keys", "k1")
    holder = read_key_file(folder / "keys")
    for tenant in ("lender-1", "lender-evening"):
        for use in USES:
            tenant_key(tenant_file(folder / "keys"), holder, tenant, use)
    return folder


@pytest.fixture
def key_file(made_keys: Path, tmp_path: Path) -> Path:
    """Give a copy of those keys, to do with as a test likes."""
    for name in ("keys", "keys.tenants"):
        shutil.copy(made_keys / name, tmp_path)
    return tmp_path / "keys"
