"""The command ``kuanxian intake``: what it prints, and how it fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kuanxian.cli.intake import yuan

LOANS = (
    "loan_id,principal_fen,disbursed_on,instalments\nA,120000,2024-01-31,12\nB,x,2024-01-31,12\n"
)
EVENTS = "loan_id,kind,value_on,amount_fen\nA,payment,2024-02-29,10000\nB,payment,2024-02-29,1\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder with the two files."""
    (folder / "loans.csv").write_text(LOANS)
    (folder / "events.csv").write_text(EVENTS)
    command = "from kuanxian.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", command, "intake", *words],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


FILES = ("loans.csv", "events.csv", "--layout", "kuanxian", "--out", "book")


def test_it_prints_what_came_in_and_what_was_taken(tmp_path: Path) -> None:
    done = run(tmp_path, *FILES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "book: 1 loans, 1 events",
        "loans.csv (loans): 2 rows = 1 taken + 1 refused",
        "  principal_fen: 1,200.00 in all rows, 1 cells unreadable",
        "  loans: 1 of 1,200.00 = 1 of 1,200.00 in the book + 0 of 0.00 refused",
        "events.csv (events): 2 rows = 1 taken + 1 refused",
        "  amount_fen: 100.01 in all rows",
        "  events.1: 2 of 100.01 = 1 of 100.00 in the book + 1 of 0.01 refused",
        "refused, loan_refused: 1",
        "refused, not_a_number: 1",
    ]


def test_a_program_gets_the_report_as_json(tmp_path: Path) -> None:
    report = json.loads(run(tmp_path, *FILES, "--json").stdout)
    assert (report["loans"], report["events"], report["refusals"]) == (1, 1, 2)
    assert report["rows"] == report["taken"] + report["refused"] == 4
    assert report["reasons"] == {"loan_refused": 1, "not_a_number": 1}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing.csv", *FILES[2:]), "error: nothing.csv: there is no such file"),
        ((*FILES[:3], "none", *FILES[4:]), "error: none: there is no layout of this name"),
        (("events.csv", "--layout", "pay-in-n", "--out", "book"), "error: events.csv: no part"),
        ((*FILES[:5], "."), "error: "),
    ],
)
def test_an_error_is_two_lines_and_nothing_is_left(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["events.csv", "loans.csv"]


def test_amounts_below_one_are_written_in_full() -> None:
    assert [yuan(fen) for fen in (-5, 0, 7, 123_456)] == ["-0.05", "0.00", "0.07", "1,234.56"]
