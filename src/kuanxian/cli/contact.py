"""``kuanxian contact``: propose an act, report an outcome, ask for windows, open a case."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.contact_day import day, notices
from kuanxian.cli.contact_reports import arrived, heard
from kuanxian.cli.contact_send import send
from kuanxian.cli.gate_place import (
    AsJson,
    File,
    form_of,
    opened_gate,
    print_json,
    read_json,
    take_place,
)

if TYPE_CHECKING:
    from kuanxian.action.contact import Gate
    from kuanxian.api.forms import FiledOutcomeForm

KEY_HELP = "The same word on every retry: what was kept is not kept twice."
EXIT_REFUSED = 1

EPILOG = """\b
Examples:
  kuanxian contact open-case case.json --id case-17
  kuanxian contact propose call.json --key k-1
  kuanxian contact outcome outcome.json
  kuanxian contact windows asked.json --days 7
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    contact = typer.Typer(no_args_is_help=True, help="The gate: reach a borrower lawfully.")
    contact.callback()(take_place)
    contact.command("propose")(propose)
    contact.command("send")(send)
    contact.command("outcome")(outcome)
    contact.command("windows")(windows)
    contact.command("open-case")(open_case)
    contact.command("add")(add)
    contact.command("state")(state)
    contact.command("answers")(answers)
    contact.command("day")(day)
    contact.command("notices")(notices)
    contact.command("heard")(heard)
    contact.command("arrived")(arrived)
    app.add_typer(contact, name="contact", epilog=EPILOG)


def propose(
    context: typer.Context,
    file: File,
    key: Annotated[str, typer.Option("--key", help=KEY_HELP)],
    as_json: AsJson = False,
) -> None:
    """Decide on an act and reserve it where it is allowed. Exit code 1 where it is not.

    FILE holds a proposal as POST /v1/contacts takes it.

    \b
    Example:
      kuanxian contact propose call.json --key k-1 --json
    """  # noqa: D301 - click reads the backspace
    from kuanxian.api.forms import ProposalForm
    from kuanxian.api.shown import answer_shown

    form = form_of(ProposalForm, read_json(file))
    with opened_gate(context) as gate:
        answer = gate.propose(form.as_proposal(key))
    if as_json:
        print_json(answer_shown(answer))
    else:
        typer.echo(f"{answer.verdict}: {answer.decision_id}")
        for reason in answer.reasons:
            typer.echo(f"  {reason.rule} ({reason.verdict}, {reason.outcome}) {reason.source}")
        if answer.missing:
            typer.echo(f"  not known: {', '.join(answer.missing)}")
    raise typer.Exit(0 if answer.allowed else EXIT_REFUSED)


def outcome(context: typer.Context, file: File, as_json: AsJson = False) -> None:
    """Report what became of a granted act.

    FILE holds an outcome as the API takes it, and case_id, grant_id and by. Where it is refused,
    the signs in it are taken in all the same.

    \b
    Example:
      kuanxian contact outcome outcome.json
    """  # noqa: D301 - as above
    from kuanxian.action.contact.granted import case_of_grant
    from kuanxian.action.contact.outcome import Report, keep_signs, report
    from kuanxian.base.errors import FieldError

    told = read_json(file)
    sent = told.get("grant_id")
    # What is not printable is no id, and half a character could not even be looked for.
    grant_id = sent if isinstance(sent, str) and sent.isprintable() else ""
    with opened_gate(context) as gate:
        case_id = case_of_grant(gate, grant_id)
        try:
            form = _filed(gate, told, case_id)
        except FieldError as error:
            teller = Report(grant_id, "", gate.clock(), "", context.obj["actor"])
            kept = ", ".join(keep_signs(gate, case_id, told, teller))
            more = f" Taken in all the same: {kept}." if kept else ""
            raise FieldError(error.subject, error.reason, error.advice + more) from None
        version = report(gate, form.case_id, form.as_report(form.grant_id, form.by))
    if as_json:
        print_json({"grant_id": form.grant_id, "case_version": version})
    else:
        typer.echo(f"{form.grant_id}: in {form.case_id}, version {version}")


def _filed(gate: "Gate", told: dict[str, Any], case_id: str | None) -> "FiledOutcomeForm":
    """Read an outcome from a file, of the grant that it names.

    Raises:
        FieldError: A field is not what it must be, or of another case or party than the grant.
    """
    from kuanxian.api.forms import FiledOutcomeForm
    from kuanxian.base.errors import FieldError

    form: FiledOutcomeForm = form_of(FiledOutcomeForm, told)
    if case_id is not None:
        attempt = gate.read(case_id).file.grants[form.grant_id]["attempt"]
        for field, right in (("case_id", case_id), ("by", attempt["by"])):
            if getattr(form, field) != right:
                raise FieldError(field, "is not that of the grant", "Name whose it is.")
    return form


def windows(
    context: typer.Context,
    file: File,
    days: Annotated[int, typer.Option(help="How far to look ahead.", min=1, max=31)] = 7,
    as_json: AsJson = False,
) -> None:
    """Say by which acts the people of a case could be reached, when, and what shuts the rest.

    FILE holds case_id and by, and what narrows it down: to, act, channel, point, purpose, debt,
    collector, template. Or a proposal, for its windows alone. Nothing is decided or written.

    \b
    Example:
      kuanxian contact windows asked.json --days 7
    """  # noqa: D301 - as above
    from kuanxian.action.contact.ways import Asked, Way, ways
    from kuanxian.action.contact.windows import windows as find
    from kuanxian.api.forms import AskedForm, ProposalForm
    from kuanxian.api.shown import ways_shown

    told = read_json(file)
    form = form_of(ProposalForm if "officer" in told else AskedForm, told)
    with opened_gate(context) as gate:
        if "officer" in told:
            proposal = form.as_proposal("-")
            found = [Way(proposal, find(gate, proposal, days), None)]
        else:
            found = ways(gate, Asked(**form.model_dump()), days)
        shown = ways_shown(found, gate.book)
    if as_json:
        print_json(shown)
    else:
        _print_ways(shown)


def _print_ways(shown: dict[str, Any]) -> None:
    for way in shown["ways"]:
        typer.echo(f"{way['to']} by {way['channel']} at {way.get('point', '-')}:")
        if "problem" in way:
            typer.echo(f"  cannot be proposed: {way['problem']['detail']}")
        for span in way.get("open", ()):
            typer.echo(f"  open {span['from_at']} to {span['until_at']}")
        for span in way.get("shut", ()):
            rules = ", ".join(by["rule"] for by in span["by"])
            typer.echo(f"  shut {span['from_at']} to {span['until_at']}: {rules}")
        if "foreseen_at" in way:
            typer.echo(f"  from {way['foreseen_at']} on: if nothing is paid")
    for name, rule in shown["rules"].items():
        typer.echo(f"{name}: {rule['source']}")


def open_case(
    context: typer.Context,
    file: File,
    case_id: Annotated[str, typer.Option("--id", help="Its id from now on.")],
    tenant: Annotated[str, typer.Option(envvar="KUANXIAN_TENANT", help="The lender.")] = "lender-1",
) -> None:
    """Open a case: who is who, and what is already known, as in a case file.

    \b
    Example:
      kuanxian contact open-case case.json --id case-17
    """  # noqa: D301 - as above
    from kuanxian.action.contact.typed import open_typed
    from kuanxian.vault.seal import check_word

    told = read_json(file)
    check_word("--id", case_id)
    with opened_gate(context) as gate:
        open_typed(gate, case_id, told, tenant=tenant, actor=context.obj["actor"])
    typer.echo(f"{case_id}: open")


def add(
    context: typer.Context,
    file: File,
    case_id: Annotated[str, typer.Option("--id", help="Which case.")],
    key: Annotated[str, typer.Option("--key", help=KEY_HELP)],
) -> None:
    """Add people, points, parties, debts, consents and events to a case.

    \b
    Example:
      kuanxian contact add news.json --id case-17 --key 2026-11-25-1
    """  # noqa: D301 - as above
    from kuanxian.action.contact.typed import add_typed

    told = read_json(file)
    with opened_gate(context) as gate:
        add_typed(gate, case_id, told, key=key, actor=context.obj["actor"])
    typer.echo(f"{case_id}: taken in")


def state(
    context: typer.Context,
    file: File,
    case_id: Annotated[str, typer.Option("--id", help="A case that has them.")],
    of: Annotated[str, typer.Option("--of", help="A party or a person of the case.")],
    key: Annotated[str, typer.Option("--key", help=KEY_HELP)],
) -> None:
    """State what only the lender's record tells of a party or a person.

    FILE holds facts by their names; null: not known any more. What is stated of a party holds in
    every case of the lender, what is stated of a person in this case.

    \b
    Example:
      kuanxian contact state agency.json --id case-17 --of a-1 --key a-1-2026
    """  # noqa: D301 - as above
    from kuanxian.action.contact.typed import state_typed

    told = read_json(file)
    with opened_gate(context) as gate:
        state_typed(gate, case_id, of, told, key=key, actor=context.obj["actor"])
    typer.echo(f"{case_id}: on record")


def answers(
    context: typer.Context,
    case_id: Annotated[str, typer.Argument(metavar="CASE", help="Which case.")],
) -> None:
    """Take into a case what its people told the vault: a notice read, a yes, a no, a stop.

    \b
    Example:
      kuanxian contact answers case-17
    """  # noqa: D301 - as above
    from kuanxian.action.contact.answers import take_answers

    with opened_gate(context) as gate:
        taken = take_answers(gate, case_id, context.obj["actor"])
    typer.echo(f"{case_id}: {taken} taken in")
