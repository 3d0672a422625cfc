"""``kuanxian screen``: what a message must not say."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

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
    """Find what a message to a borrower must not say. Exit code 1 where something was found.

    The message is not stored and not logged.
    """
    from kuanxian.screen import load_screen
    from kuanxian.screen.folder import screen_folder

    text = _read(file)
    loaded = load_screen(screen_folder(country))
    messages = text.splitlines() if lines else [text]
    found = [(number, loaded.find(message)) for number, message in enumerate(messages, 1)]
    if as_json:
        typer.echo(
            json.dumps(
                [
                    {"message": number, "hits": [hit._asdict() for hit in hits]}
                    for number, hits in found
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for number, hits in found:
            for hit in hits:
                category = loaded.categories[hit.category]
                cited = ", ".join(f"{one.key} [{one.verified}]" for one in category.citations)
                said = messages[number - 1][hit.begin : hit.end]
                typer.echo(f"{number}:{hit.begin + 1}: {said} — {category.says_zh} ({cited})")
        total = sum(len(hits) for _, hits in found)
        typer.echo(f"{len(messages):,} messages, {total:,} hits")
    raise typer.Exit(1 if any(hits for _, hits in found) else 0)


def _read(file: str) -> str:
    from kuanxian.base.errors import SourceError

    given = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = "standard input" if file == "-" else Path(file).name
        raise SourceError(name, "not UTF-8 text", "save it as UTF-8") from error
