"""What several threads ask at once is asked in one go, and each is told its own."""

from concurrent.futures import ThreadPoolExecutor
from operator import eq
from threading import Event

import pytest
import sqlalchemy as sa
from tests.action.contact.conftest import Stage
from tests.action.contact.scene import Scene

from kuanxian.action.contact.gate import LOCKS
from kuanxian.action.contact.together import GROUP_MAX, Together
from kuanxian.base.errors import ProposalError
from kuanxian.store.place import ADMIN

WAIT_SECONDS = 30


class Asked:
    """Answers numbers with the next; the first group waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.let_go = Event(), Event()

    def __call__(self, numbers: list[int]) -> list[int | None]:
        self.groups.append(numbers)
        if len(self.groups) == 1:
            self.begun.set()
            assert self.let_go.wait(WAIT_SECONDS)
        if -1 in numbers:
            raise ValueError("one of them")
        return [number + 1 for number in numbers]


def asked_at_once(asked: Asked, numbers: list[int]) -> list[int | None]:
    """Ask 0, and the others while that one is under way; give what each was told."""
    together = Together(asked)
    with ThreadPoolExecutor(len(numbers) + 1) as pool:
        first = pool.submit(together, 0)
        assert asked.begun.wait(WAIT_SECONDS)
        others = [pool.submit(together, number) for number in numbers]
        while len(together._waiting) < len(numbers):
            Event().wait(0.001)
        asked.let_go.set()
        return [one.result(WAIT_SECONDS) for one in (first, *others)]


def test_who_comes_meanwhile_goes_together_and_is_told_its_own() -> None:
    asked = Asked()
    numbers = list(range(1, GROUP_MAX + 3))
    assert asked_at_once(asked, numbers) == [number + 1 for number in (0, *numbers)]
    assert [len(group) for group in asked.groups] == [1, GROUP_MAX, 2]


def test_where_one_of_a_group_fails_each_is_to_go_alone() -> None:
    asked = Asked()
    assert asked_at_once(asked, [1, -1, 2]) == [1, None, None, None]
    assert Together(asked)(7) == 8


BUCKET = sa.text("SELECT hashtext('case:' || :case) & 1023")


def test_who_holds_one_case_keeps_nobody_from_another(scene: Scene) -> None:
    def places(case: str) -> tuple[int, int]:
        with scene.gate.app.connect() as connection:
            return hash(case) % LOCKS, connection.scalar(BUCKET, {"case": case}) or 0

    held, other = scene.case(), scene.case()
    while any(map(eq, places(held), places(other))):
        other = scene.case()
    with ThreadPoolExecutor(2) as pool:
        with scene.gate.held(held):
            waiting = pool.submit(scene.gate.propose, scene.call(held))
            assert pool.submit(scene.gate.propose, scene.call(other)).result(WAIT_SECONDS).allowed
            assert not waiting.done()
        assert waiting.result(WAIT_SECONDS).allowed


WRITTEN = sa.text(
    "SELECT stream, xmin::text FROM journal.entry WHERE kind = 'contact.decided' "
    "AND stream = ANY(:streams)"
)


def test_what_is_decided_at_once_is_written_in_fewer_transactions(scene: Scene) -> None:
    cases = [scene.case() for _ in range(24)]
    with ThreadPoolExecutor(len(cases)) as pool:
        answers = list(pool.map(lambda case: scene.gate.propose(scene.call(case)), cases))
    assert len({answer.grant.opening for answer in answers if answer.grant}) == len(cases)
    with scene.gate.app.connect() as connection:
        rows = connection.execute(WRITTEN, {"streams": [f"case:{case}" for case in cases]}).all()
    assert len({stream for stream, _ in rows}) == len(rows) == len(cases)
    assert len({transaction for _, transaction in rows}) < len(cases)


def test_one_that_the_vault_refuses_is_refused_alone(stage: Stage, scene: Scene) -> None:
    freeze = sa.text("INSERT INTO vault.frozen_actor (actor, reason) VALUES ('officer-y', 'test')")
    with stage.database.engine(ADMIN).begin() as connection:
        connection.execute(freeze)
    good, bad = [scene.case() for _ in range(8)], [scene.case() for _ in range(4)]
    with ThreadPoolExecutor(12) as pool:
        refused = [pool.submit(scene.gate.propose, scene.call(case, officer="officer-y"))
                   for case in bad]  # fmt: skip
        assert all(pool.map(lambda case: scene.gate.propose(scene.call(case)).allowed, good))
        for one in refused:
            with pytest.raises(ProposalError, match="frozen_actor"):
                one.result(WAIT_SECONDS)
    with scene.gate.app.connect() as connection:
        rows = connection.execute(WRITTEN, {"streams": [f"case:{case}" for case in bad]}).all()
    assert rows == []
