"""``kuanxian screen``: what a message must not say, for a person and for a program."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kuanxian.cli.main import main

HARMFUL = "今天不还就报你通迅录"
HARMLESS = "您的账单已出，请于本月二十五日前还款。"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Screen a text with options: exit code and what was printed."""

    def run(text: str, *options: str) -> tuple[int, str]:
        path = tmp_path / "message.txt"
        path.write_text(text, "utf-8")
        with pytest.raises(SystemExit) as ended:
            main(["screen", str(path), *options])
        return int(ended.value.code or 0), capsys.readouterr().out

    return run


def test_a_hit_is_shown_with_its_words_its_meaning_and_the_text_that_forbids_it(
    screen: Run,
) -> None:
    code, said = screen(HARMFUL)
    assert code == 1
    assert "1:6: 报你通迅录 — 威胁把欠款告诉借款人以外的人" in said
    assert "expose.blow-up-address-book, by syllable; 民法典 第1032条 [CC-1032, V1]" in said
    assert said.endswith("1 messages, 1 hits\n")


@pytest.mark.parametrize("options", [[], ["--lines"]])
def test_an_address_book_is_no_message(screen: Run, options: list[str]) -> None:
    people = "".join(f"{name} 1740500000{k}\n" for k, name in enumerate(("甲一", "乙二", "丙三")))
    assert screen(people, *options) == (2, "")


def test_messages_of_many_officers_are_screened_and_one_with_many_numbers_is_not(
    screen: Run,
) -> None:
    numbers = [f"1740500{k:04}" for k in range(9)]
    said = "".join(f"您的账单已出，请致电专员 {number}。\n" for number in numbers)
    assert screen(said, "--lines")[0] == 0
    assert screen(said)[0] == 2


def test_nothing_found_is_said_to_be_no_approval(screen: Run) -> None:
    code, said = screen(HARMLESS)
    assert code == 0
    assert said == "1 messages, 0 hits\nNothing found is no approval: a person reads free text.\n"


def test_a_program_reads_each_message_with_its_hits(screen: Run) -> None:
    code, said = screen(f"{HARMLESS}\n{HARMFUL}\n", "--lines", "--json")
    assert code == 1
    first, second = json.loads(said)
    assert first == {"message": 1, "hits": []}
    (hit,) = second["hits"]
    assert (hit["said"], hit["by"], hit["begin"], hit["end"]) == ("报你通迅录", "syllable", 5, 10)
    assert hit["sources"][0]["article"] == "第1032条"


def test_what_cannot_be_looked_through_is_neither_found_nor_cleared(screen: Run) -> None:
    assert screen(HARMLESS, "--country", "xx") == (2, "")
