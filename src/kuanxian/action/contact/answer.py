"""Answers: what the gate says to a proposal, its grounds worked out when asked for."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from kuanxian.action.contact.proposal import Grant
from kuanxian.law.article import say_article
from kuanxian.law.decide import Decision, Spoken
from kuanxian.law.explain import LANGUAGES, change_of, message_of
from kuanxian.law.rule import STOPPING, Rule
from kuanxian.law.rulebook import Rulebook

LAPSED: Final = "lapsed"
"""The verdict of an answer that was a yes and is none any more."""


class Reason(NamedTuple):
    """A rule that spoke."""

    rule: str
    verdict: str
    outcome: str
    """``fires``, ``unknown``, ``rebutted``, ``permits`` or ``unproven``."""
    source: str
    """Instrument and article, with the mark of verification."""
    says: Mapping[str, str]
    """To the officer, by language."""
    missing: tuple[str, ...]


class Answer:
    """What the gate says.

    Attributes:
        decision_id: Its name.
        decided_at: Microseconds UTC.
        verdict: As `kuanxian.law.decide.VERDICTS`; ``lapsed`` of a grant that holds no more.
        became: Of such a grant: ``used``, ``over`` or ``withdrawn``; else empty.
        grant: There is one where the act is allowed, and only then.
        case_version: The version at which it stands in the case's stream.
    """

    def __init__(
        self, decision: Decision, book: Rulebook, told: Mapping[str, Any], grant: Grant | None,
        case_version: int, became: str = "",
    ) -> None:  # fmt: skip
        self._decision = decision
        self._book = book
        self.decision_id: str = told["decision_id"]
        self.decided_at: int = told["decided_at"]
        self.verdict: str = LAPSED if became else told["verdict"]
        self.became = became
        self.missing: tuple[str, ...] = tuple(decision.missing if became else told["missing"])
        self.rulebook_hash: str = told["rulebook_hash"]
        self.grant = grant
        self.case_version = case_version

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.grant is not None

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every rule that spoke, the strongest first."""
        return tuple(_reason(spoken, self._book) for spoken in self._decision.spoke)

    @property
    def stopped_by(self) -> list[str]:
        """Name the rules that stand against it; a warning or a permit that it has does not."""
        return [
            one.rule for one in self.reasons if one.verdict in STOPPING or one.outcome == "unproven"
        ]

    @cached_property
    def would_change(self) -> list[dict[str, Any]]:
        """For each rule that stops it, what would have to change; see `kuanxian.law.explain`."""
        return [] if self._decision.allowed else change_of(self._decision)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {
            "decision_id": self.decision_id,
            "decided_at": self.decided_at,
            "verdict": self.verdict,
            "allowed": self.allowed,
            "became": self.became,
            "grant": self.grant._asdict() if self.grant else None,
            "reasons": [one._replace(says=dict(one.says))._asdict() for one in self.reasons],
            "missing": list(self.missing),
            "would_change": self.would_change,
            "rulebook_hash": self.rulebook_hash,
            "case_version": self.case_version,
        }


def _reason(spoken: Spoken, book: Rulebook) -> Reason:
    """Say why, for the officer."""
    return Reason(
        rule=spoken.rule.id,
        verdict=spoken.verdict,
        outcome=spoken.outcome,
        source=source_of(spoken.rule, book),
        says={language: message_of(spoken, book, "officer", language) for language in LANGUAGES},
        missing=tuple(name for name, value in spoken.facts.items() if value is None),
    )


def source_of(rule: Rule, book: Rulebook) -> str:
    """Name a rule's first source: instrument and article, with the mark of verification."""
    first = rule.sources[0]
    title = book.instruments[first.instrument].title
    return " ".join(
        filter(None, (title["zh"], say_article(first.article, "zh"), f"[{first.verified}]"))
    )
