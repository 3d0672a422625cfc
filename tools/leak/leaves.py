"""Leaves: every command there is, with the words that lead to it."""

from collections.abc import Iterator
from typing import Any

import typer

from kuanxian.cli.main import build


def leaves() -> list[tuple[str, ...]]:
    """List the commands: ``("journal", "take")``."""
    return list(_walk(typer.main.get_command(build()), ()))


def _walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield words
        return
    for name, one in below.items():
        yield from _walk(one, (*words, name))


def leaf_of(words: tuple[str, ...], known: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Find which command was typed; empty where none was."""
    return next((leaf for leaf in known if words[: len(leaf)] == leaf), ())
