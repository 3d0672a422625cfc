"""Rule: one sentence of a law as data, with where it stands and what it must answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kuanxian.base.days import date_of
from kuanxian.law.tree import Node

NO_END: Final = 1_000_000
"""The day after the last one a rule is in force, where no end is known."""

VERDICTS: Final = ("forbid", "require", "refer", "warn", "inform", "permit")
"""From the strongest to the weakest; permit is a basis and stops nothing."""
STOPPING: Final = ("forbid", "require", "refer")
"""An act is not allowed while one of these speaks."""
UNKNOWNS: Final = ("block", "warn", "silent")
"""What a rule does when a fact it needs is not known."""
MARKS: Final = ("V1", "V2", "V3", "U", "P", "D")
"""How far a source was verified: primary text, second hand, weak, unread, policy, draft."""
AUDIENCES: Final = ("officer", "borrower", "regulator")
EXPECTED: Final = ("fires", "holds", "unknown")
DUTY: Final = "duty"
"""The act that is nobody's act: what must be done today, whoever acts."""

Value = int | bool | str | None
"""A fact's value; a date is days since 1970-01-01, an instant microseconds UTC."""
Words = Mapping[str, str]
"""What is said, by language: zh and en."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands in the law."""

    instrument: str
    """Key in ``instruments.toml``."""
    article: str
    """As read, or one of the two words of ``article.py`` where no number is known."""
    phrase: str
    """Short and exact, in the language of the law; or the word of ``source.py`` where the words
    were not seen, or empty under a weak mark."""
    key: str
    """Row of the collected regulations; empty where there is none."""
    verified: str
    """One of ``MARKS``."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row and what the rule must answer to it."""

    name: str
    facts: Mapping[str, Value]
    expect: str
    """fires, holds or unknown."""
    line: int
    rebutted: bool | None = None
    """Of a presumption: whether the row rebuts it."""


@dataclass(frozen=True, slots=True)
class Presumption:
    """What the law presumes when the condition is met, and what overturns it."""

    of: str
    """compliance or violation."""
    rebutted_when: str
    node: Node
    """The condition of the rebuttal."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule."""

    id: str
    acts: tuple[str, ...]
    lender_types: tuple[str, ...]
    """``("any",)`` or some of the country's lender types."""
    verdict: str
    condition: str
    node: Node
    """The condition as a tree; policy parameters still stand in it by name."""
    unknown: str
    unknown_why: Words
    requires: str
    """Of require: the deed that must come first or be done."""
    authority: str
    """law, administrative regulation … firm-policy; from the instrument unless stated."""
    owner: str
    says: Words
    sources: tuple[Source, ...]
    messages: Mapping[str, Words]
    """By audience, then by language; may hold ``{fact_name}`` slots."""
    examples: tuple[Example, ...]
    from_on: int
    """First day in force."""
    until_on: int
    """First day no longer in force; ``NO_END`` where none is known."""
    published_on: int | None
    supersedes: tuple[str, ...]
    candidates: tuple[str, ...]
    restates: tuple[str, ...]
    narrows: str
    """Of a policy rule: the law rule that it is stricter than."""
    presumption: Presumption | None
    file: str
    """From the rules folder on."""
    line: int
    """Where the condition stands."""

    @property
    def topic(self) -> str:
        """The folder it stands in."""
        return self.id.split(".")[1]

    @property
    def of_policy(self) -> bool:
        """Whether it is the firm's own line and not law."""
        return self.authority == "firm-policy"

    def is_in_force(self, day: int) -> bool:
        """Say whether it is in force on a day."""
        return self.from_on <= day < self.until_on

    def governs(self, act: str, lender_type: str | None) -> bool:
        """Say whether it speaks to an act of a lender of a type; None is an unknown type.

        For an unknown type every rule counts, but a permit only if it is for all types.
        """
        if act not in self.acts:
            return False
        if "any" in self.lender_types or lender_type in self.lender_types:
            return True
        return lender_type is None and self.verdict != "permit"


def show_days(rule: Rule) -> str:
    """Write the days a rule is in force: ``2026-01-30 …``."""
    until = "" if rule.until_on == NO_END else date_of(rule.until_on - 1).isoformat()
    return f"{date_of(rule.from_on).isoformat()} … {until}".rstrip()
