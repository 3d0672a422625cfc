"""``kuanxian loan``: schedule, position, pay-off and annual rate of one loan file.

What to print lives in ``loan_pages`` (for people) and ``loan_answers`` (for programs).
The kernel is imported when a command runs, Rich when a table is printed.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.loan_words import Language, default_language

if TYPE_CHECKING:
    from kuanxian.intake.loan_file import LoanFile

_FILE_HELP = "A loan file, TOML or JSON; - reads standard input."
_JSON_HELP = "Print JSON for a program instead of a table."
_LANG_HELP = "Language of the table: zh or en. By default that of LANG."

File = Annotated[str, typer.Argument(metavar="FILE", help=_FILE_HELP, show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=_JSON_HELP)]
Lang = Annotated[Language | None, typer.Option("--lang", help=_LANG_HELP, show_default=False)]


class Convention(StrEnum):
    """The ways to reckon an annual rate, as ``--convention`` takes them."""

    NOMINAL = "nominal"
    EFFECTIVE = "effective"
    SIMPLE = "simple"
    US_ACTUARIAL = "us-actuarial"
    EU = "eu"
    CN_SIMPLE = "cn-simple"
    CN_COMPOUND = "cn-compound"


def register(app: typer.Typer) -> None:
    """Add ``kuanxian loan`` to the command line."""
    loan = typer.Typer(
        help="Work out one loan from a file of its terms and events.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    loan.command("schedule")(show_schedule)
    loan.command("position")(show_position)
    loan.command("payoff")(show_payoff)
    loan.command("apr")(show_apr)
    app.add_typer(loan, name="loan")


def show_schedule(
    file: File,
    promised: Annotated[
        bool,
        typer.Option("--promised", help="The contract alone, as corrected; not what happened."),
    ] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List the instalments, as the events of the file left them or as promised.

    \b
    Examples:
      kuanxian loan schedule loan.toml
      kuanxian loan schedule loan.toml --json
      cat loan.json | kuanxian loan schedule -
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.cli import loan_answers
    from kuanxian.cli.loan_rates import promised_loan
    from kuanxian.loan import schedule

    loan = promised_loan(_read(file)) if promised else _read(file)
    rows = schedule(loan.terms, loan.conventions, loan.events)
    if as_json:
        _print_json(loan_answers.schedule_answer(rows))
        return
    from kuanxian.cli import loan_pages

    _print(loan_pages.schedule_page(rows, lang or default_language()))


def show_position(
    file: File,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DAY", help="At the close of this day.")],
    trace: Annotated[
        bool, typer.Option("--trace", help="Tell how each fen came to be, a sentence each.")
    ] = False,
    known_on: Annotated[
        str,
        typer.Option(
            "--known-on",
            metavar="DAY",
            help="Leave out what was recorded later.",
            show_default=False,
        ),
    ] = "2199-12-31",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Say where the loan stands at the close of a day, and with --trace why.

    \b
    Examples:
      kuanxian loan position loan.toml --as-of 2026-11-24
      kuanxian loan position loan.toml --as-of 2026-11-24 --trace --lang zh
      kuanxian loan position loan.toml --as-of 2026-11-24 --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.cli import loan_answers
    from kuanxian.loan import position
    from kuanxian.loan import trace as trace_of

    loan = _read(file)
    contract = (loan.terms, loan.conventions, loan.events)
    as_of_on = _day(as_of, "--as-of")
    known = _day(known_on, "--known-on")
    at = position(*contract, as_of_on=as_of_on, policy=loan.policy, known_on=known)
    entries = trace_of(*contract, as_of_on=as_of_on, known_on=known) if trace else None
    if as_json:
        _print_json(loan_answers.position_answer(as_of_on, at, entries, loan))
        return
    from kuanxian.cli import loan_pages, loan_story

    language = lang or default_language()
    _print(loan_pages.position_page(as_of_on, at, language))
    for line in loan_story.tell(entries or (), loan, language):
        typer.echo(line)


def show_payoff(
    file: File,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="The day of settlement.")],
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Quote what settles the loan on a day, part by part.

    \b
    Examples:
      kuanxian loan payoff loan.toml --on 2026-11-24
      kuanxian loan payoff loan.toml --on 2026-11-24 --json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.cli import loan_answers
    from kuanxian.loan import payoff

    loan = _read(file)
    on_day = _day(on, "--on")
    quote = payoff(loan.terms, loan.conventions, loan.events, on=on_day)
    if as_json:
        _print_json(loan_answers.payoff_answer(on_day, quote))
        return
    from kuanxian.cli import loan_pages

    _print(loan_pages.payoff_page(on_day, quote, lang or default_language()))


def show_apr(
    file: File,
    convention: Annotated[
        list[Convention] | None,
        typer.Option(
            "--convention", "-c", help="Only this one; may be given again.", show_default=False
        ),
    ] = None,
    upfront_fee: Annotated[
        str,
        typer.Option(
            "--upfront-fee", metavar="YUAN", help="A fee kept back on the day of disbursement."
        ),
    ] = "0.00",
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Work out the annual rate of the contract, each way it can be stated.

    The contract alone counts: principal in, instalments out, on the days of the
    schedule before any is moved off a day off. Of the events only corrections and the rows of
    a given schedule count. A disclosure, not legal advice.

    \b
    Examples:
      kuanxian loan apr loan.toml
      kuanxian loan apr loan.toml --convention cn-compound --json
      kuanxian loan apr loan.toml --upfront-fee 1000.00
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.cli import loan_answers
    from kuanxian.cli.loan_rates import contract_rates
    from kuanxian.loan.apr import AprMethod

    loan = _read(file)
    names = [one.name for one in convention or list(Convention)]
    rates = contract_rates(
        loan, [AprMethod[name] for name in names], upfront_fee, strict=bool(convention)
    )
    if as_json:
        _print_json(loan_answers.apr_answer(rates))
        return
    from kuanxian.cli import loan_pages

    _print(loan_pages.apr_page(rates, lang or default_language()))


def _read(file: str) -> "LoanFile":
    """Read a loan file, or standard input for ``-``."""
    import sys
    from pathlib import Path

    from kuanxian.intake.loan_file import read_loan_file, read_loan_stream

    if file == "-":
        return read_loan_stream(sys.stdin.buffer, "standard input")
    return read_loan_file(Path(file))


def _day(text: str, option: str) -> int:
    from kuanxian.base.days import NO_DAY
    from kuanxian.intake.loan_words import read_day

    try:
        day_on = read_day(text)
    except ValueError:
        day_on = NO_DAY
    if day_on == NO_DAY:
        reason = f"{text!r} is not a day between 1970 and 2199. Write it as 2026-03-01."
        raise typer.BadParameter(reason, param_hint=option)
    return day_on


def _print_json(answer: dict[str, Any]) -> None:
    import json

    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _print(parts: Iterable[Any]) -> None:
    """Print tables and lines for a person, wide enough where nobody's screen limits them."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = 120
    for part in parts:
        console.print(part)
