"""Every bound of a contract: the last figure that is taken, the first that is not."""

import itertools

import pytest

from kuanxian.base.bounds import DAY_MAX
from kuanxian.base.errors import TermsError
from kuanxian.loan import Conventions, Terms, check
from kuanxian.loan.checks import WORDS, Problem, is_order, is_within_bounds, problem

GOOD = Terms(120_000, 20_468, 12, rate_ppb=120_000_000)

# field, taken, refused, problem
BOUNDS = """
principal_fen                1              0  PRINCIPAL
principal_fen       1000000000     1000000001  PRINCIPAL
disbursed_on                 0             -1  DISBURSED_ON
disbursed_on             83000          84006  DISBURSED_ON
instalments                  1              0  INSTALMENTS
instalments                480            481  INSTALMENTS
rate_ppb                     0             -1  RATE
rate_ppb            4000000000     4000000001  RATE
first_due_on             20469          20468  FIRST_DUE_ON
first_due_on                -1              5  FIRST_DUE_ON
first_due_on             83600          84006  FIRST_DUE_ON
due_day                      0             -1  DUE_DAY
due_day                     31             32  DUE_DAY
instalment_fen               0             -1  INSTALMENT
instalment_fen      1000000000     1000000001  INSTALMENT
residual_fen                 0             -1  RESIDUAL
residual_fen            119999         120000  RESIDUAL
down_payment_fen             0             -1  DOWN_PAYMENT
down_payment_fen        119999         120000  DOWN_PAYMENT
fee_fen                      0             -1  FEE
fee_fen             1000000000     1000000001  FEE
promo_rate_ppb               0             -1  PROMO
promo_rate_ppb      4000000000     4000000001  PROMO
promo_instalments            0             -1  PROMO
promo_instalments           12             13  PROMO
interest_free_instalments    0             -1  GRACE_INSTALMENTS
interest_free_instalments   12             13  GRACE_INSTALMENTS
grace_principal_instalments  0             -1  GRACE_INSTALMENTS
grace_principal_instalments 12             13  GRACE_INSTALMENTS
grace_interest_instalments   0             -1  GRACE_INSTALMENTS
grace_interest_instalments  12             13  GRACE_INSTALMENTS
penalty_rate_ppb             0             -1  PENALTY_RATE
penalty_rate_ppb    4000000000     4000000001  PENALTY_RATE
late_fee_fen                 0             -1  LATE_FEE
late_fee_fen        1000000000     1000000001  LATE_FEE
grace_days                   0             -1  GRACE_DAYS
grace_days                 366            367  GRACE_DAYS
"""

SETTINGS = """
method                  6  7  SETTING
period_unit             2  3  SETTING
roll                    3  4  SETTING
days_off                1  2  SETTING
day_count               5  6  SETTING
rate_unit               2  3  SETTING
interest_basis          2  3  SETTING
interest_rounding       3  4  SETTING
interest_round_at       2  3  SETTING
instalment_rounding     3  4  SETTING
absorb                  1  2  SETTING
smooth                  1  2  SETTING
direction               1  2  SETTING
future_rule             3  4  SETTING
overdue_interest        1  2  SETTING
penalty_base            2  3  SETTING
penalty_grace           1  2  SETTING
penalty_rounding        3  4  SETTING
ageing_grace            1  2  SETTING
early_interest          2  3  SETTING
method                  0 -1  SETTING
period_count            1  0  PERIOD_COUNT
period_count           60 367 PERIOD_COUNT
instalment_multiple_fen 1  0  MULTIPLE
instalment_multiple_fen 1000000 1000001 MULTIPLE
allocation_order     4321 4322 ORDER
tolerance_fen           0 -1  TOLERANCE
tolerance_fen       10000 10001 TOLERANCE
penalty_cap_ppb         0 -1  SHARE
penalty_cap_ppb   1000000000 1000000001 SHARE
late_fee_ppb      1000000000 1000000001 SHARE
early_fee_ppb     1000000000 1000000001 SHARE
daily_cost_cap_ppb  11111111 11111112   SHARE
total_cost_cap_ppb 4000000000 4000000001 SHARE
"""


def lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


@pytest.mark.parametrize(("field", "taken", "refused", "name"), lines(BOUNDS))
def test_terms_are_taken_up_to_their_bound(field: str, taken: str, refused: str, name: str) -> None:
    assert problem(GOOD._replace(**{field: int(taken)}), Conventions()) == Problem.NONE
    assert problem(GOOD._replace(**{field: int(refused)}), Conventions()) == Problem[name]


@pytest.mark.parametrize(("field", "taken", "refused", "name"), lines(SETTINGS))
def test_settings_are_taken_up_to_their_bound(
    field: str, taken: str, refused: str, name: str
) -> None:
    terms = GOOD._replace(instalments=1, rate_ppb=1)

    assert problem(terms, Conventions()._replace(**{field: int(taken)})) == Problem.NONE
    assert problem(terms, Conventions()._replace(**{field: int(refused)})) == Problem[name]


@pytest.mark.parametrize(
    ("unit", "taken"), [(0, 4_000_000_000 // 360), (1, 4_000_000_000 // 12), (2, 4_000_000_000)]
)
def test_the_largest_rate_depends_on_the_time_it_is_stated_for(unit: int, taken: int) -> None:
    settings = Conventions(rate_unit=unit)

    assert is_within_bounds(GOOD._replace(rate_ppb=taken), settings)
    assert not is_within_bounds(GOOD._replace(rate_ppb=taken + 1), settings)


def test_a_single_payment_is_one_instalment() -> None:
    assert problem(GOOD, Conventions(method=4)) == Problem.SINGLE
    assert problem(GOOD._replace(instalments=1), Conventions(method=4)) == Problem.NONE


def test_the_residual_leaves_something_beside_the_down_payment() -> None:
    terms = GOOD._replace(down_payment_fen=20_000)

    assert problem(terms._replace(residual_fen=99_999), Conventions()) == Problem.NONE
    assert problem(terms._replace(residual_fen=100_000), Conventions()) == Problem.RESIDUAL


@pytest.mark.parametrize(
    ("unit", "count", "instalments", "fits"),
    [(2, 12, 170, True), (2, 12, 175, False), (2, 366, 480, False), (0, 366, 170, True),
     (0, 366, 480, False), (1, 52, 170, True), (1, 52, 180, False)],
)  # fmt: skip
def test_a_loan_ends_before_the_last_day_the_kernel_knows(
    unit: int, count: int, instalments: int, fits: bool
) -> None:
    terms = GOOD._replace(instalments=instalments)
    found = problem(terms, Conventions(period_unit=unit, period_count=count))

    assert found == (Problem.NONE if fits else Problem.MATURITY)


def test_a_loan_near_the_end_of_time_is_reckoned_exactly() -> None:
    last = Terms(100, DAY_MAX - 62, 1)

    assert problem(last, Conventions()) == Problem.NONE
    assert problem(last._replace(disbursed_on=DAY_MAX - 30), Conventions()) == Problem.MATURITY


def test_an_order_has_each_part_once() -> None:
    orders = {int("".join(digits)) for digits in itertools.permutations("1234")}

    assert {order for order in range(-10, 10_000) if is_order(order)} == orders


def test_every_problem_has_words_that_name_a_field() -> None:
    fields = {*Terms._fields, *Conventions._fields, "conventions"}

    assert set(WORDS) == set(Problem) - {Problem.NONE}
    assert {field for field, _ in WORDS.values()} <= fields


def test_a_bad_contract_is_refused_in_words() -> None:
    with pytest.raises(TermsError, match="grace_days: must be 0 to 366"):
        check(GOOD._replace(grace_days=400), Conventions())
    check(GOOD, Conventions())
