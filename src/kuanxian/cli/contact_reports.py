"""``kuanxian contact heard`` and ``arrived``: what became of a notice after it was sent."""

import hashlib
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.gate_place import AsJson, opened_gate, print_json, read_clock

if TYPE_CHECKING:
    from kuanxian.outreach.notices import Heard
    from kuanxian.outreach.receipt import Report
    from kuanxian.outreach.voice import CallOutcome

CHANNEL_HELP = (
    "sms: a status report as JSON; email: a delivery notification as it came; "
    "voice: what a dialler says became of a call."
)
CHANNELS_HELP = "The channel file, whose [sms.report] or [voice] says how a report is read."
SIGNATURE_HELP = "The header kuanxian-signature that came with it; of voice."
WHAT_HELP = "signed_for, returned (letter); answered, bounced (e-mail); opened (in-app)."
AT_HELP = "When, with its zone, such as 2026-12-01T10:00:00+08:00."
NUMBER_HELP = "The number on the posting receipt."
RECEIPT_HELP = "The paper or message itself; its SHA-256 is kept, nothing else of it."
EXIT_NOBODYS = 1


def heard(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="- reads what is piped.")],
    channel: Annotated[str, typer.Option(help=CHANNEL_HELP)] = "sms",
    channels: Annotated[Path | None, typer.Option(help=CHANNELS_HELP)] = None,
    signature: Annotated[str, typer.Option(help=SIGNATURE_HELP)] = "",
    as_json: AsJson = False,
) -> None:
    """Take a provider's report in: it names its own message or call, and that finds the case.

    Exit code 1 where nothing is known under that id (yet): let the provider report it again.

    \b
    Examples:
      kuanxian contact heard report.json --channels channels.toml
      kuanxian contact heard bounce.eml --channel email
      kuanxian contact heard call.json --channel voice --channels channels.toml --signature t=…
    """  # noqa: D301 - click reads the backspace
    from kuanxian.outreach.calls import take_call
    from kuanxian.outreach.notices import hear

    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    if channel == "voice":
        called = _called(channels, raw, signature)
        with opened_gate(context) as gate:
            found = take_call(gate, called, context.obj["actor"])
    else:
        told = _report(channel, channels, raw)
        if told is None:
            typer.echo("it does not say whether it arrived; nothing was taken in")
            return
        with opened_gate(context) as gate:
            found = hear(gate, channel, told, context.obj["actor"])
    if found is None:
        typer.echo("nothing is known under that id", err=True)
        raise typer.Exit(EXIT_NOBODYS)
    _show(found, as_json)


def arrived(
    context: typer.Context,
    grant: Annotated[str, typer.Argument(metavar="GRANT", help="Under which it was sent.")],
    what: Annotated[str, typer.Option(help=WHAT_HELP)],
    at: Annotated[str, typer.Option(help=AT_HELP)],
    number: Annotated[str, typer.Option(help=NUMBER_HELP)] = "",
    receipt: Annotated[Path | None, typer.Option(help=RECEIPT_HELP)] = None,
    as_json: AsJson = False,
) -> None:
    """Say, as a named person, that a letter was signed for or came back, or the like.

    --actor before the word names who says so. Without the paper, or where somebody else signed,
    nothing is shown and the notice stays open.

    \b
    Example:
      kuanxian contact --actor officer-7 arrived d-4f… --what signed_for
        --at 2026-12-01T10:00:00+08:00 --number EA123456789CN --receipt scan.pdf
    """  # noqa: D301 - as above
    from kuanxian.outreach.evidence import Evidence, take_evidence

    hashed = hashlib.sha256(receipt.read_bytes()).hexdigest() if receipt else ""
    told = Evidence(grant, what, _instant(at), context.obj["actor"], number, hashed)
    with opened_gate(context) as gate:
        found = take_evidence(gate, told)
    _show(found, as_json)


def _report(channel: str, channels: Path | None, raw: bytes) -> "Report | None":
    from kuanxian.base.errors import ChannelError
    from kuanxian.outreach.config import read_config
    from kuanxian.outreach.mail_report import read_mail_report
    from kuanxian.outreach.sms import SmsChannel

    if channel == "email":
        return read_mail_report(raw)
    if channel != "sms" or channels is None:
        raise ChannelError("--channel", "sms or voice with --channels FILE, or email", "name them")
    made = SmsChannel(read_config(channels).get("sms", {}), os.environ, lambda _: None)
    return made.read_content(raw)


def _called(channels: Path | None, raw: bytes, signature: str) -> "CallOutcome":
    from kuanxian.base.errors import ChannelError
    from kuanxian.outreach.channels import open_voice
    from kuanxian.outreach.config import read_config

    if channels is None:
        raise ChannelError("--channels", "not given", "name the file with [voice]")
    opened = open_voice(read_config(channels).get("voice", {}), os.environ, lambda _: None)
    return opened.read_outcome(raw, signature, read_clock())


def _instant(text: str) -> int:
    from kuanxian.base.errors import OutcomeError
    from kuanxian.journal.entry import EPOCH

    try:
        since = datetime.fromisoformat(text) - EPOCH
    except (ValueError, TypeError):
        raise OutcomeError("--at", "no instant with its zone", AT_HELP) from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _show(found: "Heard", as_json: bool) -> None:
    if as_json:
        print_json(found._asdict())
        return
    news = "" if found.changed else ", as before"
    typer.echo(f"{found.case_id} {found.grant_id}: {found.state}{news}")
