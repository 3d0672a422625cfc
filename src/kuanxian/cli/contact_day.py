"""``kuanxian contact day`` and ``notices``: what every case asks for; what is due, and sent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from kuanxian.cli.evening import Send, dispatch_of
from kuanxian.cli.gate_place import AsJson, opened_gate, print_json
from kuanxian.cli.keeping import Common, KeyFile, Tenant

if TYPE_CHECKING:
    from kuanxian.action.agenda import Notable
    from kuanxian.action.caseload import Left
    from kuanxian.action.contact import Gate
    from kuanxian.base.errors import CaseError


def day(context: typer.Context, as_json: AsJson = False) -> None:
    """List for each case tomorrow's windows, notices due, grants without outcome, counters.

    A line for each way to the debtor says when it is open tomorrow, or which rules keep it
    closed all day. Nothing is decided or written.

    \b
    Example:
      kuanxian contact --positions closes/2026-11-25 day --json
    """  # noqa: D301 - click reads the backspace
    from kuanxian.action.agenda import agenda
    from kuanxian.action.caseload import left_out, list_cases, load_cases, positions_of

    found = []
    with opened_gate(context) as gate, _named() as left:
        for one in load_cases(gate.app, list_cases(gate.app), left):
            with left_out(one.case_id, left):
                listed = agenda(gate, one, positions_of(gate, one.known.case))
                found.append(listed.as_json())
        if as_json:
            print_json({"cases": found})
        else:
            _tell_day(found)


@contextmanager
def _named() -> "Iterator[Left]":
    """Name each case that cannot be read once the others are done, and end with 1."""
    unreadable: dict[str, CaseError] = {}
    yield unreadable.__setitem__
    for case_id, error in sorted(unreadable.items()):
        typer.echo(f"error: {case_id}: {error.subject}: {error.reason}", err=True)
    if unreadable:
        raise typer.Exit(1)


def _tell_day(found: "Sequence[dict[str, Any]]") -> None:
    for one in found:
        _show(one)
    asking = sum(bool(one["notices"] or one["unreported"] or one["counters"]) for one in found)
    typer.echo(f"{len(found)} cases, {asking} ask for something")


def _show(one: dict[str, Any]) -> None:
    typer.echo(one["case_id"])
    for way in one["windows"]:
        spans = ", ".join(f"{_clock(span['from_at'])} to {_clock(span['until_at'])}"
                          for span in way["spans"])  # fmt: skip
        closed = f"closed: {', '.join(way['closed_by']) or way['error'] or 'no rule all day'}"
        typer.echo(f"  {way['channel']} {way['point']}: {spans or closed}")
    for notice in one["notices"]:
        typer.echo(f"  {notice['kind']}: {notice['next']} {notice['channel']}".rstrip())
    for grant in one["unreported"]:
        typer.echo(f"  no outcome: {grant['grant_id']}")
    for counter in one["counters"]:
        counted = "not known" if counter["counted"] is None else counter["counted"]
        typer.echo(f"  {counter['fact']} at {counter['point']}: {counted} of {counter['limit']}")


def _clock(at: int) -> str:
    """Write an instant for people, in UTC."""
    from kuanxian.action.contact.file_form import write_instant

    return write_instant(at)


def notices(
    context: typer.Context,
    send: Send = None,
    tenant: Tenant = "lender-1",
    keys: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Take each notice that is due one step further; without --send, say what would be next.

    Run it as often as you like: what was begun is not begun again, and what may not be sent
    now waits. A line for each notice says what became of it: accepted, refused (by which
    rules), waits, held for a person, not written.

    \b
    Examples:
      kuanxian contact --positions closes/2026-11-25 notices
      kuanxian contact --positions closes/2026-11-25 notices --send channels.toml
    """  # noqa: D301 - as above
    from kuanxian.action.caseload import list_cases
    from kuanxian.outreach.notices import send_cases

    context.obj |= {"tenant": tenant, "keys": keys, "backup_days": 35}
    with opened_gate(context) as gate, _named() as left:
        cases = list_cases(gate.app)
        if send is None:
            found = list(_due(gate, cases, left))
        else:
            with Common(context).keeper() as keeper:
                dispatch = dispatch_of(gate, keeper, send)
                found = [
                    {"case_id": case_id, **one.as_json()}
                    for case_id, sent in send_cases(
                        dispatch, cases, context.obj["actor"], left=left
                    )
                    for one in sent
                ]
        if as_json:
            print_json({"notices": found})
        else:
            _tell_notices(found, len(cases))


def _tell_notices(found: "Sequence[dict[str, Any]]", cases: int) -> None:
    for one in found:
        why = ", ".join(filter(None, (one["error"], one["failure"], *one["rules"])))
        typer.echo(f"{one['case_id']} {one['kind']}: {one['what']} {one['channel']} {why}".rstrip())
    typer.echo(f"{cases} cases, {len(found)} notices due")


def _due(gate: "Gate", cases: Sequence[str], left: "Left") -> "Iterator[dict[str, Any]]":
    """List what is due and what is next of it; nothing is proposed."""
    from kuanxian.action.agenda import agenda
    from kuanxian.action.caseload import left_out, load_cases, positions_of

    for one in load_cases(gate.app, cases, left):
        notices: Sequence[Notable] = ()
        with left_out(one.case_id, left):
            stands = positions_of(gate, one.known.case)
            notices = agenda(gate, one, stands, asked=()).notices
        for due, step in notices:
            yield {
                "case_id": one.case_id, "kind": due.kind, "key": due.key, "debt": due.debt,
                "what": step.do.value, "channel": step.channel, "attempt": step.number,
                "rules": [], "failure": "", "error": "",
            }  # fmt: skip
