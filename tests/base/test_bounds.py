"""The bounds hold together: what is promised about 63 bits is true of these figures."""

from kuanxian.base import bounds


def test_the_largest_interest_of_the_longest_period_fits_63_bits() -> None:
    balance_fen = bounds.BALANCE_FEN_MAX
    for rate_ppb, year_days in (
        (bounds.RATE_PPB_MAX, 360),
        (bounds.DAILY_RATE_PPB_MAX, 1),
        (bounds.MONTHLY_RATE_PPB_MAX, 30),
    ):
        interest_ufen = balance_fen * rate_ppb * bounds.PERIOD_DAYS_MAX // (1_000 * year_days)

        assert interest_ufen <= bounds.INT64_MAX


def test_the_figures_are_the_ones_the_reference_states() -> None:
    assert bounds.PRINCIPAL_FEN_MAX == 10_000_000_00
    assert bounds.RATE_PPB_MAX == 4 * 10**9
    assert (bounds.INSTALMENTS_MAX, bounds.EVENTS_MAX, bounds.ROWS_MAX) == (480, 20_000, 1_024)
