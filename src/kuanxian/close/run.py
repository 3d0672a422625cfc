"""Run: the evening, step by step.

Each step reads what the steps before it left in the work folder. Only the last one
makes anything visible.
"""

from typing import Any, NamedTuple

from kuanxian.base.errors import BookError, CloseError
from kuanxian.close.compare import compare
from kuanxian.close.folder import (
    disk_errors_named,
    find_published,
    held,
    measure,
    open_work,
    publish,
    remove_work,
)
from kuanxian.close.order import Order, check_order, inputs_of
from kuanxian.close.places import add_up_places
from kuanxian.close.reconcile import reconcile
from kuanxian.close.replay import Kernel, Watch, replay_book
from kuanxian.close.report.render import write_report
from kuanxian.close.summarise import Found, read_summary, summarise, write_summary
from kuanxian.intake.book import SCHEMAS, Book, open_book
from kuanxian.state.batch import positions
from kuanxian.state.compiled import sources_hash


class Outcome(NamedTuple):
    """What a close came to."""

    summary: dict[str, Any]
    """The content of ``summary.json``."""
    already: bool
    """The same close was there before; it was verified and nothing was written."""


def unwatched(_done: int, _all: int) -> None:
    """Watch nothing."""


def close_day(order: Order, watch: Watch = unwatched, kernel: Kernel = positions) -> Outcome:
    """Close a day over a book.

    Args:
        order: What to close, and where to.
        watch: Told of progress after each slice.
        kernel: What turns loans and events into positions.

    Returns:
        The summary, as published.

    Raises:
        BookError: The book is not whole, or its rows are not what they must be.
        CloseError: The outcome cannot be written, or it does not add up. Nothing is
            published then, and what was published before is untouched.
    """
    check_order(order)
    book = open_book(order.book, verify=order.verify)
    inputs = inputs_of(order, book)
    with disk_errors_named(order.out):
        order.out.absolute().parent.mkdir(parents=True, exist_ok=True)
        with held(order.out):
            if find_published(order.out, inputs):
                remove_work(order.out)
                return Outcome(read_summary(order.out), already=True)
            return Outcome(_close(order, book, inputs, watch, kernel), already=False)


def _close(
    order: Order, book: Book, inputs: dict[str, Any], watch: Watch, kernel: Kernel
) -> dict[str, Any]:
    witness = _witness(book)
    # A kernel mended in between must not go on with figures of the old one.
    work = open_work(order.out, {**inputs, "witness": witness, "kernel": sources_hash()})
    try:
        tally, files = replay_book(book, order, work, kernel, watch)
    except BookError:
        remove_work(order.out)  # a damaged book is not gone on with
        raise
    try:
        checks = reconcile(tally, book)
        movement = compare(order, book, work)
    except CloseError:
        remove_work(order.out)  # or a mended program would go on with the wrong figures
        raise
    found = Found(checks, movement, add_up_places(work / "out", order.threads))
    summary = summarise(order, book, inputs, tally, found)
    write_summary(work / "out", summary)
    write_report(work / "out", summary)
    if _witness(open_book(order.book, verify=False)) != witness:
        raise CloseError(
            book.path.name,
            "the book changed while it was being closed",
            "nothing was published; run the same command again on the finished book",
        )
    small = ("summary.json", "report.html")
    outputs = files | {name: measure(work / "out" / name) for name in small}
    publish(work, order.out, {"inputs": inputs, "outputs": outputs})
    return summary


def _witness(book: Book) -> dict[str, list[int]]:
    """Note what changes when a file is written to or replaced."""
    try:
        stats = {name: book.file(name).stat() for name in ("book.json", *SCHEMAS)}
    except OSError as error:
        raise BookError(
            book.path.name, "a file of the book disappeared", "make the book again"
        ) from error
    return {name: [stat.st_size, stat.st_mtime_ns, stat.st_ino] for name, stat in stats.items()}
