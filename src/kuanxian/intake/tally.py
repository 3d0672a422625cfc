"""Tally: what was counted of each file, and whether it comes out even."""

from typing import Any

from kuanxian.intake.convert import Block, ColumnSum


class FileTally:
    """What was counted of one file.

    Attributes:
        name: The file.
        part: Which part of the layout it is.
        facts: How it was found to be written.
        rows: Data rows.
        taken: Rows that are in the book.
        refused: Rows refused.
        sums: What each column of amounts comes to, as written.
    """

    def __init__(self, name: str, part: str, facts: dict[str, Any]) -> None:
        self.name = name
        self.part = part
        self.facts = facts
        self.rows = 0
        self.taken = 0
        self.refused = 0
        self.sums: dict[str, ColumnSum] = {}

    def add_block(self, block: Block) -> None:
        """Count some rows."""
        self.rows += block.rows
        for name, found in block.sums.items():
            self.sums.setdefault(name, ColumnSum()).add(found)

    def report(self) -> dict[str, Any]:
        """Give the figures, for ``book.json``."""
        return {
            **self.facts,
            "file": self.name,
            "part": self.part,
            "rows": self.rows,
            "taken": self.taken,
            "refused": self.refused,
            "columns": {
                name: {
                    "sum_fen": found.sum_fen,
                    "refused_fen": found.refused_fen,
                    "rounded_cells": found.rounded,
                    "rounded_off_ufen": found.rounded_ufen,
                    "unreadable_cells": found.unreadable,
                }
                for name, found in sorted(self.sums.items())
            },
        }
