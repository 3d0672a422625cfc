"""The old rulebook stays in force until another is whole and proved."""

from pathlib import Path

import pytest
from tests.law.test_decide import ask
from tests.law.test_rulebook import QUIET, change

from kuanxian.base.errors import RulebookError
from kuanxian.law.holder import Holder
from kuanxian.law.load import load_rulebook


def test_a_changed_folder_takes_the_place_of_the_old_one(land: Path) -> None:
    holder = Holder(load_rulebook("xx", land), land)
    before = holder.book
    change(land, QUIET, 'says.en = "rule quiet_hours"', 'says.en = "no calls at night"')
    assert holder.adopt() is holder.book
    assert holder.book.hash != before.hash


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (QUIET, 'verdict = "forbid"', 'verdict = "block"', "there is no 'block'"),
        (QUIET, "< 480", "< 479", "must be 'fires'"),
        (
            "xx/contact/few_calls.toml",
            "< 7",
            "< 999 AND NOT stopped IS NULL AND stopped",
            "example",
        ),
    ],
)
def test_a_broken_folder_changes_nothing(
    land: Path, file: str, old: str, new: str, words: str
) -> None:
    holder = Holder(load_rulebook("xx", land), land)
    before = holder.book
    change(land, file, old, new)
    with pytest.raises(RulebookError, match=words):
        holder.adopt()
    assert holder.book is before
    assert not ask(holder.book, earliest_minute=479).allowed


def test_a_folder_with_a_dead_rule_changes_nothing(land: Path) -> None:
    holder = Holder(load_rulebook("xx", land), land)
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days < 7", "stopped")
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days = 6", "stopped = true")
    change(land, "xx/contact/few_calls.toml", "calls_in_seven_days = 7", "stopped = false")
    with pytest.raises(RulebookError, match=r"few_calls.*implied by xx\.contact\.stop"):
        holder.adopt()


def test_a_folder_whose_theorem_fails_changes_nothing(land: Path) -> None:
    holder = Holder(load_rulebook("xx", land), land)
    theorem = '[[theorem]]\nid = "t"\nsays = { zh = "一", en = "one" }\nacts = ["contact"]\n'
    (land / "xx/theorems.toml").write_text(
        theorem + 'implies = "earliest_minute >= 500"\n', "utf-8"
    )
    change(land, QUIET, 'says.en = "rule quiet_hours"', 'says.en = "no calls at night"')
    with pytest.raises(RulebookError, match="contact is allowed on this row"):
        holder.adopt()
