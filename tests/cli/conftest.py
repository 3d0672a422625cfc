import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

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
