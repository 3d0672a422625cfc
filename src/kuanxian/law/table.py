"""Table: a law file's TOML, read key by key, each mistake named by file and line.

A person who writes law is not a programmer: what is wrong must be said where it stands,
in a sentence, with what to write instead. ``tomllib`` forgets lines, so they are found
again in the text (``key_lines``).
"""

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kuanxian.base.days import day_number
from kuanxian.base.errors import RuleFileError

Spot = tuple[str | int, ...]
"""Where a value stands in a file: keys and places in lists, from the outside in."""

_HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?")
_KEY: Final = re.compile(r"^\s*([\w.\"'-]+)\s*=")
_QUOTES: Final = ('"""', "'''")
_MISSING: Final = object()


def read_toml(path: Path, name: str) -> "Table":
    """Read a TOML file.

    Args:
        path: The file, UTF-8.
        name: What to call it in messages, from the rules folder on.

    Raises:
        RuleFileError: It cannot be read, or is not TOML; with the line where it fails.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileError(
            name, 1, "the file cannot be read as UTF-8 text", "Save it as UTF-8."
        ) from error
    return parse_toml(text, name)


def parse_toml(text: str, name: str) -> "Table":
    r"""Parse TOML text; see ``read_toml``.

    Example:
        >>> parse_toml("a = 1\nb = 'x'", "f.toml").text("b")
        'x'
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise RuleFileError(
            name, line, f"this is not TOML: {reason}", "Compare with docs/reference/rule-file.md."
        ) from error
    return Table(data, name, (), key_lines(text))


def key_lines(text: str) -> dict[Spot, int]:
    r"""Find the line of each key and table of a TOML text, counting from 1.

    Inline tables are not looked into: what they hold is found at their own key.

    Example:
        >>> key_lines("a = 1\n[t]\nb.c = 2\n[[e]]\n[[e]]\nx = 1")[("e", 1, "x")]
        6
    """
    lines: dict[Spot, int] = {}
    counts: dict[Spot, int] = {}
    here: Spot = ()
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:
            quote = "" if line.count(quote) % 2 else quote
            continue
        if header := _HEADER.match(line):
            here = _open_table(header.group(1) == "[[", _split(header.group(2)), counts)
            lines.setdefault(here, number)
        elif key := _KEY.match(line):
            words = _split(key.group(1))
            for end in range(1, len(words) + 1):
                lines.setdefault(here + words[:end], number)
        quote = next((mark for mark in _QUOTES if line.count(mark) % 2), "")
    return lines


def _open_table(many: bool, words: Spot, counts: dict[Spot, int]) -> Spot:
    """Turn the words of a header into a spot; each ``[[x]]`` is the next of its list."""
    spot: Spot = ()
    for place, word in enumerate(words, start=1):
        spot = (*spot, word)
        last = place == len(words)
        if last and many:
            counts[spot] = counts.get(spot, -1) + 1
        if spot in counts:
            spot = (*spot, counts[spot])
    return spot


def _split(dotted: str) -> Spot:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a law file, with where it stands."""

    data: Mapping[str, Any]
    file: str
    spot: Spot
    lines: Mapping[Spot, int]

    def line(self, *keys: str | int) -> int:
        """Find the line of a key of this table, or of the nearest table around it."""
        spot = self.spot + keys
        while spot and spot not in self.lines:
            spot = spot[:-1]
        return self.lines.get(spot, 1)

    def error(self, key: str | int | None, reason: str, advice: str = "") -> RuleFileError:
        """Make the error that says what is wrong with a key."""
        keys = () if key is None else (key,)
        named = ".".join(str(part) for part in (*self.spot, *keys) if isinstance(part, str))
        said = f"{named}: {reason}" if named else reason
        return RuleFileError(self.file, self.line(*keys), said, advice)

    def check_keys(self, known: Iterable[str]) -> None:
        """Refuse a key that means nothing here.

        Raises:
            RuleFileError: There is one; the nearest known key is named.
        """
        names = list(known)
        for key in self.data:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(names)}."
                raise self.error(key, "there is no such key here", advice)

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text; required unless a default is given."""
        value = self._take(key, _MISSING if default is None else default)
        if not isinstance(value, str):
            raise self.error(key, "must be a text in quotes", f'Write {key} = "…".')
        if default is None and not value.strip():
            raise self.error(key, "must not be empty", "Say it.")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._take(key, _MISSING if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, "must be a list of texts", f'Write {key} = ["…", "…"].')
        if default is None and not value:
            raise self.error(key, "must not be empty", "Name at least one.")
        return tuple(value)

    def one_of(self, key: str, names: Iterable[str], default: str | None = None) -> str:
        """Read a text that is one of a few."""
        value = self.text(key, default)
        self._check_known(key, value, names)
        return value

    def some_of(
        self, key: str, names: Iterable[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Read a list of texts, each one of a few."""
        value = self.texts(key, default)
        for place, one in enumerate(value):
            self._check_known(key, one, names)
            if one in value[:place]:
                raise self.error(key, f"it names {one!r} twice", "Name it once.")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        """Read a whole number."""
        value = self._take(key, _MISSING if default is None else default)
        if type(value) is not int:
            raise self.error(key, "must be a whole number", f"Write {key} = 3, without a point.")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._take(key, _MISSING if default is None else default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false", f"Write {key} = true.")
        return value

    def day(self, key: str, default: int | None = None) -> int:
        """Read a date as a day number."""
        value = self._take(key, _MISSING if default is None else default)
        if isinstance(value, int) and not isinstance(value, bool) and value is default:
            return value
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.error(key, "must be a date", f"Write {key} = 2026-01-30, without quotes.")
        return day_number(value)

    def table(self, key: str, *, optional: bool = False) -> "Table":
        """Open a table inside this one; an optional one that is absent is empty."""
        value = self._take(key, {} if optional else _MISSING)
        if not isinstance(value, dict):
            raise self.error(key, "must be a table", f"Write [{key}] and its keys below it.")
        return Table(value, self.file, (*self.spot, key), self.lines)

    def tables(self, key: str, *, optional: bool = False) -> Iterator["Table"]:
        """Open each table of a list."""
        value = self._take(key, [] if optional else _MISSING)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.error(key, "must be a list of tables", f"Write [[{key}]] before each.")
        if not value and not optional:
            raise self.error(key, "must not be empty", f"Write [[{key}]].")
        for place, one in enumerate(value):
            yield Table(one, self.file, (*self.spot, key, place), self.lines)

    def children(self) -> Iterator[tuple[str, "Table"]]:
        """Open each table that stands directly in this one, in the file's order."""
        for key in self.data:
            yield key, self.table(key)

    def words(self, key: str, *, optional: bool = False) -> dict[str, str]:
        """Read what is said in both languages: ``key.zh`` and ``key.en``."""
        table = self.table(key, optional=optional)
        if optional and key not in self.data:
            return {}
        table.check_keys(("zh", "en"))
        return {"zh": table.text("zh"), "en": table.text("en")}

    def _take(self, key: str, default: Any) -> Any:
        value = self.data.get(key, default)
        if value is _MISSING:
            raise self.error(key, "is missing", "Add it; docs/reference/rule-file.md says how.")
        return value

    def _check_known(self, key: str, value: str, names: Iterable[str]) -> None:
        known = list(names)
        if value in known:
            return
        near = difflib.get_close_matches(value, known, 1)
        advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
        raise self.error(key, f"there is no {value!r}", advice)
