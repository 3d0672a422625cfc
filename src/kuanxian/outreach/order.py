"""Orders: what a channel is asked to send, without the number it is sent to."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.receipt import Receipt
from kuanxian.vault.secret import Secret

_SLOT = re.compile(r"\{([a-z_]+)\}")


class Handle(NamedTuple):
    """What a channel exchanges for one value of one person, once."""

    person_id: str
    field: str
    """Such as ``phone``, ``email``, ``address``, ``name``."""
    purpose: str
    grant_id: str


Opener = Callable[[Handle], Secret]
"""Opens a handle. The vault provides it; each opening leaves its mark there."""


class Order(NamedTuple):
    """One message or call to one person by one channel."""

    order_id: str
    """Idempotency key: an order sent twice is one message."""
    to: Handle
    text: str
    """The words, or the script's; slots of sealed values still in braces."""
    expires_at: int
    """Microseconds UTC. Not sent at or after this instant, whatever queued it before."""
    subject: str = ""
    template_hash: str = ""
    sealed: Mapping[str, Handle] = MappingProxyType({})
    """Slots that the channel fills."""

    def left_seconds(self, at: int) -> int:
        """Say how many whole seconds are left at an instant, microseconds UTC."""
        return max(0, (self.expires_at - at) // 1_000_000)


class Channel(Protocol):
    """What carries an order out."""

    name: str

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        """Send an order.

        Args:
            order: What to send.
            opener: Opens the order's handles.
            at: Now, microseconds UTC.

        Returns:
            What the provider answered. An order that has expired is not sent and opens
            nothing.
        """
        ...


def words_of(order: Order, opener: Opener) -> Secret:
    """Fill the sealed slots of an order's text.

    Raises:
        ChannelError: A slot has no handle, or a handle no slot.
    """
    used = set(_SLOT.findall(order.text))
    if used != set(order.sealed):
        raise ChannelError("the order", "its slots are not the slots that have handles")
    opened = {slot: opener(handle).reveal() for slot, handle in order.sealed.items()}
    return Secret(_SLOT.sub(lambda slot: opened[slot.group(1)], order.text))
