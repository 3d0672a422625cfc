"""What the patterns shipped find, and mistake, among messages written before they were read."""

import pytest
from bench.screen import HALVES, measure, read_half

from kuanxian.screen import Screen

RECALL_MIN = {"development": 0.99, "held out": 0.32}
FLAGGED_MAX = {"development": 0, "held out": 4}
"""Benign messages found in any category, of some three hundred."""


@pytest.mark.parametrize("half", HALVES)
def test_patterns_find_and_mistake_no_worse_than_was_published(screen: Screen, half: str) -> None:
    told = measure(screen, half)
    assert told.recall >= RECALL_MIN[half]
    assert told.flagged <= FLAGGED_MAX[half]


def test_a_label_of_a_harmful_message_is_a_category(screen: Screen) -> None:
    labels = {label for half in HALVES for label, _ in read_half("harmful", half)}
    assert labels == set(screen.categories)


def test_no_message_is_in_both_halves() -> None:
    halves = [
        {text for name in ("harmful", "benign") for _, text in read_half(name, half)}
        for half in HALVES
    ]
    assert not halves[0] & halves[1]
    assert sum(map(len, halves)) >= 900
