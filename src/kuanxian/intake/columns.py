"""Columns: many cells to many integers, with a reason for each that would not go.

Runs unchanged as plain Python and compiled.
"""

from typing import Any

from kuanxian.intake.cells import read_date, read_number
from kuanxian.intake.reasons import Reason


def is_empty(data: Any, start: int, end: int, empties: Any, marks: Any) -> bool:
    """Say whether a cell is one of the spellings of "no value".

    Args:
        data: Bytes.
        start: Where the cell begins.
        end: Where it ends; below ``start``: there is no cell.
        empties: The spellings, end to end.
        marks: Where each ends.
    """
    while start < end and data[start] == 32:
        start += 1
    while end > start and data[end - 1] == 32:
        end -= 1
    if end <= start:
        return True
    before = 0
    for mark in marks:
        if mark - before == end - start:
            same = True
            for step in range(end - start):
                if empties[before + step] != data[start + step]:
                    same = False
                    break
            if same:
                return True
        before = mark
    return False


def read_numbers(
    cells: tuple[Any, Any, Any],
    form: tuple[int, int, int, int],
    empties: tuple[Any, Any],
    read: tuple[Any, Any, Any],
) -> None:
    """Read a column of numbers.

    Args:
        cells: The bytes all cells lie in; (n,) where each begins; (n,) where each ends.
        form: As for ``read_number``.
        empties: Spellings of "no value", end to end; where each ends.
        read: (n,) each, written: the figure; what rounding took off, millionths of the
            unit; a ``Reason``, EMPTY_CELL where there is no value.
    """
    data, starts, ends = cells
    texts, marks = empties
    values, lefts, reasons = read
    for row in range(len(values)):
        if is_empty(data, starts[row], ends[row], texts, marks):
            values[row] = 0
            lefts[row] = 0
            reasons[row] = Reason.EMPTY_CELL
        else:
            value, left, reason = read_number(data, starts[row], ends[row], form)
            values[row] = value
            lefts[row] = left
            reasons[row] = reason


def read_dates(
    cells: tuple[Any, Any, Any],
    forms: tuple[Any, Any],
    empties: tuple[Any, Any],
    read: tuple[Any, Any],
) -> None:
    """Read a column of dates; the first of the forms that fits a cell counts.

    Args:
        cells: The bytes all cells lie in; (n,) where each begins; (n,) where each ends.
        forms: The forms of ``read_date``, end to end; where each ends.
        empties: Spellings of "no value", end to end; where each ends.
        read: (n,) each, written: the day, -1 where there is none; a ``Reason``,
            EMPTY_CELL where there is no value.
    """
    data, starts, ends = cells
    form, form_marks = forms
    texts, marks = empties
    values, reasons = read
    for row in range(len(values)):
        values[row] = -1
        if is_empty(data, starts[row], ends[row], texts, marks):
            reasons[row] = Reason.EMPTY_CELL
            continue
        found = 0
        before = 0
        for mark in form_marks:
            day_on, reason = read_date(data, starts[row], ends[row], form[before:mark])
            before = mark
            if reason == 0:
                values[row] = day_on
                found = 0
                break
            if found == 0 or reason != Reason.BAD_DATE:
                found = reason
        reasons[row] = found
