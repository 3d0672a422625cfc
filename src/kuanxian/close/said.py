"""Said: for how many loans the law says what on the day that is closed."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from kuanxian.close.arrays import Bools
from kuanxian.close.tally import Tally
from kuanxian.law.rulebook import Rulebook

ANSWERS: Final = ("may", "must_not", "open")
"""What an act may come to; each loan has each act under one of them."""

_NOTHING: Final[Tally] = {
    "overdue": 0, "may": {}, "must_not": {}, "open": {}, "by_rule": {}, "must": {}
}  # fmt: skip


def tally_said(verdicts: pa.Table, is_overdue: Bools) -> Tally:
    """Count what was said of the loans of a slice.

    Args:
        verdicts: ``VERDICT_SCHEMA``, a row a loan.
        is_overdue: Which of them are overdue.

    Returns:
        ``overdue``: loans overdue; ``may``, ``must_not``, ``open``: of those, by act;
        ``by_rule``: of those, by act and rule that forbids it; ``must``: of all loans, by
        deed and rule that asks for it.
    """
    late = verdicts.filter(pa.array(is_overdue))
    said = {name: _count(late.column(name)) for name in ANSWERS}
    by_rule: Counter[str] = Counter()
    for entry, loans in said["must_not"].items():
        act, _, rules = entry.partition(":")
        by_rule.update({f"{act}:{rule}": loans for rule in rules.split(",")})
    return {
        "overdue": late.num_rows,
        **{name: _by_act(entries) for name, entries in said.items()},
        "by_rule": dict(by_rule),
        "must": dict(_count(verdicts.column("must"))),
    }


def _count(column: pa.ChunkedArray) -> Counter[str]:
    """Count the entries of a column; few texts occur, and each holds several entries."""
    entries: Counter[str] = Counter()
    for text in pc.value_counts(column).to_pylist():
        entries.update(dict.fromkeys((text["values"] or "").split(), text["counts"]))
    return entries


def _by_act(entries: Mapping[str, int]) -> dict[str, int]:
    acts: Counter[str] = Counter()
    for entry, loans in entries.items():
        acts[entry.partition(":")[0]] += loans
    return dict(acts)


def told(tally: Tally | None, book: Rulebook | None) -> dict[str, Any] | None:
    """Put what was said in rows, with the words of the rulebook.

    Args:
        tally: Merged over all slices; None: the book has no loans.
        book: By which it was said; None: the day was closed without the law.
    """
    if book is None:
        return None
    said = tally or _NOTHING
    order = {one.name: place for place, one in enumerate(book.standards)}
    forbidding = [(*entry.split(":"), loans) for entry, loans in said["by_rule"].items()]
    due = [(*entry.split(":"), loans) for entry, loans in said["must"].items()]
    return {
        "rulebook": book.hash,
        "overdue_loans": said["overdue"],
        "acts": [
            {"act": one.name, **one.title,
             **{name: said[name].get(one.name, 0) for name in ANSWERS}}
            for one in book.standards
        ],
        "forbidding": [
            {"act": act, "rule": rule, "loans": loans}
            for act, rule, loans in sorted(forbidding, key=lambda row: (order[row[0]], row[1]))
        ],
        "duties": [
            {"deed": deed, **book.deeds[deed].title, "rule": rule, "loans": loans}
            for deed, rule, loans in sorted(due)
        ],
    }  # fmt: skip
