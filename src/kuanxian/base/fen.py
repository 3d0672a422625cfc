"""Fen: exact integer arithmetic on money, and every rounding by name.

Money is an ``int`` number of fen (分, 1 yuan = 100 fen). Interest accrues in
micro-fen (``_ufen``, a millionth of a fen) and is rounded to fen once, by the mode
the contract names. There is no float here and no ``/``.

Every function runs unchanged as plain Python and compiled: it never forms a number
of more than 63 bits (see ``bounds``), and it divides only non-negative numbers, where
Python, compiled code and SQL engines agree.
"""

from enum import IntEnum
from typing import Final

from kuanxian.base.bounds import UFEN


class Rounding(IntEnum):
    """How a part of a fen becomes a whole fen."""

    HALF_UP = 0
    HALF_EVEN = 1
    FLOOR = 2
    CEIL = 3


def round_div(amount: int, unit: int, mode: int) -> int:
    """Divide a non-negative amount by a unit and round the quotient.

    Args:
        amount: The dividend, 0 or more.
        unit: The divisor, 1 or more.
        mode: A ``Rounding`` code.

    Returns:
        The quotient, an integer, 0 or more.

    Example:
        >>> [round_div(5, 2, mode) for mode in Rounding]
        [3, 2, 2, 3]
    """
    quotient = amount // unit
    rest = amount - quotient * unit
    if mode == Rounding.FLOOR or rest == 0:
        return quotient
    if mode == Rounding.CEIL:
        return quotient + 1
    twice = 2 * rest
    if twice > unit or (twice == unit and (mode == Rounding.HALF_UP or quotient % 2 == 1)):
        return quotient + 1
    return quotient


PPB: Final = 1_000_000_000
"""One, in parts per billion."""


def share_fen(amount_fen: int, share_ppb: int, mode: int) -> int:
    """Take a share of an amount and round it to fen.

    The whole billions of the amount are taken apart, so that no product needs more
    than 63 bits.

    Args:
        amount_fen: 0 or more.
        share_ppb: Parts per billion, 0 … RATE_PPB_MAX.
        mode: A ``Rounding`` code.

    Example:
        >>> share_fen(100_000, 5_000_000, Rounding.HALF_UP)
        500
    """
    billions = amount_fen // PPB
    return billions * share_ppb + round_div((amount_fen - billions * PPB) * share_ppb, PPB, mode)


def round_ufen(amount_ufen: int, mode: int) -> int:
    """Round micro-fen to fen.

    Example:
        >>> round_ufen(1_500_000, Rounding.HALF_UP)
        2
    """
    return round_div(amount_ufen, UFEN, mode)


def round_to_multiple(amount_fen: int, multiple_fen: int, mode: int) -> int:
    """Round an amount to a multiple, for instalments quoted in whole yuan.

    Example:
        >>> round_to_multiple(88_849, 100, Rounding.CEIL)
        88900
    """
    return round_div(amount_fen, multiple_fen, mode) * multiple_fen


def mul_div(left: int, right: int, divisor: int) -> int:
    """Compute ``left * right // divisor`` exactly without forming the product.

    Shift and add: the running remainder stays below ``3 * divisor``, so nothing here
    needs more than 63 bits although the product may need 122.

    Args:
        left: 0 or more, below 2**61.
        right: 0 or more, below 2**61.
        divisor: 1 or more, below 2**61.

    Returns:
        The quotient, rounded down. The caller knows that it fits.

    Example:
        >>> mul_div(10**17, 10**17, 10**18) == 10**16
        True
    """
    whole = right // divisor
    part = right - whole * divisor
    quotient = 0
    rest = 0
    for place in range(60, -1, -1):
        bit = (left >> place) & 1
        rest = 2 * rest + bit * part
        over = rest // divisor
        rest -= over * divisor
        quotient = 2 * quotient + bit * whole + over
    return quotient


ONE_Q62: Final = 1 << 62
_HALF_BITS: Final = 31
_HALF_MASK: Final = (1 << 31) - 1


def mul_q62(left: int, right: int) -> int:
    """Multiply two fractions in ``[0, 1]`` held as multiples of 2**-62, rounded down.

    Example:
        >>> mul_q62(ONE_Q62 // 2, ONE_Q62 // 2) == ONE_Q62 // 4
        True
    """
    if left == ONE_Q62:
        return right
    if right == ONE_Q62:
        return left
    left_high = left >> _HALF_BITS
    left_low = left & _HALF_MASK
    right_high = right >> _HALF_BITS
    right_low = right & _HALF_MASK
    cross = left_high * right_low + left_low * right_high
    return left_high * right_high + ((cross + ((left_low * right_low) >> _HALF_BITS)) >> _HALF_BITS)


def ratio_q62(part: int, whole: int) -> int:
    """Express ``part / whole`` as a multiple of 2**-62, rounded down.

    Args:
        part: 0 or more, at most ``whole``.
        whole: 1 or more, below 2**42.

    Example:
        >>> ratio_q62(1, 4) == ONE_Q62 // 4
        True
    """
    if part == whole:
        return ONE_Q62
    # Three short divisions of 21, 21 and 20 bits.
    high = (part << 21) // whole
    part = (part << 21) - high * whole
    middle = (part << 21) // whole
    part = (part << 21) - middle * whole
    return (((high << 21) + middle) << 20) + (part << 20) // whole


def shift_div(amount: int, bits: int, divisor: int) -> int:
    """Compute ``amount * 2**bits // divisor`` exactly, a few bits at a time.

    Args:
        amount: 0 or more, below 2**61.
        bits: 0 … 61.
        divisor: 1 or more, below 2**60.

    Returns:
        The quotient, rounded down. The caller knows that it fits.

    Example:
        >>> shift_div(10**15, 52, 3) == 10**15 * 2**52 // 3
        True
    """
    room = 1
    while divisor < (1 << (61 - room)):
        room += 1
    quotient = amount // divisor
    rest = amount - quotient * divisor
    while bits > 0:
        taken = min(bits, room)
        rest <<= taken
        digit = rest // divisor
        quotient = (quotient << taken) + digit
        rest -= digit * divisor
        bits -= taken
    return quotient
