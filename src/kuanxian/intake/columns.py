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
    data: Any,
    starts: Any,
    ends: Any,
    form: tuple[int, int, int, int],
    empties: Any,
    marks: Any,
    values: Any,
    lefts: Any,
    reasons: Any,
) -> None:
    """Read a column of numbers.

    Args:
        data: Bytes all cells lie in.
        starts: (n,) where each begins.
        ends: (n,) where each ends.
        form: ``power``, ``thousands``, ``style`` and ``rounding`` of ``read_number``.
        empties: Spellings of "no value", end to end.
        marks: Where each spelling ends.
        values: (n,) written: the figure.
        lefts: (n,) written: what rounding took off, millionths of the unit.
        reasons: (n,) written: a ``Reason``; EMPTY_CELL where there is no value.
    """
    power, thousands, style, rounding = form
    for row in range(len(values)):
        if is_empty(data, starts[row], ends[row], empties, marks):
            values[row] = 0
            lefts[row] = 0
            reasons[row] = Reason.EMPTY_CELL
            continue
        value, left, reason = read_number(
            data, starts[row], ends[row], power, thousands, style, rounding
        )
        values[row] = value
        lefts[row] = left
        reasons[row] = reason


def read_dates(
    data: Any,
    starts: Any,
    ends: Any,
    form: Any,
    form_marks: Any,
    empties: Any,
    marks: Any,
    values: Any,
    reasons: Any,
) -> None:
    """Read a column of dates; the first of the forms that fits a cell counts.

    Args:
        data: Bytes all cells lie in.
        starts: (n,) where each begins.
        ends: (n,) where each ends.
        form: The forms of ``read_date``, end to end.
        form_marks: Where each form ends.
        empties: Spellings of "no value", end to end.
        marks: Where each spelling ends.
        values: (n,) written: the day, -1 where there is none.
        reasons: (n,) written: a ``Reason``; EMPTY_CELL where there is no value.
    """
    for row in range(len(values)):
        values[row] = -1
        if is_empty(data, starts[row], ends[row], empties, marks):
            reasons[row] = Reason.EMPTY_CELL
            continue
        worst = 0
        before = 0
        for mark in form_marks:
            day_on, reason = read_date(data, starts[row], ends[row], form[before:mark])
            before = mark
            if reason == 0:
                values[row] = day_on
                worst = 0
                break
            if worst == 0 or reason != Reason.BAD_DATE:
                worst = reason
        reasons[row] = worst
