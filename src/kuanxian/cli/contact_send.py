"""``kuanxian contact send``: propose an act and, where it is allowed, carry it out at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.evening import dispatch_of
from kuanxian.cli.gate_place import AsJson, File, form_of, opened_gate, print_json, read_json
from kuanxian.cli.keeping import Common, KeyFile, Tenant

if TYPE_CHECKING:
    from kuanxian.outreach.receipt import Receipt

KEY_HELP = "The same word on every retry: what was sent is not sent twice."
CHANNELS_HELP = "The channel file (TOML)."
EXIT_UNSENT = 1


def send(
    context: typer.Context,
    file: File,
    key: Annotated[str, typer.Option("--key", help=KEY_HELP)],
    channels: Annotated[Path, typer.Option("--channels", help=CHANNELS_HELP)],
    tenant: Tenant = "lender-1",
    keys: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Propose an act and, where it is allowed, carry it out by its channel: nobody sees a number.

    FILE holds a proposal as POST /v1/contacts takes it. A message is sent; a call is handed to
    the dialler, which reports later what became of it (`contact heard --channel voice`).
    Exit code 1 where it is not allowed, or where nothing went out (failed, expired). The same key
    again says what became of the first time, with USED BEFORE, and by the same exit code.

    \b
    Example:
      kuanxian contact send call.json --key k-1 --channels channels.toml
    """  # noqa: D301 - click reads the backspace
    from kuanxian.api.forms import ProposalForm
    from kuanxian.api.shown import answer_shown

    proposal = form_of(ProposalForm, read_json(file)).as_proposal(key)
    context.obj |= {"tenant": tenant, "keys": keys, "backup_days": 35}
    with opened_gate(context) as gate, Common(context).keeper() as keeper:
        answer, receipt = dispatch_of(gate, keeper, channels).send(proposal)
    state = state_of(receipt, answer.became)
    failure = receipt.failure if receipt else ""
    if as_json:
        print_json({"answer": answer_shown(answer), "state": state,
                    "failure": failure,
                    "provider_id": receipt.provider_id if receipt else ""})  # fmt: skip
    else:
        typer.echo(f"{answer.verdict}: {answer.decision_id}, {state} {failure}".rstrip())
        for reason in answer.reasons if receipt is None else ():
            typer.echo(f"  {reason.rule} ({reason.verdict}, {reason.outcome}) {reason.source}")
    raise typer.Exit(exit_of(receipt))


def state_of(receipt: "Receipt | None", became: str) -> str:
    """Say how far it came; of a grant that ended unreported an earlier try may have gone out."""
    if receipt is not None:
        return receipt.state.value
    return f"not sent now ({became})" if became else "not sent"


def exit_of(receipt: "Receipt | None") -> int:
    """Say by an exit code whether anything went out, or may have."""
    nothing = receipt is None or receipt.state in ("failed", "expired")
    return EXIT_UNSENT if nothing else 0
