"""``kuanxian simulate``: what it makes, what it prints, and how it refuses."""

import json
from pathlib import Path

import pytest

from kuanxian.cli.main import main
from kuanxian.intake.book import open_book

Said = tuple[int, str, str]


def run(capsys: pytest.CaptureFixture[str], *args: str) -> Said:
    with pytest.raises(SystemExit) as ended:
        main(["simulate", *args])
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


def test_it_makes_a_book_and_says_in_two_lines_what_is_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--loans", "50", "--out", str(tmp_path / "book"))
    facts = open_book(tmp_path / "book").facts
    assert (code, err) == (0, "")
    assert out.startswith(f"50 loans, {facts['events']} events in ")
    assert "yuan paid out" in out.splitlines()[1]


def test_json_is_the_content_of_book_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ("--loans", "50", "--years", "1", "--seed", "9", "--until", "2025-12-31", "--json")
    code, out, _ = run(capsys, *args, "--out", str(tmp_path / "book"))
    assert code == 0
    assert json.loads(out) == open_book(tmp_path / "book").facts
    assert json.loads(out)["source"]["until_on"] == "2025-12-31"


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, _, err = run(capsys, "--loans", "5", "--out", str(tmp_path))
    assert code == 2
    assert "there is something here already" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("--loans", "0"), "--loans"),
        (("--loans", "5", "--years", "21"), "--years"),
        (("--loans", "5", "--until", "2026-02-30"), "--until"),
        (("--loans", "5", "--until", "1999-01-01", "--years", "20"), "until"),
        (("--loans", "99999999999"), "loans"),
    ],
)
def test_a_wrong_argument_is_named_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], word: str
) -> None:
    code, _, err = run(capsys, *args, "--out", str(tmp_path / "book"))
    assert code == 2
    assert word in err
    assert list(tmp_path.iterdir()) == []


def test_help_shows_an_example_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--help")
    assert "    kuanxian simulate --loans 500 --out book --json" in out.splitlines()
