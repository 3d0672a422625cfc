"""Post: a letter goes into the folder of a print house, and out of it once printed.

The folder is one of the few places where an address stands in the clear. It is readable by
its owner alone, and a letter leaves it when the print house has taken it.
"""

import json
import os
import re
from pathlib import Path
from typing import Final

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.order import Opener, Order, words_of
from kuanxian.outreach.receipt import Receipt, State

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class PostChannel:
    """Puts letters into a print queue."""

    name = "letter"

    def __init__(self, queue: Path):
        """Take a folder, made where it is missing.

        Raises:
            ChannelError: Others than its owner can look into it.
        """
        queue.mkdir(mode=0o700, parents=True, exist_ok=True)
        if queue.stat().st_mode & 0o077:
            raise ChannelError(queue.name, "others can look into the print queue", "chmod 700")
        self._queue = queue

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        """Queue a letter; the same order again is the same letter."""
        if at >= order.expires_at:
            return Receipt(order.order_id, self.name, State.EXPIRED, at, failure="EXPIRED")
        letter = self._letter(order.order_id)
        accepted = Receipt(
            order.order_id, self.name, State.ACCEPTED, at, letter.name, accepted_at=at, attempts=1
        )
        if letter.exists():
            return accepted
        told = {
            "order_id": order.order_id,
            "address": opener(order.to).reveal(),
            "subject": order.subject,
            "text": words_of(order, opener).reveal(),
        }
        draft = letter.with_suffix(".part")
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as stream:
            json.dump(told, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(letter)
        return accepted

    def waiting(self) -> list[str]:
        """List the orders whose letters wait to be printed."""
        return sorted(path.stem for path in self._queue.glob("*.json"))

    def printed(self, order_id: str) -> None:
        """Take a printed letter out of the folder; one that is gone already stays gone."""
        self._letter(order_id).unlink(missing_ok=True)

    def _letter(self, order_id: str) -> Path:
        if not _ID.fullmatch(order_id):
            raise ChannelError("the order", "its id cannot name a file", "A-Z a-z 0-9 _ -")
        return self._queue / f"{order_id}.json"
