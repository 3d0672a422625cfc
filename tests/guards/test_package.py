"""What is installed holds every file of the source, and the locks hold what they should."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(root: Path, tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "src", "rules", "pyproject.toml", "README.md", "LICENSE"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for name in listed:
        (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tmp_path / "copy" / name, follow_symlinks=False)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet",
         "--wheel-dir", str(tmp_path), str(tmp_path / "copy")],
        capture_output=True,
        check=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    source = [name for name in listed if name.startswith("src/") and (root / name).is_file()]
    law = [name for name in listed if name.startswith("rules/") and name.endswith(".toml")]
    wanted = {name.removeprefix("src/") for name in source} | {f"kuanxian/{name}" for name in law}
    assert law
    assert sorted(wanted - held) == []


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def test_the_lock_to_run_is_a_part_of_the_lock_to_work(root: Path) -> None:
    to_run, to_work = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    assert len(to_run) > 10
    assert to_run.items() <= to_work.items()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_its_hashes_and_no_address(root: Path, name: str) -> None:
    text = (root / name).read_text("utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
