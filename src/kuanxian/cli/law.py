"""``kuanxian law``: read, run, test and prove the rulebook of a country.

The other commands are in the files named ``law_…``. The law room is imported when a
command runs.
"""

import time
from typing import Any

import typer

from kuanxian.cli.law_changes import diff_rules, show_coverage
from kuanxian.cli.law_decide import decide_case
from kuanxian.cli.law_options import Country, Json, PolicyFile, Rules, load, print_json
from kuanxian.cli.law_proofs import prove_rules
from kuanxian.cli.law_read import list_rules, show_rule
from kuanxian.cli.law_schema import print_schema


def register(app: typer.Typer) -> None:
    """Add ``kuanxian law`` to the command line."""
    law = typer.Typer(
        help="Read, run, test and prove the rulebook of a country.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    law.command("list")(list_rules)
    law.command("show")(show_rule)
    law.command("decide")(decide_case)
    law.command("test")(check_rules)
    law.command("prove")(prove_rules)
    law.command("diff")(diff_rules)
    law.command("coverage")(show_coverage)
    law.command("schema")(print_schema)
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
    from kuanxian.law.load import load_theorems

    started = time.process_time()
    try:
        book = load(country, rules, policy)
        theorems = len(load_theorems(book, rules))
    except RulebookError as error:
        _show_problems(error, as_json)
        raise typer.Exit(1) from None
    figures = {
        "country": country,
        "rules": len(book.rules),
        "examples": sum(len(rule.examples) for rule in book.rules),
        "theorems": theorems,
        "facts": len(book.catalogue),
        "values": len(book.values),
        "milliseconds": round((time.process_time() - started) * 1000),
        "rulebook": book.hash,
    }
    if as_json:
        print_json(figures)
        return
    typer.echo(
        f"{figures['rules']} rules, {figures['examples']} examples, "
        f"{figures['theorems']} theorems, {figures['facts']} facts, "
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
    count = len(error.problems)
    mistakes = "1 mistake" if count == 1 else f"{count} mistakes"
    typer.echo(f"{mistakes}; nothing of this rulebook is taken", err=True)
