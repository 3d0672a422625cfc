"""Reasons: every way an input row can be refused, by name.

A name is what ``refusals.parquet`` carries. ``docs/reference/refusals.md`` has one line
for each; a test holds the two together.
"""

from enum import IntEnum
from typing import Final


class Reason(IntEnum):
    """Why a row, or a cell of it, was not taken."""

    NONE = 0
    WRONG_COLUMN_COUNT = 1
    """The line has more or fewer cells than the header."""
    UNBALANCED_QUOTE = 2
    """A quoted cell is not closed, or is followed by more text."""
    LINE_TOO_LONG = 3
    """The line is longer than any loan record can be."""
    NO_LINE_END = 4
    """The last line has no line end: the file may be cut off within a figure."""
    NOT_A_RECORD = 5
    """A line of a JSON lines file is not a JSON object."""
    EMPTY_CELL = 6
    """A cell that must have a value has none."""
    UNREADABLE_TEXT = 7
    """The text is not in the encoding of the file."""
    CONTROL_CHARACTER = 8
    """The text holds a character that cannot be printed, such as NUL."""
    TEXT_TOO_LONG = 9
    """The text is longer than a name or an id may be."""
    NOT_A_NUMBER = 10
    """The cell is not a number in the form the layout declares."""
    NOT_WHOLE = 11
    """The number is finer than its unit allows, and the layout declares no rounding."""
    NOT_FINITE = 12
    """The cell says NaN or infinity."""
    NEGATIVE = 13
    """The number is below 0."""
    OUT_OF_BOUNDS = 14
    """The number is beyond what the kernel computes with."""
    BAD_DATE = 15
    """The cell is not a date in the form the layout declares, or no such day exists."""
    DATE_OUT_OF_BOUNDS = 16
    """The day is before 1970-01-01 or after 2199-12-31."""
    UNKNOWN_CODE = 17
    """The layout has no meaning for this code."""
    BAD_TERMS = 18
    """Each figure is possible, but the contract they make is not."""
    BAD_EVENT = 19
    """The event lacks what its kind needs."""
    DUPLICATE_LOAN = 20
    """The same loan was given before, with the same figures."""
    CONFLICTING_LOAN = 21
    """The same loan is given with different figures; none of them is taken."""
    UNKNOWN_LOAN = 22
    """No loan of the book has this id."""
    LOAN_REFUSED = 23
    """The loan it belongs to was refused."""
    INCOMPLETE_PLAN = 24
    """Another row of the same loan was refused, and a plan with a hole is not a plan."""
    DUPLICATE_EVENT = 25
    """The same event of the loan was given before, with the same figures."""
    CONFLICTING_EVENT = 26
    """The same event is given with different figures; none of them is taken."""
    BEFORE_DISBURSEMENT = 27
    """The event is dated before the loan was paid out."""
    NOTHING_TO_REVERSE = 28
    """The event it takes back is not there."""
    TOO_MANY_EVENTS = 29
    """The loan has more events than the kernel takes; the loan is refused whole."""
    UNKNOWN_PRODUCT = 30
    """No product of the book has this name."""
    BAD_PRODUCT = 31
    """A setting of the product is not one the kernel knows."""
    MIXED_ENCODING = 32
    """The line is UTF-8 in a file that is not: it would be read as other characters."""
    UNKNOWN_COLUMN = 33
    """The line has a key that the layout does not name, and the layout takes no others."""
    PERSONAL_NUMBER = 34
    """An id or a name holds what looks like a mobile or an identity number."""
    NUMBER_AS_TEXT = 35
    """An id was kept as a binary number too long to be exact, or is written with an exponent."""
    NOT_TEXT = 36
    """A list, an object, or a true or false stands where an id or a name must."""


NAMES: Final = [reason.name.lower() for reason in Reason]
"""The name of a reason, by its number."""
