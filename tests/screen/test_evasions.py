"""A phrase written past the list is found all the same, as far as the documents say."""

import pytest
from tests.screen.evasions import HOMOPHONES, share_caught

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
"""Undone for phrases of level syllable; in expressions, beside a character that is written."""
HEARD_IN_EXPRESSIONS_MIN = {
    "one homophone": 0.7,
    "two homophones": 0.5,
    "one character as pinyin": 0.7,
}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", BY_SHAPE)
def test_what_changes_the_shape_is_undone(screen: Screen, kind: str, level: Level) -> None:
    assert share_caught(screen, level, kind).rate >= CAUGHT_MIN


@pytest.mark.parametrize("kind", BY_SOUND)
def test_what_keeps_the_sound_is_undone_for_phrases_that_are_heard(
    screen: Screen, kind: str
) -> None:
    assert share_caught(screen, Level.SYLLABLE, kind).rate >= CAUGHT_MIN


@pytest.mark.parametrize(("kind", "least"), HEARD_IN_EXPRESSIONS_MIN.items())
def test_most_of_what_keeps_the_sound_is_undone_in_expressions(
    screen: Screen, kind: str, least: float
) -> None:
    assert share_caught(screen, Level.GAP, kind).rate >= least


def test_a_dropped_character_is_not_claimed(screen: Screen) -> None:
    assert share_caught(screen, Level.SYLLABLE, "a dropped character").rate < 0.5


def test_homophones_are_of_a_hundred_and_fifty_characters() -> None:
    assert len({pair[0] for pair in HOMOPHONES}) >= 150
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in HOMOPHONES)
