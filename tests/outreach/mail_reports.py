"""Delivery status notifications, written as mail servers write them."""

from email.utils import formatdate


def bounce(message_id: str, action: str, at: int, recipients: int = 1) -> bytes:
    """Write a report on one e-mail; ``at`` is microseconds UTC."""
    status = "2.0.0" if action != "failed" else "5.1.1"
    blocks = "".join(
        f"Final-Recipient: rfc822; someone{number}@example.invalid\nAction: {action}\n"
        f"Status: {status}\n\n"
        for number in range(recipients)
    )
    told = (
        "From: MAILER-DAEMON@example.invalid\nTo: s@lender.invalid\nSubject: Delivery report\n"
        f"Date: {formatdate(at // 1_000_000)}\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
        "--x\nContent-Type: text/plain\n\nThis is a report.\n"
        "--x\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example.invalid\n\n{blocks}"
        "--x\nContent-Type: text/rfc822-headers\n\n"
        f"Message-ID: {message_id}\nTo: someone@example.invalid\n\n--x--\n"
    )
    return told.replace("\n", "\r\n").encode()
