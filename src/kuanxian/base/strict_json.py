"""Strict JSON: the bytes of a file into one plain object, each mistake told in one sentence.

What decides something about a person is not guessed at: a key given twice, ``NaN``, nesting
without end and text that is not UTF-8 are refused, and, where a file holds whole numbers
only, a fraction and a number past 64 bits.
"""

import json
from typing import Any, Final, NoReturn

from kuanxian.base.bounds import INT64_MAX
from kuanxian.base.errors import KuanxianError
from kuanxian.base.personal import MASK

DEPTH_MAX: Final = 12
"""Deepest nesting; a case file needs four levels, a loan file three."""
DIGITS_MAX: Final = 4_000
"""Longest whole number that is left to a reader; Python itself stops a little later."""
NUMBER_DIGITS_MIN: Final = 7
"""No telephone, identity or card number is shorter."""


def decode_text(content: bytes, name: str, error: type[KuanxianError]) -> str:
    r"""Decode UTF-8, with or without a byte order mark.

    Args:
        content: The whole file.
        name: What to call it in an error.
        error: What to raise.

    Raises:
        KuanxianError: It is not UTF-8; the error is of the given class.

    Example:
        >>> decode_text(b"\xef\xbb\xbfa = 1", "loan.toml", KuanxianError)
        'a = 1'
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as caught:
        reason = f"byte {caught.start + 1} is not UTF-8"
        raise error(name, reason, "Save the file as UTF-8.") from None


def parse_object(
    text: str, name: str, error: type[KuanxianError], *, whole: bool
) -> dict[str, Any]:
    """Parse the text of a JSON file whose top is an object.

    Args:
        text: The whole file.
        name: What to call it in an error.
        error: What to raise.
        whole: Refuse every number that is not whole or does not fit in 64 bits; otherwise
            numbers are left to the reader, who can name their key.

    Raises:
        KuanxianError: It is not strict JSON; the error is of the given class.

    Example:
        >>> parse_object('{"a": [1, null]}', "case.json", KuanxianError, whole=True)
        {'a': [1, None]}
        >>> parse_object('{"a": 0.5}', "case.json", KuanxianError, whole=True)
        Traceback (most recent call last):
        kuanxian.base.errors.KuanxianError: case.json: it is not JSON: 0.5 is not a whole \
number; money is whole fen, rates are ppb: Correct that place.
    """
    numbers: dict[str, Any] = {"parse_int": _read_short_int}
    if whole:
        numbers = {"parse_float": _refuse_float, "parse_int": _read_int}
    try:
        value = json.loads(
            text,
            object_pairs_hook=_refuse_twice,
            parse_constant=_refuse_constant,
            **numbers,
        )
        _refuse_deep(value, DEPTH_MAX)
    except RecursionError:
        raise error(name, "it is nested too deeply", "Write plain tables.") from None
    except ValueError as caught:
        raise error(name, f"it is not JSON: {caught}", "Correct that place.") from None
    if not isinstance(value, dict):
        raise error(name, "it is not one object", "Begin it with a brace.")
    return value


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {_shown(ascii(twice))} is given twice in one object")
    return table


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number")


def _refuse_float(word: str) -> NoReturn:
    raise ValueError(f"{_shown(word)} is not a whole number; money is whole fen, rates are ppb")


def _read_int(word: str) -> int:
    if len(word) > 20 or abs(int(word)) > INT64_MAX:
        raise ValueError("a number has more than 64 bits")
    return int(word)


def _read_short_int(word: str) -> int:
    if len(word) > DIGITS_MAX:
        raise ValueError(f"a number has more than {DIGITS_MAX} digits")
    return int(word)


def _shown(word: str) -> str:
    """Say a word again, unless it could be somebody's number, or hold one."""
    digits = sum(character.isdigit() for character in word)
    return word[:40] if digits < NUMBER_DIGITS_MIN else MASK


def _refuse_deep(value: object, levels: int) -> None:
    """Refuse nesting no file needs, before anything walks it."""
    if levels == 0:
        raise ValueError(f"it is nested deeper than {DEPTH_MAX} levels")
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        _refuse_deep(inner, levels - 1)
