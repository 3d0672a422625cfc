"""The examples: each says what to run and what comes out."""

import json
import re
from pathlib import Path

import pytest

from kuanxian.cli.main import main
from kuanxian.intake.loan_file import read_loan_file

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
COMMAND = re.compile(r"^# \$ kuanxian ([^\n]*)\n((?:#   [^\n]*\n)+)", re.MULTILINE)
COMMANDS = [
    (command, shown)
    for path in sorted(EXAMPLES.glob("*.toml"))
    for command, shown in COMMAND.findall(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[row[0] for row in COMMANDS])
def test_an_example_prints_what_it_says(
    command: str, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES.parent)
    with pytest.raises(SystemExit):
        main([*command.split(), "--json"])
    answer = json.loads(capsys.readouterr().out)
    for line in shown.splitlines():
        key, figure = line.removeprefix("#").strip().split(" = ")
        if key in answer:
            assert str(answer[key]) == figure, key
        else:
            assert answer[f"{key}_fen"] == int(figure.replace(".", "")), key


def test_every_example_shows_something() -> None:
    shown = {command.split()[2].removeprefix("examples/") for command, _ in COMMANDS}
    assert shown == {path.name for path in EXAMPLES.glob("*.toml")}


def test_the_same_loan_in_both_formats_is_the_same() -> None:
    toml = read_loan_file(EXAMPLES / "borrow-by-the-day.toml")
    assert read_loan_file(EXAMPLES / "borrow-by-the-day.json") == toml


def test_the_readme_names_every_example() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in readme for path in EXAMPLES.glob("*.toml"))
