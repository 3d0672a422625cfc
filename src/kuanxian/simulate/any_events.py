"""Any events: what may happen to a loan, drawn from the whole space.

Payments aim at the nominal due days and at amounts near an instalment, so that many
are exactly in time, a fen short or a day late. The other kinds fall anywhere. Events
come in the order they were booked (``seq``); their value days may be in any order.

A few events of some loans cannot be applied: dated before the loan was paid out, of an
unknown kind, about an event that is not there, after a write-off. The kernel is to
refuse those and fold the rest.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from kuanxian.base import bounds, days
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.terms import Conventions, Method, Part, PeriodUnit, RateUnit, Terms
from kuanxian.simulate.any_contract import draw_terms
from kuanxian.simulate.chance import Chance

_YEAR_PERIODS: Final = {RateUnit.DAY: 1, RateUnit.MONTH: 30, RateUnit.YEAR: 365}
_OFTEN_CORRECTED: Final = ("rate_ppb", "fee_fen", "penalty_rate_ppb", "late_fee_fen", "grace_days")
_PARTS: Final = (Part.FEE, Part.PENALTY, Part.INTEREST, Part.PRINCIPAL)


class Outline(NamedTuple):
    """What the drawing of events needs to know of a loan."""

    chance: Chance
    terms: Terms
    conventions: Conventions
    due_on: tuple[int, ...]
    """Nominal due days: not rolled, not deferred."""
    instalment_fen: int
    """About what one instalment asks for; exact where there is no interest."""
    last_on: int
    """Last day an event may fall on."""


def draw_events(chance: Chance, terms: Terms, conventions: Conventions) -> list[Event]:
    """Draw the events of one loan, in booking order.

    Args:
        chance: The generator; it is advanced.
        terms: The figures of the loan.
        conventions: The settings they are read by.

    Returns:
        Events with unique ``seq`` from 1 up, rising. Value days are in any order; at
        most 200 events, and the rows of a given schedule.

    Example:
        >>> terms = Terms(principal_fen=120_000, disbursed_on=20_000, instalments=12)
        >>> events = draw_events(Chance(5), terms, Conventions())
        >>> len({event.seq for event in events}) == len(events)
        True
    """
    outline = _outline(chance, terms, conventions)
    drawn = _payments(outline) + _happenings(outline)
    if chance.random() < 0.5:
        drawn.sort(key=lambda event: event.value_on)
    else:
        chance.shuffle(drawn)
    return _booked(outline, _given_rows(outline) + drawn)


def _outline(chance: Chance, terms: Terms, conventions: Conventions) -> Outline:
    due_on = tuple(_due_days(terms, conventions))
    gross_fen = terms.principal_fen - terms.down_payment_fen
    period_days = max(1, (due_on[-1] - terms.disbursed_on) // terms.instalments)
    year_ppb = terms.rate_ppb * period_days // _YEAR_PERIODS[RateUnit(conventions.rate_unit)]
    interest_fen = gross_fen * year_ppb // 1_000_000_000
    instalment_fen = terms.instalment_fen or gross_fen // terms.instalments + interest_fen
    last_on = min(bounds.DAY_MAX, due_on[-1] + chance.choice((0, 40, 200, 400)))
    return Outline(
        chance=chance,
        terms=terms,
        conventions=conventions,
        due_on=due_on,
        instalment_fen=min(bounds.PRINCIPAL_FEN_MAX, max(1, instalment_fen + terms.fee_fen)),
        last_on=last_on,
    )


def _due_days(terms: Terms, conventions: Conventions) -> list[int]:
    start_on, count = terms.disbursed_on, conventions.period_count
    if conventions.period_unit != PeriodUnit.MONTH:
        step_days = count * (7 if conventions.period_unit == PeriodUnit.WEEK else 1)
        first_on = start_on + step_days if terms.first_due_on < 0 else terms.first_due_on
        return [first_on + step_days * number for number in range(terms.instalments)]
    first_on = terms.first_due_on
    if first_on < 0:
        first_on = days.add_months(start_on, count, days.civil_of(start_on)[2])
    day = terms.due_day or days.civil_of(first_on)[2]
    series = [days.add_months(first_on, count * n, day) for n in range(1, terms.instalments)]
    return [first_on, *series]


def _given_rows(outline: Outline) -> list[Event]:
    """State the rows of a given schedule; the principal parts sum to the principal."""
    terms = outline.terms
    if outline.conventions.method != Method.GIVEN:
        return []
    count = terms.instalments
    parts_fen = [terms.principal_fen // count] * count
    parts_fen[outline.chance.randrange(count)] += terms.principal_fen - sum(parts_fen)
    interest_fen = outline.chance.choice((0, 1, max(1, terms.principal_fen // 100)))
    fee_fen = outline.chance.choice((0, 0, 300))
    return [
        Event(0, Kind.INSTALMENT, terms.disbursed_on, part_fen, until_on=due_on)._replace(
            interest_fen=interest_fen, fee_fen=fee_fen
        )
        for due_on, part_fen in zip(outline.due_on, parts_fen, strict=True)
    ]


def _payments(outline: Outline) -> list[Event]:
    """Draw payments around the due days, by a borrower of some character."""
    keeps = outline.chance.choice((0.0, 0.5, 0.9, 1.0))
    worst_days = outline.chance.choice((0, 0, 1, 5, 35, 120))
    exact = outline.chance.random()
    payments = []
    for due_on in outline.due_on[:150]:
        if outline.chance.random() >= keeps:
            continue
        late_days = outline.chance.randint(-5, worst_days) if outline.chance.random() < 0.5 else 0
        value_on = min(max(due_on + late_days, outline.terms.disbursed_on), outline.last_on)
        amount_fen = outline.instalment_fen
        if outline.chance.random() >= exact:
            amount_fen = _amount_fen(outline)
        payments.append(_pay(outline, value_on, amount_fen))
    return payments


def _pay(outline: Outline, value_on: int, amount_fen: int) -> Event:
    if outline.chance.random() < 0.06:
        return Event(0, Kind.PAYMENT, value_on, amount_fen, part=outline.chance.choice(_PARTS))
    if outline.chance.random() < 0.04:
        return Event(0, Kind.PAYMENT, value_on, amount_fen, count=outline.chance.randint(1, 6))
    return Event(0, Kind.PAYMENT, value_on, amount_fen)


def _amount_fen(outline: Outline) -> int:
    """Draw an amount: near an instalment, near the whole debt, or an edge."""
    instalment_fen, principal_fen = outline.instalment_fen, outline.terms.principal_fen
    if outline.chance.random() < 0.5:
        amount_fen = instalment_fen + outline.chance.choice((-100, -1, 0, 0, 1, 100))
    else:
        amount_fen = outline.chance.choice(
            (
                1,
                instalment_fen // 2,
                instalment_fen * 2,
                instalment_fen * 3 + 7,
                principal_fen,
                principal_fen * 3 // 2,
                outline.chance.randint(1, principal_fen),
            )
        )
    if outline.chance.random() < 0.01:
        amount_fen = bounds.PRINCIPAL_FEN_MAX
    return min(bounds.PRINCIPAL_FEN_MAX, max(1, amount_fen))


def _happenings(outline: Outline) -> list[Event]:
    """Draw the other kinds: none for some loans, a few for most, many for some."""
    count = outline.chance.choice((0, 0, 1, 2, 3, 5, 8, 8, 13, 40))
    kinds = outline.chance.choices(list(_DRAWN), [weight for weight, _ in _DRAWN.values()], k=count)
    drawn = []
    for kind in kinds:
        value_on = outline.chance.randint(outline.terms.disbursed_on, outline.last_on)
        if outline.chance.random() < 0.4:
            value_on = outline.chance.choice(outline.due_on) + outline.chance.choice((-1, 0, 0, 1))
            value_on = min(max(value_on, outline.terms.disbursed_on), outline.last_on)
        drawn.append(_DRAWN[kind][1](outline, Event(0, kind, value_on)))
    return drawn


def _booked(outline: Outline, drawn: list[Event]) -> list[Event]:
    """Number the events, name what reversals refer to, date the booking, spoil a few."""
    spoils = 0.1 if outline.chance.random() < 0.15 else 0.0
    step = outline.chance.choice((1, 1, 1, 10))
    booked: list[Event] = []
    for number, event in enumerate(drawn, start=1):
        numbered = _recorded(outline, _aimed(outline, event, booked)._replace(seq=number * step))
        spoilt = outline.chance.random() < spoils
        booked.append(_spoilt(outline, numbered) if spoilt else numbered)
    return booked


def _aimed(outline: Outline, event: Event, booked: list[Event]) -> Event:
    """Let a reversal refer to an event booked before it, dated on its day or later."""
    if event.kind != Kind.REVERSAL or not booked:
        return event
    target = outline.chance.choice(booked)
    value_on = target.value_on
    if outline.chance.random() < 0.5:
        value_on = max(event.value_on, value_on)
    return event._replace(ref_seq=target.seq, value_on=value_on)


def _recorded(outline: Outline, event: Event) -> Event:
    """Let some events become known after the day they count from."""
    if outline.chance.random() >= 0.15:
        return event
    recorded_on = event.value_on + outline.chance.choice((0, 1, 10, 90))
    return event._replace(recorded_on=min(bounds.DAY_MAX, recorded_on))


def _spoilt(outline: Outline, event: Event) -> Event:
    """Make an event one the kernel has to refuse."""
    return outline.chance.choice(
        (
            event._replace(
                value_on=max(0, outline.terms.disbursed_on - outline.chance.randint(1, 40))
            ),
            event._replace(kind=outline.chance.choice((0, 24, 99))),
            Event(event.seq, Kind.REVERSAL, event.value_on, ref_seq=900_000),
            Event(event.seq, Kind.RECOVERY, event.value_on, 0),
            Event(event.seq, Kind.REFUND, event.value_on, bounds.PRINCIPAL_FEN_MAX),
            Event(event.seq, Kind.DUE_DAY, event.value_on, count=outline.chance.choice((0, 32))),
            Event(event.seq, Kind.PAYMENT, event.value_on, outline.chance.choice((-1, 0))),
            Event(event.seq, Kind.DRAWDOWN, event.value_on, bounds.PRINCIPAL_FEN_MAX),
        )
    )


def _bare(_: Outline, event: Event) -> Event:
    return event


def _with_amount(outline: Outline, event: Event) -> Event:
    return event._replace(amount_fen=_amount_fen(outline))


def _with_small_amount(outline: Outline, event: Event) -> Event:
    return event._replace(amount_fen=outline.chance.choice((1, 100, 990, 5_000)))


def _with_small_count(outline: Outline, event: Event) -> Event:
    return event._replace(count=outline.chance.randint(1, 6))


def _reversal(_: Outline, event: Event) -> Event:
    return event._replace(ref_seq=900_001)


def _waiver(outline: Outline, event: Event) -> Event:
    amount_fen = 0 if outline.chance.random() < 0.4 else _amount_fen(outline)
    return event._replace(amount_fen=amount_fen, part=outline.chance.choice(_PARTS))


def _deferral(outline: Outline, event: Event) -> Event:
    return event._replace(
        count=outline.chance.randint(1, 3), part=outline.chance.choice((Part.ANY, Part.INTEREST))
    )


def _window(outline: Outline, event: Event) -> Event:
    until_on = min(bounds.DAY_MAX, event.value_on + outline.chance.choice((0, 1, 30, 90)))
    if event.kind == Kind.PENALTY_STOP and outline.chance.random() < 0.3:
        until_on = days.NO_DAY
    return event._replace(until_on=until_on)


def _reinstalment(outline: Outline, event: Event) -> Event:
    return event._replace(
        count=outline.chance.choice((1, 2, 6, 12, 36)),
        rate_ppb=outline.chance.choice((0, outline.terms.rate_ppb // 2, outline.terms.rate_ppb)),
        until_on=min(bounds.DAY_MAX, event.value_on + outline.chance.choice((1, 15, 30, 45))),
        part=outline.chance.choice((Part.ANY, Part.PRINCIPAL)),
    )


def _due_day(outline: Outline, event: Event) -> Event:
    return event._replace(count=outline.chance.randint(1, 31))


def _rate(outline: Outline, event: Event) -> Event:
    rate_ppb = outline.terms.rate_ppb
    return event._replace(
        rate_ppb=outline.chance.choice((0, rate_ppb // 2, rate_ppb * 9 // 10, rate_ppb))
    )


def _correction(outline: Outline, event: Event) -> Event:
    """Correct one figure to what another loan of the same settings might have."""
    other = draw_terms(outline.chance, outline.conventions)
    number = Terms._fields.index(outline.chance.choice(_OFTEN_CORRECTED))
    if outline.chance.random() < 0.3:
        number = outline.chance.choice([n for n, figure in enumerate(other) if figure >= 0])
    return event._replace(part=number, amount_fen=other[number])


_DRAWN: Final[dict[Kind, tuple[int, Callable[[Outline, Event], Event]]]] = {
    Kind.PAYMENT: (6, _with_amount),
    Kind.REFUND: (2, _with_small_amount),
    Kind.REVERSAL: (5, _reversal),
    Kind.WAIVER: (3, _waiver),
    Kind.FEE: (3, _with_small_amount),
    Kind.CREDIT: (2, _with_small_amount),
    Kind.GRACE: (2, _with_small_count),
    Kind.DEFERRAL: (2, _deferral),
    Kind.PAUSE: (2, _window),
    Kind.EXTENSION: (2, _with_small_count),
    Kind.REINSTALMENT: (2, _reinstalment),
    Kind.REAGE: (2, _bare),
    Kind.REAMORTISE: (2, _bare),
    Kind.DUE_DAY: (2, _due_day),
    Kind.RATE: (2, _rate),
    Kind.PENALTY_STOP: (2, _window),
    Kind.SETTLEMENT: (2, _with_amount),
    Kind.WRITE_OFF: (1, _bare),
    Kind.ASSIGNMENT: (1, _bare),
    Kind.CORRECTION: (1, _correction),
    Kind.DRAWDOWN: (1, _with_amount),
    Kind.RECOVERY: (1, _with_small_amount),
}
