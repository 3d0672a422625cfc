"""``kuanxian law``: read, run, test and prove the rulebook of a country.

What each command prints for people is beside its answer for programs (``--json``). The
law room is imported when a command runs.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kuanxian.law.rulebook import Rulebook

Country = Annotated[str, typer.Option("--country", help="The country whose rules to read.")]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", help="A rules folder. By default the one that is shipped."),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="A firm's own policy file (TOML).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


def register(app: typer.Typer) -> None:
    """Add ``kuanxian law`` to the command line."""
    law = typer.Typer(
        help="Read, run, test and prove the rulebook of a country.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    law.command("test")(check_rules)
    app.add_typer(law, name="law")


def check_rules(
    country: Country = "cn", rules: Rules = None, policy: PolicyFile = None, as_json: Json = False
) -> None:
    """Check every file of a rulebook and run every example.

    Each mistake is printed with its file, its line and what to do. Exit code 1 where
    there is one.

    \b
    Examples:
      kuanxian law test
      kuanxian law test --rules rules --country cn
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.base.errors import RulebookError

    started = time.process_time()
    try:
        book = load(country, rules, policy)
    except RulebookError as error:
        _show_problems(error, as_json)
        raise typer.Exit(1) from None
    figures = {
        "country": country,
        "rules": len(book.rules),
        "examples": sum(len(rule.examples) for rule in book.rules),
        "facts": len(book.catalogue),
        "values": len(book.values),
        "milliseconds": round((time.process_time() - started) * 1000),
        "rulebook": book.hash,
    }
    if as_json:
        print_json(figures)
        return
    typer.echo(
        f"{figures['rules']} rules, {figures['examples']} examples, {figures['facts']} facts, "
        f"{figures['values']} dated values: all as they should be "
        f"({figures['milliseconds']} ms of processor time)"
    )
    typer.echo(f"rulebook {book.hash}")


def _show_problems(error: Any, as_json: bool) -> None:
    if as_json:
        keys = ("file", "line", "reason", "advice")
        print_json({"problems": [{k: getattr(one, k) for k in keys} for one in error.problems]})
        return
    for one in error.problems:
        typer.echo(f"{one.file}:{one.line}: {one.reason}")
        if one.advice:
            typer.echo(f"    {one.advice}")
    typer.echo(f"{len(error.problems)} mistakes; nothing of this rulebook is taken", err=True)


def load(country: str, rules: Path | None, policy: Path | None) -> "Rulebook":
    """Load the rulebook that the options name."""
    from kuanxian.law.rulebook import load_rulebook

    return load_rulebook(country, rules, policy)


def print_json(answer: Any) -> None:
    """Print an answer for a program: one JSON document, text as text."""
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
