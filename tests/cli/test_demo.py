"""The demo: a book, two month ends, and what the README shows of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kuanxian.base.errors import BookError
from kuanxian.cli.demo import DAYS, MARK, WORDS, make_room
from kuanxian.cli.loan_words import STATUS
from kuanxian.loan import Status


def test_a_new_folder_is_made_and_marked(tmp_path: Path) -> None:
    make_room(tmp_path / "a" / "demo")
    assert [path.name for path in (tmp_path / "a" / "demo").iterdir()] == [MARK]


def test_an_earlier_demo_is_replaced(tmp_path: Path) -> None:
    make_room(tmp_path)
    (tmp_path / "book").mkdir()
    make_room(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [MARK]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    with pytest.raises(BookError, match="holds something else"):
        make_room(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_every_status_has_a_name_in_both_languages() -> None:
    assert set(STATUS) == {status.name.lower() for status in Status}
    assert all(zh and en for zh, en in [*STATUS.values(), *WORDS.values()])


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("kuanxian"), "demo", *options],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[str]]]:
    """Run the demo in both languages: the folder and what it printed."""
    runs = {}
    for lang in ("en", "zh"):
        folder = tmp_path_factory.mktemp(lang)
        said = run(folder, "--lang", lang).stdout
        runs[lang] = (folder, [line.rstrip() for line in said.splitlines()])
    return runs


@pytest.mark.slow
def test_the_demo_closes_two_month_ends(shown: dict[str, tuple[Path, list[str]]]) -> None:
    folder, said = shown["en"]
    for date in DAYS:
        names = {path.name for path in (folder / "demo" / date.isoformat()).iterdir()}
        assert {"positions.parquet", "refusals.parquet", "summary.json", "report.html"} <= names
    report = said[-1].removeprefix("Report: ")
    assert (folder / report).read_text("utf-8").lower().startswith("<!doctype html>")


@pytest.mark.slow
@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_shows_what_the_demo_prints(
    root: Path, shown: dict[str, tuple[Path, list[str]]], page: str, lang: str
) -> None:
    text = (root / page).read_text("utf-8")
    block = re.search(r"^```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block
    assert block.group(1).splitlines() == shown[lang][1], "run make docs"
