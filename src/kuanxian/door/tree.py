"""Tree: JSON that holds people with phone numbers, however deep."""

import json
from collections.abc import Iterator
from json import JSONDecoder
from typing import Any, Final

from kuanxian.door.shapes import (
    is_name,
    is_phone,
    is_sure_phone,
    names_business,
    names_person,
    names_phone,
    names_third_party,
    plain_title,
)

PEOPLE_MAX: Final = 2
"""As many people with a number as one borrower may nominate; more is a list."""

_LIST_TITLES: Final = frozenset(
    {
        "contacts", "contactlist", "addressbook", "phonebook", "通讯录", "通讯录列表", "联系人列表",
        "phonecontacts", "calllog", "calllogs", "通话记录",
    }
)  # fmt: skip
_DEPTH_MAX: Final = 60
_FAILURES_MAX: Final = 200
"""So many places that begin no value are passed over; a text of brackets costs no more."""


def holds_contacts(text: str) -> bool:
    """Tell whether JSON, or JSON a line, holds a list of people with numbers.

    Example:
        >>> holds_contacts('[{"name": "A", "phone": "17405000001"}]')
        False
        >>> holds_contacts('{"contacts": [{"name": "A", "phone": "17405000001"}]}')
        True
    """
    if not text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        return False
    people = 0
    for item in _items(text):
        count, listed = _count(item, 0)
        people += count
        if listed or people > PEOPLE_MAX:
            return True
    return False


def _items(text: str) -> Iterator[Any]:
    """Give what can be read: the whole, or one value after another, the last cut off."""
    try:
        yield json.loads(text)
        return
    except (ValueError, RecursionError):  # a number may have too many digits to be read
        pass
    decoder = JSONDecoder()
    at = 0
    failures = 0
    while at < len(text) and failures < _FAILURES_MAX:
        starts = [place for mark in "{[" if (place := text.find(mark, at)) >= 0]
        if not starts:
            return
        at = min(starts)
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):  # a number may have too many digits to be read
            at += 1
            failures += 1
            continue
        yield item


def _count(item: Any, depth: int) -> tuple[int, bool]:
    """Count people with a number below an item; say whether a list is named as one."""
    if depth > _DEPTH_MAX:
        return 0, False
    people, listed = 0, False
    if isinstance(item, dict):
        people = int(_is_person(item))
        business = any(names_business(str(title)) for title in item)
        for title, below in item.items():
            count, named = _count(below, depth + 1)
            wanted = count > 0 or _any_phone(below)
            listed |= named or (plain_title(str(title)) in _LIST_TITLES and wanted)
            if not (business and count == 1 and _is_borrower(str(title), below)):
                people += count
    elif isinstance(item, list):
        if len(item) in range(2, 5) and _is_pair(item):
            return 1, False
        for below in item:
            count, named = _count(below, depth + 1)
            people, listed = people + count, listed or named
    return people, listed


def _is_borrower(title: str, below: Any) -> bool:
    """Tell whether the one person in a loan's record is the loan's own."""
    return isinstance(below, dict) and not names_third_party(title) and "contact" not in title


def _is_person(item: dict[str, Any]) -> bool:
    if any(names_business(str(title)) for title in item):
        return False
    named = any(names_person(str(title)) for title in item)
    return named and any(
        _any_phone(value, sure=not _tells_phone(str(title))) for title, value in item.items()
    )


def _tells_phone(title: str) -> bool:
    return names_phone(title) or plain_title(title) in ("phonenumbers", "numbers", "tels")


def _is_pair(item: list[Any]) -> bool:
    cells = [str(cell) for cell in item if isinstance(cell, (str, int))]
    return len(cells) == len(item) and any(map(is_sure_phone, cells)) and any(map(is_name, cells))


def _any_phone(value: Any, depth: int = 0, *, sure: bool = True) -> bool:
    if isinstance(value, bool) or depth > 4:
        return False
    if isinstance(value, (str, int)):
        return is_sure_phone(str(value)) if sure else is_phone(str(value))
    if isinstance(value, list):
        return any(_any_phone(below, depth + 1, sure=sure) for below in value[:20])
    if isinstance(value, dict):
        return any(_any_phone(below, depth + 1, sure=sure) for below in value.values())
    return False
