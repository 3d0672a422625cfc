"""Standing: read a position off the state of a loan.

Nothing is charged or changed here; ``replay`` has brought the loan to the close of the
day. The schedule is read once, from the first row not fully met.
"""

from collections.abc import Sequence

from kuanxian.base.days import NO_DAY
from kuanxian.loan.accrue import is_daily, running_row
from kuanxian.loan.allocate import still_needed_fen
from kuanxian.loan.events import EventColumns, Kind
from kuanxian.loan.memory import (
    CAPITALISED,
    CREDIT,
    CREDITED,
    CURED,
    DEFAULT_SINCE,
    DRAWN,
    DUE_ON,
    ENDED,
    ENDED_ON,
    FALLEN,
    FEE,
    FEE_MET,
    GRACE,
    HAS_PAUSE,
    INTEREST,
    INTEREST_MET,
    LAST_PAID,
    LAST_PAID_ON,
    MET_ON,
    OPEN,
    OUTSTANDING,
    PAID,
    PAID_IN_PERIOD,
    PAID_PART,
    PENALTY,
    PENALTY_MET,
    PERIOD_FROM,
    PRINCIPAL,
    PRINCIPAL_MET,
    RECOVERED,
    REFUNDED,
    REFUSED_COUNT,
    REFUSED_REASON,
    REFUSED_SEQ,
    ROWS,
    WAIVED,
    WAIVED_PRINCIPAL,
    WRITTEN_OFF_ON,
    Grid,
)
from kuanxian.loan.overdue import unpaid_fen
from kuanxian.loan.position import Letter, Policy, Position, Status
from kuanxian.loan.settle import accrued_interest, payoff_parts
from kuanxian.loan.terms import Conventions, Part, Terms


def bucket_of(days: int, policy: Policy) -> int:
    """Find the ageing bucket of a number of days past due, 0 … 7.

    Example:
        >>> [bucket_of(days, Policy()) for days in (0, 1, 30, 31, 180, 181)]
        [0, 1, 1, 2, 6, 7]
    """
    if days <= 0:
        return 0
    bucket = 1
    for edge in range(6):
        if days > policy[edge]:
            bucket = edge + 2
    return bucket


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


def paused_days(
    events: EventColumns, span: tuple[int, int], void: Sequence[int], stretch_on: tuple[int, int]
) -> int:
    """Count the days of a stretch on which ageing stood still.

    Args:
        events: The events; pauses come in the order of their first day.
        span: This loan's events.
        void: 1 where an event does not count.
        stretch_on: The day before the first counted day, and the last counted day.

    Returns:
        Days, each counted once however many pauses cover it.
    """
    total = 0
    covered_on, last_on = stretch_on
    for k in range(span[0], span[1]):
        if events.kind[k] == Kind.PAUSE and void[k - span[0]] == 0:
            from_on = max(events.value_on[k], covered_on + 1)
            until_on = min(events.until_on[k], last_on)
            if until_on >= from_on:
                total += until_on - from_on + 1
                covered_on = until_on
    return total


def stand(
    terms: Terms,
    conventions: Conventions,
    policy: Policy,
    rows: Grid,
    state: list[int],
    as_of_on: int,
    pauses: tuple[EventColumns, tuple[int, int], Sequence[int]],
) -> Position:
    """Read the position of a loan at the close of a day.

    Args:
        terms: The contract's figures, corrected.
        conventions: Its settings.
        policy: How ageing is shown.
        rows: The schedule as ``replay`` left it.
        state: The figures as ``replay`` left them.
        as_of_on: The day.
        pauses: Events, this loan's span and the void marks, for pauses of ageing.
    """
    due_fee_fen = 0
    due_penalty_fen = 0
    due_interest_fen = 0
    due_principal_fen = 0
    overdue_fee_fen = 0
    overdue_penalty_fen = 0
    overdue_interest_fen = 0
    overdue_principal_fen = 0
    split_1 = 0
    split_2 = 0
    split_3 = 0
    split_4 = 0
    split_5 = 0
    split_6 = 0
    split_7 = 0
    oldest = -1
    overdue_rows = 0
    for row in range(state[OPEN], state[FALLEN]):
        fee_fen = rows[FEE, row] - rows[FEE_MET, row]
        penalty_fen = rows[PENALTY, row] - rows[PENALTY_MET, row]
        interest_fen = rows[INTEREST, row] - rows[INTEREST_MET, row]
        principal_fen = rows[PRINCIPAL, row] - rows[PRINCIPAL_MET, row]
        due_fee_fen += fee_fen
        due_penalty_fen += penalty_fen
        due_interest_fen += interest_fen
        due_principal_fen += principal_fen
        if rows[DUE_ON, row] < as_of_on:
            overdue_fee_fen += fee_fen
            overdue_penalty_fen += penalty_fen
            overdue_interest_fen += interest_fen
            overdue_principal_fen += principal_fen
            age = bucket_of(days_without_pauses(state, rows[DUE_ON, row], as_of_on, pauses), policy)
            split_1 += principal_fen if age == 1 or age == 0 else 0
            split_2 += principal_fen if age == 2 else 0
            split_3 += principal_fen if age == 3 else 0
            split_4 += principal_fen if age == 4 else 0
            split_5 += principal_fen if age == 5 else 0
            split_6 += principal_fen if age == 6 else 0
            split_7 += principal_fen if age == 7 else 0
            if unpaid_fen(rows, row) > conventions.tolerance_fen:
                overdue_rows += 1
                oldest = row if oldest < 0 else oldest

    days = 0
    days_grace = 0
    oldest_due_on = NO_DAY
    if oldest >= 0:
        oldest_due_on = rows[DUE_ON, oldest]
        days = days_without_pauses(state, oldest_due_on, as_of_on, pauses)
        grace_days = terms.grace_days + rows[GRACE, oldest]
        if days > grace_days:
            days_grace = days - grace_days if conventions.ageing_grace == 1 else days

    next_row = state[FALLEN]
    rows_left = 0
    for row in range(state[OPEN], state[ROWS]):
        if unpaid_fen(rows, row) + rows[PENALTY, row] - rows[PENALTY_MET, row] > 0:
            rows_left += 1
    while next_row < state[ROWS] and unpaid_fen(rows, next_row) == 0:
        next_row += 1
    charged_fen = due_fee_fen + due_penalty_fen + due_interest_fen
    next_due_on = NO_DAY
    next_due_fen = 0
    if next_row < state[ROWS]:
        next_due_on = rows[DUE_ON, next_row]
        next_due_fen = next_asks_fen(terms, conventions, rows, state, next_row)
        next_due_fen = max(next_due_fen - state[CREDIT], 0)

    payoff = payoff_parts(terms, conventions, rows, state)
    accrued_fen = 0
    running = running_row(rows, state, as_of_on)
    if running < state[ROWS] and state[ENDED_ON] == NO_DAY:
        accrued_fen = accrued_interest(terms, conventions, rows, state, running, as_of_on)
        accrued_fen = max(accrued_fen - rows[INTEREST_MET, running], 0)

    owed_fen = state[OUTSTANDING] + charged_fen
    status: int = Status.PENDING
    letter: int = Letter.NOT_OPEN
    maturity_on = NO_DAY
    if as_of_on >= terms.disbursed_on:
        status = status_of(state, owed_fen, oldest >= 0, rows_left)
        letter = letter_of(rows, state, status, days, as_of_on)
        maturity_on = rows[DUE_ON, state[ROWS] - 1]
    return Position(
        status=status,
        letter=letter,
        days_past_due=days,
        days_past_due_grace=days_grace,
        bucket=bucket_of(days, policy),
        grade=grade_of(days, policy),
        oldest_unpaid_due_on=oldest_due_on,
        overdue_instalments=overdue_rows,
        default_since_on=state[DEFAULT_SINCE],
        cured_on=state[CURED] if state[DEFAULT_SINCE] == NO_DAY else NO_DAY,
        outstanding_principal_fen=state[OUTSTANDING],
        outstanding_interest_fen=due_interest_fen,
        outstanding_penalty_fen=due_penalty_fen,
        outstanding_fee_fen=due_fee_fen,
        due_principal_fen=due_principal_fen,
        due_interest_fen=due_interest_fen,
        due_penalty_fen=due_penalty_fen,
        due_fee_fen=due_fee_fen,
        overdue_principal_fen=overdue_principal_fen,
        overdue_interest_fen=overdue_interest_fen,
        overdue_penalty_fen=overdue_penalty_fen,
        overdue_fee_fen=overdue_fee_fen,
        overdue_principal_1_fen=split_1,
        overdue_principal_2_fen=split_2,
        overdue_principal_3_fen=split_3,
        overdue_principal_4_fen=split_4,
        overdue_principal_5_fen=split_5,
        overdue_principal_6_fen=split_6,
        overdue_principal_7_fen=split_7,
        accrued_interest_fen=accrued_fen,
        credit_fen=state[CREDIT],
        payoff_fen=payoff.total_fen,
        next_due_on=next_due_on,
        next_due_fen=next_due_fen,
        instalments_left=rows_left,
        last_payment_on=state[LAST_PAID_ON],
        last_payment_fen=state[LAST_PAID],
        paid_in_period_fen=state[PAID_IN_PERIOD],
        paid_fen=state[PAID],
        paid_principal_fen=state[PAID_PART + Part.PRINCIPAL],
        paid_interest_fen=state[PAID_PART + Part.INTEREST],
        paid_penalty_fen=state[PAID_PART + Part.PENALTY],
        paid_fee_fen=state[PAID_PART + Part.FEE],
        credited_fen=state[CREDITED],
        refunded_fen=state[REFUNDED],
        waived_fen=state[WAIVED],
        waived_principal_fen=state[WAIVED_PRINCIPAL],
        capitalised_fen=state[CAPITALISED],
        drawn_fen=state[DRAWN],
        recovered_fen=state[RECOVERED],
        written_off_on=state[WRITTEN_OFF_ON],
        maturity_on=maturity_on,
        refused_events=state[REFUSED_COUNT],
        refused_seq=state[REFUSED_SEQ],
        refused_reason=state[REFUSED_REASON],
    )


def days_without_pauses(
    state: list[int],
    due_on: int,
    as_of_on: int,
    pauses: tuple[EventColumns, tuple[int, int], Sequence[int]],
) -> int:
    """Count the days since a due day, without those on which ageing stood still."""
    days = as_of_on - due_on
    if state[HAS_PAUSE] == 1:
        events, span, void = pauses
        days -= paused_days(events, span, void, (due_on, as_of_on))
    return days


def next_asks_fen(
    terms: Terms, conventions: Conventions, rows: Grid, state: list[int], row: int
) -> int:
    """Compute what the next instalment still asks for, before credit.

    With daily interest the running instalment is reckoned up to its due day as if
    nothing more were paid before it.
    """
    if is_daily(state, conventions) and row == state[FALLEN] and state[ENDED_ON] == NO_DAY:
        fees_fen = rows[FEE, row] - rows[FEE_MET, row] + rows[PENALTY, row] - rows[PENALTY_MET, row]
        return fees_fen + max(still_needed_fen(terms, conventions, rows, state), 0)
    return unpaid_fen(rows, row) + rows[PENALTY, row] - rows[PENALTY_MET, row]


def status_of(state: list[int], owed_fen: int, is_overdue: bool, rows_left: int) -> int:
    """Find the status of a loan that has been paid out."""
    if state[ENDED] == Status.ASSIGNED or (state[ENDED] == Status.WRITTEN_OFF and owed_fen > 0):
        return state[ENDED]
    if is_overdue:
        return Status.OVERDUE
    if owed_fen > 0 or rows_left > 0:
        return Status.CURRENT
    return Status.SETTLED_EARLY if state[ENDED] == Status.SETTLED_EARLY else Status.SETTLED


def letter_of(rows: Grid, state: list[int], status: int, days: int, as_of_on: int) -> int:
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
    for row in range(state[FALLEN] - 1, -1, -1):
        if rows[DUE_ON, row] < state[PERIOD_FROM]:
            break
        late = rows[MET_ON, row] > rows[DUE_ON, row]
        if letter != Letter.LATE_IN_MONTH:
            letter = Letter.LATE_IN_MONTH if late else Letter.NORMAL
    return letter
