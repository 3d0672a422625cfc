"""How many journalled decisions a second, beside a bare INSERT a request in the same run.

``python bench/gate.py [--clients 32] [--seconds 10] [--cases 2000] [--races 0] [--http]``

Clients are threads in a few processes, each with connections of its own, on the durable
embedded PostgreSQL. A decision is the whole of it: lock, read, decide, reserve, journal,
commit. The bare insert writes a row of the same size and commits. ``--races N`` lets 64
workers propose at once for one debtor, N times, and counts what was allowed. ``--http`` asks
over HTTP instead, beside an endpoint that inserts once a request.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from bench.gate_http import measure_http
from tests.action.contact.conftest import REGISTERED
from tests.action.contact.scene import NOON, Clock, Ledger, Scene, make_gate, position

from kuanxian.action.contact.record import state_of_party
from kuanxian.action.contact.words import Lexicon
from kuanxian.law.load import load_rulebook
from kuanxian.screen import load_screen
from kuanxian.screen.folder import message_folder, screen_folder
from kuanxian.screen.template import load_templates
from kuanxian.store import server
from kuanxian.store.place import ADMIN, embedded_place, engine
from kuanxian.store.roles import APP, LOGINS
from kuanxian.store.up import bring_up

PROCESSES = 4
ROW_BYTES = 2_000


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
        races(scene, given.races)
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
    for name in ("bare insert", "decision", "bare insert", "decision"):
        work = [(url, name, cases[number::PROCESSES], given.clients // PROCESSES, given.seconds)
                for number in range(PROCESSES)]  # fmt: skip
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as workers:
            taken_ms = sorted(one for part in workers.starmap(drive, work) for one in part)
        rate = len(taken_ms) / given.seconds
        p50, p99 = taken_ms[len(taken_ms) // 2], taken_ms[len(taken_ms) * 99 // 100]
        print(f"{name}: {rate:,.0f} a second from {given.clients} clients, "
              f"median {p50:.1f} ms, p99 {p99:.1f} ms", flush=True)  # fmt: skip


def drive(url: str, name: str, cases: list[str], threads: int, seconds: int) -> list[float]:
    """Send requests for some seconds; give what each took, milliseconds."""
    scene = scene_at(url)
    scene.gate.propose(scene.call(cases[0], key=f"warm-{time.time_ns()}"))
    body = b"x" * ROW_BYTES
    insert = sa.text("INSERT INTO bare (body) VALUES (:body)")

    def put(_: str, __: str) -> None:
        with scene.gate.app.begin() as connection:
            connection.execute(insert, {"body": body})

    def decide(case: str, key: str) -> None:
        scene.gate.propose(scene.call(case, key=key))

    request: Callable[[str, str], None] = put if name == "bare insert" else decide
    taken: list[list[float]] = [[] for _ in range(threads)]
    start = threading.Barrier(threads)

    def client(number: int) -> None:
        start.wait()
        end = time.monotonic() + seconds
        turn = number
        while (begun := time.monotonic()) < end:
            request(cases[turn % len(cases)], f"{name}-{number}-{turn}-{time.time_ns()}")
            taken[number].append((time.monotonic() - begun) * 1_000)
            turn += threads

    runners = [threading.Thread(target=client, args=(number,)) for number in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return [one for part in taken for one in part]


def races(scene: Scene, count: int) -> None:
    """Let 64 propose at once for one debtor, across the lender and two agencies."""
    counts: list[int] = []
    with ThreadPoolExecutor(64) as pool:
        for _ in range(count):
            case = scene.case()
            start = threading.Barrier(64)

            def propose(number: int, case: str = case, start: threading.Barrier = start) -> bool:
                agency = number % 2 + 1
                call = scene.call(case, by=f"a-{agency}", collector=f"c-{agency}")
                if number % 3 == 0:
                    states = {"claimed_identity": "lender", "identity_stated": True,
                              "ai_disclosed": True, "human_reachable": True}  # fmt: skip
                    call = call._replace(
                        by="l-1", channel="voice_ai", collector=None, states=states
                    )
                start.wait()
                return scene.gate.propose(call).allowed

            counts.append(sum(pool.map(propose, range(64))))
    print(f"{count:,} races of 64: allowed at least {min(counts)}, at most {max(counts)}, "
          f"mean {statistics.mean(counts):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
