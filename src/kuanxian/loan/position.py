"""Position: a loan at the close of a day.

Every figure is an integer: fen, days since 1970-01-01, counts, codes. An amount is
*due* when its due day has come, *overdue* when its due day has passed; on the due day
itself a payment is in time.
"""

from enum import IntEnum
from typing import NamedTuple


class Status(IntEnum):
    """Where a loan stands."""

    PENDING = 0
    """Not yet paid out on that day."""
    CURRENT = 1
    """Nothing overdue."""
    OVERDUE = 2
    SETTLED = 3
    """Nothing owed any more, and nothing still to fall due."""
    SETTLED_EARLY = 4
    """By a settlement before the last period ended."""
    WRITTEN_OFF = 5
    ASSIGNED = 6


class Letter(IntEnum):
    """The month's repayment status, in the letters of the credit record (二代征信).

    A format value, not a statement that anything will be reported: the lender decides
    what it reports, under the rules in force.
    """

    NOTHING_DUE = 0
    """``*``: nothing due this month and nothing overdue."""
    NORMAL = 1
    """``N``."""
    LATE_IN_MONTH = 2
    """``M``: paid after the due day but before the cut."""
    OVERDUE_1 = 3
    """``1``: 1 to 30 days; then a letter for each 30 days."""
    OVERDUE_2 = 4
    OVERDUE_3 = 5
    OVERDUE_4 = 6
    OVERDUE_5 = 7
    OVERDUE_6 = 8
    OVERDUE_7 = 9
    """``7``: more than 180 days."""
    SETTLED = 10
    """``C``."""
    ENDED = 11
    """``G``: ended other than by settlement (assigned)."""
    BAD = 12
    """``B``: written off as bad debt."""
    NOT_OPEN = 13
    """``/``: not yet open."""


class Policy(NamedTuple):
    """How ageing is shown: the lender's own, not the contract's."""

    ageing_1_days: int = 30
    """Upper ends of the ageing buckets, days past due, included, not decreasing.
    Bucket 0 is not overdue, 1 is up to ``ageing_1_days`` … 7 is beyond ``ageing_6_days``."""
    ageing_2_days: int = 60
    ageing_3_days: int = 90
    ageing_4_days: int = 120
    ageing_5_days: int = 150
    ageing_6_days: int = 180
    mention_days: int = 0
    """Beyond this many days past due: grade 2, special mention (关注)."""
    substandard_days: int = 90
    """Beyond: grade 3 (次级)."""
    doubtful_days: int = 270
    """Beyond: grade 4 (可疑)."""
    loss_days: int = 360
    """Beyond: grade 5 (损失)."""


class Position(NamedTuple):
    """A loan at the close of a day. Fen are 0 or more; days may be NO_DAY (-1)."""

    status: int
    letter: int
    days_past_due: int
    """Days since the oldest unpaid due day, without pauses; 0 when nothing is overdue."""
    days_past_due_grace: int
    """The same, 0 within grace."""
    bucket: int
    """Ageing bucket of ``days_past_due``, 0 … 7 (M0 … M6+)."""
    grade: int
    """Five-grade classification by days past due alone, 1 … 5."""
    oldest_unpaid_due_on: int
    overdue_instalments: int
    """How many instalments are overdue in a row."""
    default_since_on: int
    """First day of the current overdue episode."""
    cured_on: int
    """Day the last overdue episode ended, if none runs."""
    outstanding_principal_fen: int
    """Principal owed, due or not."""
    outstanding_interest_fen: int
    """Interest charged and not met (due or overdue)."""
    outstanding_penalty_fen: int
    outstanding_fee_fen: int
    due_principal_fen: int
    """Due day has come (overdue included), not met."""
    due_interest_fen: int
    due_penalty_fen: int
    due_fee_fen: int
    overdue_principal_fen: int
    overdue_interest_fen: int
    overdue_penalty_fen: int
    overdue_fee_fen: int
    overdue_principal_1_fen: int
    """``overdue_principal_fen`` by the age of the instalment: bucket 1 … 7."""
    overdue_principal_2_fen: int
    overdue_principal_3_fen: int
    overdue_principal_4_fen: int
    overdue_principal_5_fen: int
    overdue_principal_6_fen: int
    overdue_principal_7_fen: int
    accrued_interest_fen: int
    """Interest of the running period up to this day, not yet due."""
    credit_fen: int
    """The borrower's money we hold."""
    payoff_fen: int
    """What settles the loan today."""
    next_due_on: int
    """The next day on which something falls due."""
    next_due_fen: int
    """What falls due on that day in all, less the credit."""
    instalments_left: int
    """Instalments not fully met."""
    last_payment_on: int
    last_payment_fen: int
    paid_in_period_fen: int
    """Cash received since the first day of the period (normally the month)."""
    paid_fen: int
    """Cash received in all, refunds not subtracted."""
    paid_principal_fen: int
    paid_interest_fen: int
    paid_penalty_fen: int
    paid_fee_fen: int
    credited_fen: int
    """Goodwill credits in all. paid + credited = the four paid parts + credit + refunded."""
    refunded_fen: int
    waived_fen: int
    waived_principal_fen: int
    """The part of ``waived_fen`` that was principal."""
    capitalised_fen: int
    """Interest, fees and penalty that became principal."""
    drawn_fen: int
    """Principal paid out in all. drawn + capitalised = outstanding + paid + waived principal."""
    recovered_fen: int
    """Cash received after a write-off (part of ``paid_fen``)."""
    written_off_on: int
    maturity_on: int
    """Due day of the last instalment."""
    refused_events: int
    """Events that could not be applied."""
    refused_seq: int
    """The first of them."""
    refused_reason: int
    """Why, a ``Refused`` code."""
