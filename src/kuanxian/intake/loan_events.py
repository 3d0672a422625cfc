"""Loan events: the ``[[events]]`` of a loan file.

Each kind has its own keys, in its own words (``days`` of grace, ``periods`` of an
extension); a key another kind has is an error, since the kernel would pass over it.
"""

import re
from typing import Any, Final, NamedTuple

from kuanxian.base.bounds import EVENTS_MAX, INSTALMENTS_MAX, PRINCIPAL_FEN_MAX
from kuanxian.base.errors import EventError
from kuanxian.intake.loan_table import advise, keys_of, read_table, read_value
from kuanxian.loan.checks import is_within_bounds
from kuanxian.loan.events import Event, Kind
from kuanxian.loan.terms import Conventions, Part, PeriodUnit, Terms

_WORDS: Final = {
    Kind.PAYMENT: "amount! part instalment=count",
    Kind.REFUND: "amount!",
    Kind.REVERSAL: "reverses=ref_seq!",
    Kind.WAIVER: "part! amount",
    Kind.FEE: "amount!",
    Kind.CREDIT: "amount!",
    Kind.GRACE: "days=count!",
    Kind.DEFERRAL: "periods=count! part",
    Kind.PAUSE: "until=until_on!",
    Kind.EXTENSION: "periods=count!",
    Kind.REINSTALMENT: "instalments=count! rate! first_due_on=until_on part",
    Kind.REAGE: "",
    Kind.REAMORTISE: "",
    Kind.DUE_DAY: "day=count!",
    Kind.RATE: "rate!",
    Kind.PENALTY_STOP: "until=until_on",
    Kind.SETTLEMENT: "amount!",
    Kind.WRITE_OFF: "",
    Kind.ASSIGNMENT: "",
    Kind.CORRECTION: "field=part! value=amount_fen!",
    Kind.DRAWDOWN: "amount!",
    Kind.INSTALMENT: "due_on=until_on! principal=amount! interest fee",
    Kind.RECOVERY: "amount!",
}
"""The keys of each kind; ``word=field`` where the word differs, ``!`` where it must be."""

_UNITS: Final = {
    "amount": "amount_fen",
    "rate": "rate_ppb",
    "interest": "interest_fen",
    "fee": "fee_fen",
}
_EVERY: Final = {
    "kind": "kind",
    "on": "value_on",
    "value_on": "value_on",
    "recorded_on": "recorded_on",
    "seq": "seq",
    "id": "id",
}
_SPECIAL: Final = ("kind", "seq", "id", "reverses", "field", "value")
"""Keys that are not one field each, or were read already."""

PARTS: Final = {
    Kind.DEFERRAL: (Part.ANY, Part.INTEREST),
    Kind.REINSTALMENT: (Part.ANY, Part.PRINCIPAL),
}
"""The parts that mean something, where not all do."""

_MAY_BE_ZERO: Final = (Kind.INSTALMENT, Kind.CORRECTION)
_BY_DAYS: Final = Conventions(period_unit=PeriodUnit.DAY)
_WIDEST: Final = tuple(Terms(PRINCIPAL_FEN_MAX, 0, count) for count in (1, INSTALMENTS_MAX))
"""Contracts in which every figure that can be corrected to anything finds its place."""

_LABEL: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SEQ_MAX: Final = 2**31 - 1


class _Draft(NamedTuple):
    """An event table with its place in the file and its number."""

    place: str
    table: dict[str, Any]
    seq: int


def read_events(
    tables: object, terms: Terms, name: str
) -> tuple[tuple[Event, ...], dict[int, str]]:
    """Turn the ``[[events]]`` into events in the order (``value_on``, ``seq``).

    An event without ``seq`` gets the number after the one before it in the file.

    Args:
        tables: What the file has under ``events``.
        terms: The loan's terms; an INSTALMENT without a day counts from disbursement.
        name: What to call the file in an error.

    Returns:
        The events, and the ``id`` of each that has one by its ``seq``.

    Raises:
        EventError: One of them cannot be used; names the file, which one, and the key.
    """
    if not isinstance(tables, list):
        raise EventError(f"{name}: events", "it is not a list", "Begin each with [[events]].")
    if len(tables) > EVENTS_MAX:
        advice = "Check whether the file holds several loans."
        raise EventError(f"{name}: events", f"there are more than {EVENTS_MAX:,}", advice)
    drafts = _number(tables, name)
    seqs = _label(drafts)
    events = [_read_event(draft, seqs, terms) for draft in drafts]
    events.sort(key=lambda event: (event.value_on, event.seq))
    return tuple(events), {seq: label for label, seq in seqs.items()}


def _number(tables: list[object], name: str) -> list[_Draft]:
    drafts = []
    used: set[int] = set()
    seq = 0
    for number, table in enumerate(tables, start=1):
        place = f"{name}: events[{number}]"
        if not isinstance(table, dict):
            raise EventError(place, "it is not a table of keys and values", "Write key = value.")
        seq += 1
        if "seq" in table:
            seq = read_value("seq", "seq", table["seq"], place, EventError)
        if not 1 <= seq <= _SEQ_MAX:
            raise EventError(f"{place}.seq", f"{seq} is not between 1 and {_SEQ_MAX:,}", "")
        if seq in used:
            advice = "Give each event its own number, or none of them one."
            raise EventError(f"{place}.seq", f"{seq} is the number of an earlier event", advice)
        used.add(seq)
        drafts.append(_Draft(place, table, seq))
    return drafts


def _label(drafts: list[_Draft]) -> dict[str, int]:
    """Find the number of each event that has an ``id``."""
    seqs: dict[str, int] = {}
    for place, table, seq in drafts:
        label = table.get("id")
        if label is None:
            continue
        if not isinstance(label, str) or not _LABEL.fullmatch(label):
            reason = "an id is up to 64 letters, digits, dots, dashes and underscores"
            raise EventError(f"{place}.id", reason, 'Write it as text, as in id = "p-3".')
        if label in seqs:
            raise EventError(f"{place}.id", "an earlier event has this id", "Choose another.")
        seqs[label] = seq
    return seqs


def _read_event(draft: _Draft, seqs: dict[str, int], terms: Terms) -> Event:
    place, table, seq = draft
    if "kind" not in table:
        raise EventError(f"{place}.kind", "it is missing", 'Add a line kind = "payment".')
    kind = Kind(read_value("kind", "kind", table["kind"], place, EventError))
    keys, required = _KEYS[kind]
    for key in table:
        if key not in keys:
            reason = f"a {kind.name.lower()} has no such key"
            raise EventError(f"{place}.{key}", reason, advise(key, keys))
    given = {keys[key] for key in table}
    for key, field in required.items():
        if field not in given:
            raise EventError(f"{place}.{key}", "it is missing", f"Add a line {key} = ...")
    plain = {key: value for key, value in table.items() if key not in _SPECIAL}
    figures = read_table(plain, keys, place, EventError)
    figures.setdefault("value_on", terms.disbursed_on)
    if kind == Kind.CORRECTION:
        figures |= read_correction(table, place)
    if "reverses" in table:
        figures["ref_seq"] = _read_reference(table["reverses"], place, seqs)
    _check(figures, kind, place)
    return Event(seq=seq, kind=kind, **figures)


def read_correction(table: dict[str, Any], place: str) -> dict[str, int]:
    """Read which figure of the terms was wrong, and what it always was.

    Args:
        table: ``field`` and ``value``.
        place: What to call it in an error.

    Raises:
        EventError: The terms have no such key, or the value cannot stand there in any contract.
            Whether it can in this one is the kernel's to say, by what else was corrected.
    """
    keys = keys_of(Terms._fields)
    key = table["field"]
    if not isinstance(key, str) or key not in keys:
        raise EventError(f"{place}.field", "the terms have no such key", advise(str(key), keys))
    field = keys[key]
    try:
        value = read_value(field, key, table["value"], place, EventError)
    except EventError as error:
        raise EventError(f"{place}.value", error.reason, error.advice) from None
    if not any(is_within_bounds(widest._replace(**{field: value}), _BY_DAYS) for widest in _WIDEST):
        raise EventError(f"{place}.value", "no contract can have that", "Check the figure.")
    return {"part": Terms._fields.index(field), "amount_fen": value}


def _read_reference(value: object, place: str, seqs: dict[str, int]) -> int:
    """Find the event meant by its ``id``, or take its number."""
    if isinstance(value, str):
        if value not in seqs:
            raise EventError(f"{place}.reverses", "no event has this id", advise(value, seqs))
        return seqs[value]
    return read_value("ref_seq", "reverses", value, place, EventError)


def _check(figures: dict[str, int], kind: Kind, place: str) -> None:
    """Refuse what no event of any kind can be; what a loan can bear is the kernel's."""
    for field in ("amount_fen", "interest_fen", "fee_fen"):
        in_bounds = 0 <= figures.get(field, 0) <= PRINCIPAL_FEN_MAX
        if not in_bounds and kind != Kind.CORRECTION:
            reason = "it is not between 0 and 10 million yuan"
            raise EventError(f"{place}.{field}", reason, "Check the amount.")
    if figures.get("amount_fen") == 0 and kind not in _MAY_BE_ZERO:
        advice = "Leave the amount out to waive all." if kind == Kind.WAIVER else "Check it."
        raise EventError(f"{place}.amount", "it is zero", advice)
    if kind in PARTS and figures.get("part", Part.ANY) not in PARTS[kind]:
        names = " or ".join(part.name.lower() for part in PARTS[kind])
        raise EventError(
            f"{place}.part", f"a {kind.name.lower()} knows no such part", f"Write {names}."
        )
    if not 1 <= figures.get("count", 1) <= _SEQ_MAX:
        raise EventError(f"{place}.count", "it is not a number of 1 or more", "Check it.")


def _keys(words: str) -> tuple[dict[str, str], dict[str, str]]:
    """Spell out the keys of a kind: each with its field, and those that must be there."""
    keys = dict(_EVERY)
    # A row of a given schedule is part of the contract and counts from its first day.
    required = {} if words == _WORDS[Kind.INSTALMENT] else {"on": "value_on"}
    for token in words.split():
        word, _, renamed = token.rstrip("!").partition("=")
        field = _UNITS.get(renamed or word, renamed or word)
        keys[word] = field
        if word not in ("field", "value"):
            unit = field[-4:] if field.endswith(("_fen", "_ppb")) else ""
            keys[renamed or word] = keys[field] = keys[word + unit] = field
        if token.endswith("!"):
            required[word] = field
    return keys, required


_KEYS: Final = {kind: _keys(words) for kind, words in _WORDS.items()}

MUST: Final = {
    kind: {field for field in required.values() if field not in ("value_on", "ref_seq")}
    for kind, (_, required) in _KEYS.items()
    if kind != Kind.CORRECTION
}
"""The figures each kind must state; a default would be a guess."""
