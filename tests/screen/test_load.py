"""Every pattern is held to its own examples."""

from pathlib import Path

import pytest

from kuanxian.base.errors import PatternError
from kuanxian.screen import Screen, load_screen

GOOD = """
fact = "exposure_threat_hits"
says.zh = "话"
says.en = "words"
[[source]]
key = "CBA-10"
instrument = "催收指引"
article = "第三章"
verified = "V2"
[[pattern]]
name = "one"
level = "syllable"
phrases = ["爆通讯录"]
must_hit = ["爆通讯录"]
must_miss = ["通讯录"]
"""

BROKEN = {
    "no example to find": ('must_hit = ["爆通讯录"]', "must_hit = []", "must_hit is missing"),
    "no example to leave alone": ('must_miss = ["通讯录"]', "", "must_miss is missing"),
    "not finding": ('must_hit = ["爆通讯录"]', 'must_hit = ["你好"]', "does not find"),
    "finding too much": ('must_miss = ["通讯录"]', 'must_miss = ["报通迅录"]', "finds what"),
    "an unknown level": ('"syllable"', '"sense"', "is unknown"),
    "an unknown key": ('name = "one"', 'name = "one"\nweight = 3', "weight is unknown"),
    "no article": ('article = "第三章"', "", "article is missing"),
    "no source": ('key = "CBA-10"', "", "key is missing"),
    "an unknown mark": ('"V2"', '"V9"', "is unknown"),
    "not TOML": ("[[pattern]]", "[[pattern]", "not readable"),
    "phrases that are not text": ('phrases = ["爆通讯录"]', "phrases = [1]", "no text"),
    "a phrase twice": ('phrases = ["爆通讯录"]', 'phrases = ["爆通讯录", "爆通讯录"]', "twice"),
    "patterns that are no tables": ("[[pattern]]", "[pattern]", "pattern is missing or empty"),
}  # fmt: skip


def test_a_whole_file_loads(tmp_path: Path) -> None:
    (tmp_path / "expose.toml").write_text(GOOD, "utf-8")
    assert load_screen(tmp_path).facts("要爆通讯录") == {"exposure_threat_hits": 1}


@pytest.mark.parametrize(("old", "new", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in GOOD
    (tmp_path / "expose.toml").write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(PatternError, match=reason):
        load_screen(tmp_path)


def test_expressions_name_lists_of_words(tmp_path: Path) -> None:
    gap = GOOD.replace('"syllable"', '"gap"').replace('["爆通讯录"]', '["<kin>.*爆通讯录"]', 1)
    gap = gap.replace('must_hit = ["爆通讯录"]', 'must_hit = ["你姐的爆通讯录"]')
    (tmp_path / "expose.toml").write_text(gap, "utf-8")
    with pytest.raises(PatternError, match="no list of words <kin>"):
        load_screen(tmp_path)
    (tmp_path / "words.toml").write_text('kin = ["哥", "姐"]', "utf-8")
    assert load_screen(tmp_path).find("姐，爆通讯录")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="no pattern file"):
        load_screen(tmp_path)


def test_every_category_counts_into_a_declared_fact(screen: Screen, root: Path) -> None:
    declared = (root / "rules/facts.toml").read_text("utf-8")
    for category in screen.categories.values():
        assert f"[fact.{category.fact}]" in declared
