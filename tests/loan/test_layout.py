"""The equal instalment and the schedules, against exact fractions."""

import random
from fractions import Fraction
from typing import NamedTuple

import pytest
from tests.loan.naive import rounded

from kuanxian.base.days import day_of
from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Absorb,
    Conventions,
    DayCount,
    InterestBasis,
    Method,
    Row,
    Terms,
    schedule,
)


class Drawn(NamedTuple):
    """A contract, and the monthly rate of each of its instalments."""

    terms: Terms
    conventions: Conventions
    rates: list[Fraction]


def draw(seed: str, method: int) -> Drawn:
    chance = random.Random(seed)
    count = chance.choice((1, 2, 3, 6, 12, 24, 36, 120, 480))
    principal_fen = chance.choice((1, 99, chance.randrange(1, 10**6), chance.randrange(1, 10**9)))
    with_extras = chance.random() < 0.5
    terms = Terms(
        principal_fen,
        chance.randrange(15_000, 25_000),
        count,
        rate_ppb=chance.choice((0, 12_000_000, 72_000_000, 180_000_000, 359_999_999, 4 * 10**9)),
        residual_fen=chance.randrange(principal_fen) if with_extras else 0,
        promo_rate_ppb=chance.choice((0, 30_000_000)),
        promo_instalments=chance.randrange(count + 1) if with_extras else 0,
        interest_free_instalments=chance.choice((0, 1)) if with_extras else 0,
        grace_principal_instalments=chance.randrange(min(count, 4)) if with_extras else 0,
    )
    conventions = Conventions(
        method=method,
        interest_rounding=chance.choice(list(Rounding)),
        instalment_rounding=chance.choice(list(Rounding)),
        instalment_multiple_fen=chance.choice((1, 1, 10, 100, 1_000)),
        absorb=chance.choice(list(Absorb)),
    )  # fmt: skip
    rates = []
    for k in range(count):
        rate_ppb = terms.promo_rate_ppb if k < terms.promo_instalments else terms.rate_ppb
        rate_ppb = 0 if k < terms.interest_free_instalments else rate_ppb
        rates.append(Fraction(rate_ppb, 12 * 10**9))
    return Drawn(terms, conventions, rates)


def exact_instalment(drawn: Drawn) -> Fraction:
    """Find the instalment whose discounted sum, with the residual, is the principal."""
    terms = drawn.terms
    discount = Fraction(1)
    annuity = Fraction(0)
    for rate in drawn.rates[terms.grace_principal_instalments :]:
        discount /= 1 + rate
        annuity += discount
    return max((terms.principal_fen - terms.residual_fen * discount) / annuity, Fraction(0))


def to_multiple(amount_fen: Fraction, conventions: Conventions) -> int:
    """Round once, from the exact amount to the multiple."""
    multiple = conventions.instalment_multiple_fen
    return rounded(amount_fen / multiple, conventions.instalment_rounding) * multiple


def plan(drawn: Drawn, aim_fen: int, extra_fen: int = 0) -> list[tuple[int, int]]:
    """Lay out principal and interest by hand, aiming at an instalment or a part."""
    terms, settings = drawn.terms, drawn.conventions
    left_fen = terms.principal_fen
    rows = []
    for k, rate in enumerate(drawn.rates):
        interest_fen = rounded(left_fen * rate, settings.interest_rounding)
        own_fen = interest_fen if settings.method == Method.LEVEL else 0
        wanted_fen = aim_fen - own_fen + (extra_fen if k == 0 else 0)
        if k < terms.grace_principal_instalments:
            wanted_fen = 0
        principal_fen = min(max(wanted_fen, 0), left_fen)
        if k == len(drawn.rates) - 1:
            principal_fen = left_fen
        left_fen -= principal_fen
        rows.append((principal_fen, interest_fen))
    return rows


def absorbed(drawn: Drawn, aim_fen: int) -> list[tuple[int, int]]:
    """Lay out, and once more where the first instalment takes what does not divide."""
    rows = plan(drawn, aim_fen)
    if drawn.conventions.absorb == Absorb.LAST or len(rows) == 1:
        return rows
    over_fen = rows[-1][0] - drawn.terms.residual_fen - aim_fen
    return plan(drawn, aim_fen, over_fen) if over_fen else rows


def told(rows: list[Row]) -> list[tuple[int, int]]:
    return [(row.principal_fen, row.interest_fen) for row in rows]


@pytest.mark.parametrize("block", range(6))
def test_the_equal_instalment_is_the_exact_annuity_rounded(block: int) -> None:
    """Within a millionth of a fen of where rounding turns, either side will do."""
    for number in range(block * 60, block * 60 + 60):
        drawn = draw(f"level {number}", Method.LEVEL)
        exact = exact_instalment(drawn)
        near = (exact - Fraction(2, 10**6), exact, exact + Fraction(2, 10**6))
        aims = {to_multiple(max(x, Fraction(0)), drawn.conventions) for x in near}

        rows = told(schedule(drawn.terms, drawn.conventions))

        assert any(rows in candidates(drawn, aim_fen, rows) for aim_fen in aims), number


def over(drawn: Drawn, aim_fen: int, rows: list[tuple[int, int]]) -> int:
    """Find by how much the last instalment is above the amount aimed at."""
    return sum(rows[-1]) - drawn.terms.residual_fen - aim_fen


def candidates(
    drawn: Drawn, aim_fen: int, rows: list[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """List the plans that would do: where the first absorbs, the last fits better for it."""
    flat = plan(drawn, aim_fen)
    if drawn.conventions.absorb == Absorb.LAST or len(rows) == 1:
        return [flat]
    shifted = plan(drawn, aim_fen, rows[0][0] - (aim_fen - rows[0][1]))
    better = abs(over(drawn, aim_fen, shifted)) < abs(over(drawn, aim_fen, flat))
    return [shifted] if better else [flat]


def test_the_first_instalment_takes_what_keeps_the_last_one_in_line() -> None:
    """Twelve thousand over three years at 24 %, by the day over 360: the level amount assumes
    equal months, so something is left. A fen at the start is two at the end.
    """
    terms = Terms(1_200_000, day_of(2026, 1, 15), 36, rate_ppb=240_000_000)
    settings = Conventions(day_count=DayCount.ACT_360, absorb=Absorb.FIRST)

    amounts = [sum(row) for row in told(schedule(terms, settings))]

    assert set(amounts[1:-1]) == {47_079}
    assert abs(amounts[-1] - 47_079) <= 1
    assert amounts[0] > 47_079


@pytest.mark.parametrize("block", range(3))
def test_equal_parts_of_principal_are_exact(block: int) -> None:
    for number in range(block * 60, block * 60 + 60):
        drawn = draw(f"part {number}", Method.EQUAL_PRINCIPAL)
        terms, settings = drawn.terms, drawn.conventions
        count = terms.instalments - terms.grace_principal_instalments
        exact = Fraction(terms.principal_fen - terms.residual_fen, count)
        part_fen = to_multiple(exact, settings)

        assert told(schedule(terms, settings)) == absorbed(drawn, part_fen), number


def test_flat_interest_is_the_same_in_every_instalment() -> None:
    for number in range(60):
        drawn = draw(f"flat {number}", Method.FLAT)
        rows = schedule(drawn.terms, drawn.conventions)
        expected = [
            rounded(drawn.terms.principal_fen * rate, drawn.conventions.interest_rounding)
            for rate in drawn.rates
        ]

        assert [row.interest_fen for row in rows] == expected, number


@pytest.mark.parametrize("changed", [{"interest_basis": InterestBasis.FLAT}, {}])
def test_equal_instalments_are_equal_at_what_is_really_charged(changed: dict[str, int]) -> None:
    """With flat interest, and with a cap a day below the rate of 36 %: half a fen a row off."""
    for number in range(40):
        chance = random.Random(f"level {number}")
        terms = Terms(
            chance.randrange(10**5, 10**8), 20_000 + number, chance.randrange(2, 37), 360_000_000
        )
        capped = Conventions(daily_cost_cap_ppb=chance.randrange(100_000, 900_000))
        rows = schedule(terms, capped._replace(**changed))
        paid_fen = [row.principal_fen + row.interest_fen for row in rows]

        assert len(set(paid_fen[:-1])) == 1, number
        assert abs(paid_fen[-1] - paid_fen[0]) <= terms.instalments, number


def test_interest_only_repays_at_the_end() -> None:
    for number in range(60):
        drawn = draw(f"bullet {number}", Method.INTEREST_ONLY)
        rows = schedule(drawn.terms, drawn.conventions)

        assert [row.principal_fen for row in rows[:-1]] == [0] * (len(rows) - 1)
        assert [row.interest_fen for row in rows] == [
            rounded(drawn.terms.principal_fen * rate, drawn.conventions.interest_rounding)
            for rate in drawn.rates
        ], number


def test_smoothing_never_makes_the_last_instalment_worse() -> None:
    better = 0
    for number in range(200):
        drawn = draw(f"smooth {number}", Method.LEVEL)
        settings = drawn.conventions._replace(absorb=Absorb.LAST)
        plain = told(schedule(drawn.terms, settings))
        smooth = told(schedule(drawn.terms, settings._replace(smooth=1)))

        def off_fen(rows: list[tuple[int, int]], over: int = drawn.terms.residual_fen) -> int:
            return abs(sum(rows[-1]) - over - max(sum(row) for row in rows[:1]))

        assert sum(principal for principal, _ in smooth) == drawn.terms.principal_fen
        odd = drawn.terms.grace_principal_instalments or drawn.terms.residual_fen
        if not odd and drawn.terms.principal_fen >= 10**6:
            assert off_fen(smooth) <= off_fen(plain), number
            better += off_fen(smooth) < off_fen(plain)
    assert better > 0


def test_daily_interest_is_promised_like_interest_by_the_period() -> None:
    drawn = draw("daily", Method.LEVEL)
    daily = drawn.conventions._replace(interest_basis=InterestBasis.DAILY)

    assert schedule(drawn.terms, daily) == schedule(drawn.terms, drawn.conventions)
