"""Kept: cases read before, so that only what is new of them is read again.

What is kept may be behind its stream and never ahead of it: only what has been committed is
put here, and whoever writes by it is told where it has moved.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from kuanxian.action.contact.casebook import Known

CASES_KEPT: Final = 20_000
"""The case that was not asked for longest is forgotten first."""


class Kept:
    """Cases by their ids; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()

    def get(self, case_id: str) -> Known | None:
        """Find a case."""
        with self._lock:
            known = self._known.get(case_id)
            if known is not None:
                self._known.move_to_end(case_id)
            return known

    def put(self, case_id: str, known: Known) -> None:
        """Keep a case."""
        with self._lock:
            self._known[case_id] = known
            self._known.move_to_end(case_id)
            if len(self._known) > CASES_KEPT:
                self._known.popitem(last=False)
