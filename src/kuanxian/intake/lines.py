"""Lines: bytes of a delimited text into cells, one record at a time.

A damaged line costs that line and no other: a quote that is never closed ends with its
line unless the layout allows line breaks in quoted cells, and then with the longest
record there can be. Every record gets a verdict; none is skipped.

Runs unchanged as plain Python and compiled.
"""

from typing import Any, Final

from kuanxian.intake.cells import trim
from kuanxian.intake.reasons import Reason

LINE_BYTES_MAX: Final = 262_144
"""Longest record, bytes. A loan record is a few hundred."""

DOUBLED: Final = 100
"""Added to a verdict where quotes inside a cell are doubled."""

_NEWLINE: Final = 10
_RETURN: Final = 13


def split_records(
    data: Any,
    final: bool,
    form: tuple[int, int, int, int],
    slots: Any,
    found: tuple[Any, Any, Any],
) -> tuple[int, int, int]:
    """Find the cells of every whole record in a block of bytes.

    Args:
        data: The block.
        final: Whether the file ends with this block.
        form: The delimiter, the quote (0: none), 1 if quoted cells may hold line
            breaks, and how many columns a record has.
        slots: For each column, which row of what is found to write, or -1.
        found: (slots, records) written: where a cell begins; (slots, records) written:
            where it ends, exclusive; (records,) written: a ``Reason``, with ``DOUBLED``
            added where a cell has a doubled quote in it.

    Returns:
        How many records were found, how many blank lines were passed over, and how
        many bytes were used. The rest belongs to the next block.
    """
    delimiter, quote, _, columns = form
    starts, ends, verdicts = found
    size = len(data)
    record = 0
    blank = 0
    at = 0
    while at < size:
        begin = at
        column = 0
        verdict = 0
        doubled = 0
        closed = False
        while not closed and at < size:
            start = at
            if quote != 0 and data[at] == quote:
                start += 1
                stop, at, twice = end_of_quoted(data, begin, start, form)
                if twice:
                    doubled = DOUBLED
                if stop < 0:
                    if at >= size and not final:
                        return record, blank, begin
                    verdict = Reason.UNBALANCED_QUOTE
                    stop = start
                    at = end_of_line(data, begin)
            else:
                while at < size and data[at] != delimiter and data[at] != _NEWLINE:
                    at += 1
                stop = at
                if (at >= size or data[at] == _NEWLINE) and (
                    stop > start and data[stop - 1] == _RETURN
                ):
                    stop -= 1
            if column < columns and slots[column] >= 0:
                starts[slots[column], record] = start
                ends[slots[column], record] = stop
            column += 1
            if at < size:
                closed = data[at] == _NEWLINE
                at += 1
                if not closed and at == size:
                    column += 1  # a delimiter at the very end opens one more cell
        if not closed and not final:
            return record, blank, begin
        if is_blank(data, begin, at):
            blank += 1
            continue
        if verdict == 0:
            verdict = judge_record(at - begin, column - columns, closed)
        verdicts[record] = verdict + doubled
        record += 1
    return record, blank, at


def end_of_quoted(
    data: Any, begin: int, start: int, form: tuple[int, int, int, int]
) -> tuple[int, int, bool]:
    """Find where a quoted cell ends.

    Args:
        data: The block.
        begin: Where its record begins.
        start: The first byte inside the quotes.
        form: As for ``split_records``.

    Returns:
        The closing quote; the delimiter or line end after it; whether a doubled quote
        is inside. The first is -1 where the cell is not properly closed.
    """
    delimiter, quote, multiline, _ = form
    size = len(data)
    doubled = False
    at = start
    while at < size and at - begin <= LINE_BYTES_MAX:
        byte = data[at]
        if byte == quote:
            if at + 1 < size and data[at + 1] == quote:
                doubled = True
                at += 2
                continue
            stop = at
            at += 1
            if at < size and data[at] == _RETURN:
                at += 1
            if at < size and data[at] != delimiter and data[at] != _NEWLINE:
                return -1, at, doubled
            return stop, at, doubled
        if byte == _NEWLINE and multiline == 0:
            break
        at += 1
    return -1, at, doubled


def end_of_line(data: Any, at: int) -> int:
    """Find the next line end."""
    while at < len(data) and data[at] != _NEWLINE:
        at += 1
    return at


def judge_record(size: int, surplus: int, closed: bool) -> int:
    """Say what is wrong with a record as a whole.

    Args:
        size: Its bytes.
        surplus: How many cells it has more than there are columns.
        closed: Whether a line end closes it.
    """
    if size > LINE_BYTES_MAX:
        return Reason.LINE_TOO_LONG
    if surplus != 0:
        return Reason.WRONG_COLUMN_COUNT
    if not closed:
        return Reason.NO_LINE_END
    return Reason.NONE


def is_blank(data: Any, start: int, end: int) -> bool:
    """Say whether nothing but a line end is there."""
    while start < end and (data[start] == _NEWLINE or data[start] == _RETURN):
        start += 1
    return start == end


def measure_cells(data: Any, starts: Any, ends: Any, offsets: Any) -> int:
    """Leave blanks around each cell out, and write where its text will stand in one buffer.

    Args:
        data: Bytes all cells lie in.
        starts: (n,) where each begins; moved.
        ends: (n,) where each ends; moved.
        offsets: (n + 1,) written.

    Returns:
        The size of the buffer.
    """
    total = 0
    offsets[0] = 0
    for row in range(len(starts)):
        start, end = trim(data, starts[row], ends[row])
        starts[row] = start
        ends[row] = end
        if end > start:
            total += end - start
        offsets[row + 1] = total
    return total


def copy_cells(data: Any, starts: Any, ends: Any, offsets: Any, text: Any) -> None:
    """Copy the cells' bytes into one buffer, end to end."""
    for row in range(len(offsets) - 1):
        at = offsets[row]
        for place in range(starts[row], ends[row]):
            text[at] = data[place]
            at += 1


def find_bad_text(text: Any, offsets: Any, most: int, reasons: Any) -> None:
    """Find cells that are empty, too long, unprintable, or not in the file's encoding.

    A number with an exponent is what a program made of an id that was too long for it, and it
    makes the same of many ids. The bytes EF BF BD are what a decoder puts where the bytes made
    no sense, EF BF BE what ``decode`` puts where they are in another encoding than the file.
    """
    for row in range(len(offsets) - 1):
        start = offsets[row]
        end = offsets[row + 1]
        reason = 0
        if end == start:
            reason = Reason.EMPTY_CELL
        elif end - start > most:
            reason = Reason.TEXT_TOO_LONG
        else:
            for at in range(start, end):
                byte = text[at] + 0
                if byte < 32 or byte == 127:
                    reason = Reason.CONTROL_CHARACTER
                elif (byte | 32) == 101 and has_exponent(text, start, at, end):
                    reason = Reason.NUMBER_AS_TEXT
                elif byte == 0xEF and at + 2 < end and text[at + 1] == 0xBF:
                    if text[at + 2] == 0xBD:
                        reason = Reason.UNREADABLE_TEXT
                    elif text[at + 2] == 0xBE:
                        reason = Reason.MIXED_ENCODING
        reasons[row] = reason


def has_exponent(text: Any, start: int, mark: int, end: int) -> bool:
    """Say whether a text is a number such as 1.23457E+18; the ``e`` stands at ``mark``.

    Without a point before it and a plus after it, as in 4E10, it may well be an id.
    """
    whole = after_digits(text, start, mark)
    point = start < whole < mark and text[whole] == 46
    plus = mark + 1 < end and text[mark + 1] == 43
    if whole == start or not (point or plus):
        return False
    power = mark + 2 if plus else mark + 1
    return (
        after_digits(text, whole + 1 if point else whole, mark) == mark
        and power < end
        and after_digits(text, power, end) == end
    )


def after_digits(text: Any, at: int, end: int) -> int:
    """Find the first byte that is no digit."""
    while at < end and 48 <= text[at] <= 57:
        at += 1
    return at
