"""``kuanxian contact day``: what every case asks of tomorrow."""

from typing import Any

import typer

from kuanxian.cli.gate_place import AsJson, opened_gate, print_json


def day(context: typer.Context, as_json: AsJson = False) -> None:
    """List for each case the notices due, grants without outcome, counters near their limits.

    Cases that ask for nothing are left out. Nothing is decided or written.

    \b
    Example:
      kuanxian contact --positions closes/2026-11-25 day --json
    """  # noqa: D301 - click reads the backspace
    from kuanxian.action.agenda import agenda
    from kuanxian.action.contact.casebook import OPENED, stream_of
    from kuanxian.journal.read import read_entries
    from kuanxian.law.ask import day_of_act

    found: list[dict[str, Any]] = []
    with opened_gate(context) as gate:
        prefix = stream_of("")
        with gate.app.connect() as connection:
            opened = read_entries(connection, kind=OPENED, stream_prefix=prefix)
            cases = [entry.stream.removeprefix(prefix) for entry in opened]
        for case_id in cases:
            day_on = day_of_act(gate.book, gate.clock())
            debts = gate.read(case_id, None).case.debts
            stands = {debt: gate.ledger(debt, day_on) for debt in debts}
            known = {debt: position for debt, position in stands.items() if position is not None}
            asked = agenda(gate, case_id, known)
            if asked.notices or asked.unreported or asked.counters:
                found.append(asked.as_json())
    if as_json:
        print_json({"cases": found})
        return
    for one in found:
        typer.echo(one["case_id"])
        for notice in one["notices"]:
            typer.echo(f"  {notice['kind']}: {notice['next']} {notice['channel']}".rstrip())
        for grant in one["unreported"]:
            typer.echo(f"  no outcome: {grant['grant_id']}")
        for counter in one["counters"]:
            counted = "not known" if counter["counted"] is None else counter["counted"]
            typer.echo(
                f"  {counter['fact']} at {counter['point']}: {counted} of {counter['limit']}"
            )
    typer.echo(f"{len(cases)} cases, {len(found)} ask for something")
