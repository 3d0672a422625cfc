"""Receipts: what a provider answered, and what it reported later.

A receipt holds no number and no words, so its hash can be kept and shown. Reports may come
twice, late and in any order: each is judged by the instant the provider gives it.
"""

import hashlib
import json
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How far an order has come."""

    ACCEPTED = "accepted"
    """The provider took it. That is not delivery."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Refused, or accepted and not delivered."""
    UNCERTAIN = "uncertain"
    """It may have gone out; nobody knows. It counts as an attempt, never as a delivery."""
    EXPIRED = "expired"
    """Its window had closed; nothing was sent and nothing opened."""


class Receipt(NamedTuple):
    """How far one order has come."""

    order_id: str
    channel: str
    state: State
    at: int
    """The instant of the state, microseconds UTC."""
    provider_id: str = ""
    accepted_at: int | None = None
    delivered_at: int | None = None
    failure: str = ""
    """The provider's code of failure, or ours."""
    attempts: int = 0
    """How often the provider was asked."""

    @property
    def hash(self) -> str:
        """SHA-256 over the receipt's canonical bytes."""
        told = json.dumps(self._asdict(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def opened_again(self) -> bool:
        """Whether what it was to do is undone: a notice must be given another way."""
        return self.state in {State.FAILED, State.EXPIRED}


class Report(NamedTuple):
    """What a provider says later of something it accepted."""

    provider_id: str
    state: State
    """DELIVERED or FAILED."""
    at: int
    failure: str = ""
    order_id: str = ""
    """Of the order it is of, where the provider says that too; empty: it does not."""


def update(receipt: Receipt, report: Report) -> Receipt:
    """Take a report into a receipt.

    A report of an earlier instant than the state's changes nothing, and neither does the
    same report again. Of two reports of one instant failure stands: a delivery in doubt is
    none.

    Example:
        >>> sent = Receipt("o-1", "sms", State.ACCEPTED, 10, "m-1", accepted_at=10)
        >>> there = update(sent, Report("m-1", State.DELIVERED, 12))
        >>> update(there, Report("m-1", State.FAILED, 11)) == there
        True
        >>> update(there, Report("m-1", State.FAILED, 15, "UNDELIV")).opened_again
        True
    """
    if report.provider_id != receipt.provider_id or receipt.state is State.EXPIRED:
        return receipt
    final = receipt.state in {State.DELIVERED, State.FAILED}
    older = report.at < receipt.at
    same = report.at == receipt.at and not (
        receipt.state is State.DELIVERED and report.state is State.FAILED
    )
    if final and (older or same):
        return receipt
    delivered = report.state is State.DELIVERED
    return receipt._replace(
        state=report.state,
        at=max(report.at, receipt.at) if not final else report.at,
        delivered_at=report.at if delivered else None,
        failure="" if delivered else report.failure or "FAILED",
    )
