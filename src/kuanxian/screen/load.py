"""Load: the categories of a country, each pattern held to its own examples."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kuanxian.base.errors import PatternError
from kuanxian.screen.match import Hit, Matcher
from kuanxian.screen.pattern import (
    PHRASES_MAX,
    WORDS_FILE,
    Category,
    Pattern,
    read_category,
    read_words,
)


class Screen(NamedTuple):
    """The patterns of a country, loaded and proven on their examples."""

    categories: Mapping[str, Category]
    matcher: Matcher

    def find(self, message: str) -> list[Hit]:
        """Find what a message must not say; see `Matcher.find`."""
        return self.matcher.find(message)

    def facts(self, message: str) -> dict[str, int]:
        """Count the hits of a message, by the name of the fact that each category counts.

        Returns:
            Every fact, also those of 0 hits.
        """
        hits = Counter(hit.category for hit in self.find(message))
        counts: dict[str, int] = {}
        for name, category in self.categories.items():
            counts[category.fact] = counts.get(category.fact, 0) + hits[name]
        return counts


def load_screen(folder: Path) -> Screen:
    """Load every category of a folder.

    Args:
        folder: ``rules/<country>/screen``.

    Raises:
        PatternError: A file cannot be used, there is none, or a pattern fails an example.
    """
    files = sorted(path for path in folder.glob("*.toml") if path.name != WORDS_FILE)
    if not files:
        raise PatternError(folder.name, "no pattern file in this folder", "name another folder")
    words = read_words(folder)
    categories = {path.stem: read_category(path, words) for path in files}
    patterns = [one for category in categories.values() for one in category.patterns]
    if sum(len(one.phrases) for one in patterns) > PHRASES_MAX:
        raise PatternError(folder.name, f"more than {PHRASES_MAX} phrases", "leave some out")
    screen = Screen(categories, Matcher(list(categories.values())))
    for pattern in patterns:
        _hold(screen, pattern)
    return screen


def _hold(screen: Screen, pattern: Pattern) -> None:
    """Hold a pattern to its examples."""
    for text in pattern.must_hit:
        if not any(hit.pattern_id == pattern.id for hit in screen.find(text)):
            raise PatternError(
                pattern.id, f"does not find its example: {text}", "mend the phrases or the example"
            )
    for text in pattern.must_miss:
        if any(hit.pattern_id == pattern.id for hit in screen.find(text)):
            raise PatternError(
                pattern.id, f"finds what it must leave alone: {text}", "narrow the phrases"
            )
