"""Bodies: JSON of one reading, small and shallow, that is no address book."""

import json
from typing import Any, Final, NoReturn

from kuanxian.api.problem import FIELDS, Problem, problem_of
from kuanxian.base.errors import AddressBookError
from kuanxian.door.refuse import refuse_address_book

BODY_BYTES_MAX: Final = 65_536
SHORT_CHARACTERS: Final = 100
OURS: Final = FIELDS - {"text"}
"""Fields that hold an id, a word, a slot or more such fields; free text may be anything."""
DEPTH_MAX: Final = 8
"""So deep may objects and lists be nested; a batch needs five."""


def check_body(data: bytes, media_type: str) -> None:
    r"""Refuse a body that is not what it must be; nothing of it is quoted.

    Args:
        data: All of it, at most ``BODY_BYTES_MAX`` bytes.
        media_type: What the caller says it is.

    Raises:
        Problem: ``address-book``, ``type-refused`` or ``json-refused``.

    Example:
        >>> check_body(b'{"a": 1}', "application/json")
        >>> check_body(b'{"a": 1, "a": 2}', "application/json")
        Traceback (most recent call last):
        kuanxian.api.problem.Problem: json-refused
    """
    try:
        told = _read(data, media_type)
    except Problem:
        _refuse_book(data)
        raise
    if not _is_ours(told):
        _refuse_book(data)


def _refuse_book(data: bytes) -> None:
    try:
        refuse_address_book(data, "the body")
    except AddressBookError as error:
        raise problem_of(error) from None


def _is_ours(told: dict[str, Any]) -> bool:
    """Say whether a body has our own fields alone, and in them nothing longer than an id.

    Then it is no address book in any dress, and need not be searched for one: every field is
    an id, a word or a slot, and none of them takes a person's number.
    """
    left: list[Any] = [told]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            slots = one.get("values")
            if not one.keys() <= OURS or not isinstance(slots, dict | None):
                return False
            left += (value for name, value in one.items() if name != "values")
            left += (slots or {}).values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, str) and len(one) > SHORT_CHARACTERS:
            return False
    return True


def _read(data: bytes, media_type: str) -> dict[str, Any]:
    """Read it strictly.

    Raises:
        Problem: ``type-refused`` or ``json-refused``.
    """
    kind, _, parameters = media_type.partition(";")
    charset = parameters.strip().lower().replace(" ", "")
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Problem("type-refused")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Problem("json-refused", "it is not UTF-8") from None
    brackets = text.count("{") + text.count("[")
    if brackets > DEPTH_MAX and depth_of(text) > DEPTH_MAX:
        raise Problem("json-refused", f"it is nested more than {DEPTH_MAX} deep")
    try:
        top = json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError):
        raise Problem("json-refused", "it cannot be read") from None
    if not isinstance(top, dict):
        raise Problem("json-refused", "its top is no object")
    return top


def depth_of(text: str) -> int:
    """Count how deep brackets are nested, outside strings.

    Example:
        >>> depth_of('{"a": ["[[["]}')
        2
    """
    depth, deepest, in_string, escaped = 0, 0, False, False
    for mark in text:
        if in_string:
            if escaped:
                escaped = False
            elif mark == "\\":
                escaped = True
            elif mark == '"':
                in_string = False
        elif mark == '"':
            in_string = True
        elif mark in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "}]":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise Problem("json-refused", "a key stands twice in an object")
    return told


def _no_number(_: str) -> NoReturn:
    raise Problem("json-refused", "NaN and Infinity are no numbers")
