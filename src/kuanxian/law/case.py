"""Case: the nouns of one lender's dealings with one debtor, as a case file tells them.

Everything here is pseudonymous: people, contact points, debts and parties are ids. An
instant is an ``int`` of microseconds UTC since 1970-01-01; a day is an ``int`` of days since
1970-01-01. ``None`` means that the file does not say, which is never the same as no.

An event has two instants: when it happened and when it became known to the lender. A
decision at an instant uses what had happened *and* was known by then, and nothing else, so
a past decision replays whatever was learned since.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Lender(NamedTuple):
    """The actual lender in the contract."""

    id: str = ""
    type: str | None = None


class Person(NamedTuple):
    """Somebody the lender may think of addressing."""

    id: str
    role: str
    of: str | None = None
    """The debtor to whom a person who is not the debtor belongs."""
    origin: str | None = None
    """Where the lender has this person from; unknown is never a lawful origin."""
    zones: tuple[str, ...] = ()
    """Every time zone in which this person may be; empty: not known."""
    born_on: int | None = None
    debts: tuple[str, ...] = ()
    """For which debts this person was named; empty: for all of the debtor's."""


class Point(NamedTuple):
    """A contact point: a number, an address, an account, as an id of the vault."""

    id: str
    person: str
    kind: str | None = None
    origin: str | None = None
    place: str | None = None
    zones: tuple[str, ...] = ()
    """Zones the point itself suggests, such as a fixed line's; counted with the person's."""


class Party(NamedTuple):
    """Who acts: the lender, an agency, an agency's agency, an assignee, a collector."""

    id: str
    kind: str | None = None
    of: str | None = None
    """For whom it acts."""


class Debt(NamedTuple):
    """One debt of the debtor."""

    id: str
    debtor: str
    contract_on: int | None = None
    due_on: int | None = None
    """The last due day of the contract."""


class Event(NamedTuple):
    """Something that happened. Which fields a kind has is in ``case_events``."""

    id: str
    kind: str
    happened_at: int
    known_at: int
    by: str | None = None
    replaces: str | None = None
    """The event that counts no more once this one is known."""
    step: str | None = None
    person: str | None = None
    """Whom it went to or concerned; ``to`` or ``person`` in the file."""
    point: str | None = None
    debt: str | None = None
    party: str | None = None
    about: str | None = None
    """The event that began what this one goes on with: a dispute, a complaint, a plan."""
    channel: str | None = None
    purpose: str | None = None
    outcome: str | None = None
    notice: str | None = None
    due: bool | None = None
    """Of a message: it was a notice that the record found due, by the gate alone."""
    topic: str | None = None
    record: str | None = None
    form: str | None = None
    separate: bool | None = None
    version: str | None = None
    query_purposes: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    least_days: int | None = None
    from_minute: int | None = None
    until_minute: int | None = None
    until_at: int | None = None
    delivered_at: int | None = None
    on: int | None = None
    """The day it counts from, where that is not the day it happened."""
    found_by: str | None = None
    """The authority that found it so: court or police."""


class Act(NamedTuple):
    """What somebody proposes to do."""

    kind: str
    channel: str | None = None
    to: str | None = None
    point: str | None = None
    purpose: str | None = None
    by: str | None = None
    agency: str | None = None
    collector: str | None = None
    debt: str | None = None
    about: str | None = None
    account: str | None = None
    reaches_others: bool | None = None
    place: str | None = None
    staff_count: int | None = None
    record: str | None = None
    record_on: int | None = None
    query_purpose: str | None = None


class Case(NamedTuple):
    """A case: who, what is owed, what happened, and what is proposed."""

    country: str
    country_zones: tuple[str, ...]
    """Where a person may be of whom no zone is known; empty: the country is not known here."""
    at: int
    """The deciding instant the file names."""
    lender: Lender
    people: Mapping[str, Person]
    points: Mapping[str, Point]
    parties: Mapping[str, Party]
    debts: Mapping[str, Debt]
    events: tuple[Event, ...]
    """Consents and timeline together, in the order (happened, known, id)."""
    complete: frozenset[str]
    """The groups of which the file has everything that the lender knows."""
    act: Act
    facts: Mapping[str, int | bool | str]
    """Stated facts: dates as days, instants as microseconds."""
