"""Stories: small lives of a loan as text, with the figures expected of them.

A story is a paragraph::

    # a payment on the due day is in time
    with grace_days=3 method=LEVEL
    payment 02-15 412.00
    row 1 02-15 400.00 12.00
    = 02-15 status=CURRENT due_principal=0.00

``with`` changes the contract, a line that begins with a kind of event adds one (numbered
from 1), ``row`` is a line of the schedule after the events, ``=`` some figures of a
position at the close of a day and ``payoff`` the same of a pay-off quote. ``refused``
names the reason and the number of the first event refused. Amounts have a point and are
yuan; days without a year are of 2026; other words are codes by name.

Unless changed: 1,200.00 yuan on 2026-01-15 in three equal parts of principal, 12 % a year
(one per cent a month), penalty 18 % a year. Instalments of 412.00, 408.00 and 404.00.
"""

import datetime
import re
from decimal import Decimal
from enum import IntEnum
from typing import Any, NamedTuple

from kuanxian.base.days import day_number
from kuanxian.base.fen import Rounding
from kuanxian.loan import (
    Absorb,
    Conventions,
    DayCount,
    DaysOff,
    Direction,
    EarlyInterest,
    Event,
    FutureRule,
    InterestBasis,
    Kind,
    Letter,
    Method,
    Part,
    PenaltyBase,
    PeriodUnit,
    Position,
    RateUnit,
    Refused,
    Roll,
    RoundAt,
    Status,
    Terms,
    payoff,
    position,
    schedule,
)

CODES: dict[str, type[IntEnum]] = {
    "absorb": Absorb,
    "day_count": DayCount,
    "days_off": DaysOff,
    "direction": Direction,
    "early_interest": EarlyInterest,
    "future_rule": FutureRule,
    "instalment_rounding": Rounding,
    "interest_basis": InterestBasis,
    "interest_round_at": RoundAt,
    "interest_rounding": Rounding,
    "letter": Letter,
    "method": Method,
    "part": Part,
    "penalty_base": PenaltyBase,
    "penalty_rounding": Rounding,
    "period_unit": PeriodUnit,
    "rate_unit": RateUnit,
    "refused_reason": Refused,
    "roll": Roll,
    "status": Status,
}
ENDINGS = ("", "_fen", "_on", "_ppb", "_seq")


def on(text: str) -> int:
    """Read a day: ``02-15`` of 2026, or ``2028-02-29``."""
    return day_number(datetime.date.fromisoformat(text if len(text) > 5 else f"2026-{text}"))


def fen(text: str) -> int:
    """Read yuan: ``1200.00``."""
    yuan, _, rest = text.partition(".")
    return int(yuan) * 100 + int(rest.ljust(2, "0"))


def value_of(key: str, text: str) -> int:
    """Read a value by its look."""
    if text == "none":
        return -1
    if text.endswith("%"):
        return int(Decimal(text[:-1]).scaleb(7))
    if re.fullmatch(r"(\d{4}-)?\d\d-\d\d", text):
        return on(text)
    if re.fullmatch(r"\d+\.\d\d?", text):
        return fen(text)
    return CODES[key][text].value if text[0].isupper() else int(text)


def pairs_of(words: list[str], fields: tuple[str, ...]) -> dict[str, int]:
    """Read ``key=value`` words; the ending of a field may be left out."""
    pairs = {}
    for word in words:
        key, _, text = word.partition("=")
        field = next(key + ending for ending in ENDINGS if key + ending in fields)
        pairs[field] = value_of(key, text)
    return pairs


class Story(NamedTuple):
    """One story, read."""

    name: str
    terms: Terms
    conventions: Conventions
    events: list[Event]
    expected: list[list[str]]

    def check(self) -> None:
        """Hold the kernel to what the story expects."""
        life: tuple[Any, ...] = (self.terms, self.conventions, self.events)
        for first, *words in self.expected:
            if first == "row":
                self._check_row(words)
            elif first == "refused":
                at = position(*life, as_of_on=self.events[-1].value_on)
                self._compare([Refused(at.refused_reason).name, str(at.refused_seq)], words)
            elif first == "payoff":
                quote = payoff(*life, on=on(words[0]))
                expected = pairs_of(words[1:], quote._fields)
                self._compare({name: getattr(quote, name) for name in expected}, expected)
            else:
                at = position(*life, as_of_on=on(words[0]))
                expected = pairs_of(words[1:], Position._fields)
                self._compare({name: getattr(at, name) for name in expected}, expected)

    def _check_row(self, words: list[str]) -> None:
        row = schedule(self.terms, self.conventions, self.events)[int(words[0]) - 1]
        told = [row.due_on, row.principal_fen, row.interest_fen, row.fee_fen]
        fees = words[4:] or ["0.00"]
        self._compare(told, [on(words[1]), *(fen(word) for word in (*words[2:4], *fees))])

    def _compare(self, told: object, expected: object) -> None:
        assert told == expected, f"{self.name}: {told} is not {expected}"


BASE = Terms(
    120_000, on("01-15"), 3, rate_ppb=120_000_000, penalty_rate_ppb=180_000_000
)  # fmt: skip
EQUAL_PRINCIPAL = Conventions(method=Method.EQUAL_PRINCIPAL)


def read_event(seq: int, line: str) -> Event:
    """Read a line such as ``payment 02-15 412.00 part=PRINCIPAL``."""
    kind, day, *words = line.split()
    amount_fen = 0
    if words and re.fullmatch(r"\d+\.\d\d", words[0]):
        amount_fen = fen(words.pop(0))
    pairs = pairs_of(words, Event._fields)
    return Event(seq, Kind[kind.upper()], on(day), amount_fen)._replace(**pairs)


def read_story(lines: list[str]) -> Story:
    """Read one paragraph."""
    name, terms, conventions = lines[0].lstrip("# "), BASE, EQUAL_PRINCIPAL
    events: list[Event] = []
    expected: list[list[str]] = []
    for line in lines[1:]:
        first, *words = line.split()
        if first == "with":
            of_terms = [w for w in words if is_field(w, Terms._fields)]
            others = [word for word in words if word not in of_terms]
            terms = terms._replace(**pairs_of(of_terms, Terms._fields))
            conventions = conventions._replace(**pairs_of(others, Conventions._fields))
        elif first in ("row", "refused", "payoff", "="):
            expected.append([first, *words])
        else:
            events.append(read_event(len(events) + 1, line))
    assert expected, f"the story {name!r} expects nothing"
    return Story(name, terms, conventions, events, expected)


def is_field(word: str, fields: tuple[str, ...]) -> bool:
    """Say whether a ``key=value`` word is about one of these fields."""
    key, _, text = word.partition("=")
    # A fixed late fee and a share of the instalment have one name but for the ending.
    endings = ("", "_ppb") if text.endswith("%") else ENDINGS
    return any(key + ending in fields for ending in endings)


def read_stories(text: str) -> list[Story]:
    """Read all paragraphs of a text."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return [read_story([line.strip() for line in one.splitlines()]) for one in paragraphs]


def name_of(story: Story) -> str:
    """Name a story for the test report."""
    return story.name
