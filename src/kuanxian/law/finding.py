"""Finding: a promise, and whether it holds."""

from typing import NamedTuple

from kuanxian.base.days import date_of
from kuanxian.law.rule import NO_END
from kuanxian.law.solve import Row


class Finding(NamedTuple):
    """A promise and what came of it."""

    kind: str
    id: str
    """The theorem's, or the rule's."""
    reason: str
    """Why it does not hold; empty where it does."""
    from_on: int
    """First day of the span in which it was found so."""
    until_on: int
    row: Row | None = None
    """The row that breaks it, where one shows it."""

    @property
    def broken(self) -> bool:
        """Whether it does not hold."""
        return bool(self.reason)

    def span(self) -> str:
        """Write the days: ``2026-01-30 …``."""
        last = "" if self.until_on == NO_END else date_of(self.until_on - 1).isoformat()
        return f"{date_of(self.from_on).isoformat()} … {last}".rstrip()
