"""Layout table: what stands at a key of a layout, or an error that names the place."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from kuanxian.base.errors import LayoutError


def need(fields: Iterable[str], given: Iterable[str], place: str) -> None:
    """Refuse a rule that lacks a field."""
    for name in fields:
        if name not in given:
            raise LayoutError(place, f"does not say what {name} is", f"Add {name} = ...")


def check_keys(table: dict[str, Any], keys: Iterable[str], place: str) -> None:
    """Refuse a key that means nothing, and name one that is near."""
    for key in table:
        if key not in keys:
            raise LayoutError(f"{place}.{key}", "there is no such key here", near(key, keys))


def near(word: str, words: Iterable[str]) -> str:
    """Advise the word that was probably meant."""
    close = get_close_matches(word, list(words), n=1)
    return f"Did you mean {close[0]}?" if close else ""


def table_at(table: dict[str, Any], key: str, place: str) -> dict[str, Any]:
    """Read a table, empty where there is none."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise LayoutError(f"{place}.{key}", "must be a table")
    return value


def text_at(table: dict[str, Any], key: str, place: str, default: str) -> str:
    """Read a text."""
    value = table.get(key, default)
    if not isinstance(value, str):
        raise LayoutError(f"{place}.{key}", "must be text")
    return value


def texts_at(table: dict[str, Any], key: str, place: str) -> list[str]:
    """Read a list of texts; one text is a list of one."""
    value = table.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise LayoutError(f"{place}.{key}", "must be a list of texts")
    return list(value)


def flag_at(table: dict[str, Any], key: str, place: str, *, default: bool) -> bool:
    """Read true or false."""
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise LayoutError(f"{place}.{key}", "must be true or false")
    return value
