"""Theorem: what must be provable of a country's rulebook, read from ``theorems.toml``.

::

    [[theorem]]
    id = "no_address_book"
    says.zh = "…"
    says.en = "…"
    acts = ["contact", "message", "visit"]     # or ["any"]: each act but the duties …
    without = ["answer_complaint"]             # … and but these, of "any" only; then
    why.zh = "…"                               # why they are left out must be said
    why.en = "…"
    given = "…"      # where this may be so (an unknown fact counts) …
    known = "…"      # … and this is known to be so,
    implies = "…"    # an allowed act implies that this is known to be so; or
    never = true     # … no act is allowed at all
    from = 2021-11-01                          # since when; left out: since the first rule

Both ``given`` and ``known`` may be left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kuanxian.law.check import check_condition
from kuanxian.law.facts import Catalogue
from kuanxian.law.frame import Act
from kuanxian.law.parse import parse_condition
from kuanxian.law.rule import DUTY, Words
from kuanxian.law.table import Table
from kuanxian.law.tree import FALSE, TRUE, Node, Where

_KEYS: Final = (
    "id", "says", "acts", "without", "why", "given", "known", "implies", "never", "from",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theorem:
    """A promise about every decision."""

    id: str
    says: Words
    acts: tuple[str, ...]
    without: tuple[str, ...]
    """The acts it leaves out of all."""
    why: Words
    """Why it does; empty where it leaves none out."""
    given: Node
    """It speaks of rows where this may be so; TRUE: of all."""
    known: Node
    """And where this is known to be so."""
    implies: Node
    """What an allowed act implies; FALSE: no act is allowed."""
    from_on: int
    """Since when it must hold: before, the texts it stands on were not in force."""
    file: str
    line: int


def read_theorems(
    table: Table, acts: Mapping[str, Act], catalogue: Catalogue
) -> tuple[Theorem, ...]:
    """Read the theorems of a country.

    Raises:
        RuleFileError: A theorem is incomplete, or a condition in it is wrong.
    """
    table.check_keys(("theorem",))
    return tuple(
        _read_theorem(one, acts, catalogue) for one in table.tables("theorem", optional=True)
    )


def _read_theorem(table: Table, acts: Mapping[str, Act], catalogue: Catalogue) -> Theorem:
    table.check_keys(_KEYS)
    never = table.flag("never", default=False)
    if never == ("implies" in table.data):
        raise table.error("implies", "it is one of the two", "Write implies = … or never = true.")
    named = table.some_of("acts", ("any", *acts))
    without = table.some_of("without", acts, ())
    if without and named != ("any",):
        raise table.error("without", "acts are listed already", 'Write acts = ["any"].')
    return Theorem(
        id=table.text("id"),
        says=table.words("says"),
        acts=_all_but(acts, without) if "any" in named else named,
        without=without,
        why=table.words("why", optional=not without),
        given=_condition(table, "given", catalogue),
        known=_condition(table, "known", catalogue),
        implies=FALSE if never else _condition(table, "implies", catalogue),
        from_on=table.day("from", 0),
        file=table.file,
        line=table.line("id"),
    )


def _all_but(acts: Mapping[str, Act], without: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in acts if name not in {DUTY, *without})


def _condition(table: Table, key: str, catalogue: Catalogue) -> Node:
    if key not in table.data:
        return TRUE
    where = Where(table.file, table.line(key))
    node = parse_condition(table.text(key), where)
    check_condition(node, catalogue, where)
    return node
