"""Ruff refuses clocks and loose randomness outside the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

CLOCKS = [
    "import datetime\n\nTODAY = datetime.date.today()\n",
    "import datetime\n\nNOW = datetime.datetime.now(tz=datetime.UTC)\n",
    "import time\n\nNOW = time.time()\n",
    "import random\n\nCHANCE = random.random()\n",
    "import uuid\n\nNAME = uuid.uuid4()\n",
    "import os\n\nSALT = os.urandom(8)\n",
    "import numpy as np\n\nCHANCE = np.random.default_rng(7)\n",
]


def lint(root: Path, name: str, text: str) -> str:
    return subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--no-cache", "--output-format=concise",
         f"--stdin-filename=src/kuanxian/{name}", "-"],
        cwd=root,
        input=f'"""What it is."""\n\n{text}',
        capture_output=True,
        text=True,
    ).stdout  # fmt: skip


@pytest.mark.parametrize("text", CLOCKS)
def test_a_clock_or_loose_randomness_is_refused_in_the_close(root: Path, text: str) -> None:
    assert "TID251" in lint(root, "close/day.py", text)


@pytest.mark.parametrize("text", CLOCKS)
def test_the_command_line_may_read_a_clock(root: Path, text: str) -> None:
    assert "TID251" not in lint(root, "cli/close.py", text)


def test_a_seeded_generator_is_let_be(root: Path) -> None:
    text = "import random\n\nCHANCE = random.Random(7)\n"
    assert "All checks passed" in lint(root, "simulate/lives.py", text)
