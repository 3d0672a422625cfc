"""Kept: cases and parties read before, so that only what is new of them is read again.

What is kept may be behind its stream and never ahead of it: only what has been committed is
put here, and whoever writes by it is told where it has moved.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from kuanxian.action.contact.casebook import Known, PartyFacts, party_streams

CASES_KEPT: Final = 20_000
"""The case that was not asked for longest is forgotten first."""
PARTIES_KEPT: Final = 20_000
"""Agencies and collectors; where there are more, all are read anew."""


class Kept:
    """Cases and parties by their ids; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._parties: dict[str, PartyFacts] = {}

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
            if len(self._parties) > PARTIES_KEPT:
                self._parties = {}
            for party_id, name in party_streams(known.file.case).items():
                facts = known.parties[party_id]
                if facts.version >= self._parties.get(name, facts).version:
                    self._parties[name] = facts

    def parties(self) -> dict[str, PartyFacts]:
        """Give the parties of every case that was read, by their streams, as each stood last."""
        return self._parties
