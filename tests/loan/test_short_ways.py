"""Short ways through the arithmetic lead where the long ones do."""

import copy
import random
from fractions import Fraction

import pytest
from tests.loan.story import BASE, on

from kuanxian.base.bounds import BALANCE_FEN_MAX, DAY_MAX, RATE_PPB_MAX
from kuanxian.base.fen import round_ufen
from kuanxian.loan import (
    Conventions,
    DayCount,
    DaysOff,
    Event,
    Kind,
    Method,
    PeriodUnit,
    Position,
    Roll,
    Terms,
    position,
)
from kuanxian.loan.allocate import part_at, pay, pay_whole
from kuanxian.loan.instalment import equal_part
from kuanxian.loan.interest import (
    is_by_days,
    period_ufen,
    rate_year_days,
    simple_fen,
    simple_ufen,
)
from kuanxian.loan.memory import Loan
from kuanxian.loan.opening import open_loan, open_state
from kuanxian.loan.replay import replay
from kuanxian.loan.row_terms import bears_principal
from kuanxian.loan.series import slot_of
from kuanxian.loan.standing import stand
from kuanxian.loan.view import prepare
from kuanxian.simulate import life


def test_one_division_rounds_like_two() -> None:
    chance = random.Random("half up")
    for _ in range(20_000):
        balance_fen = chance.choice((1, BALANCE_FEN_MAX, chance.randrange(10**7)))
        rate_ppb = chance.choice((1, RATE_PPB_MAX, chance.randrange(10**8, 4 * 10**8)))
        days = chance.choice((0, 1, 30, 1_023, 1_024, DAY_MAX, chance.randrange(400)))
        year_days = chance.choice((1, 30, 360, 364, 365, 366))
        if year_days == 1:
            rate_ppb //= 360
        told = simple_fen(balance_fen, rate_ppb, days, year_days)
        ufen = int(Fraction(balance_fen * rate_ppb * days, 1_000 * year_days))

        assert told == round_ufen(simple_ufen(balance_fen, rate_ppb, days, year_days), 0)
        assert told == (2 * ufen + 1_000_000) // 2_000_000


def test_just_under_half_a_fen_stays_down_and_half_goes_up() -> None:
    # 1 fen at 100 % over 365 days: one fen; half the days and one more: above the half.
    assert [simple_fen(1, 10**9, days, 365) for days in (182, 183, 365)] == [0, 1, 1]
    assert [simple_fen(1, 10**9, days, 364) for days in (181, 182)] == [0, 1]


def test_a_whole_row_is_paid_as_part_by_part() -> None:
    chance = random.Random("whole")
    for _ in range(500):
        loan = Loan(trace_max=20)
        conventions = Conventions(allocation_order=chance.choice((1324, 4321, 2413)))
        prepare(loan, BASE, conventions, on("02-20"))
        replay(loan)
        row = chance.randrange(loan.rows)
        for part in range(1, 5):
            loan.plan[row].asked_fen[part] = chance.choice((0, chance.randrange(1, 9_000)))
            loan.plan[row].met_fen[part] = chance.randrange(loan.plan[row].asked_fen[part] + 1)
        owed = [
            loan.plan[row].asked_fen[part] - loan.plan[row].met_fen[part] for part in range(1, 5)
        ]
        other = copy.deepcopy(loan)
        pay_whole(loan, row, sum(owed))
        left_fen = sum(owed)
        for place in range(4):
            left_fen = pay(other, row, part_at(conventions.allocation_order, place), left_fen)

        assert left_fen == 0
        assert state_of(loan) == state_of(other)


def state_of(loan: Loan) -> dict[str, object]:
    """Take a loan's figures apart, rows and trace included."""
    state: dict[str, object] = {
        name: value for name, value in vars(loan).items() if isinstance(value, int | list)
    }
    state["plan"] = [vars(loan.plan[row]) for row in range(loan.rows)]
    state["trace"] = [[loan.trace[column, at] for column in range(6)] for at in range(loan.traced)]
    return state


@pytest.mark.parametrize("method", [Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY, Method.SINGLE])
def test_rows_that_bear_principal_are_counted_without_looking_at_each(method: Method) -> None:
    for grace in range(5):
        for plain in (0, 1):
            for plan_first in range(2):
                for first in range(plan_first, 5):
                    loan = Loan()
                    loan.method, loan.plain, loan.plan_first, loan.rows = (
                        method,
                        plain,
                        plan_first,
                        5,
                    )
                    loan.terms.grace_principal_instalments = grace  # type: ignore[misc]
                    loan.conventions.instalment_multiple_fen = 1  # type: ignore[misc]
                    count = sum(bears_principal(loan, row) for row in range(first, 5))

                    assert equal_part(loan, first, 60 * count) == 60


def test_interest_by_days_is_that_of_the_whole_period() -> None:
    counted = 0
    for seed in range(1_500):
        terms, conventions, _ = life(seed)
        loan = Loan()
        prepare(loan, terms, conventions, terms.disbursed_on)
        replay(loan)
        if not is_by_days(loan.conventions) or loan.conventions.method == Method.GIVEN:
            continue
        for row in range(loan.rows):
            line = loan.plan[row]
            days_on = (line.start_on, line.end_on)
            short = simple_ufen(
                terms.principal_fen, terms.rate_ppb, line.period_days, rate_year_days(conventions)
            )

            assert short == period_ufen(loan, row, days_on, terms.principal_fen, terms.rate_ppb)
            counted += 1
    assert counted > 1_000


SERIES: list[tuple[Terms, Conventions]] = [
    (BASE, Conventions()),
    (BASE._replace(instalments=7), Conventions()),
    (BASE._replace(instalments=2), Conventions()),
    (BASE._replace(disbursed_on=BASE.disbursed_on + 16), Conventions()),
    (BASE._replace(first_due_on=BASE.disbursed_on + 40), Conventions()),
    (BASE._replace(due_day=31), Conventions()),
    (BASE, Conventions(period_unit=PeriodUnit.WEEK)),
    (BASE, Conventions(period_unit=PeriodUnit.WEEK, period_count=2)),
    (BASE, Conventions(roll=Roll.FORWARD)),
    (BASE, Conventions(roll=Roll.FORWARD, days_off=DaysOff.CN)),
    (BASE, Conventions(day_count=DayCount.ACT_365)),
    (BASE, Conventions(day_count=DayCount.ACT_ACT_PERIOD)),
    (BASE._replace(down_payment_fen=30_000), Conventions(method=Method.PAY_IN_N)),
]
"""Contracts that differ in one thing their due days depend on."""


def test_due_days_are_the_same_whatever_loan_came_before() -> None:
    chance = random.Random("series")
    used = Loan()
    order = [place for place in range(len(SERIES)) for _ in range(6)]
    chance.shuffle(order)
    for place in order:
        told = []
        for loan in (used, Loan()):
            prepare(loan, *SERIES[place], on("12-31"))
            open_state(loan)
            open_loan(loan)
            told.append((loan.due_day, [vars(loan.plan[row]) for row in range(loan.rows)]))

        assert told[0] == told[1]


def test_contracts_that_share_a_place_are_told_apart() -> None:
    rolled = Conventions(roll=Roll.FORWARD_IN_MONTH)
    counted = Conventions(day_count=DayCount.ACT_360)
    places = []
    loan = Loan()
    for conventions in (rolled, counted):
        prepare(loan, BASE, conventions, on("12-31"))
        open_state(loan)
        open_loan(loan)
        places.append(slot_of(loan))

    assert places[0] == places[1]
    assert [loan.plan[row].period_days for row in range(3)] == [31, 28, 31]


def test_a_memory_used_before_gives_the_same_positions() -> None:
    lives = [life(seed) for seed in range(400)]
    used = Loan(events=max(len(lived.events) for lived in lives))
    for terms, conventions, events in lives:
        ordered = sorted(events, key=lambda event: (event.value_on, event.seq))
        prepare(used, terms, conventions, 20_600)
        used.event, used.event_count = ordered, len(ordered)
        replay(used)

        assert stand(used) == position(terms, conventions, events, as_of_on=20_600)


def test_a_payment_of_a_whole_instalment_under_a_cap_is_held_not_met() -> None:
    capped = Conventions(total_cost_cap_ppb=240_000_000, future_rule=1)
    paid = Event(1, Kind.PAYMENT, on("02-01"), 41_200)
    at: Position = position(BASE, capped, [paid], as_of_on=on("02-01"))

    assert at.paid_interest_fen == 0
    assert at.paid_fen == at.paid_principal_fen + at.credit_fen
