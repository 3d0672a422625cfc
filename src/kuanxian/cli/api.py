"""``kuanxian api``: its keys, and the server."""

import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.gate_place import (
    AsJson,
    app_engine,
    opened_gate,
    print_json,
    read_clock,
    take_place,
)
from kuanxian.cli.keeping import config_folder

if TYPE_CHECKING:
    from kuanxian.api.reception import ReadReport

SCOPE_HELP = (
    "What it may: contacts:propose, contacts:outcome, windows:read, reports:tell; each once."
)
CHANNELS_HELP = "The channel file; the providers of [sms] and [voice] may post their reports."
PEPPER_HELP = "The pepper file; by default api.pepper where keys are, made with the first key."
POOL_MAX = 40
PEPPER_BYTES = 32

Pepper = Annotated[Path | None, typer.Option("--pepper", help=PEPPER_HELP, show_default=False)]

EPILOG = """\b
Examples:
  kuanxian api key add a-1 --scope contacts:propose --scope contacts:outcome
  kuanxian api serve
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    api = typer.Typer(no_args_is_help=True, help="The gate over HTTP: its keys, and the server.")
    api.callback()(take_place)
    key = typer.Typer(no_args_is_help=True, help="Who may ask over HTTP, as which party.")
    key.command("add")(add_key)
    key.command("list")(list_keys)
    key.command("revoke")(revoke_key)
    api.add_typer(key, name="key")
    api.command("serve")(serve)
    app.add_typer(api, name="api", epilog=EPILOG)


def pepper_file(given: Path | None) -> Path:
    """Choose the pepper file: never in the data folder."""
    return given or config_folder() / "api.pepper"


def read_pepper(path: Path) -> bytes:
    """Read the pepper.

    Raises:
        ApiKeyError: It is not there, or too short.
    """
    from kuanxian.base.errors import ApiKeyError

    if not path.is_file():
        raise ApiKeyError(path.name, "is not there", "kuanxian api key add makes it.")
    pepper = path.read_bytes()
    if len(pepper) < PEPPER_BYTES:
        raise ApiKeyError(path.name, f"is shorter than {PEPPER_BYTES} bytes")
    return pepper


def _pepper_made(path: Path) -> bytes:
    """Read the pepper; make it where it is missing, for its owner alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(secrets.token_bytes(PEPPER_BYTES))
    return read_pepper(path)


def add_key(
    context: typer.Context,
    party: Annotated[str, typer.Argument(metavar="PARTY", help="The party it acts as.")],
    scope: Annotated[list[str], typer.Option("--scope", help=SCOPE_HELP)],
    per_minute: Annotated[int, typer.Option(help="Requests a minute.", min=1)] = 6_000,
    pepper: Pepper = None,
) -> None:
    """Make a key for a party, and print it: it is shown this once and kept nowhere.

    \b
    Example:
      kuanxian api key add a-1 --scope contacts:propose --scope contacts:outcome
    """  # noqa: D301 - click reads the backspace
    from kuanxian.api import keyring
    from kuanxian.vault.seal import check_word

    check_word("PARTY", party)
    held = _pepper_made(pepper_file(pepper))
    key = keyring.Key(secrets.token_hex(6), party, frozenset(scope), "", per_minute, read_clock())
    with app_engine(context) as app:
        secret = secrets.token_bytes(keyring.SECRET_BYTES)
        typer.echo(keyring.add_key(app, held, key, secret, actor=context.obj["actor"]))


def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List the keys: id, party, scopes, whether revoked. Never a secret.

    \b
    Example:
      kuanxian api key list
    """  # noqa: D301 - as above
    from kuanxian.action.contact.file_form import write_instant
    from kuanxian.api import keyring

    with app_engine(context) as app:
        keys = list(keyring.list_keys(app).values())
    rows = [
        {"key_id": key.key_id, "party": key.party, "scopes": sorted(key.scopes),
         "per_minute": key.per_minute, "added_at": write_instant(key.added_at),
         "revoked_at": None if key.revoked_at is None else write_instant(key.revoked_at)}
        for key in keys
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    for key, row in zip(keys, rows, strict=True):
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "in force"
        typer.echo(f"{key.key_id}  {key.party}  {','.join(sorted(key.scopes))}  {state}")


def revoke_key(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="The id; not the key.")],
) -> None:
    """Revoke a key for good; a running server heeds it within a second.

    \b
    Example:
      kuanxian api key revoke 0f3a9c1e77d2
    """  # noqa: D301 - as above
    from kuanxian.api import keyring

    with app_engine(context) as app:
        keyring.revoke_key(app, key_id, read_clock(), actor=context.obj["actor"])
    typer.echo("revoked")


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Where to listen; loopback unless you say.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535)] = 8_471,
    pepper: Pepper = None,
    channels: Annotated[Path | None, typer.Option(help=CHANNELS_HELP)] = None,
) -> None:
    """Serve the gate over HTTP until interrupted. It logs no request.

    Put a proxy with TLS before it wherever others can reach it. SIGHUP makes it read the rules
    and the policy again; where they are broken or prove less than they must, it says so and goes
    on by those it has.

    \b
    Examples:
      kuanxian api serve
      kuanxian api --positions closes/2026-11-24 --registered words.toml serve --port 8471
      kuanxian api serve --channels channels.toml
    """  # noqa: D301 - as above
    import uvicorn

    from kuanxian.action.contact.ready import make_ready
    from kuanxian.api.app import make_app
    from kuanxian.api.keyring import Keyring
    from kuanxian.api.reception import Reception
    from kuanxian.api.renew import renew_on_hangup
    from kuanxian.api.wire import Wire
    from kuanxian.law.holder import Holder

    held = read_pepper(pepper_file(pepper))
    reports = _reports(channels)
    with opened_gate(context, POOL_MAX) as gate:
        keyring = Keyring(gate.app, held, read_clock)
        app = make_app(Reception(gate, keyring, secrets.token_hex(8), reports))
        make_ready(gate)
        holder = Holder(gate.book, context.obj["rules"], context.obj["law_policy"])
        renew_on_hangup(gate, holder, lambda line: typer.echo(line, err=True))
        typer.echo(f"listening on http://{host}:{port}")
        uvicorn.run(app, host=host, port=port, log_level="error", access_log=False,
                    server_header=False, lifespan="off", http=Wire)  # fmt: skip


def _reports(channels: Path | None) -> "dict[str, ReadReport]":
    """Say how the reports of the channels of a file are read."""
    from kuanxian.outreach.channels import open_voice
    from kuanxian.outreach.config import read_config
    from kuanxian.outreach.sms import SmsChannel

    told = read_config(channels) if channels else {}
    reports: dict[str, ReadReport] = {}
    if "sms" in told:
        reports["sms"] = SmsChannel(told["sms"], os.environ, time.sleep).read_posted
    if "voice" in told:
        reports["voice"] = open_voice(told["voice"], os.environ, time.sleep).read_outcome
    return reports
