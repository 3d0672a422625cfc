"""What the commands of ``kuanxian law`` share: their options, and how they answer."""

import json
import sys
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


def load(
    country: str, rules: Path | None, policy: Path | None, *, widening: bool = False
) -> "Rulebook":
    """Load the rulebook that the options name."""
    from kuanxian.law.load import load_rulebook

    return load_rulebook(country, rules, policy, widening=widening)


def print_json(answer: Any) -> None:
    """Print an answer for a program: one JSON document, text as text."""
    json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
