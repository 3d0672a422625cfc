"""Walk: the lives of a slice of loans, month by month, written into a ledger."""

from typing import Final

import numpy as np

from kuanxian.loan.events import Kind
from kuanxian.simulate.applications import Contracts
from kuanxian.simulate.cohort import Cohort, next_period, open_cohort
from kuanxian.simulate.habits import Month, live_in_time, merge
from kuanxian.simulate.ledger import Ledger
from kuanxian.simulate.turns import live_behind

MONTHS_MAX: Final = 1_000


def walk(key: int, contracts: Contracts, until_on: int) -> Ledger:
    """Live the lives of a slice of loans.

    Args:
        key: The key of the book's draws.
        contracts: The contracts of the slice.
        until_on: Last day that matters; a life may be written a month beyond it.

    Returns:
        What happened to them.
    """
    ledger = Ledger()
    _pay_down(ledger, contracts)
    cohort = open_cohort(contracts)
    for number in range(1, MONTHS_MAX):
        cohort = next_period(cohort)
        cohort = cohort.keep(cohort.due_on <= until_on)
        if not len(cohort):
            break
        cohort = _live(Month(key, number, ledger), cohort)
        going = (cohort.owed_fen > 0) | (cohort.fallen < cohort.instalments)
        cohort = cohort.keep(going)
    return ledger


def _live(month: Month, cohort: Cohort) -> Cohort:
    in_time = cohort.behind == 0
    parts = [live_in_time(month, cohort.keep(in_time))]
    if not in_time.all():
        parts.append(live_behind(month, cohort.keep(~in_time)))
    return merge(parts)


def _pay_down(ledger: Ledger, contracts: Contracts) -> None:
    """Pay the down payment on the day of disbursement."""
    row = np.flatnonzero(contracts.down_payment_fen)
    ledger.note(
        row.astype(np.int64),
        Kind.PAYMENT,
        contracts.disbursed_on[row],
        amount_fen=contracts.down_payment_fen[row],
    )
