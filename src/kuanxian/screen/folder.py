"""Folder: where the patterns and templates of a country are."""

import re
from importlib.resources import files
from pathlib import Path

from kuanxian.base.errors import PatternError


def screen_folder(country: str) -> Path:
    """Find the pattern files of a country.

    Raises:
        PatternError: There are none for this country.

    Example:
        >>> screen_folder("cn").name
        'screen'
    """
    return _folder(country, "screen")


def message_folder(country: str) -> Path:
    """Find the message templates of a country.

    Raises:
        PatternError: There are none for this country.
    """
    return _folder(country, "messages")


def _folder(country: str, name: str) -> Path:
    folder = Path(str(files("kuanxian"))) / "rules" / country / name
    if not re.fullmatch("[a-z]{2}", country) or not folder.is_dir():
        raise PatternError(country, f"no {name} for this country", "cn is shipped")
    return folder
