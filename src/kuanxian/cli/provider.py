"""``kuanxian provider``: a made-up aggregator or dialler on this machine, to try channels on."""

import os
import time
from typing import Annotated, Protocol

import typer

EPILOG = """\b
Examples:
  KUANXIAN_REPORT_KEY=kx_… kuanxian provider sms --reports http://127.0.0.1:8471/v1/reports/sms
  KUANXIAN_VOICE_KEY=… KUANXIAN_REPORT_KEY=kx_… kuanxian provider voice
    --reports http://127.0.0.1:8471/v1/reports/voice
"""

REPORT_SECONDS = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("provider", epilog=EPILOG)(provider)


def provider(
    kind: Annotated[str, typer.Argument(metavar="sms|voice", help="Which provider to play.")],
    reports: Annotated[str, typer.Option(help="Where reports or outcomes are posted.")],
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.")] = 9001,
    rounds: Annotated[int, typer.Option(help="Seconds to run; 0 runs until interrupted.")] = 0,
) -> None:
    """Play an aggregator or a dialler on loopback; the last digit of a number says what happens."""
    played = _play(kind, reports, port)
    typer.echo(f"{kind} at {played.url}, reports go to {reports}")
    done = 0
    try:
        while rounds == 0 or done < rounds:
            time.sleep(REPORT_SECONDS)
            done += 1
            played.report()
    finally:
        played.close()
        typer.echo(f"took {played.taken:,} orders")


def _now() -> int:
    return time.time_ns() // 1_000


class _Played(Protocol):
    url: str

    @property
    def taken(self) -> int: ...

    def report(self) -> int: ...

    def close(self) -> None: ...


def _play(kind: str, reports: str, port: int) -> _Played:
    from kuanxian.base.errors import ChannelError
    from kuanxian.outreach.config import safe_url
    from kuanxian.outreach.sign import check_key
    from kuanxian.outreach.simulator.aggregator import Aggregator
    from kuanxian.outreach.simulator.dialler import Dialler
    from kuanxian.vault.secret import SecretBytes

    safe_url("--reports", reports)
    report_key = os.environ.get("KUANXIAN_REPORT_KEY", "")
    if kind == "sms":
        return Aggregator(reports, _now, port, report_key)
    if kind != "voice":
        raise ChannelError("provider", f"{kind} is unknown", "sms or voice")
    key = SecretBytes(os.environ.get("KUANXIAN_VOICE_KEY", "").encode())
    return Dialler(reports, check_key(key, "KUANXIAN_VOICE_KEY"), _now, port, report_key)
