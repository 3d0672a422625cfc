"""Decide: may this act be done, and which rules say so.

An act is allowed only if a permit is met and no rule forbids it, requires something
first, or refers it to a person, whether because its condition is met or because a fact
that decides it is not known. No rulebook in force is itself a no.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from kuanxian.law.guard import Facts
from kuanxian.law.rule import Rule, Value
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import PERMIT, REFER, SILENT, Scope, scope_of
from kuanxian.law.simplify import residual
from kuanxian.law.tree import fact_names

VERDICTS: Final = (
    "allowed",
    "forbidden",
    "required",
    "referred",
    "not_permitted",
    "no_rulebook",
)
"""What a decision can be."""
_BY_RANK: Final = ("forbidden", "required", "referred")


class Spoken(NamedTuple):
    """A rule that had something to say."""

    rule: Rule
    outcome: str
    """``fires``, ``unknown``, ``rebutted`` (a presumption that was overturned), ``permits``,
    or ``unproven`` (a permit whose facts are not known)."""
    verdict: str
    """How it counts here: of ``forbid … inform permit``; an unknown or a rebutted one may
    count less than the rule's own."""
    facts: Mapping[str, Value]
    """The facts it uses, None where one is not known."""
    place: int
    """Its place among the rules of the scope."""


class Decision:
    """An answer, and lazily its grounds.

    Attributes:
        scope: The rules that speak to such an act.
        verdict: One of ``VERDICTS``.
    """

    __slots__ = ("_facts", "_given", "_met", "_spoke", "scope", "verdict")

    def __init__(
        self, scope: Scope, given: Mapping[str, Value], rank: int, permitted: bool, met: "_Met"
    ) -> None:
        self.scope = scope
        self._given = given
        self._met = met
        self._facts: Mapping[str, Value] | None = None
        self._spoke: tuple[Spoken, ...] | None = None
        if scope.edition is None:
            self.verdict = "no_rulebook"
        elif rank <= REFER:
            self.verdict = _BY_RANK[rank]
        else:
            self.verdict = "allowed" if permitted or not scope.needs_permit else "not_permitted"

    @property
    def allowed(self) -> bool:
        """Whether the act may be done now."""
        return self.verdict == "allowed"

    @property
    def rulebook_hash(self) -> str:
        """The rulebook that answered."""
        return self.scope.book.hash

    @property
    def facts(self) -> Mapping[str, Value]:
        """The facts used, those that are known."""
        if self._facts is None:
            self._facts = self.scope.known(self._given)
        return self._facts

    @property
    def spoke(self) -> tuple[Spoken, ...]:
        """Every rule that spoke, the strongest first; permits last."""
        if self._spoke is None:
            said = self._said_when_true() + self._said_when_unknown()
            self._spoke = tuple(self._spoken(*one) for one in sorted(said))
        return self._spoke

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that are not known and left a rule open, in the order of the rules.

        One whose value no longer matters, given what is known, is not among them.
        """
        names = dict.fromkeys(
            name
            for spoken in self.spoke
            if spoken.outcome in {"unknown", "unproven"}
            for name in fact_names(residual(self.scope.nodes[spoken.place], spoken.facts))
        )
        return tuple(names)

    def _said_when_true(self) -> list[tuple[int, int, str]]:
        """List the rank, the place and the outcome of each rule that is met."""
        scope, true = self.scope, self._met.true
        rules, if_true, rebuttals = len(scope.rules), scope.if_true, scope.rebuttals
        said = []
        for place in true:
            if place >= rules:
                break
            rank = if_true[place]
            outcome = "permits" if rank == PERMIT else "fires"
            if rebuttals and rebuttals.get(place) in true:
                outcome, rank = "rebutted", max(rank, REFER)
            said.append((rank, place, outcome))
        return said

    def _said_when_unknown(self) -> list[tuple[int, int, str]]:
        scope, true = self.scope, self._met.true
        rules, rebuttals = len(scope.rules), scope.rebuttals
        open_permits = self.verdict == "not_permitted"
        said = []
        for place in self._met.unknown:
            if place >= rules:
                break
            rank = scope.if_unknown[place]
            if open_permits and scope.if_true[place] == PERMIT:
                said.append((PERMIT, place, "unproven"))
            elif rank != SILENT:
                if rebuttals and rebuttals.get(place) in true:
                    rank = max(rank, REFER)
                said.append((rank, place, "unknown"))
        return said

    def _spoken(self, rank: int, place: int, outcome: str) -> Spoken:
        scope = self.scope
        facts = scope.facts_of(place, self._given.get)
        return Spoken(scope.rules[place], outcome, _RANKED[rank], facts, place)


_RANKED: Final = ("forbid", "require", "refer", "warn", "inform", "permit")


class _Met(NamedTuple):
    """The places of conditions that are true, and of those that are unknown."""

    true: list[int]
    unknown: list[int]


def decide(
    book: Rulebook, act: str, facts: Facts, day: int, lender_type: str | None = None
) -> Decision:
    """Decide whether an act may be done on a day.

    Args:
        book: The rulebook.
        act: A name from ``acts.toml``. One that is not there is permitted by nothing.
        facts: What is known; a fact that is absent, None, or not as declared is unknown.
            Dates are days since 1970-01-01, instants microseconds UTC.
        day: The day of the act, days since 1970-01-01.
        lender_type: One of the country's; None: not known, and every rule counts.

    Returns:
        The decision; what it is grounded on is worked out when asked for.

    Example:
        >>> from kuanxian.law.load import load_rulebook
        >>> decide(load_rulebook(), "contact", {}, day=0).verdict
        'no_rulebook'
    """
    scope = scope_of(book, act, day, lender_type)
    # The caller may use its mapping for the next row before this one is explained.
    given = dict(facts)
    met = _Met(*scope.run(given))
    rank, permitted = weigh(scope, met.true, met.unknown)
    return Decision(scope, given, rank, permitted, met)


def weigh(scope: Scope, true: list[int], unknown: list[int]) -> tuple[int, bool]:
    """Find the strongest thing said, and whether a permit is met."""
    rules, if_true, if_unknown = len(scope.rules), scope.if_true, scope.if_unknown
    rank, permitted = SILENT, False
    rebutted = _rebutted(scope, true) if scope.rebuttals else ()
    for place in true:
        if place >= rules:
            break
        own = if_true[place]
        if own == PERMIT:
            permitted = True
        elif own < rank:
            rank = min(rank, max(own, REFER) if place in rebutted else own)
    for place in unknown:
        if place >= rules:
            break
        own = if_unknown[place]
        if own < rank:
            rank = min(rank, max(own, REFER) if place in rebutted else own)
    return rank, permitted


def _rebutted(scope: Scope, true: list[int]) -> frozenset[int]:
    """Find the rules whose presumption is overturned."""
    met = set(true)
    return frozenset(place for place, rebuttal in scope.rebuttals.items() if rebuttal in met)
