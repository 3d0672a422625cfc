"""Series: the due days of a contract, reckoned once for all loans that share them.

Two loans of a product paid out on one day fall due on the same days. A batch meets them
one after the other; reckoning the days again would cost a third of its time. What is
kept depends on nothing but its key, so a kept series and a new one are the same.
"""

from kuanxian.loan.due import first_due_day, series_day, set_periods
from kuanxian.loan.memory import SERIES_SLOTS, Loan
from kuanxian.loan.rows import clear_row


def open_series(loan: Loan, first: int) -> None:
    """Open the rows of the contract: nothing asked for or met, only their days.

    Args:
        loan: The loan; its rows' days and the day of the month they aim at are written.
        first: The first row to write.
    """
    slot = slot_of(loan)
    known = is_kept(loan, slot)
    if known and loan.series[slot].rows >= loan.terms.instalments:
        copy_series(loan, slot, first)
        return
    first_on = first_due_day(loan.terms, loan.conventions)
    loan.due_day = series_day(loan.terms, first_on)
    anchor = (loan.terms.disbursed_on, first_on, loan.due_day)
    set_periods(loan, first, loan.terms.instalments, anchor)
    keep_series(loan, slot, first)


def slot_of(loan: Loan) -> int:
    """Find where the series of a loan is kept; products share a place now and then."""
    conventions = loan.conventions
    return (
        conventions.roll
        + 3 * conventions.day_count
        + 5 * conventions.period_unit
        + conventions.period_count
    ) % SERIES_SLOTS


def is_kept(loan: Loan, slot: int) -> bool:
    """Say whether the series in a place is that of this contract."""
    terms = loan.terms
    conventions = loan.conventions
    series = loan.series[slot]
    return (
        series.rows > 0
        and series.key[0] == terms.disbursed_on
        and series.key[1] == terms.first_due_on
        and series.key[2] == terms.due_day
        and series.key[3] == conventions.period_unit
        and series.key[4] == conventions.period_count
        and series.key[5] == conventions.roll
        and series.key[6] == conventions.days_off
        and series.key[7] == conventions.day_count
    )


def copy_series(loan: Loan, slot: int, first: int) -> None:
    """Open rows with the days that are kept."""
    series = loan.series[slot]
    loan.due_day = series.due_day
    start_on = loan.terms.disbursed_on
    for k in range(loan.terms.instalments):
        clear_row(loan, first + k)
        row = loan.plan[first + k]
        row.start_on = start_on
        start_on = series.end_on[k]
        row.end_on = start_on
        row.due_on = series.due_on[k]
        row.period_days = series.period_days[k]
        row.year_days = series.year_days[k]


def keep_series(loan: Loan, slot: int, first: int) -> None:
    """Keep the days of the rows just opened."""
    terms = loan.terms
    conventions = loan.conventions
    series = loan.series[slot]
    series.key[0] = terms.disbursed_on
    series.key[1] = terms.first_due_on
    series.key[2] = terms.due_day
    series.key[3] = conventions.period_unit
    series.key[4] = conventions.period_count
    series.key[5] = conventions.roll
    series.key[6] = conventions.days_off
    series.key[7] = conventions.day_count
    series.due_day = loan.due_day
    series.rows = terms.instalments
    for k in range(series.rows):
        row = loan.plan[first + k]
        series.end_on[k] = row.end_on
        series.due_on[k] = row.due_on
        series.period_days[k] = row.period_days
        series.year_days[k] = row.year_days
