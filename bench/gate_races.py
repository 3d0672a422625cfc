"""Races: 64 propose at once for one debtor, across the lender and two agencies, many times.

The 64 are threads of several processes, each process with a gate and connections of its own,
so that they meet in the database and not in a lock of ours. All wait for each other before
each race. What was allowed is counted in the journal, not by those who asked. Then a tenth
as many cases in which a worker is killed while it proposes and another one goes on.
"""

import argparse
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from tests.action.contact.scene import Scene

WORKERS = 64
PROCESSES = 2
_ALLOWED = sa.text(
    "SELECT stream, count(*) FILTER (WHERE convert_from(body, 'UTF8') LIKE :allowed), count(*) "
    "FROM journal.entry WHERE kind = 'contact.decided' AND stream = ANY(:streams) GROUP BY stream"
)


def race(make: Callable[[str], Scene], url: str, given: argparse.Namespace) -> None:
    """Run the races and print what the journal says of them."""
    scene = make(url)
    with ThreadPoolExecutor(8) as pool:
        cases = list(pool.map(lambda _: scene.case(), range(given.races)))
    spawn = multiprocessing.get_context("spawn")
    start = spawn.Barrier(WORKERS)
    runners = [
        spawn.Process(target=run, args=(make, url, cases, start, number), daemon=True)
        for number in range(PROCESSES)
    ]
    begun = time.monotonic()
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
        assert runner.exitcode == 0, "a racer failed"
    print(f"{len(cases):,} races of {WORKERS} in {PROCESSES} processes, "
          f"{time.monotonic() - begun:.0f} s: {tell(scene, cases)}", flush=True)  # fmt: skip
    cases = [kill(scene, url, number) for number in range(given.races // 10)]
    print(f"{len(cases):,} cases whose first worker was killed while it proposed: "
          f"{tell(scene, cases)}")  # fmt: skip


def tell(scene: Scene, cases: list[str]) -> str:
    """Count in the journal how many were decided and how many allowed, case by case."""
    with scene.gate.app.connect() as connection:
        told = {"streams": [f"case:{case}" for case in cases], "allowed": '%"verdict":"allowed"%'}
        rows = connection.execute(_ALLOWED, told).all()
    decided = sorted({number for _, _, number in rows})
    counts = Counter(number for _, number, _ in rows)
    allowed = ", ".join(f"{number} in {races:,}" for number, races in sorted(counts.items()))
    return f"decided {decided[0]} to {decided[-1]} each, allowed {allowed}"


def kill(scene: Scene, url: str, number: int) -> str:
    """Kill a worker while it proposes, then propose on until the rule says no; give the case."""
    case = scene.case()
    scene.gate.app.dispose()
    told, tell_it = os.pipe()
    worker = os.fork()
    if worker == 0:
        scene.gate.app = sa.create_engine(url)
        for turn in range(WORKERS):
            scene.gate.propose(scene.racer(case, turn, key=f"killed-{turn}"))
            os.write(tell_it, b".")
        os._exit(0)
    # After its first, second or third reservation, at some instant of the next one.
    for _ in range(number % 3 + 1):
        os.read(told, 1)
    time.sleep(number % 10 * 0.0005)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    os.close(told)
    os.close(tell_it)
    for turn in range(8):
        scene.gate.propose(scene.racer(case, turn, key=f"after-{turn}"))
    return case


def run(make: Callable[[str], Scene], url: str, cases: list[str], start: Any, process: int) -> None:
    """Propose in every race, with the threads of one process."""
    scene = make(url)
    threads = [
        threading.Thread(target=propose, args=(scene, cases, start, number * PROCESSES + process))
        for number in range(WORKERS // PROCESSES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def propose(scene: Scene, cases: list[str], start: Any, number: int) -> None:
    """Propose once in each race: for the lender or for one of the agencies."""
    try:
        for case in cases:
            call = scene.racer(case, number, key=f"w-{number}")
            start.wait(timeout=120)
            scene.gate.propose(call)
    except BaseException:
        start.abort()
        raise
