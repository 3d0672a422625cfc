"""Patterns: what a message to a borrower must not say, as data.

A category is one file, ``rules/<country>/screen/<category>.toml``: what it means, the
texts that forbid it, the fact it counts into, and its patterns. Each pattern carries
messages it must find and messages it must leave alone; a pattern without both does not
load, nor does one that fails its own examples (`kuanxian.screen.load`).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from kuanxian.base.errors import PatternError


class Level(StrEnum):
    """How a pattern is looked for."""

    CHARACTER = "character"
    """The characters, whatever stands between them."""
    SYLLABLE = "syllable"
    """The characters, and whatever sounds like them."""
    GAP = "gap"
    """Regular expressions (RE2) over the normal form, for words with others between."""


SYLLABLES_MIN: Final = 4
"""A shorter phrase sounds like too many others: measured, three syllables hit 3 % of
unrelated texts, two hit 48 %, four 0.04 %."""

PHRASES_MAX: Final = 5_000
"""Phrases of one country, all categories together."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Phrases that mean one thing."""

    category: str
    name: str
    level: Level
    phrases: tuple[str, ...]
    deniable: bool
    """A denial takes a hit back, ``不会联系您的通讯录``, and so does a sentence that only warns
    or answers, ``遇到爆通讯录请保留证据`` (`kuanxian.screen.take_back`)."""
    must_hit: tuple[str, ...]
    must_miss: tuple[str, ...]
    beside: str = ""
    """An expression that the message must hold as well, anywhere; empty where none must."""

    @property
    def id(self) -> str:
        """Name the pattern with its category."""
        return f"{self.category}.{self.name}"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a prohibition comes from."""

    key: str
    """Row of the collected rules, such as ``CBA-11``."""
    instrument: str
    article: str
    """``条号待核`` where the number was not read."""
    verified: str
    """How far the text was verified: V1, V2, V3, U or P (firm policy)."""


@dataclass(frozen=True, slots=True)
class Category:
    """One thing a message must not do."""

    name: str
    fact: str
    """The fact that counts its hits, for the rules."""
    says_zh: str
    says_en: str
    citations: tuple[Citation, ...]
    patterns: tuple[Pattern, ...]


WORDS_FILE: Final = "words.toml"
"""Lists of words that expressions name as ``<family>``; the one file that is no category."""

_NAMED: Final = re.compile(r"<([a-z]+)>")


def read_words(folder: Path) -> dict[str, str]:
    """Read the lists of words of a folder, each as an expression of its alternatives.

    Returns:
        Name to expression; empty where the folder has no such file.

    Raises:
        PatternError: The file is not TOML, or a list is empty or holds something else.
    """
    path = folder / WORDS_FILE
    if not path.exists():
        return {}
    asked = _Asked(path.name, _read_toml(path))
    return {name: f"(?:{'|'.join(asked.texts(name))})" for name in list(asked.told)}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PatternError(path.name, f"not readable as TOML: {error}", "mend the file") from error


def read_category(path: Path, words: Mapping[str, str]) -> Category:
    """Read one category file.

    Args:
        path: The file; its name without the ending is the category.
        words: Lists of words by name, as `read_words` gives them.

    Raises:
        PatternError: The file is not TOML, lacks something, or says something unknown.
    """
    asked = _Asked(path.name, _read_toml(path))
    citations = tuple(
        Citation(
            key=one.text("key"),
            instrument=one.text("instrument"),
            article=one.text("article"),
            verified=one.choice("verified", ("V1", "V2", "V3", "U", "P")),
        )
        for one in asked.tables("source")
    )
    patterns = tuple(_read_pattern(path.stem, one, words) for one in asked.tables("pattern"))
    says = asked.table("says")
    category = Category(
        path.stem, asked.text("fact"), says.text("zh"), says.text("en"), citations, patterns
    )
    asked.done()
    says.done()
    return category


def _read_pattern(category: str, asked: "_Asked", words: Mapping[str, str]) -> Pattern:
    def spell_out(expression: str) -> str:
        for name in _NAMED.findall(expression):
            if name not in words:
                raise PatternError(asked.where, f"no list of words <{name}>", f"see {WORDS_FILE}")
        return _NAMED.sub(lambda named: words[named.group(1)], expression)

    pattern = Pattern(
        category=category,
        name=asked.text("name"),
        level=Level(asked.choice("level", tuple(Level))),
        phrases=tuple(map(spell_out, asked.texts("phrases"))),
        beside=spell_out(str(asked.told.pop("beside", ""))),
        deniable=bool(asked.told.pop("deniable", False)),
        must_hit=asked.texts("must_hit"),
        must_miss=asked.texts("must_miss"),
    )
    asked.done()
    return pattern


class _Asked:
    """A table of a file, asked for one key after another."""

    def __init__(self, where: str, told: dict[str, Any]) -> None:
        self.where = where
        self.told = dict(told)

    def _take(self, key: str, kind: type, what: str) -> Any:
        value = self.told.pop(key, None)
        if not isinstance(value, kind) or not value:
            raise PatternError(self.where, f"{key} is missing or empty", f"write {key} = {what}")
        return value

    def text(self, key: str) -> str:
        return str(self._take(key, str, '"…"'))

    def texts(self, key: str) -> tuple[str, ...]:
        texts = self._take(key, list, '["…", "…"]')
        if not all(isinstance(one, str) and one.strip() for one in texts):
            raise PatternError(self.where, f"{key} holds something that is no text", "quote it")
        if len(set(texts)) < len(texts):
            raise PatternError(self.where, f"{key} says the same twice", "leave one")
        return tuple(texts)

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in choices:
            said = ", ".join(choices)
            raise PatternError(self.where, f"{key} = {value!r} is unknown", f"one of {said}")
        return value

    def table(self, key: str) -> "_Asked":
        return _Asked(f"{self.where}, {key}", self._take(key, dict, "{ … }"))

    def tables(self, key: str) -> list["_Asked"]:
        tables = self._take(key, list, f"… in a table [[{key}]]")
        if not all(isinstance(one, dict) for one in tables):
            raise PatternError(self.where, f"{key} is not a list of tables", f"write [[{key}]]")
        names = [str(one.get("name", number)) for number, one in enumerate(tables, 1)]
        if len(set(names)) < len(names):
            raise PatternError(self.where, f"two tables [[{key}]] of one name", "rename one")
        return [
            _Asked(f"{self.where}, {key} {name}", one)
            for name, one in zip(names, tables, strict=True)
        ]

    def done(self) -> None:
        if self.told:
            key = min(self.told)
            raise PatternError(self.where, f"{key} is unknown here", "see docs/reference/screen.md")
