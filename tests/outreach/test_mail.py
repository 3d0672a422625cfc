"""E-mail through a real SMTP server on loopback."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.outreach.parties import NOW, Vault, order

from kuanxian.base.errors import ChannelError
from kuanxian.outreach import Handle, Opener, State
from kuanxian.outreach.mail import MailChannel


class Postmaster:
    """Keeps what it takes; refuses whoever is named refused, and breaks when told to."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = "250 OK"
        self.farewell = "221 Bye"

    async def handle_QUIT(  # noqa: N802 - its name there
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return self.farewell

    async def handle_RCPT(  # noqa: N802 - its name there
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address.startswith("refused"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - its name there
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(envelope.content)
        return self.answer


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@pytest.fixture
def port(postmaster: Postmaster) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    controller = Controller(postmaster, hostname="127.0.0.1", port=number)
    controller.start()
    yield number
    controller.stop()


def channel(port: int, **more: Any) -> MailChannel:
    told = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "service@lender.invalid",
        "starttls": False,
    }
    return MailChannel({**told, **more}, {})


def to(address: str) -> Handle:
    return Handle(address, "phone", "notice", "g-1")


def test_a_message_arrives_as_it_was_written(
    port: int, postmaster: Postmaster, opener: Opener
) -> None:
    sent = order(to=to("someone@example.invalid"), subject="还款提醒", text="您好，应还1,234.56元")
    receipt = channel(port).send(sent, opener, NOW)
    assert receipt.state is State.ACCEPTED
    assert receipt.delivered_at is None
    message = message_from_bytes(postmaster.taken[0], policy=default)
    assert message["subject"] == "还款提醒"
    assert message["message-id"] == "<o-1@lender.invalid>" == receipt.provider_id
    assert message.get_content().strip() == "您好，应还1,234.56元"


def test_a_refused_mailbox_is_a_failure_with_its_code_alone(port: int, opener: Opener) -> None:
    receipt = channel(port).send(order(to=to("refused@example.invalid")), opener, NOW)
    assert (receipt.state, receipt.failure) == (State.FAILED, "SMTP 550")
    assert "refused@" not in str(receipt)


def test_a_server_that_breaks_is_a_failure(
    port: int, postmaster: Postmaster, opener: Opener
) -> None:
    postmaster.answer = "451 try later"
    receipt = channel(port).send(order(to=to("a@example.invalid")), opener, NOW)
    assert (receipt.state, receipt.failure) == (State.FAILED, "SMTP 451")


@pytest.mark.parametrize("farewell", ["421 too many connections", "250 OK"])
def test_a_server_that_took_a_message_has_it_however_it_takes_leave(
    port: int, postmaster: Postmaster, opener: Opener, farewell: str
) -> None:
    postmaster.farewell = farewell
    receipt = channel(port).send(order(to=to("a@example.invalid")), opener, NOW)
    assert (receipt.state, receipt.provider_id) == (State.ACCEPTED, "<o-1@lender.invalid>")
    assert len(postmaster.taken) == 1


def test_no_server_is_a_failure(opener: Opener, port: int, postmaster: Postmaster) -> None:
    receipt = channel(1).send(order(to=to("a@example.invalid")), opener, NOW)
    assert (receipt.state, receipt.failure) == (State.FAILED, "NO CONNECTION")


def test_a_server_without_encryption_gets_nothing(
    port: int, postmaster: Postmaster, opener: Opener
) -> None:
    receipt = channel(port, starttls=True).send(order(to=to("a@example.invalid")), opener, NOW)
    assert receipt.state is State.FAILED
    assert postmaster.taken == []


def test_an_expired_order_is_not_sent(port: int, opener: Opener, vault: Vault) -> None:
    assert channel(port).send(order(expires_at=NOW), opener, NOW).state is State.EXPIRED
    assert vault.opened == []


def test_a_header_cannot_be_smuggled_in(port: int, opener: Opener) -> None:
    with pytest.raises(ChannelError, match="cannot stand"):
        channel(port).send(order(order_id="o\r\nBcc: x@example.invalid"), opener, NOW)
    with pytest.raises(ValueError, match=r"newline|linefeed|return"):
        channel(port).send(order(subject="a\r\nBcc: x@example.invalid"), opener, NOW)


def test_mail_in_the_clear_goes_to_this_machine_alone() -> None:
    with pytest.raises(ChannelError, match="in the clear"):
        channel(25, host="mail.example.invalid")


def test_a_password_comes_from_the_environment() -> None:
    with pytest.raises(ChannelError, match="MAIL_PASSWORD is not set"):
        channel(25, password_variable="MAIL_PASSWORD")
