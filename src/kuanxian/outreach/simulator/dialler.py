"""Dialler: takes calls, checks who asks, and says what became of them.

By the last digit of the number: 1 no answer · 2 busy · 3 dead number · 4 somebody else
answers · 5 asks to stop · 6 signs of distress · 7 disputes the debt · 8 said to have died ·
9 hangs up on the request · any other digit: connected and confirmed.
"""

import json
import threading
from collections.abc import Callable

import httpx

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.sign import HEADER, sign, verify
from kuanxian.outreach.simulator.server import Asked, Said, Server
from kuanxian.outreach.voice import Outcome
from kuanxian.vault.secret import SecretBytes

_BECAME = {
    "1": Outcome.NO_ANSWER,
    "2": Outcome.BUSY,
    "3": Outcome.DEAD,
    "4": Outcome.OTHER,
    "5": Outcome.STOP,
    "6": Outcome.DISTRESS,
    "7": Outcome.DISPUTES,
    "8": Outcome.DECEASED,
}


class Dialler:
    """A made-up dialler on loopback."""

    def __init__(
        self, outcome_url: str, key: SecretBytes, clock: Callable[[], int], port: int = 0,
        report_key: str = "",
    ):  # fmt: skip
        """Start it.

        Args:
            outcome_url: Where outcomes are posted.
            key: Shared with the channel.
            clock: Now, microseconds UTC.
            port: Where to listen; 0 takes a free port.
            report_key: The API key to report with; empty: without one.
        """
        self._headers = {"authorization": f"Bearer {report_key}"} if report_key else {}
        self._outcome_url = outcome_url
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[str, tuple[str, Outcome, int]] = {}
        self._server = Server(self._answer, port)
        self.url = self._server.url

    @property
    def taken(self) -> int:
        """How many different calls it took."""
        return len(self._calls)

    def _answer(self, asked: Asked) -> Said:
        now = self._clock()
        try:
            verify(asked.body, self._key, asked.headers.get(HEADER, ""), now // 1_000_000)
        except ChannelError:
            return Said(401, {})
        told = json.loads(asked.body)
        order_id, digit = told["order_id"], told["number"][-1]
        if now >= told["dial_before_us"]:
            return Said(410, {})
        with self._lock:
            new = order_id not in self._calls
            if new:
                became = _BECAME.get(digit, Outcome.CONFIRMED)
                self._calls[order_id] = (f"c-{len(self._calls) + 1}", became, now)
            if new and digit == "9":
                return Said(0, None)
            return Said(202, {"call_id": self._calls[order_id][0]})

    def report(self) -> int:
        """Post the outcome of every call; return how many were taken."""
        now = self._clock()
        with self._lock:
            calls = list(self._calls.items())
        with httpx.Client(timeout=5, trust_env=False, headers=self._headers) as client:
            return sum(self._post(client, now, *call) for call in calls)

    def _post(
        self, client: httpx.Client, now: int, order_id: str, call: tuple[str, Outcome, int]
    ) -> bool:
        call_id, became, at = call
        told = {"order_id": order_id, "call_id": call_id, "outcome": became, "happened_at_us": at}
        body = json.dumps(told, sort_keys=True).encode()
        headers = {"content-type": "application/json",
                   HEADER: sign(body, self._key, now // 1_000_000)}  # fmt: skip
        return client.post(self._outcome_url, content=body, headers=headers).is_success

    def close(self) -> None:
        """Stop it."""
        self._server.close()
