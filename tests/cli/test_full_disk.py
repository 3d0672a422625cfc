"""A full disk: a sentence that says what to do, and nothing half-made left behind.

A limit on the size of a file stands in for the disk: writing beyond it fails the same way.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOM_BYTES = 10_000


def run_with_little_room(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose files cannot grow beyond ``ROOM_BYTES``.

    It compiles for itself alone: Python would keep a compiled file that was cut off.
    """
    return subprocess.run(
        [Path(sys.executable).with_name("kuanxian"), *words],
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES,) * 2),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("job", ["simulate", "intake"])
def test_a_full_disk_is_said_and_leaves_nothing(job: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    words = ["simulate", "--loans", "4000", "--years", "2", "--seed", "1"]
    if job == "intake":
        rows = (f"L{n * 7919 % 100_003},{n + 1},2026-01-15,3" for n in range(5_000))
        source = tmp_path / "loans.csv"
        source.write_text("\n".join(["loan_id,principal_fen,disbursed_on,instalments", *rows]))
        words = ["intake", f"loans={source}", "--layout", "kuanxian"]
    ended = run_with_little_room(*words, "--out", str(out / "book"))
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "error: the disk: there is no room left",
        "make room and run the same command again",
    ]
    assert list(out.iterdir()) == []
