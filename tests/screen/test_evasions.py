"""A phrase written past the list is found all the same, as far as the documents say."""

import pytest
from tests.screen.evasions import HOMOPHONES, said_by, share_caught, written_by

from kuanxian.screen import Screen
from kuanxian.screen.pattern import Level

CAUGHT_MIN = 0.97
BY_SHAPE = (
    "zero-width characters",
    "letters drawn as nothing",
    "dots and spaces",
    "emoji",
    "HTML tags",
    "traditional characters",
    "full-width letters and spaces",
    "letters and digits between",
    "one or two letters between",
)
"""Undone for every pattern."""
BY_LETTERS = (
    "one character as pinyin",
    "half as pinyin",
    "half as pinyin with tones",
    "half as pinyin, capitals and spaces",
    "all as pinyin",
)
"""Undone for every pattern but phrases of two characters."""
BY_SOUND = ("one homophone", "two homophones")
"""Undone for phrases of level syllable; in expressions, beside a character that is written."""
HEARD_IN_EXPRESSIONS_MIN = {"one homophone": 0.7, "two homophones": 0.5}


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("kind", BY_SHAPE)
def test_what_changes_the_shape_is_undone(screen: Screen, kind: str, level: Level) -> None:
    assert share_caught(screen, said_by(screen, level), kind).rate >= CAUGHT_MIN


@pytest.mark.parametrize("kind", BY_LETTERS)
def test_what_is_spelled_in_letters_is_read(screen: Screen, kind: str) -> None:
    for level in (Level.SYLLABLE, Level.GAP):
        assert share_caught(screen, said_by(screen, level), kind).rate >= CAUGHT_MIN
    assert share_caught(screen, written_by(screen, 3), kind).rate >= CAUGHT_MIN


@pytest.mark.parametrize("kind", BY_SOUND)
def test_what_keeps_the_sound_is_undone_for_phrases_that_are_heard(
    screen: Screen, kind: str
) -> None:
    assert share_caught(screen, said_by(screen, Level.SYLLABLE), kind).rate >= CAUGHT_MIN


@pytest.mark.parametrize(("kind", "least"), HEARD_IN_EXPRESSIONS_MIN.items())
def test_most_of_what_keeps_the_sound_is_undone_in_expressions(
    screen: Screen, kind: str, least: float
) -> None:
    assert share_caught(screen, said_by(screen, Level.GAP), kind).rate >= least


def test_a_dropped_character_is_not_claimed(screen: Screen) -> None:
    said = said_by(screen, Level.SYLLABLE)
    assert share_caught(screen, said, "a dropped character").rate < 0.5


def test_homophones_are_of_a_hundred_and_fifty_characters() -> None:
    assert len({pair[0] for pair in HOMOPHONES}) >= 150
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in HOMOPHONES)
