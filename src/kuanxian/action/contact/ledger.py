"""Ledger: what a debt comes to at the instant of an act.

The gate asks, it does not compute: whoever runs it hands in something that folds a loan's
events by the kernel. An amount in a message is this figure at this instant, or there is no
message.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from kuanxian.base.days import NO_DAY
from kuanxian.law.facts import Catalogue
from kuanxian.law.rule import Value
from kuanxian.loan import Position

SLOTS: Final[Mapping[str, str]] = {
    "as_of_on": "as_of_on",
    "days_past_due": "days_past_due",
    "due_fen": "due_fen",
    "due_on": "due_on",
    "overdue_fen": "overdue_fen",
    "balance_fen": "balance_fen",
}
"""Template slots that the ledger alone fills."""

AMOUNTS: Final = ("overdue_fen", "due_fen", "balance_fen")

Columns = tuple[tuple[str, str, bool], ...]


class Ledger(Protocol):
    """Says where a debt stands on a day."""

    def __call__(self, debt_id: str, day_on: int, /) -> Position | None:
        """Give the position of a debt that holds on a day; None where there is no such debt."""
        ...

    def stood_on(self, day_on: int, /) -> int:
        """Say of which day the figures are that it gives for a day."""
        ...


class NoLedger:
    """Knows of no debt, so that no message names an amount."""

    def __call__(self, _debt_id: str, _day_on: int, /) -> Position | None:
        """Give nothing."""
        return None

    def stood_on(self, day_on: int, /) -> int:
        """Give the day: there are no figures."""
        return day_on


def figures(position: Position, as_of_on: int) -> dict[str, int]:
    """Read off a position what a template may say. Amounts in fen, days as day numbers.

    Args:
        position: Where the debt stood.
        as_of_on: On which day; the message says so beside the figures.
    """
    overdue_fen = (
        position.overdue_principal_fen
        + position.overdue_interest_fen
        + position.overdue_fee_fen
        + position.overdue_penalty_fen
    )
    return {
        "as_of_on": as_of_on,
        "days_past_due": position.days_past_due,
        "due_fen": position.next_due_fen,
        "due_on": position.next_due_on,
        "overdue_fen": overdue_fen,
        "balance_fen": position.payoff_fen,
    }


def columns_of(catalogue: Catalogue) -> Columns:
    """List the facts that are columns of a position: each with its column, and whether it is a day.

    Made once: a catalogue has hundreds of facts, and a decision needs a handful.
    """
    return tuple(
        (name, spec.column, spec.type == "date")
        for name, spec in catalogue.items()
        if spec.source == "ledger" and spec.column in Position._fields
    )


def facts_of_position(position: Position | None, columns: Columns) -> dict[str, Value]:
    """Give the facts that are columns of a position; nothing where there is no position."""
    if position is None:
        return {}
    found: dict[str, Value] = {}
    for name, column, is_day in columns:
        value: int = getattr(position, column)
        found[name] = None if is_day and value == NO_DAY else value
    return found
