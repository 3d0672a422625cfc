"""Table: does a table with or without titles read like an address book?"""

from collections.abc import Callable, Sequence
from typing import Final

from kuanxian.door.shapes import (
    is_name,
    is_phone,
    is_sure_phone,
    names_business,
    names_card,
    names_person,
    names_phone,
    names_staff,
    names_third_party,
)

Rows = Sequence[Sequence[str]]

CARD_TITLES_MIN: Final = 3
"""So many titles of address books make one, whatever stands beside them."""
ROWS_MIN: Final = 3
"""Without telling titles, so many rows of a name and a number make a list: one more than a
borrower may nominate."""
PAIR_TENTHS: Final = 4
"""In so many tenths of its lines a text must hold a name and a number, and little else."""
COLUMNS_MAX: Final = 6
"""A table without telling titles and with more columns is something else."""
SHARE_TENTHS: Final = 8
"""In so many tenths of its rows a column must be names, or numbers, to count as such."""


def reads_like_contacts(rows: Rows) -> bool:
    """Tell whether a table is an address book.

    Args:
        rows: The first rows, titles first if it has any.

    Example:
        >>> reads_like_contacts([["姓名", "手机"], ["王五", "17405000001"]])
        True
        >>> reads_like_contacts([["借款编号", "姓名", "手机", "借款金额"]])
        False
    """
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return False
    return titles_of_contacts(rows[0]) or columns_of_contacts(rows)


def titles_of_contacts(titles: Sequence[str]) -> bool:
    """Tell by the titles alone."""
    phones = [title for title in titles if names_phone(title)]
    if any(is_phone(title) for title in titles) or not phones:
        # Thunderbird and others export address books without one phone column filled in.
        return sum(map(names_card, titles)) >= CARD_TITLES_MIN + 2 and _no_business(titles)
    if any(names_third_party(title) for title in titles):
        return True
    named = any(names_person(title) for title in titles)
    cards = sum(names_card(title) for title in titles)
    if named and cards >= CARD_TITLES_MIN:
        return True
    return named and _no_business(titles)


def _no_business(titles: Sequence[str]) -> bool:
    return not any(names_business(title) for title in titles)


def columns_of_contacts(rows: Rows) -> bool:
    """Tell by what the cells look like: a column of names beside one of phone numbers."""
    titles = rows[0]
    if any(map(names_business, titles)):
        return False
    body = rows if any(map(is_phone, titles)) else rows[1:]
    width = max(map(len, rows))
    if len(body) < ROWS_MIN or not 2 <= width <= COLUMNS_MAX:
        return False
    staff = {place for place, title in enumerate(titles) if names_staff(title)}
    columns = [[row[place] for row in body if place < len(row)] for place in range(width)]
    phones = {
        place
        for place in range(width)
        if _mostly(columns[place], is_phone if _titled(titles, place) else is_sure_phone)
    }
    names = {place for place in range(width) if _mostly(columns[place], is_name)}
    return bool(phones) and any(_distinct(columns[place]) for place in names - phones - staff)


def pairs_of_contacts(lines: Rows) -> bool:
    """Tell by lines of a name and a number, among other lines.

    Args:
        lines: The cells of each line.

    Example:
        >>> pairs_of_contacts([[f"{name}五", "17405000001"] for name in "王李赵"])
        True
    """
    if not lines or any(names_business(cell) or names_staff(cell) for cell in lines[0]):
        return False
    pairs = [cells for cells in lines if len(cells) in (2, 3) and _is_pair(cells)]
    names = [cell for cells in pairs for cell in cells if is_name(cell)]
    enough = len(pairs) >= ROWS_MIN and len(pairs) * 10 >= len(lines) * PAIR_TENTHS
    return enough and _distinct(names)


def _titled(titles: Sequence[str], place: int) -> bool:
    return place < len(titles) and names_phone(titles[place])


def _is_pair(cells: Sequence[str]) -> bool:
    return any(map(is_sure_phone, cells)) and any(is_name(cell) for cell in cells)


def _mostly(cells: list[str], test: Callable[[str], bool]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    passed = sum(map(test, filled))
    return len(filled) * 2 >= len(cells) and passed * 10 >= len(filled) * SHARE_TENTHS > 0


def _distinct(cells: list[str]) -> bool:
    """Tell names, which differ, from words such as *connected* and *busy*, which repeat."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(set(filled)) * 2 > len(filled)
