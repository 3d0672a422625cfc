"""The database goes away under the server: a problem, nothing half-done, and it recovers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import Stage
from tests.action.contact.scene import Scene
from tests.api.conftest import Line, call_form
from tests.api.test_hostile import check

from kuanxian.store.place import ADMIN, engine

Away = Callable[[], AbstractContextManager[None]]
ALLOW = "ALTER DATABASE {} ALLOW_CONNECTIONS {}"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"


@pytest.fixture
def away(stage: Stage) -> Iterator[Away]:
    """Give a span of time in which every connection is cut and none is let in."""
    place = stage.database.place
    name = place.url.database
    url = place.url.set(username=stage.database.running.migrator, database="postgres")
    made = engine(place._replace(url=url, embedded=False), ADMIN)
    made = made.execution_options(isolation_level="AUTOCOMMIT")

    def allow(whether: str) -> None:
        with made.connect() as connection:
            connection.execute(sa.text(ALLOW.format(name, whether)))
            connection.execute(sa.text(END), {"name": name})

    @contextmanager
    def span() -> Iterator[None]:
        allow("false")
        try:
            yield
        finally:
            allow("true")

    yield span
    made.dispose()


def test_with_the_database_away_nothing_is_decided_and_then_it_goes_on(
    line: Line, scene: Scene, away: Away
) -> None:
    case = scene.case()
    grant = line.propose(call_form(case), "k-1").json()["grant"]["grant_id"]
    before = line.written(f"case:{case}")
    told = {"outcome": "no_answer", "happened_at": "2026-11-25T12:00:00+08:00", "officer": "o-1"}
    batch = {"contacts": [{"key": f"b-{n}", **call_form(case)} for n in range(2)]}

    def ask_all() -> Iterator[httpx.Response]:
        yield line.propose(call_form(case), "k-2")
        yield line.ask("POST", f"/v1/contacts/{grant}/outcome", json=told)
        yield line.ask("GET", f"/v1/cases/{case}/windows?days=1")

    with away():
        answer = line.ask("POST", "/v1/contacts:batch", json=batch)
        assert [one["status"] for one in answer.json()["results"]] == [503, 503]
        # While the keys are still known, and once they are to be read anew.
        for later in (0, 2):
            scene.clock.move(later)
            for one in ask_all():
                check(one, "store-away")
    scene.clock.move(-2)
    assert line.written(f"case:{case}") == before
    # No connection that was cut is met again.
    assert [one.status_code for one in ask_all()] == [200, 200, 200]
    assert len(line.written(f"case:{case}")) == len(before) + 2
