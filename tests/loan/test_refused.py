"""An event that is refused leaves a loan as if it had never been there."""

import pytest
from tests.loan.story import BASE, on

from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Conventions,
    DayCount,
    Event,
    InterestBasis,
    Kind,
    Method,
    Position,
    RoundAt,
    What,
    position,
    trace,
)
from kuanxian.loan.terms import Terms
from kuanxian.simulate import life

UNMARKED = {"refused_events": 0, "refused_seq": 0, "refused_reason": 0}


def refused_of(terms: Terms, conventions: Conventions, events: list[Event], day: int) -> set[int]:
    entries = trace(terms, conventions, events, as_of_on=day)
    return {entry.seq for entry in entries if entry.what == What.REFUSED}


def without(
    refused: set[int], terms: Terms, conventions: Conventions, events: list[Event], day: int
) -> Position:
    # A reversal that was taken back itself may name one of them; without it, it names nothing.
    gone = set(refused)
    for event in sorted(events, key=lambda event: event.seq):
        if event.kind == Kind.REVERSAL and event.ref_seq in gone:
            gone.add(event.seq)
    rest = [event for event in events if event.seq not in gone]
    return position(terms, conventions, rest, as_of_on=day)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_refused_events_move_no_fen(block: int) -> None:
    counted = 0
    for seed in range(block * 150, block * 150 + 150):
        terms, conventions, events = life(seed)
        for day in (19_800, 20_400, 21_000):
            refused = refused_of(terms, conventions, events, day)
            told = position(terms, conventions, events, as_of_on=day)
            counted += len(refused)

            assert told.refused_events == len(refused)
            assert told._replace(**UNMARKED) == without(refused, terms, conventions, events, day)
    assert counted > 50


def test_time_is_not_split_where_a_refused_event_stands() -> None:
    rounded = Conventions(
        method=Method.EQUAL_PRINCIPAL,
        interest_basis=InterestBasis.DAILY,
        day_count=DayCount.ACT_365,
        interest_round_at=RoundAt.ROW,
        interest_rounding=Rounding.CEIL,
    )
    refused = [Event(seq, Kind.REFUND, on("01-15") + seq, 100) for seq in range(1, 25)]
    told = position(BASE, rounded, refused, as_of_on=on("02-15"))

    assert told.refused_events == 24
    assert told._replace(**UNMARKED) == position(BASE, rounded, as_of_on=on("02-15"))


def test_refused_events_stand_in_the_trace_on_their_own_days() -> None:
    events = [Event(1, Kind.REFUND, on("02-20"), 100), Event(2, Kind.FEE, on("02-20"), 500)]
    entries = trace(BASE, events=events, as_of_on=on("03-20"))
    days = [entry.day_on for entry in entries]
    (refused,) = [entry for entry in entries if entry.what == What.REFUSED]

    assert days == sorted(days)
    assert (refused.day_on, refused.seq) == (on("02-20"), 1)
    assert entries.index(refused) < next(
        place for place, entry in enumerate(entries) if entry.seq == 2
    )
