"""Events: dated facts about a loan.

An event has two days: ``value_on``, from which it counts, and ``recorded_on``, on
which it became known. A position is a fold over the events by ``value_on``, so an
event that arrives late gives the same position as one that came in time.

What each field means depends on the kind; ``docs/reference/events.md`` has a row for
every kind with a worked example.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from kuanxian.base.days import NO_DAY


class Kind(IntEnum):
    """What happened."""

    PAYMENT = 1
    """Money came in. ``part``: what the borrower designates (0: by the contract);
    ``count``: the instalment the borrower designates (0: none)."""
    REFUND = 2
    """Money went back to the borrower out of the credit balance."""
    REVERSAL = 3
    """Event ``ref_seq`` never happened (a chargeback, a booking error)."""
    WAIVER = 4
    """The lender gives up ``amount_fen`` of ``part`` (0 fen: all of it that is owed)."""
    FEE = 5
    """A fee or cost is charged, due with the next instalment."""
    CREDIT = 6
    """The lender credits money that nobody paid (goodwill)."""
    GRACE = 7
    """``count`` extra grace days for the oldest unpaid instalment."""
    DEFERRAL = 8
    """All instalments not yet due move ``count`` periods; ``part`` INTEREST (3): interest
    runs meanwhile, else it does not."""
    PAUSE = 9
    """Ageing stands still from ``value_on`` to ``until_on``, both included."""
    EXTENSION = 10
    """``count`` more periods for the principal not yet due (展期)."""
    REINSTALMENT = 11
    """Everything owed becomes ``count`` new instalments from ``value_on`` at ``rate_ppb``;
    first due on ``until_on``. ``part`` ANY (0): interest, fees and penalty owed are due
    with the first of them; PRINCIPAL (4): they become principal."""
    REAGE = 12
    """What is overdue moves into the next instalment; ageing starts afresh."""
    REAMORTISE = 13
    """The instalments not yet due are computed anew from the principal not yet due."""
    DUE_DAY = 14
    """From the next instalment on the due day of the month is ``count``."""
    RATE = 15
    """From ``value_on`` the contract rate is ``rate_ppb``."""
    PENALTY_STOP = 16
    """No penalty from ``value_on`` to ``until_on`` (NO_DAY: for good)."""
    SETTLEMENT = 17
    """A payment meant to settle the loan early. Less than the pay-off amount, it is an
    ordinary payment and the loan stays open."""
    WRITE_OFF = 18
    """The lender writes the loan off. What is owed stays owed; nothing accrues."""
    ASSIGNMENT = 19
    """The claim passes to somebody else. Nothing accrues with us."""
    CORRECTION = 20
    """The figure ``Terms`` field number ``part`` was always ``amount_fen``."""
    DRAWDOWN = 21
    """Another ``amount_fen`` was borrowed, spread over the instalments not yet due."""
    INSTALMENT = 22
    """A row of a given schedule: due on ``until_on``, principal ``amount_fen``, interest
    ``interest_fen``, fee ``fee_fen``. Only with method GIVEN."""
    RECOVERY = 23
    """Money came in after the write-off. On a loan that is not written off it is a payment:
    a write-off that is undone does not make money vanish."""


class Event(NamedTuple):
    """One dated fact. ``seq`` is unique within the loan and orders events of one day."""

    seq: int
    kind: int
    value_on: int
    amount_fen: int = 0
    part: int = 0
    count: int = 0  # type: ignore[assignment]  # hides tuple.count, which nobody needs here
    until_on: int = NO_DAY
    rate_ppb: int = 0
    ref_seq: int = 0
    interest_fen: int = 0
    fee_fen: int = 0
    recorded_on: int = NO_DAY
    """The day it became known; NO_DAY: on ``value_on``."""


class EventColumns(NamedTuple):
    """Events as columns, in the order (``value_on``, ``seq``): lists or arrays."""

    seq: Sequence[int]
    kind: Sequence[int]
    value_on: Sequence[int]
    amount_fen: Sequence[int]
    part: Sequence[int]
    count: Sequence[int]  # type: ignore[assignment]  # as above
    until_on: Sequence[int]
    rate_ppb: Sequence[int]
    ref_seq: Sequence[int]
    interest_fen: Sequence[int]
    fee_fen: Sequence[int]
    recorded_on: Sequence[int]


class Refused(IntEnum):
    """Why the kernel could not apply an event. The rest of the loan is still folded."""

    NONE = 0
    BEFORE_DISBURSEMENT = 1
    """It is dated before the loan was paid out."""
    UNKNOWN_KIND = 2
    NO_SUCH_EVENT = 3
    """The event it refers to is not there."""
    REFUND_EXCEEDS_CREDIT = 4
    """More was sent back than the borrower's credit balance."""
    NOTHING_LEFT = 5
    """There is no instalment not yet due, or nothing owed, for it to act on."""
    OUT_OF_BOUNDS = 6
    """It would take a figure beyond the bounds (``kuanxian.base.bounds``)."""
    AFTER_END = 7
    """The loan was written off or assigned before it."""
    BAD_FIELD = 9
    """One of its fields is outside what the kind allows."""
