"""``kuanxian person`` once more: asking, and what a contact is told and shown."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.keeping import Common, now
from kuanxian.cli.person_rights import Lender, Person, Reach, Recipient

if TYPE_CHECKING:
    from kuanxian.vault.keeper import Keeper
    from kuanxian.vault.notice import Notice

Contact = Annotated[str, typer.Argument(metavar="CONTACT", help="A pseudonymous id.")]
Language = Annotated[str, typer.Option(help="Of the notice: zh-Hans or en.")]


def register(people: typer.Typer) -> None:
    """Add the commands."""
    for name, command in (("notice", notice), ("ask", ask), ("view", view)):
        people.command(name)(command)


def notice(
    context: typer.Context,
    contact: Contact,
    language: Language = "zh-Hans",
    lender: Lender = "",
    reach: Reach = "",
) -> None:
    """Print a contact's own notice, with their own stop word at its end.

    Nothing is written down by it. Whoever hands it over says so: kuanxian person ask.

    \b
    Example:
      kuanxian person notice c-1 --lender "Example" --reach 400-000-0000 --language en
    """  # noqa: D301 - click reads the backspace, which a raw string would not hold
    from kuanxian.base.errors import PersonError
    from kuanxian.vault.notice_text import Named, shipped_notice
    from kuanxian.vault.people import held

    with Common(context).keeper() as keeper:
        purpose = held(keeper, contact).purpose
        if purpose is None:
            raise PersonError("the contact", "there is no such contact", "person consents.")
        words = shipped_notice(purpose, language, Named(lender, reach))
        typer.echo(_as_handed(keeper, contact, words), nl=False)


def ask(
    context: typer.Context,
    person: Person,
    purpose: Annotated[str, typer.Option(help="One purpose of the consents.")],
    language: Language = "zh-Hans",
    lender: Lender = "",
    reach: Reach = "",
    recipient: Recipient = "",
) -> None:
    """Write down that a person is asked for a consent, and print the notice to hand to them.

    Refused where they said no and may not be asked again yet, or were asked and have not
    answered. Of a contact it is written down that they were told.

    \b
    Examples:
      kuanxian person ask p-1 --purpose marketing --lender "Example" --reach 400-000-0000
      kuanxian person ask c-1 --purpose pass_message --lender "Example" --reach 400-000-0000
    """  # noqa: D301 - as above
    from kuanxian.vault.consent import ask_consent
    from kuanxian.vault.contact import check_purpose, mark_noticed
    from kuanxian.vault.notice_text import Named, shipped_notice
    from kuanxian.vault.people import held

    common = Common(context)
    with common.keeper() as keeper:
        words = shipped_notice(purpose, language, Named(lender, reach, recipient))
        is_contact = held(keeper, person).purpose is not None
        if is_contact:
            check_purpose(keeper, person, words)
        ask_consent(keeper, person, words, now())
        if is_contact:
            mark_noticed(keeper, person)
        typer.echo(_as_handed(keeper, person, words), nl=False)


def view(context: typer.Context, contact: Contact) -> None:
    """Show a contact what is held of them and what was done with it; no value, no debt.

    \b
    Example:
      kuanxian person view c-1
    """  # noqa: D301 - as above
    from kuanxian.store.roles import APP
    from kuanxian.vault.contact import own_view

    common = Common(context)
    with common.keeper() as keeper:
        told = own_view(keeper, common.engine(APP), contact)
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _as_handed(keeper: "Keeper", person: str, words: "Notice") -> str:
    """Give the words as the person gets them: a contact's with their stop word."""
    from kuanxian.vault.contact import notice_for
    from kuanxian.vault.purposes import purpose_of

    is_contact = purpose_of(words.purpose).role == "contact"
    return notice_for(keeper, person, words) if is_contact else words.body
