"""``kuanxian vault``: its keys, and the evening's erasures."""

import json
from datetime import date
from typing import Annotated

import typer

from kuanxian.cli.keeping import AsJson, Common, take_common, today

NAME_HELP = "The new key's name, such as k2."
SCOPE_HELP = "officer, case or agency."
SUBJECT_HELP = "An id; * is the rule for all others."
LENDER_HELP = "As in country.toml: bank, consumer_finance…; not given: any type's clocks may bind."
POLICY_HELP = "A clock of retention.toml that the firm's policy follows; may be given again."
ON_HELP = "The day, YYYY-MM-DD, none that lies ahead; today where it is not given."

EPILOG = """\b
Examples:
  kuanxian vault new-key k1
  kuanxian vault rotate
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    vault = typer.Typer(no_args_is_help=True, help="The vault's keys, and the evening's erasures.")
    vault.callback()(take_common)
    vault.command("new-key")(new_key)
    vault.command("rotate")(rotate)
    vault.command("retention")(retention)
    vault.command("budget")(budget)
    vault.command("poison")(poison)
    vault.command("thaw")(thaw)
    app.add_typer(vault, name="vault", epilog=EPILOG)


def new_key(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help=NAME_HELP)]
) -> None:
    """Add a key-encryption key to the key file; from now on it is the current one.

    \b
    Example:
      kuanxian vault new-key k1
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.vault.key_file import add_key

    common = Common(context)
    common.key_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    add_key(common.key_file(), name)
    typer.echo(f"{common.key_file()}: {name} is the current key; keep a copy where no backup goes")


def rotate(context: typer.Context) -> None:
    """Wrap every person's key anew under the current key; sealed data is not touched.

    \b
    Example:
      kuanxian vault rotate
    """  # noqa: D301 - as above
    from kuanxian.vault.people import rewrap_all
    from kuanxian.vault.tenant_keys import rewrap_tenant_keys

    common = Common(context)
    with common.keeper() as keeper:
        people = rewrap_all(keeper)
        tenants = rewrap_tenant_keys(common.tenant_file(), keeper.holder)
        current = keeper.holder.current()
    typer.echo(f"wrapped under {current}: {people:,} people's keys, {tenants} tenant keys")
    typer.echo("older keys may be destroyed once no backup needs them")


def retention(
    context: typer.Context,
    on: Annotated[str, typer.Option(help=ON_HELP)] = "",
    lender_type: Annotated[str, typer.Option("--lender-type", help=LENDER_HELP)] = "",
    policy: Annotated[list[str] | None, typer.Option("--policy", help=POLICY_HELP)] = None,
    as_json: AsJson = False,
) -> None:
    """Erase whose time is over: a job of every evening, which may be run again.

    Erased are people whose freeze has ended, contacts whose debtor has settled everything or
    who said no, and debtors, guarantors and the like whose own clock has ended where the policy
    follows one. Whose dates are not known is named and left alone.

    \b
    Examples:
      kuanxian vault retention --on 2026-03-01
      kuanxian vault retention --lender-type bank --policy cn.retention.settled_debtor --json
    """  # noqa: D301 - as above
    from kuanxian.close.retention import run_retention
    from kuanxian.store.roles import AUDIT
    from kuanxian.vault.retention import Binding

    common, day = Common(context), _day(on)
    binding = Binding(lender_type, frozenset(policy or ()))
    with common.keeper() as keeper:
        swept = run_retention(keeper, common.engine(AUDIT), day, binding)
    if as_json:
        typer.echo(json.dumps({"on": str(day), **swept.as_json()}, ensure_ascii=False))
        return
    said = swept.as_json()
    for told in (*said["erased"], *said["frozen"]):
        typer.echo(json.dumps(told, ensure_ascii=False))
    for left in swept.unknown:
        typer.echo(f"{left.person}: left alone: {left.starts}: {left.why}")
    counts = f"frozen: {len(swept.frozen)}, left alone: {len(swept.unknown)}"
    typer.echo(f"erased: {len(swept.erased)}, {counts}")


def _day(on: str) -> date:
    from kuanxian.base.errors import PersonError

    now_on = today()
    try:
        day = date.fromisoformat(on) if on else now_on
    except ValueError:
        raise PersonError("--on", "it is no day", "Write YYYY-MM-DD.") from None
    if day > now_on:  # what a duty keeps until then would be gone for good
        raise PersonError("--on", f"it lies ahead: today is {now_on}", "Wait for that evening.")
    return day


def budget(
    context: typer.Context,
    scope: Annotated[str, typer.Argument(metavar="SCOPE", help=SCOPE_HELP)],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=SUBJECT_HELP)],
    openings_max: Annotated[int, typer.Argument(metavar="MAX", help="In 24 hours.", min=0)],
) -> None:
    """Set how many openings somebody has in any 24 hours. Only the database's owner may.

    \b
    Examples:
      kuanxian vault budget officer officer-7 50
      kuanxian vault budget case "*" 8
    """  # noqa: D301 - as above
    from kuanxian.base.errors import GrantError
    from kuanxian.vault.seal import check_word

    if subject != "*":
        check_word("SUBJECT", subject)
    if scope not in ("officer", "case", "agency"):
        raise GrantError("SCOPE", "it is officer, case or agency")
    words = {"scope": scope, "subject": subject, "max": openings_max}
    _as_owner(context, "vault.set_budget(:scope, :subject, :max, :actor)", words)
    typer.echo(f"{scope} {subject}: {openings_max} openings in 24 hours")


def poison(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Somebody made up.")],
) -> None:
    """Make a made-up person a trap: whoever opens them opens nothing more, and alarms.

    Only the database's owner may.

    \b
    Example:
      kuanxian vault poison p-4711
    """  # noqa: D301 - as above
    from kuanxian.vault.people import held

    with Common(context).keeper() as keeper:
        held(keeper, person)
        words: dict[str, object] = {"tenant": keeper.tenant, "person": person}
    _as_owner(context, "vault.poison(:tenant, :person, :actor)", words)
    typer.echo(f"{person}: whoever opens them is frozen; tell nobody who does not need to know")


def thaw(
    context: typer.Context,
    frozen: Annotated[str, typer.Argument(metavar="ACTOR", help="Who was frozen.")],
) -> None:
    """Let a frozen actor open again. Only the database's owner may, and not for themselves.

    \b
    Example:
      kuanxian vault --actor chief-1 thaw officer-7
    """  # noqa: D301 - as above
    from kuanxian.vault.seal import check_word

    check_word("ACTOR", frozen)  # what is typed here by mistake is not printed back
    done = _as_owner(context, "vault.thaw_actor(:frozen, :actor)", {"frozen": frozen})
    typer.echo(f"{frozen}: may open again" if done else f"{frozen}: not frozen, or your own id")


def _as_owner(context: typer.Context, call: str, words: dict[str, object]) -> object:
    import sqlalchemy as sa

    from kuanxian.store.place import engine, open_connection
    from kuanxian.store.roles import OWNER

    common = Common(context)
    with open_connection(engine(common.place, OWNER)) as connection, connection.begin():
        given = {**words, "actor": common.given["actor"]}
        return connection.scalar(sa.text(f"SELECT {call}"), given)
