"""Limiter: how many requests a key has, a minute at a time; no key's waste is another's want."""

from threading import Lock
from typing import Final, NamedTuple

MINUTE_US: Final = 60_000_000
NAMES_MAX: Final = 10_000
"""Keys remembered at once; the names are ours, so there are no more than keys."""


class Taken(NamedTuple):
    """Whether a request may go on."""

    allowed: bool
    retry_after_seconds: int
    first: bool
    """The first one refused in this span: the one that is written down."""


class Limiter:
    """Counts requests; safe to use from many threads.

    A key has a store that holds a minute's worth and fills evenly.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._stores: dict[str, tuple[int, int, bool]] = {}

    def take(self, name: str, per_minute: int, at: int, count: int = 1) -> Taken:
        """Take requests out of a key's store.

        Args:
            name: Whose.
            per_minute: How many it has a minute, at least 1.
            at: Now, microseconds UTC.
            count: How many to take, at most ``per_minute``.

        Example:
            >>> limiter = Limiter()
            >>> [limiter.take("k", 1, at).allowed for at in (0, 1, MINUTE_US)]
            [True, False, True]
        """
        cost = count * MINUTE_US
        full = per_minute * MINUTE_US
        with self._lock:
            held, since, refused = self._stores.get(name, (full, at, False))
            held = min(full, held + max(0, at - since) * per_minute)
            allowed = held >= cost
            self._stores[name] = (held - cost if allowed else held, max(at, since), not allowed)
            if len(self._stores) > NAMES_MAX:
                self._stores.clear()
        wait_us = 0 if allowed else -(-(cost - held) // per_minute)
        return Taken(allowed, -(-wait_us // 1_000_000), not allowed and not refused)
