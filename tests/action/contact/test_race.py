"""Many at once: never more than the rule allows, whoever asks and whoever dies."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import Stage
from tests.action.contact.scene import Scene

from kuanxian.base.errors import ClockError, ProposalError
from kuanxian.store.place import ADMIN
from kuanxian.store.roles import APP

WORKERS = 64
RUNS = 6
"""``bench/gate.py --races 1000`` runs the thousand."""


def allowed_of(scene: Scene, case: str) -> int:
    """Count what the journal says was allowed."""
    with scene.gate.app.connect() as connection:
        query = "SELECT count(*) FROM journal.entry WHERE stream = :stream AND kind = :kind AND "
        query += "convert_from(body, 'UTF8') LIKE '%\"verdict\":\"allowed\"%'"
        told = {"stream": f"case:{case}", "kind": "contact.decided"}
        return int(connection.scalar(sa.text(query), told) or 0)


@pytest.mark.slow
def test_of_64_who_propose_at_once_three_are_allowed(scene: Scene) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in range(RUNS):
            case = scene.case()
            start = Barrier(WORKERS)

            def propose(number: int, case: str = case, start: Barrier = start) -> bool:
                call = scene.racer(case, number)
                start.wait()
                return scene.gate.propose(call).allowed

            assert all(scene.gate.propose(scene.racer(scene.case(), n)).allowed for n in range(3))
            assert sum(pool.map(propose, range(WORKERS))) == 3
            assert allowed_of(scene, case) == 3


KILLED = """
import sys
sys.path[:0] = {paths!r}
import sqlalchemy as sa
from tests.action.contact.scene import Clock, Ledger, Scene, make_gate, position
from kuanxian.action.contact.words import Lexicon
from kuanxian.law.load import load_rulebook
from kuanxian.screen import load_screen
from kuanxian.screen.folder import screen_folder
app = sa.create_engine({url!r})
lexicon = Lexicon(load_screen(screen_folder("cn")), {{}}, {{}})
clock, ledger = Clock(), Ledger()
ledger.positions["d-1"] = position(days_past_due=12, days_past_due_grace=12)
scene = Scene(make_gate(app, lexicon, load_rulebook(), clock, ledger), clock, ledger)
for number in range(3):
    call = scene.call({case!r})._replace(key=f"killed-{{number}}")
    print(scene.gate.propose(call).verdict, flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_what_a_killed_worker_reserved_stays_reserved(scene: Scene) -> None:
    case = scene.case()
    url = scene.gate.app.url.render_as_string(hide_password=False)
    program = KILLED.format(paths=sys.path, url=url, case=case)
    worker = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert [worker.stdout.readline().strip() for _ in range(3)] == ["allowed"] * 3
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert not scene.gate.propose(scene.call(case)).allowed
    assert allowed_of(scene, case) == 3


def test_where_the_vault_grants_nothing_nothing_is_reserved(stage: Stage, scene: Scene) -> None:
    case = scene.case()
    freeze = sa.text("INSERT INTO vault.frozen_actor (actor, reason) VALUES ('officer-x', 'test')")
    with stage.database.engine(ADMIN).begin() as connection:
        connection.execute(freeze)
    with pytest.raises(ProposalError, match="frozen_actor"):
        scene.gate.propose(scene.call(case, officer="officer-x"))
    assert allowed_of(scene, case) == 0
    assert scene.gate.propose(scene.call(case)).allowed


def test_a_clock_that_is_not_the_databases_is_refused(scene: Scene) -> None:
    case = scene.case()
    scene.gate.tolerance_ms = 2_000  # the fixture sets it back
    with pytest.raises(ClockError):
        scene.gate.propose(scene.call(case))
    assert allowed_of(scene, case) == 0


def test_an_agencys_login_cannot_reserve_past_the_gate(scene: Scene) -> None:
    assert scene.gate.app.url.username != APP
    with scene.gate.app.connect() as connection, pytest.raises(sa.exc.ProgrammingError):
        connection.execute(sa.text("UPDATE journal.entry SET kind = 'x'"))
