"""The kernel: terms and dated events in; schedule, position, trace and pay-off out.

No I/O, no clock, no database, no float (but in ``apr``, whose result is a disclosure).
Written once over integers and NamedTuples; ``kuanxian.state`` runs it compiled.
"""

from kuanxian.loan.checks import check
from kuanxian.loan.events import Event, Kind, Refused
from kuanxian.loan.position import Letter, Policy, Position, Status
from kuanxian.loan.promise import promised
from kuanxian.loan.settle import Payoff
from kuanxian.loan.terms import (
    Absorb,
    Conventions,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    FutureRule,
    InterestBasis,
    Method,
    Part,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Roll,
    RoundAt,
    Terms,
)
from kuanxian.loan.trace import Entry, What
from kuanxian.loan.view import Row, payoff, position, schedule, trace

__all__ = [
    "Absorb",
    "Conventions",
    "DayCount",
    "DaysOff",
    "Direction",
    "EarlyInterest",
    "Entry",
    "Event",
    "FutureRule",
    "InterestBasis",
    "Kind",
    "Letter",
    "Method",
    "Part",
    "Payoff",
    "PenaltyBase",
    "PeriodUnit",
    "Policy",
    "Position",
    "RateUnit",
    "Refused",
    "Roll",
    "RoundAt",
    "Row",
    "Status",
    "Terms",
    "What",
    "check",
    "payoff",
    "position",
    "promised",
    "schedule",
    "trace",
]
