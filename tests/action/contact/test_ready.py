"""A server that goes on deciding is made ready before it is asked."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.action.contact.scene import Scene

from kuanxian.action.contact.ready import make_ready
from kuanxian.base.calendar import mainland
from kuanxian.law.ask import day_of_act
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import Scope, scope_of


@pytest.fixture
def collector() -> Iterator[None]:
    """Leave the garbage collector of this process as it was."""
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_the_rules_of_today_are_compiled_and_never_collected(scene: Scene) -> None:
    gate = scene.gate
    gate.book.scopes.clear()
    mainland.cache_clear()
    make_ready(gate)
    assert mainland.cache_info().currsize == 1
    compiled = dict(gate.book.scopes)
    assert gate.propose(scene.call(scene.case())).allowed
    scene.gate.propose(scene.sms(scene.case()))
    assert gate.book.scopes == compiled
    assert not any(one is gate.book for one in gc.get_objects())
    assert gc.isenabled()


def test_threads_that_ask_at_once_get_one_scope(book: Rulebook, scene: Scene) -> None:
    day_on = day_of_act(book, scene.clock.now)
    start = Barrier(8)

    def ask(_: int) -> Scope:
        start.wait()
        return scope_of(book, "contact", day_on, "trust")

    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            book.scopes.clear()
            found = list(pool.map(ask, range(8)))
            assert all(one is found[0] for one in found)
