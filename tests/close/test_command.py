"""``kuanxian close`` as it is typed. The compiled kernel runs here."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.close.small_books import order, plain_kernel

from kuanxian.base.days import day_of
from kuanxian.cli.close import _unrecorded
from kuanxian.close.run import close_day
from kuanxian.intake.book import Book


def typed(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kuanxian.cli.main", "close", *map(str, words)]
    code = "from kuanxian.cli.main import main; import sys; main(sys.argv[1:])"
    command[1:3] = ["-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_the_command_closes_and_says_so(lived: Book, tmp_path: Path) -> None:
    out = tmp_path / "day"
    given = (lived.path, "--as-of", "2026-09-30", "--out", out)
    done = typed(*given)
    assert (done.returncode, done.stderr) == (0, "")
    assert "closed 2026-09-30: 600 loans" in done.stdout
    again = typed(*given, "--json")
    assert json.loads(again.stdout) == json.loads((out / "summary.json").read_text())
    assert "already closed, verified" in typed(*given).stdout

    plain = order(lived.path, tmp_path / "plain", day_of(2026, 9, 30))
    close_day(plain._replace(period_from_on=day_of(2026, 9, 1)), kernel=plain_kernel)
    compiled = pq.read_table(out / "positions.parquet")
    assert compiled.equals(pq.read_table(plain.out / "positions.parquet"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--as-of", "2026-02-30", "--out", "x"), "--as-of: is not a day"),
        (("--as-of", "1969-12-31", "--out", "x"), "--as-of: is not a day"),
        (("--as-of", "20260930", "--out", "x"), "--as-of: is not a day"),
        (("--as-of", "2026-09-30", "--period-from", "soon", "--out", "x"), "--period-from: is not"),
        (("--as-of", "2026-09-30", "--out", "x"), "there is no readable book.json"),
        (("--as-of", "2026-09-30", "--out", "x", "--threads", "-1"), "threads: there must be"),
        (("--as-of", "2026-09-30", "--out", "x", "--policy", "nowhere.toml"), "not readable TOML"),
    ],
)
def test_an_error_is_two_lines_and_code_two(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = typed(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_what_changed_without_an_event_is_said_and_nothing_else() -> None:
    cash = {"differences": {"unrecorded": {"loans": 2, "fen": 5}, "reversal": {"loans": 7}}}
    previous = {"cash": cash, "contracts": {"missing": 0, "changed": 1_200}}
    assert _unrecorded(previous) == [
        "the cash of 2 loans changed without a recorded day",
        "the contracts of 1,200 loans changed without an event",
    ]
    assert _unrecorded(None) == []
