"""Limits: what each figure of a contract and of an event may be, declared once.

The same bounds are held one loan at a time by ``kuanxian.loan.check``; a test shows that
both refuse the same contracts. Here they are applied to whole columns.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from kuanxian.base.bounds import (
    DAY_MAX,
    GRACE_DAYS_MAX,
    INSTALMENTS_MAX,
    PRINCIPAL_FEN_MAX,
    RATE_PPB_MAX,
)
from kuanxian.base.days import NO_DAY
from kuanxian.intake.formula import Flags, Ints
from kuanxian.intake.loan_events import PARTS
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Part

LOAN_LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "principal_fen": (1, PRINCIPAL_FEN_MAX),
    "disbursed_on": (0, DAY_MAX),
    "instalments": (1, INSTALMENTS_MAX),
    "rate_ppb": (0, RATE_PPB_MAX),
    "first_due_on": (NO_DAY, DAY_MAX),
    "due_day": (0, 31),
    "instalment_fen": (0, PRINCIPAL_FEN_MAX),
    "residual_fen": (0, PRINCIPAL_FEN_MAX),
    "down_payment_fen": (0, PRINCIPAL_FEN_MAX),
    "fee_fen": (0, PRINCIPAL_FEN_MAX),
    "promo_rate_ppb": (0, RATE_PPB_MAX),
    "promo_instalments": (0, INSTALMENTS_MAX),
    "interest_free_instalments": (0, INSTALMENTS_MAX),
    "grace_principal_instalments": (0, INSTALMENTS_MAX),
    "grace_interest_instalments": (0, INSTALMENTS_MAX),
    "penalty_rate_ppb": (0, RATE_PPB_MAX),
    "late_fee_fen": (0, PRINCIPAL_FEN_MAX),
    "grace_days": (0, GRACE_DAYS_MAX),
}

EVENT_LIMITS: Final[Mapping[str, tuple[int, int]]] = {
    "kind": (min(Kind), max(Kind)),
    "value_on": (NO_DAY, DAY_MAX),
    "amount_fen": (0, PRINCIPAL_FEN_MAX),
    "part": (min(Part), max(Part)),
    "count": (0, INSTALMENTS_MAX),
    "until_on": (NO_DAY, DAY_MAX),
    "rate_ppb": (0, RATE_PPB_MAX),
    "interest_fen": (0, PRINCIPAL_FEN_MAX),
    "fee_fen": (0, PRINCIPAL_FEN_MAX),
    "recorded_on": (NO_DAY, DAY_MAX),
}

Figures = Mapping[str, Ints]

_MONEY_MOVED: Final = (
    Kind.PAYMENT, Kind.REFUND, Kind.FEE, Kind.CREDIT, Kind.SETTLEMENT, Kind.DRAWDOWN, Kind.RECOVERY,
)  # fmt: skip
_COUNTED: Final = (Kind.GRACE, Kind.DEFERRAL, Kind.EXTENSION, Kind.REINSTALMENT, Kind.DUE_DAY)

EVENT_NEEDS: Final[tuple[tuple[str, str, Callable[[Figures], Flags]], ...]] = (
    (
        "amount_fen",
        "an amount above 0",
        lambda event: np.isin(event["kind"], _MONEY_MOVED) & (event["amount_fen"] < 1),
    ),
    (
        "count",
        "a count above 0",
        lambda event: np.isin(event["kind"], _COUNTED) & (event["count"] < 1),
    ),
    (
        "count",
        "a day of the month, 1 to 31",
        lambda event: (event["kind"] == Kind.DUE_DAY) & (event["count"] > 31),
    ),
    (
        "until_on",
        "a day it lasts to, not before it begins",
        lambda event: (event["kind"] == Kind.PAUSE) & (event["until_on"] < event["value_on"]),
    ),
    (
        "until_on",
        "the day it falls due",
        lambda event: (event["kind"] == Kind.INSTALMENT) & (event["until_on"] == NO_DAY),
    ),
    (
        "part",
        "a part that its kind knows",
        lambda event: np.logical_or.reduce(
            [(event["kind"] == kind) & ~np.isin(event["part"], PARTS[kind]) for kind in PARTS]
        ),
    ),
    (
        "part",
        "its field by name, and no part",
        lambda event: (event["kind"] == Kind.CORRECTION) & (event["part"] != 0),
    ),
    (
        "amount_fen",
        "what belongs there as its value, and no amount",
        lambda event: (event["kind"] == Kind.CORRECTION) & (event["amount_fen"] != 0),
    ),
    (
        "value_on",
        "a day",
        lambda event: (event["kind"] != Kind.INSTALMENT) & (event["value_on"] == NO_DAY),
    ),
)
"""What an event of a kind needs besides the limits: the column, the need, who lacks it."""
