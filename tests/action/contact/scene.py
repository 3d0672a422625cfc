"""A scene for the gate: one lender, two agencies, a debtor, on a real database."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from kuanxian.action.contact import Gate, Proposal
from kuanxian.action.contact.record import add, open_case
from kuanxian.action.contact.words import Lexicon
from kuanxian.law.case_events import GROUPS
from kuanxian.loan import Position

NUMBERS = itertools.count(1)


def at(text: str) -> int:
    """Read a Shanghai time as microseconds UTC.

    Example:
        >>> at("1970-01-01 08:00:01")
        1000000
    """
    moment = datetime.fromisoformat(text + "+08:00")
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


NOON: Final = at("2026-11-25 12:00")


@dataclass
class Clock:
    """A clock that a test sets."""

    now: int = NOON

    def __call__(self) -> int:
        return self.now

    def set(self, text: str) -> None:
        self.now = at(text)

    def move(self, seconds: int) -> None:
        self.now += seconds * 1_000_000


@dataclass
class Ledger:
    """Debts of which a test says where they stand; ``d-1.7`` stands where ``d-1`` does."""

    positions: dict[str, Position] = field(default_factory=dict)
    as_of_on: int | None = None
    """Of which day its figures are; None: of any that is asked about."""
    until_on: int | None = None
    """Up to which day it knows any, as a close does; None: for ever."""

    def __call__(self, debt_id: str, day_on: int) -> Position | None:
        if self.until_on is not None and day_on > self.until_on:
            return None
        return self.positions.get(debt_id.partition(".")[0])

    def stood_on(self, day_on: int) -> int:
        return day_on if self.as_of_on is None else min(day_on, self.as_of_on)


def position(**figures: int) -> Position:
    """Make a position of which nothing is owed but what is said."""
    blank = dict.fromkeys(Position._fields, 0)
    return Position(**{**blank, **figures})


@dataclass
class Scene:
    """What a test acts on."""

    gate: Gate
    clock: Clock
    ledger: Ledger
    debts: dict[str, str] = field(default_factory=dict)
    """The debt of a case, where it is not ``d-1``."""

    def case(self, **more: Any) -> str:
        """Open a case in which a call at noon is allowed, unless it is changed."""
        number = next(NUMBERS)
        case_id = f"case-{number}"
        told = {**case_told(), **more}
        # A lender of its own for each: one lender has one case of a debtor.
        open_case(self.gate, case_id, told, tenant=f"lender-{number}", actor="system:test")
        return case_id

    def call(self, case_id: str, **more: Any) -> Proposal:
        """Propose that a collector of the first agency calls the debtor."""
        told: dict[str, Any] = {
            "key": f"k-{next(NUMBERS)}", "case_id": case_id, "act": "contact", "to": "p-1",
            "channel": "voice_human", "purpose": "collect", "by": "a-1", "officer": "officer-1",
            "point": "pt-1", "debt": self.debts.get(case_id, "d-1"), "collector": "c-1",
            "states": {"claimed_identity": "agency", "identity_stated": True},
        }  # fmt: skip
        return Proposal(**{**told, **more})

    def racer(self, case_id: str, number: int, **more: Any) -> Proposal:
        """Propose a call by one of the two agencies, or by the lender's machine."""
        agency = number % 3
        if agency:
            return self.call(case_id, by=f"a-{agency}", collector=f"c-{agency}", **more)
        return self.call(
            case_id, by="l-1", channel="voice_ai", collector=None, template="first_overdue",
            states={"ai_disclosed": True, "human_reachable": True}, **more,
        )  # fmt: skip

    def sms(self, case_id: str, **more: Any) -> Proposal:
        """Propose a text message by the lender."""
        told: dict[str, Any] = {
            "act": "message", "channel": "sms", "purpose": "notice", "by": "l-1",
            "collector": None, "template": "first_overdue", "states": {},
        }  # fmt: skip
        return self.call(case_id, **{**told, **more})

    def tell(self, case_id: str, *events: dict[str, Any], **lists: Any) -> None:
        """Tell a case what happened."""
        timeline = [
            {"id": f"e-{next(NUMBERS)}", "happened_at": iso(self.clock.now),
             "known_at": iso(self.clock.now), **event}
            for event in events
        ]  # fmt: skip
        told = {"timeline": timeline, **lists}
        add(self.gate, case_id, told, key=f"k-{next(NUMBERS)}", actor="system:test")


def iso(moment: int) -> str:
    """Write an instant as a case file does."""
    return datetime.fromtimestamp(moment // 1_000_000, UTC).isoformat()


def case_told() -> dict[str, Any]:
    """Tell of a debtor, a nominated contact, two agencies and a collector each."""
    began = "2026-10-01T00:00:00+08:00"

    def known(kind: str, name: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "kind": kind, "happened_at": began, "known_at": began, **more}

    agencies = ("a-1", "a-2")
    return {
        "country": "cn",
        "lender": {"id": "l-1", "type": "consumer_finance"},
        "people": [
            {"id": "p-1", "role": "debtor", "origin": "contract", "zones": ["Asia/Shanghai"],
             "born_on": "1990-01-01"},
            {"id": "p-2", "role": "nominated_contact", "of": "p-1", "origin": "typed_by_debtor",
             "zones": ["Asia/Shanghai"]},
        ],
        "points": [
            {"id": "pt-1", "person": "p-1", "kind": "mobile", "origin": "contract",
             "place": "mobile"},
            {"id": "pt-2", "person": "p-2", "kind": "mobile", "origin": "typed_by_debtor",
             "place": "mobile"},
        ],
        "parties": [
            {"id": "l-1", "kind": "lender"},
            *({"id": one, "kind": "agency", "of": "l-1"} for one in agencies),
            *({"id": f"c-{number}", "kind": "collector", "of": f"a-{number}"}
              for number in (1, 2)),
        ],
        "debts": [{"id": "d-1", "debtor": "p-1", "contract_on": "2026-01-10",
                   "due_on": "2027-01-10"}],
        "complete": list(GROUPS),
        "timeline": [
            known("overdue", "od-1", debt="d-1", step="began"),
            *(known("agency", f"{one}-{step}", party=one, step=step)
              for one in agencies for step in ("listed", "contract_began", "evaluated")),
            *(known("placement", f"pl-{one}", debt="d-1", party=one, step="begun")
              for one in agencies),
            *(known("notice", f"no-{one}", to="p-1", debt="d-1", notice="outsourcing", party=one,
                    channel="sms", outcome="delivered", delivered_at=began)
              for one in agencies),
            *(known("training", f"tr-{number}-{step}", party=f"c-{number}", step=step)
              for number in (1, 2) for step in ("exam_passed", "trained")),
        ],
    }  # fmt: skip


def typed(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a case what is not believed because it is typed, and its agencies' work."""
    unproven = ("notice", "placement")
    timeline = [one for one in told["timeline"] if one["kind"] not in unproven]
    return {**told, "timeline": timeline, "consents": []}


def make_gate(app: sa.Engine, lexicon: Lexicon, book: Any, clock: Clock, ledger: Ledger) -> Gate:
    """Make a gate whose clock a test sets."""
    return Gate(app, book, lambda: lexicon, ledger, clock, tolerance_ms=None)
