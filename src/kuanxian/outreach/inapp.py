"""In-app: a message laid where the borrower's own pages find it. No number is opened."""

from collections.abc import Callable
from typing import NamedTuple

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.order import Opener, Order
from kuanxian.outreach.receipt import Receipt, State


class Laid(NamedTuple):
    """A message for the borrower's pages."""

    order_id: str
    person_id: str
    subject: str
    text: str
    laid_at: int
    """Microseconds UTC."""


class InAppChannel:
    """Lays messages for the borrower's pages."""

    name = "in_app"

    def __init__(self, lay: Callable[[Laid], None] | None = None):
        """Take what keeps messages; it must keep one order once.

        None: the case's own record keeps them, for the decision holds the words of a template.
        """
        self._lay = lay

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:  # noqa: ARG002 - opens nothing
        """Lay a message; it is delivered once the borrower opens it, and not before."""
        if at >= order.expires_at:
            return Receipt(order.order_id, self.name, State.EXPIRED, at, failure="EXPIRED")
        if order.sealed:
            raise ChannelError("the order", "an in-app message has no sealed slots", "reword it")
        if self._lay is None and not order.template_hash:
            raise ChannelError("the order", "no record keeps free text", "use a template")
        if self._lay is not None:
            self._lay(Laid(order.order_id, order.to.person_id, order.subject, order.text, at))
        return Receipt(
            order.order_id, self.name, State.ACCEPTED, at, order.order_id, accepted_at=at,
            attempts=1,
        )  # fmt: skip
