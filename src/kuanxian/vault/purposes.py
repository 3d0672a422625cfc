"""Purposes: what a person may be asked to consent to, and what the notice says."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import ConsentError

FILE: Final = Path(__file__).with_name("purposes.toml")


class Purpose(NamedTuple):
    """One purpose, for one kind of person."""

    code: str
    role: str
    """``debtor`` or ``contact``."""
    fields: tuple[str, ...]
    """Which fields of the vault it uses."""
    recipients: tuple[str, ...]
    retention: str
    blocks_service: bool
    """Whether service may depend on it; false for all: refusing costs the person nothing."""
    asks_again_days: int
    """After a refusal, not asked again for so many days; 0: never again."""
    basis: str
    """The text that asks for the consent, with its verification mark."""
    zh: str
    en: str
    sensitive: bool = False


@cache
def purposes() -> dict[str, Purpose]:
    """Read every purpose there is.

    Example:
        >>> sorted(code for code, one in purposes().items() if one.role == "contact")
        ['pass_message', 'restore_contact']
    """
    read = tomllib.loads(FILE.read_text("utf-8"))["purpose"]
    return {code: _purpose(code, words) for code, words in read.items()}


def _purpose(code: str, words: dict[str, Any]) -> Purpose:
    listed = {key: tuple(words[key]) for key in ("fields", "recipients")}
    return Purpose(code, **{**words, **listed})


def purpose_of(code: str, role: str = "") -> Purpose:
    """Give one purpose.

    Raises:
        ConsentError: There is none of that code, it is for others, or it bundles several.
    """
    found = purposes().get(code)
    if found is None:
        advice = f"One of {', '.join(purposes())}: one purpose a consent."
        raise ConsentError("purpose", "there is no such purpose", advice)
    if role and found.role != role:
        raise ConsentError("purpose", f"it is for a {found.role}, not for a {role}")
    return found
