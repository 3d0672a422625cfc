"""Segments: who borrows, through which channel, and how likely they are to fall behind.

A segment is a channel and a risk tier. Each month a borrower who is not behind does
one of the things of ``Habit``; one who is behind does one of ``Turn``. The chances are
a Markov chain: they depend on the tier and on how many instalments are unpaid, on
nothing else. They are made up, to give a book of a plausible shape, and are nobody's
figures: about 2 % of those in time miss the next instalment, most of them cure within
a month, and of those three behind few come back.
"""

from enum import IntEnum
from typing import Final

import numpy as np

from kuanxian.simulate.draws import DRAW_BITS, Ints

CHANNELS: Final = ("app", "partner", "shop", "agent")
CHANNEL_WEIGHTS: Final = (45, 30, 15, 10)
TIERS: Final = ("A", "B", "C", "D")
TIER_WEIGHTS: Final = ((45, 35, 15, 5), (30, 35, 25, 10), (35, 35, 20, 10), (15, 30, 30, 25))
"""By channel."""
LENDERS: Final = ("lender-01", "lender-02", "lender-03", "lender-04", "lender-05")
"""The actual lenders; the channel's brand is none of them."""

BROKEN_TIER: Final = 4
"""The tier of a loan whose plan was made anew, whatever it was before."""


class Habit(IntEnum):
    """What a borrower does about an instalment who owes nothing from before."""

    MISS = 0
    LATE = 1
    """Pays all of it after the grace days, with the penalty."""
    PART = 2
    """Pays a part on the day; most bring the rest later."""
    IN_GRACE = 3
    RETURNED = 4
    """The debit comes back and is paid again some days later."""
    SETTLE = 5
    """Settles the loan early."""
    SPLIT = 6
    """Pays in two parts, both in time."""
    OVER = 7
    """Pays too much."""
    DEFER = 8
    """Pays, and is granted a deferral of the instalments to come."""
    EXTEND = 9
    """Pays, and is granted more instalments."""
    GOODWILL = 10
    """Pays, and is credited something."""
    IN_TIME = 11


class Turn(IntEnum):
    """What a borrower does who is behind."""

    CURE = 0
    CURE_WAIVED = 1
    """Pays all but the penalty, which the lender gives up."""
    ONE = 2
    """Pays about one instalment."""
    PART = 3
    GRACE = 4
    """Is granted more days of grace, and pays nothing yet."""
    PAUSE = 5
    """Is granted a pause of ageing, and pays nothing yet."""
    NEW_PLAN = 6
    """What is owed becomes new instalments without interest."""
    FEE = 7
    """Is charged a fee, and pays nothing yet."""
    NOTHING = 8


_HABIT_PPM: Final = (
    (6_000, 8_000, 1_500, 16_000, 2_000, 7_000, 4_000, 6_000, 300, 200, 500),
    (16_000, 18_000, 4_000, 28_000, 3_000, 8_000, 6_000, 5_000, 600, 400, 500),
    (36_000, 34_000, 8_000, 38_000, 4_000, 8_000, 8_000, 4_000, 1_000, 700, 500),
    (75_000, 55_000, 14_000, 48_000, 5_000, 6_000, 9_000, 3_000, 1_500, 1_000, 500),
    (140_000, 60_000, 20_000, 50_000, 5_000, 2_000, 8_000, 1_000, 0, 0, 0),
)
"""By tier; ``IN_TIME`` has the rest."""

_TURN_PPM: Final = (
    (540_000, 20_000, 90_000, 60_000, 5_000, 3_000, 0, 5_000),
    (300_000, 40_000, 110_000, 70_000, 10_000, 8_000, 25_000, 20_000),
    (150_000, 50_000, 90_000, 80_000, 10_000, 10_000, 40_000, 30_000),
    (70_000, 40_000, 60_000, 80_000, 5_000, 10_000, 40_000, 20_000),
    (30_000, 30_000, 40_000, 60_000, 0, 5_000, 25_000, 10_000),
)
"""By unpaid instalments, 1 … 5 and more; ``NOTHING`` has the rest."""

_TURN_PERCENT: Final = (125, 110, 95, 75, 60)
"""How the chances of the table above are scaled for each tier."""

BEHIND_MAX: Final = len(_TURN_PPM)


def _ends(shares_ppm: list[int]) -> list[int]:
    sums = np.cumsum(np.array(shares_ppm, np.int64))
    return [int(total << DRAW_BITS) // 1_000_000 for total in sums]


HABIT_ENDS: Final[Ints] = np.array([_ends(list(row)) for row in _HABIT_PPM], np.int64)
"""(tiers, habits) draws below which each habit begins to end."""

TURN_ENDS: Final[Ints] = np.array(
    [
        [_ends([share * percent // 100 for share in row]) for row in _TURN_PPM]
        for percent in _TURN_PERCENT
    ],
    np.int64,
)
"""(tiers, unpaid instalments, turns) likewise."""


def habit_of(tier: Ints, drawn: Ints) -> Ints:
    """Read the habit off a draw.

    Args:
        tier: (n,) tier numbers, 0 … 4.
        drawn: (n,) draws.

    Returns:
        (n,) ``Habit`` codes.
    """
    return np.asarray((drawn[:, None] >= HABIT_ENDS[tier]).sum(axis=1, dtype=np.int64))


def turn_of(tier: Ints, behind: Ints, drawn: Ints) -> Ints:
    """Read off a draw what a borrower does who is ``behind`` instalments, 1 or more.

    Returns:
        (n,) ``Turn`` codes.
    """
    ends = TURN_ENDS[tier, np.minimum(behind, BEHIND_MAX) - 1]
    return np.asarray((drawn[:, None] >= ends).sum(axis=1, dtype=np.int64))
