"""Coverage: what became of each collected candidate, and what the book stands on."""

import re
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from kuanxian.law.article import UNSEEN
from kuanxian.law.load import SHIPPED
from kuanxian.law.rule import DUTY, Rule
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.table import Table, read_toml

_ROW: Final = re.compile(r"\b[A-Z]{2}-R?\d+\b")
_BLOCKING: Final = ("forbid", "require")


class Candidate(NamedTuple):
    """A row of the collected list and what became of it."""

    id: str
    asks: str
    wanted: str
    mark: str
    rules: tuple[str, ...]
    """The rules that stand for it."""
    told: bool
    """COVERAGE.md says in words what became of it."""
    lighter: tuple[str, ...] = ()
    """Rules of a row that is to block or require that do neither, and no reason is told."""
    narrower: tuple[str, ...] = ()
    """Acts, each with a lender type, that fewer rules of the row govern than it says."""


class Coverage(NamedTuple):
    """What the book covers."""

    candidates: tuple[Candidate, ...]
    marks: dict[str, int]
    """How many rules by how far the source that each leads with was verified."""
    verdicts: dict[str, int]
    instruments: dict[str, int]
    """How many rules stand on each text."""
    articles_to_check: dict[str, int]
    """Of each text, how many rules stand on it without a number, to be looked up."""
    acts_without_permit: tuple[str, ...]
    """Acts of the catalogue that nothing permits."""

    @property
    def missing(self) -> tuple[Candidate, ...]:
        """Candidates that no rule stands for and of which nothing is told."""
        return tuple(one for one in self.candidates if not one.rules and not one.told)

    @property
    def weakened(self) -> tuple[Candidate, ...]:
        """Candidates that are to block or require and have a rule that does neither."""
        return tuple(one for one in self.candidates if one.lighter)

    @property
    def narrowed(self) -> tuple[Candidate, ...]:
        """Candidates of which an act or a lender type was cut."""
        return tuple(one for one in self.candidates if one.narrower)


def cover(book: Rulebook, root: Path | None = None) -> Coverage:
    """Work out what a rulebook covers.

    Args:
        book: The rulebook.
        root: The rules folder it was loaded from; None for the shipped one.

    Raises:
        RuleFileError: The list of candidates cannot be read.
    """
    folder = (root or SHIPPED) / book.country.id
    stands: dict[str, list[Rule]] = {}
    for rule in book.rules:
        for row in rule.candidates:
            stands.setdefault(row, []).append(rule)
    page = folder / "COVERAGE.md"
    told = set(_ROW.findall(page.read_text(encoding="utf-8"))) if page.is_file() else set()
    permitted = {act for rule in book.rules if rule.verdict == "permit" for act in rule.acts}
    return Coverage(
        candidates=_candidates(folder, book, stands, told),
        marks=dict(sorted(Counter(rule.sources[0].verified for rule in book.rules).items())),
        verdicts=dict(Counter(rule.verdict for rule in book.rules).most_common()),
        instruments=dict(
            Counter(key for rule in book.rules for key in {s.instrument for s in rule.sources})
            .most_common()
        ),
        articles_to_check=dict(
            Counter(
                one.instrument for rule in book.rules for one in rule.sources
                if one.article == UNSEEN
            ).most_common()
        ),
        acts_without_permit=tuple(a for a in book.acts if a not in permitted and a != DUTY),
    )  # fmt: skip


def _candidates(
    folder: Path, book: Rulebook, stands: dict[str, list[Rule]], told: set[str]
) -> tuple[Candidate, ...]:
    path = folder / "candidates.toml"
    if not path.is_file():
        return ()
    table = read_toml(path, f"{book.country.id}/candidates.toml")
    table.check_keys(("candidate",))
    found = []
    for name, one in table.table("candidate").children():
        one.check_keys(("asks", "wanted", "mark", "lighter", "acts", "acts_of"))
        rules = stands.get(name, [])
        found.append(
            Candidate(
                name, one.text("asks"), one.text("wanted"), one.text("mark"),
                tuple(dict.fromkeys(rule.id for rule in rules)), name in told,
                _lighter(one, rules), _narrower(one, rules, book),
            )
        )  # fmt: skip
    return tuple(found)


def _narrower(row: Table, rules: list[Rule], book: Rulebook) -> tuple[str, ...]:
    """Name the acts, of a lender type, that fewer rules of a row govern than it says.

    ``acts`` says how many do of any lender, ``acts_of`` how many more of one type. The latest
    version of a rule counts.

    Raises:
        RuleFileError: There is no such act or lender type.
    """
    latest = {one.id: one for one in sorted(rules, key=lambda rule: rule.from_on)}.values()
    governed = [one for one in latest if one.verdict != "permit"] or list(latest)
    every, of_type = (row.table(key, optional=True) for key in ("acts", "acts_of"))
    every.check_keys(book.acts)
    of_type.check_keys(book.country.lender_types)
    found = []
    for kind in book.country.lender_types:
        own = of_type.table(kind, optional=True)
        own.check_keys(book.acts)
        least = {act: table.integer(act) for table in (every, own) for act in table.data}
        found += [
            f"{act} ({kind})"
            for act, count in least.items()
            if sum(rule.governs(act, kind) for rule in governed) < count
        ]
    return tuple(found)


def _lighter(row: Table, rules: list[Rule]) -> tuple[str, ...]:
    """Name the rules of a row that is to block or require that do neither, for no told reason.

    A row that was not read, or told by a weak source alone, may not block; one that is to block
    *and then* something else (→) is judged by a lawyer.

    Raises:
        RuleFileError: The row gives a reason for what is no rule of its own that blocks less.
    """
    why = row.table("lighter", optional=True)
    reasons = {rule: why.text(rule) for rule in why.data}
    light = {rule.id for rule in rules if rule.verdict not in (*_BLOCKING, "permit")}
    for rule in reasons:
        if rule not in light:
            raise why.error(rule, "is no rule of this row that blocks less", "Take it off.")
    wanted, marks = row.text("wanted"), row.text("mark")
    if (
        not wanted.startswith(("BLOCK", "REQUIRE"))
        or "→" in wanted
        or not re.search("V[12]", marks)
    ):
        return ()
    if rules and not any(rule.verdict in _BLOCKING for rule in rules):
        return tuple(sorted({rule.id for rule in rules}))
    return tuple(sorted(light - reasons.keys()))
