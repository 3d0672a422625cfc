"""Exact arithmetic, against fractions and decimals of any length."""

import random
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from kuanxian.base.bounds import BALANCE_FEN_MAX, RATE_PPB_MAX, UFEN
from kuanxian.base.fen import (
    ONE_Q62,
    PPB,
    Rounding,
    mul_div,
    mul_q62,
    ratio_q62,
    round_div,
    round_to_multiple,
    round_ufen,
    share_fen,
    shift_div,
)

DECIMAL_MODE = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.FLOOR: ROUND_FLOOR,
    Rounding.CEIL: ROUND_CEILING,
}


@pytest.mark.parametrize("mode", Rounding)
def test_rounding_to_fen_is_what_decimal_does(mode: Rounding) -> None:
    for amount in range(4 * 1_000 + 1):
        whole = int((Decimal(amount) / 1_000).quantize(Decimal(1), DECIMAL_MODE[mode]))

        assert round_div(amount, 1_000, mode) == whole
        assert round_ufen(amount * 1_000, mode) == whole


@pytest.mark.parametrize(
    ("amount", "unit", "half_up", "half_even", "floor", "ceil"),
    [
        (0, 3, 0, 0, 0, 0),
        (1, 3, 0, 0, 0, 1),
        (2, 3, 1, 1, 0, 1),
        (1, 2, 1, 0, 0, 1),
        (3, 2, 2, 2, 1, 2),
        (5, 2, 3, 2, 2, 3),
        (7, 7, 1, 1, 1, 1),
        (3, 7, 0, 0, 0, 1),
        (4, 7, 1, 1, 0, 1),
        (4 * 10**18 + 1, 2, 2 * 10**18 + 1, 2 * 10**18, 2 * 10**18, 2 * 10**18 + 1),
    ],
)
def test_each_mode_rounds_as_its_name_says(
    amount: int, unit: int, half_up: int, half_even: int, floor: int, ceil: int
) -> None:
    told = [round_div(amount, unit, mode) for mode in Rounding]

    assert told == [half_up, half_even, floor, ceil]


@pytest.mark.parametrize("mode", Rounding)
def test_a_share_is_the_exact_product_rounded(mode: Rounding) -> None:
    chance = random.Random(f"share {mode}")
    for _ in range(2_000):
        amount_fen = chance.choice((chance.randrange(1, 10**4), chance.randrange(8 * 10**10)))
        share_ppb = chance.choice((PPB, RATE_PPB_MAX, chance.randrange(RATE_PPB_MAX)))
        exact = Decimal(amount_fen * share_ppb).scaleb(-9)

        told = share_fen(amount_fen, share_ppb, mode)

        assert told == int(exact.quantize(Decimal(1), DECIMAL_MODE[mode]))


@pytest.mark.parametrize(
    ("amount_fen", "multiple_fen", "expected"),
    [
        (88_849, 100, [88_800, 88_800, 88_800, 88_900]),
        (88_850, 100, [88_900, 88_800, 88_800, 88_900]),
        (88_950, 100, [89_000, 89_000, 88_900, 89_000]),
        (88_900, 100, [88_900] * 4),
        (1, 1_000_000, [0, 0, 0, 1_000_000]),
        (7, 1, [7, 7, 7, 7]),
    ],
)
def test_an_instalment_is_rounded_to_a_multiple(
    amount_fen: int, multiple_fen: int, expected: list[int]
) -> None:
    assert [round_to_multiple(amount_fen, multiple_fen, mode) for mode in Rounding] == expected


def test_a_product_of_122_bits_divides_exactly() -> None:
    chance = random.Random("mul_div")
    for _ in range(3_000):
        left = chance.randrange(2 ** chance.randrange(1, 62))
        divisor = chance.randrange(1, 2 ** chance.randrange(1, 62))
        right = chance.randrange(min(2**61, max(divisor * 2**61 // max(left, 1), 1) + 1))

        assert mul_div(left, right, divisor) == left * right // divisor


def test_a_shifted_amount_divides_exactly() -> None:
    chance = random.Random("shift_div")
    for _ in range(3_000):
        amount = chance.randrange(2 ** chance.randrange(1, 62))
        bits = chance.randrange(62)
        divisor = chance.randrange(1, 2 ** chance.randrange(1, 61))

        if amount * 2**bits // divisor < 2**63:
            assert shift_div(amount, bits, divisor) == amount * 2**bits // divisor


def test_the_largest_balance_over_the_longest_annuity_divides_exactly() -> None:
    amount = BALANCE_FEN_MAX * UFEN
    for divisor in (1, 480 * 2**51, 2**51, 2**51 - 1, 2**60 - 1):
        if amount * 2**51 // divisor < 2**63:
            assert shift_div(amount, 51, divisor) == amount * 2**51 // divisor


def test_a_ratio_is_exact_to_its_last_bit() -> None:
    chance = random.Random("ratio")
    for _ in range(3_000):
        whole = chance.randrange(1, 2 ** chance.randrange(1, 43))
        part = chance.randrange(whole + 1)

        assert ratio_q62(part, whole) == part * 2**62 // whole


def test_a_product_of_fractions_is_exact_but_for_its_last_bits() -> None:
    chance = random.Random("mul_q62")
    for _ in range(3_000):
        left = chance.choice((0, 1, ONE_Q62, ONE_Q62 - 1, chance.randrange(ONE_Q62)))
        right = chance.choice((0, 1, ONE_Q62, ONE_Q62 - 1, chance.randrange(ONE_Q62)))
        exact = Fraction(left * right, 2**62)

        assert 0 <= exact - mul_q62(left, right) < 2


def test_one_is_neutral_on_either_side() -> None:
    assert mul_q62(ONE_Q62, 12_345) == mul_q62(12_345, ONE_Q62) == 12_345


@pytest.mark.parametrize(
    ("amount_fen", "share_ppb", "expected"),
    [
        (1, 500_000_000, [1, 0, 0, 1]),
        (3, 500_000_000, [2, 2, 1, 2]),
        (2 * 10**9, PPB, [2 * 10**9] * 4),
    ],
)
def test_half_a_fen_goes_where_the_mode_sends_it(
    amount_fen: int, share_ppb: int, expected: list[int]
) -> None:
    assert [share_fen(amount_fen, share_ppb, mode) for mode in Rounding] == expected
