"""Whatever is cited was collected: a source names a row that quotes its text and bears its mark."""

import tomllib
from pathlib import Path
from typing import Final

import pytest

from kuanxian.base.errors import RulebookError, RuleFileError
from kuanxian.law.collected import read_collected
from kuanxian.law.load import SHIPPED, load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.source import read_source
from kuanxian.law.table import parse_toml

ROWS: Final = {"K-1": {"act-1": "V2"}, "K-2": {"act-1": "D"}, "P-1": {"policy": "P"}, "K-0": {}}
QUIET: Final = "xx/contact/quiet_hours.toml"


@pytest.mark.parametrize(
    ("mark", "key", "words"),
    [
        ("V2", 'key = "K-1"', ""),
        ("V3", 'key = "K-1"', ""),
        ("U", 'key = "K-1"', ""),
        ("D", 'key = "K-2"', ""),
        ("V1", 'key = "K-1"', "verified: V1, but row K-1 was collected as V2"),
        ("D", 'key = "K-1"', "verified: D, but row K-1 was collected as V2"),
        ("U", 'key = "K-2"', "verified: U, but row K-2 was collected as D"),
        ("P", 'key = "K-1"', "verified: P, but row K-1 was collected as V2"),
        ("V2", 'key = "P-1"', "row P-1 quotes policy, not act-1"),
        ("V2", 'key = "K-0"', "row K-0 quotes no text of this book, not act-1"),
        ("V2", 'key = "K-11"', "there is no row 'K-11'"),
        ("V2", 'key = ""', "names no row"),
        ("V2", "", "names no row"),
    ],
)
def test_a_source_says_no_more_than_its_row_bears(
    nowhere: Rulebook, mark: str, key: str, words: str
) -> None:
    text = f'instrument = "act-1"\narticle = "1"\nphrase = "said"\nverified = "{mark}"\n{key}\n'
    table = parse_toml(text, "f.toml")
    if not words:
        assert read_source(table, nowhere.instruments, ROWS).verified == mark
        return
    with pytest.raises(RuleFileError) as caught:
        read_source(table, nowhere.instruments, ROWS)
    assert words in str(caught.value)
    assert caught.value.line == (1 if not key else 4 if "verified" in words else 5)
    assert caught.value.advice


def test_a_key_means_nothing_where_nobody_wrote_a_list(land: Path) -> None:
    path = land / QUIET
    path.write_text(path.read_text("utf-8").replace('article = "1"', 'article = "1"\nkey = "K-1"'))
    with pytest.raises(RulebookError, match="no row 'K-1' among the collected"):
        load_rulebook("xx", land)


def test_a_rule_off_the_list_is_told_by_file_and_line(land: Path) -> None:
    (land / "xx/collected.toml").write_text('[row]\nK-1 = { act-1 = "V1" }\n', "utf-8")
    with pytest.raises(RulebookError, match=r"xx/values/cap_ppb\.toml:7: .*names no row"):
        load_rulebook("xx", land)
    value = land / "xx/values/cap_ppb.toml"
    value.write_text(value.read_text("utf-8").replace("verified", 'key = "K-1"\nverified'), "utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook("xx", land)
    (found,) = [one for one in caught.value.problems if one.file == QUIET]
    text = (land / QUIET).read_text("utf-8")
    assert found.line == text[: text.index("[[source]]")].count("\n") + 1
    assert "collected.toml" in found.advice


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('K-1 = { act-9 = "V1" }', "there is no such text"),
        ('K-1 = { act-1 = "V9" }', "there is no 'V9'"),
        ('K-1 = "V1"', "must be a table"),
    ],
)
def test_a_row_that_says_nothing_is_refused(land: Path, row: str, words: str) -> None:
    (land / "xx/collected.toml").write_text(f"[row]\n{row}\n", "utf-8")
    with pytest.raises(RulebookError, match=words):
        load_rulebook("xx", land)


def test_what_screens_messages_and_keeps_records_stands_on_collected_rows_too() -> None:
    instruments = load_rulebook("cn").instruments
    rows = read_collected(SHIPPED, "cn", instruments)
    files = [*sorted((SHIPPED / "cn/screen").glob("*.toml")), SHIPPED / "cn/retention.toml"]
    cited = []
    for path in files:
        data = tomllib.loads(path.read_text("utf-8"))
        cited += [one["key"] for one in data.get("source", []) + data.get("clock", [])]
    assert len(cited) > 30
    assert set(cited) - set(rows) == set()
