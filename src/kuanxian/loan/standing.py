"""Standing: read a position off the state of a loan.

Nothing is charged here; ``replay`` has brought the loan to the close of the day. The
schedule is read once, from the first row not fully met; what is next is reckoned ahead, last.
"""

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import daily_interest_fen, is_daily, reckon_ahead, running_row
from kuanxian.loan.early import accrued_today
from kuanxian.loan.events import Kind
from kuanxian.loan.memory import BUCKETS, Loan
from kuanxian.loan.overdue import cap_row
from kuanxian.loan.position import Letter, Policy, Position, Status
from kuanxian.loan.row_terms import put_off_met_fen
from kuanxian.loan.rows import PARTS, is_met, owed_fen, rows_left, unpaid_fen
from kuanxian.loan.settle import payoff_with
from kuanxian.loan.terms import Part


def bucket_of(days: int, policy: Policy) -> int:
    """Find the ageing bucket of a number of days past due, 0 … 7.

    Example:
        >>> [bucket_of(days, Policy()) for days in (0, 1, 30, 31, 180, 181)]
        [0, 1, 1, 2, 6, 7]
    """
    if days <= 0:
        return 0
    return (
        1
        + (1 if days > policy.ageing_1_days else 0)
        + (1 if days > policy.ageing_2_days else 0)
        + (1 if days > policy.ageing_3_days else 0)
        + (1 if days > policy.ageing_4_days else 0)
        + (1 if days > policy.ageing_5_days else 0)
        + (1 if days > policy.ageing_6_days else 0)
    )


def grade_of(days: int, policy: Policy) -> int:
    """Find the five-grade classification by days past due alone, 1 … 5.

    Source:
        Measures for the risk classification of financial assets (2023), thresholds
        not verified against the text (mark U); they are policy data here.

    Example:
        >>> [grade_of(days, Policy()) for days in (0, 1, 90, 91, 271, 361)]
        [1, 2, 2, 3, 4, 5]
    """
    if days > policy.loss_days:
        return 5
    if days > policy.doubtful_days:
        return 4
    if days > policy.substandard_days:
        return 3
    return 2 if days > policy.mention_days else 1


def paused_days(loan: Loan, stretch_on: tuple[int, int]) -> int:
    """Count the days of a stretch on which ageing stood still.

    Args:
        loan: The loan; struck events do not count, pauses come in the order of their
            first day.
        stretch_on: The day before the first counted day, and the last counted day.

    Returns:
        Days, each counted once however many pauses cover it.
    """
    total = 0
    covered_on, last_on = stretch_on
    for k in range(loan.event_count):
        if loan.event[k].kind == Kind.PAUSE and loan.void[k] == 0:
            from_on = max(loan.event[k].value_on, covered_on + 1)
            until_on = min(loan.event[k].until_on, last_on)
            if until_on >= from_on:
                total += until_on - from_on + 1
                covered_on = until_on
    return total


def days_late(loan: Loan, due_on: int) -> int:
    """Count the days since a due day, without those on which ageing stood still."""
    days = loan.as_of_on - due_on
    if loan.has_pause == 1:
        days -= paused_days(loan, (due_on, loan.as_of_on))
    return days


def add_up(loan: Loan) -> None:
    """Add up what is due and overdue, by part and by age, and find the oldest unpaid row."""
    for part in range(1, PARTS + 1):
        loan.due_fen[part] = 0
        loan.overdue_fen[part] = 0
    for bucket in range(BUCKETS):
        loan.aged_fen[bucket] = 0
    loan.oldest_row = -1
    loan.overdue_rows = 0
    for row in range(loan.open_row, loan.fallen):
        for part in range(1, PARTS + 1):
            loan.due_fen[part] += owed_fen(loan, part, row)
        if loan.plan[row].due_on < loan.as_of_on:
            # Small change within the tolerance is due, but not overdue.
            loan.overdue_fen[Part.PENALTY] += owed_fen(loan, Part.PENALTY, row)
            if unpaid_fen(loan, row) > loan.conventions.tolerance_fen:
                loan.overdue_fen[Part.FEE] += owed_fen(loan, Part.FEE, row)
                loan.overdue_fen[Part.INTEREST] += owed_fen(loan, Part.INTEREST, row)
                loan.overdue_fen[Part.PRINCIPAL] += owed_fen(loan, Part.PRINCIPAL, row)
                bucket = bucket_of(days_late(loan, loan.plan[row].due_on), loan.policy)
                loan.aged_fen[max(bucket, 1)] += owed_fen(loan, Part.PRINCIPAL, row)
                loan.overdue_rows += 1
                if loan.oldest_row < 0:
                    loan.oldest_row = row


def age(loan: Loan) -> tuple[int, int, int]:
    """Find the oldest unpaid due day and the days past due, without and with grace."""
    if loan.oldest_row < 0:
        return NO_DAY, 0, 0
    due_on = loan.plan[loan.oldest_row].due_on
    days = days_late(loan, due_on)
    grace_days = loan.terms.grace_days + loan.plan[loan.oldest_row].extra_grace_days
    if days <= grace_days:
        return due_on, days, 0
    return due_on, days, days - grace_days if loan.conventions.ageing_grace == 1 else days


def next_due(loan: Loan) -> tuple[int, int]:
    """Find the next day on which something falls due, and how much that day asks for in all.

    A calendar may roll several instalments onto one day. It is asked last: the rows are
    reckoned ahead, up to those of that day, and cut to what the cap on the total cost leaves.
    On a loan that was written off or handed over nothing falls due any more.
    """
    if loan.ended_on != NO_DAY:
        return NO_DAY, 0
    due_on = NO_DAY
    asked_fen = 0
    for row in range(loan.fallen, loan.rows):
        if due_on != NO_DAY and loan.plan[row].due_on > due_on:
            break
        reckon_ahead(loan, row)
        cap_row(loan, row)
        row_fen = unpaid_fen(loan, row) + owed_fen(loan, Part.PENALTY, row)
        if row_fen > 0:
            due_on = loan.plan[row].due_on
            asked_fen += row_fen
    return due_on, max(asked_fen - loan.credit_fen, 0)


def instalments_left(loan: Loan) -> int:
    """Count the rows not fully met.

    Daily interest of those at the end whose principal is met was reckoned before it was:
    they bear none, and are not counted.
    """
    left = rows_left(loan)
    if not is_daily(loan) or loan.ended_on != NO_DAY:
        return left
    row = loan.rows - 1
    while row >= max(loan.fallen, loan.closed) and bears_nothing(loan, row):
        if not is_met(loan, row):
            left -= 1
        row -= 1
    return left


def bears_nothing(loan: Loan, row: int) -> bool:
    """Say whether a row not yet due is met but for interest that will not accrue."""
    others_fen = owed_fen(loan, Part.FEE, row) + owed_fen(loan, Part.PENALTY, row)
    return (
        owed_fen(loan, Part.PRINCIPAL, row) + others_fen + loan.plan[row].accrued_ufen == 0
        and daily_interest_fen(loan, row, 0) <= loan.plan[row].met_fen[Part.INTEREST]
    )


def accrued_not_due(loan: Loan, accrued_fen: int) -> int:
    """Find the interest of the running period up to the day, as far as it is not met."""
    row = running_row(loan, loan.as_of_on)
    if row == loan.rows or loan.ended_on != NO_DAY:
        return 0
    met_fen = loan.plan[row].met_fen[Part.INTEREST] - loan.plan[row].brought_interest_fen
    return max(accrued_fen - max(met_fen, 0) - put_off_met_fen(loan, row), 0)


def of_today(loan: Loan) -> tuple[int, int]:
    """Find what settles the loan today, and the interest accrued and not due."""
    accrued_fen = accrued_today(loan)
    return payoff_with(loan, accrued_fen).total_fen, accrued_not_due(loan, accrued_fen)


def stand(loan: Loan) -> Position:
    """Read the position of a loan off the state ``replay`` left."""
    add_up(loan)
    oldest_due_on, days, days_grace = age(loan)
    left = instalments_left(loan)
    payoff_fen, accrued_fen = of_today(loan)
    cured_on = loan.cured_on if loan.default_since_on == NO_DAY else NO_DAY
    status: int = Status.PENDING
    letter: int = Letter.NOT_OPEN
    maturity_on = NO_DAY
    if loan.as_of_on >= loan.terms.disbursed_on:
        status = status_of(loan, left)
        letter = letter_of(loan, status, days)
        maturity_on = maturity_of(loan)
    next_due_on, next_due_fen = next_due(loan)
    return Position(
        status=status,
        letter=letter,
        days_past_due=days,
        days_past_due_grace=days_grace,
        bucket=bucket_of(days, loan.policy),
        grade=grade_of(days, loan.policy),
        oldest_unpaid_due_on=oldest_due_on,
        overdue_instalments=loan.overdue_rows,
        default_since_on=loan.default_since_on,
        cured_on=cured_on,
        outstanding_principal_fen=loan.outstanding_fen,
        outstanding_interest_fen=loan.due_fen[Part.INTEREST],
        outstanding_penalty_fen=loan.due_fen[Part.PENALTY],
        outstanding_fee_fen=loan.due_fen[Part.FEE],
        due_principal_fen=loan.due_fen[Part.PRINCIPAL],
        due_interest_fen=loan.due_fen[Part.INTEREST],
        due_penalty_fen=loan.due_fen[Part.PENALTY],
        due_fee_fen=loan.due_fen[Part.FEE],
        overdue_principal_fen=loan.overdue_fen[Part.PRINCIPAL],
        overdue_interest_fen=loan.overdue_fen[Part.INTEREST],
        overdue_penalty_fen=loan.overdue_fen[Part.PENALTY],
        overdue_fee_fen=loan.overdue_fen[Part.FEE],
        overdue_principal_1_fen=loan.aged_fen[1],
        overdue_principal_2_fen=loan.aged_fen[2],
        overdue_principal_3_fen=loan.aged_fen[3],
        overdue_principal_4_fen=loan.aged_fen[4],
        overdue_principal_5_fen=loan.aged_fen[5],
        overdue_principal_6_fen=loan.aged_fen[6],
        overdue_principal_7_fen=loan.aged_fen[7],
        accrued_interest_fen=accrued_fen,
        credit_fen=loan.credit_fen,
        payoff_fen=payoff_fen,
        next_due_on=next_due_on,
        next_due_fen=next_due_fen,
        instalments_left=left,
        last_payment_on=loan.last_paid_on,
        last_payment_fen=loan.last_paid_fen,
        paid_in_period_fen=loan.paid_in_period_fen,
        paid_fen=loan.paid_fen,
        paid_principal_fen=loan.paid_part_fen[Part.PRINCIPAL],
        paid_interest_fen=loan.paid_part_fen[Part.INTEREST],
        paid_penalty_fen=loan.paid_part_fen[Part.PENALTY],
        paid_fee_fen=loan.paid_part_fen[Part.FEE],
        credited_fen=loan.credited_fen,
        refunded_fen=loan.refunded_fen,
        waived_fen=loan.waived_fen,
        waived_principal_fen=loan.waived_principal_fen,
        capitalised_fen=loan.capitalised_fen,
        drawn_fen=loan.drawn_fen,
        recovered_fen=loan.recovered_fen,
        written_off_on=loan.written_off_on,
        maturity_on=maturity_on,
        refused_events=loan.refused_count,
        refused_seq=loan.refused_seq,
        refused_reason=loan.refused_reason,
    )


def maturity_of(loan: Loan) -> int:
    """Find the due day of the last instalment; a fee charged after it is none."""
    return loan.matured_on if loan.matured_on != NO_DAY else loan.plan[loan.rows - 1].due_on


def status_of(loan: Loan, left: int) -> int:
    """Find the status of a loan that has been paid out."""
    if loan.ended == Status.ASSIGNED or (loan.ended == Status.WRITTEN_OFF and left > 0):
        return loan.ended
    if loan.oldest_row >= 0:
        return Status.OVERDUE
    if left > 0:
        return Status.CURRENT
    return Status.SETTLED_EARLY if loan.ended == Status.SETTLED_EARLY else Status.SETTLED


def letter_of(loan: Loan, status: int, days: int) -> int:
    """Find the letter of the month that ends on a day.

    Source:
        Values of the current repayment status in the second-generation credit record;
        their meaning is taken from public code tables, not from the specification.
    """
    if status == Status.SETTLED or status == Status.SETTLED_EARLY:
        return Letter.SETTLED
    if status == Status.ASSIGNED:
        return Letter.ENDED
    if status == Status.WRITTEN_OFF:
        return Letter.BAD
    if days > 0:
        return Letter.LATE_IN_MONTH + min((days + 29) // 30, 7)
    letter: int = Letter.NOTHING_DUE
    for row in range(loan.fallen - 1, -1, -1):
        if loan.plan[row].due_on < loan.period_from_on:
            break
        late = loan.plan[row].met_on > loan.plan[row].due_on
        if letter != Letter.LATE_IN_MONTH:
            letter = Letter.LATE_IN_MONTH if late else Letter.NORMAL
    return letter
