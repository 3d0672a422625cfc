"""Together: what several threads ask at once goes to the database in one go.

A round trip and a commit cost more than what is in them. So whoever comes while nobody is
under way goes at once; whoever comes meanwhile waits, and goes with all who wait when the
first is back. Nobody waits for more to come.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")

GROUP_MAX: Final = 32


class _Turn(Generic[Asked, Told]):
    """One who asks."""

    __slots__ = ("_waits", "asked", "leads", "told")

    def __init__(self, asked: Asked, leads: bool) -> None:
        self.asked = asked
        self.leads = leads
        self.told: Told | None = None
        self._waits = Lock()
        self._waits.acquire()

    def wait(self) -> None:
        """Wait to be answered, or to lead the next group."""
        self._waits.acquire()

    def wake(self) -> None:
        """End the waiting."""
        self._waits.release()


class Together(Generic[Asked, Told]):
    """Asks for many threads.

    Example:
        >>> Together(lambda numbers: [number + 1 for number in numbers])(1)
        2
    """

    def __init__(self, ask: Callable[[list[Asked]], Sequence[Told | None]]) -> None:
        """Make one for a process.

        Args:
            ask: Asks for a group, and gives what each is told, in their order.
        """
        self._ask = ask
        self._lock = Lock()
        self._waiting: list[_Turn[Asked, Told]] = []
        self._under_way = False

    def __call__(self, asked: Asked) -> Told | None:
        """Ask; None where it could not be told among others, and is to be asked alone."""
        with self._lock:
            turn: _Turn[Asked, Told] = _Turn(asked, not self._under_way)
            self._waiting.append(turn)
            self._under_way = True
        if not turn.leads:
            turn.wait()
        if turn.leads:
            self._lead()
        return turn.told

    def _lead(self) -> None:
        """Ask for all who wait, then let the next who came lead on."""
        with self._lock:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
        try:
            for turn, told in zip(group, self._ask([one.asked for one in group]), strict=True):
                turn.told = told
        except Exception:  # noqa: BLE001 - whose fault it was shows where each asks alone
            for turn in group:
                turn.told = None
        finally:
            self._go_on(group)

    def _go_on(self, group: list[_Turn[Asked, Told]]) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._under_way = following is not None
        if following is not None:
            following.leads = True
            following.wake()
        for turn in group[1:]:
            turn.wake()
