"""``kuanxian person``: the people in the vault, and their rights."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kuanxian.cli.keeping import AsJson, Common, read_typed, take_common, today

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonymous id.")]
FIELD_HELP = "name, phone, identity_number, bank_card, email or address."
Field = Annotated[str, typer.Argument(metavar="FIELD", help=FIELD_HELP)]
ROLE_HELP = "debtor, or guarantor, also for who borrowed with them; a contact is nominated."
OUT_HELP = "The file to make, for its owner alone; it must not exist."
REQUEST_HELP = "The request it answers; each is answered once."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from kuanxian.cli import person_contact, person_rights

    people = typer.Typer(no_args_is_help=True, help="People in the vault, and their rights.")
    people.callback()(take_common)
    for name, command in (
        ("add", add), ("owes", owes), ("put", put), ("correct", correct), ("show", show),
        ("find", find), ("nominate", nominate), ("export", export),
    ):  # fmt: skip
        people.command(name)(command)
    person_rights.register(people)
    person_contact.register(people)
    app.add_typer(people, name="person", epilog=EPILOG)


EPILOG = """\b
Examples:
  kuanxian person add p-1
  kuanxian person put p-1 phone < phone.txt
  kuanxian person erase p-1 --lender-type bank
"""


def add(
    context: typer.Context,
    person: Person,
    role: Annotated[str, typer.Option(help=ROLE_HELP)] = "debtor",
) -> None:
    """Make a place for a person: a random key of their own.

    \b
    Example:
      kuanxian person add p-1
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.vault.people import add_person

    with Common(context).keeper() as keeper:
        add_person(keeper, person, role)
    typer.echo(f"{person}: added as {role}")


def owes(
    context: typer.Context,
    person: Person,
    contract: Annotated[str, typer.Option(help="The id of the contract they signed.")],
    signed_on: Annotated[str, typer.Option(help="The day they signed, YYYY-MM-DD.")],
    debtor: Annotated[str, typer.Option(help="Of a guarantor: whose loan it is.")] = "",
) -> None:
    """Say by which contract a guarantor, or a debtor whose number once said no, owes themselves.

    \b
    Examples:
      kuanxian person owes g-1 --debtor p-1 --contract g-2026-1 --signed-on 2026-01-31
      kuanxian person owes p-1 --contract l-2026-1 --signed-on 2026-01-31
    """  # noqa: D301 - as above
    from kuanxian.base.errors import PersonError
    from kuanxian.vault.people import OwnDebt, put_own_debt

    try:
        debt = OwnDebt(debtor or person, contract, date.fromisoformat(signed_on))
    except ValueError:
        raise PersonError("--signed-on", "it is no day", "Write YYYY-MM-DD.") from None
    with Common(context).keeper() as keeper:
        put_own_debt(keeper, person, debt)
    typer.echo(f"{person}: signed {contract} on {debt.signed_on}")


def put(context: typer.Context, person: Person, field: Field) -> None:
    """Seal one value, typed hidden or read as one line of standard input.

    \b
    Examples:
      kuanxian person put p-1 phone
      kuanxian person put p-1 name < name.txt
    """  # noqa: D301 - as above
    _put(context, person, field)


def correct(context: typer.Context, person: Person, field: Field) -> None:
    """Replace a value by the right one; the wrong one is gone.

    \b
    Example:
      kuanxian person correct p-1 phone
    """  # noqa: D301 - as above
    from kuanxian.base.errors import PersonError
    from kuanxian.vault.people import held

    with Common(context).keeper() as keeper:
        if field not in held(keeper, person).fields:
            raise PersonError(field, "no such value is held", "Put it in: kuanxian person put.")
    _put(context, person, field)


def _put(context: typer.Context, person: str, field: str) -> None:
    from kuanxian.vault.people import put_value

    with Common(context).keeper() as keeper:
        version = put_value(keeper, person, field, read_typed(field))
    typer.echo(f"{person}: {field} sealed, version {version}")


def show(context: typer.Context, person: Person, as_json: AsJson = False) -> None:
    """Say which values are held and in what state; never what is in them.

    \b
    Example:
      kuanxian person show p-1
    """  # noqa: D301 - as above
    from kuanxian.vault.contact import contacts_of
    from kuanxian.vault.people import held, own_debts

    with Common(context).keeper() as keeper:
        found, contacts = held(keeper, person), contacts_of(keeper, person)
        debts = own_debts(keeper, person)
    facts = {**found._asdict(), "contacts": [one._asdict() for one in contacts],
             "own_debts": [one._asdict() for one in debts]}  # fmt: skip
    if as_json:
        typer.echo(json.dumps(facts, default=str, ensure_ascii=False))
        return
    typer.echo(f"{person}: {found.role}, {found.state}, since {found.added_on}")
    typer.echo(f"  holds: {', '.join(found.fields) or 'nothing'}")
    if found.duty:
        typer.echo(f"  kept until {found.frozen_until} for {found.duty}")
    for debt in debts:
        of = "" if debt.debtor == person else f" for {debt.debtor}"
        typer.echo(f"  signed {debt.contract}{of} on {debt.signed_on}")
    for one in contacts:
        typer.echo(f"  contact {one.slot}: {one.contact}, {one.purpose}, {one.state}")


def find(context: typer.Context, field: Field) -> None:
    """Find people by a number, typed like a value. Each hit leaves a mark with them.

    \b
    Example:
      kuanxian person find phone
    """  # noqa: D301 - as above
    from kuanxian.vault.people import find_people

    with Common(context).keeper() as keeper:
        people = find_people(keeper, field, read_typed(field))
    typer.echo("\n".join(people) if people else "nobody")


def nominate(
    context: typer.Context,
    person: Person,
    contact: Annotated[str, typer.Argument(metavar="CONTACT", help="An id for the contact.")],
    purpose: Annotated[str, typer.Option(help="pass_message or restore_contact.")],
) -> None:
    """Make a place for a contact the debtor names: at most two, each typed on its own.

    \b
    Example:
      kuanxian person nominate p-1 c-1 --purpose pass_message
    """  # noqa: D301 - as above
    from kuanxian.vault.contact import nominate as name_one

    with Common(context).keeper() as keeper:
        slot = name_one(keeper, person, contact, purpose)
    typer.echo(f"{contact}: contact {slot} of {person}; now put their name and phone")


def export(
    context: typer.Context,
    person: Person,
    request: Annotated[str, typer.Option(help=REQUEST_HELP)],
    out: Annotated[Path, typer.Option(help=OUT_HELP)],
) -> None:
    """Write everything held of a person to a file, for that person.

    \b
    Example:
      kuanxian person export p-1 --request r-17 --out copy.json
    """  # noqa: D301 - as above
    import os

    from kuanxian.store.roles import APP
    from kuanxian.vault.rights import copy_of

    common = Common(context)
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with common.keeper() as keeper:
            copy = copy_of(keeper, common.engine(APP), person, request)
            os.write(descriptor, copy.reveal().encode())
    except BaseException:
        out.unlink()
        raise
    finally:
        os.close(descriptor)
    typer.echo(f"{out}: everything held of {person}, on {today()}; hand it to nobody else")
