"""Bulk: the verdicts of a million rows at once, equal to one ``decide`` a row.

What an act's verdict is, which rules spoke and what is missing is worked out once a
pattern (``patterns.py``), and each row points at its own.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kuanxian.law.decide import VERDICTS
from kuanxian.law.patterns import TRUE, UNKNOWN, Patterns, find_patterns
from kuanxian.law.rule import DUTY
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.scope import PERMIT, REFER, SILENT, rank_of_true, rank_of_unknown
from kuanxian.law.tree import fact_names

Matrix = npt.NDArray[np.bool_]


class Weighed(NamedTuple):
    """What an act comes to in each pattern."""

    verdicts: npt.NDArray[np.int8]
    """Place in ``decide.VERDICTS``."""
    rules: list[int]
    """The places of the rules that govern the act."""
    ranks: npt.NDArray[np.int8]
    """(rules, patterns): the rank at which each speaks, SILENT where it does not."""


def decide_many(
    book: Rulebook, table: pa.Table, act: str, day: int, lender_type: str | None = None
) -> pa.Table:
    """Decide an act for every row of a table.

    Args:
        book: The rulebook.
        table: Facts as columns of their own names, dates as date32; a ledger fact may
            have the name of its position column. A column that is not there, a null and a
            value the fact cannot have are all unknown.
        act: A name from ``acts.toml``.
        day: The day of the act.
        lender_type: Of all rows; a column ``lender_type`` goes before.

    Returns:
        A row a row: ``verdict``, ``allowed``, ``fires`` (rules that speak because their
        condition is met; permits among them), ``open`` (rules that speak because a fact
        is not known), ``missing`` (facts of those rules that are not known).

    Raises:
        LawError: A column is of another type than its fact.
    """
    patterns = find_patterns(book, table, day, lender_type, acts=(act,))
    told = answers(patterns, act)
    return told.take(pa.array(patterns.of_row))


def weigh_patterns(patterns: Patterns, act: str) -> Weighed:
    """Weigh an act in each pattern, as ``decide.weigh`` does for one row."""
    every = patterns.edition.rules if patterns.edition else ()
    height = patterns.codes.shape[1]
    rules = [place for place, rule in enumerate(every) if act in rule.acts]
    ranks = np.empty((len(rules), height), np.int8)
    permitted = np.full(height, act == DUTY)
    for row, place in enumerate(rules):
        code = patterns.codes[place]
        if_true, if_unknown = rank_of_true(every[place]), rank_of_unknown(every[place])
        np.take(np.array([SILENT, if_true, if_unknown], np.int8), code, out=ranks[row])
        if place in patterns.rebuttals:
            rebutted = patterns.codes[patterns.rebuttals[place]] == TRUE
            ranks[row][rebutted & (ranks[row] < REFER)] = REFER
        if if_true == PERMIT:
            permitted |= code == TRUE
    strongest = ranks.min(axis=0, initial=SILENT)
    verdicts = np.where(permitted, VERDICTS.index("allowed"), VERDICTS.index("not_permitted"))
    verdicts = np.where(strongest <= REFER, strongest + VERDICTS.index("forbidden"), verdicts)
    if patterns.edition is None:
        verdicts = np.full(height, VERDICTS.index("no_rulebook"))
    return Weighed(verdicts.astype(np.int8), rules, ranks)


def answers(patterns: Patterns, act: str) -> pa.Table:
    """Tell each pattern of an act: the columns that ``decide_many`` returns, a row each."""
    weighed = weigh_patterns(patterns, act)
    rules = patterns.edition.rules if patterns.edition else ()
    codes = patterns.codes[weighed.rules]
    speaks = weighed.ranks != SILENT
    fires, opened = (codes == TRUE) & speaks, (codes == UNKNOWN) & speaks
    unpermitted = weighed.verdicts == VERDICTS.index("not_permitted")
    for row, place in enumerate(weighed.rules):
        if rank_of_true(rules[place]) == PERMIT:
            opened[row] = unpermitted & (codes[row] == UNKNOWN)
    names = [rules[place].id for place in weighed.rules]
    verdicts = pa.DictionaryArray.from_arrays(pa.array(weighed.verdicts), pa.array(VERDICTS))
    return pa.table(
        {
            "verdict": verdicts,
            "allowed": pa.array(weighed.verdicts == VERDICTS.index("allowed")),
            "fires": list_names(fires, names),
            "open": list_names(opened, names),
            "missing": _missing(patterns, weighed.rules, opened),
        }
    )


def _missing(patterns: Patterns, places: list[int], opened: Matrix) -> pa.Array:
    """List the facts of each pattern that are not known and that an open rule uses."""
    users: dict[str, list[int]] = {}
    for row, place in enumerate(places):
        assert patterns.edition is not None
        for name in fact_names(patterns.edition.node(patterns.edition.rules[place])):
            users.setdefault(name, []).append(row)
    names = [name for name in users if name in patterns.nulls]
    unknown = np.zeros((len(names), opened.shape[1]), bool)
    for row, name in enumerate(names):
        np.logical_and(opened[users[name]].any(axis=0), patterns.nulls[name], out=unknown[row])
    return list_names(unknown, names)


def list_names(chosen: Matrix, names: list[str]) -> pa.Array:
    """Turn a matrix of choices, a row a name, into a list of names for each column.

    Example:
        >>> list_names(np.array([[True, True], [False, True]]), ["a", "b"]).to_pylist()
        [['a'], ['a', 'b']]
    """
    offsets = np.zeros(chosen.shape[1] + 1, np.int32)
    np.cumsum(chosen.sum(axis=0), out=offsets[1:])
    picked = np.nonzero(np.ascontiguousarray(chosen.T))[1].astype(np.int16)
    values = pa.DictionaryArray.from_arrays(pa.array(picked), pa.array(names, pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
