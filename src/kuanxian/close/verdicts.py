"""Verdicts: what may, must and must not be done with each loan on the day that is closed.

Ledger facts come from the positions of the slice, others from the lender's own table of
facts, if there is one; everything else is unknown, and unknown is never a yes. Most loans
stand in one of a few hundred ways, so each way is put into words once.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from kuanxian.base.errors import CloseError
from kuanxian.law.bulk import Weighed, weigh_patterns
from kuanxian.law.columns import LENDER
from kuanxian.law.decide import VERDICTS
from kuanxian.law.load import load_rulebook
from kuanxian.law.patterns import TRUE, UNKNOWN, Patterns, find_patterns
from kuanxian.law.rule import DUTY, STOPPING, Rule
from kuanxian.law.rulebook import Rulebook

_TEXT: Final = pa.dictionary(pa.int32(), pa.string())
SAID: Final = ("may", "must", "must_not", "open", "must_open")
VERDICT_SCHEMA: Final = pa.schema(
    [("loan_no", pa.int32()), ("loan_id", pa.string()), *((name, _TEXT) for name in SAID)]
)
VERDICT_LAYOUT: Final[dict[str, Any]] = {"compression": "snappy", "use_dictionary": list(SAID)}


class Law(NamedTuple):
    """The rulebook by which a day is closed, and what is known besides the ledger."""

    book: Rulebook
    facts: pl.DataFrame | None = None
    """``loan_id`` and facts by their names; ``lender_type`` may be among them."""
    facts_sha256: str = ""
    told: dict[tuple[str, bytes], dict[str, str]] | None = None
    """What was put into words already, by pattern; None remembers nothing."""

    def named(self) -> dict[str, str]:
        """Name everything of it that the outcome depends on."""
        return {"rulebook": self.book.hash, "facts": self.facts_sha256}


def open_law(country: str = "cn", policy: Path | None = None, facts: Path | None = None) -> Law:
    """Open the rulebook of a country and a table of facts.

    Args:
        country: Its folder.
        policy: A firm's own policy file.
        facts: A Parquet file with ``loan_id`` and a column a fact.

    Raises:
        RulebookError: The rulebook or the policy is not whole.
        CloseError: The table of facts cannot be used.
    """
    book = load_rulebook(country, None, policy)
    if facts is None:
        return Law(book, told={})
    try:
        digest = hashlib.sha256(facts.read_bytes()).hexdigest()
        table = pq.read_table(facts)
    except (OSError, pa.ArrowException) as error:
        raise CloseError(
            facts.name, "the table of facts is no readable Parquet file", "give a Parquet file"
        ) from error
    return Law(book, _check_facts(table, book, facts.name), digest, {})


def _check_facts(table: pa.Table, book: Rulebook, name: str) -> pl.DataFrame:
    for column in table.column_names:
        spec = book.catalogue.get(column)
        if column in {"loan_id", LENDER}:
            continue
        if spec is None or spec.source in {"ledger", "value"}:
            why = "no such fact" if spec is None else "the ledger or the rulebook gives it"
            raise CloseError(f"{name}: {column}", why, "leave the column out; see rules/facts.toml")
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    if "loan_id" not in frame.columns:
        raise CloseError(name, "there is no column loan_id", "name the loan of each row")
    if frame["loan_id"].n_unique() != frame.height:
        raise CloseError(name, "a loan has two rows", "give each loan one row")
    return frame.with_columns(pl.col("loan_id").cast(pl.String))


def verdicts_of(positions: pa.Table, law: Law, day: int) -> pa.Table:
    """Say of each position what may, must and must not be done on a day.

    Args:
        positions: Of the day.
        law: The rulebook and further facts.
        day: The day that is closed.

    Returns:
        A row a position, ``VERDICT_SCHEMA``.
    """
    table = _with_facts(positions, law)
    asked = [(one.name, one.act, one.facts) for one in law.book.standards]
    told: list[list[dict[str, str]]] = []
    found: dict[str, pl.Series] = {}
    for name, act, given in (*asked, (DUTY, DUTY, {})):
        patterns = find_patterns(law.book, table, day, acts=(act,), given=given)
        found[name] = pl.Series(patterns.of_row)
        told.append(list(_tell(patterns, name, act, law)))
    of_row = pl.DataFrame(found)
    ways = of_row.unique(maintain_order=True).with_row_index("way")
    place = of_row.join(ways, on=of_row.columns, how="left", maintain_order="left")["way"]
    said = [_join(told, way) for way in ways.drop("way").iter_rows()]
    columns = [positions.column("loan_no"), positions.column("loan_id")]
    columns += [_column([one[name] for one in said], place.to_arrow()) for name in SAID]
    return pa.table(columns, schema=VERDICT_SCHEMA)


def _join(told: list[list[dict[str, str]]], way: tuple[int, ...]) -> dict[str, str]:
    """Put what the acts come to in a loan's way of standing behind one another."""
    parts = [told[number][pattern] for number, pattern in enumerate(way)]
    return {name: " ".join(filter(None, (part[name] for part in parts))) for name in SAID}


def _column(words: list[str], place: pa.Array) -> pa.Array:
    distinct = list(dict.fromkeys(words))
    number = {word: place_ for place_, word in enumerate(distinct)}
    codes = pa.array([number[word] for word in words], pa.int32()).take(place)
    return pa.DictionaryArray.from_arrays(codes, pa.array(distinct, pa.string()))


def _with_facts(positions: pa.Table, law: Law) -> pa.Table:
    if law.facts is None:
        return positions
    ids = pl.from_arrow(positions.select(["loan_id"]))
    assert isinstance(ids, pl.DataFrame)
    found = ids.join(law.facts, on="loan_id", how="left", maintain_order="left").drop("loan_id")
    table = positions
    for name, column in zip(found.columns, found.to_arrow().columns, strict=True):
        table = table.append_column(name, column)
    return table


def _tell(patterns: Patterns, name: str, act: str, law: Law) -> Iterator[dict[str, str]]:
    """Put each pattern of an act into words; one met before is not worked out again."""
    known = {} if law.told is None else law.told
    weighed = None
    for place in range(patterns.codes.shape[1]):
        key = (name, patterns.codes[:, place].tobytes())
        if key not in known:
            weighed = weighed or weigh_patterns(patterns, act)
            words = _duties if act == DUTY else _verdict
            known[key] = words(patterns, weighed, place, name)
        yield known[key]


def _duties(patterns: Patterns, weighed: Weighed, place: int, _name: str) -> dict[str, str]:
    """Say what must be done: ``deed:rule``; and what may have to be, a fact not being known."""
    said = dict.fromkeys(SAID, "")
    for key, code in (("must", TRUE), ("must_open", UNKNOWN)):
        rules = _rules_with(patterns, weighed, place, code)
        due = (f"{rule.requires}:{rule.id}" for rule in rules if rule.verdict == "require")
        said[key] = " ".join(due)
    return said


def _verdict(patterns: Patterns, weighed: Weighed, place: int, name: str) -> dict[str, str]:
    """Say what an act comes to: ``act:rule,rule``, the rules that decide it."""
    said = dict.fromkeys(SAID, "")
    met = _rules_with(patterns, weighed, place, TRUE)
    if VERDICTS[weighed.verdicts[place]] == "allowed":
        said["may"] = _entry(name, [rule for rule in met if rule.verdict == "permit"])
        return said
    forbids = [rule for rule in met if rule.verdict == "forbid"]
    stops = [rule for rule in met if rule.verdict in STOPPING]
    said["must_not" if forbids else "open"] = _entry(name, forbids or stops)
    return said


def _rules_with(patterns: Patterns, weighed: Weighed, place: int, code: int) -> list[Rule]:
    rules = patterns.edition.rules if patterns.edition else ()
    return [rules[one] for one in weighed.rules if patterns.codes[one, place] == code]


def _entry(name: str, rules: list[Rule]) -> str:
    return f"{name}:{','.join(rule.id for rule in rules)}" if rules else name
