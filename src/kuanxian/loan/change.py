"""Change: events that alter the plan.

Each function brings interest up to the day, alters rows that are not yet due, and lays
the principal out anew. Rows that have fallen due stay as they were, so that what was
once due can always be read back. Each returns a ``Refused`` code, but ``prepay``.
"""

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, GRACE_DAYS_MAX, ROWS_MAX
from kuanxian.base.days import add_months
from kuanxian.loan.accrue import running_row, touch
from kuanxian.loan.deferral import defer, move_rows
from kuanxian.loan.due import set_periods, step
from kuanxian.loan.early import freed_if_cleared_fen
from kuanxian.loan.events import Refused
from kuanxian.loan.layout import lay_out
from kuanxian.loan.memory import Loan
from kuanxian.loan.row_terms import is_flat
from kuanxian.loan.rows import principal_from_fen, unpaid_fen
from kuanxian.loan.terms import Method, Part, PeriodUnit
from kuanxian.loan.trace import What, log


def relay(loan: Loan, first: int, added_fen: int) -> None:
    """Lay out anew from a row, with a newly computed instalment.

    It is computed from what is left: what was met ahead makes all instalments smaller, and
    what re-ageing brought to one is spread over all. Where only days change, ``lay_out`` keeps
    the instalment, and leaves both where they are.
    """
    loan.instalment_fen = 0
    for row in range(first, loan.rows):
        loan.plan[row].besides_fen = loan.plan[row].met_fen[Part.PRINCIPAL]
        loan.plan[row].brought_principal_fen = 0
    lay_out(loan, first, added_fen)


def draw_down(
    loan: Loan,
    amount_fen: int,
) -> int:
    """Add borrowed principal to the instalments not yet due."""
    if (
        loan.outstanding_fen + amount_fen > BALANCE_FEN_MAX
        or loan.drawn_fen + amount_fen > BALANCE_FEN_MAX
        or (is_flat(loan) and loan.flat_base_fen + amount_fen > BALANCE_FEN_MAX)
    ):
        return Refused.OUT_OF_BOUNDS
    row = running_row(loan, loan.now_on)
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    touch(loan, loan.now_on)
    relay(loan, row, amount_fen)
    loan.drawn_fen += amount_fen
    log(loan, -1, What.DRAWN, Part.PRINCIPAL, amount_fen)
    return Refused.NONE


def reamortise(loan: Loan) -> int:
    """Compute the instalments not yet due anew from the principal not yet due."""
    row = running_row(loan, loan.now_on)
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    touch(loan, loan.now_on)
    relay(loan, row, 0)
    return Refused.NONE


def prepay(
    loan: Loan,
    amount_fen: int,
) -> int:
    """Reduce the principal not yet due and compute the instalments anew.

    What was prepaid stands in the running row, as principal asked for and met. Where interest
    paid ahead is enough for what the money leaves, it clears that, too: without principal
    nobody asks for it, and rounded up, a few fen would keep a fen in each instalment.

    Returns:
        What is left once no principal is, fen.
    """
    row = running_row(loan, loan.now_on)
    left_fen = principal_from_fen(loan, row)
    used_fen = min(amount_fen, left_fen)
    if used_fen == 0:
        return amount_fen
    all_met = loan.open_row == loan.fallen
    if all_met and used_fen < left_fen <= used_fen + freed_if_cleared_fen(loan, row):
        used_fen = left_fen
    touch(loan, loan.now_on)
    loan.plan[row].asked_fen[Part.PRINCIPAL] += used_fen
    loan.plan[row].met_fen[Part.PRINCIPAL] += used_fen
    loan.paid_part_fen[Part.PRINCIPAL] += used_fen
    log(loan, row, What.PAID, Part.PRINCIPAL, used_fen)
    relay(loan, row, -used_fen)
    # What it clears besides the money comes out of what the new plan freed.
    loan.freed_fen -= max(used_fen - amount_fen, 0)
    return max(amount_fen - used_fen, 0)


def change_rate(loan: Loan, rate_ppb: int) -> int:
    """Charge another rate from today on. A given schedule follows no rate."""
    if loan.method == Method.GIVEN:
        return Refused.BAD_FIELD
    row = running_row(loan, loan.now_on)
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    if loan.rate_ppb == rate_ppb:
        return Refused.NONE
    touch(loan, loan.now_on)
    loan.rate_ppb = rate_ppb
    relay(loan, row, 0)
    return Refused.NONE


def change_due_day(loan: Loan, day: int) -> int:
    """Let the next instalment and those after it fall due on another day of the month.

    In the month the next instalment was due in; a month later where that day has passed. To
    the day on which they fall due anyway nothing changes.
    """
    row = running_row(loan, loan.now_on)
    if loan.conventions.period_unit != PeriodUnit.MONTH:
        return Refused.BAD_FIELD
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    end_on = add_months(loan.plan[row].end_on, 0, day)
    if end_on <= loan.now_on:
        end_on = add_months(end_on, 1, day)
    if day == loan.due_day and end_on == loan.plan[row].end_on:
        return Refused.NONE
    if step(end_on, loan.rows - row, day, loan.conventions) > DAY_MAX:
        return Refused.OUT_OF_BOUNDS
    touch(loan, loan.now_on)
    loan.due_day = day
    move_rows(loan, row, end_on, False)
    lay_out(loan, row, 0)
    return Refused.NONE


def extend(
    loan: Loan,
    periods: int,
) -> int:
    """Add periods for the principal not yet due (展期).

    A loan repaid at once gets a later maturity; others get more instalments.

    Source:
        Civil Code art. 678 (V1): the borrower may ask for an extension before the
        term ends; the lender may agree.
    """
    if loan.method == Method.SINGLE:
        return defer(loan, periods, True)
    row = running_row(loan, loan.now_on)
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    last = loan.rows - 1
    if (
        step(loan.plan[last].end_on, periods, 31, loan.conventions) > DAY_MAX
        or last + periods >= ROWS_MAX
    ):
        return Refused.OUT_OF_BOUNDS
    touch(loan, loan.now_on)
    append_rows(loan, periods)
    relay(loan, row, 0)
    return Refused.NONE


def append_rows(loan: Loan, count: int) -> None:
    """Add blank rows that go on with the series of the last one."""
    last = loan.rows - 1
    end_on = step(loan.plan[last].end_on, 1, loan.due_day, loan.conventions)
    anchor = (loan.plan[last].end_on, end_on, loan.due_day)
    set_periods(loan, last + 1, count, anchor)
    loan.rows += count


def grant_grace(loan: Loan, days: int) -> int:
    """Give the oldest unpaid instalment extra grace days."""
    row = loan.open_row
    while row < loan.rows and unpaid_fen(loan, row) == 0:
        row += 1
    if row == loan.rows:
        return Refused.NOTHING_LEFT
    if loan.plan[row].extra_grace_days + days > GRACE_DAYS_MAX:
        return Refused.OUT_OF_BOUNDS
    loan.plan[row].extra_grace_days += days
    return Refused.NONE
