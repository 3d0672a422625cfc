"""A phrase written past the list is found all the same, as far as the documents say."""

import random

import pytest
from tests.screen.evasions import EVASIONS, HOMOPHONES

from kuanxian.screen import Screen
from kuanxian.screen.pattern import Level

CAUGHT_MIN = 0.97
BY_SHAPE = (
    "zero-width characters",
    "dots and spaces",
    "emoji",
    "traditional characters",
    "full-width letters and spaces",
    "letters and digits between",
)
"""Undone for every pattern."""
BY_SOUND = ("one homophone", "two homophones", "one character as pinyin")
"""Undone for phrases of level syllable alone."""


def said_by(screen: Screen, level: Level) -> list[tuple[str, str]]:
    """List what patterns of a level find: their phrases, or examples of their expressions."""
    return [
        (pattern.id, said)
        for category in screen.categories.values()
        for pattern in category.patterns
        if pattern.level is level
        for said in (pattern.must_hit if level is Level.GAP else pattern.phrases)
        if not any(one.isascii() for one in said)
    ]


def share_caught(screen: Screen, level: Level, kind: str) -> float:
    """Write each once past the list, in the midst of a message, and look for it."""
    chance = random.Random(7)
    caught = []
    for pattern_id, said in said_by(screen, level):
        written = EVASIONS[kind](chance, said)
        if written is not None:
            hits = screen.find(f"您好，{written}，请尽快。")
            caught.append(any(hit.pattern_id == pattern_id for hit in hits))
    assert len(caught) >= 15
    return sum(caught) / len(caught)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", BY_SHAPE)
def test_what_changes_the_shape_is_undone(screen: Screen, kind: str, level: Level) -> None:
    assert share_caught(screen, level, kind) >= CAUGHT_MIN


@pytest.mark.parametrize("kind", BY_SOUND)
def test_what_keeps_the_sound_is_undone_for_phrases_that_are_heard(
    screen: Screen, kind: str
) -> None:
    assert share_caught(screen, Level.SYLLABLE, kind) >= CAUGHT_MIN


def test_a_dropped_character_is_not_claimed(screen: Screen) -> None:
    assert share_caught(screen, Level.SYLLABLE, "a dropped character") < 0.5


def test_homophones_are_of_a_hundred_and_fifty_characters() -> None:
    assert len({pair[0] for pair in HOMOPHONES}) >= 150
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in HOMOPHONES)
