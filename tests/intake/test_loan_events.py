"""The events of a loan file: every kind, their order, and what is refused."""

import pytest

from kuanxian.base.days import day_of
from kuanxian.base.errors import EventError
from kuanxian.intake.loan_file import parse_loan
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.terms import Part, Terms

TERMS = """
[terms]
principal = "1000.00"
disbursed_on = 2026-01-15
instalments = 3
"""


def with_event(lines: str) -> Event:
    return parse_loan(f"{TERMS}[[events]]\n{lines}").events[0]


ON = "on = 2026-03-01\n"
DAY = day_of(2026, 3, 1)
UNTIL = day_of(2026, 4, 1)
EVENT_LINES = [
    ('kind = "payment"\namount = "300"', Event(1, Kind.PAYMENT, DAY, 30_000)),
    ('kind = "还款"\namount_fen = 300', Event(1, Kind.PAYMENT, DAY, 300)),
    ('kind = "payment"\namount = "3"\npart = "principal"\ninstalment = 2',
     Event(1, Kind.PAYMENT, DAY, 300, Part.PRINCIPAL, 2)),
    ('kind = "refund"\namount = "3"', Event(1, Kind.REFUND, DAY, 300)),
    ('kind = "reversal"\nreverses = 7', Event(1, Kind.REVERSAL, DAY, ref_seq=7)),
    ('kind = "waiver"\npart = "罚息"', Event(1, Kind.WAIVER, DAY, 0, Part.PENALTY)),
    ('kind = "waiver"\npart = "fee"\namount = "3"', Event(1, Kind.WAIVER, DAY, 300, Part.FEE)),
    ('kind = "fee"\namount = "3"', Event(1, Kind.FEE, DAY, 300)),
    ('kind = "credit"\namount = "3"', Event(1, Kind.CREDIT, DAY, 300)),
    ('kind = "grace"\ndays = 5', Event(1, Kind.GRACE, DAY, count=5)),
    ('kind = "deferral"\nperiods = 2\npart = "interest"',
     Event(1, Kind.DEFERRAL, DAY, part=Part.INTEREST, count=2)),
    ('kind = "pause"\nuntil = 2026-04-01', Event(1, Kind.PAUSE, DAY, until_on=UNTIL)),
    ('kind = "展期"\nperiods = 3', Event(1, Kind.EXTENSION, DAY, count=3)),
    ('kind = "reinstalment"\ninstalments = 6\nrate = "12 %"\nfirst_due_on = "2026-04-01"',
     Event(1, Kind.REINSTALMENT, DAY, 0, 0, 6, UNTIL, 120_000_000)),
    ('kind = "个性化分期"\ncount = 6\nrate_ppb = 0\nuntil_on = 2026-04-01\npart = "principal"',
     Event(1, Kind.REINSTALMENT, DAY, 0, Part.PRINCIPAL, 6, UNTIL)),
    ('kind = "reage"', Event(1, Kind.REAGE, DAY)),
    ('kind = "reamortise"', Event(1, Kind.REAMORTISE, DAY)),
    ('kind = "due-day"\nday = 20', Event(1, Kind.DUE_DAY, DAY, count=20)),
    ('kind = "rate"\nrate = "9 %"', Event(1, Kind.RATE, DAY, rate_ppb=90_000_000)),
    ('kind = "penalty_stop"', Event(1, Kind.PENALTY_STOP, DAY)),
    ('kind = "penalty stop"\nuntil = 2026-04-01',
     Event(1, Kind.PENALTY_STOP, DAY, until_on=UNTIL)),
    ('kind = "settlement"\namount = "3"', Event(1, Kind.SETTLEMENT, DAY, 300)),
    ('kind = "write_off"', Event(1, Kind.WRITE_OFF, DAY)),
    ('kind = "assignment"', Event(1, Kind.ASSIGNMENT, DAY)),
    ('kind = "correction"\nfield = "rate"\nvalue = "12 %"',
     Event(1, Kind.CORRECTION, DAY, 120_000_000, Terms._fields.index("rate_ppb"))),
    ('kind = "correction"\nfield = "grace_days"\nvalue = 0',
     Event(1, Kind.CORRECTION, DAY, 0, Terms._fields.index("grace_days"))),
    ('kind = "drawdown"\namount = "3"', Event(1, Kind.DRAWDOWN, DAY, 300)),
    ('kind = "instalment"\ndue_on = 2026-04-01\nprincipal = "0"\ninterest = "1.50"\nfee = "1"',
     Event(1, Kind.INSTALMENT, DAY, 0, until_on=UNTIL, interest_fen=150, fee_fen=100)),
    ('kind = "recovery"\namount = "3"\nrecorded_on = 2026-04-01',
     Event(1, Kind.RECOVERY, DAY, 300, recorded_on=UNTIL)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "event"), EVENT_LINES, ids=[row[0].replace("\n", ", ") for row in EVENT_LINES]
)
def test_an_event_can_be_written_as(lines: str, event: Event) -> None:
    assert with_event(ON + lines) == event


def test_every_kind_of_event_can_be_written() -> None:
    assert {event.kind for _, event in EVENT_LINES} == set(Kind)


def test_a_given_instalment_counts_from_the_day_of_disbursement() -> None:
    event = with_event('kind = "instalment"\ndue_on = 2026-04-01\nprincipal = "10"')
    assert event.value_on == day_of(2026, 1, 15)


def test_events_come_in_the_order_of_their_days_and_of_the_file() -> None:
    days = ("2026-03-02", "2026-03-01", "2026-03-02")
    lines = "".join(f'[[events]]\nkind = "reage"\non = {day}\n' for day in days)
    assert [event.seq for event in parse_loan(TERMS + lines).events] == [2, 1, 3]


def test_a_number_that_is_written_is_kept_and_counted_on_from() -> None:
    lines = "".join(
        f'[[events]]\nkind = "reage"\n{ON}{seq}\n' for seq in ("seq = 7", "", "seq = 3")
    )
    assert [event.seq for event in parse_loan(TERMS + lines).events] == [3, 7, 8]


def test_an_event_reverses_another_by_its_id_wherever_it_stands() -> None:
    lines = f"""
[[events]]
kind = "reversal"
reverses = "p-1"
{ON}
[[events]]
kind = "payment"
id = "p-1"
amount = "3"
{ON}"""
    loan = parse_loan(TERMS + lines)
    assert loan.events[0].ref_seq == 2
    assert loan.labels == {2: "p-1"}


REFUSED = [
    (TERMS + "[events]\nkind = 3", "Begin each with [[events]]"),
    ('events = ["x"]' + TERMS, "events[1]: it is not a table"),
    ("on = 2026-03-01", "events[1].kind: it is missing"),
    ('kind = "payed"', "Write one of: payment"),
    ('kind = "pause"\nuntil = 2026-03-01', "events[1].on"),
    (f'kind = "payment"\n{ON}', "events[1].amount: it is missing"),
    (f'kind = "pause"\namount = "3"\n{ON}', "a pause has no such"),
    (f'kind = "payment"\namount = "0"\n{ON}', "it is zero"),
    (f'kind = "payment"\namount_fen = -5\n{ON}', "between 0 and"),
    (f'kind = "payment"\namount = "10000000.01"\n{ON}', "10 mil"),
    (f'kind = "payment"\namount = "1"\namount_fen = 1\n{ON}', "twice"),
    (f'kind = "waiver"\npart = "fee"\namount = "0"\n{ON}',
     "Leave the amount out to waive all"),
    (f'kind = "grace"\ndays = 0\n{ON}', "1 or more"),
    (f'kind = "reage"\nseq = 0\n{ON}', "not between 1 and"),
    (f'kind = "reage"\nseq = 3\n{ON}[[events]]\nkind = "reage"\nseq = 3\n{ON}', "events[2].seq"),
    (f'kind = "reage"\nid = "a b"\n{ON}', "an id is up to 64"),
    (f'kind = "reage"\nid = "a"\n{ON}[[events]]\nkind = "reage"\nid = "a"\n{ON}', "events[2].id"),
    (f'kind = "deferral"\nperiods = 1\npart = "fee"\n{ON}', "Write any or interest"),
    (f'kind = "reversal"\nreverses = "x"\n{ON}', "no event has"),
    (f'kind = "reversal"\n{ON}', "reverses: it is missing"),
    (f'kind = "correction"\nfield = "rat"\nvalue = 3\n{ON}', "Did you mean rate?"),
    (f'kind = "correction"\nfield = 3\nvalue = 3\n{ON}', "the terms have no such key"),
    (f'kind = "correction"\nfield = "rate"\nvalue = 3\n{ON}', "events[1].value"),
    (f'kind = "correction"\nfield = "instalments"\nvalue = 0\n{ON}', "no contract can have that"),
    (f'kind = "correction"\nfield = "rate"\nvalue = "401 %"\n{ON}', "no contract can have"),
    (f'kind = "correction"\nfield = "rate"\n{ON}', "events[1].value: it is missing"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"), REFUSED, ids=[f"{number} {row[1]}" for number, row in enumerate(REFUSED)]
)
def test_an_event_that_cannot_be_used_is_told_why(text: str, says: str) -> None:
    with pytest.raises(EventError) as refused:
        parse_loan(text if "[terms]" in text else f"{TERMS}[[events]]\n{text}", "loan.toml")
    assert says in str(refused.value)
    assert refused.value.subject.startswith("loan.toml: events")


def test_more_events_than_a_loan_can_have_are_refused() -> None:
    text = TERMS.replace("[terms]", "events = [" + "{}," * 20_001 + "]\n[terms]")
    with pytest.raises(EventError, match="more than 20,000"):
        parse_loan(text)
