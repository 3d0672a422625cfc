"""What the patterns shipped find, and mistake, among messages written down beforehand."""

import pytest
from bench.screen import SETS, measure, read_set

from kuanxian.screen import Screen

RECALL_MIN = {"development": 0.90, "held out": 0.43}
FLAGGED_MAX = {"development": 0, "held out": 0}
"""Benign messages found in any category, of some six hundred."""


@pytest.mark.parametrize("purpose", SETS)
def test_patterns_find_and_mistake_no_worse_than_was_published(
    screen: Screen, purpose: str
) -> None:
    told = measure(screen, purpose)
    assert told.recall >= RECALL_MIN[purpose]
    assert told.flagged <= FLAGGED_MAX[purpose]


def test_a_label_of_a_harmful_message_is_a_category(screen: Screen) -> None:
    labels = {label for purpose in SETS for label, _ in read_set("harmful", purpose)}
    assert labels == set(screen.categories)


def test_no_message_is_in_both_sets() -> None:
    sets = [
        {text for kind in ("harmful", "benign") for _, text in read_set(kind, purpose)}
        for purpose in SETS
    ]
    assert not sets[0] & sets[1]


def test_the_held_out_set_is_large_enough_to_tell_something() -> None:
    assert len(read_set("harmful", "held out")) >= 300
    assert len(read_set("benign", "held out")) >= 600
