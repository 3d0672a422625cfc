"""Loan table: one table of a loan file, from its keys to the kernel's fields.

A field with a unit has two keys: ``rate_ppb`` takes the whole number, ``rate`` takes
text with the unit in it. Every error names the file, the place and what to write.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from kuanxian.base.errors import KuanxianError
from kuanxian.intake.loan_words import (
    SETTINGS,
    SWITCHES,
    read_amount,
    read_day,
    read_name,
    read_order,
    read_rate,
    read_switch,
    read_whole,
)

_ORDER: Final = "allocation_order"


def read_table(
    table: object, keys: Mapping[str, str], place: str, error: type[KuanxianError]
) -> dict[str, int]:
    """Turn a table into kernel fields; only those that were written.

    Args:
        table: What the file has at this place.
        keys: The kernel field each key fills.
        place: What to call it in an error, as in ``loan.toml: terms``.
        error: What to raise.

    Raises:
        KuanxianError: Of the class given: it is no table, or has a key that is unknown,
            given twice, or has a value that cannot be used.
    """
    if not isinstance(table, dict):
        raise error(place, "it is not a table of keys and values", "Write key = value lines.")
    figures: dict[str, int] = {}
    for key, value in table.items():
        if key not in keys:
            raise error(f"{place}.{key}", "there is no such key here", advise(key, keys))
        field = keys[key]
        if field in figures:
            raise error(f"{place}.{key}", f"{field} is given twice", "Keep one of the two.")
        figures[field] = read_value(field, key, value, place, error)
    return figures


def read_value(field: str, key: str, value: object, place: str, error: type[KuanxianError]) -> int:
    """Turn one value into the integer of a kernel field.

    Args:
        field: The kernel's name of it, as in ``rate_ppb``.
        key: The key it stands under: the field, or the field without its unit.
        value: What the file says.
        place: What to call the table in an error.
        error: What to raise.

    Raises:
        KuanxianError: Of the class given.

    Example:
        >>> read_value("rate_ppb", "rate", "18 %", "terms", KuanxianError)
        180000000
    """
    try:
        return _read(field, key, value)
    except ValueError as problem:
        reason, _, advice = str(problem).partition("\n")
        raise error(f"{place}.{key}", reason, advice) from None


def keys_of(fields: Iterable[str]) -> dict[str, str]:
    """Map every key a table may have to the kernel field it fills.

    Example:
        >>> keys_of(("rate_ppb", "instalments"))
        {'rate_ppb': 'rate_ppb', 'rate': 'rate_ppb', 'instalments': 'instalments'}
    """
    keys = {}
    for field in fields:
        keys[field] = field
        keys[field.removesuffix("_fen").removesuffix("_ppb")] = field
    return keys


def advise(key: str, known: Iterable[str]) -> str:
    """Name the key that a mistyped one was meant to be, or all there are.

    Example:
        >>> advise("princpal", ["principal", "rate"])
        'Did you mean principal?'
    """
    near = get_close_matches(key, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"The keys here are: {', '.join(known)}."


def _read(field: str, key: str, value: object) -> int:
    if field in SETTINGS:
        return read_name(SETTINGS[field], value)
    if field == _ORDER:
        return read_order(value)
    if field in SWITCHES:
        return read_switch(value)
    if field.endswith("_on"):
        return read_day(value)
    if field.endswith("_fen") and not key.endswith("_fen"):
        return read_amount(value)
    if field.endswith("_ppb") and not key.endswith("_ppb"):
        return read_rate(value)
    return read_whole(value)
