"""Corrections: rows that say which figure of the terms was wrong, in the words of a loan file.

A loan file says ``field = "rate"`` and ``value = "6 %"``; a row says the same in two text
columns. In a table every cell may be text, so that digits stand for a whole number too.
"""

from typing import Final

import numpy as np

from kuanxian.base.errors import EventError
from kuanxian.intake.convert import Block
from kuanxian.intake.formula import Flags, Ints
from kuanxian.intake.layout import EventRule
from kuanxian.intake.loan_events import read_correction
from kuanxian.intake.reasons import Reason
from kuanxian.loan.events import Kind
from kuanxian.loan.terms import Terms

_NEEDS: Final = {
    "field": "needs the figure of the terms that was wrong, by its name",
    "value": "needs what belongs there, written as in a loan file",
}


def read_corrections(block: Block, rule: EventRule, figures: dict[str, Ints], taken: Flags) -> None:
    """Put the number of each corrected field and what belongs there among the figures.

    Args:
        block: Converted rows; ``reasons`` is written.
        rule: Which columns the two words stand in.
        figures: Of each event; ``part`` and ``amount_fen`` of corrections are written.
        taken: Which rows the rule takes.
    """
    for row in np.flatnonzero(taken & (figures["kind"] == Kind.CORRECTION)).tolist():
        told = {
            word: block.texts[rule.texts[word]][row].as_py() if word in rule.texts else ""
            for word in _NEEDS
        }
        try:
            correction = read_correction({**told, "value": _plain(**told)}, "correction")
        except EventError as error:
            word = error.subject.rpartition(".")[2]
            mask = np.arange(block.rows) == row
            block.refuse(mask, Reason.BAD_EVENT, rule.texts.get(word, word), _NEEDS[word])
            continue
        for name, figure in correction.items():
            figures[name][row] = figure


def _plain(field: str, value: str) -> str | int:
    """Take digits as a number, but for an amount or a rate named without its unit."""
    is_whole = value.isascii() and value.isdecimal() and len(value) < 20
    return int(value) if is_whole and field in Terms._fields else value
