"""The example cases: read, valid by the schema, and answered by the shipped rules as written."""

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kuanxian.law.case import Case
from kuanxian.law.case_file import read_case
from kuanxian.law.case_stated import stated_fields
from kuanxian.law.case_text import parse_case_text
from kuanxian.law.decide import Decision, decide
from kuanxian.law.for_case import load_for_case
from kuanxian.law.load import load_rulebook
from kuanxian.law.rulebook import Rulebook
from kuanxian.law.schema import case_schema
from kuanxian.law.timeline import facts_of
from kuanxian.law.timeline.zones import local_day

CASES = Path(__file__).resolve().parents[2] / "examples/cases"
ANSWERS = tomllib.loads((CASES / "answers.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook("cn")


def read(name: str, book: Rulebook) -> Case:
    return read_case((CASES / name).read_bytes(), name, stated_fields(book.catalogue))


def answer(case: Case, book: Rulebook) -> Decision:
    day_on = local_day(case.at, "Asia/Shanghai")
    return decide(book, case.act.kind, facts_of(case), day_on, case.lender.type)


def test_every_case_has_an_answer_and_every_answer_a_case() -> None:
    assert {path.stem for path in CASES.glob("*.json")} == set(ANSWERS)


def test_the_cases_show_every_verdict() -> None:
    verdicts = {told["verdict"] for told in ANSWERS.values()}
    assert verdicts == {"allowed", "forbidden", "required", "referred", "no_rulebook"}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_case_is_answered_as_written(name: str, book: Rulebook) -> None:
    told: dict[str, Any] = ANSWERS[name]
    case = read(f"{name}.json", book)
    found = answer(case, book if case.country == "cn" else load_for_case(case.country))
    spoke = {one.rule.id for one in found.spoke}
    assert found.verdict == told["verdict"], sorted(spoke)
    sure = {one.rule.id for one in found.spoke if one.outcome != "unknown"}
    assert set(told.get("rules", ())) <= (spoke if "missing" in told else sure)
    assert set(told.get("missing", ())) <= set(found.missing)


def test_no_fact_of_a_case_is_more_than_the_fact_it_is_at_most(book: Rulebook) -> None:
    pairs = [(one.name, one.at_most) for one in book.catalogue.values() if one.at_most]
    for name in ANSWERS:
        told = facts_of(read(f"{name}.json", book))
        for less, more in pairs:
            values = told.get(less), told.get(more)
            assert None in values or int(values[0] or 0) <= int(values[1] or 0), (name, less)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_case_is_valid_by_the_schema(name: str, book: Rulebook) -> None:
    file = parse_case_text((CASES / f"{name}.json").read_bytes(), name)
    schema = case_schema(stated_fields(book.catalogue))
    jsonschema.Draft202012Validator(schema).validate(file)


OWED = ("delete", "answer_dispute", "answer_complaint")
"""What is owed to a person: what a timeline lacks does not stop it."""


def test_no_case_is_allowed_any_more_once_its_timeline_may_lack_something(book: Rulebook) -> None:
    for name, told in ANSWERS.items():
        if told["verdict"] == "allowed" and read(f"{name}.json", book).act.kind not in OWED:
            case = read(f"{name}.json", book)._replace(complete=frozenset())
            assert not answer(case, book).allowed, name
