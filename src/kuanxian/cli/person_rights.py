"""``kuanxian person`` again: restrict, release, erase, stop, consents, explain."""

import json
from datetime import date
from typing import Annotated, Any

import typer

from kuanxian.cli.keeping import Common, now, read_typed, today

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonymous id.")]
LENDER_HELP = "Of the lender, as in country.toml: bank, consumer_finance, small_loan…"
LenderType = Annotated[str, typer.Option("--lender-type", help=LENDER_HELP)]
POLICY_HELP = "A clock of retention.toml that the firm's policy follows; may be given again."
Policy = Annotated[list[str] | None, typer.Option("--policy", help=POLICY_HELP)]
DATE_HELP = "When a clock's event was: collected_on=2026-01-31, or =unknown; may be given again."
ANSWER_HELP = "given, refused or withdrawn; without it, what was said is listed."


def register(people: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (
        ("restrict", restrict), ("release", release), ("erase", erase), ("settle", settle),
        ("stop", stop),
        ("consents", consents), ("explain", explain),
    ):  # fmt: skip
        people.command(name)(command)


def restrict(context: typer.Context, person: Person) -> None:
    """Stop all use of a person's data but storage, because they ask.

    \b
    Example:
      kuanxian person restrict p-1
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.vault.rights import restrict as restrict_one

    with Common(context).keeper() as keeper:
        restrict_one(keeper, person)
    typer.echo(f"{person}: restricted")


def release(context: typer.Context, person: Person) -> None:
    """Lift a restriction, because the person asks.

    \b
    Example:
      kuanxian person release p-1
    """  # noqa: D301 - as above
    from kuanxian.vault.rights import release as release_one

    with Common(context).keeper() as keeper:
        release_one(keeper, person)
    typer.echo(f"{person}: active")


def erase(
    context: typer.Context,
    person: Person,
    lender_type: LenderType,
    dates: Annotated[list[str] | None, typer.Option("--date", help=DATE_HELP)] = None,
    policy: Policy = None,
) -> None:
    """Delete what is held of a person, or freeze it where a duty to keep it runs.

    Prints the certificate as JSON: what was erased, and when the last backup expires; or
    which duty keeps it, and until when.

    \b
    Examples:
      kuanxian person erase p-1 --lender-type bank
      kuanxian person erase p-1 --lender-type bank --date collected_on=2026-01-31
    """  # noqa: D301 - as above
    from kuanxian.vault.retention import duties_of, read_clocks
    from kuanxian.vault.rights import Frozen, delete_or_freeze

    on = today()
    known = _dates(dates or [])
    duties = duties_of(read_clocks(), known, on, lender_type, frozenset(policy or ()))
    with Common(context).keeper() as keeper:
        done = delete_or_freeze(keeper, person, duties, on)
    if isinstance(done, Frozen):
        facts: dict[str, Any] = {
            "person": person, "frozen_until": str(done.duty.until_on),
            "duty": done.duty.clock.id, "zh": done.words("zh"), "en": done.words("en"),
        }  # fmt: skip
    else:
        facts = done.as_json()
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))


def _dates(words: list[str]) -> dict[str, date | None]:
    from kuanxian.base.errors import PersonError
    from kuanxian.vault.retention import read_clocks

    names = sorted({clock.starts for clock in read_clocks()})
    known: dict[str, date | None] = {}
    for word in words:
        name, _, day = word.partition("=")
        try:
            known[name] = None if day == "unknown" else date.fromisoformat(day)
        except ValueError:
            raise PersonError("--date", "it is not name=YYYY-MM-DD or name=unknown") from None
        if name not in names:  # a misspelt one would erase what a duty keeps
            raise PersonError(
                "--date", "no clock counts from it", f"There are: {', '.join(names)}."
            )
    return known


def settle(context: typer.Context, person: Person) -> None:
    """Erase the contacts of a debtor whose loan is settled; print a certificate for each.

    \b
    Example:
      kuanxian person settle p-1
    """  # noqa: D301 - as above
    from kuanxian.vault.contact import erase_contacts

    with Common(context).keeper() as keeper:
        gone = erase_contacts(keeper, person, today())
    for one in gone:
        typer.echo(json.dumps(one.as_json(), ensure_ascii=False))
    typer.echo(f"contacts erased: {len(gone)}")


def stop(context: typer.Context) -> None:
    """Do what a contact's stop link says: its word is typed like a value.

    \b
    Example:
      kuanxian person stop < word.txt
    """  # noqa: D301 - as above
    from kuanxian.vault.contact import stop as stop_one

    with Common(context).keeper() as keeper:
        done = stop_one(keeper, read_typed("the stop word"), now())
    typer.echo(json.dumps(done.as_json(), ensure_ascii=False) if done else "stopped before")


def consents(
    context: typer.Context,
    person: Person,
    purpose: Annotated[str, typer.Option(help="One purpose, with --answer.")] = "",
    answer: Annotated[str, typer.Option(help=ANSWER_HELP)] = "",
) -> None:
    """List what a person said, or write down one answer to one purpose and print the receipt.

    \b
    Examples:
      kuanxian person consents p-1
      kuanxian person consents p-1 --purpose marketing --answer withdrawn
    """  # noqa: D301 - as above
    from kuanxian.vault.consent import (
        Notice,
        answer_consent,
        events_of,
        receipt_of,
        withdraw_consent,
    )
    from kuanxian.vault.purposes import purpose_of

    with Common(context).keeper() as keeper:
        if not answer:
            with keeper.engine.connect() as connection:
                for event in events_of(connection, keeper.tenant, person):
                    typer.echo(f"{event.event_time.isoformat()} {event.purpose} {event.event_type}")
            return
        if answer == "withdrawn":
            said = withdraw_consent(keeper, person, purpose, now())
        else:
            words = purpose_of(purpose)
            notice = Notice(f"shipped-{purpose}", 1, "zh-Hans", purpose, words.zh)
            said = answer_consent(keeper, person, notice, answer, now())
    typer.echo(json.dumps(receipt_of(said), ensure_ascii=False, indent=2))


def explain(
    context: typer.Context, person: Person, lender_type: LenderType, policy: Policy = None
) -> None:
    """Explain how a person's data is processed: what, what for, how long, by which text.

    \b
    Example:
      kuanxian person explain p-1 --lender-type bank
    """  # noqa: D301 - as above
    from kuanxian.vault.retention import read_clocks
    from kuanxian.vault.rights import explain as explain_one

    with Common(context).keeper() as keeper:
        told = explain_one(keeper, person, read_clocks(), lender_type, frozenset(policy or ()))
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
