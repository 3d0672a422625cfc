"""Values: dated figures of the law, each with its own reference; never a constant in code.

A value holds from its day until the next one, or until its own last day where it says one.
Before its first day and in a gap it is unknown: the engine does not guess what applied where no
text was read.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from kuanxian.law.collected import Rows
from kuanxian.law.facts import FactSpec
from kuanxian.law.frame import Instrument
from kuanxian.law.rule import NO_END, Source, Words
from kuanxian.law.source import KEYS as SOURCE_KEYS
from kuanxian.law.source import read_source
from kuanxian.law.table import Table, read_toml

_KEYS: Final = ("zh", "en", "unit", "min", "max", "value")
_STEP_KEYS: Final = ("from", "until", "value", *SOURCE_KEYS)


@dataclass(frozen=True, slots=True)
class Step:
    """A figure from a day on."""

    from_on: int
    until_on: int
    """First day on which it is not known any more; ``NO_END`` where it holds until the next."""
    value: int
    source: Source


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A figure that the law changes from time to time."""

    name: str
    title: Words
    unit: str
    min: int
    max: int
    steps: tuple[Step, ...]
    """In the order of their days."""
    file: str

    def at(self, day: int | None) -> int | None:
        """Look the figure up at a day.

        Returns:
            None before the first day, in a gap, or where the day is not known.
        """
        if day is None:
            return None
        place = bisect_right(self.steps, day, key=lambda step: step.from_on)
        step = self.steps[place - 1] if place else None
        return step.value if step and day < step.until_on else None

    def spec(self) -> FactSpec:
        """Declare it as ``value.NAME``: the figure on the day of the decision."""
        return FactSpec(
            name=f"value.{self.name}",
            type="int",
            unit=self.unit,
            min=self.min,
            max=self.max,
            source="value",
            changes="never",
            means=self.title,
        )


def read_values(
    folder: Path, within: str, instruments: Mapping[str, Instrument], rows: Rows
) -> list[DatedValue]:
    """Read every file of ``values/``.

    Args:
        folder: The folder; it may be absent.
        within: What to call it in messages.
        instruments: The texts that a reference may name.
        rows: The rows of the collected regulations.

    Raises:
        RuleFileError: A file is incomplete, or its days do not rise.
    """
    return [
        read_value(read_toml(path, f"{within}/{path.name}"), path.stem, instruments, rows)
        for path in sorted(folder.glob("*.toml"))
    ]


def read_value(
    table: Table, name: str, instruments: Mapping[str, Instrument], rows: Rows
) -> DatedValue:
    """Read one dated value.

    Raises:
        RuleFileError: It is incomplete, out of its bounds, or its days do not rise.
    """
    table.check_keys(_KEYS)
    low, high = table.integer("min"), table.integer("max")
    steps = tuple(
        _read_step(one, low, high, read_source(one, instruments, rows))
        for one in table.tables("value")
    )
    for place, (one, following) in enumerate(pairwise(steps), start=1):
        if following.from_on <= one.from_on or NO_END > one.until_on > following.from_on:
            raise table.error(
                None, f"value {place + 1} does not come after the one before it",
                "Put the values in the order of their days, one a day.",
            )  # fmt: skip
    title = {"zh": table.text("zh"), "en": table.text("en")}
    return DatedValue(name, title, table.text("unit"), low, high, steps, table.file)


def _read_step(table: Table, low: int, high: int, source: Source) -> Step:
    table.check_keys(_STEP_KEYS)
    value = table.integer("value")
    if not low <= value <= high:
        raise table.error("value", f"must be from {low} to {high}", "Change it, or min and max.")
    return Step(
        from_on=table.day("from"),
        until_on=table.day("until", NO_END),
        value=value,
        source=source,
    )
