"""Summarise: the figures of the day, from the tally to ``summary.json``.

Every figure is a count or a sum of whole fen. Shares are per mille, rounded down.
``docs/reference/summary.md`` has a line for each key.
"""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from kuanxian.base.errors import CloseError
from kuanxian.close.figures import (
    by_bucket,
    by_days,
    by_grade,
    by_status,
    by_vintage,
    count_cures,
    sum_standing,
)
from kuanxian.close.order import Order, read_manifest
from kuanxian.close.said import told
from kuanxian.close.tally import Tally
from kuanxian.intake.book import Book

FORMAT: Final = "kuanxian-summary/1"
SUMMARY: Final = "summary.json"

Facts = dict[str, Any]


class Found(NamedTuple):
    """What the steps after the replay found."""

    checks: list[Facts]
    """The reconciliation."""
    comparison: Facts | None
    """The comparison with the previous close."""
    places: dict[str, list[Facts]]
    """Lenders and segments."""


def summarise(order: Order, book: Book, inputs: Facts, tally: Tally, found: Found) -> Facts:
    """Put the figures of the day together.

    Args:
        order: What was closed.
        book: The book.
        inputs: What the outcome depends on, for the headline.
        tally: The figures of all slices.
        found: What the steps before this one found.
    """
    rows = tally["standing"]
    earlier = read_summary(order.previous)["vintages"] if order.previous else []
    return {
        "format": FORMAT,
        "version": inputs["version"],
        "as_of": inputs["as_of"],
        "period_from": inputs["period_from"],
        "policy": inputs["policy"],
        "book": {
            "fingerprint": inputs["book"],
            "currency": book.facts.get("currency", "CNY"),
            "loans": book.loans,
            "events": book.events,
            "products": int(book.facts["products"]),
        },
        "totals": sum_standing(rows),
        "status": by_status(rows),
        "ageing": by_bucket(rows, inputs["policy"]),
        "coarse": by_days(rows),
        "grades": by_grade(rows),
        "vintages": by_vintage(tally["vintages"], order.as_of_on, earlier),
        "cures": count_cures(rows),
        "law": told(tally.get("said"), order.law.book if order.law else None),
        **found.places,
        "refusals": {
            "events": tally["refused_events"],
            "listed": sum(tally.get("refused", {}).values()),
            "by_reason": tally.get("refused", {}),
            "intake": _intake_refusals(book),
        },
        "corrected_loans": tally.get("corrected", 0),
        "reconciliation": found.checks,
        "previous": found.comparison,
    }


def write_summary(folder: Path, summary: Facts) -> None:
    """Write ``summary.json``: same figures, same bytes."""
    text = json.dumps(summary, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8")


def read_summary(close: Path) -> Facts:
    """Read the summary of a published close.

    Raises:
        CloseError: It is not there or cannot be read.
    """
    read_manifest(close)
    try:
        summary: Facts = json.loads((close / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CloseError(
            close.name, f"its {SUMMARY} cannot be read", "give another close as --previous"
        ) from error
    return summary


def _intake_refusals(book: Book) -> Facts:
    """Count the input rows that never became part of the book, by reason."""
    counts: dict[str, int] = {}
    file = pq.ParquetFile(book.file("refusals.parquet"), pre_buffer=False)
    for batch in file.iter_batches(columns=["reason"]):
        for row in pc.value_counts(batch.column("reason")).to_pylist():
            counts[row["values"]] = counts.get(row["values"], 0) + row["counts"]
    return {"rows": sum(counts.values()), "by_reason": dict(sorted(counts.items()))}
