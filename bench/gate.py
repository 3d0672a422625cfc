"""How many journalled decisions a second, beside a bare INSERT a request in the same run.

``python bench/gate.py [--clients 32] [--seconds 10] [--cases 2000] [--rate N] [--http]``

Clients are threads in a few processes, each with connections of its own, on the durable
embedded PostgreSQL. A decision is the whole of it: read, decide, reserve, journal, commit.
The bare insert writes a row of the size of a decision's entry and commits, by the same driver
in the same way: one prepared statement in its own transaction. Each client sends its next
request when the last is answered. ``--rate N`` sends so many a second, evenly, whatever
becomes of those before, and counts from the instant at which each was due. ``--http`` asks
over HTTP, beside an endpoint that inserts once a request. ``--races N`` is `gate_races`.

The day moves on whenever every case was proposed for three times, so that most decisions
allow: they are the dear ones, with an attempt, a decision for the vault and its grant.
"""

import argparse
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from bench.gate_http import measure_http
from bench.gate_races import race
from tests.action.contact.conftest import REGISTERED
from tests.action.contact.scene import NOON, Clock, Ledger, Scene, make_gate, position

from kuanxian.action.contact.record import state_of_party
from kuanxian.action.contact.windows import DAY_US
from kuanxian.action.contact.words import Lexicon
from kuanxian.law.load import load_rulebook
from kuanxian.screen import load_screen
from kuanxian.screen.folder import message_folder, screen_folder
from kuanxian.screen.template import load_templates
from kuanxian.store import server
from kuanxian.store.place import ADMIN, embedded_place, engine
from kuanxian.store.roles import APP, LOGINS
from kuanxian.store.up import bring_up

PROCESSES = 2
ROW_BYTES = 2_400
CALLS_A_DAY = 3
INSERT = "INSERT INTO bare (body) VALUES (%s)"


class Load(NamedTuple):
    """What the clients of one process send."""

    threads: int
    seconds: int
    rate: float
    """So many a second from each thread; 0: as soon as the last is answered."""


def scene_at(url: str) -> Scene:
    """Make a gate of this process."""
    app = sa.create_engine(url, pool_size=64, max_overflow=8)
    screen = load_screen(screen_folder("cn"))
    lexicon = Lexicon(screen, load_templates(message_folder("cn"), screen), REGISTERED)
    clock, ledger = Clock(NOON), Ledger()
    ledger.positions["d-1"] = position(days_past_due=12, days_past_due_grace=12)
    return Scene(make_gate(app, lexicon, load_rulebook(), clock, ledger), clock, ledger)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--clients", type=int, default=32)
    asked.add_argument("--seconds", type=int, default=10)
    asked.add_argument("--cases", type=int, default=2_000)
    asked.add_argument("--rate", type=int, default=0)
    asked.add_argument("--http", action="store_true")
    asked.add_argument("--races", type=int, default=0)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="kx") as folder:
        Path(folder).chmod(0o711)
        data = Path(folder) / "db"
        bring_up(None, data)
        place = embedded_place(server.server_in(data).sockets)
        try:
            measure(place, given)
        finally:
            server.stop(server.server_in(data))


def measure(place, given: argparse.Namespace) -> None:  # type: ignore[no-untyped-def]
    """Run what was asked for."""
    url = place.url.set(username=LOGINS[APP]).render_as_string(hide_password=False)
    scene = scene_at(url)
    for agency in ("a-1", "a-2"):
        facts = {"agency_contract_complete": True, "agency_violent_record": False}
        state_of_party(scene.gate, agency, facts, key="record", actor="system:bench")
    if given.races:
        race(scene_at, url, given)
        return
    with engine(place, ADMIN).begin() as connection:
        connection.execute(sa.text("CREATE TABLE bare (id bigserial PRIMARY KEY, body bytea)"))
        connection.execute(sa.text("GRANT INSERT ON bare TO kx_app"))
        connection.execute(sa.text("GRANT USAGE ON SEQUENCE bare_id_seq TO kx_app"))
    with ThreadPoolExecutor(8) as pool:
        cases = list(pool.map(lambda _: scene.case(), range(given.cases)))
    if given.http:
        measure_http(scene_at, url, cases, given)
        return
    load = Load(given.clients // PROCESSES, given.seconds, given.rate / given.clients)
    rates: dict[str, list[float]] = {"bare insert": [], "decision": []}
    for name in ("bare insert", "decision") * 2:
        work = [(url, name, cases[number::PROCESSES], load) for number in range(PROCESSES)]
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as workers:
            taken_ms = sorted(one for part in workers.starmap(drive, work) for one in part)
        rates[name].append(len(taken_ms) / given.seconds)
        p50, p99 = taken_ms[len(taken_ms) // 2], taken_ms[len(taken_ms) * 99 // 100]
        print(f"{name}: {rates[name][-1]:,.0f} a second from {given.clients} clients, "
              f"median {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)  # fmt: skip
    if not given.rate:
        ratio = sum(rates["bare insert"]) / sum(rates["decision"])
        print(f"a decision costs {ratio:.2f} bare inserts")


def drive(url: str, name: str, cases: list[str], load: Load) -> list[float]:
    """Send requests for some seconds; give what each took, milliseconds."""
    scene = scene_at(url)
    for number in range(load.threads):
        scene.gate.propose(scene.call(cases[number], key=f"warm-{time.time_ns()}"))
    request = _request(scene, name)
    taken: list[list[float]] = [[] for _ in range(load.threads)]
    start = threading.Barrier(load.threads)

    def client(number: int) -> None:
        start.wait()
        begun = time.monotonic() + (number / load.threads / load.rate if load.rate else 0)
        end, turn = begun + load.seconds, number
        while (due := _wait(begun, len(taken[number]), load.rate)) < end:
            scene.clock.now = NOON + turn // len(cases) // CALLS_A_DAY * DAY_US
            request(cases[turn % len(cases)], f"{name}-{number}-{turn}-{time.time_ns()}")
            taken[number].append((time.monotonic() - due) * 1_000)
            turn += load.threads

    runners = [threading.Thread(target=client, args=(number,)) for number in range(load.threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return [one for part in taken for one in part]


def _wait(begun: float, sent: int, rate: float) -> float:
    """Wait until the next request is due; give that instant."""
    if not rate:
        return time.monotonic()
    due = begun + sent / rate
    time.sleep(max(0.0, due - time.monotonic()))
    return due


def _request(scene: Scene, name: str) -> Callable[[str, str], object]:
    if name == "decision":
        return lambda case, key: scene.gate.propose(scene.call(case, key=key))
    body = b"x" * ROW_BYTES

    def put(_: str, __: str) -> None:
        raw = scene.gate.app.raw_connection()
        raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        raw.driver_connection.execute(INSERT, (body,), prepare=True)  # type: ignore[union-attr]
        raw.driver_connection.autocommit = False  # type: ignore[union-attr]
        raw.close()

    return put


if __name__ == "__main__":
    main()
