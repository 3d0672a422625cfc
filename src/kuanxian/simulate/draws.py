"""Draws: random numbers that depend on the loan alone.

A draw is a function of (seed, loan, place): a counter put through the SplitMix64
finaliser. There is no state to carry on, so a book comes out the same however it is
cut into slices and however many threads make them.

Source:
    Steele, Lea and Flood, *Fast splittable pseudorandom number generators* (2014).
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Counters = npt.NDArray[np.uint64]

DRAW_BITS: Final = 32
"""A draw is an integer from 0 up to, not including, 2**32."""
PLACES_MAX: Final = 1 << 16
PPM: Final = 1_000_000

_MASK: Final = (1 << 64) - 1
_GAMMA: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB


def key_of(seed: int) -> int:
    """Turn a seed into the key of all draws of a book.

    Args:
        seed: Any integer; its low 64 bits count.

    Returns:
        64 bits, different for different seeds.

    Example:
        >>> key_of(1) == key_of(2)
        False
    """
    word = (seed + _GAMMA) & _MASK
    word = ((word ^ (word >> 30)) * _FIRST) & _MASK
    word = ((word ^ (word >> 27)) * _SECOND) & _MASK
    return word ^ (word >> 31)


def words(key: int, loan_no: Ints, place: int = 0) -> Counters:
    """Draw 64 bits for each loan; for one key and place no two loans get the same.

    Args:
        key: What ``key_of`` gave.
        loan_no: (n,) loan numbers, 0 or more.
        place: Which of the loan's draws, 0 … PLACES_MAX - 1.

    Returns:
        (n,) words of 64 bits.
    """
    word: Any = loan_no.astype(np.uint64)
    word *= np.uint64(PLACES_MAX)
    word += np.uint64(place)
    word *= np.uint64(_GAMMA)
    word += np.uint64(key)
    word ^= word >> np.uint64(30)
    word *= np.uint64(_FIRST)
    word ^= word >> np.uint64(27)
    word *= np.uint64(_SECOND)
    word ^= word >> np.uint64(31)
    return np.asarray(word)


def draw(key: int, loan_no: Ints, place: int) -> Ints:
    """Draw an integer below 2**32 for each loan.

    Example:
        >>> draw(key_of(7), np.arange(3), 0).max() < 2**DRAW_BITS
        np.True_
    """
    return (words(key, loan_no, place) >> np.uint64(DRAW_BITS)).astype(np.int64)


def pick(key: int, loan_no: Ints, place: int, span: tuple[int, int]) -> Ints:
    """Draw an integer of a span for each loan, both ends included, all alike.

    Example:
        >>> sorted(set(pick(key_of(7), np.arange(100), 1, (4, 6)).tolist()))
        [4, 5, 6]
    """
    low, high = span
    return low + ((draw(key, loan_no, place) * (high - low + 1)) >> DRAW_BITS)


def thresholds(weights: list[int]) -> Ints:
    """Turn weights into the draws below which each choice begins to end.

    Returns:
        (m,) cumulative shares of 2**32; the last is 2**32.

    Example:
        >>> (thresholds([1, 3]) >> 30).tolist()
        [1, 4]
    """
    total = sum(weights)
    sums = np.cumsum(np.array(weights, np.int64))
    return (sums << DRAW_BITS) // total


def choose(key: int, loan_no: Ints, place: int, ends: Ints) -> Ints:
    """Draw a choice for each loan by the thresholds of its weights.

    Example:
        >>> choices = choose(key_of(7), np.arange(1000), 2, thresholds([9, 1]))
        >>> 60 < int(choices.sum()) < 140
        True
    """
    return np.searchsorted(ends, draw(key, loan_no, place), side="right").astype(np.int64)
