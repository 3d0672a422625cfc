"""Codes are numbers in files: none may move, and each kind does what it says."""

from enum import IntEnum

import pytest
from tests.loan.story import BASE, EQUAL_PRINCIPAL, on

from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Absorb,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Method,
    Part,
    PenaltyBase,
    PeriodUnit,
    RateUnit,
    Refused,
    Roll,
    RoundAt,
    position,
)
from kuanxian.loan.events import EventColumns

NUMBERS: list[tuple[type[IntEnum], str]] = [
    (Method, "LEVEL EQUAL_PRINCIPAL INTEREST_ONLY FLAT SINGLE PAY_IN_N GIVEN"),
    (PeriodUnit, "DAY WEEK MONTH"),
    (Roll, "NONE FORWARD BACK FORWARD_IN_MONTH"),
    (DaysOff, "WEEKEND CN"),
    (DayCount, "D30_360 ACT_360 ACT_365 ACT_ACT ACT_ACT_PERIOD D7_364"),
    (RateUnit, "DAY MONTH YEAR"),
    (InterestBasis, "FLAT PERIOD DAILY"),
    (Rounding, "HALF_UP HALF_EVEN FLOOR CEIL"),
    (RoundAt, "ROW INSTALMENT TOTAL"),
    (Absorb, "LAST FIRST"),
    (Direction, "HORIZONTAL VERTICAL"),
    (FutureRule, "HOLD NEXT LAST REAMORTISE"),
    (PenaltyBase, "OVERDUE_PRINCIPAL OVERDUE_INSTALMENT OUTSTANDING"),
    (EarlyInterest, "TO_DAY FULL_PERIOD ALL"),
    (Part, "ANY FEE PENALTY INTEREST PRINCIPAL"),
    (Kind, "- PAYMENT REFUND REVERSAL WAIVER FEE CREDIT GRACE DEFERRAL PAUSE EXTENSION REINSTALMENT"
           " REAGE REAMORTISE DUE_DAY RATE PENALTY_STOP SETTLEMENT WRITE_OFF ASSIGNMENT CORRECTION"
           " DRAWDOWN INSTALMENT RECOVERY"),
    (Refused, "NONE BEFORE_DISBURSEMENT UNKNOWN_KIND NO_SUCH_EVENT REFUND_EXCEEDS_CREDIT"
              " NOTHING_LEFT OUT_OF_BOUNDS AFTER_END - BAD_FIELD"),
]  # fmt: skip


@pytest.mark.parametrize(("codes", "names"), NUMBERS)
def test_codes_keep_their_numbers(codes: type[IntEnum], names: str) -> None:
    expected = {name: number for number, name in enumerate(names.split()) if name != "-"}

    assert {code.name: code.value for code in codes} == expected


def test_columns_have_the_fields_of_an_event() -> None:
    assert EventColumns._fields == Event._fields


@pytest.mark.parametrize("kind", [0, 24, 99])
def test_a_kind_that_does_not_exist_is_refused(kind: int) -> None:
    at = position(BASE, EQUAL_PRINCIPAL, [Event(1, kind, on("02-01"))], as_of_on=on("02-15"))

    assert (at.refused_events, at.refused_reason) == (1, Refused.UNKNOWN_KIND)
    assert (at.due_principal_fen, at.due_interest_fen) == (40_000, 1_200)


@pytest.mark.parametrize("method", [method for method in Method if method != Method.GIVEN])
@pytest.mark.parametrize("basis", list(InterestBasis))
@pytest.mark.parametrize("rule", list(FutureRule))
def test_whatever_the_method_paying_what_is_asked_for_settles_the_loan(
    method: int, basis: int, rule: int
) -> None:
    terms = BASE._replace(instalments=1 if method == Method.SINGLE else 3)
    settings = EQUAL_PRINCIPAL._replace(method=method, interest_basis=basis, future_rule=rule)
    events: list[Event] = []
    for number in range(1, terms.instalments + 1):
        day_on = on(f"0{number + 1}-15")
        at = position(terms, settings, events, as_of_on=day_on)
        asked_fen = at.due_principal_fen + at.due_interest_fen
        events.append(Event(number, Kind.PAYMENT, day_on, asked_fen))
    at = position(terms, settings, events, as_of_on=on("12-31"))

    assert (at.paid_principal_fen, at.payoff_fen, at.paid_penalty_fen) == (120_000, 0, 0)
    assert at.paid_fen == 120_000 + at.paid_interest_fen
