"""Cells: one piece of text to one integer, exactly, or a reason why not.

Two functions read every figure of every source. They work on bytes (UTF-8), run
unchanged as plain Python and compiled, and never form a float: a decimal is read
digit by digit and scaled by powers of ten. ``+ 0`` widens a byte to a full integer where
the loop is compiled, so that no difference of two bytes wraps.
"""

from typing import Any, Final

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.days import day_of, days_in_month
from kuanxian.intake.reasons import Reason

VALUE_MAX: Final = 10**13
"""Largest figure that is read at all; beyond it the cell counts as out of bounds."""

NEAR_PPM: Final = 1
"""A binary number this near to a whole unit, in millionths of it, is that unit."""

# How a number may be written, as bits.
FULL_WIDTH: Final = 1
"""Digits and signs may be full-width forms (１２３．４５，－)."""
YUAN_SIGN: Final = 2
"""A yuan sign may stand before, or 元 after."""
PERCENT_SIGN: Final = 4
"""A percent sign may stand after."""
BINARY: Final = 8
"""The text is the shortest form of a binary number."""

# What to do with digits finer than the unit.
EXACT: Final = 0
HALF_UP: Final = 1
FLOOR: Final = 2


def trim(data: Any, start: int, end: int) -> tuple[int, int]:
    """Leave blanks and tabs at both ends out."""
    while start < end and (data[start] == 32 or data[start] == 9):
        start += 1
    while end > start and (data[end - 1] == 32 or data[end - 1] == 9):
        end -= 1
    return start, end


def strip_signs(data: Any, start: int, end: int, style: int) -> tuple[int, int]:
    """Leave a yuan or percent sign out, where the layout lets it stand."""
    if style & YUAN_SIGN:
        # ¥ is C2 A5, ￥ is EF BF A5, 元 is E5 85 83.
        if end - start > 2 and data[start] == 0xC2 and data[start + 1] == 0xA5:
            start += 2
        elif (
            end - start > 3
            and data[start] == 0xEF
            and data[start + 1] == 0xBF
            and data[start + 2] == 0xA5
        ):
            start += 3
        if (
            end - start > 3
            and data[end - 3] == 0xE5
            and data[end - 2] == 0x85
            and data[end - 1] == 0x83
        ):
            end -= 3
    if style & PERCENT_SIGN and end > start and data[end - 1] == 37:
        end -= 1
    return trim(data, start, end)


def read_number(
    data: Any, start: int, end: int, form: tuple[int, int, int, int]
) -> tuple[int, int, int]:
    """Read a decimal number and scale it by a power of ten.

    Args:
        data: Bytes, UTF-8.
        start: Where the cell begins.
        end: Where it ends, exclusive.
        form: The unit as a power of ten (2 reads yuan into fen, 0 reads fen into fen);
            the byte that may separate groups of three digits, or 0; bits of
            ``FULL_WIDTH``, ``YUAN_SIGN``, ``PERCENT_SIGN``, ``BINARY``; and ``EXACT``,
            ``HALF_UP`` or ``FLOOR``.

    Returns:
        The value, at most ``VALUE_MAX`` in size; what rounding took off it, in millionths
        of the unit, rounded to the nearest; a ``Reason``, with a value of 0 unless it
        is ``NONE``.

    Example:
        >>> read_number(b"1234.50", 0, 7, (2, 0, 0, EXACT)) == (123450, 0, Reason.NONE)
        True
    """
    power, thousands, style, rounding = form
    start, end = trim(data, start, end)
    start, end = strip_signs(data, start, end, style)
    reason = judge_number(data, start, end, thousands, style)
    if reason != 0:
        return 0, 0, reason
    negative = False
    point = False
    value = 0
    scale = 0
    tail = 0
    tail_digits = 0
    sticky = 0
    at = start
    while at < end:
        byte, at = sign_at(data, at, end, style)
        if byte == 45:
            negative = True
        elif byte == 46:
            point = True
        elif 48 <= byte <= 57:
            if not point or scale < power:
                value = value * 10 + byte - 48
                scale += point
                if value > VALUE_MAX:
                    return 0, 0, Reason.OUT_OF_BOUNDS
            elif tail_digits < 7:
                tail = tail * 10 + byte - 48
                tail_digits += 1
            elif byte != 48:
                sticky = 1
    while scale < power:
        value *= 10
        scale += 1
        if value > VALUE_MAX:
            return 0, 0, Reason.OUT_OF_BOUNDS
    while tail_digits < 7:
        tail *= 10
        tail_digits += 1
    value, left, reason = settle_tail(value, tail, sticky, style, rounding)
    if negative:
        return -value, -left, reason
    return value, left, reason


def sign_at(data: Any, at: int, end: int, style: int) -> tuple[int, int]:
    """Read one sign of a number, a full-width one as its plain form; and where the next is."""
    byte: int = data[at] + 0
    if style & FULL_WIDTH and byte == 0xEF and at + 2 < end:
        # ！ … ～ (EF BC 81 … EF BD 9E) are the ASCII signs, 0xFEE0 further on.
        third: int = data[at + 2] + 0
        if data[at + 1] == 0xBC and 0x81 <= third <= 0xBF:
            return third - 0x60, at + 3
    return byte, at + 1


def judge_number(data: Any, start: int, end: int, thousands: int, style: int) -> int:
    """Say whether a text has the form of a number: sign, digits in groups, point, digits."""
    digits = 0
    group = 0
    grouped = False
    point = False
    at = start
    while at < end:
        before = at
        byte, at = sign_at(data, at, end, style)
        if 48 <= byte <= 57:
            digits += 1
            group += 1
        elif byte == 46 and not point:
            if grouped and group != 3:
                return Reason.NOT_A_NUMBER
            point = True
        elif thousands != 0 and byte == thousands and not point:
            if group == 0 or group > 3 or (grouped and group != 3):
                return Reason.NOT_A_NUMBER
            grouped = True
            group = 0
        elif byte == 45 and before == start:
            continue
        elif (byte | 32) == 110 or (byte | 32) == 105:
            return judge_word(data, before, end, digits)
        elif (byte | 32) == 101 and style & BINARY and digits > 0:
            return exponent_reason(data, at, end)
        else:
            return Reason.NOT_A_NUMBER
    if digits == 0 or (grouped and not point and group != 3):
        return Reason.NOT_A_NUMBER
    return Reason.NONE


def settle_tail(
    value: int, tail: int, sticky: int, style: int, rounding: int
) -> tuple[int, int, int]:
    """Decide what becomes of the digits finer than the unit.

    Args:
        value: The whole units, 0 or more.
        tail: The first seven digits beyond them.
        sticky: 1 if any digit after those is not 0.
        style: As for ``read_number``.
        rounding: As for ``read_number``.
    """
    near = 10 * NEAR_PPM
    if (tail == 0 and sticky == 0) or (style & BINARY and tail <= near):
        return value, 0, Reason.NONE
    if style & BINARY and tail >= 10_000_000 - near:
        return value + 1, 0, Reason.NONE
    if rounding == EXACT:
        return 0, 0, Reason.NOT_WHOLE
    left = (tail + 5) // 10
    if rounding == HALF_UP and tail >= 5_000_000:
        return value + 1, left - 1_000_000, Reason.NONE
    return value, left, Reason.NONE


def judge_word(data: Any, start: int, end: int, digits: int) -> int:
    """Tell NaN and infinity from other words: only these begin with ``na`` and ``inf``."""
    if digits == 0 and end - start >= 3:
        first = data[start] | 32
        second = data[start + 1] | 32
        third = data[start + 2] | 32
        if first == 110 and second == 97 and third == 110 and end - start == 3:
            return Reason.NOT_FINITE
        if first == 105 and second == 110 and third == 102:
            return Reason.NOT_FINITE
    return Reason.NOT_A_NUMBER


def exponent_reason(data: Any, start: int, end: int) -> int:
    """A binary number written with an exponent is too large, or too fine, for a figure."""
    if start < end and data[start] == 45:
        return Reason.NOT_WHOLE
    return Reason.OUT_OF_BOUNDS


def read_digits(data: Any, start: int, end: int, most: int) -> tuple[int, int]:
    """Read up to ``most`` digits; give their value and where they end."""
    value = 0
    at = start
    while at < end and at - start < most and 48 <= data[at] <= 57:
        digit: int = data[at] - 48
        value = value * 10 + digit
        at += 1
    return value, at


def read_date(data: Any, start: int, end: int, form: Any) -> tuple[int, int]:
    """Read a date in one form.

    The form is bytes: ``YYYY``, ``MM``, ``DD``, ``hh``, ``mm``, ``ss`` stand for that
    many digits, ``M`` and ``D`` alone for one or two, ``*`` for anything up to the end,
    and every other byte for itself. Hours, minutes and seconds are checked and dropped:
    the day is taken as it is written.

    Returns:
        The day, days since 1970-01-01, and a ``Reason``.

    Example:
        >>> read_date(b"2026-11-24", 0, 10, b"YYYY-MM-DD") == (20781, Reason.NONE)
        True
    """
    start, end = trim(data, start, end)
    year = 0
    month = 0
    day = 0
    at = start
    step = 0
    size = len(form)
    while step < size:
        token = form[step] + 0
        width = 1
        while step + width < size and form[step + width] == token:
            width += 1
        if token == 42:
            at = end
        elif token == 89 or token == 77 or token == 68:
            value, stop = read_digits(data, at, end, max(width, 2))
            if stop == at or (width > 1 and stop - at != width):
                return 0, Reason.BAD_DATE
            at = stop
            if token == 89:
                year = value
            elif token == 77:
                month = value
            else:
                day = value
        elif token == 104 or token == 109 or token == 115:
            value, stop = read_digits(data, at, end, 2)
            if stop - at != 2 or value > (23 if token == 104 else 59):
                return 0, Reason.BAD_DATE
            at = stop
        else:
            for _ in range(width):
                if at >= end or data[at] != token:
                    return 0, Reason.BAD_DATE
                at += 1
        step += width
    if at != end or month < 1 or month > 12 or day < 1 or year < 1:
        return 0, Reason.BAD_DATE
    if day > days_in_month(year, month):
        return 0, Reason.BAD_DATE
    if year < 1970 or year > 2199:
        return 0, Reason.DATE_OUT_OF_BOUNDS
    number = day_of(year, month, day)
    return number, Reason.NONE if number <= DAY_MAX else Reason.DATE_OUT_OF_BOUNDS
