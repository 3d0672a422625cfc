"""The pages on the case file: their cases are decided, their Python runs, their words are true."""

import doctest
import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.law.cases import Json

from kuanxian.law.case_file import case_of
from kuanxian.law.case_stated import stated_fields
from kuanxian.law.decide import Decision, decide
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.timeline import facts_of
from kuanxian.law.timeline.zones import local_day

PAGES = ("case-file.md", "case-file.zh.md")
BLOCK = re.compile(r"```json case (\w+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def text_of(page: str, root: Path) -> str:
    return (root / "docs/reference" / page).read_text(encoding="utf-8")


def case_on(page: str, root: Path) -> tuple[str, Json]:
    found = BLOCK.search(text_of(page, root))
    assert found is not None
    file: Json = json.loads(found[2])
    return found[1], file


def answer(file: Json, book: Rulebook) -> Decision:
    case = case_of(file, "case.json", stated_fields(book.catalogue))
    day_on = local_day(case.at, "Asia/Shanghai")
    return decide(book, case.act.kind, facts_of(case), day_on, case.lender.type)


@pytest.mark.parametrize("page", PAGES)
def test_the_case_of_a_page_is_answered_as_it_says(page: str, root: Path, book: Rulebook) -> None:
    verdict, file = case_on(page, root)
    found = answer(file, book)
    assert found.verdict == verdict, [one.rule.id for one in found.spoke]


def spoke(file: Json, book: Rulebook) -> set[str]:
    found = answer(file, book)
    assert not found.allowed
    return {one.rule.id for one in found.spoke}


def test_what_the_english_page_says_of_five_minutes_later_and_a_third_call_is_so(
    root: Path, book: Rulebook
) -> None:
    _, file = case_on("case-file.md", root)
    later = file | {"at": "2026-11-25T22:00:00+08:00"}
    assert "cn.contact.quiet_hours" in spoke(later, book)
    third: dict[str, Any] = file["timeline"][0] | {"id": "e-3"}
    again = file | {"timeline": [*file["timeline"], third]}
    assert "cn.frequency.effective_calls" in spoke(again, book)
    unsure = file | {"complete": [one for one in file["complete"] if one != "calls"]}
    assert "cn.frequency.effective_calls" in spoke(unsure, book)


def test_what_the_chinese_page_says_of_a_call_answered_is_so(root: Path, book: Rulebook) -> None:
    _, file = case_on("case-file.zh.md", root)
    calls = [no for no, event in enumerate(file["timeline"]) if event["kind"] == "call"]
    for no in calls:
        timeline = list(file["timeline"])
        timeline[no] = timeline[no] | {"outcome": "identified"}
        assert spoke(file | {"timeline": timeline}, book)
    unsure = file | {"complete": [one for one in file["complete"] if one != "calls"]}
    assert spoke(unsure, book)


def test_the_python_on_the_page_runs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    parsed = doctest.DocTestParser().get_doctest(
        text_of("case-file.md", root), {}, "case-file.md", None, 0
    )
    assert doctest.DocTestRunner().run(parsed).failed == 0
