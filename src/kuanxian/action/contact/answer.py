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
from kuanxian.law.timeline.acting import AGENCIES

LAPSED: Final = "lapsed"
"""The verdict of an answer that was a yes and is none any more."""


_ASSIGNED: Final = "agency_case_assigned"


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
        self._missing = tuple(decision.missing if became else told["missing"])
        self.rulebook_hash: str = told["rulebook_hash"]
        self.grant = grant
        self.case_version = case_version

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.grant is not None

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every rule that spoke, the strongest first, as far as whoever asks may hear of it."""
        return tuple(_reason(spoken, self._book) for spoken in heard(self._decision))

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that are not known, of the rules that are told."""
        if not _is_strange(self._decision):
            return self._missing
        told = {name for spoken in heard(self._decision) for name in spoken.facts}
        return tuple(name for name in self._missing if name in told)

    @property
    def stopped_by(self) -> list[str]:
        """Name the rules that stand against it; a warning or a permit that it has does not."""
        return [one.rule for one in self.reasons if is_against(one)]

    @cached_property
    def would_change(self) -> list[dict[str, Any]]:
        """For each rule that stops it, what would have to change; see `kuanxian.law.explain`."""
        if self._decision.allowed:
            return []
        told = {spoken.rule.id for spoken in heard(self._decision)}
        # Where nothing permits it, the permits have not spoken and are told all the same.
        whole = not _is_strange(self._decision)
        return [one for one in change_of(self._decision) if whole or one["rule"] in told]

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


def is_against(spoken: Reason | Spoken) -> bool:
    """Say whether a rule that spoke stands against the act."""
    return spoken.verdict in STOPPING or spoken.outcome == "unproven"


def heard(decision: Decision) -> tuple[Spoken, ...]:
    """Give the rules that spoke, as far as whoever asks may hear of them.

    An agency that does not have the case, or no longer, hears of that alone: what else
    stands against the act (a sign of distress, an order, a dispute) is of a person whose data are
    not entrusted to it. The journal has all of it.

    Source: 个人信息保护法 art. 21; only assigned cases, and nothing after the end.
    """
    if not _is_strange(decision):
        return decision.spoke
    return tuple(spoken for spoken in decision.spoke if _ASSIGNED in spoken.facts)


def _is_strange(decision: Decision) -> bool:
    """Say whether an agency asks that is not known to have the case under a contract that runs."""
    facts = decision.facts
    has_it = facts.get(_ASSIGNED) is True and facts.get("agency_contract_ended") is False
    return facts.get("actor_kind") in AGENCIES and not has_it


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
