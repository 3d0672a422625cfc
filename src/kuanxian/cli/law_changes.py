"""``kuanxian law diff`` and ``coverage``: what a change does, what the book covers."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.law_options import Country, Json, PolicyFile, Rules, load, print_json

if TYPE_CHECKING:
    from kuanxian.law.solve import Row


def diff_rules(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A rules folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="A rules folder.")],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="On this day; else today.")] = "",
    country: Country = "cn",
    policy: PolicyFile = None,
    as_json: Json = False,
) -> None:
    """Say which rows become allowed and which become blocked, with an example of each.

    \b
    Examples:
      kuanxian law diff rules-2025 rules --on 2026-11-25
      kuanxian law diff rules my-rules --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.base.days import day_number
    from kuanxian.law.diff import changes, edited_rules

    day = day_number(_day(on))
    before, after = load(country, old, policy), load(country, new, policy)
    edited = edited_rules(before, after, day)
    found = list(changes(before, after, day))
    if as_json:
        rows = [{"act": c.act, "becomes": c.becomes, "row": _row(c.row)} for c in found]
        print_json(
            {
                "old": before.hash,
                "new": after.hash,
                "rules": [{"rule": one.rule, "how": one.how} for one in edited],
                "changes": rows,
            }
        )
        return
    for one in edited:
        typer.echo(f"{one.how:8}{one.rule}")
    for change in found:
        typer.echo(f"{change.act} becomes {change.becomes}, for example where")
        typer.echo(f"    {change.row}")
    if not found:
        typer.echo("nothing becomes allowed, nothing becomes blocked")


def _day(text: str) -> datetime.date:
    from kuanxian.base.errors import LawError

    if not text:
        return datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise LawError("--on", f"{text[:20]!r} is no day", "Write 2026-11-25.") from None


def _row(row: "Row") -> dict[str, Any]:
    return {"lender_type": row.lender_type, **row.facts}


def show_coverage(
    country: Country = "cn", rules: Rules = None, policy: PolicyFile = None, as_json: Json = False
) -> None:
    """Say what became of each collected candidate, and what the rules stand on.

    Exit code 1 where a candidate has neither a rule nor a line in COVERAGE.md, is to block or
    require and has a rule that does neither, or has fewer rules on an act than it says.

    \b
    Examples:
      kuanxian law coverage
      kuanxian law coverage --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.coverage import cover

    book = load(country, rules, policy)
    found = cover(book, rules)
    if as_json:
        print_json({**found._asdict(), "candidates": [one._asdict() for one in found.candidates]})
    else:
        with_rule = sum(bool(one.rules) for one in found.candidates)
        told = sum(not one.rules and one.told for one in found.candidates)
        typer.echo(
            f"{len(found.candidates)} candidates: {with_rule} have a rule, {told} are told of in "
            f"COVERAGE.md, {len(found.missing)} are missing"
        )
        for one in found.missing:
            typer.echo(f"MISSING {one.id} [{one.mark}] {one.asks}")
        for one in found.weakened:
            typer.echo(f"LIGHTER {one.id} [{one.mark}] {one.wanted}: {', '.join(one.lighter)}")
        for one in found.narrowed:
            typer.echo(f"NARROWER {one.id} [{one.mark}] fewer rules on {', '.join(one.narrower)}")
        for title, counts in (("verdict", found.verdicts), ("mark", found.marks)):
            typer.echo(f"rules by {title}: {', '.join(f'{k} {v}' for k, v in counts.items())}")
        typer.echo(f"texts with rules: {len(found.instruments)} of {len(book.instruments)}")
        to_check = found.articles_to_check
        typer.echo(
            f"article numbers to be checked: {sum(to_check.values())} sources of "
            f"{len(to_check)} texts: {', '.join(f'{k} {v}' for k, v in to_check.items())}"
        )
        if found.acts_without_permit:
            typer.echo(f"acts that nothing permits: {', '.join(found.acts_without_permit)}")
    if found.missing or found.weakened or found.narrowed:
        raise typer.Exit(1)
