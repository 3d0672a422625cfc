"""Order: what is to be closed, and what decides the outcome byte for byte."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from kuanxian import __version__
from kuanxian.base.days import NO_DAY, date_of
from kuanxian.base.errors import CloseError
from kuanxian.close.verdicts import Law
from kuanxian.intake.book import Book
from kuanxian.loan.position import Policy
from kuanxian.state.local import Cut

FORMAT: Final = "kuanxian-close/1"
MANIFEST: Final = "close.json"


class Order(NamedTuple):
    """One close as it was asked for."""

    book: Path
    out: Path
    as_of_on: int
    """The day that is closed."""
    period_from_on: int
    """First day of the period that ``paid_in_period_fen`` and cures are counted in."""
    policy: Policy = Policy()
    previous: Path | None = None
    """The folder of an earlier close of the same book, to compare with."""
    threads: int = 2
    verify: bool = False
    """Read every byte of the book and compare it with the SHA-256 in ``book.json``."""
    cut: Cut = Cut()
    law: Law | None = None
    """The rulebook by which each loan gets its verdicts; None: no verdicts are made."""


def inputs_of(order: Order, book: Book) -> dict[str, Any]:
    """Name everything the outcome depends on. Same inputs, same bytes.

    The number of threads is not among them.
    """
    law = {} if order.law is None else {"law": order.law.named()}
    return {
        **law,
        "format": FORMAT,
        "version": __version__,
        "book": fingerprint(book.facts),
        "as_of": date_of(order.as_of_on).isoformat(),
        "period_from": date_of(order.period_from_on).isoformat(),
        "policy": order.policy._asdict(),
        "previous": _fingerprint_of_close(order.previous),
        "cut": order.cut._asdict(),
    }


def fingerprint(facts: dict[str, Any]) -> str:
    """Name a book by its content: the SHA-256 of ``book.json`` in canonical form.

    ``book.json`` holds the SHA-256 of each file, so this names every byte of the book.

    Example:
        >>> fingerprint({"loans": 0})[:8]
        '3fa797cc'
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_manifest(close: Path) -> dict[str, Any]:
    """Read the manifest of a published close.

    Raises:
        CloseError: The folder is not a published close.
    """
    try:
        manifest = json.loads((close / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CloseError(
            close.name,
            f"there is no readable {MANIFEST} in this folder",
            "give a folder that `kuanxian close` published",
        ) from error
    if not isinstance(manifest, dict) or manifest.get("inputs", {}).get("format") != FORMAT:
        raise CloseError(
            close.name,
            f"this is not a close of the form {FORMAT}",
            "give a folder that this version of `kuanxian close` published",
        )
    return manifest


def check_order(order: Order) -> None:
    """Refuse an order that cannot be carried out.

    Raises:
        CloseError: The period begins after the day, or the previous close is of the
            same day or a later one.
    """
    if not NO_DAY < order.period_from_on <= order.as_of_on:
        raise CloseError(
            "period",
            "the period begins after the day that is closed",
            "give a --period-from on or before --as-of",
        )
    if order.threads < 1:
        raise CloseError("threads", "there must be at least one", "give --threads 1 or more")
    if order.previous is not None:
        before = read_manifest(order.previous)["inputs"]["as_of"]
        if before >= date_of(order.as_of_on).isoformat():
            raise CloseError(
                order.previous.name,
                f"the previous close is as of {before}, not before the day that is closed",
                "give the close of an earlier day as --previous",
            )


def _fingerprint_of_close(close: Path | None) -> str:
    if close is None:
        return ""
    return hashlib.sha256((close / MANIFEST).read_bytes()).hexdigest()
