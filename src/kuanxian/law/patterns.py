"""Patterns: every condition answered for every row, and rows with the same answers grouped.

Each condition is one Polars expression. Its three answers are packed, two bits a
condition; rows whose bits are the same are one pattern, and what follows from a pattern
is worked out once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from kuanxian.law.columns import LENDER, absent_columns, read_columns
from kuanxian.law.emit_polars import polars_condition
from kuanxian.law.emit_python import compile_condition
from kuanxian.law.facts import FactSpec
from kuanxian.law.packed import Answer, Spot, Words, pack, same_rows, unpack
from kuanxian.law.rule import Rule, Value
from kuanxian.law.rulebook import Edition, Rulebook
from kuanxian.law.simplify import residual
from kuanxian.law.tree import Node, fact_names

FALSE: Final = 0
TRUE: Final = 1
UNKNOWN: Final = 2
_SLICE_ROWS: Final = 131_072

Codes = npt.NDArray[np.uint8]


class Patterns(NamedTuple):
    """The answers of every rule of an edition to every row."""

    book: Rulebook
    edition: Edition | None
    lender_type: str | None
    """Of every row, where the table has no such column."""
    of_row: npt.NDArray[np.int32]
    """The pattern of each row."""
    codes: Codes
    """(conditions, patterns): FALSE, TRUE or UNKNOWN; the rules', then the rebuttals'."""
    rebuttals: dict[int, int]
    """The place of a rule's rebuttal in ``codes``, by the rule's own."""
    nulls: dict[str, npt.NDArray[np.bool_]]
    """Of each fact used: in which patterns it is not known."""


def find_patterns(
    book: Rulebook,
    table: pa.Table,
    day: int,
    lender_type: str | None = None,
    acts: Sequence[str] | None = None,
    given: Mapping[str, Value] | None = None,
) -> Patterns:
    """Answer every condition for every row; see ``decide_many``.

    Args:
        book: The rulebook.
        table: The facts.
        day: The day.
        lender_type: Of all rows.
        acts: Only the rules that govern one of these; None for all.
        given: Facts that are so in every row, whatever the table says.
    """
    edition = book.edition(day)
    rules = _governing(edition, acts)
    nodes, rebuttals = _nodes_of(edition, rules)
    nodes = [residual(node, given, book.catalogue) for node in nodes] if given else nodes
    specs = _specs_of(book, nodes)
    frame = read_columns(table, book, _with_dates(specs))
    if lender_type not in book.country.lender_types:
        lender_type = None
    plan = _plan_of(_Asked(rules, nodes, specs, lender_type), frame)
    of_row, codes = _codes_of(frame, plan, table.num_rows)
    nulls = {name: codes[place].view(np.bool_) for place, name in enumerate(specs, len(nodes))}
    kept = Edition(edition.from_on, edition.until_on, rules, edition.literals) if edition else None
    return Patterns(book, kept, lender_type, of_row, codes[: len(nodes)], rebuttals, nulls)


class _Asked(NamedTuple):
    """The conditions to answer."""

    rules: tuple[Rule, ...]
    nodes: list[Node]
    specs: dict[str, FactSpec]
    lender_type: str | None

    def governed(self, place: int, *, by_row: bool) -> bool | pl.Expr:
        """Say whether a condition's rule governs the lender: of all rows, or by row.

        A rebuttal stands behind its rule and needs no say of its own.
        """
        if place >= len(self.rules) or "any" in self.rules[place].lender_types:
            return True
        rule = self.rules[place]
        of_unknown = rule.governs(rule.acts[0], None)
        if not by_row:
            return rule.governs(rule.acts[0], self.lender_type)
        return pl.col(LENDER).cast(pl.String).is_in(list(rule.lender_types)).fill_null(of_unknown)


def _governing(edition: Edition | None, acts: Sequence[str] | None) -> tuple[Rule, ...]:
    every = edition.rules if edition else ()
    if acts is None:
        return every
    return tuple(rule for rule in every if not set(acts).isdisjoint(rule.acts))


def _nodes_of(
    edition: Edition | None, rules: tuple[Rule, ...]
) -> tuple[list[Node], dict[int, int]]:
    nodes: list[Node] = []
    rebuttals: dict[int, int] = {}
    if edition is not None:
        nodes = [edition.node(rule) for rule in rules]
        for place, rule in enumerate(rules):
            rebuttal = edition.rebuttal(rule)
            if rebuttal is not None:
                rebuttals[place] = len(nodes)
                nodes.append(rebuttal)
    return nodes, rebuttals


def _specs_of(book: Rulebook, nodes: list[Node]) -> dict[str, FactSpec]:
    names = dict.fromkeys(name for node in nodes for name in fact_names(node))
    return {name: book.catalogue[name] for name in names if name in book.catalogue}


def _with_dates(specs: dict[str, FactSpec]) -> list[str]:
    """Name the facts to read: a dated value needs the date it is looked up at."""
    dates = [spec.at for spec in specs.values() if spec.at]
    return list(dict.fromkeys((*specs, *dates)))


class _Plan(NamedTuple):
    """What is asked of each slice of rows: made once, for all have the same columns."""

    packed: list[pl.Expr]
    """The answers, in words."""
    spots: list[Spot]
    fixed: Codes
    """The answers that are the same for all rows."""
    absent: dict[str, FactSpec]
    """The facts without a column."""


def _plan_of(asked: _Asked, frame: pl.DataFrame) -> _Plan:
    fixed = np.zeros(len(asked.nodes) + len(asked.specs), np.uint8)
    known = frozenset(frame.columns)
    solid = frozenset(series.name for series in frame.iter_columns() if not series.null_count())
    made: list[Answer] = []
    for place, node in enumerate(asked.nodes):
        names = fact_names(node)
        alike = known.isdisjoint(names)  # for all rows: no fact has a column
        fixed[place] = _of_nothing(node) if alike else FALSE
        governed = asked.governed(place, by_row=LENDER in known)
        if governed is False:
            fixed[place] = FALSE
        elif governed is not True or not alike:
            bits = 1 if solid.issuperset(names) else 2
            code = pl.lit(int(fixed[place]), dtype=pl.UInt8) if alike else _code_of(node, bits)
            made.append(Answer(place, code if governed is True else _where(governed, code), bits))
    for place, name in enumerate(asked.specs, start=len(asked.nodes)):
        fixed[place] = FALSE if name in solid else TRUE
        if name in known - solid:
            made.append(Answer(place, pl.col(name).is_null().cast(pl.UInt8), 1))
    absent = {name: spec for name, spec in asked.specs.items() if name not in known}
    return _Plan(*pack(made), fixed, absent)


@lru_cache(maxsize=4096)
def _of_nothing(node: Node) -> int:
    """Answer a condition for a row of which nothing is known."""
    told = compile_condition(node)({})
    return UNKNOWN if told is None else int(told)


def _code_of(node: Node, bits: int) -> pl.Expr:
    code = polars_condition(node).cast(pl.UInt8)
    return code if bits == 1 else code.fill_null(UNKNOWN)


def _where(governed: pl.Expr | bool, code: pl.Expr) -> pl.Expr:
    return pl.when(governed).then(code).otherwise(FALSE).cast(pl.UInt8)


def _codes_of(frame: pl.DataFrame, plan: _Plan, height: int) -> tuple[Any, Codes]:
    """Answer all conditions for all rows: the pattern of each row, and the patterns."""
    if not plan.packed:
        return np.zeros(height, np.int32), plan.fixed[:, None]
    slices = [
        _words_of(frame.slice(start, _SLICE_ROWS), plan, min(_SLICE_ROWS, height - start))
        for start in range(0, max(height, 1), _SLICE_ROWS)
    ]
    words = [np.concatenate(parts) for parts in zip(*slices, strict=True)]
    of_row, first = same_rows(words)
    found = np.empty((len(plan.fixed), len(first)), np.uint8)
    alike = sorted(set(range(len(plan.fixed))) - {spot.place for spot in plan.spots})
    found[alike] = plan.fixed[alike, None]
    unpack(words, plan.spots, first, found)
    return of_row.astype(np.int32), found


def _words_of(frame: pl.DataFrame, plan: _Plan, height: int) -> Words:
    """Answer a slice of rows, short enough to stay near at hand."""
    wide = frame.with_columns(absent_columns(frame, plan.absent, height))
    return [series.to_numpy() for series in wide.select(plan.packed).iter_columns()]
