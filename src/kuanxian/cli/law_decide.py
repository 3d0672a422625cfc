"""``kuanxian law decide``: one case file, one act, an answer with its grounds."""

import datetime
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kuanxian.cli.law_options import Json, PolicyFile, Rules, print_json
from kuanxian.cli.loan_words import Language, default_language

if TYPE_CHECKING:
    from kuanxian.law.rulebook import Rulebook

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


Days = Annotated[
    int,
    typer.Option(
        "--next", min=0, max=366, help="Look this many days ahead for when it is allowed."
    ),
]


class Audience(StrEnum):
    """Who reads the answer."""

    OFFICER = "officer"
    BORROWER = "borrower"
    REGULATOR = "regulator"


def decide_case(
    file: Annotated[
        str, typer.Argument(metavar="CASE", help="A case file (JSON); - reads standard input.")
    ],
    at: Annotated[
        str, typer.Option("--at", metavar="INSTANT", help="Decide at another instant (ISO 8601).")
    ] = "",
    country: Annotated[
        str, typer.Option("--country", help="By default the country the case names.")
    ] = "",
    days: Days = 7,
    to: Annotated[Audience, typer.Option("--for", help="Who reads it.")] = Audience.OFFICER,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="zh or en. By default that of LANG.")
    ] = None,
    rules: Rules = None,
    policy: PolicyFile = None,
    as_json: Json = False,
) -> None:
    """Decide the act of a case file, and say why.

    Exit code 0 whether it is allowed or not: the answer is what is printed. Where a country
    has no rulebook, the answer is no.

    \b
    Examples:
      kuanxian law decide case.json
      kuanxian law decide case.json --at 2026-11-25T22:00:00+08:00 --json
      kuanxian law decide case.json --for borrower --lang zh
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.door.refuse import refuse_address_book
    from kuanxian.law.answer import case_answer
    from kuanxian.law.ask import ask, next_allowed
    from kuanxian.law.case_file import case_of
    from kuanxian.law.case_text import parse_case_text
    from kuanxian.law.explain import explain
    from kuanxian.law.for_case import load_for_case
    from kuanxian.law.timeline import undeclared_groups

    name = Path(file).name
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    refuse_address_book(content, name)
    top = parse_case_text(content, name)
    book = load_for_case(country or str(top.get("country", "cn")), rules, policy)
    case = case_of(top, name, _stated(book))
    instant = _read_instant(at) if at else case.at
    decision = ask(book, case, None, instant)
    until = instant + days * 86_400_000_000
    following = None if decision.allowed or not days else next_allowed(
        book, case, None, instant, until
    )  # fmt: skip
    undeclared = undeclared_groups(case, decision.missing)
    if as_json:
        answer = case_answer(decision, book, instant, following)
        print_json(answer | {"undeclared": list(undeclared)})
        return
    language = lang or default_language()
    typer.echo("\n".join(explain(decision, language, to)))
    if following is not None:
        shown = show_instant(following, book.country.zone)
        words = (
            "此后可以（如无新情况）"
            if language == "zh"
            else "allowed from, if nothing more happens"
        )
        typer.echo(f"{words}: {shown}")
    _show_undeclared(undeclared, language)
    typer.echo(f"rulebook {book.hash}")


def _show_undeclared(groups: tuple[str, ...], language: str) -> None:
    """Say which groups of events the case would have to declare complete, if any."""
    words = {
        "zh": "案卷未声明完整（complete），故不知",
        "en": "unknown because the case does not declare complete",
    }
    if groups:
        typer.echo(f"{words[language]}: {', '.join(groups)}")


def _stated(book: "Rulebook") -> Any:
    from kuanxian.law.case_stated import stated_fields

    return stated_fields(book.catalogue)


def _read_instant(text: str) -> int:
    """Read an instant with its offset; microseconds UTC."""
    from kuanxian.base.errors import LawError
    from kuanxian.law.case_values import INSTANT_US_MAX

    try:
        read = datetime.datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise LawError("--at", f"{text[:40]!r} is no instant", "Write 2026-11-25T21:55:00+08:00.")
    instant = (read - _EPOCH) // _MICROSECOND
    if not 0 <= instant < INSTANT_US_MAX:
        raise LawError("--at", "it is not between 1970 and 2199", "Check the year.")
    return instant


def show_instant(at: int, zone: str) -> str:
    """Write an instant as the clock of a zone shows it."""
    from zoneinfo import ZoneInfo

    local = (_EPOCH + at * _MICROSECOND).astimezone(ZoneInfo(zone))
    return local.isoformat(timespec="minutes")
