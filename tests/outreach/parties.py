"""Made-up parties of a message: an opener that counts, a listener, an order."""

from dataclasses import dataclass, field
from typing import Any, Final

from kuanxian.outreach import Handle, Order
from kuanxian.outreach.simulator.server import Asked
from kuanxian.vault.secret import Secret, SecretBytes

NOW: Final = 1_795_600_000_000_000
"""Some instant, microseconds UTC."""
KEY: Final = SecretBytes(b"k" * 32)


@dataclass
class Vault:
    """Opens what is asked of it and counts; a phone is the person's id."""

    opened: list[Handle] = field(default_factory=list)

    def open(self, handle: Handle) -> Secret:
        self.opened.append(handle)
        return Secret(handle.person_id if handle.field == "phone" else f"{handle.field}-made-up")


@dataclass
class Listener:
    """Keeps what is posted to it."""

    url: str = ""
    heard: list[Asked] = field(default_factory=list)


def order(
    number: str = "00000000000", order_id: str = "o-1", text: str = "您好", **more: Any
) -> Order:
    """Make an order to a number; the number is the person's id here."""
    made = Order(order_id, Handle(number, "phone", "notice", "g-1"), text, NOW + 60_000_000)
    return made._replace(**more)
