"""Packed: many small answers a row in a few 64-bit words, and rows with the same words numbered.

An answer that may be unknown takes two bits, another one only one, so that a table without
gaps is compared in half the words.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

_WORD: Final = 64
_BYTE: Final = 8
_MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(29)

Words = list[npt.NDArray[np.uint64]]


class Answer(NamedTuple):
    """What is asked of each row."""

    place: int
    """Whose answer it is."""
    expression: pl.Expr
    """A UInt8 below ``1 << bits``."""
    bits: int
    """1 or 2."""


class Spot(NamedTuple):
    """Where an answer stands in the words."""

    place: int
    word: int
    shift: int
    bits: int


def pack(answers: Sequence[Answer]) -> tuple[list[pl.Expr], list[Spot]]:
    """Pack answers into words.

    Returns:
        An expression a word, UInt64, and where each answer stands.

    Example:
        >>> packed, spots = pack([Answer(0, pl.col("a"), 1), Answer(1, pl.col("b"), 2)])
        >>> table = pl.DataFrame({"a": [0, 1], "b": [2, 1]}, schema_overrides={"a": pl.UInt8})
        >>> table.select(pl.all().cast(pl.UInt8)).select(packed).to_series().to_list()
        [2, 5]
        >>> [(spot.place, spot.shift) for spot in spots]
        [(1, 0), (0, 2)]
    """
    spots: list[Spot] = []
    bytes_: list[pl.Expr] = []
    at = 0
    # Those of two bits first: none then lies across two bytes.
    for one in sorted(answers, key=lambda answer: -answer.bits):
        spots.append(Spot(one.place, at // _WORD, at % _WORD, one.bits))
        shifted = one.expression * (1 << (at % _BYTE))
        if at % _BYTE:
            bytes_[-1] = bytes_[-1] + shifted
        else:
            bytes_.append(shifted)
        at += one.bits
    step = _WORD // _BYTE
    words = [_word_of(bytes_[start : start + step]) for start in range(0, len(bytes_), step)]
    return [word.alias(f"w{number}") for number, word in enumerate(words)], spots


def _word_of(bytes_: Sequence[pl.Expr]) -> pl.Expr:
    word = bytes_[0].cast(pl.UInt64)
    for place, byte in enumerate(bytes_[1:], start=1):
        word = word + byte.cast(pl.UInt64) * pl.lit(1 << (_BYTE * place), dtype=pl.UInt64)
    return word


def unpack(words: Words, spots: Sequence[Spot], rows: Any, out: npt.NDArray[np.uint8]) -> None:
    """Read the answers of some rows off their words.

    Args:
        words: As ``pack`` made them.
        spots: Where the answers stand.
        rows: The numbers of the rows.
        out: (places, rows); the answers are written into it.
    """
    bytes_ = [
        np.ascontiguousarray(word[rows].astype("<u8").view(np.uint8).reshape(-1, _BYTE).T)
        for word in words
    ]
    for spot in spots:
        byte = bytes_[spot.word][spot.shift // _BYTE]
        shifted = np.right_shift(byte, spot.shift % _BYTE, out=out[spot.place])
        np.bitwise_and(shifted, (1 << spot.bits) - 1, out=shifted)


def same_rows(words: Words) -> tuple[Any, Any]:
    """Number the rows that have the same words: each row's number, and each one's first row.

    They are found by a hash and compared word by word; where two different rows have one
    hash, each row is a pattern of its own, which changes no answer.
    """
    hashed = np.zeros(len(words[0]), np.uint64)
    for word in words:
        hashed ^= word
        hashed *= _MULTIPLIER
        hashed ^= hashed >> _SHIFT
    _, first, of_row = np.unique(hashed, return_index=True, return_inverse=True)
    if not all(np.array_equal(word[first][of_row], word) for word in words):
        return np.arange(len(hashed)), np.arange(len(hashed))
    return of_row, first
