"""Frame: what rules refer to: acts, deeds, instruments, and the country they are law in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kuanxian.law.rule import Value, Words
from kuanxian.law.table import Table

AUTHORITIES: Final = (
    "law",
    "administrative-regulation",
    "department-rule",
    "normative",
    "judicial",
    "recommended-standard",
    "self-regulation",
    "firm-policy",
    "draft",
)
"""From the strongest to the weakest."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done, and that a rule may govern."""

    name: str
    title: Words
    means: Words
    facts: tuple[str, ...]
    """Facts that every act of this kind has."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a rule may require: before an act, or as a duty of the day."""

    name: str
    title: Words
    act: str
    """The act by which it is done; empty where it is no governed act."""
    facts: Mapping[str, Value]
    """What is so of that act: ``{ process_purpose = "delete" }``."""


@dataclass(frozen=True, slots=True)
class StandardAct:
    """An act as it is usually done, to be asked of every loan at the close of a day."""

    name: str
    title: Words
    act: str
    facts: Mapping[str, Value]
    """What is so of it: whom it is towards, for what, by which channel."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A text: a law, a rule, a standard, a firm's own policy."""

    key: str
    title: Words
    issuer: str
    authority: str
    published_on: int | None
    from_on: int | None
    until_on: int | None
    note: str

    def is_in_force(self, day: int) -> bool:
        """Say whether the text is in force on a day; a day that was not read is no bound."""
        begun = self.from_on is None or self.from_on <= day
        return begun and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True, slots=True)
class Country:
    """The country a folder of rules is law in."""

    id: str
    title: Words
    zone: str
    lender_types: Mapping[str, Words]
    language: str
    """The language its law is written in: zh or en."""


def read_acts(table: Table) -> tuple[dict[str, Act], dict[str, Deed]]:
    """Read ``acts.toml``: the acts and the deeds.

    Raises:
        RuleFileError: An entry is incomplete, or a deed names an act that is not there.
    """
    table.check_keys(("act", "deed"))
    acts = {name: _read_act(name, one) for name, one in table.table("act").children()}
    deeds = table.table("deed", optional=True)
    return acts, {name: _read_deed(name, one, acts) for name, one in deeds.children()}


def _read_act(name: str, table: Table) -> Act:
    table.check_keys(("zh", "en", "definition", "facts"))
    return Act(
        name=name,
        title={"zh": table.text("zh"), "en": table.text("en")},
        means=table.words("definition", optional=True),
        facts=table.texts("facts", ()),
    )


def _read_deed(name: str, table: Table, acts: Mapping[str, Act]) -> Deed:
    table.check_keys(("zh", "en", "act", "facts"))
    act = table.text("act", "")
    if act:
        table.one_of("act", acts)
    return Deed(
        name=name,
        title={"zh": table.text("zh"), "en": table.text("en")},
        act=act,
        facts=dict(table.table("facts", optional=True).data),
    )


def read_instruments(table: Table) -> dict[str, Instrument]:
    """Read ``instruments.toml``.

    Raises:
        RuleFileError: An entry is incomplete.
    """
    table.check_keys(("instrument",))
    return {name: _read_instrument(name, one) for name, one in table.table("instrument").children()}


def _read_instrument(name: str, table: Table) -> Instrument:
    table.check_keys(("zh", "en", "issuer", "authority", "published", "from", "until", "note"))
    days = {key: table.day(key) for key in ("published", "from", "until") if key in table.data}
    return Instrument(
        key=name,
        title={"zh": table.text("zh"), "en": table.text("en")},
        issuer=table.text("issuer"),
        authority=table.one_of("authority", AUTHORITIES),
        published_on=days.get("published"),
        from_on=days.get("from"),
        until_on=days.get("until"),
        note=table.text("note", ""),
    )


def _check_hours(table: Table) -> None:
    """Refuse hours that are none; a country that gives no hours has none (``country.py``)."""
    begin, end = table.integer("day_from_minute", 0), table.integer("day_until_minute", 0)
    if not 0 <= begin <= end <= 1440:
        raise table.error(
            "day_from_minute", f"the hours {begin} to {end} are none of a day",
            "Write minutes of the day, from 0 to 1440: 08:00 is 480.",
        )  # fmt: skip


def read_country(table: Table) -> Country:
    """Read ``country.toml``.

    Raises:
        RuleFileError: It is incomplete.
    """
    table.check_keys(
        ("id", "zh", "en", "zone", "zones", "majority_years", "language", "lender_type",
         "day_from_minute", "day_until_minute", "complaint_days")
    )  # fmt: skip
    _check_hours(table)
    days = table.table("complaint_days", optional=True)
    for name in days.data:
        days.integer(name)
    types = table.table("lender_type")
    return Country(
        id=table.text("id"),
        title={"zh": table.text("zh"), "en": table.text("en")},
        zone=table.text("zone"),
        language=table.one_of("language", ("zh", "en"), "en"),
        lender_types={name: types.words(name) for name in types.data},
    )
