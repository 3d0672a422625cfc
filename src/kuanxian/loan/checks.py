"""Checks: whether terms and conventions can be computed at all.

``problem`` finds the first thing wrong; it is integers in and out, so that a batch can
run it compiled. ``check`` says the same in words. Neither judges whether a contract is
lawful or wise, only whether every figure is inside ``kuanxian.base.bounds``.
"""

from enum import IntEnum

from kuanxian.base.bounds import (
    DAILY_RATE_PPB_MAX,
    DAY_MAX,
    GRACE_DAYS_MAX,
    INSTALMENTS_MAX,
    MONTHLY_RATE_PPB_MAX,
    PRINCIPAL_FEN_MAX,
    RATE_PPB_MAX,
    TOLERANCE_FEN_MAX,
)
from kuanxian.base.days import NO_DAY
from kuanxian.base.errors import TermsError
from kuanxian.base.fen import PPB
from kuanxian.loan.due import first_due_day, step
from kuanxian.loan.terms import Conventions, Method, PeriodUnit, RateUnit, Terms

PERIOD_COUNT_MAX = 366


class Problem(IntEnum):
    """What is wrong with a contract."""

    NONE = 0
    PRINCIPAL = 1
    DISBURSED_ON = 2
    INSTALMENTS = 3
    RATE = 4
    FIRST_DUE_ON = 5
    DUE_DAY = 6
    INSTALMENT = 7
    RESIDUAL = 8
    DOWN_PAYMENT = 9
    FEE = 10
    PROMO = 11
    GRACE_INSTALMENTS = 12
    PENALTY_RATE = 13
    LATE_FEE = 14
    GRACE_DAYS = 15
    MATURITY = 16
    SETTING = 17
    PERIOD_COUNT = 18
    MULTIPLE = 19
    ORDER = 20
    TOLERANCE = 21
    SHARE = 22
    SINGLE = 23


WORDS = {
    Problem.PRINCIPAL: ("principal_fen", f"must be 1 to {PRINCIPAL_FEN_MAX} fen"),
    Problem.DISBURSED_ON: ("disbursed_on", "must be a day from 1970-01-01 to 2199-12-31"),
    Problem.INSTALMENTS: ("instalments", f"must be 1 to {INSTALMENTS_MAX}"),
    Problem.RATE: ("rate_ppb", "must be 0 to 400 % a year"),
    Problem.FIRST_DUE_ON: ("first_due_on", "must lie after disbursed_on"),
    Problem.DUE_DAY: ("due_day", "must be 1 to 31, or 0 for that of the first due day"),
    Problem.INSTALMENT: ("instalment_fen", "must be 0 to the largest amount"),
    Problem.RESIDUAL: ("residual_fen", "must be less than the principal without down payment"),
    Problem.DOWN_PAYMENT: ("down_payment_fen", "must be less than the principal"),
    Problem.FEE: ("fee_fen", "must be 0 to the largest amount"),
    Problem.PROMO: ("promo_rate_ppb", "must be a rate, with promo_instalments up to instalments"),
    Problem.GRACE_INSTALMENTS: (
        "grace_principal_instalments",
        "and the other counts of first instalments must be 0 to instalments",
    ),
    Problem.PENALTY_RATE: ("penalty_rate_ppb", "must be 0 to 400 % a year"),
    Problem.LATE_FEE: ("late_fee_fen", "must be 0 to the largest amount"),
    Problem.GRACE_DAYS: ("grace_days", f"must be 0 to {GRACE_DAYS_MAX}"),
    Problem.MATURITY: ("instalments", "lead beyond 2199-12-31"),
    Problem.SETTING: ("conventions", "hold a code that does not exist"),
    Problem.PERIOD_COUNT: ("period_count", f"must be 1 to {PERIOD_COUNT_MAX}"),
    Problem.MULTIPLE: ("instalment_multiple_fen", "must be 1 to 1,000,000"),
    Problem.ORDER: ("allocation_order", "must have each of the digits 1, 2, 3, 4 once"),
    Problem.TOLERANCE: ("tolerance_fen", f"must be 0 to {TOLERANCE_FEN_MAX}"),
    Problem.SHARE: ("late_fee_ppb", "and the other shares must be 0 to 1,000,000,000"),
    Problem.SINGLE: ("instalments", "must be 1 with a single payment"),
}


def check(terms: Terms, conventions: Conventions) -> None:
    """Refuse a contract whose figures cannot be computed.

    Raises:
        TermsError: naming the field and its bound.

    Example:
        >>> check(Terms(principal_fen=0, disbursed_on=20_000, instalments=12), Conventions())
        Traceback (most recent call last):
        kuanxian.base.errors.TermsError: principal_fen: must be 1 to 1000000000 fen
    """
    found = problem(terms, conventions)
    if found != Problem.NONE:
        field, reason = WORDS[Problem(found)]
        raise TermsError(field, reason)


def is_within_bounds(terms: Terms, conventions: Conventions) -> bool:
    """Say whether a contract can be computed."""
    return problem(terms, conventions) == Problem.NONE


def problem(terms: Terms, conventions: Conventions) -> int:
    """Find the first thing wrong with a contract.

    Returns:
        A ``Problem`` code; NONE where everything is within bounds.
    """
    found = settings_problem(conventions)
    return found if found != Problem.NONE else terms_problem(terms, conventions)


def terms_problem(terms: Terms, conventions: Conventions) -> int:
    """Find the first thing wrong with the terms, the settings being sound.

    Returns:
        A ``Problem`` code.
    """
    found = amounts_problem(terms, conventions)
    if found == Problem.NONE:
        found = counts_problem(terms, conventions)
    if found == Problem.NONE:
        found = days_problem(terms, conventions)
    return found


def is_amount(amount_fen: int) -> bool:
    """Say whether an amount is within bounds."""
    return 0 <= amount_fen <= PRINCIPAL_FEN_MAX


def is_code(code: int, last: int) -> bool:
    """Say whether a code is 0 … last."""
    return 0 <= code <= last


def rate_max_ppb(conventions: Conventions) -> int:
    """Find the largest rate for the contract's rate unit."""
    if conventions.rate_unit == RateUnit.DAY:
        return DAILY_RATE_PPB_MAX
    if conventions.rate_unit == RateUnit.MONTH:
        return MONTHLY_RATE_PPB_MAX
    return RATE_PPB_MAX


def settings_problem(conventions: Conventions) -> int:
    """Check the settings."""
    codes_exist = (
        is_code(conventions.method, 6)
        and is_code(conventions.period_unit, 2)
        and is_code(conventions.roll, 3)
        and is_code(conventions.days_off, 1)
        and is_code(conventions.day_count, 5)
        and is_code(conventions.rate_unit, 2)
        and is_code(conventions.interest_basis, 2)
        and is_code(conventions.interest_rounding, 3)
        and is_code(conventions.interest_round_at, 2)
        and is_code(conventions.instalment_rounding, 3)
        and is_code(conventions.absorb, 1)
        and is_code(conventions.smooth, 1)
        and is_code(conventions.direction, 1)
        and is_code(conventions.future_rule, 3)
        and is_code(conventions.overdue_interest, 1)
        and is_code(conventions.penalty_base, 2)
        and is_code(conventions.penalty_grace, 1)
        and is_code(conventions.penalty_rounding, 3)
        and is_code(conventions.ageing_grace, 1)
        and is_code(conventions.early_interest, 2)
    )
    if not codes_exist:
        return Problem.SETTING
    if not 1 <= conventions.period_count <= PERIOD_COUNT_MAX:
        return Problem.PERIOD_COUNT
    if not 1 <= conventions.instalment_multiple_fen <= 1_000_000:
        return Problem.MULTIPLE
    if not is_order(conventions.allocation_order):
        return Problem.ORDER
    if not 0 <= conventions.tolerance_fen <= TOLERANCE_FEN_MAX:
        return Problem.TOLERANCE
    shares_fit = (
        is_code(conventions.penalty_cap_ppb, PPB)
        and is_code(conventions.late_fee_ppb, PPB)
        and is_code(conventions.early_fee_ppb, PPB)
        and is_code(conventions.daily_cost_cap_ppb, DAILY_RATE_PPB_MAX)
        and is_code(conventions.total_cost_cap_ppb, RATE_PPB_MAX)
    )
    return Problem.NONE if shares_fit else Problem.SHARE


def is_order(order: int) -> bool:
    """Say whether a number has each of the digits 1 to 4 once.

    Example:
        >>> is_order(1324), is_order(1123)
        (True, False)
    """
    if not 1_234 <= order <= 4_321:
        return False
    seen = 0
    while order > 0:
        digit = order % 10
        if digit < 1 or digit > 4:
            return False
        seen |= 1 << digit
        order //= 10
    return seen == 0b11110


def amounts_problem(terms: Terms, conventions: Conventions) -> int:
    """Check the amounts and rates."""
    rate_max = rate_max_ppb(conventions)
    found: int = Problem.NONE
    if not 1 <= terms.principal_fen <= PRINCIPAL_FEN_MAX:
        found = Problem.PRINCIPAL
    elif not 0 <= terms.rate_ppb <= rate_max:
        found = Problem.RATE
    elif not is_amount(terms.instalment_fen):
        found = Problem.INSTALMENT
    elif not 0 <= terms.down_payment_fen < terms.principal_fen:
        found = Problem.DOWN_PAYMENT
    elif not 0 <= terms.residual_fen < terms.principal_fen - terms.down_payment_fen:
        found = Problem.RESIDUAL
    elif not is_amount(terms.fee_fen):
        found = Problem.FEE
    elif not 0 <= terms.promo_rate_ppb <= rate_max:
        found = Problem.PROMO
    elif not 0 <= terms.penalty_rate_ppb <= rate_max:
        found = Problem.PENALTY_RATE
    elif not is_amount(terms.late_fee_fen):
        found = Problem.LATE_FEE
    return found


def counts_problem(terms: Terms, conventions: Conventions) -> int:
    """Check the counts."""
    found: int = Problem.NONE
    if not 1 <= terms.instalments <= INSTALMENTS_MAX:
        found = Problem.INSTALMENTS
    elif conventions.method == Method.SINGLE and terms.instalments != 1:
        found = Problem.SINGLE
    elif not 0 <= terms.promo_instalments <= terms.instalments:
        found = Problem.PROMO
    elif not (
        0 <= terms.interest_free_instalments <= terms.instalments
        and 0 <= terms.grace_principal_instalments <= terms.instalments
        and 0 <= terms.grace_interest_instalments <= terms.instalments
    ):
        found = Problem.GRACE_INSTALMENTS
    elif not 0 <= terms.grace_days <= GRACE_DAYS_MAX:
        found = Problem.GRACE_DAYS
    return found


def days_problem(terms: Terms, conventions: Conventions) -> int:
    """Check the days, up to the last due day."""
    if not 0 <= terms.disbursed_on <= DAY_MAX:
        return Problem.DISBURSED_ON
    if not 0 <= terms.due_day <= 31:
        return Problem.DUE_DAY
    if terms.first_due_on != NO_DAY and not terms.disbursed_on < terms.first_due_on <= DAY_MAX:
        return Problem.FIRST_DUE_ON
    # Reckoned first in months of 31 days, which settles all but contracts near the end of time.
    unit_days = 31 if conventions.period_unit == PeriodUnit.MONTH else 7
    span_days = (terms.instalments + 1) * conventions.period_count * unit_days
    if max(terms.first_due_on, terms.disbursed_on) + span_days <= DAY_MAX:
        return Problem.NONE
    if span_days > 40 * DAY_MAX:
        return Problem.MATURITY
    first_on = first_due_day(terms, conventions)
    if step(first_on, terms.instalments, 31, conventions) > DAY_MAX:
        return Problem.MATURITY
    return Problem.NONE
