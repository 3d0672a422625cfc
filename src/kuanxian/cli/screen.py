"""``kuanxian screen``: what a message must not say."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from kuanxian.screen import Screen
    from kuanxian.screen.match import Hit

EPILOG = """\b
Examples:
  kuanxian screen message.txt
  echo '再不还就爆你通讯录' | kuanxian screen -
  kuanxian screen messages.txt --lines --json
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screen", epilog=EPILOG)(screen)


def screen(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A text file; - reads what is piped.")
    ],
    lines: Annotated[bool, typer.Option("--lines", help="Each line is a message.")] = False,
    country: Annotated[str, typer.Option(help="Whose rules.")] = "cn",
    as_json: Annotated[bool, typer.Option("--json", help="Print the hits as JSON.")] = False,
) -> None:
    """Find what a message to a borrower must not say.

    Exit code 0: nothing was found. 1: something was. 2: it could not be looked through.
    Nothing found is no approval: a person reads free text. The message is not stored and not
    logged.
    """
    from kuanxian.door.refuse import refuse_address_book
    from kuanxian.screen import load_screen
    from kuanxian.screen.folder import screen_folder

    text = _read(file)
    messages = text.splitlines() if lines else [text]
    refuse_address_book(text.encode(), "the messages", len(messages))
    loaded = load_screen(screen_folder(country))
    found = [(number, loaded.find(message)) for number, message in enumerate(messages, 1)]
    if as_json:
        told = [
            {"message": number, "hits": [_tell(hit, messages[number - 1], loaded) for hit in hits]}
            for number, hits in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for number, hits in found:
            for hit in hits:
                typer.echo(_line(number, _tell(hit, messages[number - 1], loaded)))
        total = sum(len(hits) for _, hits in found)
        typer.echo(f"{len(messages):,} messages, {total:,} hits")
        if not total:
            typer.echo("Nothing found is no approval: a person reads free text.")
    raise typer.Exit(1 if any(hits for _, hits in found) else 0)


def _tell(hit: "Hit", message: str, loaded: "Screen") -> dict[str, Any]:
    """Say what a hit is, where, and which texts forbid it."""
    category = loaded.categories[hit.category]
    return {
        **hit._asdict(),
        "said": message[hit.begin : hit.end],
        "says": {"zh": category.says_zh, "en": category.says_en},
        "sources": [asdict(one) for one in category.citations],
    }


def _line(number: int, told: dict[str, Any]) -> str:
    sources = "; ".join(
        f"{one['instrument']} {one['article']}".rstrip() + f" [{one['key']}, {one['verified']}]"
        for one in told["sources"]
    )
    return (
        f"{number}:{told['begin'] + 1}: {told['said']} — {told['says']['zh']}\n"
        f"    {told['pattern_id']}, by {told['by']}; {sources}"
    )


def _read(file: str) -> str:
    from kuanxian.base.errors import SourceError

    given = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "standard input" if file == "-" else Path(file).name
        raise SourceError(name, "not UTF-8 text", "save it as UTF-8") from error
