"""Mail reports: what a mail server writes back of an e-mail (RFC 3464).

``delivered`` means that the server of the borrower's mailbox put it there. ``relayed`` and
``expanded`` mean that nobody will ever know, and ``delayed`` that it is still under way: they
say nothing, like a receipt for reading, which anybody's program may send.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import Final

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.receipt import Report, State
from kuanxian.outreach.wire import id_of

BYTES_MAX: Final = 1_048_576
_STATES: Final = {"delivered": State.DELIVERED, "failed": State.FAILED}
_STATUS: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
"""What stands behind it are words, which may hold the address."""
_SILENT: Final = ("delayed", "relayed", "expanded")


def read_mail_report(raw: bytes) -> Report | None:
    """Read a delivery status notification.

    Args:
        raw: The message as it came. It is not quoted: it holds the address.

    Returns:
        None where it says nothing of whether it arrived.

    Raises:
        ChannelError: It is no such notification, of several recipients, or without the id of
            the message it is about.
    """
    if len(raw) > BYTES_MAX:
        raise _error("longer than it can be")
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    if (message.get_content_type(), message.get_param("report-type")) != (
        "multipart/report",
        "delivery-status",
    ):
        raise _error("it is no delivery status notification")
    about = [found for part in message.walk() for found in _id_of(part)]
    told = [one for part in message.walk() for one in _recipients(part)]
    if len(set(about)) != 1 or len(told) != 1:
        raise _error("it is not about one message to one recipient")
    action = str(told[0].get("Action", "")).strip().lower()
    if action in _SILENT:
        return None
    if action not in _STATES:
        raise _error("its action is unknown")
    status = _STATUS.match(str(told[0].get("Status", "")).strip())
    failure = f"SMTP {status[0] if status else ''}".strip() if action == "failed" else ""
    # A message's id is made of its order's; see ``mail``.
    order_id = id_of(about[0].removeprefix("<").partition("@")[0])
    return Report(id_of(about[0]), _STATES[action], _instant(message), failure, order_id)


def _recipients(part: Message) -> Iterator[Message]:
    """List what is said of each recipient; the first block is of the message."""
    if part.get_content_type() == "message/delivery-status":
        blocks = part.get_payload()
        if isinstance(blocks, list):
            yield from (one for one in blocks if isinstance(one, Message) and one.get("Action"))


def _id_of(part: Message) -> Iterator[str]:
    """Find the id of the message that came back, whole or its head alone."""
    kind, payload = part.get_content_type(), part.get_payload()
    head: Message
    if kind == "message/rfc822" and isinstance(payload, list) and isinstance(payload[0], Message):
        head = payload[0]
    elif kind == "text/rfc822-headers" and isinstance(payload, str):
        head = message_from_bytes(payload.encode(), policy=policy.default)
    else:
        return
    found = str(head.get("Message-ID", "")).strip()
    if found:
        yield found


def _instant(message: Message) -> int:
    try:
        read = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        raise _error("no instant in it") from None
    since = (read if read.tzinfo else read.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000


def _error(reason: str) -> ChannelError:
    return ChannelError("the mail report", reason, "see docs/reference/channels.md")
