"""Desk: what a section of the report is made of, and what it is written with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from kuanxian.close.report.amounts import show_count, show_exact, show_yuan
from kuanxian.close.report.charts import Bar

Facts = Mapping[str, Any]
Words = Mapping[str, str]
Draw = Callable[[str, str, str, Sequence[Bar]], Markup]


class Cell(NamedTuple):
    """One cell of a table."""

    text: str
    number: bool = True
    heat: int = -1
    """Shade it by this share in thousandths; -1: not at all."""


class Table(NamedTuple):
    """One table."""

    caption: str
    head: list[str]
    rows: list[list[Cell]]
    """The first cell of a row is its heading."""
    foot: Sequence[Cell] = ()
    """A row of totals, or nothing."""


class Section(NamedTuple):
    """One section of the report."""

    name: str
    title: str
    intro: str
    chart: Markup | None
    tables: list[Table]
    notes: Sequence[str] = ()


class Desk(NamedTuple):
    """What every section needs: the figures, the words, and the language they are in."""

    facts: Facts
    words: Words
    lang: str

    def say(self, word: str, **values: object) -> str:
        """Give a text with its figures filled in."""
        return self.words[word].format(**values)

    def amount(self, amount_fen: int) -> str:
        """Write an amount short, in the book's currency."""
        return show_yuan(amount_fen, self.lang, self.facts["book"]["currency"])

    def yuan(self, amount_fen: int) -> Cell:
        """Show an amount in a table."""
        return Cell(self.amount(amount_fen))

    def exact(self, amount_fen: int) -> Cell:
        """Show an amount to the fen."""
        return Cell(show_exact(amount_fen, self.facts["book"]["currency"]))

    def days(self, row: Facts) -> str:
        """Say which days past due a row is about."""
        if row["to_days"] == 0:
            return self.words["days_none"]
        if row["to_days"] is None:
            return self.say("days_over", **{"from": row["from_days"] - 1})
        return self.say("days", **{"from": row["from_days"], "to": row["to_days"]})

    def chart(self, name: str, draw: Draw, bars: Sequence[Bar]) -> Markup:
        """Draw a chart and put it into words."""
        said = "; ".join(f"{bar.label} {bar.value}" for bar in bars)
        return draw(f"{name}-{self.lang}", self.words[f"{name}_chart"], said, bars)


def name_cell(text: str) -> Cell:
    """Make the heading of a row."""
    return Cell(text, number=False)


def count_cell(number: int) -> Cell:
    """Show a number of things."""
    return Cell(show_count(number))


def add_up(rows: Sequence[Facts]) -> dict[str, int]:
    """Add rows up: loans, outstanding principal, overdue principal."""
    return {
        "loans": sum(row["loans"] for row in rows),
        "principal_fen": sum(row["outstanding_principal_fen"] for row in rows),
        "overdue_fen": sum(row["overdue_principal_fen"] for row in rows),
    }
