"""Registered values: what the lender calls itself and where it is reached, in forms.

They stand in messages word by word, so none has room for a sentence: a number is digits, a
name is short and has none.
"""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import SourceError
from kuanxian.screen.load import Screen
from kuanxian.screen.template import TAIL

NAME_CHARACTERS_MAX: Final = 40
NUMBERS: Final = ("callback_number", "complaint_channel", "regulator_line")
"""The values that are telephone numbers; every other is a name."""
OF_EACH: Final = ("agency_name", "assignee_name", "contract_tail")
"""The values of which a party or a debt may have its own: a table, by its id."""

_NUMBER: Final = re.compile(r"\+?[0-9](?:[ -]?[0-9]){2,17}")
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ()（）·&-])*")


def read_registered(path: Path, screen: Screen) -> dict[str, str]:
    """Read the lender's registered values.

    Args:
        path: A TOML file, a value a line; or of ``OF_EACH`` a table of values by id.
        screen: What no message may say.

    Returns:
        By name; what is one party's or one debt's by name, a dot and its id.

    Raises:
        SourceError: It is none, or a value has not the form of its name. It is not quoted.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SourceError(path.name, "not readable as TOML") from None
    for name in OF_EACH:
        if isinstance(told.get(name), dict):
            told |= {f"{name}.{of}": value for of, value in told.pop(name).items()}
    for name, value in told.items():
        _check(path, name, value, screen)
    return told


def _check(path: Path, name: str, value: Any, screen: Screen) -> None:
    """Refuse a value that has not the form of its name.

    Raises:
        SourceError: It has not.
    """
    if not isinstance(value, str):
        raise SourceError(path.name, "a value is no text", 'Write name = "value".')
    if name.startswith("contract_tail"):
        if name == "contract_tail" or not TAIL.fullmatch(value):
            advice = 'Write a table of its own, with id = "tail": one to four letters or digits.'
            raise SourceError(path.name, f"{name} is no tail of a debt", advice)
    elif name in NUMBERS and not _NUMBER.fullmatch(value):
        advice = "Write digits, with + before them and spaces or - between."
        raise SourceError(path.name, f"{name} is no telephone number", advice)
    elif name not in NUMBERS and not _is_name(value, screen):
        advice = f"Write at most {NAME_CHARACTERS_MAX} letters, no digits and no sentence."
        raise SourceError(path.name, f"{name} is no name", advice)


def _is_name(value: str, screen: Screen) -> bool:
    fits = len(value) <= NAME_CHARACTERS_MAX and _NAME.fullmatch(value) is not None
    return fits and not screen.find(value)
