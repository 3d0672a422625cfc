"""The four questions about one loan, and what is refused before they are answered."""

import itertools

import pytest
from tests.loan.story import BASE, EQUAL_PRINCIPAL, on

from kuanxian.base.bounds import EVENTS_MAX
from kuanxian.base.errors import EventError, TermsError
from kuanxian.loan import (
    Conventions,
    Event,
    Kind,
    Method,
    Terms,
    payoff,
    position,
    schedule,
    trace,
)
from kuanxian.loan.promise import promised
from kuanxian.loan.view import TRACE_MAX, in_order


def test_events_may_come_in_any_order() -> None:
    events = [Event(3, Kind.PAYMENT, 5), Event(2, Kind.PAYMENT, 9), Event(1, Kind.PAYMENT, 5)]

    assert [event.seq for event in in_order(events)] == [1, 3, 2]


def test_two_events_with_one_number_are_refused() -> None:
    events = [Event(1, Kind.PAYMENT, on("02-15"), 1), Event(1, Kind.PAYMENT, on("02-16"), 1)]

    with pytest.raises(EventError, match="seq: is used twice"):
        position(BASE, events=events, as_of_on=on("02-20"))


def test_more_events_than_fit_are_refused() -> None:
    events = [Event(seq, Kind.PAYMENT, on("02-15"), 1) for seq in range(EVENTS_MAX + 1)]

    with pytest.raises(EventError, match="are 20001; at most 20000"):
        position(BASE, events=events, as_of_on=on("02-20"))
    assert position(BASE, events=events[1:], as_of_on=on("02-20")).paid_fen == EVENTS_MAX


def test_a_contract_out_of_bounds_is_refused_by_every_question() -> None:
    bad = BASE._replace(instalments=0)
    with pytest.raises(TermsError, match="instalments"):
        position(bad, as_of_on=on("02-20"))
    with pytest.raises(TermsError, match="instalments"):
        schedule(bad)
    with pytest.raises(TermsError, match="instalments"):
        trace(bad, as_of_on=on("02-20"))
    with pytest.raises(TermsError, match="instalments"):
        payoff(bad, on=on("02-20"))


def test_a_trace_too_long_to_tell_is_refused() -> None:
    weekly = Conventions(method=1, period_unit=0, direction=1)
    terms = Terms(1_000_000_000, on("01-15"), 480, fee_fen=1, rate_ppb=10**9)
    terms = terms._replace(penalty_rate_ppb=4 * 10**9)
    events = [Event(seq, Kind.PAYMENT, on("2027-06-01") + seq, 1) for seq in range(1, 400)]

    with pytest.raises(EventError, match=f"more than {TRACE_MAX}"):
        trace(terms, weekly, events, as_of_on=on("2028-09-01"))


def test_the_period_is_the_month_unless_another_is_asked_for() -> None:
    events = [Event(1, Kind.PAYMENT, on("02-15"), 500), Event(2, Kind.PAYMENT, on("03-02"), 70)]
    life = (BASE, EQUAL_PRINCIPAL, events)

    assert position(*life, as_of_on=on("03-05")).paid_in_period_fen == 70
    told = position(*life, as_of_on=on("03-05"), period_from_on=on("02-15"))
    assert told.paid_in_period_fen == 570
    told = position(*life, as_of_on=on("03-05"), period_from_on=on("02-16"))
    assert told.paid_in_period_fen == 70


def test_what_is_recorded_later_is_not_known_before() -> None:
    paid = Event(1, Kind.PAYMENT, on("02-15"), 41_200, recorded_on=on("03-02"))
    life = (BASE, EQUAL_PRINCIPAL, [paid])

    before = position(*life, as_of_on=on("02-20"), known_on=on("03-01"))
    after = position(*life, as_of_on=on("02-20"), known_on=on("03-02"))

    assert (before.days_past_due, after.days_past_due) == (5, 0)
    assert len(trace(*life, as_of_on=on("02-20"), known_on=on("03-01"))) < len(
        trace(*life, as_of_on=on("02-20"))
    )


def test_a_schedule_starts_each_row_where_the_one_before_ends() -> None:
    rows = schedule(BASE._replace(down_payment_fen=30_000), EQUAL_PRINCIPAL)

    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.opening_fen for row in rows] == [120_000, 90_000, 60_000, 30_000]
    assert all(later.start_on == earlier.end_on for earlier, later in itertools.pairwise(rows))


def test_a_row_opens_with_what_was_owed_when_its_period_started() -> None:
    drawn = [
        Event(1, Kind.DRAWDOWN, on("01-30"), 30_000),
        Event(2, Kind.DRAWDOWN, on("03-01"), 60_000),
        Event(3, Kind.DRAWDOWN, on("03-15"), 10_000),
        Event(4, Kind.DRAWDOWN, on("03-16"), 1_000_000_001),
    ]
    rows = schedule(BASE, EQUAL_PRINCIPAL, drawn)
    # 500.00 of 1,500.00; 800.00 of 1,600.00; then 800.00 and 100.00 drawn that very day.
    assert [row.opening_fen for row in rows] == [120_000, 100_000, 90_000]
    assert [row.principal_fen for row in rows] == [50_000, 80_000, 90_000]


def test_what_becomes_principal_is_not_in_the_rows_before() -> None:
    event = Event(1, Kind.REINSTALMENT, on("02-25"), 0, 4, 4, on("03-25"), 60_000_000)
    rows = schedule(BASE, EQUAL_PRINCIPAL, [event])

    assert [row.opening_fen for row in rows[:4]] == [120_000, 120_000, 121_667, 121_667]


def test_what_was_promised_is_the_contract_as_corrections_and_reversals_leave_it() -> None:
    place = Terms._fields.index("rate_ppb")
    given = [
        Event(seq, Kind.INSTALMENT, on("01-15"), 40_000, until_on=on("03-15")) for seq in (1, 2)
    ]
    events = [
        *given,
        Event(3, Kind.CORRECTION, on("03-01"), 60_000_000, part=place),
        Event(4, Kind.CORRECTION, on("04-01"), 999, part=place),
        Event(5, Kind.REVERSAL, on("04-02"), ref_seq=4),
        Event(6, Kind.REVERSAL, on("04-02"), ref_seq=2),
        Event(7, Kind.PAYMENT, on("02-15"), 10_000),
    ]
    terms, rows = promised(BASE, Conventions(method=Method.GIVEN), events)

    assert (terms, rows) == (BASE._replace(rate_ppb=60_000_000), given[:1])
    assert promised(BASE, EQUAL_PRINCIPAL, events[-1:]) == (BASE, [])
