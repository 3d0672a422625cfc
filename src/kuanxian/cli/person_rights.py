"""``kuanxian person`` again: restrict, release, erase, stop, consents, explain."""

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from kuanxian.cli.keeping import Common, now, read_typed, today

if TYPE_CHECKING:
    from kuanxian.vault.notice import Notice

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonymous id.")]
LENDER_HELP = "Of the lender, as in country.toml: bank, consumer_finance, small_loan…"
LenderType = Annotated[str, typer.Option("--lender-type", help=LENDER_HELP)]
POLICY_HELP = "A clock of retention.toml that the firm's policy follows; may be given again."
Policy = Annotated[list[str] | None, typer.Option("--policy", help=POLICY_HELP)]
DATE_HELP = (
    "When a clock's event was, where the journal does not say or is wrong: "
    "collected_on=2026-01-31, =unknown or =never; may be given again."
)
NEVER = date.min
"""There was no such event."""
WORDS: dict[str, date | None] = {"unknown": None, "never": NEVER}
ANSWER_HELP = (
    "given, refused or withdrawn; volunteered: a yes the person came with unasked; signed: one on "
    "paper, or in a file, that they signed."
)
LENDER_NAME_HELP = "The lender's name, as the notice says it; KUANXIAN_LENDER_NAME says so too."
REACH_HELP = "How the lender is reached, for the notice; KUANXIAN_LENDER_REACH says so too."
RECIPIENT_HELP = "Who else gets the data and how they are reached, for the notice."
Lender = Annotated[
    str, typer.Option("--lender", envvar="KUANXIAN_LENDER_NAME", help=LENDER_NAME_HELP)
]
Reach = Annotated[str, typer.Option("--reach", envvar="KUANXIAN_LENDER_REACH", help=REACH_HELP)]
Recipient = Annotated[str, typer.Option("--recipient", help=RECIPIENT_HELP)]


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

    When each duty began is read from the journal: cases, calls, loans. Prints the certificate
    as JSON: what was erased, and when the last backup expires; or which duty keeps it, and
    until when.

    \b
    Examples:
      kuanxian person erase p-1 --lender-type bank
      kuanxian person erase p-1 --lender-type bank --date collected_on=2026-01-31
    """  # noqa: D301 - as above
    from kuanxian.close.clock_dates import dates_of
    from kuanxian.store.roles import AUDIT
    from kuanxian.vault.people import CONTACT, held
    from kuanxian.vault.retention import check_policy, duties_of, read_clocks
    from kuanxian.vault.rights import delete_or_freeze

    on, common = today(), Common(context)
    told, clocks = _dates(dates or []), read_clocks()
    check_policy(clocks, frozenset(policy or ()))
    with common.keeper() as keeper:
        known: dict[str, date | None] = {}
        if held(keeper, person).role != CONTACT:  # whose values no duty keeps
            with common.engine(AUDIT).connect() as connection:
                known = dict(dates_of(connection, keeper.tenant, [person], on)[person])
        known = {**{name: day for name, day in known.items() if name not in told},
                 **{name: day for name, day in told.items() if day != NEVER}}  # fmt: skip
        duties = duties_of(clocks, known, on, lender_type, frozenset(policy or ()))
        done = delete_or_freeze(keeper, person, duties, on)
    typer.echo(json.dumps(done.as_json(), ensure_ascii=False, indent=2))


def _dates(words: list[str]) -> dict[str, date | None]:
    from kuanxian.base.errors import PersonError
    from kuanxian.vault.retention import read_clocks

    names = sorted({clock.starts for clock in read_clocks()})
    known: dict[str, date | None] = {}
    for word in words:
        name, _, day = word.partition("=")
        try:
            known[name] = WORDS[day] if day in WORDS else date.fromisoformat(day)
        except ValueError:
            raise PersonError("--date", "it is not name=YYYY-MM-DD, =unknown or =never") from None
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
    """Do what a contact's stop word says: it is typed like a value.

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
    purpose: Annotated[str, typer.Option(help="One purpose; alone, its notice is shown.")] = "",
    answer: Annotated[str, typer.Option(help=ANSWER_HELP)] = "",
    language: Annotated[str, typer.Option(help="Of the notice: zh-Hans or en.")] = "zh-Hans",
    lender: Lender = "",
    reach: Reach = "",
    recipient: Recipient = "",
) -> None:
    """List what a person said; show a notice; or write down one answer and print the receipt.

    The notice says who processes which data, what for, how, for how long, who else gets it, and
    how to withdraw. Its words are kept with the answer.

    \b
    Examples:
      kuanxian person consents p-1
      kuanxian person consents p-1 --purpose marketing --lender "Example" --reach 400-000-0000
      kuanxian person consents p-1 --purpose marketing --answer withdrawn
    """  # noqa: D301 - as above
    from kuanxian.vault.notice_text import Named, shipped_notice

    common = Common(context)
    if not purpose:
        _list_said(common, person)
    elif answer == "withdrawn":
        _withdraw(common, person, purpose)
    else:
        notice = shipped_notice(purpose, language, Named(lender, reach, recipient))
        if answer:
            _answer(common, person, notice, answer)
        else:
            typer.echo(notice.body, nl=False)


def _list_said(common: Common, person: str) -> None:
    from kuanxian.vault.consent import events_of

    with common.keeper() as keeper, keeper.engine.connect() as connection:
        for event in events_of(connection, keeper.tenant, person):
            typer.echo(f"{event.event_time.isoformat()} {event.purpose} {event.event_type}")


def _withdraw(common: Common, person: str, purpose: str) -> None:
    from kuanxian.vault.consent import receipt_of, withdraw_consent
    from kuanxian.vault.contact import withdraw
    from kuanxian.vault.people import held

    with common.keeper() as keeper:
        found = held(keeper, person)
        if found.purpose == purpose and found.state != "erased":
            said, _ = withdraw(keeper, person, now())
        else:
            said = withdraw_consent(keeper, person, purpose, now())
    typer.echo(json.dumps(receipt_of(said), ensure_ascii=False, indent=2))


def _answer(common: Common, person: str, notice: "Notice", answer: str) -> None:
    """Keep the words, write the answer down; a contact who says no is erased at once."""
    from kuanxian.vault.consent import answer_consent, receipt_of
    from kuanxian.vault.contact import answer_notice
    from kuanxian.vault.notice import keep_notice
    from kuanxian.vault.people import held

    with common.keeper() as keeper:
        keep_notice(keeper.engine, notice)
        if held(keeper, person).role == "contact":
            said, _ = answer_notice(keeper, person, notice, answer, now())
        else:
            said = answer_consent(keeper, person, notice, answer, now())
    typer.echo(json.dumps(receipt_of(said, notice), ensure_ascii=False, indent=2))


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
