"""Figures in a documentation page: a table that a test computes anew.

A page holds a table between two comments; the test that owns it renders the table from
the data and compares. ``KUANXIAN_WRITE_FIGURES=1`` writes it into the page instead.
"""

import os
from collections.abc import Sequence
from pathlib import Path


def check_table(page: Path, name: str, header: list[str], rows: Sequence[Sequence[object]]) -> None:
    """Hold a table of a page to computed rows."""
    lines: list[Sequence[object]] = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    table = "\n".join("| " + " | ".join(show(cell) for cell in line) + " |" for line in lines)
    start, end = f"<!-- figures: {name} -->\n", f"\n<!-- end: {name} -->"
    text = page.read_text(encoding="utf-8")
    before, found, rest = text.partition(start)
    held, closed, after = rest.partition(end)
    assert found, f"{page.name} has no table {name}"
    assert closed, f"table {name} of {page.name} does not end"
    if os.environ.get("KUANXIAN_WRITE_FIGURES"):
        page.write_text(before + start + table + end + after, encoding="utf-8")
        return
    assert held == table


def show(cell: object) -> str:
    """Write a count with commas, anything else as it is."""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def money(amount_fen: int) -> str:
    """Write an amount of hundredths with two decimals."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"
