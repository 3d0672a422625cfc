"""What the evening's commands share: the gate over a close, the vault's keys, the channels."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.gate_place import opened_gate
from kuanxian.cli.keeping import Common
from kuanxian.cli.up import LOGIN_VARIABLES, chosen_url

if TYPE_CHECKING:
    from kuanxian.action.contact import Gate
    from kuanxian.close.evening import Evening
    from kuanxian.outreach.dispatch import Dispatch
    from kuanxian.vault.keeper import Keeper

SEND_HELP = "Send the notices that are due by the channels of this file (TOML)."

Send = Annotated[Path | None, typer.Option("--send", metavar="CHANNELS", help=SEND_HELP)]

NO_ERASURE = "no keys, or no login to the vault, here: nobody whose time has come was erased"


UNREADABLE = "cases cannot be read; the list names each under `unreadable`"


def settings(
    data: Path | None,
    url: str | None,
    positions: Path,
    registered: Path | None,
    country: str,
    law_policy: Path | None,
) -> dict[str, Any]:
    """Put together what the gate and the vault are opened by; the rest is of the environment."""
    keys = os.environ.get("KUANXIAN_KEY_FILE")
    return {
        # --data asks for the evening, also where the environment names the database.
        "data": None if chosen_url(url) else data, "url": url,
        "positions": positions, "registered": registered,
        "country": country, "rules": None, "law_policy": law_policy,
        "keys": Path(keys) if keys else None, "backup_days": 35,
        "tenant": os.environ.get("KUANXIAN_TENANT", "lender-1"),
        "actor": os.environ.get("KUANXIAN_ACTOR", "system:evening"),
    }  # fmt: skip


def run_evening(context: typer.Context, out: Path, as_of_on: int, send: Path | None) -> Any:
    """Run the evening of a close. Database, keys and the rest stand in the context."""
    from kuanxian.close import evening

    with opened_evening(context, as_of_on, send) as opened:
        return evening.run_evening(opened, out)


@contextmanager
def opened_evening(context: typer.Context, as_of_on: int, send: Path | None) -> "Iterator[Evening]":
    """Open what an evening works with; without keys nobody is erased and nothing sent."""
    from kuanxian.close.evening import Evening
    from kuanxian.vault.key_file import VARIABLE

    with ExitStack() as stack:
        gate = stack.enter_context(opened_gate(context))
        evening = Evening(gate, as_of_on, context.obj["actor"])
        common = Common(context)
        has_keys = bool(os.environ.get(VARIABLE)) or common.key_file().exists()
        if send is not None or (has_keys and can_reach_vault(context)):
            keeper = stack.enter_context(common.keeper())
            evening = evening._replace(keeper=keeper)
            if send is not None:
                evening = evening._replace(dispatch=dispatch_of(gate, keeper, send))
        yield evening


def can_reach_vault(context: typer.Context) -> bool:
    """Say whether there is a login for the vault: the embedded server has one of its own."""
    on_its_own = bool(os.environ.get(LOGIN_VARIABLES["kx_vault"]))
    return chosen_url(context.obj["url"]) is None or on_its_own


def dispatch_of(gate: "Gate", keeper: "Keeper", send: Path) -> "Dispatch":
    """Make what sends, by the channels of a file."""
    from kuanxian.outreach.channels import open_channels
    from kuanxian.outreach.dispatch import Dispatch

    return Dispatch(gate, keeper, open_channels(send, os.environ, time.sleep))


def end_evening(told: dict[str, Any], out: Path, *, as_json: bool) -> None:
    """Say what an evening came to, unless a program reads; end with 1 where a case was left out."""
    if not as_json:
        tell_evening(told, out)
    if told["unreadable"]:
        raise typer.Exit(1)


def tell_evening(told: dict[str, Any], out: Path) -> None:
    """Say in a few lines what an evening came to."""
    typer.echo(f"evening: {told['cases']} cases, {told['asking']} ask for something")
    typer.echo(
        f"tomorrow: {told['windows']} windows; {told['notices']} notices due, {told['held']} held; "
        f"{told['unreported']} grants without outcome; {told['counters']} counters near a limit"
    )
    if told["sent"] is not None:
        words = ", ".join(f"{count} {word}" for word, count in told["sent"].items())
        typer.echo(f"notices now: {words or 'none due'}")
    if told["retention"] is None:
        typer.echo(f"warning: {NO_ERASURE}", err=True)
    else:
        typer.echo("retention: {erased} erased, {frozen} frozen, {unknown} left, a day not known"
                   .format(**told["retention"]))  # fmt: skip
    if not told["ledger_good"]:
        typer.echo(
            "warning: the day closed is neither today nor yesterday, so of no debt it is known "
            "where it stands: no notice that rests on it is due, no amount can be named",
            err=True,
        )
    if told["unreadable"]:
        typer.echo(f"warning: {told['unreadable']} {UNREADABLE}", err=True)
    typer.echo(f"cases: {out.with_name(f'{out.name}.evening.jsonl')}")
