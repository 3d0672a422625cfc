"""Case text: bytes of a case file into plain JSON values, strictly.

A case file decides what may happen to a person, so nothing in it is guessed: a key given
twice, a float, ``NaN``, a number past 64 bits, text that is not UTF-8 or nesting without end
is refused, each with one sentence.
"""

import json
from typing import Any, Final, NoReturn

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.errors import CaseFileError

CASE_BYTES_MAX: Final = 10_000_000
"""Largest case file, in bytes. A case is one lender's dealings with one debtor."""

_DEPTH_MAX: Final = 12
"""Deepest nesting; a case file needs four levels."""


def parse_case_text(content: bytes, name: str) -> dict[str, Any]:
    """Parse the bytes of a case file.

    Args:
        content: The whole file.
        name: What to call it in an error.

    Returns:
        The top object: text, whole numbers, true, false, lists and objects, no ``null``.

    Raises:
        CaseFileError: It is larger than 10 MB, not UTF-8, or not strict JSON.

    Example:
        >>> parse_case_text(b'{"format": "kuanxian-case-1"}', "case.json")
        {'format': 'kuanxian-case-1'}
    """
    if len(content) > CASE_BYTES_MAX:
        advice = "A case file holds one debtor; give one file a debtor."
        raise CaseFileError(name, "the file is larger than 10 MB", advice)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} is not UTF-8"
        raise CaseFileError(name, reason, "Save the file as UTF-8.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_refuse_twice,
            parse_constant=_refuse_constant,
            parse_float=_refuse_float,
            parse_int=_read_int,
        )
        _refuse_deep(value, _DEPTH_MAX)
    except RecursionError:
        raise CaseFileError(name, "it is nested too deeply", "Write plain tables.") from None
    except ValueError as error:
        raise CaseFileError(name, f"it is not JSON: {error}", "Correct that place.") from None
    if not isinstance(value, dict):
        raise CaseFileError(name, "it is not one object", "Begin it with a brace.")
    return value


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:40]!a} is given twice in one object")
    return table


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _refuse_float(word: str) -> NoReturn:
    raise ValueError(f"{word[:20]} is not a whole number; money is whole fen, rates are ppb")


def _read_int(word: str) -> int:
    if len(word) > 20 or abs(int(word)) > INT64_MAX:
        raise ValueError(f"the number {word[:8]}... has more than 64 bits")
    return int(word)


def _refuse_deep(value: object, levels: int) -> None:
    """Refuse nesting no case file needs, before anything walks it."""
    if levels == 0:
        raise ValueError(f"it is nested deeper than {_DEPTH_MAX} levels")
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_deep(inner, levels - 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_deep(inner, levels - 1)
