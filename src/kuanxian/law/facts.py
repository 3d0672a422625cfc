"""Facts: the catalogue of everything a rule may use, read from ``rules/facts.toml``.

A rule never computes an hour, a weekday or a count: those are facts, declared once with
type, unit, bounds and meaning, and computed by one tested layer. A rule that uses a fact
not declared here is refused when it is loaded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kuanxian.base.bounds import INT64_MAX
from kuanxian.law.table import Table

TYPES: Final = ("bool", "int", "text", "enum", "date", "instant")
SOURCES: Final = ("computed", "stated", "ledger", "value")
CHANGES: Final = ("time", "event", "choice", "never")
DAY_MAX: Final = 84_005
"""2199-12-31, the last day of the calendar this product knows."""
INSTANT_MAX: Final = (DAY_MAX + 1) * 86_400_000_000
"""The end of that day, microseconds since 1970-01-01 UTC."""

_KEYS: Final = (
    "topic", "type", "unit", "min", "max", "nullable", "source", "fresh", "changes", "zh", "en",
    "say", "values", "words", "column", "value", "at", "at_most",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactSpec:
    """What is declared of one fact."""

    name: str
    type: str
    topic: str = ""
    unit: str = ""
    """Of an int: fen, ppb, days, minutes, count…"""
    min: int = -INT64_MAX
    """Least value, included; of ints, dates and instants."""
    max: int = INT64_MAX
    """Greatest value, included."""
    nullable: bool = True
    """May be unknown. False only where the fact layer can always tell."""
    source: str = "computed"
    """computed, stated, ledger or value."""
    fresh: str = ""
    """How recent it must be, in words."""
    changes: str = "event"
    """What could make it another value: time, event, choice, or never."""
    means: Mapping[str, str] = field(default_factory=dict)
    """What it means, one sentence, by language."""
    say: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Phrase forms: of a value (key ``""``), or of ``true`` and ``false``; then by language."""
    values: tuple[str, ...] = ()
    """What an enum may be."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The words of each enum value: by language, then by value."""
    column: str = ""
    """Of a ledger fact: the column of ``positions.parquet``."""
    value: str = ""
    """Of a value fact: the name of the dated value."""
    at: str = ""
    """Of a value fact: the date fact at which it is looked up."""
    at_most: str = ""
    """The fact that is never less in any case: a row shown as an example keeps to it."""


class Catalogue(Mapping[str, FactSpec]):
    """Every declared fact, by name."""

    __slots__ = ("_specs",)

    def __init__(self, specs: Mapping[str, FactSpec]) -> None:
        self._specs = dict(specs)

    def __getitem__(self, name: str) -> FactSpec:
        """Find a fact by name."""
        return self._specs[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names in the file's order."""
        return iter(self._specs)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self._specs)

    def __or__(self, more: Mapping[str, FactSpec]) -> "Catalogue":
        """Make a catalogue with more facts, such as a policy's parameters."""
        return Catalogue({**self._specs, **more})


def read_catalogue(table: Table) -> Catalogue:
    """Read the fact catalogue.

    Raises:
        RuleFileError: A declaration is incomplete or contradicts itself.
    """
    table.check_keys(("fact",))
    specs = {name: read_fact(name, one) for name, one in table.table("fact").children()}
    for name, spec in specs.items():
        at = specs.get(spec.at)
        if spec.source == "value" and (at is None or at.type != "date"):
            raise (
                table.table("fact")
                .table(name)
                .error("at", f"there is no date fact {spec.at!r}", "Name a fact of type date.")
            )
        if (
            spec.at_most
            and (spec.type, getattr(specs.get(spec.at_most), "type", "")) != ("int",) * 2
        ):
            one = table.table("fact").table(name)
            raise one.error("at_most", "both must be facts of type int", "Name another, or none.")
    return Catalogue(specs)


def read_fact(name: str, table: Table) -> FactSpec:
    """Read one declaration.

    Raises:
        RuleFileError: It is incomplete or contradicts itself.
    """
    table.check_keys(_KEYS)
    if not name.isidentifier() or name != name.lower():
        raise table.error(None, "a fact's name is small letters, digits and _", "Rename it.")
    kind = table.one_of("type", TYPES)
    source = table.one_of("source", SOURCES)
    low, high = _bounds(table, kind)
    values = table.texts("values", () if kind != "enum" else None)
    return FactSpec(
        name=name,
        type=kind,
        topic=table.text("topic"),
        unit=table.text("unit", None if kind == "int" else ""),
        min=low,
        max=high,
        nullable=table.flag("nullable", default=True),
        source=source,
        fresh=table.text("fresh", ""),
        changes=table.one_of("changes", CHANGES),
        means={"zh": table.text("zh"), "en": table.text("en")},
        say=_phrases(table, kind),
        values=values,
        words=_words(table, values),
        column=table.text("column", "" if source != "ledger" else None),
        value=table.text("value", "" if source != "value" else None),
        at=table.text("at", "" if source != "value" else None),
        at_most=table.text("at_most", ""),
    )


def _bounds(table: Table, kind: str) -> tuple[int, int]:
    if kind != "int":
        if "min" in table.data or "max" in table.data:
            raise table.error("min", "only an int has bounds", "Leave min and max out.")
        return {"date": (0, DAY_MAX), "instant": (0, INSTANT_MAX)}.get(kind, (0, 0))
    low, high = table.integer("min"), table.integer("max")
    if not -INT64_MAX <= low <= high <= INT64_MAX:
        raise table.error("max", "min must not exceed max, nor either 63 bits", "Change them.")
    return low, high


def _phrases(table: Table, kind: str) -> dict[str, dict[str, str]]:
    say = table.table("say", optional=True)
    if kind == "bool":
        say.check_keys(("true", "false"))
        return {word: _some_words(say, word) for word in say.data}
    return {"": _some_words(table, "say")} if say.data else {}


def _some_words(table: Table, key: str) -> dict[str, str]:
    """Read a phrase in one language or both; where it lacks one, the fact's meaning serves."""
    words = table.table(key)
    words.check_keys(("zh", "en"))
    return {language: words.text(language) for language in words.data}


def _words(table: Table, values: tuple[str, ...]) -> dict[str, dict[str, str]]:
    words = table.table("words", optional=True)
    if not values:
        words.check_keys(())
        return {}
    found: dict[str, dict[str, str]] = {}
    for language in ("zh", "en"):
        said = words.table(language)
        said.check_keys(values)
        found[language] = {value: said.text(value) for value in values}
    return found
