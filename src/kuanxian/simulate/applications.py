"""Applications: when loans are paid out, and on which terms.

The lender grows by a third a year. Spring Festival is quiet; June, November and
December are busy; weekends are a little slower. Loans are numbered in the order they
were paid out.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from kuanxian.base.days import NO_DAY, civil_of, weekday
from kuanxian.loan.terms import Method, RateUnit, Terms
from kuanxian.simulate.draws import Ints, choose, draw, pick, thresholds
from kuanxian.simulate.places import Place
from kuanxian.simulate.products import GRACE_DAYS, PRODUCTS, annuity_ppt, penalty_rate_ppb
from kuanxian.simulate.segments import CHANNEL_WEIGHTS, LENDERS, TIER_WEIGHTS, TIERS

_SEASON_PERCENT: Final = (95, 75, 95, 100, 102, 112, 100, 98, 104, 98, 118, 110)
_GROWTH_PERCENT: Final = 33
_WEEKEND_PERCENT: Final = 85
_TIERS: Final = len(TIERS)


class Contracts(NamedTuple):
    """The contracts of a slice of loans; every array is (n,) and int64."""

    loan_no: Ints
    product_no: Ints
    channel: Ints
    tier: Ints
    lender: Ints
    principal_fen: Ints
    disbursed_on: Ints
    instalments: Ints
    rate_ppb: Ints
    penalty_rate_ppb: Ints
    instalment_fen: Ints
    down_payment_fen: Ints

    def figures(self) -> dict[str, Ints]:
        """Give every field of ``Terms`` as a column."""
        blank: Any = np.zeros(len(self.loan_no), np.int64)
        figures = dict.fromkeys(Terms._fields, blank)
        figures.update((name, getattr(self, name)) for name in figures if hasattr(self, name))
        figures["first_due_on"] = blank + NO_DAY
        figures["grace_days"] = blank + GRACE_DAYS
        return figures


def day_weights(first_on: int, last_on: int) -> Ints:
    """Weigh every day of a span by how many loans it sees, cumulated.

    Args:
        first_on: The first day.
        last_on: The last day, included.

    Returns:
        (days,) cumulative weights, rising.
    """
    weights = []
    for day_on in range(first_on, last_on + 1):
        grown = 36_500 + _GROWTH_PERCENT * (day_on - first_on)
        weight = grown * _SEASON_PERCENT[civil_of(day_on)[1] - 1]
        weights.append(weight * (_WEEKEND_PERCENT if weekday(day_on) >= 5 else 100))
    return np.cumsum(np.array(weights, np.int64))


def apply_for(key: int, loan_no: Ints, loans: int, days_on: tuple[int, Ints]) -> Contracts:
    """Draw the contracts of some loans of a book.

    Args:
        key: The key of the book's draws.
        loan_no: (n,) numbers of the loans, rising.
        loans: How many loans the book has in all.
        days_on: The first day of the book, and what ``day_weights`` gave for it.

    Returns:
        The contracts; ``disbursed_on`` rises with ``loan_no``.
    """
    product_no = choose(
        key, loan_no, Place.PRODUCT, thresholds([product.weight for product in PRODUCTS])
    )
    channel = choose(key, loan_no, Place.CHANNEL, thresholds(list(CHANNEL_WEIGHTS)))
    ends = np.array([thresholds(list(row)) for row in TIER_WEIGHTS], np.int64)
    tier = (draw(key, loan_no, Place.TIER)[:, None] >= ends[channel]).sum(axis=1, dtype=np.int64)
    term = pick(key, loan_no, Place.TERM, (0, _TERM_SLOTS - 1))
    instalments = _TERMS[product_no, term]
    principal_fen = _principal_fen(key, loan_no, product_no)
    rates = np.array([product.rates_ppb for product in PRODUCTS], np.int64)
    rate_ppb = rates[product_no, tier]
    penalties = np.array(
        [[penalty_rate_ppb(rate) for rate in product.rates_ppb] for product in PRODUCTS], np.int64
    )
    annuity = ANNUITIES[product_no, tier, instalments]
    return Contracts(
        loan_no=loan_no,
        product_no=product_no,
        channel=channel,
        tier=tier,
        lender=(channel + pick(key, loan_no, Place.LENDER, (0, 1))) % len(LENDERS),
        principal_fen=principal_fen,
        disbursed_on=_disbursed_on(key, loan_no, loans, days_on),
        instalments=instalments,
        rate_ppb=rate_ppb,
        penalty_rate_ppb=penalties[product_no, tier],
        instalment_fen=portion_fen(principal_fen, annuity),
        down_payment_fen=np.where(_DOWN[product_no], principal_fen // 4, 0),
    )


def portion_fen(amount_fen: Ints, share_ppt: Ints) -> Ints:
    """Take a share of amounts, parts per trillion, rounded half up to a fen.

    Amounts stay below 2**31 fen and shares at one, so two steps stay inside 63 bits.

    Example:
        >>> portion_fen(np.array([100_000]), np.array([89_975_433_280])).tolist()
        [8998]
    """
    high, low = share_ppt // 1_000_000, share_ppt % 1_000_000
    millionths = amount_fen * high + amount_fen * low // 1_000_000
    return np.asarray((millionths + 500_000) // 1_000_000)


def _disbursed_on(key: int, loan_no: Ints, loans: int, days_on: tuple[int, Ints]) -> Ints:
    """Spread loans over the days by weight, with a jitter.

    The jitter is never more than the distance to the next loan, so days do not fall.
    """
    first_on, sums = days_on
    total = int(sums[-1])
    whole, rest = total // loans, total % loans
    # (loan_no + jitter) * total / loans, without forming the product.
    base = loan_no * whole + loan_no * rest // loans
    jitter = (draw(key, loan_no, Place.DAY) >> 12) * (whole + 1) >> 20
    place = np.minimum(base + jitter, total - 1)
    found = np.searchsorted(sums, place, side="right")
    return np.asarray(found, np.int64) + first_on


def _principal_fen(key: int, loan_no: Ints, product_no: Ints) -> Ints:
    """Draw amounts on offer; the mean of two draws makes the middle ones likelier."""
    first, second = draw(key, loan_no, Place.PRINCIPAL), draw(key, loan_no, Place.PRINCIPAL + 1)
    mean = (first + second) >> 1
    counts = np.array([len(product.principals_yuan) for product in PRODUCTS], np.int64)
    return np.asarray(_AMOUNTS[product_no, (mean * counts[product_no]) >> 32] * 100)


def _padded(rows: list[tuple[int, ...]], width: int, *, repeat: bool) -> Ints:
    """Make tuples of different lengths one table, filled with repeats or zeros."""
    filled = [
        row * (width // len(row)) if repeat else row + (0,) * (width - len(row)) for row in rows
    ]
    return np.array(filled, np.int64)


_TERM_SLOTS: Final = 12
_TERMS: Final = _padded([product.instalments for product in PRODUCTS], _TERM_SLOTS, repeat=True)
_AMOUNTS: Final = _padded([product.principals_yuan for product in PRODUCTS], 10, repeat=False)
_DOWN: Final = np.array([product.conventions.method == Method.PAY_IN_N for product in PRODUCTS])


def _annuities() -> Ints:
    """Tabulate the equal instalment of a loan of one by product, tier and instalments."""
    table = np.zeros((len(PRODUCTS), _TIERS, INSTALMENTS_TABLED), np.int64)
    for number, product in enumerate(PRODUCTS):
        if product.conventions.method == Method.LEVEL:
            unit = RateUnit(product.conventions.rate_unit)
            for tier, rate_ppb in enumerate(product.rates_ppb):
                for count in range(1, INSTALMENTS_TABLED):
                    table[number, tier, count] = annuity_ppt(rate_ppb, unit, count)
    return table


INSTALMENTS_TABLED: Final = 32
ANNUITIES: Final = _annuities()
"""(products, tiers, instalments) parts per trillion; 0 where the method has none."""
