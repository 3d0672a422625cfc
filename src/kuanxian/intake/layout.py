"""Layout: a TOML file that says how a lender's files become loans and events.

A layout has one part a kind of file. Each part says how the file is written, which of
its columns are read and in what form (``columns``), and what they mean (``loan``,
``events``). Columns that are not named are never read.

``docs/reference/layout.md`` describes every key.
"""

from dataclasses import dataclass, field
from typing import Final

from kuanxian.intake.formula import Formula
from kuanxian.loan.events import Event
from kuanxian.loan.terms import Conventions, Terms

LOAN_TEXTS: Final = ("loan_id", "lender_id", "segment", "product")
EVENT_TEXTS: Final = ("loan_id", "event_id", "reverses_id", "field", "value")
LOAN_FIELDS: Final = (*LOAN_TEXTS, *Terms._fields)
EVENT_FIELDS: Final = (*EVENT_TEXTS, *[f for f in Event._fields if f not in {"seq", "ref_seq"}])


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file, and how its cells are read."""

    name: str
    """Our name; its ending says what it is."""
    source: str | int
    """The header of the column, or its number from 1."""
    what: str
    """``text``, ``number`` or ``date``."""
    optional: bool = False
    """Whether a cell may be empty."""
    signed: bool = False
    """Whether a number may be below 0."""
    power: int = 0
    rounding: int = 0
    style: int = 0
    thousands: int = 0
    forms: tuple[str, ...] = ()
    """Date forms, the first that fits counts."""
    codes: dict[str, int] | None = None
    """What each text means, where it is a code."""
    empties: tuple[str, ...] = ()
    """Spellings of "no value"."""


@dataclass(frozen=True, slots=True)
class LoanRule:
    """How a row, or all rows with one loan id, become a loan."""

    texts: dict[str, str]
    """For each text field of a loan, the column it comes from."""
    figures: dict[str, Formula | int]
    many_rows: bool = False
    """One loan is made of many rows."""
    expect_rows: Formula | None = None
    """How many rows a loan must have."""


@dataclass(frozen=True, slots=True)
class EventRule:
    """How a row becomes an event."""

    texts: dict[str, str]
    figures: dict[str, Formula | int]
    when: str = ""
    """Only rows where this column has a value; empty: every row."""
    own_amount: bool = False
    """The amount has a column that is read for nothing a row always tells: it speaks of money."""
    negative: str = "refuse"
    """``refuse`` a negative amount, or take it as what undoes a payment: ``undo``."""
    tied: bool = False
    """The loan is refused when one of these is."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """One kind of file."""

    name: str
    columns: tuple[Column, ...]
    loan: LoanRule | None = None
    events: tuple[EventRule, ...] = ()
    is_products: bool = False
    """Its rows are products: conventions under a name."""
    patterns: tuple[str, ...] = ()
    encoding: str = "auto"
    delimiter: str = "auto"
    quote: str = '"'
    header: bool = True
    line_breaks: bool = False
    """Quoted cells may hold line breaks."""
    open_end: bool = False
    """The last line may lack its line end."""
    sheet: str = ""
    """Which sheet of a workbook; empty: the first."""
    others: str = "pass"
    """Columns that are not named: ``pass`` over them, or ``refuse`` the file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a lender's files become loans and events."""

    name: str
    says: str
    currency: str
    parts: tuple[FilePart, ...]
    products: dict[str, Conventions] = field(default_factory=dict)
    """Conventions by name; the name "" is for loans that name none."""
