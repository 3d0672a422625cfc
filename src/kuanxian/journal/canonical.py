"""One spelling for each value: JSON with sorted keys, no spaces, whole numbers only.

What is hashed must have one spelling, and what a court reads must be what was hashed. The
database has the same in SQL (``journal.canonical``); a test compares them.
"""

import json
from collections.abc import Iterable
from typing import Any

from kuanxian.base.errors import EntryError

NUMBER_MAX = 2**53 - 1
"""Beyond this, other languages read JSON numbers inexactly."""

BODY_BYTES_MAX = 1_048_576
DEPTH_MAX = 20
_TEXT = frozenset({str})
# Made once: `json.dumps` and `json.loads` make one for each value, or guess how it is encoded.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
)
_DECODER = json.JSONDecoder()


def encode(value: Any) -> bytes:
    """Write a value as canonical JSON.

    Args:
        value: Dictionaries with text keys, lists, text, whole numbers, booleans, None.

    Returns:
        UTF-8 bytes, at most ``BODY_BYTES_MAX``.

    Example:
        >>> encode({"b": 1, "a": "分"}).decode()
        '{"a":"分","b":1}'

    Raises:
        EntryError: There is a float, a number too large, text that is no Unicode, another
            type, or too much of it. The value itself is not quoted.
    """
    _check(value, 0)
    try:
        body = _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        raise EntryError("body", "holds half a character, which UTF-8 cannot write") from None
    if len(body) > BODY_BYTES_MAX:
        raise EntryError("body", f"is {len(body)} bytes long, more than {BODY_BYTES_MAX}")
    return body


def _check(value: Any, depth: int) -> None:
    """Refuse what has no single spelling."""
    if depth > DEPTH_MAX:
        raise EntryError("body", f"is nested more than {DEPTH_MAX} deep")
    if isinstance(value, dict):
        # The first look is the quick one.
        if not (_TEXT.issuperset(map(type, value)) or all(isinstance(key, str) for key in value)):
            raise EntryError("body", "has a key that is not text")
        _check_parts(value.values(), depth + 1)
    elif isinstance(value, list | tuple):
        _check_parts(value, depth + 1)
    elif isinstance(value, str):
        if "\x00" in value:
            raise EntryError("body", "holds a zero character, which PostgreSQL cannot hold")
    elif isinstance(value, int):
        if not isinstance(value, bool) and abs(value) > NUMBER_MAX:
            raise EntryError("body", "holds a whole number of more than 53 bits")
    elif value is not None:
        raise EntryError("body", f"holds a {type(value).__name__}, which has no single spelling")


def _check_parts(values: Iterable[Any], depth: int) -> None:
    """Check each; most are plain words, numbers and answers, and are seen to here at once."""
    for value in values:
        kind = value.__class__
        if kind is str:
            if "\x00" in value:
                _check(value, depth)
        elif kind is int:
            if not -NUMBER_MAX <= value <= NUMBER_MAX:
                _check(value, depth)
        elif kind is not bool and value is not None:
            _check(value, depth)


def decode(body: bytes) -> Any:
    """Read canonical JSON back.

    Raises:
        EntryError: The bytes are not the one spelling of a value.
    """
    try:
        # What stands after it is seen below.
        value, _ = _DECODER.raw_decode(body.decode())
    except (ValueError, RecursionError):
        raise EntryError("body", "is not JSON") from None
    if encode(value) != body:
        raise EntryError("body", "is JSON, but not in its one spelling")
    return value
