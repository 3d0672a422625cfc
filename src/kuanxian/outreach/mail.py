"""Mail: SMTP. A server that takes a message has accepted it, and that is not delivery.

Where the server can, it is asked to report what becomes of it; ``mail_report`` reads that.
"""

import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from email.message import EmailMessage
from typing import Any, Final

from kuanxian.base.errors import ChannelError
from kuanxian.outreach.config import Table
from kuanxian.outreach.order import Opener, Order, words_of
from kuanxian.outreach.receipt import Receipt, State

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")


class MailChannel:
    """Sends e-mail."""

    name = "email"

    def __init__(self, told: Mapping[str, Any], environment: Mapping[str, str]):
        """Read the channel's table.

        Args:
            told: The table ``[email]`` of a channel file.
            environment: Where the password is looked up.

        Raises:
            ChannelError: The table cannot be used, or would send in the clear.
        """
        table = Table("email", told)
        self._host = table.text("host")
        self._port = table.count("port", 587)
        self._sender = table.text("sender")
        self._timeout_seconds = table.count("timeout_seconds", 10)
        self._user = table.text("user", "")
        password = table.text("password_variable", "")
        self._encrypted = bool(table.take("starttls", bool, True))
        table.done()
        if password and password not in environment:
            raise ChannelError("email", f"{password} is not set", "set it")
        self._password = environment.get(password, "") if password else ""
        if not self._encrypted and self._host not in _LOOPBACK:
            raise ChannelError("email", "starttls = false would send in the clear", "only loopback")

    def send(self, order: Order, opener: Opener, at: int) -> Receipt:
        """Send an e-mail. See `kuanxian.outreach.order.Channel`."""
        if at >= order.expires_at:
            return Receipt(order.order_id, self.name, State.EXPIRED, at, failure="EXPIRED")
        if not _ID.fullmatch(order.order_id):
            raise ChannelError("the order", "its id cannot stand in a message id", "A-Z 0-9 . _ -")
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = opener(order.to).reveal()
        message["Subject"] = order.subject
        message["Message-ID"] = f"<{order.order_id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words_of(order, opener).reveal())
        state, failure = self._hand_over(message)
        accepted = state is State.ACCEPTED
        return Receipt(
            order.order_id, self.name, state, at,
            provider_id=str(message["Message-ID"]) if accepted else "",
            accepted_at=at if accepted else None, failure=failure, attempts=1,
        )  # fmt: skip

    def _hand_over(self, message: EmailMessage) -> tuple[State, str]:
        """Hand a message to the server; the failure is its code alone, never its words."""
        try:
            made = smtplib.SMTP(self._host, self._port, timeout=self._timeout_seconds)
            with closing(made) as server:
                if self._encrypted:
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    server.login(self._user, self._password)
                server.ehlo_or_helo_if_needed()
                asks = server.has_extn("dsn")
                server.send_message(
                    message,
                    mail_options=["RET=HDRS"] if asks else [],
                    rcpt_options=["NOTIFY=SUCCESS,FAILURE"] if asks else [],
                )
                # It has the message: how it takes leave changes nothing.
                with suppress(smtplib.SMTPException):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            return State.FAILED, f"SMTP {next(iter(error.recipients.values()))[0]}"
        except smtplib.SMTPResponseException as error:
            return State.FAILED, f"SMTP {error.smtp_code}"
        except smtplib.SMTPServerDisconnected:
            return State.UNCERTAIN, "DISCONNECTED"
        except (smtplib.SMTPException, ssl.SSLError):
            return State.FAILED, "SMTP"
        except TimeoutError:
            return State.UNCERTAIN, "TIMEOUT"
        except OSError:
            return State.FAILED, "NO CONNECTION"
        return State.ACCEPTED, ""
