"""Refuse: look at what was handed in, and turn an address book away.

Every place that takes a file or a body from outside asks here first. What is refused is
neither stored nor logged: the error names the shape and the rule, and not one byte of the
content.

Source: 个人信息保护法 art. 6 (限于实现处理目的的最小范围) and art. 13: the contract with a
borrower is no ground to process the data of the people in the borrower's address book.
"""

import io
from pathlib import Path
from typing import Final

from kuanxian.base.errors import AddressBookError
from kuanxian.base.personal import phone_numbers, phone_numbers_in_plain
from kuanxian.base.plain import plain_text
from kuanxian.door.card import is_ldif, is_phone_database, is_vcard
from kuanxian.door.near import is_list_of_people
from kuanxian.door.table import Rows, pairs_of_contacts, reads_like_contacts
from kuanxian.door.text import lines_as_rows, read_text, tables_of
from kuanxian.door.tree import holds_contacts
from kuanxian.door.unpack import DEPTH_MAX, LOOK_BYTES, Budget, decoded, is_packed, unpacked

ARCHIVE_BYTES_MAX: Final = 67_108_864
"""Largest archive or workbook of a folder that is unpacked to be looked at."""

RULE: Final = "个人信息保护法 art. 6 and 13"
REASON: Final = f"it is shaped like an address book ({{shape}}); that is not taken in: {RULE}"
ADVICE: Final = (
    "Kuanxian keeps no address book. A borrower may nominate at most two contacts, typed one "
    "by one, each with a notice and a consent of their own."
)


NUMBERS_MAX: Final = 3
"""Telephone numbers in one request: two nominated contacts' and the lender's own."""


def refuse_address_book(data: bytes, name: str = "what was sent", requests: int = 1) -> None:
    """Pass a request, or any text from outside, that is no address book and holds few numbers.

    A book of loans has columns of numbers by its layout: ``refuse_address_book_file`` is for it.

    Args:
        data: All of it, or its beginning; ``LOOK_BYTES`` are looked at.
        name: What to call it in the error: never its content.
        requests: How many it holds, each with its own few numbers.

    Raises:
        AddressBookError: It is shaped like one.
    """
    shape = shape_of_request(data, requests)
    if shape:
        raise AddressBookError(name, REASON.format(shape=shape), ADVICE)


def refuse_address_book_file(path: Path) -> None:
    """Pass a file of a table, whose layout says what is in its columns, that is no address book.

    Raises:
        AddressBookError: It is shaped like one.
    """
    with path.open("rb") as file:
        data = file.read(LOOK_BYTES)
        if is_packed(data):
            data += file.read(ARCHIVE_BYTES_MAX - LOOK_BYTES)
    shape = shape_of(data)
    if shape:
        raise AddressBookError(path.name, REASON.format(shape=shape), ADVICE)


def refuse_contact_rows(rows: Rows, name: str) -> None:
    """Pass a table, read elsewhere, that is no address book.

    Args:
        rows: Its titles and first rows.
        name: What to call it in the error.

    Raises:
        AddressBookError: It reads like one.
    """
    if reads_like_contacts(rows):
        raise AddressBookError(name, REASON.format(shape="a table of contacts"), ADVICE)


def shape_of(data: bytes) -> str:
    r"""Name the kind of address book that bytes are shaped like; empty: none.

    Archives and base64 are looked into, within a budget (`kuanxian.door.unpack`).

    Example:
        >>> shape_of(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")
        'vCard'
        >>> shape_of(b"loan_id,amount\nL-1,1000.00\n")
        ''
    """
    return _shape_of(data, Budget(), 0)


def shape_of_request(data: bytes, requests: int = 1) -> str:
    r"""Name what makes bytes no request: an address book's shape, or too many numbers.

    However they are written and whatever stands beside them: so many are a list.

    Example:
        >>> shape_of_request(b'[17405000001, 17405000002, 17405000003, 17405000004]')
        'more than 3 telephone numbers'
    """
    budget = Budget()
    shape = _shape_of(data, budget, 0)
    budget.numbers |= phone_numbers(read_text(data[LOOK_BYTES:]))
    most = NUMBERS_MAX * requests
    return shape or (f"more than {most} telephone numbers" * (len(budget.numbers) > most))


def _shape_of(data: bytes, budget: Budget, depth: int) -> str:
    if is_phone_database(data):
        return "a phone's database"
    if is_packed(data):
        if depth >= DEPTH_MAX:
            return "an archive in too many archives to be looked into"
        inside = (_shape_of(piece, budget, depth + 1) for piece in unpacked(data, budget))
        return next(filter(None, inside), "") or _workbook_shape(data)
    text = read_text(data[:LOOK_BYTES])
    plain = plain_text(text)
    budget.numbers |= phone_numbers_in_plain(plain)
    # An escaped quotation mark ends no text of JSON, a plain one does.
    shape = _shape_of_text(plain) or (_shape_of_text(text) if plain != text else "")
    if shape or depth >= DEPTH_MAX:
        return shape
    inside = (_shape_of(piece, budget, depth + 1) for piece in decoded(text, budget))
    return next(filter(None, inside), "")


def _shape_of_text(text: str) -> str:
    if is_vcard(text):
        return "vCard"
    if is_ldif(text):
        return "LDIF"
    if holds_contacts(text):
        return "JSON of names and numbers"
    if any(reads_like_contacts(table) for table in tables_of(text)):
        return "a table of contacts"
    if pairs_of_contacts(lines_as_rows(text)):
        return "lines of a name and a number"
    if is_list_of_people(text):
        return "names beside phone numbers"
    return ""


def _workbook_shape(data: bytes) -> str:
    """Look at the sheets of a workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(nrows=100)
            if reads_like_contacts([[_cell(cell) for cell in row] for row in rows]):
                return "a table of contacts"
    except CalamineError:
        return ""
    return ""


def _cell(cell: object) -> str:
    """Write a cell; a number typed as a number is one without its decimals."""
    if isinstance(cell, float) and cell.is_integer():  # lint-skip: float, the cell is a double
        return str(int(cell))
    return str(cell)
