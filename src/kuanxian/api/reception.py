"""Reception: what every request needs, and the entry that is written when one is refused."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.action.contact import Gate
from kuanxian.api.keyring import Keyring
from kuanxian.api.limiter import Limiter
from kuanxian.api.problem import Problem
from kuanxian.base.personal import holds_number
from kuanxian.journal import canonical
from kuanxian.journal.append import append
from kuanxian.journal.entry import EPOCH, Draft
from kuanxian.outreach.receipt import Report
from kuanxian.outreach.voice import CallOutcome

NOBODY: Final = "unknown"
"""The id under which requests without a known key are written and counted."""
NOBODY_PER_MINUTE: Final = 600
"""So many a minute from all who have no good key; nobody fills the journal from outside."""


ReadReport = Callable[[bytes, str, int], Report | CallOutcome]
"""Reads a provider's report, or a dialler's: as posted, its signature, now in microseconds UTC."""


class Reception:
    """The gate, its keys and its limits, and how providers' reports are read."""

    def __init__(
        self,
        gate: Gate,
        keyring: Keyring,
        nonce: str,
        reports: Mapping[str, ReadReport] = MappingProxyType({}),
    ) -> None:
        """Make one for a process.

        Args:
            gate: The door.
            keyring: Who may come.
            nonce: A random word of this process, so that its entries have names of their own.
            reports: How the reports of a channel are read; of one that is not there none is
                taken in.
        """
        self.reports = reports
        self.gate = gate
        self.keyring = keyring
        self.limiter = Limiter()
        self.clock: Callable[[], int] = gate.clock
        self._nonce = nonce
        self._numbers = count(1)

    def write_refusal(self, key_id: str, route: str, problem: Problem, case_id: str = "") -> None:
        """Write down that a request was refused before the gate decided on it.

        What was sent is not in it, nor the name of a case that looks like somebody's number.
        A database that is away is no reason to answer otherwise.
        """
        case_id = "" if holds_number(case_id) else case_id
        body = {"code": problem.code, "why": problem.why, "field": problem.field, "case": case_id}
        self.write(key_id, "api.refused", {"route": route, **body})

    def write(self, key_id: str, kind: str, body: dict[str, Any]) -> None:
        """Write an entry about a request into the key's stream."""
        at = self.clock()
        moment = EPOCH + timedelta(microseconds=at)
        named = key_id or NOBODY
        draft = Draft(
            stream=f"api:{named}",
            kind=kind,
            business_on=moment.date(),
            happened_at=moment,
            actor=f"api:{named}",
            body=canonical.encode({key: value for key, value in body.items() if value != ""}),
            idempotency_key=f"api:{self._nonce}:{next(self._numbers)}",
        )
        try:
            with self.gate.app.begin() as connection:
                append(connection, [draft])
        except (sa.exc.OperationalError, sa.exc.TimeoutError):
            return
