"""Shown: what of a refused cell may stand in a refusal.

A refusal is read by many people, so it carries figures and dates and nothing else: a
cell with letters in it is described, not shown, and so is a run of digits as long as a
telephone number, in groups or not.
"""

import re
from typing import Final

from kuanxian.base.personal import holds_number

_HARMLESS: Final = re.compile(r"[0-9.,:/+\-%¥￥元年月日 TZeE]*", re.ASCII)
_LONG_RUN: Final = re.compile(r"\d{9,}")
_SHOWN_MAX: Final = 32


def show_cell(text: str) -> str:
    """Show a cell, or describe it where it may hold more than a figure.

    Example:
        >>> show_cell("2024-02-31"), show_cell("9876543210"), show_cell("王小明")
        ('2024-02-31', 'a run of 10 digits', 'text of 3 characters')
    """
    run = _LONG_RUN.search(text)
    if run:
        return f"a run of {len(run.group())} digits"
    if holds_number(text):
        return f"digits in groups, {len(text)} characters"
    if len(text) <= _SHOWN_MAX and _HARMLESS.fullmatch(text):
        return text.strip()
    return f"text of {len(text)} characters"
