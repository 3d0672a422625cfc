"""Each contract on imports is seen to refuse what it forbids, in a toy copy of the house."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = ("base", "loan", "intake", "journal", "vault", "state", "action", "bureau", "close", "cli")


@pytest.fixture
def house(tmp_path: Path, root: Path) -> Path:
    """Build a package of empty rooms under our own contracts."""
    (tmp_path / "pyproject.toml").write_text((root / "pyproject.toml").read_text("utf-8"), "utf-8")
    for room in ("", *ROOMS):
        folder = tmp_path / "kuanxian" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    return tmp_path


def lint(house: Path) -> tuple[int, str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_a_house_that_keeps_the_rules_passes(house: Path) -> None:
    code, said = lint(house)
    assert code == 0, said
    assert "0 broken" in said


BREACHES = [
    ("base/fen.py", "import kuanxian.loan", "The river runs one way"),
    ("loan/terms.py", "import kuanxian.state", "The river runs one way"),
    ("intake/rows.py", "import kuanxian.vault", "The river runs one way"),
    ("misc/__init__.py", "", "The river runs one way"),
    ("loan/terms.py", "import numpy", "The kernel is plain Python"),
    ("base/days.py", "import time", "The kernel is plain Python"),
    ("loan/terms.py", "import pathlib", "The kernel is plain Python"),
    ("action/contact.py", "import kuanxian.vault", "Deciding never sees a name or a phone number"),
    ("state/batch.py", "import kuanxian.vault", "Deciding never sees a name or a phone number"),
    ("journal/entry.py", "import kuanxian.vault", "Deciding never sees a name or a phone number"),
    ("state/batch.py", "import pyspark", "Spark is one file"),
]


@pytest.mark.parametrize(("path", "line", "contract"), BREACHES)
def test_a_breach_breaks_its_contract(house: Path, path: str, line: str, contract: str) -> None:
    breach = house / "kuanxian" / path
    breach.parent.mkdir(exist_ok=True)
    breach.write_text(f"{line}\n")
    code, said = lint(house)
    assert code != 0
    assert f"{contract} BROKEN" in said


def test_two_files_that_need_each_other_break_the_contract_on_cycles(house: Path) -> None:
    (house / "kuanxian/loan/schedule.py").write_text("import kuanxian.loan.due\n")
    (house / "kuanxian/loan/due.py").write_text("import kuanxian.loan.schedule\n")
    code, said = lint(house)
    assert code != 0
    assert "No cycles inside any room BROKEN" in said


def test_spark_may_be_imported_in_its_one_file(house: Path) -> None:
    (house / "kuanxian/state/cluster.py").write_text("import pyspark.sql\n")
    code, said = lint(house)
    assert code == 0, said
