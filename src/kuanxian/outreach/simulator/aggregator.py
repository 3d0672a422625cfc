"""Aggregator: takes text messages and reports what became of them.

By the last digit of the number: 1 fails later · 2 is refused at once · 3 reports twice ·
4 reports failure, then a delivery that happened before · 5 is busy once, then takes it ·
6 hangs up after taking it · 7 never reports · 8 delivers, then takes it back · any other
digit delivers.
"""

import json
import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import httpx

from kuanxian.outreach.simulator.server import Asked, Said, Server

SECOND_US = 1_000_000


class Aggregator:
    """A made-up aggregator on loopback."""

    def __init__(
        self, report_url: str, clock: Callable[[], int], port: int = 0, report_key: str = ""
    ):
        """Start it.

        Args:
            report_url: Where status reports are posted.
            clock: Now, microseconds UTC.
            port: Where to listen; 0 takes a free port.
            report_key: The API key to report with; empty: without one.
        """
        self._report_url = report_url
        self._headers = {"authorization": f"Bearer {report_key}"} if report_key else {}
        self._clock = clock
        self._lock = threading.Lock()
        self._ids: dict[str, str] = {}
        self._busy: set[str] = set()
        self._owed: list[dict[str, Any]] = []
        self._server = Server(self._answer, port)
        self.url = self._server.url

    @property
    def taken(self) -> int:
        """How many different orders it took."""
        return len(self._ids)

    def _answer(self, asked: Asked) -> Said:
        told = json.loads(asked.body)
        order_id, digit = told["order_id"], told["mobile"][-1]
        with self._lock:
            if digit == "2":
                return Said(200, {"code": "1", "msg": "refused"})
            if digit == "5" and order_id not in self._busy:
                self._busy.add(order_id)
                return Said(503, {})
            if order_id not in self._ids:
                # As with a real one, an id is never given twice, restarted or not.
                self._ids[order_id] = f"m-{sha256(order_id.encode()).hexdigest()[:20]}"
                self._owe(order_id, digit)
                if digit == "6":
                    return Said(0, None)
            return Said(200, {"code": "0", "data": {"msgid": self._ids[order_id]}})

    def _owe(self, order_id: str, digit: str) -> None:
        now = self._clock()
        of = {"msgid": self._ids[order_id], "order": order_id}
        there = {**of, "status": "DELIVRD", "time": (now + SECOND_US) // 1_000}
        lost = {**of, "status": "UNDELIV", "time": (now + 2 * SECOND_US) // 1_000}
        owed = {"1": [lost], "3": [there, there], "4": [lost, there], "7": [], "8": [there, lost]}
        self._owed += owed.get(digit, [there])

    def report(self) -> int:
        """Post every report it owes; return how many were taken."""
        with self._lock:
            owed, self._owed = self._owed, []
        with httpx.Client(timeout=5, trust_env=False, headers=self._headers) as client:
            return sum(client.post(self._report_url, json=one).is_success for one in owed)

    def close(self) -> None:
        """Stop it."""
        self._server.close()
