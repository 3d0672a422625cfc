"""A close that is killed at any instant goes on and ends with the same bytes."""

import os
import signal
import subprocess
import sys
import time  # noqa: TID251 - a kill comes at an instant
from pathlib import Path

import pytest
from tests.close.small_books import order, plain_kernel

from kuanxian.base.days import day_of
from kuanxian.close.run import close_day
from kuanxian.intake.book import Book
from kuanxian.state.local import Cut

KILLS = 20
CUT = Cut(20, 20_000)
DAY = day_of(2026, 9, 30)

CHILD = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from kuanxian.close.run import close_day
from tests.close.small_books import order, plain_kernel
from tests.close.test_kill import CUT, DAY
print("ready", flush=True)
close_day(order(Path({book!r}), Path({out!r}), DAY, cut=CUT), kernel=plain_kernel)
print("done", flush=True)
"""


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def start(book: Path, out: Path) -> "subprocess.Popen[str]":
    script = CHILD.format(path=sys.path, book=str(book), out=str(out))
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def finish(child: "subprocess.Popen[str]") -> bool:
    """Wait for a child; say whether it got to its end."""
    output, _ = child.communicate(timeout=60)
    return output == "done\n"


@pytest.mark.slow
def test_twenty_kills_change_no_byte(lived: Book, tmp_path: Path) -> None:
    unbroken = tmp_path / "unbroken"
    began = time.monotonic()
    close_day(order(lived.path, unbroken, DAY, cut=CUT), kernel=plain_kernel)
    takes = time.monotonic() - began
    wanted = bytes_of(unbroken)

    ends = 0
    for kill in range(KILLS):
        # The instants sweep over a whole run, reading, publishing and cleaning included.
        out = tmp_path / f"day{kill % 4}"
        child = start(lived.path, out)
        time.sleep(takes * 1.1 * (kill * 7 % KILLS) / KILLS)
        os.kill(child.pid, signal.SIGKILL)
        ends += finish(child)
        if out.exists():
            assert bytes_of(out) == wanted
    assert ends < KILLS  # most were stopped before their end

    for place in range(4):
        out = tmp_path / f"day{place}"
        close_day(order(lived.path, out, DAY, cut=CUT), kernel=plain_kernel)
        assert bytes_of(out) == wanted
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


class StopError(Exception):
    """Stands for the kill at a chosen step."""


STEPS = [
    *("compare", "add_up_places", "summarise", "write_summary", "write_report", "measure"),
    "publish",
]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_a_stop_at_each_step_changes_no_byte(
    lived: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from kuanxian.close import run

    def stop(*_given: object) -> None:
        raise StopError

    given = order(lived.path, tmp_path / "day", DAY, cut=Cut(200, 20_000))
    with monkeypatch.context() as patch:
        patch.setattr(run, step, stop)
        with pytest.raises(StopError):
            close_day(given, kernel=plain_kernel)
    assert not given.out.exists()
    close_day(given, kernel=plain_kernel)
    close_day(given._replace(out=tmp_path / "unbroken"), kernel=plain_kernel)
    assert bytes_of(given.out) == bytes_of(tmp_path / "unbroken")


@pytest.mark.slow
@pytest.mark.parametrize("cut_off", [1, 40, 4_000, 30_000])
def test_a_torn_record_costs_only_its_last_slices(
    lived: Book, tmp_path: Path, cut_off: int
) -> None:
    given = order(lived.path, tmp_path / "day", DAY, cut=Cut(100, 20_000))
    begun: list[int] = []

    def stop(done: int, _all: int) -> None:
        begun.append(done)
        if done == 400:
            raise StopError

    with pytest.raises(StopError):
        close_day(given, stop, plain_kernel)
    record = tmp_path / ".day.closing" / "finished.jsonl"
    os.truncate(record, max(record.stat().st_size - cut_off, 0))
    resumed: list[int] = []
    close_day(given, lambda done, _: resumed.append(done), plain_kernel)
    assert resumed[0] < 400
    close_day(given._replace(out=tmp_path / "unbroken"), kernel=plain_kernel)
    assert bytes_of(given.out) == bytes_of(tmp_path / "unbroken")
