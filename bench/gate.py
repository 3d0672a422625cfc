"""How many journalled decisions a second, beside a bare INSERT a request in the same run.

``python bench/gate.py [--clients 32] [--seconds 10] [--cases 2000] [--rate N] [--http]``

Clients are threads in a few processes, each with connections of its own, on the durable
embedded PostgreSQL. A decision is the whole of it: read, decide, reserve, journal, commit.
A bare insert writes the body of a decision's entry and commits: by the same driver in the same
way, one prepared statement by itself; and as a program does that uses the library we use, in a
block that begins and commits. Both are shown. Each client sends its next
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
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from bench.gate_clients import Load, Request, drive, tell
from bench.gate_http import measure_http
from bench.gate_races import race
from tests.action.contact.conftest import REGISTERED
from tests.action.contact.scene import NOON, Clock, Ledger, Scene, make_gate, position

from kuanxian.action.contact.ready import make_ready
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
CALLS_A_DAY = 3
WARM_SECONDS = 3
ONE = "bare insert, one prepared statement"
BLOCK = "bare insert, a transaction of the library"
DECISION = "decision"


@cache
def scene_at(url: str) -> Scene:
    """Make the gate of this process."""
    app = sa.create_engine(url, pool_size=64, max_overflow=8)
    screen = load_screen(screen_folder("cn"))
    lexicon = Lexicon(screen, load_templates(message_folder("cn"), screen), REGISTERED)
    clock, ledger = Clock(NOON), Ledger()
    ledger.positions["d-1"] = position(days_past_due=12, days_past_due_grace=12)
    gate = make_gate(app, lexicon, load_rulebook(), clock, ledger)
    make_ready(gate)  # as `kuanxian api serve` does
    return Scene(gate, clock, ledger)


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
        state_of_party(scene.gate, agency, facts, lender="l-1", key="record", actor="system:bench")
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
    rates: dict[str, list[float]] = {name: [] for name in (ONE, BLOCK, DECISION)}
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as workers:
        for turn, name in enumerate((ONE, BLOCK, DECISION) * 2):
            first_at = NOON + turn * 10 * DAY_US
            work = [(url, name, cases[number::PROCESSES], load, first_at)
                    for number in range(PROCESSES)]  # fmt: skip
            taken_ms = [one for part in workers.starmap(run, work) for one in part]
            rates[name].append(tell(name, taken_ms, given.clients, given.seconds))
    for name in (ONE, BLOCK) if not given.rate else ():
        print(f"a decision costs {sum(rates[name]) / sum(rates[DECISION]):.2f} of: {name}")


def run(url: str, name: str, cases: list[str], load: Load, first_at: int) -> list[float]:
    """Send requests for some seconds; give what each took, milliseconds."""
    scene = scene_at(url)
    send = _request(scene, name)

    def requests_from(begin_at: int) -> Request:
        def request(turn: int) -> None:
            scene.clock.now = begin_at + turn // len(cases) // CALLS_A_DAY * DAY_US
            send(cases[turn % len(cases)], f"k-{turn}-{time.time_ns()}")

        return request

    # Connections are made and statements planned before it counts.
    drive(load._replace(seconds=WARM_SECONDS, rate=0), lambda _: requests_from(first_at))
    return drive(load, lambda _: requests_from(first_at + 5 * DAY_US))


def _request(scene: Scene, name: str) -> Callable[[str, str], object]:
    app = scene.gate.app
    if name == DECISION:
        return lambda case, key: scene.gate.propose(scene.call(case, key=key))
    with app.connect() as connection:
        query = "SELECT body FROM journal.entry WHERE kind = 'contact.decided' LIMIT 1"
        body = bytes(connection.scalar(sa.text(query)) or b"")
    insert = sa.text("INSERT INTO bare (body) VALUES (:body)")

    def in_block(_: str, __: str) -> None:
        with app.begin() as connection:
            connection.execute(insert, {"body": body})

    def at_once(_: str, __: str) -> None:
        raw = app.raw_connection()
        connection: Any = raw.driver_connection
        connection.autocommit = True
        connection.execute("INSERT INTO bare (body) VALUES (%s)", (body,), prepare=True)
        connection.autocommit = False
        raw.close()

    return at_once if name == ONE else in_block


if __name__ == "__main__":
    main()
