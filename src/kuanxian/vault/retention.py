"""Retention: clocks that say how long a record is kept, and what they mean for a person today.

The clocks are data (``rules/cn/retention.toml``), each with its text and how far that text
was verified. A clock that was not verified, or that is the firm's own choice, counts only
where the firm's policy names it.

Source: 个人信息保护法 art. 19 (必要的最短时间), 47 (停止除存储和采取必要的安全保护措施之外的处理).
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from kuanxian.base.errors import PersonError

FILE: Final = Path(__file__).parents[1] / "rules" / "cn" / "retention.toml"
FORMAT: Final = "kuanxian-retention-1"
VERIFIED: Final = ("V1", "V2")
UNSEEN: Final = "条号待核"
"""In the place of an article whose number was not read, as in the rules."""
KEEP: Final = "keep_at_least"
DELETE: Final = "delete_after"


class Clock(NamedTuple):
    """How long one kind of record is kept."""

    id: str
    records: str
    kind: str
    """``keep_at_least`` or ``delete_after``."""
    starts: str
    """The date from which it counts, by name."""
    years: int
    holds_values: bool
    """Whether the duty needs the person's own values, and not only pseudonymous records."""
    instrument: str
    article: str
    """A bare number; ``条号待核`` where none was read."""
    phrase: str
    key: str
    """Its row in the collected regulations."""
    verified: str
    """V1, V2: the text was read; V3: reported; U: from memory."""
    zh: str
    en: str
    whose: str = "debtor"
    """``debtor`` or ``contact``: whose values it is about."""
    lender_types: tuple[str, ...] = ()
    """Empty: any."""
    policy: bool = False
    """Whether it is a choice of the firm rather than a duty."""


class Binding(NamedTuple):
    """What decides which clocks count."""

    lender_type: str = ""
    """As in ``country.toml``; empty: not said."""
    policy: frozenset[str] = frozenset()
    """Ids of clocks that the firm chose to follow."""


class Duty(NamedTuple):
    """A clock that runs for a person."""

    clock: Clock
    until_on: date
    """The last day it runs."""


def read_clocks(path: Path = FILE) -> list[Clock]:
    """Read the clocks of a country.

    Raises:
        PersonError: The file is none of ours, or a clock does not say where it stands.
    """
    read = tomllib.loads(path.read_text("utf-8"))
    if read.get("format") != FORMAT:
        raise PersonError(path.name, f"its format is not {FORMAT}")
    return [_clock(words) for words in read["clock"]]


def _clock(words: dict[str, Any]) -> Clock:
    if not words.get("article"):
        raise PersonError(
            FILE.name, f"{words.get('id')} has no article", f"Write its number, or {UNSEEN}."
        )
    return Clock(**{**words, "lender_types": tuple(words.get("lender_types", ()))})


def check_policy(clocks: list[Clock], policy: frozenset[str]) -> None:
    """See that a policy names clocks there are: a misspelt one would erase what a duty keeps.

    Raises:
        PersonError: It names one that is not there.
    """
    stray = sorted(policy - {clock.id for clock in clocks})
    if stray:
        there = ", ".join(clock.id for clock in clocks)
        raise PersonError(
            "the policy", "it names a clock that is not there", f"There are: {there}."
        )


def binds(clock: Clock, lender_type: str, policy: frozenset[str]) -> bool:
    """Tell whether a clock counts for a lender: verified, or named by its policy.

    Args:
        clock: The clock.
        lender_type: As in ``country.toml``; empty: not said, and then every type's clocks may bind.
        policy: Ids of clocks that the firm chose to follow.
    """
    fits = not clock.lender_types or not lender_type or lender_type in clock.lender_types
    own_choice = clock.policy or clock.verified not in VERIFIED
    return fits and (clock.id in policy or not own_choice)


def duties_of(
    clocks: list[Clock],
    dates: Mapping[str, date | None],
    on: date,
    lender_type: str,
    policy: frozenset[str] = frozenset(),
) -> list[Duty]:
    """List the duties to keep a person's own values that run on a day.

    Args:
        clocks: Of the country.
        dates: When each clock's event was, by the name in ``starts``. A name that is not
            there: no such event. None: there was one and nobody knows when.
        on: The day.
        lender_type: As in ``country.toml``.
        policy: Ids of clocks that the firm chose to follow.

    Raises:
        PersonError: A clock that binds has begun on a day nobody knows.
    """
    found = []
    for clock in clocks:
        if clock.kind != KEEP or not clock.holds_values or clock.starts not in dates:
            continue
        if not binds(clock, lender_type, policy):
            continue
        began = dates[clock.starts]
        if began is None:
            raise PersonError(clock.starts, f"nobody knows the day, and {clock.id} counts from it")
        until = add_years(began, clock.years)
        if until >= on:
            found.append(Duty(clock, until))
    return sorted(found, key=lambda duty: duty.until_on, reverse=True)


def ended_clock(
    clocks: list[Clock], whose: str, dates: Mapping[str, date | None], on: date, binding: Binding
) -> Clock | None:
    """Find a clock on whose end a person's values must go, and that has ended by a day.

    Args:
        clocks: Of the country.
        whose: ``debtor`` or ``contact``.
        dates: As in ``duties_of``.
        on: The day; a clock of no years ends on the day it begins.
        binding: Which clocks count.

    Raises:
        PersonError: A clock that binds has begun on a day nobody knows.
    """
    for clock in clocks:
        if (clock.kind, clock.whose, clock.holds_values) != (DELETE, whose, True):
            continue
        if clock.starts not in dates or not binds(clock, *binding):
            continue
        began = dates[clock.starts]
        if began is None:
            raise PersonError(clock.starts, f"nobody knows the day, and {clock.id} counts from it")
        if add_years(began, clock.years) <= on:
            return clock
    return None


def add_years(day: date, years: int) -> date:
    """Give the same day so many years later; 29 February becomes 28.

    Example:
        >>> add_years(date(2024, 2, 29), 3)
        datetime.date(2027, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
