"""The gate of a command: which database, whose words, which ledger; and its clock."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from kuanxian.cli.up import Data, Url, chosen_place

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kuanxian.action.contact import Gate
    from kuanxian.action.contact.ledger import Ledger

POSITIONS_HELP = "The folder of the last close; without it no message names an amount."
WORDS_HELP = "A TOML file of the lender's registered values: lender_name, complaint_channel …"
RULES_HELP = "A rules folder. By default the one that is shipped."
POLICY_HELP = "A firm's own policy for the rules (TOML), narrower than the law."
ACTOR_HELP = "Who does it: a pseudonymous id, for the journal; KUANXIAN_ACTOR says so too."

Positions = Annotated[Path | None, typer.Option("--positions", help=POSITIONS_HELP)]
Registered = Annotated[Path | None, typer.Option("--registered", help=WORDS_HELP)]
Rules = Annotated[Path | None, typer.Option("--rules", help=RULES_HELP)]
LawPolicy = Annotated[Path | None, typer.Option("--law-policy", help=POLICY_HELP)]
Country = Annotated[str, typer.Option("--country", help="Whose rules and words.")]
Actor = Annotated[str, typer.Option("--actor", envvar="KUANXIAN_ACTOR", help=ACTOR_HELP)]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON, for a program.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="A JSON file; - reads what is piped.")]
BODY_BYTES_MAX: Final = 8_388_608


def read_clock() -> int:
    """Read the clock: microseconds UTC."""
    return time.time_ns() // 1_000


def take_place(
    context: typer.Context,
    positions: Positions = None,
    registered: Registered = None,
    country: Country = "cn",
    rules: Rules = None,
    law_policy: LawPolicy = None,
    actor: Actor = "operator",
    data: Data = None,
    database_url: Url = None,
) -> None:
    """Keep the options that stand before the word of a command."""
    context.obj = {"positions": positions, "registered": registered, "country": country,
                   "rules": rules, "law_policy": law_policy, "actor": actor, "data": data,
                   "url": database_url}  # fmt: skip


@contextmanager
def app_engine(context: typer.Context, pool_max: int = 2) -> "Iterator[sa.Engine]":
    """Log in as who decides, for somebody with a pseudonymous id.

    Raises:
        SealError: Who does it has none: it would stand in the journal for good.
    """
    from kuanxian.store.place import engine, open_connection
    from kuanxian.store.roles import APP
    from kuanxian.vault.seal import check_word

    check_word("--actor", context.obj["actor"])
    place = chosen_place(context.obj["url"], context.obj["data"])
    made = engine(place, APP, pool_max=pool_max)
    open_connection(made).close()
    try:
        yield made
    finally:
        made.dispose()


@contextmanager
def opened_gate(context: typer.Context, pool_max: int = 2) -> "Iterator[Gate]":
    """Open the gate that the options name."""
    from kuanxian.action.contact import Gate
    from kuanxian.action.contact.words import Lexicon
    from kuanxian.law.load import load_rulebook
    from kuanxian.screen.registered import read_registered

    given = context.obj
    ledger = _ledger(given["positions"])

    def lexicon() -> Lexicon:
        screen, templates = _words(given["country"])
        path = given["registered"]
        return Lexicon(screen, templates, read_registered(path, screen) if path else {})

    book = load_rulebook(given["country"], given["rules"], given["law_policy"])
    with app_engine(context, pool_max) as app:
        yield Gate(app, book, lexicon, ledger, read_clock)


@cache
def _words(country: str) -> Any:
    """Read what may be said in a country, once a process: it takes a second."""
    from kuanxian.screen import load_screen
    from kuanxian.screen.folder import message_folder, screen_folder
    from kuanxian.screen.template import load_templates

    screen = load_screen(screen_folder(country))
    return screen, load_templates(message_folder(country), screen)


def _ledger(folder: Path | None) -> "Ledger":
    if folder is None:
        from kuanxian.action.contact.ledger import NoLedger

        return NoLedger()
    from kuanxian.close.ledger import CloseLedger

    return CloseLedger(folder)


def read_json(file: str) -> dict[str, Any]:
    """Read a JSON object from a file or standard input; nothing of it is quoted.

    Raises:
        SourceError: It is none.
        AddressBookError: It is shaped like an address book.
    """
    from kuanxian.base.errors import SourceError
    from kuanxian.door.refuse import refuse_address_book

    name = "standard input" if file == "-" else Path(file).name
    data = sys.stdin.buffer.read(BODY_BYTES_MAX) if file == "-" else Path(file).read_bytes()
    refuse_address_book(data, name)
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        raise SourceError(name, "not readable as JSON") from None
    if not isinstance(told, dict):
        raise SourceError(name, "its top is no object")
    return told


def form_of(kind: Any, told: dict[str, Any]) -> Any:
    """Read a form; its error names a field of ours and quotes nothing.

    Raises:
        FieldError: A field is missing, unknown or not what it must be.
    """
    from pydantic import ValidationError

    from kuanxian.api.problem import FIELDS
    from kuanxian.base.errors import FieldError

    try:
        return kind.model_validate(told)
    except ValidationError as error:
        names = [one for one in error.errors()[0]["loc"] if one in FIELDS]
        name = str(names[-1]) if names else "a field"
        advice = "See docs/reference/api.md."
        raise FieldError(name, "missing, unknown or not what it must be", advice) from None


def print_json(told: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True))
